"""Whether what each map makes is distributed as it should be: G(x) against Y, F(y) against X."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from ganviz.frame import Measurement
from ganviz.record.run import Run
from ganviz.ui import formatting
from ganviz.ui.history_plot import DASHED_POINTS, SOLID_POINTS, HistoryPlot
from ganviz.ui.panels.columns import ROOMY
from ganviz.ui.panels.curves import CurvesPanel
from ganviz.ui.panels.figures import Figure, Figures
from ganviz.ui.panels.legend import Entry
from ganviz.ui.panels.marginals_plot import MarginalPlot
from ganviz.ui.plot import Axis, EndLabel
from ganviz.ui.plotting import Limits, ticks_between

SIDES = {"y": "G(x) and Y", "x": "F(y) and X"}
"""Side to what is held against each other."""
ENDS = {"w1_y": "G(x), Y", "w1_x": "F(y), X"}


class MarginalsPanel(CurvesPanel):
    """See the module."""

    key = "marginals"
    curve_seconds = 0.0
    equation = r"W_1(G(x), y),\quad W_1(F(y), x)"
    needs = frozenset({"marginals"})
    legend_entries = (
        Entry("real", "real", "disc"),
        Entry("fake", "generated", "diamond"),
        Entry("now", "now", group="view", tip="The samples of this moment."),
        Entry("steps", "over the steps", group="view", on=False, tip="Both distances, step by step."),
    )

    def build(self) -> None:
        self.figures, self.plot = Figures(), HistoryPlot(right=92)
        self.plots = {side: MarginalPlot(title) for side, title in SIDES.items()}
        self.curves = {
            "w1_y": self.plot.curve(2.0),
            "w1_x": self.plot.curve(2.0, Qt.PenStyle.DashLine),
        }
        page = QWidget()
        row = QHBoxLayout(page)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for plot in self.plots.values():
            row.addWidget(plot, 1)
        self._pages: dict[str, QWidget] = {"now": page, "steps": self.plot}
        self._stack = QStackedWidget()
        for widget in self._pages.values():
            self._stack.addWidget(widget)
        self.body.addWidget(self.figures)
        self.body.addWidget(self._stack, 1)
        self._limits = Limits(0.0, 0.05)
        self._are_images = False
        self._data: dict[str, np.ndarray] = {}
        self._extents: dict[str, tuple[tuple[float, float], ...]] = {}

    def themed(self) -> tuple[QWidget, ...]:
        return self.figures, *self.plots.values(), self.plot

    @property
    def view(self) -> str:
        """What is shown: "now" or "steps", of images always that."""
        return "steps" if self._are_images or self.legend.is_on("steps") else "now"

    def clear(self) -> None:
        super().clear()
        self._data, self._are_images = {}, False
        self._extents.clear()
        self._limits.forget()
        for plot in self.plots.values():
            plot.hint = self.nothing_yet
            plot.forget()
        self._take_view()
        self._fit()
        self._say(None)

    def draw(self, run: Run) -> None:
        self.figures.show_line(self.is_high(ROOMY))
        found = self.fresh(run, "marginals")
        if found is not None:
            self._are_images = "real_x" not in found
            self._take_view()
            if not self._are_images:
                self._show_samples(found)
            self._say(found)
        if self.view == "steps" and self.curves_are_due(run):
            self._show_history(run)

    def export_data(self) -> dict[str, np.ndarray]:
        if self.view == "steps":
            return super().export_data()
        return {
            f"{name}_{index + 1}": column
            for name, values in self._data.items()
            for index, column in enumerate(values.T)
        }

    # ------------------------------------------------------------ drawing

    def _take_view(self) -> None:
        self._stack.setCurrentWidget(self._pages[self.view])
        points, views = {"real", "fake"} if self.view == "now" else set(), {"now", "steps"}
        self.legend.show_only(points | (set() if self._are_images else views))
        self.legend.setVisible(not self._are_images)
        for key, colour in (("real", self.theme.real), ("fake", self.theme.fake)):
            self.legend.buttons[key].say("real" if key == "real" else "generated", colour)
        for curve in self.curves.values():
            self.plot.colour_curve(curve, self.theme.text)

    def _show_samples(self, found: Measurement) -> None:
        on = {name: self.legend.is_on(name) for name in ("real", "fake")}
        for side, plot in self.plots.items():
            real, fake = (np.asarray(found[f"{kind}_{side}"], float) for kind in ("real", "fake"))
            self._data |= {f"real_{side}": real, f"fake_{side}": fake}
            plot.hint = ""
            low, high = real.min(axis=0), real.max(axis=0)
            middle, half = (high + low) / 2, 0.65 * (high - low)
            if real.shape[1] == 2:
                half = np.full(2, half.max())
            extent = tuple((float(m - h), float(m + h)) for m, h in zip(middle, half, strict=True))
            plot.show_samples(real, fake, self._steady(side, extent), on)

    def _steady(self, side: str, extent: tuple[tuple[float, float], ...]) -> tuple[tuple[float, float], ...]:
        """The range of the first look at these data: the next ones are other samples of the same."""
        known = self._extents.setdefault(side, extent)
        return known if len(known) == len(extent) else extent

    def _show_history(self, run: Run) -> None:
        self.plot.show_time(run)
        for name, curve in self.curves.items():
            width = DASHED_POINTS if name == "w1_x" else SOLID_POINTS
            curve.setData(*run.history.measured.curve(name, width))
        self._fit()
        self.plot.refresh()

    def _fit(self) -> None:
        drawn = {name: curve.getData()[1] for name, curve in self.curves.items()}
        known = {name: y[np.isfinite(y)] for name, y in drawn.items() if y is not None}
        values = np.concatenate([np.zeros(0), *known.values()])
        low, high = self._limits.around(0.0, float(np.percentile(values, 99)) if len(values) else math.nan)
        self.plot.set_range(self.plot.steps, (low, high))
        self.plot.y_axis = Axis("distance (data units)", ticks_between(low, high), "distance")
        self.plot.ends = [
            EndLabel(float(y[-1]), ENDS[name], self.theme.text) for name, y in known.items() if len(y)
        ]

    def _say(self, found: Measurement | None) -> None:
        figures = []
        for side, title in SIDES.items():
            number, note = "–", ""
            if found is not None:
                number = formatting.significant(float(found[f"w1_{side}"]), 2)
                note = f"floor {formatting.significant(float(found[f'w1_{side}_floor']), 2)}"
            figures.append(Figure(title, number, note, self.theme.text))
        if found is None:
            self.figures.say(figures, self.nothing_yet)
            return
        count, lines = formatting.fixed(float(found["samples"]), 0), int(found["slices"])
        name = "W1" if lines == 1 else f"sliced W1, {lines} directions"
        floor = "floor: what as many real samples read"
        self.figures.say(figures, (f"{name} of {count} samples; {floor}", f"{name}, {count} samples", name))
