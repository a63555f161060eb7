"""Image samples: one row of reals, rows of fakes from fixed noise, and under each what D says of it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
)
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from ganviz.data.base import Source
from ganviz.theory.objective import sigmoid
from ganviz.ui import formatting
from ganviz.ui.own_keys import ARROWS, ENTERS, claim
from ganviz.ui.panels.picks import Picks, drag
from ganviz.ui.panels.pictures import Array, pictures
from ganviz.ui.panels.tiles import GAP, UNDER, Canvas

MOST_COLUMNS, MOST_ROWS = 12, 5
LEFT = 30
"""Room for the words at the left edge."""
BETWEEN = 8
"""Room between reals and fakes, with a line in its middle."""


class Lattice(NamedTuple):
    """Where the tiles stand: their columns and rows of fakes, and the size of a cell and of a tile in it."""

    columns: int
    rows: int
    cell: tuple[float, float]
    tile: tuple[float, float]


def least_side(pixels: int) -> float:
    """The least side of the tile of an image so many pixels wide, in pixels at scale 1."""
    return float(np.interp(pixels, (8, 16, 28, 64), (38, 44, 54, 84)))


class ImageGrid(Canvas):
    """As many fakes as fit, at most 5 × 12, and a row of reals above.

    ``picked`` carries the number of a fake that was clicked, or taken by Enter; a fake can be dragged away.
    ``by_output``: those that D takes for real most come first. ``with_scores``: with D's outputs below.
    """

    picked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumSize(160, 120)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys where they were
        self.setAccessibleName("Samples")
        self._tiles: dict[str, list[QImage]] = {"real": [], "fake": []}
        self._outputs = {"real": np.zeros(0), "fake": np.zeros(0)}
        self._ranks = np.zeros(0)
        self._probability, self._pixels = True, (8, 8)
        self._picks, self._at = Picks(), 0
        self._pressed: tuple[int, QPointF] | None = None
        self.with_scores = True

    # ------------------------------------------------------------ what is shown

    def show_images(
        self, images: dict[str, Array], outputs: dict[str, Array], source: Source, probability: bool
    ) -> None:
        """Show images (n, dim) of a source under "real" and "fake", and D's outputs (n,) on them; a name that
        is missing is not shown."""
        assert source.image_shape is not None
        most = MOST_COLUMNS * MOST_ROWS
        self._probability, self._pixels = probability, source.image_shape[1:]
        for name in self._tiles:
            self._outputs[name] = np.asarray(outputs[name][:most], float)
            self._tiles[name] = (
                pictures(images[name][:most], source, dark=self.dark) if name in images else []
            )
        if len(self._ranks) != len(self._outputs["fake"]):
            self.put_in_order(by_output=False)
        self.update()

    def put_in_order(self, by_output: bool) -> None:
        """Show the fakes in the order of their numbers, or those with the highest output first."""
        outputs = np.nan_to_num(self._outputs["fake"], nan=-np.inf)
        self._ranks = -outputs if by_output else np.arange(len(outputs), dtype=float)
        self.update()

    def show_picks(self, picks: Picks) -> None:
        """Mark the samples that are chosen."""
        self._picks = picks
        self.update()

    def clear(self) -> None:
        """Show nothing."""
        self._tiles = {"real": [], "fake": []}
        self._ranks, self._pressed = np.zeros(0), None
        self.update()

    @property
    def order(self) -> list[int]:
        """The numbers of the fakes in the order in which they stand."""
        return [int(number) for number in np.argsort(self._ranks[: self.shown_fakes], kind="stable")]

    @property
    def shown_fakes(self) -> int:
        """How many fakes find room."""
        lattice = self._lattice()
        return min(lattice.columns * lattice.rows, len(self._tiles["fake"]))

    # ------------------------------------------------------------ where

    def _lattice(self) -> Lattice:
        high, wide = self._pixels
        least = least_side(max(high, wide))
        under = self.px(UNDER if self.with_scores else 6)
        rows_above = int(bool(self._tiles["real"]))
        room = self.width() - self.px(LEFT)
        height = self.height() - rows_above * self.px(BETWEEN)
        columns = max(1, min(MOST_COLUMNS, int(room / self.px(least + GAP))))
        rows = max(1, min(MOST_ROWS, int(height / (self.px(least) + under)) - rows_above))
        cell = room / columns, height / (rows + rows_above)
        factor = max(min((cell[0] - self.px(GAP)) / wide, (cell[1] - under) / high), 8.0 / max(wide, high))
        return Lattice(columns, rows, cell, (wide * factor, high * factor))

    def box_of(self, name: str, place: int) -> QRectF:
        """Where the tile in this place of the reals or fakes is drawn."""
        lattice = self._lattice()
        row, column = divmod(place, lattice.columns)
        below = name == "fake" and bool(self._tiles["real"])
        (width, height), (wide, high) = lattice.cell, lattice.tile
        left = self.px(LEFT) + column * width + (width - wide) / 2
        top = row * height + (height + self.px(BETWEEN) if below else 0.0)
        return QRectF(left, top + self.px(2), wide, high)

    def number_at(self, at: QPointF) -> int | None:
        """The number of the fake at this place; None where there is none."""
        reach = self.px(GAP / 2)
        for place, number in enumerate(self.order):
            if self.box_of("fake", place).adjusted(-reach, 0, reach, self.px(UNDER)).contains(at):
                return number
        return None

    # ------------------------------------------------------------ hand and keys

    def mousePressEvent(self, event: QMouseEvent) -> None:
        number = self.number_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and number is not None:
            self._pressed = number, event.position()
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is not None:
            number, start = self._pressed
            if (event.position() - start).manhattanLength() >= QApplication.startDragDistance():
                self._pressed = None
                drag(self, number, self._tiles["fake"][number])

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        if pressed is not None and self.number_at(event.position()) == pressed[0]:
            self._at = self.order.index(pressed[0])
            self.picked.emit(pressed[0])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        order, columns = self.order, self._lattice().columns
        if event.key() in ARROWS and order:
            across, up = ARROWS[event.key()]
            self._at = min(max(self._at + across - up * columns, 0), len(order) - 1)
            self.update()
        elif event.key() in ENTERS and order:
            self.picked.emit(order[min(self._at, len(order) - 1)])
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Keep the window from taking the keys that move about, and tell of the sample under the hand."""
        if claim(event, (*ARROWS, *ENTERS)):
            return True
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            number = self.number_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), "" if number is None else self._tip(number), self)
            return True
        return super().event(event)

    def _tip(self, number: int) -> str:
        output = float(self._outputs["fake"][number])
        said = f"score f = {formatting.significant(output, 3)}"
        if self._probability:
            logit = formatting.significant(output, 3)
            said = f"D = {formatting.fixed(float(sigmoid(output)), 3)}, logit {logit}"
        return f"Sample {number + 1}: {said}. Click to choose it for the other panels, or drag it there."

    # ------------------------------------------------------------ painting

    def paint(self, painter: QPainter) -> None:
        lattice, theme = self._lattice(), self.theme
        for name, colour, numbers in (
            ("real", theme.real, list(range(min(lattice.columns, len(self._tiles["real"]))))),
            ("fake", theme.fake, self.order),
        ):
            for place, number in enumerate(numbers):
                box = self.box_of(name, place)
                ring = theme.focus if name == "fake" and number == self._picks.sample else ""
                self.tile(painter, box, self._tiles[name][number], ring=ring)
                if self.with_scores:
                    output = float(self._outputs[name][number])
                    self.score(painter, box, output, probability=self._probability, colour=colour)
                if name == "fake":
                    self._mark(painter, box, place, number)
        self._draw_names(painter, lattice)

    def _mark(self, painter: QPainter, box: QRectF, place: int, number: int) -> None:
        """The letters of what was chosen, and where the keys are."""
        letter = {self._picks.before: "A", self._picks.sample: "B"}.get(number, "")
        if letter and self._picks.before is not None:
            self.chip(painter, box.topLeft(), letter, self.theme.focus)
        if self.hasFocus() and place == min(self._at, self.shown_fakes - 1):
            painter.setPen(QPen(QColor(self.theme.ink), self.px(1.5), Qt.PenStyle.DotLine))
            painter.drawRect(box.adjusted(-3, -3, 3, 3))

    def _draw_names(self, painter: QPainter, lattice: Lattice) -> None:
        above = lattice.cell[1] + self.px(BETWEEN) if self._tiles["real"] else 0.0
        if self._tiles["fake"]:
            rows = -(-self.shown_fakes // lattice.columns)
            bottom = above + lattice.cell[1] * rows
            self.upright(painter, (above, bottom), "fake", x=self.px(12), colour=self.theme.fake)
        if above:
            self.upright(painter, (0.0, above), "real", x=self.px(12), colour=self.theme.real)
            painter.setPen(QPen(QColor(self.theme.hair), 1))
            line = above - self.px(BETWEEN / 2)
            painter.drawLine(QPointF(0, line), QPointF(self.width(), line))
