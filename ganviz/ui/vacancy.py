"""What stands where a panel is about to be: its ground, its border and its title."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QSizePolicy

from ganviz.ui.panels.catalogue import PANELS
from ganviz.ui.style import font
from ganviz.ui.theme import LIGHT, Theme


class Vacancy(QFrame):
    """The place of the panel ``key`` until it is made: light enough to be there at the first paint."""

    def __init__(self, key: str) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.setObjectName(f"vacancy.{key}")
        self.theme, self.scale_factor = LIGHT, 1.0
        self._title = PANELS[key].title

    def apply_theme(self, theme: Theme, scale: float) -> None:
        """Take colours and size anew."""
        self.theme, self.scale_factor = theme, scale
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The frame of every panel, and the title where the panel will have it."""
        theme, scale = self.theme, self.scale_factor
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor(theme.panel))
        painter.setPen(QPen(QColor(theme.border), 1))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.setFont(font(15, scale, QFont.Weight.DemiBold))
        painter.setPen(QColor(theme.mute))
        place = QRectF(14 * scale, 7 * scale, self.width() - 24 * scale, 24 * scale)
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self._title)
        painter.end()
