"""One direction of a CycleGAN in the plane: samples in colours of their own place, where one map takes them,
where the other brings that; as arrows in one plane, or as three planes side by side."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
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
            self._dots(painter, behind[:POINTS], blend(theme.ref, theme.panel, 0.4), 1.6)
        if self.stage is None:
            self._draw_arrows(painter, self.way)
        else:
            self._draw_stage(painter, self.way, self.stage)
        painter.restore()

    # ------------------------------------------------------------ painting

    def _draw_arrows(self, painter: QPainter, way: Way) -> None:
        if self.shown["target"]:
            self._dots(painter, way.target[:POINTS], blend(self.theme.ref, self.theme.panel, 0.4), 1.6)
        colours = palette_of(self.theme)
        shade, chosen = way.shade, way.chosen
        for index, colour in enumerate(colours):
            mine = shade[:POINTS] == index
            self._dots(painter, way.start[:POINTS][mine], colour, 2.0)
            self._diamonds(painter, way.middle[:POINTS][mine], colour, 2.8)
        for index in chosen if self.shown["arrows"] else ():
            colour = colours[shade[index]]
            self._arrow(painter, way.start[index], way.middle[index], colour)
            self._arrow(painter, way.middle[index], way.back[index], colour, back=True)
        if self.shown["errors"]:
            self._draw_errors(painter, way, chosen)

    def _draw_stage(self, painter: QPainter, way: Way, stage: int) -> None:
        points = (way.start, way.middle, way.back)[stage]
        for index, colour in enumerate(palette_of(self.theme)):
            self._dots(painter, points[way.shade == index], colour, 2.2)
        if stage == 2 and self.shown["errors"]:
            self._draw_errors(painter, way, way.chosen)

    def _draw_errors(self, painter: QPainter, way: Way, chosen: list[int]) -> None:
        """A dark line from each chosen sample to where it comes back."""
        x0, y0 = self.to_pixels(*way.start[chosen].T)
        x1, y1 = self.to_pixels(*way.back[chosen].T)
        painter.setPen(QPen(QColor(self.theme.ink), self.px(1.6)))
        ends = np.column_stack((x0, y0, x1, y1))
        seen = np.hypot(x1 - x0, y1 - y0) > self.px(SEEN)  # false of NaN, too
        painter.drawLines([QLineF(*row) for row in ends[seen].tolist()])

    def _pixels(self, points: Array) -> list[QPointF]:
        points = points[np.isfinite(points).all(axis=1)]
        x, y = self.to_pixels(points[:, 0], points[:, 1])
        return [QPointF(*point) for point in zip(x.tolist(), y.tolist(), strict=True)]

    def _dots(self, painter: QPainter, points: Array, colour: QColor, radius: float) -> None:
        pen = QPen(colour, self.px(2.0 * radius))
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawPoints(self._pixels(points))

    def _diamonds(self, painter: QPainter, points: Array, colour: QColor, half: float) -> None:
        painter.setPen(QPen(colour, self.px(1.1)))
        painter.setBrush(QColor(self.theme.panel))
        size = self.px(half)
        corners = [QPointF(0, -size), QPointF(size, 0), QPointF(0, size), QPointF(-size, 0)]
        for at in self._pixels(points):
            painter.drawPolygon(QPolygonF([at + corner for corner in corners]))
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _arrow(
        self, painter: QPainter, start: Array, stop: Array, colour: QColor, back: bool = False
    ) -> None:
        """An arrow there, or a dashed one back."""
        ends = self._pixels(np.stack([start, stop]))
        if len(ends) < 2:
            return
        line = QLineF(*ends)
        if line.length() < 2.0:
            return
        pen = QPen(colour, self.px(1.0 if back else 1.4))
        if back:
            pen.setDashPattern([2.0, 3.0])
        painter.setPen(pen)
        painter.drawLine(line)
        size = min(self.px(HEAD), line.length() / 2)
        along = QPointF(line.dx(), line.dy()) / line.length() * size
        across = QPointF(-along.y(), along.x()) * 0.45
        painter.setBrush(colour)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawPolygon(QPolygonF([ends[1], ends[1] - along + across, ends[1] - along - across]))
        painter.setBrush(Qt.BrushStyle.NoBrush)


def spread_out(points: Array, count: int) -> list[int]:
    """The numbers of ``count`` points (n, 2), each as far as can be from those before it: the first is the
    first one."""
    count = min(count, len(points))
    chosen, away = [0], np.full(len(points), np.inf)
    while len(chosen) < count:
        away = np.minimum(away, np.linalg.norm(points - points[chosen[-1]], axis=1))
        chosen.append(int(np.argmax(away)))
    return chosen
