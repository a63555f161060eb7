"""The weights of D's first layer, drawn like images on a scale that is symmetric about 0."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter

from ganviz.record.run import Run
from ganviz.ui import formatting
from ganviz.ui.panels.base import Panel
from ganviz.ui.panels.legend import Entry
from ganviz.ui.panels.pictures import Array, pictures
from ganviz.ui.panels.readout import fitting
from ganviz.ui.panels.tiles import Canvas
from ganviz.ui.plotting import metrics_of, width_of

GAP, FOOT = 4, 26
LEAST = 34
"""The least side of a tile, in pixels at scale 1."""
SCALE_WIDTH = 90


class Kernel(NamedTuple):
    """Weights as images; high ones are dark where those of the data are."""

    image_shape: tuple[int, int, int]
    is_ink: bool


class FilterView(Canvas):
    """As many tiles as find room, and below them the scale and how many there are."""

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumSize(160, 100)
        self.reach = 0.0
        self.lines_below: tuple[str, ...] = ()
        self._ends = QImage()
        self._tiles: list[QImage] = []

    def show_weights(self, weights: Array, lines: tuple[str, ...], is_ink: bool) -> None:
        """Draw weights (n, channels, height, width) on the scale of the largest of them; the first of the
        ``lines`` that finds room says what they are."""
        self.lines_below = lines
        finite = np.abs(weights[np.isfinite(weights)])
        self.reach = float(finite.max(initial=0.0))
        values = weights.reshape(len(weights), -1) / (self.reach or 1.0)
        channels, high, wide = weights.shape[1:]
        kernel = Kernel((channels, high, wide), is_ink)
        self._tiles = pictures(values, kernel, dark=self.dark)
        ends = Kernel((1, 1, 2), is_ink)
        (self._ends,) = pictures(np.array([[-1.0, 1.0]]), ends, dark=self.dark)
        self.update()

    def clear(self) -> None:
        """Show nothing."""
        self._tiles, self.reach, self.lines_below = [], 0.0, ()
        self.update()

    def lattice(self) -> tuple[int, float]:
        """(columns, side of a tile) at which the most tiles find room, none smaller than the least."""
        room, height = float(self.width()), self.height() - self.px(FOOT)
        count, gap = max(len(self._tiles), 1), self.px(GAP)
        best = (max(1, int(room / (self.px(LEAST) + gap))), self.px(LEAST))
        for columns in range(1, count + 1):
            rows = -(-count // columns)
            side = min(room / columns - gap, height / rows - gap)
            if side > best[1]:
                best = columns, side
        return best

    @property
    def shown(self) -> int:
        """How many tiles find room."""
        columns, side = self.lattice()
        rows = max(1, int((self.height() - self.px(FOOT)) / (side + self.px(GAP))))
        return min(columns * rows, len(self._tiles))

    def paint(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)  # a weight is a square
        columns, side = self.lattice()
        for number in range(self.shown):
            row, column = divmod(number, columns)
            step = side + self.px(GAP)
            self.tile(painter, QRectF(column * step + 1, row * step + 1, side, side), self._tiles[number])
        if self._tiles:
            self._draw_scale(painter)

    def _draw_scale(self, painter: QPainter) -> None:
        """From the lowest weight to the highest, and what is shown."""
        theme, top = self.theme, self.height() - self.px(FOOT - 8)
        ends = [f"−{formatting.significant(self.reach, 2)}", f"+{formatting.significant(self.reach, 2)}"]
        left, wide = width_of(ends[0], self.px(12)) + self.px(6), self.px(SCALE_WIDTH)
        box = QRectF(left, top, wide, self.px(12))
        shades = QLinearGradient(box.topLeft(), box.topRight())
        for end in (0, 1):
            shades.setColorAt(end, self._ends.pixelColor(end, 0))
        painter.fillRect(box, shades)
        painter.setPen(QColor(theme.border))
        painter.drawRect(box)
        middle = Qt.AlignmentFlag.AlignVCenter
        for text, x in ((ends[0], 0.0), (ends[1], box.right() + self.px(6))):
            place = QRectF(x, top, self.px(60), box.height())
            self.words(painter, place, text, colour=theme.text, align=middle | Qt.AlignmentFlag.AlignLeft)
        x = box.right() + width_of(ends[1], self.px(12)) + self.px(22)
        place = QRectF(x, top, self.width() - x, box.height())
        wordings = tuple(line.format(shown=self.shown) for line in self.lines_below)
        words = fitting(wordings, metrics_of(self.px(12)), place.width())
        self.words(painter, place, words, colour=theme.mute, align=middle | Qt.AlignmentFlag.AlignLeft)


class FiltersPanel(Panel):
    """See the module."""

    key = "filters"
    equation = r"a=\cdots\,h(W_1x+b_1),\quad W_1\ \mathrm{row\ by\ row}"
    short_equation = r"W_1\ \mathrm{row\ by\ row}"
    needs = frozenset({"filters"})
    legend_entries = (
        Entry("in_order", "in order", group="order", tip="Each place keeps its unit."),
        Entry("largest", "largest first", group="order", on=False, tip="By the norm of the weights."),
    )

    def build(self) -> None:
        self.view = FilterView()
        self.body.addWidget(self.view, 1)
        self._data: dict[str, np.ndarray] = {}

    def themed(self) -> tuple[FilterView]:
        return (self.view,)

    def clear(self) -> None:
        self._data = {}
        self.view.clear()
        self.view.hint = self.nothing_yet

    def draw(self, run: Run) -> None:
        seen = self.fresh(run, "filters")
        if seen is None:
            return
        weights = np.asarray(seen["weights"], float)
        norms = np.linalg.norm(weights.reshape(len(weights), -1), axis=1)
        order = np.argsort(-norms, kind="stable") if self.legend.is_on("largest") else np.arange(len(norms))
        sees = "each sees the whole image" if seen["whole"] else "each sees a window"
        height, width = weights.shape[2:]
        self.view.hint = ""
        count = f"{{shown}} of {seen['units']} units"
        zero = "in each colour; mid-grey: 0" if weights.shape[1] == 3 else "mid-grey: 0"
        lines = (f"{count}; {sees}, {height} × {width}; {zero}", f"{count}; {zero}", count)
        self.view.show_weights(weights[order], lines, run.experiment.source().is_ink)
        self._data = {"unit": order, "norm": norms[order], "weights": weights[order]}

    def export_data(self) -> dict[str, np.ndarray]:
        return dict(self._data)
