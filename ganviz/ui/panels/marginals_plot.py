"""Samples of one side of a CycleGAN and what a map makes of the other side: in the plane, or as densities
on a line."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPen

from ganviz.ui.plot import Axis, Plot
from ganviz.ui.plotting import Limits, ticks_between
from ganviz.ui.theme import Theme

Array = npt.NDArray[np.float64]
POINTS = 500
BINS = 60


class MarginalPlot(Plot):
    """``title``: which two are held against each other. :meth:`show_samples` draws them."""

    def __init__(self, title: str) -> None:
        super().__init__(margins=(34, 20, 8, 26))
        self.setMinimumSize(100, 100)
        self.title, self._flat = title, True
        self.points = {
            name: pg.ScatterPlotItem(pxMode=True, symbol=symbol)
            for name, symbol in (("real", "o"), ("fake", "d"))
        }
        self.steps = {name: self.curve(2.0, stepMode="center") for name in ("real", "fake")}
        for item in self.points.values():
            self.view.addItem(item, ignoreBounds=True)
        self._height = Limits(0.0, 1e-9)

    def find_area(self) -> QRectF:
        """Of the plane the largest square, in the middle of what is left over."""
        full = super().find_area()
        if not self._flat:
            return full
        side = min(full.width(), full.height())
        left, top = full.left() + (full.width() - side) / 2, full.top() + (full.height() - side) / 2
        return QRectF(left, top, side, side)

    def apply_theme(self, theme: Theme, scale: float) -> None:
        for name, colour in (("real", theme.real), ("fake", theme.fake)):
            self.colour_curve(self.steps[name], colour)
            self.points[name].setBrush(QColor(colour), update=False)
            self.points[name].setPen(pg.mkPen(None), update=False)
            self.points[name].setSize((5.5 if name == "fake" else 4.5) * scale)
        super().apply_theme(theme, scale)

    def forget(self) -> None:
        """Back to the empty frame."""
        self._height.forget()
        for item in self.points.values():
            item.setData([], [])
        for curve in self.steps.values():
            curve.setData([0.0, 1.0], [0.0])
        self.x_axis, self.y_axis = Axis(), Axis()
        self.refresh()

    def show_samples(
        self, real: Array, fake: Array, extent: tuple[tuple[float, float], ...], on: dict[str, bool]
    ) -> None:
        """Draw samples (n, 1) as densities or (n, 2) as points, over the range of the data."""
        self._flat = real.shape[1] == 2
        for name, samples in (("real", real), ("fake", fake)):
            known = samples[np.isfinite(samples).all(axis=1)]
            if self._flat:
                self.points[name].setData(*known[:POINTS].T)
                self.steps[name].setVisible(False)
            else:
                density, edges = np.histogram(known[:, 0], BINS, extent[0])
                self.steps[name].setData(edges, density / max(len(samples), 1) / (edges[1] - edges[0]))
                self.steps[name].setVisible(on[name])
            self.points[name].setVisible(self._flat and on[name])
        x = extent[0]
        y = extent[1] if self._flat else (0.0, 1.05 * self._top())
        self.set_range(x, y)
        self.x_axis = Axis("", ticks_between(*x))
        self.y_axis = Axis("", ticks_between(*y, 3))
        self.lay_out()
        self.refresh()

    def _top(self) -> float:
        """The height of the axis: it follows the higher of both densities, the fakes' up to three times the
        reals'."""
        real, fake = (float(np.max(self.steps[name].getData()[1])) for name in ("real", "fake"))
        return self._height.around(0.0, min(max(real, fake), 3.0 * real))[1]

    def above(self, painter: QPainter) -> None:
        area, theme = self.area(), self.theme
        painter.setPen(QPen(QColor(theme.axis), 1))
        painter.drawRect(area)
        self.at(painter, area.left(), area.top() - self.px(10), self.title, 13, colour=theme.ink, inside=True)
