"""The right end of the menu's row: the named layouts side by side, and the experiment's file."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QAction, QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QLabel, QWidget

from ganviz.ui.dressed import Dressed
from ganviz.ui.layouts import LAYOUTS
from ganviz.ui.style import font
from ganviz.ui.theme import LIGHT, Theme

HEIGHT = 24
FILE_WIDTH = 240
"""Room for the file's name; the menu bar does not grow it later."""
ALL_NEED = 980
"""Width of the window, in pixels at normal text size, below which the name goes: it is in the title too."""


class LayoutButton(Dressed, QAbstractButton):
    """One word of the switch. Checked: filled, bold, and underlined in ink."""

    def __init__(self, action: QAction) -> None:
        super().__init__()
        self.setObjectName(action.objectName())
        self.setText(action.text())
        self.setToolTip(action.toolTip())
        self.setWhatsThis(action.whatsThis())
        self.setAccessibleName(f"Layout {action.text()}")
        self.setAccessibleDescription(action.whatsThis())
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.clicked.connect(action.trigger)
        action.toggled.connect(self.setChecked)

    def _font(self, bold: bool) -> QFont:
        return font(12.5, self._scale, QFont.Weight.DemiBold if bold else QFont.Weight.Normal)

    def sizeHint(self) -> QSize:
        """Wide enough for the bold word, so that nothing moves when another one is chosen."""
        words = QFontMetrics(self._font(True)).horizontalAdvance(self.text())
        return QSize(words + round(24 * self._scale), round(HEIGHT * self._scale))

    def minimumSizeHint(self) -> QSize:
        """The same: a button never hides its word."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Fill, word, foot."""
        painter, theme = QPainter(self), self._theme
        active = self.isChecked()
        fill = theme.control if active else theme.pressed if self.underMouse() else theme.bar
        painter.fillRect(self.rect(), QColor(fill))
        if active:
            foot = max(2, round(2 * self._scale))
            painter.fillRect(0, self.height() - foot, self.width(), foot, QColor(theme.ink))
        painter.setPen(QColor(theme.ink if active else theme.mute))
        painter.setFont(self._font(active))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())


class Head(QWidget):
    """The switch of layouts with a border around it, then the file's name."""

    def __init__(self, actions: Mapping[str, QAction]) -> None:
        super().__init__()
        self._theme, self._scale, self._name = LIGHT, 1.0, ""
        self.file = QLabel()
        self.file.setObjectName("file")
        self.file.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._group = QButtonGroup(self)
        self.buttons: dict[str, LayoutButton] = {}
        row = self._row = QHBoxLayout(self)
        row.setSpacing(1)
        for name in LAYOUTS:
            button = self.buttons[name] = LayoutButton(actions[f"layout.{name}"])
            self._group.addButton(button)
            row.addWidget(button)
        row.addWidget(self.file)

    def show_file(self, name: str, tip: str) -> None:
        """Which experiment is chosen, and where its file lies."""
        self._name = name
        self.file.setToolTip(tip)
        self._write_name()

    def fit(self, width: int) -> None:
        """Show what has room beside the menus in a window of this width."""
        self.file.setVisible(width >= ALL_NEED * self._scale)
        self._row.activate()
        self.adjustSize()

    def _write_name(self) -> None:
        room = round(FILE_WIDTH * self._scale)
        short = QFontMetrics(self.file.font()).elidedText(self._name, Qt.TextElideMode.ElideMiddle, room)
        self.file.setText(short)

    def apply_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours and the scale of type."""
        self._theme, self._scale = theme, scale
        self._row.setContentsMargins(1, round(3 * scale), round(16 * scale), round(3 * scale))
        self.file.setFont(font(12.5, scale))
        self.file.setStyleSheet(f"color: {theme.mute}")
        self.file.setFixedWidth(round(FILE_WIDTH * scale))
        self._write_name()
        for button in self.buttons.values():
            button.apply_theme(theme, scale)
            button.setFixedHeight(round(HEIGHT * scale))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """One border around the words, hair lines between them."""
        painter = QPainter(self)
        around = QRect()
        for button in self.buttons.values():
            around = around.united(button.geometry())
        painter.fillRect(around, QColor(self._theme.control_border))
        painter.setPen(QPen(QColor(self._theme.control_border), 1))
        painter.drawRect(around.adjusted(-1, -1, 0, 0))
