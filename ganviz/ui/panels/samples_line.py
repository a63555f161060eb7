"""Samples on a line, as in Figure 1 of Goodfellow et al. 2014: p_data, p_g and D over x, the samples and
their push below."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from ganviz.data import Source
from ganviz.theory.objective import Objective, sigmoid
from ganviz.ui import formatting
from ganviz.ui.panels.arrows import LONGEST, arrow_segments, unit_of
from ganviz.ui.plot import Axis, Plot
from ganviz.ui.plotting import Limits, Span, metrics_of, round_up, ticks_between
from ganviz.ui.theme import Theme

Array = npt.NDArray[np.float64]
POINTS = 400
BINS = 60
ROW = 120
HEADROOM = 1.15
"""The axis reaches this many times as high as the data: fakes in one heap are named, not followed."""
BAND = 0.22
"""The samples and their arrows lie in a band below zero, this share of the height of the densities."""
HEIGHTS = {"real": -0.03, "fake": -0.08, "active": -0.13, "other": -0.19}


class LinePlot(Plot):
    """1-D samples. Call the ``show_*`` methods as their measurements come."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(margins=(46, 22, 74, 40), parent=parent)
        self._pushes: dict[str, tuple[Array, Array]] = {}  # where the arrows begin, shares of the width
        self.density = {
            "fake": self.curve(1.6, stepMode="center", fillLevel=0.0),
            "real": self.curve(2.0, antialias=True),
        }
        self.output = self.curve(2.0, Qt.PenStyle.DashLine, antialias=True)
        self.arrows = {
            "other": self.curve(1.0, connect="pairs", antialias=True),
            "active": self.curve(1.8, connect="pairs", antialias=True),
        }
        self.right_axis = Axis("", [])
        self.words_beside: list[tuple[str, str]] = []
        self.arrow_unit = 0.0
        self.rows = {
            name: pg.ScatterPlotItem(pxMode=True, symbol=symbol)
            for name, symbol in (("real", "o"), ("fake", "d"))
        }
        for item in self.rows.values():
            self.view.addItem(item, ignoreBounds=True)
        self._top, self.beyond = 1.0, ""
        self._unit, self._score = Limits(0.0, 1e-9), Span()
        self._source: Source | None = None

    def apply_theme(self, theme: Theme, scale: float) -> None:
        self.colour_curve(self.density["real"], theme.real)
        self.colour_curve(self.density["fake"], theme.fake)
        tint = QColor(theme.fake)
        tint.setAlphaF(0.25)
        self.density["fake"].setBrush(tint)
        self.colour_curve(self.output, theme.d)
        for name, colour in (("real", theme.real), ("fake", theme.fake)):
            self.rows[name].setBrush(QColor(colour))
            self.rows[name].setPen(pg.mkPen(None))
            self.rows[name].setSize((7.0 if name == "fake" else 5.5) * scale)
        super().apply_theme(theme, scale)

    def show_source(self, source: Source) -> None:
        """The part of the line in which these data lie, and their density where it is known."""
        if source is self._source:
            return
        self._source = source
        self.forget()
        ((x0, x1),) = source.extent
        self.x_axis, self.y_axis = Axis("x", ticks_between(x0, x1)), Axis("density")
        x = np.linspace(x0, x1, POINTS)
        density = source.density(x[:, None]) if source.has_density else np.zeros(0)
        self.density["real"].setData(x[: len(density)], density)
        self._fit(float(density.max()) if len(density) else 1.0)

    def forget(self) -> None:
        """Take nothing from before."""
        for limits in (self._unit, self._score):
            limits.forget()
        for curve in (self.density["real"], self.output, *self.arrows.values()):
            curve.setData([], [])
        for item in self.rows.values():
            item.setData([], [])
        self.density["fake"].setData([0.0, 1.0], [0.0])
        self.words_beside, self.arrow_unit, self.beyond = [], 0.0, ""
        self._pushes = {}

    def _fit(self, highest: float) -> None:
        """Let the axis reach a little over ``highest``, the height of the data; D's axis is as high."""
        assert self._source is not None
        self._top = round_up(HEADROOM * highest)
        self.set_range(self._source.extent[0], (-BAND * self._top, self._top * 1.02))
        self.y_axis = Axis("density", ticks_between(0.0, self._top, 3))

    def show_points(self, real: Array, fake: Array, on: Mapping[str, bool]) -> float:
        """Draw the histogram of the fakes and both rows of samples; returns the share of the fakes that lies
        outside."""
        assert self._source is not None
        ((x0, x1),) = self._source.extent
        counts, edges = np.histogram(fake[np.isfinite(fake)], BINS, (x0, x1))
        density = counts / max(len(fake), 1) / (edges[1] - edges[0])
        self.density["fake"].setData(edges, density)
        highest = float(density.max())
        self._fit(self._height_of_data(real, edges))
        is_over = on["fake"] and highest > self.ranges[1][1]
        self.beyond = f"fakes: up to {formatting.significant(highest, 2)} ↑" if is_over else ""
        for name, points in (("real", real), ("fake", fake)):
            known = points[:ROW, 0][np.isfinite(points[:ROW, 0])]
            self.rows[name].setData(known, np.full(len(known), HEIGHTS[name] * self._top))
            self.rows[name].setVisible(on[name])
            self.density[name].setVisible(on[name])
        return 1.0 - float(((fake >= x0) & (fake <= x1)).mean()) if len(fake) else 0.0

    def _height_of_data(self, real: Array, edges: Array) -> float:
        """The highest density of the data: of the curve where it is known, else of the reals' histogram."""
        _, known = self.density["real"].getData()
        if known is not None and len(known):
            return float(known.max())
        counts, _ = np.histogram(real[np.isfinite(real)], edges)
        return float(counts.max()) / max(len(real), 1) / float(edges[1] - edges[0])

    def show_map(self, x: Array, output: Array, objective: Objective, on: bool) -> None:
        """Draw D over x on the right axis, or the critic's score on a right axis of its own."""
        if objective.is_probability:
            low, high, heights, name = 0.0, 1.0, sigmoid(output), "D(x)"
            ticks = [(0.0, "0"), (0.5, "½"), (1.0, "1")]
        else:
            finite = output[np.isfinite(output)]
            low, high = (
                self._score.around(float(finite.min()), float(finite.max())) if len(finite) else (-1.0, 1.0)
            )
            heights, name = output, "f(x)"
            ticks = ticks_between(low, high, 3)
        scale = self._top / (high - low)
        self.output.setData(x, (heights - low) * scale)
        self.output.setVisible(on)
        self.right_axis = Axis(name, [((value - low) * scale, text) for value, text in ticks]) if on else None

    def show_arrows(self, at: Array, sets: Mapping[str, tuple[Array, str]], on: Mapping[str, bool]) -> None:
        """Draw the push of each fake along the line, below the densities; one scale for both sets."""
        self.arrow_unit = unit_of((vectors for vectors, _ in sets.values()), self._unit)
        self._pushes = {}
        for name, item in self.arrows.items():
            item.setVisible(name in sets and on[name] and self.arrow_unit > 0.0)
            if name in sets and self.arrow_unit > 0.0:
                vectors, colour = sets[name]
                self.colour_curve(item, colour)
                known = np.isfinite(vectors[:, 0]) & np.isfinite(at[:, 0])
                self._pushes[name] = at[known, 0], vectors[known, 0] / self.arrow_unit * LONGEST
        self._lay_arrows()

    def _lay_arrows(self) -> None:
        """Put the arrows where they belong at the present size: heads have the same shape at every height of
        the axis."""
        (x0, x1), (y0, y1) = self.ranges
        upright = (y1 - y0) / self.area().height() / ((x1 - x0) / self.area().width())
        for name, (at, lengths) in self._pushes.items():
            start = np.column_stack((at, np.full(len(at), HEIGHTS[name] * self._top / upright)))
            by = np.column_stack((lengths * (x1 - x0), np.zeros(len(at))))
            x, y = arrow_segments(start, by, x1 - x0)
            self.arrows[name].setData(x, y * upright)

    def lay_out(self) -> None:
        super().lay_out()
        self._lay_arrows()

    def above(self, painter: QPainter) -> None:
        area, theme = self.area(), self.theme
        zero = self.y_at(0.0)
        painter.setPen(QPen(QColor(theme.hair), 1))
        painter.drawLine(QPointF(area.left(), zero), QPointF(area.right(), zero))
        y, used = area.top() - self.px(11), self.px(6)
        if self.beyond:
            used += self.at(painter, area.left() + used, y, self.beyond, 12, colour=theme.fake) + self.px(14)
        for number, words in self.words_beside:
            width = metrics_of(self.px(12)).horizontalAdvance(f"{number} {words}")
            if used + width > area.width() * (1 - LONGEST) - self.px(8):
                break
            used += self.at(
                painter, area.left() + used, y, f"{number} {words}", 12, colour=theme.text
            ) + self.px(14)
        if self.arrow_unit:
            length = LONGEST * area.width()
            number = formatting.significant(self.arrow_unit, 1)
            painter.setPen(QPen(QColor(theme.mute), self.px(1.5)))
            left = area.right() - length
            painter.drawLine(QPointF(left, y), QPointF(area.right(), y))
            for x in (left, area.right()):
                painter.drawLine(QPointF(x, y - 3), QPointF(x, y + 3))
            self.at(painter, area.right() + self.px(6), y, number, 12, colour=theme.mute)
            if left - area.left() - used > self.px(100):
                self.at(painter, left - self.px(6), y, "arrow scale", 12, colour=theme.mute, right=True)
