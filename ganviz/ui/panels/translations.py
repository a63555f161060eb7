"""Unpaired images and what a CycleGAN makes of them: rows of x, G(x), F(G(x)), and of y, F(y), G(F(y))."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPen

from ganviz.data.base import Source
from ganviz.frame import Measurement
from ganviz.record.run import Run
from ganviz.ui import formatting
from ganviz.ui.panels.base import Panel
from ganviz.ui.panels.legend import Entry
from ganviz.ui.panels.pictures import Array, pictures
from ganviz.ui.panels.tiles import Canvas

ROWS = {
    "x": (("x", "x"), ("g_of_x", "G(x)"), ("f_of_g_of_x", "F(G(x))")),
    "y": (("y", "y"), ("f_of_y", "F(y)"), ("g_of_f_of_y", "G(F(y))")),
}
"""Of each direction its rows: what the probe calls them, and their words."""
LEFT, HEAD, GAP, BETWEEN = 62, 20, 4, 14
"""Room for the words of a row and above each direction, between tiles, and between the directions."""
MOST = 16
LEADING = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
NO_IMAGES = "This panel is for images: of points see the panel Maps."


class RowsView(Canvas):
    """Three rows of tiles for each direction that is shown, as many columns as find room."""

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumSize(200, 120)
        self._tiles: dict[str, list[QImage]] = {}
        self._heads: dict[str, str] = {}

    def show_rows(self, tiles: dict[str, list[QImage]], heads: dict[str, str]) -> None:
        """Show tiles by the probe's names, and above each direction in ``heads`` its line."""
        self._tiles, self._heads = tiles, heads
        self.update()

    def boxes(self) -> dict[str, list[QRectF]]:
        """Where the tiles of each row stand."""
        if not self._tiles or not self._heads:
            return {}
        first = next(iter(self._tiles.values()))
        aspect = first[0].height() / first[0].width()
        groups = len(self._heads)
        heads = groups * self.px(HEAD) + (groups - 1) * self.px(BETWEEN)
        high = (self.height() - heads) / (3 * groups) - self.px(GAP)
        room = self.width() - self.px(LEFT)
        columns = int(min(len(first), MOST, max(room // (high / aspect + self.px(GAP)), 1)))
        wide = min(high / aspect, room / columns - self.px(GAP))
        found, top = {}, 0.0
        for direction in self._heads:
            top += self.px(HEAD)
            for name, _ in ROWS[direction]:
                found[name] = [
                    QRectF(self.px(LEFT) + index * (wide + self.px(GAP)), top, wide, wide * aspect)
                    for index in range(columns)
                ]
                top += wide * aspect + self.px(GAP)
            top += self.px(BETWEEN)
        return found

    def paint(self, painter: QPainter) -> None:
        theme, boxes = self.theme, self.boxes()
        for direction, head in self._heads.items() if boxes else ():
            first = boxes[ROWS[direction][0][0]][0]
            line = QRectF(0, first.top() - self.px(HEAD), self.width(), self.px(HEAD - 4))
            self.words(painter, line, head, colour=theme.mute, align=LEADING)
            for name, words in ROWS[direction]:
                row = boxes[name]
                place = QRectF(0, row[0].top(), self.px(LEFT - 8), row[0].height())
                self.words(
                    painter,
                    place,
                    words,
                    colour=theme.ink,
                    px=13,
                    align=LEADING,
                    weight=QFont.Weight.DemiBold,
                )
                for box, image in zip(row, self._tiles[name], strict=False):
                    self.tile(painter, box, image)
        if len(self._heads) > 1 and boxes:
            y = boxes["f_of_g_of_x"][0].bottom() + self.px(BETWEEN / 2 + GAP / 2)
            painter.setPen(QPen(QColor(theme.border), 1))
            painter.drawLine(QPointF(0, y), QPointF(self.width(), y))


class TranslationsPanel(Panel):
    """See the module."""

    key = "translations"
    equation = r"x\rightarrow G(x)\rightarrow F(G(x)),\quad y\rightarrow F(y)\rightarrow G(F(y))"
    short_equation = r"x\rightarrow G(x)\rightarrow F(G(x))"
    needs = frozenset({"samples"})
    turns = 2  # the picture of movement
    legend_entries = (
        Entry("both", "both ways", group="ways"),
        Entry("x", "X to Y", group="ways", on=False),
        Entry("y", "Y to X", group="ways", on=False),
    )

    def build(self) -> None:
        self.view = RowsView()
        self.body.addWidget(self.view, 1)
        self._source: Source | None = None
        self._data: dict[str, np.ndarray] = {}

    def themed(self) -> tuple[RowsView]:
        return (self.view,)

    @property
    def ways(self) -> tuple[str, ...]:
        """The directions that are shown."""
        return ("x", "y") if self.legend.is_on("both") else ("x",) if self.legend.is_on("x") else ("y",)

    def clear(self) -> None:
        self._data = {}
        self.not_applicable("")
        self.view.hint = self.nothing_yet
        self.view.show_rows({}, {})

    def draw(self, run: Run) -> None:
        samples = self.fresh(run, "samples")
        if samples is None:
            return
        source = run.experiment.source()
        self.not_applicable("" if source.image_shape else NO_IMAGES)
        if not source.image_shape:
            return
        self._data = {name: np.asarray(samples[name], float) for name in samples.values}
        dark, shown = self.theme.name == "dark", {name for way in self.ways for name, _ in ROWS[way]}
        tiles = {
            name: pictures(values[:MOST], source, dark=dark)
            for name, values in self._data.items()
            if name in shown
        }
        self.view.hint = ""
        self.view.show_rows(tiles, {way: self._head(samples, way) for way in self.ways})

    def _head(self, samples: Measurement, way: str) -> str:
        """How far the samples of one side come back from where they started."""
        start, _, back = (np.asarray(samples[name], float) for name, _ in ROWS[way])
        error = formatting.significant(_error(start, back), 2)
        words = "X to Y and back" if way == "x" else "Y to X and back"
        return f"{words}: mean error of a pixel {error} of 2, step {formatting.fixed(float(samples.step), 0)}"

    def export_data(self) -> dict[str, np.ndarray]:
        return {
            f"{name}_{index + 1}": image
            for name, images in self._data.items()
            for index, image in enumerate(images[:MOST])
        }


def _error(start: Array, back: Array) -> float:
    return float(np.abs(back - start).mean())
