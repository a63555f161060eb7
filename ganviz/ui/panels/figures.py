"""A row of measured numbers, each with its name above and what to hold it against below."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganviz.ui.plotting import font, metrics_of
from ganviz.ui.theme import LIGHT, Theme

BOLD = QFont.Weight.DemiBold
ROWS = (11.0, 30.0, 46.0, 62.0)
"""Where name, number, note and the line below them have their middle, in pixels at scale 1."""
WIDEST = 190
"""Width of a column in a wide panel, in pixels at scale 1: what belongs together stays together."""


@dataclass(frozen=True)
class Figure:
    """One number: ``note`` says what it is to be held against, ``colour`` is that of its curve."""

    name: str
    number: str
    note: str
    colour: str


class Figures(QWidget):
    """Numbers in even columns, and one grey line with the convention where there is room for it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._figures: tuple[Figure, ...] = ()
        self._line = ""
        self._theme, self._scale, self._with_line = LIGHT, 1.0, True
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    @property
    def text(self) -> str:
        """Everything that it says, as one text."""
        return " ".join([*(f"{one.name} {one.number} {one.note}" for one in self._figures), self._line])

    def say(self, figures: Sequence[Figure], line: str) -> None:
        """Show these numbers and this line; nothing is done where they are as before."""
        if (tuple(figures), line) != (self._figures, self._line):
            self._figures, self._line = tuple(figures), line
            self.setAccessibleName(self.text)
            self.setToolTip("\n".join([*(f"{f.name} {f.number}, {f.note}" for f in figures), line]))
            self.update()

    def show_line(self, shown: bool) -> None:
        """Keep room for the grey line, or leave it to the tooltip."""
        if shown != self._with_line:
            self._with_line = shown
            self.updateGeometry()

    def apply_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours of the words and the size anew."""
        self._theme, self._scale = theme, scale
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, round((ROWS[-1] + 8 if self._with_line else ROWS[-1] - 8) * self._scale))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, scale, theme = QPainter(self), self._scale, self._theme
        width = min(self.width() / max(len(self._figures), 1), WIDEST * scale)
        for index, each in enumerate(self._figures):
            left, room = index * width, width - 3 * scale
            self._write(painter, left, ROWS[0], each.name, 12, theme.mute, room)
            self._write(painter, left, ROWS[1], each.number, 20, each.colour, room - 5 * scale, BOLD)
            self._write(painter, left, ROWS[2], each.note, 12, theme.mute, room)
        if self._with_line:
            self._write(painter, 0.0, ROWS[3], self._line, 12, theme.mute, self.width())
        painter.end()

    def _write(  # noqa: PLR0917 - where, what and how
        self,
        painter: QPainter,
        x: float,
        middle: float,
        text: str,
        px: float,
        colour: str,
        room: float,
        weight: QFont.Weight = QFont.Weight.Normal,
    ) -> None:
        """Write one line, smaller or shortened where the room is too small for it."""
        size = px * self._scale
        wide = metrics_of(size, weight).horizontalAdvance(text)
        if wide > room and px > 12:
            size = max(math.floor(size * room / wide), 13 * self._scale)
        made = font(size, weight)
        metrics = QFontMetricsF(made)
        painter.setFont(made)
        painter.setPen(QColor(colour))
        baseline = middle * self._scale + (metrics.ascent() - metrics.descent()) / 2
        painter.drawText(QPointF(x, baseline), metrics.elidedText(text, Qt.TextElideMode.ElideRight, room))
