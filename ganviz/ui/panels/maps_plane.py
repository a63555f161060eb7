"""One direction of a CycleGAN in the plane: samples in colours of their own place, where one map takes them,
where the other brings that; as arrows in one plane, or as three planes side by side."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt
from pyqtgraph.functions import arrayToQPolygonF
from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from ganviz.ui.plot import Axis, Plot
from ganviz.ui.plotting import blend, ticks_between
from ganviz.ui.theme import Theme

Array = npt.NDArray[np.float64]
HUES = 24
"""Shades that tell places apart."""
ARROWS = 24
POINTS = 300
SEEN = 2.0
"""Pixels at scale 1 that a way missed has at least, to be drawn."""
HEAD = 7.0
"""Length of an arrow's head in pixels at scale 1."""
TURN = np.sqrt(0.5) * np.array([(1.0, -1.0), (1.0, 1.0)])
"""Takes points, as rows, into a plane that is turned by 45 degrees."""


@dataclass(frozen=True)
class Way:
    """Samples (n, 2), where they are taken, where they come back to, and others (m, 2) that are where the map
    should lead."""

    start: Array
    middle: Array
    back: Array
    target: Array

    def __post_init__(self) -> None:
        assert self.start.shape == self.middle.shape == self.back.shape

    @cached_property
    def shade(self) -> npt.NDArray[np.intp]:
        """The shade of each sample, wherever it is taken."""
        return shades(self.start)

    @cached_property
    def chosen(self) -> list[int]:
        """The samples that have arrows."""
        return spread_out(self.start[:POINTS], ARROWS)


def shades(start: Array) -> npt.NDArray[np.intp]:
    """A shade (n,) in [0, HUES) for each place (n, 2): by its angle about the middle of all."""
    around = start - np.median(start, axis=0)
    turns = np.arctan2(around[:, 1], around[:, 0]) / (2.0 * np.pi) % 1.0
    return (turns * HUES).astype(np.intp) % HUES


@lru_cache(maxsize=4)
def palette_of(theme: Theme) -> tuple[QColor, ...]:
    """A ring of HUES shades that stand out on the panel."""
    lightness = 0.44 if theme.name == "light" else 0.66
    return tuple(QColor.fromHslF(index / HUES, 0.85, lightness) for index in range(HUES))


