"""A small table: what each objective makes of the same outputs, with the range that each number can have."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganviz.ui.dressed import Dressed
from ganviz.ui.formula import draw_formula
from ganviz.ui.plotting import font, width_of

SMALLEST, LARGEST = 12.0, 19.0
"""Sizes of the words in pixels at scale 1: as large as the height allows."""
LINE = 1.36
"""Height of a line as a multiple of its type."""
NAME_SHARE = 0.27
HEADS = ("L_D", "L_G", "L_D+L_G")


@dataclass(frozen=True)
class CostRow:
    """An objective: its name, its colour, (number, range) of L_D, L_G and their sum, and one sentence; name
    and sentence in several wordings, the longest first."""

    name: tuple[str, ...]
    colour: str
    cells: tuple[tuple[str, str], ...]
    sentence: tuple[str, ...]


class CostTable(Dressed, QWidget):
    """Rows under each other, each with its sentence below."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[CostRow, ...] = ()
        self.caption: tuple[str, ...] = ("",)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_rows(self, rows: tuple[CostRow, ...], caption: tuple[str, ...] = ("",)) -> None:
        """Show these, and in several wordings what was measured; nothing is done where both are as before."""
        if (rows, caption) != (self.rows, self.caption):
            resized = len(rows) != len(self.rows)
            self.rows, self.caption = rows, caption
            said = (
                f"{r.name[0]}: {', '.join(' '.join(cell) for cell in r.cells)}. {r.sentence[0]}" for r in rows
            )
            self.setToolTip("\n".join([*caption[:1], *said]).strip())
            self.setAccessibleName(self.toolTip())
            if resized:
                self.updateGeometry()
            self.update()

    @property
    def _px(self) -> float:
        """The size of the words: by the height of the panel around."""
        parent = self.parentWidget()
        height = parent.height() / self._scale if parent else 400.0
        return min(max(0.0275 * height, SMALLEST), LARGEST) * self._scale

    def sizeHint(self) -> QSize:
        lines = 1 + 2 * max(len(self.rows), 1)
        return QSize(200, round(lines * LINE * self._px + 4 * self._scale))

    def fit(self) -> None:
        """Take the room anew: the panel around has changed its size."""
        self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        px, theme = self._px, self._theme
        line, first = px * LINE, self.width() * NAME_SHARE
        column = (self.width() - first) / len(HEADS)
        self._write(painter, 0, 0, _fitting(self.caption, px, first - 4), first, theme.mute)
        for index, head in enumerate(HEADS):
            x = first + index * column
            draw_formula(painter, x, line * 0.8, head, px=px * 1.05, colour=theme.mute)
        painter.fillRect(QRectF(0, line, self.width(), 1), QColor(theme.hair))
        for number, row in enumerate(self.rows):
            top = line * (1 + 2 * number) + 2
            painter.fillRect(QRectF(0, top + line * 0.15, 3 * self._scale, line * 1.7), QColor(row.colour))
            left = 8 * self._scale
            name = _fitting(row.name, px, first - left - 4, QFont.Weight.DemiBold)
            self._write(painter, left, top, name, first - left, row.colour, bold=True)
            for index, (value, bounds) in enumerate(row.cells):
                x = first + index * column
                self._write(painter, x, top, value, column, theme.ink, bold=True)
                after = width_of(value + " ", px, QFont.Weight.DemiBold)
                if width_of(bounds, px) < column - after:  # the tooltip has it whole
                    self._write(painter, x + after, top, bounds, column - after, theme.mute)
            room = self.width() - left
            self._write(painter, left, top + line, _fitting(row.sentence, px, room), room, theme.text)
        painter.end()

    def _write(  # noqa: PLR0917 - place, text and look, as QPainter has them
        self, painter: QPainter, x: float, top: float, text: str, room: float, colour: str, bold: bool = False
    ) -> None:
        made = font(self._px, QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
        painter.setFont(made)
        painter.setPen(QColor(colour))
        flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        painter.drawText(QRectF(x, top, max(room, 1.0), self._px * LINE), flags, text)


def _fitting(
    wordings: tuple[str, ...], px: float, room: float, weight: QFont.Weight = QFont.Weight.Normal
) -> str:
    """The first wording that finds room, else the last."""
    return next((text for text in wordings if width_of(text, px, weight) <= room), wordings[-1])
