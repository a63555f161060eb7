"""The spectrum of the game of networks that is training: where the eigenvalues of its Jacobian lie, where
those of the step that is taken, and which way a penalty moves them."""

from __future__ import annotations

import numpy as np

from ganviz.frame import Measurement
from ganviz.record.run import Run
from ganviz.theory.objectives import OBJECTIVES
from ganviz.ui import formatting
from ganviz.ui.panels.base import Panel
from ganviz.ui.panels.legend import Entry
from ganviz.ui.panels.readout import Line, Piece, Readout
from ganviz.ui.panels.spectrum_plot import NONE, Complex, EigenvaluePlot, number

FIELD = r"J=\frac{\partial v}{\partial w},\ v=(-\nabla_\theta L_G,\ -\nabla_\psi L_D)"
STEP = r"w\leftarrow w+\eta v(w):\ \ I+\eta J"
NOTES_FROM = 300
"""Height of the panel, at scale 1, from which all lines of words are shown."""

ONLY_MLP = "The spectrum is worked out for fully connected networks alone."


class SpectrumPanel(Panel):
    """See the module."""

    key = "spectrum"
    equation = FIELD
    short_equation = r"J=\partial v/\partial w"
    needs = frozenset({"spectrum"})
    legend_entries = (
        Entry("now", "now", "disc", tip="Eigenvalues at the weights and settings of the step named below."),
        Entry(
            "other", "other penalty", "ring",
            tip="The same weights and batch under another penalty. Near a rest point R1 damps; away from one "
            "the largest real part may also grow with it.",
        ),
        Entry("field", "field", group="view", tip="Eigenvalues of J. Re < 0: the game comes nearer to rest."),
        Entry(
            "step", "one step", group="view", on=False,
            tip="Eigenvalues of the step taken. Inside the unit circle: the game comes nearer to rest.",
        ),
    )  # fmt: skip

    def build(self) -> None:
        self.readout, self.plot = Readout(), EigenvaluePlot()
        self.body.addWidget(self.readout)
        self.body.addWidget(self.plot, 1)
        self._measured: Measurement | None = None
        self._objective = OBJECTIVES["minimax"]
        self._drawn: object = None

    def themed(self) -> tuple[Readout, EigenvaluePlot]:
        return self.readout, self.plot

    def make_room(self) -> None:
        self._set_lines(0)

    def _set_lines(self, more: int) -> None:
        """Room for the words, and for so many lines ``more``."""
        self.readout.set_height((76 if self.is_high(NOTES_FROM) else 46) + 16 * more)

    def clear(self) -> None:
        self._measured = None
        self.not_applicable("")
        self.plot.forget()
        self._render()

    def draw(self, run: Run) -> None:
        self.not_applicable("" if run.experiment.network == "mlp" else ONLY_MLP)
        changed = self.objective(run) is not self._objective
        self._objective = self.objective(run)
        seen = self.fresh(run, "spectrum")
        # another look may have brought no other spectrum
        if not changed and (seen is None or ("field" in seen and seen["field"] is self._drawn)):
            return
        self._measured = seen or self._measured
        self._render()

    def forget(self) -> None:
        super().forget()
        self._drawn = None

    def export_data(self) -> dict[str, np.ndarray]:
        if not self._ready:
            return {}
        assert self._measured is not None
        data: dict[str, np.ndarray] = {}
        for name in ("field", "field_other", "step", "step_other"):
            if name in self._measured:
                values = np.asarray(self._measured[name])
                data |= {f"{name}_re": values.real.copy(), f"{name}_im": values.imag.copy()}
        return data | {"at_step": np.array([self._measured["at_step"]])}

    # ------------------------------------------------------------ drawing

    @property
    def _ready(self) -> bool:
        return self._measured is not None and bool(self._measured["ready"])

    @property
    def _view(self) -> str:
        return "step" if self.legend.is_on("step") else "field"

    def _render(self) -> None:
        seen, view = self._measured, self._view
        self._drawn = seen["field"] if seen is not None and "field" in seen else None
        colour = self.theme.objective(self._objective.id)
        self.set_equation(STEP if view == "step" else FIELD, "" if view == "step" else self.short_equation)
        self.plot.paint_marks(colour)
        words = str(seen["other"]) if seen is not None and self._ready else "other penalty"
        self.legend.buttons["now"].say("now", colour)
        self.legend.buttons["other"].say(words, colour)
        now, other = self._values(view), self._values(f"{view}_other")
        path = np.asarray(seen[f"{view}_path"]) if seen is not None and f"{view}_path" in seen else NONE[None]
        on = {name: self.legend.is_on(name) for name in ("now", "other")}
        self.plot.hint = self._hint()
        self.plot.draw_eigenvalues(now, other, path, of_step=view == "step", on=on)
        self._say(now, other)

    def _values(self, name: str) -> Complex:
        found = self._measured[name] if self._measured is not None and name in self._measured else NONE
        return np.asarray(found, np.complex128)

    def _hint(self) -> str:
        seen = self._measured
        if seen is None:
            return self.nothing_yet
        weights = formatting.fixed(seen["g_weights"] + seen["d_weights"], 0)
        if seen["too_large"]:
            limit = formatting.fixed(seen["limit"], 0)
            return f"{weights} weights: the spectrum is worked out for up to {limit}"
        if "problem" in seen:
            return f"no spectrum of this game: {seen['problem']}"
        if not self._ready:
            return f"being worked out beside the run: {weights} weights, {seen['passes']} passes"
        refused = str(seen["step_refused"])
        return f"the step: {refused}" if self._view == "step" and refused else ""

    # ------------------------------------------------------------ words

    def _say(self, now: Complex, other: Complex) -> None:
        seen = self._measured
        if seen is None or not len(now):
            self.make_room()
            self.readout.say((Piece("–", self.theme.mute),))  # why, is said in the plot
            return
        ink = self.theme.ink
        if self._view == "step":
            reach, words = np.abs, "largest |λ|"
            first = formatting.fixed(float(reach(now).max()), 4)
            second = formatting.fixed(float(reach(other).max()), 4) if len(other) else "–"
        else:
            words = "largest Re λ"
            first, second = (
                number(self._rounded(float(v.real.max()))) if len(v) else "–" for v in (now, other)
            )
        pieces = (Piece(f"{words} {first}", ink), Piece(f"{seen['other']}: {second}", self.theme.mute, px=16))
        surprise = self._surprise(now, other)
        self._set_lines(len(surprise))
        self.readout.say(pieces, self._counts(now, other), *surprise, *self._notes(seen))

    def _surprise(self, now: Complex, other: Complex) -> tuple[Line, ...]:
        """Said where a penalty moves the largest eigenvalue the wrong way, which it may away from rest."""
        assert self._measured is not None
        if not len(other):
            return ()
        reach = np.abs if self._view == "step" else np.real
        without, penalised = float(reach(now).max()), float(reach(other).max())
        name = str(self._measured["other"])
        if name.startswith("without"):
            without, penalised = penalised, without
        if self._rounded(penalised) <= self._rounded(without):
            return ()
        words = "larger with the penalty: near a rest point it damps, away from one it need not"
        return ((words, "larger with the penalty: away from rest it may be"),)

    def _rounded(self, value: float) -> float:
        """0 for what the residual, or rounding beside the largest, cannot tell from it."""
        assert self._measured is not None
        largest = float(np.abs(self._values(self._view)).max(initial=0.0))
        error = max(float(self._measured[f"{self._view}_residual"]), 1e-13 * largest)
        return value if abs(value) > error else 0.0

    def _counts(self, now: Complex, other: Complex) -> Line:
        """How many leave, and how fast the game turns."""
        assert self._measured is not None
        of_step = self._view == "step"
        leave = [int(((np.abs(v) > 1.0 + 1e-9) if of_step else (v.real > 1e-9)).sum()) for v in (now, other)]
        where = "outside the circle" if of_step else "with Re > 0"
        of = formatting.fixed(len(now), 0)
        largest = [self._rounded(float(np.abs(v.imag).max(initial=0.0))) for v in (now, other)]
        turning = [formatting.significant(value, 2) for value in largest]
        words = self._measured["other"]
        turns = f"largest |Im λ| {turning[0]}"
        beside = f"{turns} ({words}: {turning[1]})"
        return f"{beside}; {leave[0]} of {of} {where} ({leave[1]})", beside, turns

    def _notes(self, seen: Measurement) -> tuple[Line, ...]:
        weights = formatting.fixed(seen["g_weights"] + seen["d_weights"], 0)
        which = "all eigenvalues" if seen["exact"] else "leading eigenvalues by Arnoldi"
        step = formatting.fixed(seen["at_step"], 0)
        residual = formatting.power(float(seen[f"{self._view}_residual"]))
        rows = formatting.fixed(seen["rows"], 0)
        short = f"{weights} weights, {which}; step {step}"
        whole = f"{short}; residual ≤ {residual}; batch of {rows} reals and fakes"
        notes: list[Line] = [(whole, f"{short}; residual ≤ {residual}", short)]
        if self._view == "step":
            turns = "linearised at these weights"
            notes.append(f"{turns}; {seen['step_note']}" if seen["step_note"] else turns)
        return tuple(notes)
