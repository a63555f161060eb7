"""Bars under the saturation plot: how hard a fake is pushed in D's output under each loss."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganviz.ui.dressed import Dressed
from ganviz.ui.plotting import font


class SlopeBars(Dressed, QWidget):
    """One bar a loss: how hard a fake is pushed in D's output, from 0 to ``top``."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[tuple[str, float, str, str]] = []  # words, length, number, colour
        self.top = 1.0
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_rows(self, rows: list[tuple[str, float, str, str]], top: float) -> None:
        """Show these (words, length, number, colour); nothing is done where they are as before."""
        if (rows, top) != (self.rows, self.top):
            other = len(rows) != len(self.rows)
            self.rows, self.top = rows, top
            if other:
                self.updateGeometry()
            self.setAccessibleName("; ".join(f"{words} {number}" for words, _, number, _ in rows))
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, round((4 + 21 * max(2, len(self.rows))) * self._scale))

    def _number_width(self) -> float:
        """Room for the widest number, and for an everyday one at least, so that the bars seldom move."""
        words = QFontMetricsF(font(16 * self._scale, QFont.Weight.DemiBold))
        widest = max((words.horizontalAdvance(number) for _, _, number, _ in self.rows), default=0.0)
        return max(74 * self._scale, widest + 10 * self._scale)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        scale, theme = self._scale, self._theme
        label, number = 128 * scale, self._number_width()
        track = max(self.width() - label - number, 20)
        for index, (words, length, text, colour) in enumerate(self.rows):
            y = (4 + 21 * index) * scale
            box = QRectF(0, y, label - 6, 16 * scale)
            painter.setFont(font(12.5 * scale, QFont.Weight.DemiBold))
            painter.setPen(QColor(colour))
            painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter), words)
            painter.fillRect(QRectF(label, y, track, 16 * scale), QColor(theme.grid))
            painter.fillRect(
                QRectF(label, y, max(2.0, track * min(length / self.top, 1.0)), 16 * scale), QColor(colour)
            )
            painter.setFont(font(16 * scale, QFont.Weight.DemiBold))
            right = QRectF(self.width() - number, y - 3 * scale, number, 22 * scale)
            painter.drawText(right, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), text)
        painter.end()
