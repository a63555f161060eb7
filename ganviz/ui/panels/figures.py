"""A row of measured numbers, each with its name above and what to hold it against below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganviz.ui.dressed import Dressed
from ganviz.ui.panels.readout import Line, fitting, longest
from ganviz.ui.plotting import font, line_of, metrics_of, share_that_fits, width_of

BOLD = QFont.Weight.DemiBold
LARGE, LEAST, SMALL = 24, 13, 12
"""Size of the numbers, their least size where they are many, and of all other words, at scale 1."""
ROWS = (9.0, 30.0, 50.0, 66.0)
"""Where name, number, note and the line below them have their middle, in pixels at scale 1."""
WIDEST = 190
"""Width of a column in a wide panel, in pixels at scale 1: what belongs together stays together."""


@dataclass(frozen=True)
class Figure:
    """One number: ``note`` says what it is to be held against, ``colour`` is that of its curve."""

    name: Line
    number: str
    note: Line
    colour: str

    def words(self, between: str) -> str:
        """All of it in one line, with ``between`` before the note."""
        return f"{longest(self.name)} {self.number}{between}{longest(self.note)}"


class Figures(Dressed, QWidget):
    """Numbers in even columns, and one grey line with the convention where there is room for it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._figures: tuple[Figure, ...] = ()
        self._line: Line = ""
        self._with_line = True
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    @property
    def text(self) -> str:
        """Everything that it says, as one text."""
        figures = [one.words(" ") for one in self._figures]
        return " ".join([*figures, longest(self._line)])

    def say(self, figures: Sequence[Figure], line: Line) -> None:
        """Show these numbers and this line; nothing is done where they are as before."""
        if (tuple(figures), line) != (self._figures, self._line):
            self._figures, self._line = tuple(figures), line
            self.setAccessibleName(self.text)
            self.setToolTip("\n".join([*(one.words(", ") for one in figures), longest(line)]))
            self.update()

    def show_line(self, shown: bool) -> None:
        """Keep room for the grey line, or leave it to the tooltip."""
        if shown != self._with_line:
            self._with_line = shown
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(200, round((ROWS[-1] + 8 if self._with_line else ROWS[-1] - 8) * self._scale))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self._theme
        width = min(self.width() / max(len(self._figures), 1), WIDEST * self._scale)
        room = width - 10 * self._scale
        large = self._number_size(room)
        for index, each in enumerate(self._figures):
            self._write(painter, index * width, ROWS[0], each.name, theme.mute, room)
            self._write(painter, index * width, ROWS[1], each.number, each.colour, room, large, BOLD)
            self._write(painter, index * width, ROWS[2], each.note, theme.mute, room)
        if self._with_line:
            self._write(painter, 0.0, ROWS[3], self._line, theme.mute, self.width())
        painter.end()

    def _number_size(self, room: float) -> float:
        """One size for all numbers, at which the widest finds room, in pixels at scale 1."""

        def widest(share: float) -> float:
            px = LARGE * share * self._scale
            return max((width_of(each.number, px, BOLD) for each in self._figures), default=0.0)

        return LARGE * share_that_fits(widest, room, LEAST / LARGE)

    def _write(  # noqa: PLR0917 - where, what and how
        self,
        painter: QPainter,
        x: float,
        middle: float,
        text: Line,
        colour: str,
        room: float,
        px: float = SMALL,
        weight: QFont.Weight = QFont.Weight.Normal,
    ) -> None:
        """Write one line in the wording that finds room."""
        size = px * self._scale
        painter.setFont(font(size, weight))
        painter.setPen(QColor(colour))
        baseline = middle * self._scale + line_of(size, weight)[1]
        painter.drawText(QPointF(x, baseline), fitting(text, metrics_of(size, weight), room))
