"""D beside the critic of a Wasserstein GAN between the fakes and the reals (Arjovsky et al. 2017, Figure 2):
where D is flat, the critic still has a slope; and what clipping does to its weights."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout

from ganviz.frame import Measurement
from ganviz.record.run import Run
from ganviz.theory.objectives import OBJECTIVES
from ganviz.ui import formatting
from ganviz.ui.panels.base import Panel
from ganviz.ui.panels.critic_plot import LinePlot, WeightsPlot
from ganviz.ui.panels.legend import Entry
from ganviz.ui.panels.readout import Line, Piece, Readout
from ganviz.ui.plot import Axis, Reference
from ganviz.ui.plotting import Span, decade_ticks, finite_ends, ticks_between

Array = npt.NDArray[np.float64]

NETWORKS = ("d", "f")
LETTERS = {"d": "D", "f": "f"}
WEIGHTS_FROM = 470
"""Width of the panel, at scale 1, from which the weights have a plot of their own."""
NOTES_FROM = 330
"""Height of the panel, at scale 1, from which all lines of words are shown."""
LOWEST_SLOPE = 1e-12
HALVES = [(0.0, "0"), (0.5, "½"), (1.0, "1")]
EQUATION = r"\max_{|w|\leq c}\ \mathbb{E}f(x)-\mathbb{E}f(G(z))"
LEAST_DECADES = 3

NO_IMAGES = "Convolutions judge images, and between two mean images there are only blends of images."


class CriticPanel(Panel):
    """See the module."""

    key = "critic"
    equation = EQUATION
    needs = frozenset({"critic"})
    legend_entries = (
        Entry("d", "", tex="D"),
        Entry("f", "", "dash", tex="f"),
        Entry("output", "output", group="shown", tip="D from 0 to 1 at the left, f on its own axis."),
        Entry("slope", "slope", group="shown", on=False, tip="Size of the slope per data unit, logarithmic."),
    )

    def build(self) -> None:
        self.readout = Readout()
        self.plot, self.weights = LinePlot(), WeightsPlot()
        self.curves = {
            "d": self.plot.curve(2.2, antialias=True),
            "f": self.plot.curve(2.4, Qt.PenStyle.DashLine, antialias=True),
        }
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.plot, 7)
        row.addWidget(self.weights, 3)
        self.body.addWidget(self.readout)
        self.body.addLayout(row, 1)
        self._along, self._scores = Span(), Span()
        self._seen_critic: Measurement | None = None
        self._objective = OBJECTIVES["minimax"]

    def themed(self) -> tuple[Readout, LinePlot, WeightsPlot]:
        return self.readout, self.plot, self.weights

    def make_room(self) -> None:
        self._fit()
        self._say()

    def _fit(self) -> None:
        """What has no room is left out: first the weights' plot and all lines but one."""
        self.weights.setVisible(self.width() >= WEIGHTS_FROM * self.scale_factor)
        self.readout.set_height(76 if self._is_tall else 46)

    @property
    def _is_tall(self) -> bool:
        return self.is_high(NOTES_FROM)

    def clear(self) -> None:
        self._along.forget()
        self._scores.forget()
        self._seen_critic = None
        self._render()

    def draw(self, run: Run) -> None:
        self.not_applicable(NO_IMAGES if run.experiment.network == "dcgan" else "")
        changed = self.objective(run) is not self._objective
        if changed and self.objective(run).is_probability != self._objective.is_probability:
            self._seen_critic = None  # the two networks have changed their parts
            self._scores.forget()
        self._objective = self.objective(run)
        seen = self.fresh(run, "critic")
        if seen is not None:
            self._seen_critic = seen
        if seen is not None or changed:
            self._render()

    def export_data(self) -> dict[str, np.ndarray]:
        seen = self._seen_critic
        if seen is None:
            return {}
        arrays = ("at", "ends", "d", "f", "d_slope", "f_slope", "real_at", "fake_at")
        numbers = ("d_ratio", "f_ratio", "bound", "at_bound", "gap", "w1", "updates")
        data = {name: np.asarray(seen[name]) for name in (*arrays, "weight_edges", "weight_counts")}
        return data | {name: np.array([seen[name]], float) for name in numbers}

    # ------------------------------------------------------------ drawing

    def _render(self) -> None:
        self._fit()
        seen = self._seen_critic
        colours = self._colours
        for name, curve in self.curves.items():
            self.plot.colour_curve(curve, colours[name])
            curve.setVisible(self.legend.is_on(name) and seen is not None)
            self.legend.buttons[name].say(self._part(name), colours[name])
        self.plot.hint = "" if seen is not None else self.nothing_yet
        self.plot.means = (float(seen["ends"][0]), float(seen["ends"][1])) if seen is not None else None
        self._draw_line(seen)
        self._draw_weights(seen, colours["f"])
        self._say()
        self.plot.refresh()
        self.weights.refresh()

    @property
    def _colours(self) -> dict[str, str]:
        return {"d": self.theme.d, "f": self.theme.objective("wasserstein")}

    def _part(self, name: str) -> str:
        """Whose network it is: the run's own, or the one that is trained beside it."""
        own = (name == "d") == self._objective.is_probability
        return "this run" if own else "reference"

    def _draw_line(self, seen: Measurement | None) -> None:
        if seen is None:
            self.plot.counts = {}
            self.plot.references, self.plot.right_axis = [], None
            self.plot.set_height((0.0, 1.0), 0.0, 1.0)
            self.plot.x_axis, self.plot.y_axis = Axis("from the fakes to the reals"), Axis("D", HALVES)
            return
        at = np.asarray(seen["at"], float)
        x_range = self._along.around(float(seen["core"][0]), float(seen["core"][1]))
        if self.legend.is_on("slope"):
            self._draw_slopes(seen, at, x_range)
        else:
            self._draw_outputs(seen, at, x_range)
        plot = self.plot
        plot.count({name: np.asarray(seen[f"{name}_at"], float) for name in ("real", "fake")})
        colours = (self.theme.fake, self.theme.real)
        plot.references = [
            Reference(float(end), upright=True, colour=colour)
            for end, colour in zip(seen["ends"], colours, strict=True)
        ]
        title = "x (data units)" if seen["is_line"] else "from the fakes' mean to the reals' (data units)"
        plot.x_axis = Axis(title, ticks_between(*x_range))

    def _draw_outputs(self, seen: Measurement, at: Array, x_range: tuple[float, float]) -> None:
        plot, f = self.plot, np.asarray(seen["f"], float)
        finite = f[np.isfinite(f) & (at >= x_range[0]) & (at <= x_range[1])]
        low, high = self._scores.around(*finite_ends(finite))
        self.curves["d"].setData(at, np.asarray(seen["d"], float))
        self.curves["f"].setData(at, (f - low) / (high - low))
        plot.set_height(x_range, 0.0, 1.0)
        plot.y_axis = Axis("D", HALVES)
        marks = [((value - low) / (high - low), text) for value, text in ticks_between(low, high, 3)]
        plot.right_axis = Axis("score f", marks)

    def _draw_slopes(self, seen: Measurement, at: Array, x_range: tuple[float, float]) -> None:
        logs = {
            name: np.log10(np.maximum(np.abs(np.asarray(seen[f"{name}_slope"], float)), LOWEST_SLOPE))
            for name in NETWORKS
        }
        for name, curve in self.curves.items():
            curve.setData(at, logs[name])
        shown = np.concatenate(list(logs.values()))
        shown = shown[np.isfinite(shown)] if np.isfinite(shown).any() else np.zeros(1)
        high = math.ceil(float(shown.max()) + 1e-9)
        low = min(math.floor(float(shown.min())), high - LEAST_DECADES)
        self.plot.set_height(x_range, float(low), float(high))
        self.plot.y_axis, self.plot.right_axis = Axis("|slope|, log", decade_ticks(low, high, 4)), None

    def _draw_weights(self, seen: Measurement | None, colour: str) -> None:
        plot = self.weights
        plot.colour = colour
        plot.note, plot.shares, plot.references = "", np.zeros(0), []
        if seen is None:
            plot.x_axis = Axis("weights of f")
            return
        counts = np.asarray(seen["weight_counts"], float)
        plot.edges, plot.shares = np.asarray(seen["weight_edges"], float), counts / max(counts.sum(), 1.0)
        reach, bound = float(plot.edges[-1]), float(seen["bound"])
        plot.set_range((-1.12 * reach, 1.12 * reach), (0.0, max(float(plot.shares.max()) * 1.05, 1e-3)))
        ends = formatting.significant(reach, 1)
        plot.x_axis = Axis("weights of f", [(-reach, f"−{ends}"), (0.0, "0"), (reach, ends)])
        if math.isfinite(bound):
            plot.references = [Reference(sign * bound, upright=True) for sign in (-1, 1)]
            plot.note = f"{percent(float(seen['at_bound']))} at ±c"
        else:
            plot.note = "not clipped"

    # ------------------------------------------------------------ words

    def _say(self) -> None:
        seen, colours = self._seen_critic, self._colours
        if seen is None:
            self.readout.say((Piece("–", self.theme.mute),), self.nothing_yet)
            return
        pieces = tuple(
            Piece(f"{ratio_words(float(seen[f'{name}_ratio']))}", colours[name], LETTERS[name])
            for name in NETWORKS
        )
        self.readout.say(pieces, *self._lines(seen))

    def _lines(self, seen: Measurement) -> tuple[Line, ...]:
        bound, w1 = float(seen["bound"]), float(seen["w1"])
        clipped = math.isfinite(bound)
        at = f"{percent(float(seen['at_bound']))} of weights at ±{formatting.significant(bound, 1)}"
        share = f"; {at}" if clipped else ""
        apart = formatting.significant(abs(float(seen["ends"][1] - seen["ends"][0])), 2)
        slope = "max/min slope between the means"
        gap = f"E f(x) − E f(G(z)) = {formatting.significant(float(seen['gap']), 2)}"
        truth = f"W1 {formatting.fixed(w1, 2)}" if math.isfinite(w1) else "W1: exact in 1-D only"
        bounded = f"{gap}; {truth}: equal up to a factor K" if math.isfinite(w1) else f"{gap}; {truth}"
        own = "clipped critic" if seen["reference"] == "critic" else "discriminator"
        count = formatting.fixed(float(seen["updates"]), 0)
        reference = f"reference {own}: {count} updates beside the run"
        return (
            (f"{slope}, {apart} apart{share}", f"{slope}{share}", f"max/min slope{share}"),
            (bounded, f"{gap}; {truth}", gap) if clipped else (f"{gap}; {truth}; f is not clipped", gap),
            (f"{reference}, which it does not touch", reference),
        )


def ratio_words(ratio: float) -> str:
    """Largest over smallest slope, with its sign."""
    return f"{formatting.significant(ratio, 2)}×" if math.isfinite(ratio) else "∞×" if ratio > 0 else "–"


def percent(share: float) -> str:
    """A share as whole per cent."""
    return f"{formatting.fixed(100 * share, 0)} %"
