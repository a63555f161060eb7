"""What D pays for one real and for one fake against its own output, with this batch standing on both curves,
and the training loop with this batch's numbers in it."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from ganviz.experiment import Experiment
from ganviz.frame import Measurement
from ganviz.record.run import Run
from ganviz.theory.objective import LOG_2, LOG_4, Objective, sigmoid
from ganviz.theory.objectives import OBJECTIVES
from ganviz.ui import formatting
from ganviz.ui.panels.base import Panel
from ganviz.ui.panels.bce_plot import CostPlot, Standing
from ganviz.ui.panels.cost_axis import D_TICKS, axis_choices, is_straight, mean_logit, probability_tick
from ganviz.ui.panels.legend import Entry
from ganviz.ui.panels.loop_boxes import LoopBoxes
from ganviz.ui.panels.loop_lines import six_lines
from ganviz.ui.panels.readout import Piece, Readout
from ganviz.ui.panels.regularisers import not_included
from ganviz.ui.plot import Axis, EndLabel, Reference
from ganviz.ui.plotting import Limits, Span, finite_ends, ticks_between

Array = npt.NDArray[np.float64]

POINTS = 241
READOUT_FROM = 330
"""Height of the panel, at scale 1, from which the sum has a line of its own; below, box 4 alone has it."""
PLAYERS = ("real", "fake")
EQUATION = r"L_D = \mathbb{E}\,[-\log D(x)] + \mathbb{E}\,[-\log(1-D(G(z)))]"
SHORT_EQUATION = r"-\mathbb{E}\log D-\mathbb{E}\log(1-D)"
SCORES = {
    "": ("f(x)", "f(G(z))"),
    "partner": ("f(x)-f(G(z))", "f(G(z))-f(x)"),
    "mean": (r"f(x)-\mathbb{E}f(G(z))", r"f(G(z))-\mathbb{E}f(x)"),
}
"""What the costs of a score's reals and fakes are functions of."""
AT_WORK = {"D has moved": 4, "G has moved": 5}
"""The box that a phase of a slow step belongs to."""


