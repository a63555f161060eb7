"""How fast each player moves: the length of an update, the gradient behind it, the update against the
weights."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import Qt

from ganviz.record.run import Run
from ganviz.ui import formatting
from ganviz.ui.history_plot import DASHED_POINTS, SOLID_POINTS, Array, HistoryPlot
from ganviz.ui.panels.curves import CurvesPanel
from ganviz.ui.panels.figures import Figure, Figures
from ganviz.ui.panels.legend import Entry
from ganviz.ui.panels.weight_path import ROOMY, colour_of
from ganviz.ui.plot import Axis, EndLabel
from ganviz.ui.plotting import decade_ticks, decades_of

QUANTITIES = {"step": "update", "grad": "gradient", "ratio": "update/‖w‖"}
"""What can be shown, by the end of the columns' names, and its word."""
PLAYERS = {"d": "D", "g": "G"}
DECADES = 14
"""The log axis shows at most this many powers of ten below its top."""
TIPS = {
    "step": "‖Δw‖: how far one update moves the player, in units of its weights.",
    "grad": "‖∇L‖ before clipping, penalties included.",
    "ratio": "‖Δw‖/‖w‖: the share of its weights that one update changes.",
}


class SpeedPanel(CurvesPanel):
    """See the module."""

    key = "speed"
    equation = r"\|\Delta w\|,\ \|\nabla L\|,\ \|\Delta w\|/\|w\|"
    needs = frozenset({"gradients"})
    legend_entries = (
        Entry("d", "D"),
        Entry("g", "G", "dash"),
        Entry("step", "update", group="what", tip=TIPS["step"]),
        Entry("grad", "gradient", group="what", on=False, tip=TIPS["grad"]),
        Entry("ratio", "update/‖w‖", group="what", on=False, tip=TIPS["ratio"]),
    )

    def build(self) -> None:
        self.figures, self.plot = Figures(), HistoryPlot(right=88)
        self.curves = {"d": self.plot.curve(2.0), "g": self.plot.curve(2.0, Qt.PenStyle.DashLine)}
        self.body.addWidget(self.figures)
        self.body.addWidget(self.plot, 1)

    def themed(self) -> tuple[Figures, HistoryPlot]:
        return self.figures, self.plot

    @property
    def quantity(self) -> str:
        """What is shown now, a key of QUANTITIES."""
        return next(key for key in QUANTITIES if self.legend.is_on(key))

    def clear(self) -> None:
        super().clear()
        self._style()
        self._fit([])
        mute = self.theme.mute
        self.figures.say([Figure(name, "–", "", mute) for name in PLAYERS.values()], self.nothing_yet)

    def draw(self, run: Run) -> None:
        self.figures.show_line(self.is_high(ROOMY))
        if not self.curves_are_due(run):
            return
        self._style()
        self.plot.show_time(run)
        drawn = {}
        for name, curve in self.curves.items():
            steps, values = self._values(run, name)
            drawn[name] = np.log10(values, out=np.full(len(values), math.nan), where=values > 0.0)
            curve.setData(steps, drawn[name])
            curve.setVisible(self.legend.is_on(name))
        self._fit([values for name, values in drawn.items() if self.legend.is_on(name)])
        self._name_ends(drawn)
        if self.text_is_due(run):
            self._say(run)
        self.plot.refresh()

    def export_data(self) -> dict[str, np.ndarray]:
        what = self.quantity
        data: dict[str, np.ndarray] = {}
        for name, curve in self.curves.items():
            steps, logs = curve.getData()
            if steps is not None and len(steps):
                data |= {f"{name}_{what}_at": steps, f"{name}_{what}": 10.0**logs}
        return data

    # ------------------------------------------------------------ drawing

    def _values(self, run: Run, name: str) -> tuple[Array, Array]:
        width = DASHED_POINTS if name == "g" else SOLID_POINTS
        return run.history.measured.curve(f"{name}_{self.quantity}", width)

    def _style(self) -> None:
        for name, curve in self.curves.items():
            colour = colour_of(self.theme, name)
            self.plot.colour_curve(curve, colour)
            self.legend.buttons[name].say(PLAYERS[name], colour)

    def _fit(self, logs: list[Array]) -> None:
        values = np.concatenate([np.zeros(0), *logs])
        values = values[np.isfinite(values)]
        low, high = decades_of(values, DECADES)
        low = min(low, high - 1)
        titles = {
            "step": ("length of an update, log scale", "‖Δw‖, log"),
            "grad": ("gradient norm, log scale", "‖∇L‖, log"),
            "ratio": ("update over weights, log scale", "‖Δw‖/‖w‖, log"),
        }
        title, short = titles[self.quantity]
        self.plot.y_axis = Axis(title, decade_ticks(low, high), short)
        self.plot.set_range(self.plot.steps, (float(low), float(high)))

    def _name_ends(self, drawn: dict[str, Array]) -> None:
        ends = []
        for name, logs in drawn.items():
            known = logs[np.isfinite(logs)]
            if len(known) and self.legend.is_on(name):
                value = formatting.significant(10.0 ** float(known[-1]), 2)
                colour = self.theme.g_text if name == "g" else colour_of(self.theme, name)
                ends.append(EndLabel(float(known[-1]), f"{PLAYERS[name]}  {value}", colour))
        self.plot.ends = ends

    def _say(self, run: Run) -> None:
        last = run.history.measured.last
        figures = []
        for name, title in PLAYERS.items():
            colour = self.theme.g_text if name == "g" else colour_of(self.theme, name)
            step, share = last(f"{name}_step"), last(f"{name}_ratio")
            note = f"{formatting.significant(100 * share, 2)} % of ‖w‖"
            figures.append(Figure(f"{title}: update", formatting.significant(step, 2), note, colour))
        d, g = last("d_step"), last("g_step")
        ratio = formatting.significant(d / g, 2) if g > 0.0 else "–"
        figures.append(Figure("D's / G's update", f"{ratio}×", "each one update", self.theme.ink))
        at = formatting.fixed(last("step"), 0)
        how = f"one update with the gradient of a fresh batch, step {at}; rate, clipping, penalties in it"
        self.figures.say(figures, (how, f"one update with a fresh batch's gradient, step {at}", f"step {at}"))
