"""The plot of the saturation panel: cost curves, the marker with its tangents, the fakes of this moment."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from pyqtgraph.functions import arrayToQPolygonF
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen

from ganviz.ui.plot import Plot
from ganviz.ui.plotting import blend, width_of

Array = npt.NDArray[np.float64]
FLAT = 0.1
"""Below this a slope of the generator's cost is no push worth the name."""


class SaturationPlot(Plot):
    """The cost curves over the logit (or D, or the score f), the marker with its tangents, the histogram
    below."""

    def __init__(self) -> None:
        super().__init__(margins=(54, 8, 92, 52))
        self.counts: Array = np.zeros(0)
        self.edges: Array = np.zeros(1)
        self.base = 0.0
        self.marker = math.nan
        self.points: list[
            tuple[float, float, str, str]
        ] = []  # value, slope per unit of x (NaN: no tangent), colour, words
        self.rows: tuple[str, ...] = ("a", "D")

    def below(self, painter: QPainter) -> None:
        if not len(self.counts):
            return
        top = self.base + (self.base - self.ranges[1][0]) * -0.12
        height = (top - self.ranges[1][0]) * self.counts / max(float(self.counts.max()), 1.0)
        x, y = self.to_pixels(
            np.repeat(self.edges, 2), np.r_[0.0, np.repeat(height, 2), 0.0] + self.ranges[1][0]
        )
        painter.setPen(QPen(QColor(self.theme.fake), 1))
        painter.setBrush(blend(self.theme.fake, self.theme.panel, 0.3))
        painter.drawPolygon(arrayToQPolygonF(x, y))
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def above(self, painter: QPainter) -> None:
        area = self.area()
        for row, name in enumerate(self.rows):
            self.at(
                painter, self.px(12), area.bottom() + self.px(13 + 15 * row), name, 12, colour=self.theme.mute
            )
        if not math.isfinite(self.marker):
            return
        x = self.x_at(self.marker)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(self.theme.fake), self.px(2)))
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        for index, (value, slope, colour, words) in enumerate(self.points):
            self._draw_point(painter, QPointF(x, self.y_at(value)), slope, colour)
            self._name_point(painter, x, value, slope, colour=colour, words=words, below=index == 0)

    def _draw_point(self, painter: QPainter, at: QPointF, slope: float, colour: str) -> None:
        """The point of a curve at the marker, with the tangent there where the curve is a cost."""
        area = self.area()
        if not area.top() - 1 <= at.y() <= area.bottom() + 1:
            return
        if math.isfinite(slope):
            self._draw_tangent(painter, at, slope, colour)
        painter.setPen(QPen(QColor(self.theme.panel), 1.5))
        painter.setBrush(QColor(colour))
        painter.drawEllipse(at, self.px(5.5), self.px(5.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _draw_tangent(self, painter: QPainter, at: QPointF, slope: float, colour: str) -> None:
        area, ((x0, x1), (y0, y1)) = self.area(), self.ranges
        rise = -slope * (area.height() / (y1 - y0)) / (area.width() / (x1 - x0))
        reach = self.px(34) / math.hypot(1.0, rise)
        along = QPointF(reach, rise * reach)
        painter.setPen(QPen(QColor(colour), self.px(4), Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawLine(at - along, at + along)

    def _name_point(
        self, painter: QPainter, x: float, value: float, slope: float, *, colour: str, words: str, below: bool
    ) -> None:
        """The words of a point, where its curve is not: log(1−D) falls to the right, −log D to the left."""
        area, bold = self.area(), QFont.Weight.DemiBold
        y = self.y_at(value) + self.px(17 if below else -15)
        lowest = self.y_at(self.base) - self.px(9)  # the fakes stand below
        if below and y > lowest:
            y = lowest if lowest - self.y_at(value) >= self.px(13) else self.y_at(value) - self.px(15)
        left = below and self._finds_room(words, x)
        if below and not left and slope < -FLAT:  # at the right the falling curve is in the way
            words = words.rpartition(" ")[2]
            left = self._finds_room(words, x)
            y = y if left else lowest
        y = min(max(y, area.top() + self.px(8)), area.bottom() - self.px(8))
        edge = x + self.px(-12 if left else 12)
        self.at(painter, edge, y, words, 13, colour=colour, weight=bold, right=left, inside=True)

    def _finds_room(self, words: str, x: float) -> bool:
        """Whether words find room between the left axis and the marker."""
        return x - self.area().left() > width_of(words, self.px(13), QFont.Weight.DemiBold) + self.px(16)
