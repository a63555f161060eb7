"""The strip that stands where the settings were hidden, and brings them back."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from ganviz.ui.dressed import Dressed
from ganviz.ui.style import font

WIDTH = 26


class RailHandle(Dressed, QAbstractButton):
    """ "Settings ›", written upwards along the left edge while the action that shows them is unchecked."""

    def __init__(self, action: QAction) -> None:
        super().__init__()
        self.setObjectName(action.objectName())
        self.setText(action.text())
        self.setAccessibleName(f"{action.text()}: show")
        self.setToolTip(action.toolTip())
        self.setWhatsThis(action.whatsThis())
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.clicked.connect(action.trigger)
        action.toggled.connect(self.setHidden)

    def sizeHint(self) -> QSize:
        """Narrow, and as high as the panels beside it."""
        return QSize(round(WIDTH * self._scale), round(120 * self._scale))

    def word_font(self) -> QFont:
        """That of the word: smaller where the strip is short, for half a word says nothing."""
        whole = font(13, self._scale, QFont.Weight.DemiBold)
        room = self.height() - 48 * self._scale
        share = min(1.0, room / QFontMetrics(whole).horizontalAdvance(self.text()))
        return whole if share >= 1.0 else font(13, self._scale * max(share, 0.4), QFont.Weight.DemiBold)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A strip in the bars' colour with an arrow head and the word under it, turned by a quarter."""
        painter, theme, scale = QPainter(self), self._theme, self._scale
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor(theme.pressed if self.underMouse() else theme.bar))
        painter.setPen(QPen(QColor(theme.border), 1))
        painter.drawLine(QPointF(self.width() - 0.5, 0), QPointF(self.width() - 0.5, self.height()))
        middle, top, reach = self.width() / 2, 20 * scale, 4 * scale
        painter.setPen(QPen(QColor(theme.ink), 2 * scale))
        painter.drawPolyline(
            QPolygonF(
                [
                    QPointF(middle - reach / 2, top - reach),
                    QPointF(middle + reach / 2, top),
                    QPointF(middle - reach / 2, top + reach),
                ]
            )
        )
        painter.setFont(self.word_font())
        painter.translate(0, 36 * scale)
        painter.rotate(90)
        long = QRectF(0, -self.width(), self.height(), self.width())
        painter.drawText(long, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self.text())
