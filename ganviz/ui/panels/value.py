"""V(D, G) under its ceiling, and how far p_g is from p_data: JSD, KL both ways, W1."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import Qt

from ganviz.frame import Measurement
from ganviz.record.run import Run
from ganviz.theory.objective import LOG_2, LOG_4
from ganviz.ui import formatting
from ganviz.ui.history_plot import DASHED_POINTS, SOLID_POINTS, Array, HistoryPlot, find_beyond
from ganviz.ui.panels.curves import CurvesPanel
from ganviz.ui.panels.figures import Figure, Figures
from ganviz.ui.panels.legend import Entry
from ganviz.ui.panels.readout import Line
from ganviz.ui.plot import Axis, EndLabel, Reference
from ganviz.ui.plotting import Limits, ticks_between

NO_DENSITY = "The density of images is not known: nothing can be measured against it."
LEAST, MOST = (-1.5, 0.8), 6.0
"""What the plot always shows, and the height that it never exceeds."""
ROOMY = 330
"""Height of the panel, in pixels at scale 1, from which on the convention has a line of its own."""
PATTERNS = {
    "ceiling": Qt.PenStyle.DashLine,
    "kl_generated": Qt.PenStyle.DashLine,
    "w1": Qt.PenStyle.DashDotLine,
}


BOUNDED_FROM = {"kl": ("missed_data", 0.02), "kl_generated": ("beyond_data", 0.0)}
"""The KLs that are lower bounds where more than this share of the data has no fakes, or of the fakes no
data: there the true ratio of the densities is beyond what so many samples can tell."""


def least_of(name: str, measured: Measurement) -> str:
    """A number as it is read, "≥" before a KL that is a lower bound."""
    value, (share, most) = float(measured[name]), BOUNDED_FROM.get(name, ("", 0.0))
    bound = "≥ " if share and float(measured[share]) > most else ""
    return bound + formatting.reading(value) if value < 10.0 else bound + formatting.significant(value, 2)


class ValuePanel(CurvesPanel):
    """See the module."""

    key = "value"
    equation = r"-\log 4\ \leq\ V(D^*,G) = 2\,\mathrm{JSD}(p\,\|\,q)-\log 4"
    short_equation = r"V\leq 2\,\mathrm{JSD}-\log 4"
    needs = frozenset({"divergence", "perfect"})
    legend_entries = (
        Entry("value", "V", tip="V = −L_D, as reached by D at each step."),
        Entry("ceiling", "ceiling", "dash", tip="2 JSD − log 4: what the best D would reach."),
        Entry("jsd", "JSD", tip="Jensen-Shannon divergence, 0 to log 2; its bias is subtracted."),
        Entry("kl", "KL(p‖q)", tip="Averaged over the data: large where p_g misses a part of the data."),
        Entry(
            "kl_generated",
            "KL(q‖p)",
            "dash",
            tip="Averaged over the fakes: large where p_g lies off the data. Kept while shown.",
        ),
        Entry("w1", "W1", "dash", tip="How far mass must be moved, in units of the data: it has no ceiling."),
    )

    def build(self) -> None:
        self.figures, self.plot = Figures(), HistoryPlot(right=78)
        self.curves = {
            entry.key: self.plot.curve(2.0, PATTERNS.get(entry.key, Qt.PenStyle.SolidLine))
            for entry in self.legend_entries
        }
        self.body.addWidget(self.figures)
        self.body.addWidget(self.plot, 1)
        self.plot.references = [Reference(-LOG_4), Reference(LOG_2)]
        self._limits = Limits(*LEAST)
        self._generated: list[tuple[int, float]] = []  # step and KL(q‖p), which the record does not hold
        self._w1, self._plays_v = "W1", True

    def themed(self) -> tuple[Figures, HistoryPlot]:
        return self.figures, self.plot

    def make_room(self) -> None:
        self.figures.show_line(self.is_high(ROOMY))

    def clear(self) -> None:
        super().clear()
        self.not_applicable("")
        self._limits.forget()
        self._generated = []
        self._style()
        self._fit()
        self._say(None, None, math.nan)

    def draw(self, run: Run) -> None:
        measured = run.frame.get("divergence")
        if not self.curves_are_due(run, measured.serial if measured else -1, run.experiment.objective):
            return
        self.make_room()
        source = run.experiment.source()
        self.not_applicable(NO_DENSITY if source.dim > 2 else "")
        self._plays_v = self.objective(run).plays_v
        self._w1 = "W1" if source.dim == 1 else "sliced W1"
        self.plot.show_time(run)
        if source.dim > 2:
            self.plot.hint = ""
        self._keep(measured)
        for key, (steps, values) in self._lines(run, measured).items():
            self.curves[key].setData(steps, values)
        self._style()
        self._fit()
        if self.text_is_due(run):
            rows = run.history.steps.rows
            value = float(run.history.steps.last("value")) if rows else math.nan
            self._say(measured, run.frame.get("perfect"), value)
        self.plot.refresh()

    # ------------------------------------------------------------ drawing

    def _keep(self, measured: Measurement | None) -> None:
        """Add the newest KL(q‖p); what lies after it belongs to a part of the run that was taken back."""
        if measured is None:
            return
        self._generated = [one for one in self._generated if one[0] < measured.step]
        self._generated.append((measured.step, float(measured["kl_generated"])))

    def _lines(self, run: Run, measured: Measurement | None) -> dict[str, tuple[Array, Array]]:
        """Steps and values of every curve: as recorded and, newest, as the frame has them."""
        lines = {"value": run.history.steps.curve("value", SOLID_POINTS)}
        for key in ("jsd", "kl", "w1"):
            steps, values = run.history.measured.curve(key, DASHED_POINTS)
            if measured is not None and (not len(steps) or measured.step > steps[-1]):
                steps, values = (
                    np.append(steps, float(measured.step)),
                    np.append(values, float(measured[key])),
                )
            lines[key] = steps, values
        lines["ceiling"] = lines["jsd"][0], 2.0 * lines["jsd"][1] - LOG_4
        kept = np.array(self._generated, dtype=np.float64).reshape(-1, 2)[-2 * SOLID_POINTS :]
        lines["kl_generated"] = kept[:, 0], kept[:, 1]
        return lines

    def _fit(self) -> None:
        """Set the height by what is switched on, and name what leaves it."""
        lines = {key: curve.getData() for key, curve in self.curves.items() if self.legend.is_on(key)}
        known = {key: (x, y) for key, (x, y) in lines.items() if y is not None and np.isfinite(y).any()}
        ends = [
            (float(np.nanpercentile(y, 3)), float(np.nanpercentile(y, 95)), float(y[np.isfinite(y)][-1]))
            for _, y in known.values()
        ]
        low = min((min(first, last) for first, _, last in ends), default=math.nan)
        high = max((max(most, last) for _, most, last in ends), default=math.nan)
        low, high = self._limits.around(low, high)
        high = min(high, MOST)
        self.plot.set_range(self.plot.steps, (low, high))
        self.plot.y_axis = Axis(
            "nats (W1: data units)",
            ticks_between(low, high),
            marks=[(-LOG_4, "−log 4"), (LOG_2, "log 2")],
        )
        beyond = [
            each
            for key, (x, y) in known.items()
            for each in find_beyond(x, y, low, high, self._colours()[key])
        ]
        tops = sorted((each for each in beyond if each.is_top), key=lambda each: -each.value)[:2]
        self.plot.beyond = [*tops, *[each for each in beyond if not each.is_top][:2]]
        names = {entry.key: entry.text for entry in self.legend_entries}
        self.plot.ends = [
            EndLabel(float(y[np.isfinite(y)][-1]), names[key], self._colours()[key])
            for key, (_, y) in known.items()
        ]

    def _colours(self) -> dict[str, str]:
        theme = self.theme
        return {
            "value": theme.d,
            "ceiling": theme.ref,
            "jsd": theme.ref,
            "kl": theme.other,
            "kl_generated": theme.other,
            "w1": theme.text,
        }

    def _style(self) -> None:
        names = {entry.key: entry.text for entry in self.legend_entries}
        for key, colour in self._colours().items():
            self.legend.buttons[key].say(names[key], colour)
            self.plot.colour_curve(self.curves[key], colour)
            self.curves[key].setVisible(self.legend.is_on(key))

    def _say(self, measured: Measurement | None, perfect: Measurement | None, value: float) -> None:
        colours = self._colours()
        numbers = {"jsd": "JSD", "kl": "KL(p‖q)", "kl_generated": "KL(q‖p)", "w1": self._w1}
        ceiling = ""
        if not self._plays_v:
            ceiling = "no V here"
        elif measured is not None:
            ceiling = f"≤ {formatting.fixed(2.0 * float(measured['jsd']) - LOG_4, 2)}"
        plain = math.isnan(value) or formatting.is_plain(value)
        number = formatting.reading(value) if plain else formatting.significant(value, 1)
        figures = [Figure("V", number, ceiling, colours["value"])]
        for key, name in numbers.items():
            number, note = "–", ""
            if measured is not None:
                number = least_of(key, measured)
            if perfect is not None:
                note = f"floor {formatting.fixed(float(perfect[f'{key}_floor']), 2)}"
            figures.append(Figure(name, number, note, self.theme.text if key == "jsd" else colours[key]))
        self.figures.say(figures, self._convention(measured))

    def _convention(self, measured: Measurement | None) -> Line:
        """How it was measured; what matters most is the last to go."""
        if measured is None:
            return self.nothing_yet if self.plot.hint else ""
        lines = f", {measured['slices']} directions" if measured["slices"] > 1 else ""
        count = formatting.fixed(measured["samples"], 0)
        beyond = float(measured["beyond_data"])
        off = f"{formatting.significant(100 * beyond, 2)} % of the fakes lie off the data; " if beyond else ""
        how = f"{off}{count} fakes, {measured['bins']} bins"
        floor = "; floor: a perfect generator's reading"
        return (
            f"{how}{lines}{floor}; bias of JSD and KL(q‖p) subtracted",
            *(f"{how}{lines}{end}" for end in (floor, "; floor: a perfect G's", "")),
            how,
        )
