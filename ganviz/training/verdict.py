"""The verdict: one sentence about the run, made from measured numbers alone. No torch, no Qt: a pure function
of a run.

Losses never say "converged": a run whose L_D stands at log 4 may have a flat discriminator and a wrong
generator. So the sentence rests on D's outputs, the samples' divergence and modes, and the measured
gradients.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ganviz.record.run import Run
from ganviz.theory.objective import LOG_2, sigmoid
from ganviz.theory.objectives import OBJECTIVES

UNTRAINED = 50
"""G's updates before its fakes, which start in one small cloud, can be said to have collapsed."""


@dataclass(frozen=True)
class Verdict:
    """``state`` is an id, ``headline`` its name, ``text`` the sentence after it (at most 110 characters with
    the headline)."""

    state: str
    headline: str
    text: str

    def __str__(self) -> str:
        return f"{self.headline}: {self.text}"


@dataclass(frozen=True)
class Numbers:
    """What the verdict rests on; NaN where a number does not apply. ``spread``: standard deviation of D over
    reals and fakes.

    ``fake_width``: the fakes' median distance from their median point, over the same of the reals;
    ``g_count``: G's updates.
    """

    g_count: int
    d_real: float = np.nan
    d_fake: float = np.nan
    spread: float = np.nan
    score_gap: float = np.nan
    jsd: float = np.nan
    modes: float = np.nan
    all_modes: int = 0
    high_quality: float = np.nan
    ratio: float = np.nan
    fake_width: float = np.nan


def measure(run: Run) -> Numbers:
    """The numbers of a run's latest frame: from what was looked at, else from the newest record."""
    probability = OBJECTIVES[run.experiment.objective].is_probability
    measured = run.history.measured
    values: dict[str, float] = {name: measured.last(name) for name in ("jsd", "modes", "high_quality")}
    looked = run.frame.get("divergence")
    if looked:
        values = {name: float(looked[name]) for name in values}
    gradient = run.frame.get("gradients")
    minimax = gradient["minimax"] if gradient else measured.last("g_grad_minimax")
    other = gradient["non_saturating"] if gradient else measured.last("g_grad_non_saturating")
    if minimax > 0:
        values["ratio"] = other / minimax
    elif other > 0:
        values["ratio"] = np.inf
    seen = run.frame.get("samples")
    if seen:
        real, fake = np.asarray(seen["output_real"]), np.asarray(seen["output_fake"])
        values["score_gap"] = float(real.mean() - fake.mean())
        values["fake_width"] = _width(seen["fake"]) / max(_width(seen["real"]), 1e-12)
        if probability:
            d_real, d_fake = sigmoid(real), sigmoid(fake)
            values |= {"d_real": float(d_real.mean()), "d_fake": float(d_fake.mean())}
            values["spread"] = float(np.std(np.concatenate([d_real, d_fake])))
    elif probability:
        values |= {"d_real": run.history.steps.last("d_real"), "d_fake": run.history.steps.last("d_fake")}
    all_modes = {
        "ring": run.experiment.modes,
        "mixture_1d": run.experiment.modes,
        "grid": run.experiment.side**2,
    }
    return Numbers(g_count=run.frame.g_count, all_modes=all_modes.get(run.experiment.data, 0), **values)


def judge(run: Run) -> Verdict:
    """The verdict on a run as it stands."""
    if run.frame.status == "diverged":
        return Verdict("diverged", "Diverged", run.frame.message)
    if run.frame.phase.startswith("head start"):
        return Verdict(
            "head_start",
            "Head start",
            f"D trains alone, {run.frame.phase.removeprefix('head start: ')}; G is at rest.",
        )
    if run.frame.step == 0 and run.frame.g_count == 0:
        return Verdict(
            "waiting", "Ready", "real samples, untrained fakes and D's first surface. Press Train or Space."
        )
    numbers = measure(run)
    words = _of_probabilities if OBJECTIVES[run.experiment.objective].is_probability else _of_scores
    return _collapsed(numbers) or words(numbers, run.experiment.objective)


def _collapsed(n: Numbers) -> Verdict | None:
    """Few modes though the samples are good; or all fakes in one place while D does not simply reject them
    all.

    An untrained G lies together too: that is no collapse, nor is it one that minimax holds still, which is D
    winning.
    """
    if n.all_modes >= 4 and n.high_quality > 0.5 and n.modes <= n.all_modes / 2:
        return Verdict(
            "collapsed", "Mode collapse", f"{n.modes:.0f} of {n.all_modes} modes reached{_jsd(n)}."
        )
    if n.g_count >= UNTRAINED and n.fake_width < 0.1 and not n.d_real - n.d_fake > 0.6:
        place = f"{n.modes:.0f} of {n.all_modes} modes reached" if n.all_modes else "one point"
        return Verdict("collapsed", "G collapsed to a point", f"all fakes lie together ({place}){_jsd(n)}.")
    return None


def _of_probabilities(n: Numbers, objective: str) -> Verdict:
    means = f"mean D(x) {_number(n.d_real)}, D(G(z)) {_number(n.d_fake)}"
    if n.d_real - n.d_fake > 0.6:
        winning = f"mean D(G(z)) = {_number(n.d_fake)} (½ at equilibrium). "
        return Verdict("d_wins", "D is winning", winning + _consequence(n, objective))
    if n.spread < 0.05 and not n.jsd < 0.1:
        told = (
            f"while JSD is {n.jsd:.2f} of {LOG_2:.2f}: its loss says nothing."
            if np.isfinite(n.jsd)
            else "its loss says nothing about G."
        )
        return Verdict("d_flat", "D is flat", f"it outputs about {_number(n.d_fake)} everywhere, {told}")
    if abs(n.d_real - n.d_fake) < 0.2:
        if n.jsd < 0.05:
            return Verdict("matched", "Samples match the data", f"JSD {n.jsd:.3f}; {means}.")
        rest = f", but JSD is still {n.jsd:.2f}" if np.isfinite(n.jsd) else ""
        return Verdict("balanced", "Balanced", f"{means}{rest}.")
    return Verdict("d_leads", "D is ahead", f"{means}{_jsd(n)}.")


def _consequence(n: Numbers, objective: str) -> str:
    if np.isnan(n.ratio):
        return "It tells real from fake almost surely."
    if objective == "minimax":
        if n.ratio > 1e8:
            return "The minimax generator gets next to no push."
        return f"The minimax generator gets 1/{n.ratio:,.0f} of the non-saturating push."
    return (
        f"−log D still pushes{f', {n.ratio:,.0f}× harder than minimax would' if 1 < n.ratio < 1e8 else ''}."
    )


def _of_scores(n: Numbers, objective: str) -> Verdict:
    gap = f"mean score of reals − fakes = {n.score_gap:.3g}"
    if n.jsd < 0.05:
        return Verdict("matched", "Samples match the data", f"JSD {n.jsd:.3f}; {gap}.")
    return Verdict("critic", "The critic scores", f"{gap}; a score is no probability{_jsd(n)}.")


def _jsd(n: Numbers) -> str:
    return f", JSD {n.jsd:.2f}" if np.isfinite(n.jsd) else ""


def _number(value: float) -> str:
    return f"{value:.3f}" if value >= 0.001 else f"{value:.0e}".replace("e-0", "e-").replace("-", "−")


def _width(samples: np.ndarray) -> float:
    """The median distance of samples (n, dim) from their median point: blind to a few stray ones."""
    return float(np.median(np.linalg.norm(samples - np.median(samples, axis=0), axis=1)))