class BcePanel(Panel):
    """See the module."""

    key = "bce"
    equation, short_equation = EQUATION, SHORT_EQUATION
    needs = frozenset({"batch"})
    legend_entries = (
        Entry("real", "", "disc", tex=r"-\log D", tip="What D pays for a real: label y = 1."),
        Entry("fake", "", "diamond", tex=r"-\log(1-D)", tip="What D pays for a fake: label y = 0."),
        Entry("probability", "D", group="axis", tip="Against D, from 0 to 1."),
        Entry("logit", "logit", group="axis", on=False, tip="Against the logit, which D's weights move."),
        Entry("slope", "slope", group="axis", on=False, tip="How hard D's output on one sample is pushed."),
    )

    def build(self) -> None:
        self.readout = Readout()
        self.plot = CostPlot()
        self.curves = {name: self.plot.curve(2.4, antialias=True) for name in PLAYERS}
        self.boxes = LoopBoxes()
        self.body.addWidget(self.readout)
        self.body.addWidget(self.plot, 1)
        self.body.addWidget(self.boxes)
        self._logits, self._scores = Limits(-5.0, 5.0), Limits(-2.0, 2.0)
        self._close, self._heights, self._costs = Span(), Limits(-1e-12, 3.0), Span()
        self._outputs: dict[str, Array] = {}
        self._batch: Measurement | None = None
        self._phase = ""
        self._experiment = Experiment()
        self._objective = OBJECTIVES["minimax"]

    def themed(self) -> tuple[Readout, CostPlot, LoopBoxes]:
        return self.readout, self.plot, self.boxes

    def make_room(self) -> None:
        self.readout.setVisible(self.is_high(READOUT_FROM))

    def clear(self) -> None:
        for limits in (self._logits, self._scores, self._close, self._heights, self._costs):
            limits.forget()
        self._outputs, self._batch, self._phase = {}, None, ""
        self._render()

    def draw(self, run: Run) -> None:
        batch = self.fresh(run, "batch")
        changed = self.objective(run) is not self._objective or run.experiment is not self._experiment
        if changed:
            if self.objective(run).is_probability != self._objective.is_probability:
                self._outputs, self._batch = {}, None  # a score is not a logit
            self._objective, self._experiment = self.objective(run), run.experiment
        if batch is not None:
            self._batch = batch
            self._outputs = {name: np.asarray(batch[f"output_{name}"], float) for name in PLAYERS}
        if batch is not None or changed or run.frame.phase != self._phase:
            self._phase = run.frame.phase
            self._render()

    def export_data(self) -> dict[str, np.ndarray]:
        data = {f"output_{name}": values for name, values in self._outputs.items()}
        for name, curve in self.curves.items():
            x, y = curve.getData()
            if curve.isVisible() and x is not None:
                what = "slope" if self._slopes else "cost"
                data |= {f"{what}_{name}_at": x, f"{what}_{name}": y}
        if self._batch is not None:
            terms = self._terms()
            data |= {f"mean_cost_{name}": np.array([terms[name]]) for name in PLAYERS}
            names = ("d_loss", "g_loss", "d_grad", "g_grad")
            data |= {name: np.array([self._batch[name]]) for name in names}
            data["step"] = np.array([self._batch.step])
        return data

    # ------------------------------------------------------------ drawing

    @property
    def _against_d(self) -> bool:
        return self._objective.is_probability and self.legend.is_on("probability")

    @property
    def _is_straight(self) -> bool:
        """Whether both costs are straight lines, as a Wasserstein critic's are."""
        return is_straight(self._objective.real_cost) and is_straight(self._objective.fake_cost)

    @property
    def _slopes(self) -> bool:
        """Whether the curves are the slopes of the costs instead of the costs."""
        return self.legend.is_on("slope")

    def _height(self, name: str, outputs: Array) -> Array:
        """What the curve of reals or fakes shows at these outputs: D's cost, or the size of its slope."""
        if not self._slopes:
            return self._costs_of(name, outputs)
        row = self._objective
        with np.errstate(over="ignore", invalid="ignore"):
            return np.abs((row.real_slope if name == "real" else row.fake_slope)(outputs))

    def _costs_of(self, name: str, outputs: Array) -> Array:
        row = self._objective
        with np.errstate(over="ignore", invalid="ignore"):
            return (row.real_cost if name == "real" else row.fake_cost)(outputs)

    def _terms(self) -> dict[str, float]:
        """Both terms of L_D on this batch: the closed form's mean over the measured outputs."""
        return {
            name: float(self._costs_of(name, outputs).mean()) if len(outputs) else math.nan
            for name, outputs in self._compared().items()
        }

    def _compared(self) -> dict[str, Array]:
        """What the two costs are functions of: D's outputs, or their differences."""
        if not self._outputs:
            return {}
        real, fake = (self._outputs[name] for name in PLAYERS)
        return {"real": self._objective.compared(real, fake), "fake": self._objective.compared(fake, real)}

    def _render(self) -> None:
        self.make_room()
        self._words()
        finite = {name: values[np.isfinite(values)] for name, values in self._compared().items()}
        x_range = self._x_range(np.concatenate([np.zeros(0), *finite.values()]))
        grid = np.linspace(*x_range, POINTS)
        x = sigmoid(grid) if self._against_d else grid
        for name, curve in self.curves.items():
            self.plot.colour_curve(curve, self.theme.real if name == "real" else self.theme.fake)
            curve.setVisible(self.legend.is_on(name))
            curve.setData(x, self._height(name, grid))
        self._set_axes(grid, x_range, finite)
        self._draw_batch(finite)
        self._name_curves(grid)
        self._say()
        self.plot.hint = "" if self._batch is not None else self.nothing_yet
        self.plot.refresh()

    def _words(self) -> None:
        """Title, equation and legend: binary cross-entropy, or the two costs of a score."""
        probability = self._objective.is_probability
        self.set_title(self.title if probability else "D's two costs")
        if self._objective.plays_v:
            self.set_equation(EQUATION, SHORT_EQUATION)
        else:
            self.set_equation(r"L_D = " + self._objective.d_equation, self._objective.d_equation)
        choices = axis_choices(
            self.legend, {"logit": "logit", "probability": "D"}, self._objective, self.theme.ink
        )
        self.legend.show_only({*PLAYERS, "slope", *choices})
        names = (r"-\log D", r"-\log(1-D)") if probability else SCORES[self._objective.relative_to]
        for name, tex in zip(PLAYERS, names, strict=True):
            colour = self.theme.real if name == "real" else self.theme.fake
            self.legend.buttons[name].say("", colour, tex=tex)

    def _x_range(self, outputs: Array) -> tuple[float, float]:
        limits: Limits = self._logits if self._objective.is_probability else self._scores
        if self._is_straight:  # nothing to see beside the batch, and a clipped critic's scores lie close
            limits = self._close
        if not len(outputs):
            return limits.around(math.nan, math.nan)
        low, high = np.percentile(outputs, [1, 99])
        return limits.around(float(low), float(high))

    def _set_axes(self, grid: Array, x_range: tuple[float, float], finite: dict[str, Array]) -> None:
        plot, against_d = self.plot, self._against_d
        shown = [self._height(name, grid) for name in PLAYERS]
        if not self._objective.is_probability:
            low, high = self._costs.around(*finite_ends(np.concatenate(shown)))
        elif self._slopes:
            low, high = 0.0, 1.2
        elif against_d:
            _, high = self._heights.around(0.0, max(self._terms().values(), default=0.0))
            low = 0.0
        else:
            low, high = 0.0, max(-x_range[0], x_range[1])
        plot.set_height((0.0, 1.0) if against_d else x_range, low, high)
        ticks = [tick for tick in ticks_between(low, high) if tick[0] >= low]
        unit = " (nats)" if self._objective.is_probability else ""
        plot.y_axis = Axis("slope of D's cost" if self._slopes else f"D's cost{unit}", ticks)
        if against_d:
            plot.x_axis, plot.rows = Axis("D (probability of being real)", D_TICKS), ()
        elif self._objective.is_probability:
            marks = [(value, f"{text}\n{probability_tick(value)}") for value, text in ticks_between(*x_range)]
            plot.x_axis, plot.rows = Axis("", marks), ("a", "D")
        else:
            plot.x_axis, plot.rows = Axis(self._objective.against, ticks_between(*x_range)), ()
        plot.set_margins((54, 8, 92, 36 if plot.rows else 42))

    def _draw_batch(self, finite: dict[str, Array]) -> None:
        plot = self.plot
        plot.standing, plot.references = [], self._references()
        drawn: dict[str, Array] = {}
        for name, outputs in finite.items():
            if not len(outputs) or not self.legend.is_on(name):
                continue
            drawn[name] = sigmoid(outputs) if self._against_d else outputs
            at = mean_logit(outputs) if self._objective.is_probability else float(outputs.mean())
            cost = float(self._height(name, np.array([at]))[0])
            mean_cost = float(self._height(name, outputs).mean())
            colour = self.theme.real if name == "real" else self.theme.fake
            place = float(sigmoid(np.array([at]))[0]) if self._against_d else at
            words = formatting.reading(mean_cost)
            plot.standing.append(Standing(place, cost, mean_cost, words, colour, name == "real"))
        plot.count(drawn)

    def _references(self) -> list[Reference]:
        """Where D cannot tell, and what each term costs there."""
        if not self._objective.is_probability:
            return []
        at = np.array([self._objective.equilibrium_output])
        middle = self._objective.equilibrium_d if self._against_d else float(at[0])
        levels = {float(self._height(name, at)[0]) for name in PLAYERS}
        named = {0.5: "½", LOG_2: "log 2"}
        notes = [(level, named.get(level) or formatting.significant(level, 2)) for level in sorted(levels)]
        return [
            Reference(middle, upright=True),
            *(Reference(level, note=f"{note} (eq.)") for level, note in notes),
        ]

    def _name_curves(self, grid: Array) -> None:
        low, high = self.plot.base, self.plot.ranges[1][1]
        probability = self._objective.is_probability
        names = {"real": r"-\log D", "fake": r"-\log(1-D)"} if probability else {"real": "", "fake": ""}
        if probability and not self._objective.plays_v:
            names = {"real": r"-\log 2D", "fake": r"-\log 2(1-D)"}
        if probability and self._slopes:
            names = {"real": "1-D", "fake": "D"}
        words = {"real": "", "fake": ""} if probability else {"real": "a real", "fake": "a fake"}
        ends = []
        for name in PLAYERS:
            if self.legend.is_on(name):
                last = float(self._height(name, grid)[-1])
                last = min(max(last, low), high) if math.isfinite(last) else high
                if self._against_d:
                    last = low if name == "real" else high
                colour = self.theme.real if name == "real" else self.theme.fake
                ends.append(EndLabel(last, words[name], colour, names[name]))
        self.plot.ends = ends

    # ------------------------------------------------------------ words

    def _say(self) -> None:
        theme, terms = self.theme, self._terms()
        if self._batch is None:
            self.readout.say((Piece("–", theme.ink, r"L_D"),), self.nothing_yet)
            self._show_loop({})
            return
        real, fake = (formatting.reading(terms[name]) for name in PLAYERS)
        pieces = (
            Piece("=", theme.d, r"L_D"),
            Piece(real, theme.real),
            Piece("+" if terms["fake"] >= 0 else "−", theme.d),
            Piece(fake.lstrip("−"), theme.fake),
            Piece(f"= {formatting.reading(terms['real'] + terms['fake'])}", theme.d),
        )
        self.readout.say(pieces, self._convention())
        self._show_loop(terms, AT_WORK.get(self._phase, -1))

    def _show_loop(self, terms: dict[str, float], at_work: int = -1) -> None:
        lines = six_lines(
            self._objective,
            self._experiment,
            batch=self._batch,
            outputs=self._outputs,
            terms=terms,
            theme=self.theme,
        )
        self.boxes.show_boxes(lines, at_work)

    def _convention(self) -> str:
        assert self._batch is not None
        row: Objective = self._objective
        digits = 4 if row.plays_v else 2
        level = formatting.significant(row.d_equilibrium, digits)
        at = "log 4 = 1.386" if row.d_equilibrium == LOG_4 else level
        words = f"{at} at equilibrium; a batch of {len(self._outputs['real'])} drawn at step {self._step}"
        extra = not_included(self._experiment)
        return f"{words}; not in it: {extra}" if extra else words

    @property
    def _step(self) -> str:
        return formatting.fixed(self._batch.step, 0) if self._batch else "–"
