"""The headline: what G pays for one fake and the slope that it feels there, with the fakes of this moment
under the curve."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Qt

from ganviz.record.run import Run
from ganviz.theory.objective import Objective, sigmoid, softplus
from ganviz.theory.objectives import OBJECTIVES
from ganviz.ui import formatting
from ganviz.ui.panels.base import Panel
from ganviz.ui.panels.cost_axis import D_TICKS, axis_choices, is_straight, mean_logit, probability_tick
from ganviz.ui.panels.legend import Entry
from ganviz.ui.panels.saturation_plot import FLAT, SaturationPlot
from ganviz.ui.panels.slope_bars import SlopeBars
from ganviz.ui.plot import Axis, EndLabel
from ganviz.ui.plotting import Limits, Span, finite_ends, ticks_between

Array = npt.NDArray[np.float64]

POINTS = 241
BINS = 50
BAND = 0.26
"""Share of the plot's height that belongs to the histogram."""
STEEP = 0.9
"""Near the steepest that a logit loss can be, 1; two slopes of ½ are neither steep nor flat."""
PAIR = ("minimax", "non_saturating")
LOGIT_EQUATION = r"|\partial L_G/\partial a| = D\ \ \mathrm{vs}\ \ 1-D"
CURVE_NAMES = {"minimax": r"\log(1-D)", "non_saturating": r"-\log D"}


def slope_word(slope: float) -> str:
    """What a slope of the generator's cost means for the generator."""
    size = abs(slope)
    return (
        "flat: no push" if size < FLAT else "steep" if size > STEEP else f"slope {formatting.fixed(slope, 2)}"
    )


