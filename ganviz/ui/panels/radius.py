"""How far each line of a game of two numbers is from the rest point (0, 0), over the steps."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from pyqtgraph.functions import arrayToQPath
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPolygonF

from ganviz.record.run import Run
from ganviz.ui import formatting
from ganviz.ui.line_looks import Look, look_of
from ganviz.ui.lines import Line, Scene
from ganviz.ui.panels.legend import Entry
from ganviz.ui.panels.portrait_panel import PortraitPanel
from ganviz.ui.plot import Axis, EndLabel, Plot
from ganviz.ui.plotting import Limits, blend, decade_ticks, end_of_steps, step_ticks, ticks_between, width_of
from ganviz.ui.style import zigzag

FloatArray = npt.NDArray[np.float64]
MOST_DECADES = 18
"""The log axis shows at most this many powers of ten below its top."""
POINTS = 400
"""Groups of a long curve; each is drawn as its least and its largest value."""
Curve = tuple[FloatArray, FloatArray]


@dataclass(frozen=True)
class Drawn:
    """One line's two curves, steps against radius, and how they look."""

    id: str
    look: Look
    past: Curve
    future: Curve

    @property
    def last(self) -> tuple[float, float]:
        """The last step and the radius there."""
        steps, radius = self.future if len(self.future[0]) else self.past
        return float(steps[-1]), float(radius[-1])


class RadiusPlot(Plot):
    """Curves of any number of lines; past bold, future light; a cursor at the present step."""

    furthest = 400.0

    def __init__(self) -> None:
        super().__init__(margins=(66, 12, 60, 40))
        self.drawn: tuple[Drawn, ...] = ()
        self.changes: Sequence[int] = ()
        self.cursor = 0
        self.is_log = True
        self.cut = ""
        self._quick = False

    def draw_quickly(self, quickly: bool) -> None:
        """Thin lines without smoothing, or fine ones."""
        if quickly != self._quick:
            self._quick = quickly
            self.refresh()

    def height_of(self, radius: FloatArray) -> FloatArray:
        """Where a radius lies on the axis; the floor of a log axis for 0."""
        if not self.is_log:
            return radius
        least = 10.0 ** (self.ranges[1][0] - 1.0)
        return np.log10(np.maximum(radius, least))

    def below(self, painter: QPainter) -> None:
        area = self.area()
        painter.save()
        painter.setClipRect(area.adjusted(0, -1, 1, 1))
        pen = QPen(QColor(self.theme.ref), 1)
        pen.setDashPattern([2.0, 3.0])
        painter.setPen(pen)
        for step in self.changes:
            painter.drawLine(QPointF(self.x_at(step), area.top()), QPointF(self.x_at(step), area.bottom()))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, not self._quick)
        heavy = 1.0 if self._quick else max(1.0, self.scale_factor) * 2.0
        for each in self.drawn:
            colour = each.look.colour(self.theme)
            light = blend(colour, self.theme.panel, 0.5)
            for (steps, radius), ink, width in (
                (each.future, light, 1.0 if self._quick else 0.6 * heavy),
                (each.past, QColor(colour), heavy),
            ):
                if len(steps) > 1:
                    x, y = self.to_pixels(steps, self.height_of(radius))
                    y = np.clip(y, -2000.0, 4000.0)
                    if self._quick:
                        painter.setPen(each.look.pen(ink, width))
                        painter.drawPath(arrayToQPath(x, y, connect="all"))
                    else:
                        zigzag(painter, x, y, each.look.pen(ink, width))
        painter.restore()

    def above(self, painter: QPainter) -> None:
        area, x = self.area(), self.x_at(self.cursor)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(self.theme.ink), 1))
        painter.setBrush(QColor(self.theme.ink))
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        size = self.px(5)
        foot = QPointF(x, area.bottom())
        painter.drawPolygon(QPolygonF([foot, foot + QPointF(-size, size), foot + QPointF(size, size)]))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self.cut:
            y = area.bottom() + self.px(29)
            self.at(painter, self.width() - self.px(4), y, self.cut, 12, colour=self.theme.mute, right=True)


