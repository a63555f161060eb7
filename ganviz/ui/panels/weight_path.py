"""The way of the weights: each player's recorded states in the plane in which its path is widest, and both
players' together."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QGridLayout

from ganviz.frame import Measurement
from ganviz.record.run import Run
from ganviz.ui import formatting
from ganviz.ui.panels.base import Panel
from ganviz.ui.panels.figures import Figure, Figures
from ganviz.ui.plot import Axis, Plot
from ganviz.ui.plotting import blend, round_up
from ganviz.ui.style import zigzag
from ganviz.ui.theme import Theme

Array = npt.NDArray[np.float64]
NAMES = {"both": "G and D", "g": "G", "d": "D"}
SHADES = 10
"""Parts of a path with a shade of their own, from the start to the newest state."""
PALEST = 0.4
ROOMY = 300
"""Height of the panel, in pixels at scale 1, from which on the convention has a line of its own."""


def colour_of(theme: Theme, name: str) -> str:
    """The colour of a player's path, or of both players' together."""
    return {"g": theme.g, "d": theme.d}.get(name, theme.other)


class PathPlot(Plot):
    """One path in its plane, both axes to one scale: start ○, newest state ●, darker as the run goes on. A
    ``small`` one has its name and its reach above instead of axes."""

    def __init__(self, name: str, small: bool) -> None:
        super().__init__(margins=(6, 19, 6, 4) if small else (42, 6, 8, 38))
        self.setMinimumSize(70, 70)
        self.name, self.small = name, small
        self.points: Array = np.zeros((0, 2))

    def find_area(self) -> QRectF:
        """The largest square, in the middle of what is left over."""
        full = super().find_area()
        side = min(full.width(), full.height())
        left, top = full.left() + (full.width() - side) / 2, full.top() + (full.height() - side) / 2
        return QRectF(left, top, side, side)

    def show_path(self, at: Array) -> None:
        """Draw these points (n, 2), the first state first."""
        self.points = at
        largest = float(np.abs(at).max(initial=0.0))
        reach = round_up(1.08 * largest) if np.isfinite(largest) and largest > 0.0 else 1.0
        self.set_range((-reach, reach), (-reach, reach))
        if not self.small:
            ticks = [(value, formatting.significant(value, 2)) for value in (-reach, 0.0, reach)]
            self.x_axis, self.y_axis = Axis("1st direction", ticks), Axis("2nd direction", ticks)
        self.refresh()

    def above(self, painter: QPainter) -> None:
        area, theme = self.area(), self.theme
        painter.setPen(QPen(QColor(theme.border), 1))
        painter.drawRect(area)
        if self.small:
            words = f"{NAMES[self.name]}  ±{formatting.significant(self.ranges[0][1], 2)}"
            self.at(painter, area.left(), area.top() - self.px(9), words, 12, colour=theme.mute, inside=True)
        if not len(self.points):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(area.adjusted(-1, -1, 1, 1))
        x, y = self.to_pixels(self.points[:, 0], self.points[:, 1])
        colour = colour_of(theme, self.name)
        bounds = np.linspace(0, len(x) - 1, min(SHADES, max(len(x) - 1, 1)) + 1).round().astype(int)
        shades = np.linspace(PALEST, 1.0, len(bounds) - 1)
        for start, stop, shade in zip(bounds[:-1], bounds[1:], shades, strict=True):
            pen = QPen(blend(colour, theme.panel, float(shade)), self.px(1.8))
            zigzag(painter, x[start : stop + 1], y[start : stop + 1], pen)
        radius = self.px(4.5)
        painter.setPen(QPen(QColor(theme.ink), self.px(1.6)))
        painter.setBrush(QColor(theme.panel))
        painter.drawEllipse(QPointF(x[0], y[0]), radius, radius)
        painter.setPen(QPen(QColor(theme.panel), 1))
        painter.setBrush(QColor(theme.ink))
        painter.drawEllipse(QPointF(x[-1], y[-1]), radius, radius)
        painter.restore()


class WeightPathPanel(Panel):
    """See the module."""

    key = "weight_path"
    equation = r"w_k\approx\bar w+a_k u_1+b_k u_2"
    needs = frozenset({"weight_path"})

    def build(self) -> None:
        self.figures = Figures()
        self.plots = {name: PathPlot(name, small=name != "both") for name in NAMES}
        grid = QGridLayout()
        grid.setSpacing(2)
        grid.addWidget(self.plots["both"], 0, 0, 2, 1)
        for row, name in enumerate(("g", "d")):
            grid.addWidget(self.plots[name], row, 1)
        grid.setColumnStretch(0, 2)
        grid.setColumnStretch(1, 1)
        self.body.addWidget(self.figures)
        self.body.addLayout(grid, 1)
        self._data: dict[str, np.ndarray] = {}

    def themed(self) -> tuple[Figures | PathPlot, ...]:
        return (self.figures, *self.plots.values())

    def clear(self) -> None:
        self._data = {}
        for plot in self.plots.values():
            plot.show_path(np.zeros((0, 2)))
        mute = self.theme.mute
        self.figures.say([Figure(name, "–", "", mute) for name in NAMES.values()], self.nothing_yet)

    def draw(self, run: Run) -> None:
        self.figures.show_line(self.is_high(ROOMY))
        seen = self.fresh(run, "weight_path")
        if seen is None or "steps" not in seen:
            return
        self._data = {"step": np.asarray(seen["steps"])}
        for name, plot in self.plots.items():
            at = np.asarray(seen[name], float)
            plot.show_path(at)
            self._data |= {f"{name}_1": at[:, 0], f"{name}_2": at[:, 1]}
        self._say(seen)

    def export_data(self) -> dict[str, np.ndarray]:
        return dict(self._data)

    def _say(self, seen: Measurement) -> None:
        steps = np.asarray(seen["steps"])
        figures = []
        for name, title in NAMES.items():
            turns = abs(float(seen[f"{name}_turns"]))
            explained = (100.0 * float(share) for share in seen[f"{name}_explained"])
            number = f"{formatting.fixed(turns, 1)} turn{'' if formatting.fixed(turns, 1) == '1.0' else 's'}"
            note = f"{formatting.fixed(sum(explained), 0)} % explained"
            ink = {"g": self.theme.g_text}.get(name, colour_of(self.theme, name))
            figures.append(Figure(title, number, note, ink))
        counts = " + ".join(formatting.fixed(float(seen[f"parameters_{name}"]), 0) for name in ("g", "d"))
        newest = formatting.fixed(float(steps[-1]), 0)
        states = (
            f"{len(steps)} recorded states, ○ step {formatting.fixed(float(steps[0]), 0)}, ● step {newest}"
        )
        self.figures.say(
            figures,
            (
                f"two leading principal directions of {counts} weights; {states}; darker: later",
                f"principal directions of {counts} weights; {states}",
                f"principal directions; {states}",
                states,
            ),
        )
