"""Samples in the plane: reals, fakes, what D thinks of every place, and where each fake is pushed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFont, QLinearGradient, QPainter, QPen
from PySide6.QtWidgets import QWidget

from ganviz.data import Source
from ganviz.theory.objective import Objective, sigmoid
from ganviz.ui import formatting
from ganviz.ui.panels.arrows import LONGEST, arrow_segments, unit_of
from ganviz.ui.panels.contour import level_line
from ganviz.ui.plot import Axis, Plot
from ganviz.ui.plotting import Limits, Span, ticks_between, width_of
from ganviz.ui.theme import Theme

Array = npt.NDArray[np.float64]
REALS = 240
COLOURS = 256


class SmoothImage(pg.ImageItem):
    """An image whose pixels are blended when it is drawn larger: D is a smooth function."""

    def paint(self, painter: QPainter, *arguments: Any) -> None:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        super().paint(painter, *arguments)


class PlanePlot(Plot):
    """2-D samples in a square. Call the four ``show_*`` methods as their measurements come."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(margins=(46, 8, 116, 40), parent=parent)
        self.map = SmoothImage()
        self.contour = self.curve(1.4, connect="pairs", antialias=True)
        self.view.addItem(self.map, ignoreBounds=True)
        self.map.setZValue(-10)
        self.arrows = {
            "other": self.curve(1.0, connect="pairs", antialias=True),
            "active": self.curve(1.8, connect="pairs", antialias=True),
        }
        self.points = {
            name: pg.ScatterPlotItem(pxMode=True, symbol=symbol)
            for name, symbol in (("real", "o"), ("fake", "d"))
        }
        for item in self.points.values():
            self.view.addItem(item, ignoreBounds=True)
        for arrow in self.arrows.values():
            arrow.setZValue(10)
        self.words_beside: list[tuple[str, str]] = []
        self.levels: tuple[float, float] = (0.0, 1.0)
        self.level_names = ("0", "½", "1")
        self.map_name = "D(x)"
        self.arrow_unit = 0.0
        self._unit = Limits(0.0, 1e-9)
        self._score = Span()
        self._source: Source | None = None

    def find_area(self) -> QRectF:
        """The largest square beside the column of numbers."""
        full = super().find_area()
        side = min(full.width(), full.height())
        return QRectF(
            full.left() + (full.width() - side) / 2, full.top() + (full.height() - side) / 2, side, side
        )

    def apply_theme(self, theme: Theme, scale: float) -> None:
        low, high = (
            (colour.red(), colour.green(), colour.blue())
            for colour in map(QColor, (theme.heat_low, theme.heat_high))
        )
        ramp = np.linspace(low, high, COLOURS)
        self.map.setLookupTable(ramp.round().astype(np.uint8))
        for name, colour in (("real", theme.real), ("fake", theme.fake)):
            item = self.points[name]
            item.setBrush(QColor(colour), update=False)
            # on dark the points need an edge against the light part of the map
            edge = pg.mkPen(QColor(theme.panel), width=1) if theme.name == "dark" else pg.mkPen(None)
            item.setPen(edge, update=False)  # setSize brings all three to the points
            item.setSize((7.0 if name == "fake" else 5.5) * scale)
        self.colour_curve(self.contour, theme.d)
        super().apply_theme(theme, scale)

    # ------------------------------------------------------------ data

    def show_source(self, source: Source) -> None:
        """The part of the plane in which these data lie."""
        if source is not self._source:
            self._source = source
            (x0, x1), (y0, y1) = source.extent
            self.set_range((x0, x1), (y0, y1))
            self.x_axis = Axis("x₁", ticks_between(x0, x1))
            self.y_axis = Axis("x₂", ticks_between(y0, y1))
            self.forget()

    def forget(self) -> None:
        """Take nothing from before: no points, no map, no arrows, no scale."""
        self._unit.forget()
        self._score.forget()
        self.map.clear()
        self.contour.setData([], [])
        for arrow in self.arrows.values():
            arrow.setData([], [])
        for item in self.points.values():
            item.setData([], [])
        self.arrow_unit, self.words_beside = 0.0, []

    def show_points(self, real: Array, fake: Array, on: Mapping[str, bool]) -> float:
        """Draw the points; returns the share of the fakes that lies outside the picture (or is not
        finite)."""
        for name, points in (("real", real[:REALS]), ("fake", fake)):
            known = points[np.isfinite(points).all(axis=1)]
            self.points[name].setVisible(on[name])
            _move(self.points[name], known)
        (x0, x1), (y0, y1) = self.ranges
        inside = (fake[:, 0] >= x0) & (fake[:, 0] <= x1) & (fake[:, 1] >= y0) & (fake[:, 1] <= y1)
        return 1.0 - float(inside.mean()) if len(fake) else 0.0

    def show_map(
        self, x: Array, y: Array, output: Array, *, objective: Objective, border: float, on: bool
    ) -> None:
        """Draw D(x), or a critic's score, as grey levels, and the line where D = ½ (the critic's: its score
        ``border``)."""
        if objective.is_probability:
            heat, self.levels, self.level_names, self.map_name = (
                sigmoid(output),
                (0.0, 1.0),
                ("0", "½", "1"),
                "D(x)",
            )
        else:
            finite = output[np.isfinite(output)]
            heat = output
            self.levels = (
                self._score.around(float(finite.min()), float(finite.max())) if len(finite) else (-1.0, 1.0)
            )
            self.map_name = "score f"
            self.level_names = (
                formatting.significant(self.levels[0], 2),
                "",
                formatting.significant(self.levels[1], 2),
            )
        dx, dy = x[1] - x[0], y[1] - y[0]
        self.map.setImage(heat.astype(np.float32), levels=self.levels, autoLevels=False)
        self.map.setRect(QRectF(x[0] - dx / 2, y[0] - dy / 2, x[-1] - x[0] + dx, y[-1] - y[0] + dy))
        self.map.setVisible(on)
        self.contour.setVisible(on and math.isfinite(border))
        if math.isfinite(border):
            self.contour.setData(*level_line(x, y, output, border))

    def show_arrows(self, at: Array, sets: Mapping[str, tuple[Array, str]], on: Mapping[str, bool]) -> None:
        """Draw arrows from ``at`` (n, 2): ``sets`` holds vectors (n, 2) and colour under "active" and
        "other"; one scale for both."""
        self.arrow_unit = unit_of((vectors for vectors, _ in sets.values()), self._unit)
        width = self.ranges[0][1] - self.ranges[0][0]
        for name, item in self.arrows.items():
            item.setVisible(name in sets and on[name] and self.arrow_unit > 0.0)
            if name in sets and self.arrow_unit > 0.0:
                vectors, colour = sets[name]
                self.colour_curve(item, colour)
                known = np.isfinite(vectors).all(axis=1) & np.isfinite(at).all(axis=1)
                item.setData(
                    *arrow_segments(at[known], vectors[known] / self.arrow_unit * LONGEST * width, width)
                )

    # ------------------------------------------------------------ painting

    def above(self, painter: QPainter) -> None:
        area, theme = self.area(), self.theme
        painter.setPen(QPen(QColor(theme.axis), 1))
        painter.drawRect(area)
        left = area.right() + self.px(16)
        top = area.top()
        bottom = area.bottom() - self.px(36 if self.arrow_unit else 0)
        step = self.px(44)
        room = bottom - top - len(self.words_beside) * step
        if self.map.isVisible() and self.map.image is not None and room > self.px(76):
            top = self._draw_colour_bar(painter, left, top)
        for index, (number, words) in enumerate(self.words_beside):
            y = top + self.px(16) + index * step
            if y + self.px(20) > bottom:
                break
            self.at(
                painter,
                left,
                y,
                number,
                20 if len(number) < 9 else 16,
                colour=theme.ink,
                weight=QFont.Weight.DemiBold,
            )
            self.at(painter, left, y + self.px(19), words, 12, colour=theme.mute)
        if self.arrow_unit:
            self._draw_arrow_scale(painter, left, area)

    def _draw_colour_bar(self, painter: QPainter, left: float, top: float) -> float:
        """Draw the grey levels with their numbers; returns where the next thing may begin."""
        height = self.px(64)
        bar = QRectF(left, top + self.px(4), self.px(12), height)
        fill = QLinearGradient(bar.bottomLeft(), bar.topLeft())
        fill.setColorAt(0.0, QColor(self.theme.heat_low))
        fill.setColorAt(1.0, QColor(self.theme.heat_high))
        painter.fillRect(bar, fill)
        painter.setPen(QPen(QColor(self.theme.axis), 1))
        painter.drawRect(bar)
        for share, name in zip((1.0, 0.5, 0.0), self.level_names, strict=True):
            y = bar.top() + height * share
            self.at(painter, bar.right() + self.px(6), y, name, 12, colour=self.theme.mute)
            if name == "½":
                painter.setPen(QPen(QColor(self.theme.d), self.px(1.5)))
                painter.drawLine(QPointF(bar.left() - 2, y), QPointF(bar.right() + 2, y))
        self.at(
            painter, bar.right() + self.px(24), bar.center().y(), self.map_name, 12, colour=self.theme.mute
        )
        return bar.bottom() + self.px(10)

    def _draw_arrow_scale(self, painter: QPainter, left: float, area: QRectF) -> None:
        y, mute = area.bottom() - self.px(6), self.theme.mute
        length, number = self.arrow_scale(LONGEST * area.width(), self.width() - left)
        self.at(painter, left, y - self.px(16), "arrow scale", 12, colour=mute)
        painter.setPen(QPen(QColor(mute), self.px(1.5)))
        painter.drawLine(QPointF(left, y), QPointF(left + length, y))
        for x in (left, left + length):
            painter.drawLine(QPointF(x, y - 3), QPointF(x, y + 3))
        self.at(painter, left + length + self.px(5), y, number, 12, colour=mute)

    def arrow_scale(self, length: float, room: float) -> tuple[float, str]:
        """Length in pixels and number of the arrow scale: where the panel is large and the column
        beside it is not, a smaller unit with one digit."""
        unit = self.arrow_unit
        while True:
            number = formatting.significant(unit, 1)
            if length + self.px(9) + width_of(number, self.px(12)) <= room or length < self.px(8):
                return length, number
            smaller = 2.5 if f"{unit:.0e}".startswith("5") else 2.0
            unit, length = unit / smaller, length / smaller


def _move(item: pg.ScatterPlotItem, points: Array) -> None:
    """Put the points of ``item`` at (n, 2). Where their number stays, only places change, not their looks."""
    if len(item.data) == len(points) > 0:
        item.data["x"], item.data["y"] = points[:, 0], points[:, 1]
        item.bounds = [None, None]
        item.invalidate()
        item.prepareGeometryChange()
        item.informViewBoundsChanged()
    else:
        item.setData(points[:, 0], points[:, 1])


def mean_length(vectors: Array) -> float:
    """Mean length of vectors (n, dim), those that are not finite left out."""
    lengths = np.linalg.norm(vectors, axis=1)
    lengths = lengths[np.isfinite(lengths)]
    return float(lengths.mean()) if len(lengths) else math.nan
