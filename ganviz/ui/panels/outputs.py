"""What D says about 500 reals and 500 fakes: two histograms on one axis, their means, and the line where D
cannot tell."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QColor

from ganviz.record.run import Run
from ganviz.theory.objective import sigmoid
from ganviz.theory.objectives import OBJECTIVES
from ganviz.ui import formatting
from ganviz.ui.panels.base import Panel
from ganviz.ui.panels.legend import Entry
from ganviz.ui.panels.outputs_plot import Mean, OutputsPlot
from ganviz.ui.plot import Axis, Reference
from ganviz.ui.plotting import Span, blend, step_up, ticks_between

Array = npt.NDArray[np.float64]
BINS = 25
ROUNDING = 1e-12
"""A spread of less than this share of the mean comes from the arithmetic: the outputs are all the same."""
HALVES = [(0.0, "0"), (0.25, "¼"), (0.5, "½"), (0.75, "¾"), (1.0, "1")]


class OutputsPanel(Panel):
    """See the module."""

    key = "outputs"
    equation = r"D=\sigma(a)"
    needs = frozenset({"samples"})
    legend_entries = (
        Entry("real", "real:", "box", tex="D(x)"),
        Entry("fake", "fake:", "box", tex="D(G(z))"),
        Entry("density", "share", group="count", tip="Share of the samples in each bin."),
        Entry(
            "log",
            "log count",
            group="count",
            on=False,
            tip="Number of samples in each bin, logarithmic: shows the few.",
        ),
    )

    def build(self) -> None:
        self.plot = OutputsPlot()
        self.curves = {
            name: self.plot.curve(1.6, stepMode="center", fillLevel=0.0) for name in ("real", "fake")
        }
        self.body.addWidget(self.plot, 1)
        self._scores = Span()
        self._outputs: dict[str, Array] = {}
        self._objective = OBJECTIVES["minimax"]

    def themed(self) -> tuple[OutputsPlot]:
        return (self.plot,)

    def clear(self) -> None:
        self._outputs = {}
        self._scores.forget()
        self._render()

    def draw(self, run: Run) -> None:
        samples = self.fresh(run, "samples")
        before, self._objective = self._objective, self.objective(run)
        changed = self._objective is not before
        if samples is not None:
            self._outputs = {name: np.asarray(samples[f"output_{name}"], float) for name in ("real", "fake")}
        elif self._objective.is_probability != before.is_probability:
            self._outputs = {}
        if samples is not None or changed:
            self._render()

    def export_data(self) -> dict[str, np.ndarray]:
        data = {f"output_{name}": values for name, values in self._outputs.items()}
        for name, curve in self.curves.items():
            edges, heights = curve.getData()
            if self._outputs and curve.isVisible():
                data |= {"bin_edges": edges, f"share_{name}": heights}
        return data

    # ------------------------------------------------------------ drawing

    def _render(self) -> None:
        probability = self._objective.is_probability
        if probability:
            self.set_equation(self.equation)
        else:
            self.set_equation(r"f(x)\ \mathrm{is\ a\ score,\ not\ a\ probability}", r"f(x)\in\mathbb{R}")
        finite = {name: raw[np.isfinite(raw)] for name, raw in self._outputs.items()}
        shown = {name: sigmoid(raw) if probability else raw for name, raw in finite.items() if len(raw)}
        low, high = (0.0, 1.0) if probability else self._score_range(shown)
        top = self._draw_histograms(shown, low, high)
        plot = self.plot
        plot.set_range((low, high), (0.0, top))
        words = (
            "output D (probability of being real)"
            if probability
            else "score f (no bounds: not a probability)"
        )
        ticks = HALVES if probability else ticks_between(low, high)
        plot.x_axis = Axis(words, ticks, "output D" if probability else "score f")
        plot.middle = self._objective.equilibrium_d if probability else math.nan
        plot.references = [Reference(plot.middle, upright=True)] if probability else []
        lost = [f"no {name} output is finite" for name in self._outputs if name not in shown]
        plot.hint = "\n".join(lost) if self._outputs else self.nothing_yet
        self._draw_means(shown)
        plot.refresh()

    def _score_range(self, shown: dict[str, Array]) -> tuple[float, float]:
        if not shown:
            return self._scores.around(math.nan, math.nan)
        both = np.concatenate(list(shown.values()))
        return self._scores.around(float(both.min()), float(both.max()))

    def _draw_histograms(self, shown: dict[str, Array], low: float, high: float) -> float:
        """Draw the bars and the left axis; returns the height of the plot."""
        logarithmic, most = self.legend.is_on("log"), 0.0
        for name, curve in self.curves.items():
            on = name in shown and self.legend.is_on(name)
            curve.setVisible(on)
            colour = self.theme.real if name == "real" else self.theme.fake
            self.plot.colour_curve(curve, colour)
            letter, of = ("D" if self._objective.is_probability else "f"), ("x" if name == "real" else "G(z)")
            self.legend.buttons[name].say(name, colour, tex=f"{letter}({of})")
            if on:
                counts, edges = np.histogram(shown[name], BINS, (low, high))
                heights = np.log10(1.0 + counts) if logarithmic else 100.0 * counts / len(shown[name])
                curve.setBrush(self._tint(name))
                curve.setData(edges, heights)
                most = max(most, float(heights.max()))
        if logarithmic:
            top = max(float(math.ceil(most)), 1.0)
            ticks = [(math.log10(1 + value), formatting.fixed(value, 0)) for value in (0, 1, 10, 100, 1000)]
            self.plot.y_axis = Axis("number of samples, log", ticks)
            return top
        top = step_up(most) if most > 0 else 100.0
        self.plot.y_axis = Axis(
            "share of samples", [(value, f"{text} %") for value, text in ticks_between(0.0, top, 3)]
        )
        return top * 1.02

    def _tint(self, name: str) -> QColor:
        colour = blend(self.theme.real if name == "real" else self.theme.fake, self.theme.panel, 0.42)
        colour.setAlphaF(0.55)  # the two may stand in the same bins: both must be seen
        return colour

    def _draw_means(self, shown: dict[str, Array]) -> None:
        self.plot.means = []
        for name, values in shown.items():
            if self.legend.is_on(name):
                mean, spread = float(values.mean()), float(values.std())
                if spread < ROUNDING * abs(mean):
                    spread = 0.0
                number = (
                    formatting.reading(mean)
                    if self._objective.is_probability
                    else formatting.significant(mean, 3)
                )
                all_ = len(self._outputs[name])
                count = f"{all_}" if len(values) == all_ else f"{len(values)} of {all_} finite"
                width = f"spread {formatting.significant(spread, 2)}"
                words = (f"{name}s, {count}, {width}", f"{count}, {width}", width, "")
                colour = self.theme.real if name == "real" else self.theme.fake
                self.plot.means.append(Mean(mean, f"mean {number}", words, colour, name == "real"))