class WayPlot(Plot):
    """Paints a :class:`Way`. ``names``: of start, middle and return, such as x, G(x), F(G(x))."""

    def __init__(self, names: tuple[str, str, str], stage: int | None = None) -> None:
        super().__init__(margins=(30, 20, 6, 24) if stage is None else (6, 20, 6, 6))
        self.setMinimumSize(84, 96)
        self.names, self.stage = names, stage
        self.way: Way | None = None
        self.shown = {"arrows": True, "errors": True, "target": True}

    def find_area(self) -> QRectF:
        """The largest square, in the middle of what is left over."""
        full = super().find_area()
        side = min(full.width(), full.height())
        left, top = full.left() + (full.width() - side) / 2, full.top() + (full.height() - side) / 2
        return QRectF(left, top, side, side)

    def show_way(self, way: Way | None, reach: float) -> None:
        """Draw these samples in a plane that reaches so far on all sides; None: nothing."""
        self.way = way
        self.set_range((-reach, reach), (-reach, reach))
        ticks = ticks_between(-reach, reach) if self.stage is None else []
        self.x_axis, self.y_axis = Axis("", ticks), Axis("", ticks)
        self.refresh()

    def above(self, painter: QPainter) -> None:
        area, theme = self.area(), self.theme
        painter.setPen(QPen(QColor(theme.axis), 1))
        painter.drawRect(area)
        title = " → ".join(self.names) if self.stage is None else self.names[self.stage]
        self.at(painter, area.left(), area.top() - self.px(10), title, 13, colour=theme.ink, inside=True)
        if self.way is None:
            return
        painter.save()
        painter.setClipRect(area)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.shown["target"] and self.stage is not None:
            behind = (self.way.start, self.way.target, self.way.start)[self.stage]
            self._dots(painter, self._places(behind[:POINTS]), self._faint(), 1.6)
        if self.stage is None:
            self._draw_arrows(painter, self.way)
        else:
            self._draw_stage(painter, self.way, self.stage)
        painter.restore()

    # ------------------------------------------------------------ painting

    def _draw_arrows(self, painter: QPainter, way: Way) -> None:
        if self.shown["target"]:
            self._dots(painter, self._places(way.target[:POINTS]), self._faint(), 1.6)
        colours, chosen = palette_of(self.theme), way.chosen
        start, middle, back = (self._places(points[:POINTS]) for points in (way.start, way.middle, way.back))
        for index, colour in enumerate(colours):
            mine = way.shade[:POINTS] == index
            self._dots(painter, start[mine], colour, 2.0)
            self._diamonds(painter, middle[mine], colour, 2.8)
        if self.shown["arrows"]:
            of_each = [colours[way.shade[index]] for index in chosen]
            self._arrows(painter, start[chosen], middle[chosen], of_each, QPen(Qt.GlobalColor.black, 1.4))
            dashed = QPen(Qt.GlobalColor.black, 1.0)
            dashed.setDashPattern([2.0, 3.0])
            self._arrows(painter, middle[chosen], back[chosen], of_each, dashed)
        if self.shown["errors"]:
            self._draw_errors(painter, way)

    def _draw_stage(self, painter: QPainter, way: Way, stage: int) -> None:
        places = self._places((way.start, way.middle, way.back)[stage])
        for index, colour in enumerate(palette_of(self.theme)):
            self._dots(painter, places[way.shade == index], colour, 2.2)
        if stage == 2 and self.shown["errors"]:
            self._draw_errors(painter, way)

    def _draw_errors(self, painter: QPainter, way: Way) -> None:
        """A dark line from each chosen sample to where it comes back."""
        start, back = self._places(way.start[way.chosen]), self._places(way.back[way.chosen])
        painter.setPen(QPen(QColor(self.theme.ink), self.px(1.6)))
        seen = np.hypot(*(back - start).T) > self.px(SEEN)  # false of NaN, too
        painter.drawLines([QLineF(*row) for row in np.hstack((start, back))[seen].tolist()])

    def _faint(self) -> QColor:
        return blend(self.theme.ref, self.theme.panel, 0.4)

    def _places(self, points: Array) -> Array:
        """Points (n, 2) of the plane in pixels (n, 2)."""
        return np.column_stack(self.to_pixels(points[:, 0], points[:, 1]))

    def _dots(self, painter: QPainter, places: Array, colour: QColor, radius: float) -> None:
        """A disc at each place (n, 2) that is finite."""
        pen = QPen(colour, self.px(2.0 * radius))
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawPoints(_polygon(places))

    def _diamonds(self, painter: QPainter, places: Array, colour: QColor, half: float) -> None:
        """An empty diamond at each place (n, 2) that is finite: squares in a plane that is turned."""
        points = _polygon(places @ TURN)
        side, edge = self.px(half) * np.sqrt(2.0), self.px(1.1)
        painter.save()
        painter.rotate(45.0)
        for paint, width in ((colour, side + edge), (QColor(self.theme.panel), side - edge)):
            pen = QPen(paint, width)
            pen.setCapStyle(Qt.PenCapStyle.SquareCap)
            painter.setPen(pen)
            painter.drawPoints(points)
        painter.restore()

    def _arrows(self, painter: QPainter, start: Array, stop: Array, colours: list[QColor], pen: QPen) -> None:
        """An arrow from each start (n, 2) to its stop, in pixels and a colour of its own; ``pen``: how broad
        at scale 1, and how dashed."""
        along = stop - start
        length = np.hypot(*along.T)
        pen.setWidthF(self.px(pen.widthF()))
        is_seen = length >= SEEN  # false of NaN, too
        along *= (np.minimum(self.px(HEAD), length / 2) / np.where(is_seen, length, 1.0))[:, None]
        across = 0.45 * np.column_stack((-along[:, 1], along[:, 0]))
        heads = np.stack((stop, stop - along + across, stop - along - across), axis=2)
        lines = np.hstack((start, stop)).tolist()
        for index in np.flatnonzero(is_seen).tolist():
            pen.setColor(colours[index])
            painter.setPen(pen)
            painter.drawLine(QLineF(*lines[index]))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colours[index])
            painter.drawPolygon(arrayToQPolygonF(*heads[index]))
            painter.setBrush(Qt.BrushStyle.NoBrush)


def _polygon(places: Array) -> QPolygonF:
    """Those of the places (n, 2) that are finite."""
    finite = places[np.isfinite(places).all(axis=1)]
    return arrayToQPolygonF(*finite.T) if len(finite) else QPolygonF()  # pyqtgraph takes no empty arrays


def spread_out(points: Array, count: int) -> list[int]:
    """The numbers of ``count`` points (n, 2), each as far as can be from those before it: the first is the
    first one."""
    count = min(count, len(points))
    chosen, away = [0], np.full(len(points), np.inf)
    while len(chosen) < count:
        away = np.minimum(away, np.linalg.norm(points - points[chosen[-1]], axis=1))
        chosen.append(int(np.argmax(away)))
    return chosen
