"""A plot with a band at its foot, where the histograms of reals and fakes stand under the same axis."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from pyqtgraph.functions import arrayToQPolygonF
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPen

from ganviz.ui.plot import Plot
from ganviz.ui.plotting import blend

Array = npt.NDArray[np.float64]

BINS = 50
BAND = 0.26
"""Share of the plot's height that belongs to the histograms."""


class BandPlot(Plot):
    """``base`` is the height at which the band ends; ``counts`` are of "real" and "fake" over ``edges``."""

    def __init__(self, margins: tuple[int, int, int, int]) -> None:
        super().__init__(margins=margins)
        self.base = 0.0
        self.edges: Array = np.zeros(1)
        self.counts: dict[str, Array] = {}

    def set_height(self, x: tuple[float, float], low: float, high: float) -> None:
        """Show ``low`` to ``high`` above the band."""
        self.base = low
        self.set_range(x, (low - (high - low) * BAND / (1 - BAND), high))

    def count(self, samples: Mapping[str, Array]) -> None:
        """Histograms of these samples over the shown range."""
        self.counts = {}
        for name, values in samples.items():
            self.counts[name], self.edges = np.histogram(values, BINS, self.ranges[0])

    def below(self, painter: QPainter) -> None:
        low = self.ranges[1][0]
        most = max((float(counts.max()) for counts in self.counts.values()), default=0.0)
        for name, counts in self.counts.items():
            heights = (self.base - low) * 0.88 * counts / max(most, 1.0) + low
            x, y = self.to_pixels(np.repeat(self.edges, 2), np.r_[low, np.repeat(heights, 2), low])
            colour = self.theme.real if name == "real" else self.theme.fake
            fill = blend(colour, self.theme.panel, 0.42)
            fill.setAlphaF(0.55)  # both may stand in the same bins
            painter.setPen(QPen(QColor(colour), 1))
            painter.setBrush(fill)
            painter.drawPolygon(arrayToQPolygonF(x, y))
            painter.setBrush(Qt.BrushStyle.NoBrush)