class RadiusPanel(PortraitPanel):
    """See the module."""

    key = "radius"
    equation = r"r_k=\sqrt{\theta_k^2+\psi_k^2}"
    legend_entries = (
        Entry("log", "log", group="axis"),
        Entry("linear", "linear", group="axis", on=False),
    )

    def build(self) -> None:
        self.plot = RadiusPlot()
        self.body.addWidget(self.plot, 1)
        self._linear = Limits(-1e-12, 1.0)

    def themed(self) -> tuple[RadiusPlot]:
        return (self.plot,)

    def draw_quickly(self, quickly: bool) -> None:
        self.plot.draw_quickly(quickly)

    def clear(self) -> None:
        self._scene = None
        plot = self.plot
        self._linear.forget()
        plot.drawn, plot.ends, plot.changes, plot.cursor, plot.cut = (), (), (), 0, ""
        plot.x_axis = Axis("steps k", step_ticks(20.0))
        plot.y_axis = Axis("radius, log scale", decade_ticks(-1, 0))
        plot.set_range((0.0, 20.0), (-1.0, 1.0))
        plot.refresh()

    def show_scene(self, scene: Scene, with_words: bool) -> None:
        plot = self.plot
        plot.drawn = tuple(
            Drawn(line.id, look_of(line.id), _past(scene.run, scene, line), _future(scene, line))
            for line in scene.lines
        )
        plot.changes, plot.cursor = scene.changes, scene.step
        plot.is_log = self.legend.is_on("log")
        end = end_of_steps(max(scene.end, scene.step))
        plot.x_axis = Axis("steps k", step_ticks(end))
        self._fit(end)
        self._name_ends(scene)
        plot.setAccessibleDescription("; ".join(label.text for label in plot.ends))
        plot.refresh()

    def _fit(self, end: float) -> None:
        plot = self.plot
        found = [radius for each in plot.drawn for _, radius in (each.past, each.future) if len(radius)]
        values = np.concatenate(found) if found else np.ones(1)
        values = values[np.isfinite(values)]
        if not plot.is_log:
            largest = min(float(values.max()), 1e6)
            plot.y_axis = Axis("radius", ticks_between(0.0, largest * 1.05 + 1e-12), "r")
            plot.set_range((0.0, end), (0.0, largest * 1.05 + 1e-12))
            plot.cut = ""
            return
        above = values[values > 0.0]
        high = math.ceil(math.log10(above.max()) + 0.02) if len(above) else 1
        high = min(high, 30)
        low = math.floor(math.log10(above.min())) if len(above) else -1
        is_cut = low < high - MOST_DECADES
        low = min(max(low, high - MOST_DECADES), high - 1)
        plot.y_axis = Axis("radius, log scale", decade_ticks(low, high, 6), "radius, log")
        plot.set_range((0.0, end), (float(low), float(high)))
        plot.cut = f"below {formatting.decade(low)}: not drawn" if is_cut else ""

    def _name_ends(self, scene: Scene) -> None:
        """Names at the right, each with the radius at its last step."""
        plot, ends = self.plot, []
        for each in plot.drawn:
            step, radius = each.last
            number = formatting.significant(radius, 3)
            left = step < max(scene.step, scene.end)
            words = f"{each.look.name}  left at {step:,.0f}" if left else f"{each.look.name}  {number}"
            height = float(plot.height_of(np.array([radius]))[0])
            low, high = plot.ranges[1]
            ends.append(EndLabel(min(max(height, low), high), words, each.look.colour(self.theme)))
        plot.ends = ends
        bold = QFont.Weight.DemiBold
        widest = max((width_of(label.text, plot.px(12), bold) for label in ends), default=0.0)
        wanted = math.ceil(widest / plot.scale_factor) + 14
        if plot.margins[2] != wanted:
            plot.margins = (*plot.margins[:2], wanted, plot.margins[3])
            plot.lay_out()


def _past(run: Run, scene: Scene, line: Line) -> Curve:
    """The radius that was played."""
    path = run.history.paths.get(line.id)
    if path is not None and len(line.past) > 2 * POINTS and line.steps[0] == 0:
        steps, radius = path.curve("radius", POINTS)
        shown = steps <= scene.step
        return steps[shown], radius[shown]
    return line.steps.astype(np.float64), np.hypot(*line.past.T)


def _future(scene: Scene, line: Line) -> Curve:
    """The radius that is to come, with the present one at its beginning."""
    if len(line.future) < 2:
        return np.zeros(0), np.zeros(0)
    return scene.step + np.arange(len(line.future), dtype=np.float64), np.hypot(*line.future.T)
