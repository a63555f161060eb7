"""The readout of a panel: the measured number, large, and a grey line with its convention."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganviz.ui.dressed import Dressed
from ganviz.ui.formula import draw_formula, formula_size
from ganviz.ui.plotting import font, share_that_fits, width_of

LARGE = 30
"""From this size on a headline is set smaller where the panel is narrow."""
SPACE = 18
"""Pixels between two pieces at scale 1."""

Line = str | tuple[str, ...]
"""A small line, or several wordings of it, the longest first: the first that finds room is shown."""


@dataclass(frozen=True)
class Piece:
    """A part of the large line: words or a formula in one colour, ``px`` high."""

    text: str
    colour: str
    tex: str = ""
    px: float = 24


class Readout(Dressed, QWidget):
    """Large pieces side by side, and beside the last one (or under them) small lines."""

    def __init__(self, height: int = 46, beside: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._height, self._first_height, self._beside = height, height, beside
        self._pieces: tuple[Piece, ...] = ()
        self._lines: tuple[Line, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    @property
    def text(self) -> str:
        """Everything that it says, as one text."""
        return " ".join([*(piece.tex + piece.text for piece in self._pieces), *self._whole_lines])

    @property
    def _whole_lines(self) -> list[str]:
        return [longest(line) for line in self._lines]

    def set_height(self, height: int) -> None:
        """Take this many pixels at scale 1: room for more lines, or for fewer; the large one stays."""
        if height != self._height:
            self._height = height
            self.updateGeometry()
            self.update()

    def say(self, pieces: tuple[Piece, ...], *lines: Line) -> None:
        """Show this; nothing is done where it is as before."""
        if (pieces, lines) != (self._pieces, self._lines):
            self._pieces, self._lines = pieces, lines
            self.setAccessibleName(self.text)
            self.setToolTip("\n".join(self._whole_lines))
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, round(self._height * self._scale))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        scale = self._scale
        height = self._first_height * scale
        baseline = height * (0.72 if self._beside else 0.52)
        x = self._draw_pieces(painter, baseline)
        left = x - 8 * scale if self._beside and self._pieces else 0.0
        first = height * 0.36 if self._beside else baseline + 17 * scale
        for row, line in enumerate(self._lines):
            bold = self._beside and row == 0
            made = font((13 if bold else 12) * scale, QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
            painter.setFont(made)
            painter.setPen(QColor(self._theme.ink if bold else self._theme.mute))
            text = fitting(line, QFontMetricsF(made), self.width() - left)
            painter.drawText(QPointF(left, first + row * 15.5 * scale), text)
        painter.end()

    def _draw_pieces(self, painter: QPainter, baseline: float) -> float:
        """Draw the large line, smaller where it is wider than the panel; returns where it ends."""
        gap, x = SPACE * self._scale, 0.0
        shrink = self._shrink()
        for piece in self._pieces:
            px = self._size(piece) * shrink
            if piece.tex:
                x += draw_formula(painter, x, baseline, piece.tex, px=px * 0.95, colour=piece.colour)
                x += gap / 3
            painter.setFont(font(px, _weight(piece)))
            painter.setPen(QColor(piece.colour))
            painter.drawText(QPointF(x, baseline), piece.text)
            x += width_of(piece.text, px, _weight(piece)) + gap
        return x

    def _size(self, piece: Piece) -> float:
        narrow = min(1.0, max(0.6, self.width() / (480 * self._scale)))
        return piece.px * self._scale * (narrow if piece.px > LARGE else 1.0)

    def _shrink(self) -> float:
        """The factor at which all pieces find room; beside a headline the lines have the rest."""
        if self._beside:
            return 1.0
        gap = SPACE * self._scale

        def width_at(share: float) -> float:
            wide = gap * (len(self._pieces) - 1)
            for piece in self._pieces:
                px = self._size(piece)
                wide += width_of(piece.text, px * share, _weight(piece))
                # a formula does follow its size, and setting it at each would be slow
                wide += formula_size(piece.tex, px * 0.95)[0] * share + gap / 3 if piece.tex else 0.0
            return wide

        return share_that_fits(width_at, self.width() - 2.0, 0.5)


def _weight(piece: Piece) -> QFont.Weight:
    return QFont.Weight.DemiBold if piece.px < LARGE else QFont.Weight.Bold


def longest(line: Line) -> str:
    """A line in its fullest wording."""
    return line if isinstance(line, str) else line[0]


def fitting(line: Line, metrics: QFontMetricsF, room: float) -> str:
    """The longest wording that finds room; where none does, as much as can be of the shortest."""
    wordings = (line,) if isinstance(line, str) else line
    fits = (text for text in wordings if metrics.horizontalAdvance(text) <= room)
    return next(fits, metrics.elidedText(wordings[-1], Qt.TextElideMode.ElideRight, room))
