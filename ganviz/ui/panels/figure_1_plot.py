"""The picture of Figure 1: densities and D over x, and below them where z goes."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from ganviz.ui import formatting
from ganviz.ui.panels.best import Best
from ganviz.ui.plot import Axis, Plot
from ganviz.ui.plotting import Limits, Span, ticks_between
from ganviz.ui.theme import Theme

Array = npt.NDArray[np.float64]
STRIP_SHARE, STRIP_LEAST, STRIP_MOST = 0.3, 46, 112
"""Height of that row and the arrows: a share of the plot's, between these bounds in pixels at scale 1."""
BELOW_STRIP = 32
TICK_ROW = 19
"""The numbers of x stand in a row of this height, below which the arrows end."""
HIGHEST_OVER_DATA = 2.5
"""The axis of the densities ends at the latest at this multiple of the highest p_data: a peak is named."""


class Figure1Plot(Plot):
    """x above, z below. :meth:`show_densities`, :meth:`show_outputs` and :meth:`show_arrows` fill it."""

    def __init__(self) -> None:
        super().__init__(margins=(50, 14, 58, STRIP_LEAST + BELOW_STRIP))
        self.curves = {
            "q": self.curve(2.0, stepMode="center"),
            "p": self.curve(2.4, Qt.PenStyle.DotLine, antialias=True),
            "best": self.curve(1.8, antialias=True),
            "learned": self.curve(2.2, Qt.PenStyle.DashLine, antialias=True),
        }
        self.right_axis = Axis("", [])
        self.z: Array = np.zeros(0)
        self.g_of_z: Array = np.zeros(0)
        self.z_name, self.peak = "z", ""
        self.x_ticks: list[tuple[float, str]] = []
        self._heights, self._scores = Limits(0.0, 1e-9), Span()

    def find_area(self) -> QRectF:
        """Leave room below for the arrows, by the height that there is."""
        strip = min(max(STRIP_SHARE * self.height() / self.scale_factor, STRIP_LEAST), STRIP_MOST)
        self.margins = (*self.margins[:3], round(strip) + BELOW_STRIP)
        return super().find_area()

    def apply_theme(self, theme: Theme, scale: float) -> None:
        for key, colour in (("q", theme.fake), ("p", theme.real), ("best", theme.ref), ("learned", theme.d)):
            self.colour_curve(self.curves[key], colour)
        super().apply_theme(theme, scale)

    def forget(self) -> None:
        """Take nothing from before."""
        self._heights.forget()
        self._scores.forget()
        for key, curve in self.curves.items():
            curve.setData([0.0, 1.0], [0.0]) if key == "q" else curve.setData([], [])
        self.z, self.g_of_z, self.peak, self.x_ticks = np.zeros(0), np.zeros(0), "", []
        self.right_axis, self.y_axis = Axis("", []), Axis("density")

    # ------------------------------------------------------------ data

    def show_densities(self, edges: Array, p: Array, q: Array) -> None:
        """Draw both densities (bins,) over the bins; the height follows them."""
        high = max(float(p.max()), float(q.max()))
        most = HIGHEST_OVER_DATA * float(p.max()) if p.any() else high
        _, top = self._heights.around(0.0, min(high, most))
        self.set_range((float(edges[0]), float(edges[-1])), (0.0, top * 1.03))
        self.curves["q"].setData(edges, q)
        self.curves["p"].setData((edges[1:] + edges[:-1]) / 2, p)
        self.y_axis = Axis("density", ticks_between(0.0, top, 3))
        self.x_ticks = ticks_between(float(edges[0]), float(edges[-1]))
        self.peak = f"fakes: up to {formatting.significant(high, 2)} ↑" if high > top * 1.03 else ""

    def show_outputs(self, x: Array, best: Best | None, learned: Array) -> None:
        """Draw the learned output (bins,) and the best one, where there is one, on the right axis."""
        if best is not None and best.name == "D":
            low, high, ticks = 0.0, 1.0, [(0.0, "0"), (0.5, "½"), (1.0, "1")]
        else:
            both = np.concatenate([learned, best.optimal if best is not None else np.zeros(0)])
            finite = both[np.isfinite(both)]
            ends = np.percentile(finite, [2, 98]) if len(finite) else (math.nan, math.nan)
            low, high = self._scores.around(float(ends[0]), float(ends[1]))
            ticks = ticks_between(low, high, 3)
        scale = self.ranges[1][1] / 1.03 / (high - low)
        self.curves["learned"].setData(x, (learned - low) * scale)
        optimal = (best.optimal - low) * scale if best is not None else np.zeros(0)
        self.curves["best"].setData(x[: len(optimal)], optimal)
        name = "D(x)" if best is not None and best.name == "D" else "f(x)"
        self.right_axis = Axis(name, [((value - low) * scale, text) for value, text in ticks])

    def show_arrows(self, z: Array, g_of_z: Array, name: str) -> None:
        """Draw an arrow from each z to its x = G(z)."""
        self.z, self.g_of_z, self.z_name = z, g_of_z, name

    # ------------------------------------------------------------ painting

    def above(self, painter: QPainter) -> None:
        area, theme = self.area(), self.theme
        floor = area.bottom() + self.px(self.margins[3] - BELOW_STRIP)
        ceiling = area.bottom() + self.px(TICK_ROW)
        self._draw_arrows(painter, ceiling, floor)
        painter.setPen(QPen(QColor(theme.axis), 1))
        for y in (area.bottom(), ceiling, floor):
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
        for value, text in self.x_ticks:
            self._tick(painter, self.x_at(value), area.bottom(), text)
        for value, text in self._z_ticks():
            self._tick(painter, self._z_at(value), floor, text)
        right = area.right() + self.px(8)
        self.at(painter, right, ceiling, "x = G(z)", 12, colour=theme.text)
        wide = len(self.z_name) > 1
        below = self.px(24) if wide else 0.0
        self.at(
            painter,
            area.right() if wide else right,
            floor + below,
            self.z_name,
            12,
            colour=theme.text,
            right=wide,
        )
        if self.peak:
            self.at(
                painter, area.right(), area.top() - self.px(7), self.peak, 12, colour=theme.fake, right=True
            )

    def _tick(self, painter: QPainter, x: float, y: float, text: str) -> None:
        painter.setPen(QPen(QColor(self.theme.axis), 1))
        painter.drawLine(QPointF(x, y), QPointF(x, y + self.px(4)))
        self.at(
            painter,
            x,
            y + self.px(12),
            text,
            12,
            colour=self.theme.mute,
            middle=True,
            ground=self.theme.panel,
        )

    def _z_ticks(self) -> list[tuple[float, str]]:
        reach = self._z_reach()
        return ticks_between(-reach, reach) if len(self.z) else []

    def _z_reach(self) -> float:
        return 1.08 * float(np.abs(self.z).max()) if len(self.z) else 1.0

    def _z_at(self, z: float) -> float:
        area, reach = self.area(), self._z_reach()
        return area.left() + (z + reach) / (2.0 * reach) * area.width()

    def _draw_arrows(self, painter: QPainter, ceiling: float, floor: float) -> None:
        area = self.area()
        painter.save()
        painter.setClipRect(QRectF(area.left(), ceiling, area.width(), floor - ceiling))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour, size = QColor(self.theme.fake), self.px(3.2)
        for z, x in zip(self.z, self.g_of_z, strict=True):
            if not math.isfinite(x):
                continue
            tip = QPointF(self.x_at(float(x)), ceiling + 1)
            start = QPointF(self._z_at(float(z)), floor)
            painter.setPen(QPen(colour, self.px(1.1)))
            painter.drawLine(start, tip)
            way = tip - start
            length = math.hypot(way.x(), way.y())
            along, across = way / length * 2.4 * size, QPointF(-way.y(), way.x()) / length * size
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawPolygon(QPolygonF([tip, tip - along + across, tip - along - across]))
        painter.restore()
