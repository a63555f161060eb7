"""The plots of the critic panel: both networks along the line between the means, and the critic's weights."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from pyqtgraph.functions import arrayToQPolygonF
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from ganviz.ui.panels.histograms import BandPlot
from ganviz.ui.plot import Plot
from ganviz.ui.plotting import blend

Array = npt.NDArray[np.float64]


class LinePlot(BandPlot):
    """Both networks along the line, the two means marked on its foot."""

    def __init__(self) -> None:
        super().__init__(margins=(54, 12, 66, 42))
        self.means: tuple[float, float] | None = None  # of the fakes, of the reals

    def above(self, painter: QPainter) -> None:
        if self.means is None:
            return
        area = self.area()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        half = self.px(5.5)
        fake, real = (QPointF(self.x_at(mean), area.bottom()) for mean in self.means)
        painter.setBrush(QColor(self.theme.fake))
        corners = ((0, -half), (half, 0), (0, half), (-half, 0))
        painter.drawPolygon(QPolygonF([fake + QPointF(dx, dy) for dx, dy in corners]))
        painter.setBrush(QColor(self.theme.real))
        painter.drawEllipse(real, half, half)
        painter.setBrush(Qt.BrushStyle.NoBrush)


class WeightsPlot(Plot):
    """The histogram of the critic's weights."""

    def __init__(self) -> None:
        super().__init__(margins=(16, 30, 16, 42))
        self.edges: Array = np.zeros(1)
        self.shares: Array = np.zeros(0)
        self.note = ""
        self.colour = ""

    def below(self, painter: QPainter) -> None:
        if not len(self.shares):
            return
        x, y = self.to_pixels(np.repeat(self.edges, 2), np.r_[0.0, np.repeat(self.shares, 2), 0.0])
        painter.setPen(QPen(QColor(self.colour), 1))
        painter.setBrush(blend(self.colour, self.theme.panel, 0.45))
        painter.drawPolygon(arrayToQPolygonF(x, y))
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def above(self, painter: QPainter) -> None:
        area = self.area()
        at = (area.center().x(), area.top() - self.px(14))
        self.at(painter, *at, self.note, 13, colour=self.theme.ink, middle=True, inside=True)