class SaturationPanel(Panel):
    """See the module."""

    key = "saturation"
    equation = LOGIT_EQUATION
    needs = frozenset({"samples"})
    legend_entries = (
        Entry("minimax", "", tex=CURVE_NAMES["minimax"]),
        Entry("non_saturating", "", "dash", tex=CURVE_NAMES["non_saturating"]),
        Entry("active", "", "line"),
        Entry("fakes", "fakes", "box"),
        Entry(
            "logit",
            "logit a",
            group="axis",
            tip="Against the logit log(1−D) goes flat: this is where the push dies.",
        ),
        Entry(
            "probability",
            "D",
            group="axis",
            on=False,
            tip="Against D the slope of log(1−D) at 0 is −1, not 0.",
        ),
        Entry(
            "slope",
            "slope",
            group="axis",
            on=False,
            tip="How hard D's output on one fake is pushed: |∂L_G/∂a|, the cost's slope over the output.",
        ),
    )

    def build(self) -> None:
        self.plot = SaturationPlot()
        self.curves = {
            "minimax": self.plot.curve(2.4, antialias=True),
            "non_saturating": self.plot.curve(2.4, Qt.PenStyle.DashLine, antialias=True),
            "active": self.plot.curve(2.4, Qt.PenStyle.DashDotLine, antialias=True),
        }
        self.bars = SlopeBars()
        self.body.addWidget(self.plot, 1)
        self.body.addWidget(self.bars)
        self._logit_limits, self._score_limits = Limits(-5.0, 5.0), Limits(-2.0, 2.0)
        self._close, self._close_costs = Span(), Span()
        self._cost_limits, self._height_limits = Limits(-1.0, 1.0), Limits(-5.0, 5.0)
        self._slope_limits = Limits(0.0, 1.0)
        self._outputs: Array = np.zeros(0)  # D's, on fakes
        self._others: Array = np.zeros(0)  # D's, on as many reals
        self._objective = OBJECTIVES["minimax"]

    def themed(self) -> tuple[SaturationPlot, SlopeBars]:
        return self.plot, self.bars

    def clear(self) -> None:
        for limits in vars(self).values():
            if isinstance(limits, Limits):
                limits.forget()
        self._outputs = self._others = np.zeros(0)
        self._render()

    def draw(self, run: Run) -> None:
        samples = self.fresh(run, "samples")
        changed = self.objective(run) is not self._objective
        self._objective = self.objective(run)
        if samples is not None:
            self._outputs = np.asarray(samples["output_fake"], float)
            self._others = np.asarray(samples["output_real"], float)
        elif changed:
            # the outputs in hand may still be of the other kind: a score is not a logit
            self._outputs = self._others = np.zeros(0)
        if samples is not None or changed:
            self._render()

    def export_data(self) -> dict[str, np.ndarray]:
        data = {"output_fake": self._outputs, "bin_edges": self.plot.edges, "bin_counts": self.plot.counts}
        for name, curve in self.curves.items():
            x, y = curve.getData()
            if curve.isVisible() and x is not None:
                data |= {f"{name}_x": x, f"{name}_{'slope' if self._slopes else 'cost'}": y}
        return data | {"marker": np.array([self.plot.marker])}

    # ------------------------------------------------------------ drawing

    @property
    def _finite(self) -> Array:
        """What the cost is a function of, for each fake: D's output, or its difference from reals'."""
        if not self._outputs.size:
            return self._outputs  # nothing was seen yet, nor a mean of the other side
        with np.errstate(invalid="ignore"):
            compared = self._objective.compared(self._outputs, self._others)
        return compared[np.isfinite(compared)]

    def _shown(self) -> dict[str, Objective]:
        """The curves by their key: the pair of the original paper, or the one running critic objective."""
        if self._objective.is_probability:
            shown = {key: OBJECTIVES[key] for key in PAIR}
            return shown if self._objective.id in PAIR else shown | {"active": self._objective}
        return {"active": self._objective}

    @np.errstate(over="ignore", invalid="ignore")  # a cost may be beyond the largest number
    def _render(self) -> None:
        shown = self._shown()
        probability = self._objective.is_probability
        choices = axis_choices(
            self.legend, {"logit": "logit a", "probability": "D"}, self._objective, self.theme.ink
        )
        self.legend.show_only({*shown, "fakes", "slope", *choices})
        pays = self._objective.g_equation
        self.set_equation(LOGIT_EQUATION if self._objective.id in PAIR else rf"\mathrm{{G\ pays}}\ {pays}")
        against_d = probability and self.legend.is_on("probability")
        outputs = self._finite
        at = (mean_logit(outputs) if probability else float(outputs.mean())) if len(outputs) else math.nan
        x_range = self._x_range(outputs, at)
        grid = np.linspace(*x_range, POINTS)
        x = sigmoid(grid) if against_d else grid
        self._draw_curves(shown, grid, x)
        self._set_axes(shown, grid, x_range, at=at, against_d=against_d)
        self._draw_fakes(sigmoid(outputs) if against_d else outputs)
        self.plot.ends = [*self._names(shown, grid, against_d), *self._name_fakes()]
        self._draw_marker(shown, at, against_d)
        self._draw_bars(shown, outputs)
        self.plot.hint = "" if len(self._outputs) else self.nothing_yet
        self.plot.refresh()

    def _x_range(self, outputs: Array, at: float) -> tuple[float, float]:
        limits = self._logit_limits if self._objective.is_probability else self._score_limits
        if not len(outputs):
            return limits.around(math.nan, math.nan)
        low, high = np.percentile(outputs, [1, 99])
        if is_straight(self._objective.generator_cost):
            limits = self._close
        return limits.around(min(float(low), at), max(float(high), at))

    def _draw_curves(self, shown: dict[str, Objective], grid: Array, x: Array) -> None:
        for key, curve in self.curves.items():
            on = key in shown and self.legend.is_on(key)
            curve.setVisible(on)
            if key in shown:
                colour = self.theme.objective(shown[key].id)
                self.plot.colour_curve(curve, colour)
                name = "" if key in PAIR else f"{shown[key].name}: G pays"
                self.legend.buttons[key].say(name, colour)
            if on:
                curve.setData(x, self._height(shown[key], grid))
        self.legend.buttons["fakes"].say("fakes", self.theme.fake)

    @property
    def _slopes(self) -> bool:
        """Whether the curves are slopes instead of costs."""
        return self.legend.is_on("slope")

    def _height(self, row: Objective, outputs: Array) -> Array:
        """What a curve shows at these outputs: G's cost of one fake, or the size of its slope there."""
        return np.abs(row.generator_slope(outputs)) if self._slopes else row.generator_cost(outputs)

    def _set_axes(
        self,
        shown: dict[str, Objective],
        grid: Array,
        x_range: tuple[float, float],
        *,
        at: float,
        against_d: bool,
    ) -> None:
        plot = self.plot
        if self._slopes:
            near = grid[self._near(grid)]
            highest = finite_ends(np.array([self._height(row, near).max() for row in shown.values()]))[1]
            low, high = 0.0, 1.2 if not highest > 1.0 else self._slope_limits.around(0.0, highest)[1]
        elif not self._objective.is_probability:
            costs = self._objective.generator_cost(grid[self._near(grid)])
            straight = is_straight(self._objective.generator_cost)
            limits = self._close_costs if straight else self._cost_limits
            low, high = limits.around(*finite_ends(costs))
        elif against_d:
            here = (
                [float(row.generator_cost(np.array([at]))[0]) for row in shown.values()]
                if math.isfinite(at)
                else [0.0]
            )
            low, high = self._height_limits.around(min(here), max(here))
        else:
            low, high = -x_range[1], -x_range[0]
        plot.base = low
        plot.set_range((0.0, 1.0) if against_d else x_range, (low - (high - low) * BAND / (1 - BAND), high))
        ticks = [tick for tick in ticks_between(low, high) if tick[0] >= low]
        plot.y_axis = (
            Axis("slope of G's cost of one fake", ticks, "slope of G's cost")
            if self._slopes
            else Axis("G's cost of one fake", ticks, "G's cost")
        )
        if against_d:
            plot.x_axis, plot.rows = (
                Axis(
                    "here log(1−D) has slope −1 at D = 0: it dies in the logit", D_TICKS, "slope −1 at D = 0"
                ),
                ("D",),
            )
        elif self._objective.is_probability:
            ticks = [(value, f"{text}\n{probability_tick(value)}") for value, text in ticks_between(*x_range)]
            plot.x_axis, plot.rows = Axis("", ticks), ("a", "D")
        else:
            plot.x_axis, plot.rows = Axis(self._objective.against, ticks_between(*x_range)), ()

    def _near(self, grid: Array) -> npt.NDArray[np.bool_]:
        """Where most fakes are, and 1 beyond: an exponential's far end would flatten all that matters."""
        if is_straight(self._objective.generator_cost):
            return np.ones(len(grid), bool)
        outputs = self._finite
        low, high = np.percentile(outputs, [1, 99]) if len(outputs) else (0.0, 0.0)
        near: npt.NDArray[np.bool_] = (grid >= low - 1.0) & (grid <= high + 1.0)
        near[np.abs(grid - low).argmin()] = True  # a wide grid may have none there
        return near

    def _names(self, shown: dict[str, Objective], grid: Array, against_d: bool) -> list[EndLabel]:
        names = []
        for key, row in shown.items():
            if self.legend.is_on(key):
                dives = against_d and key == "minimax"
                at = self.plot.base if dives else float(self._height(row, grid)[-1])
                at = min(max(at, self.plot.base), self.plot.ranges[1][1])
                tex = CURVE_NAMES.get(row.id, "")
                names.append(EndLabel(at, "" if tex else row.short, self.theme.objective(row.id), tex))
        return names

    def _draw_fakes(self, x: Array) -> None:
        plot = self.plot
        low, high = plot.ranges[0]
        on = self.legend.is_on("fakes") and len(x)
        plot.counts, plot.edges = np.histogram(x, BINS, (low, high)) if on else (np.zeros(0), np.zeros(1))

    def _name_fakes(self) -> list[EndLabel]:
        plot = self.plot
        if not len(plot.counts):
            return []
        outside = len(self._outputs) - int(plot.counts.sum())
        share = 100 * outside / max(len(self._outputs), 1)
        words = (
            f"{formatting.fixed(share, 0) if share >= 1 else '< 1'} % outside"
            if outside
            else f"{len(self._outputs)} fakes"
        )
        return [EndLabel((plot.base + plot.ranges[1][0]) / 2, words, self.theme.fake, bold=False)]

    def _draw_marker(self, shown: dict[str, Objective], at: float, against_d: bool) -> None:
        plot = self.plot
        plot.marker, plot.points = math.nan, []
        if not math.isfinite(at):
            return
        here = np.array([at])
        plot.marker = float(sigmoid(here)[0]) if against_d else at
        for key, row in shown.items():
            if self.legend.is_on(key):
                slope = float(row.generator_slope(here)[0])
                # dL/dD = dL/da / (D (1 - D)); the tangent of a curve drawn over D
                stretch = float(np.exp(softplus(here) + softplus(-here))[0]) if against_d else 1.0
                words = (
                    f"slope {formatting.significant(slope * stretch, 2)}" if against_d else slope_word(slope)
                )
                if self._slopes:
                    words = formatting.significant(abs(slope), 2)
                if key == "active" and len(shown) > 1:
                    words = ""  # beside the words of two others there is no room; its bar says it
                tangent = math.nan if self._slopes else slope * stretch
                height = float(self._height(row, here)[0])
                plot.points.append((height, tangent, self.theme.objective(row.id), words))

    def _draw_bars(self, shown: dict[str, Objective], outputs: Array) -> None:
        words = {"minimax": "slope, minimax", "non_saturating": "slope, non-sat."}
        rows, longest = [], 1.0
        for row in shown.values():
            push = float(np.abs(row.generator_slope(outputs)).mean()) if len(outputs) else math.nan
            number = formatting.reading(push) if row.is_probability else formatting.significant(push, 3)
            label = words.get(row.id, f"slope, {row.short}")
            rows.append((label, 0.0 if math.isnan(push) else push, number, self.theme.objective(row.id)))
            longest = max(longest, 0.0 if math.isnan(push) else push)
        self.bars.show_rows(rows, longest)
