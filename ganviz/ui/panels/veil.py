"""The grey over a panel that does not apply, with the one sentence that says why."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ganviz.ui.plotting import font
from ganviz.ui.theme import LIGHT, Theme

SHINES_THROUGH = 0.14
"""How much of the panel is still seen: that there is something, not what it says."""


class Veil(QWidget):
    """Lies over everything but the title, and takes the clicks meant for what lies below it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.sentence = ""
        self._theme, self._scale = LIGHT, 1.0
        self.hide()

    def say(self, sentence: str) -> None:
        """Cover the panel with this sentence; "" uncovers it."""
        if sentence != self.sentence:
            self.sentence = sentence
            self.setAccessibleName(sentence)
            self.setVisible(bool(sentence))
            self.raise_()
            self.update()

    def apply_theme(self, theme: Theme, scale: float) -> None:
        """Take colours and size anew."""
        self._theme, self._scale = theme, scale
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        ground = QColor(self._theme.panel)
        ground.setAlphaF(1.0 - SHINES_THROUGH)
        painter.fillRect(self.rect(), ground)
        painter.setFont(font(14 * self._scale))
        painter.setPen(QColor(self._theme.mute))
        margin = round(24 * self._scale)
        box = self.rect().adjusted(margin, 0, -margin, -margin)
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), self.sentence)
        painter.end()
