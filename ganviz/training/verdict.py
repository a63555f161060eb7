"""The verdict: one sentence about the run, made from measured numbers alone. No torch, no Qt: a pure function
of a run.

Losses never say "converged": a run whose L_D stands at log 4 may have a flat discriminator and a wrong
generator. So the sentence rests on D's outputs, the samples' places, divergence and modes, and the measured
gradients.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from ganviz.frame import Frame
from ganviz.record.run import Run
from ganviz.theory.objective import LOG_2
from ganviz.theory.objectives import OBJECTIVES
from ganviz.training import verdict_cyclegan, verdict_portrait
from ganviz.training.number_words import power
from ganviz.training.verdict_numbers import Numbers, measure

UNTRAINED = 50
"""G's updates before it can be said to stand still or to have collapsed: it starts as one small cloud."""
FAR_OFF = 2.0
"""Fakes have flown off when their median radius is beyond this many times the data's reach."""
ONE_PLACE = 0.1
"""Fakes lie in one place when their width is below this share of the reals' width."""
SPREADING = 1.5
"""Fakes in one place spread when they are wider than G's first weights made them by this factor."""
STANDS_STILL = 0.05
"""G has hardly moved when its fakes have gone less than this share of the data's reach."""
WINNING = 0.6
"""D is winning when D(x) - D(G(z)), of the means, is above this."""
BALANCE = 0.15
"""The two means stand in balance when they are nearer to each other than this."""
FOOLED = 0.05
"""D is fooled when its mean on fakes is above its mean on reals by more than this."""
FLAT, NEARLY_FLAT = 0.02, 0.04
"""D's spread (standard deviation) below which it is flat, and below which it is flat if its means are nearer
to each other than half of that spread."""
MATCH, CLOSE = 0.03, 0.1
"""JSD in nats up to which samples match, as far as the estimate can tell, and up to which they are close."""
AT_REST = 0.1
"""At equilibrium G's gradient norm is below this share of the largest one that was recorded."""


@dataclass(frozen=True)
class Verdict:
    """``state`` is an id, ``headline`` its name, ``text`` the sentence after it (at most 110 characters with
    the headline; in slow motion whose turn it was stands before them)."""

    state: str
    headline: str
    text: str

    def __str__(self) -> str:
        return f"{self.headline}: {self.text}"


def judge(run: Run) -> Verdict:
    """The verdict on a run as it stands."""
    frame = run.frame
    if frame.status == "diverged":
        return Verdict("diverged", "Diverged", frame.message)
    if frame.step == 0 and frame.phase.startswith("head start"):
        done = frame.phase.removeprefix("head start: ")
        return Verdict("head_start", "Head start", f"D trains alone, {done}; G is at rest.")
    if frame.step == 0 and frame.d_count == 0 and frame.g_count == 0:
        what = "real samples, untrained fakes and D's first surface"
        if run.history.paths:
            what = "every line at its start"
        elif run.experiment.game == "cyclegan":
            what = "samples of X and Y, and where two untrained maps take them"
        return Verdict("waiting", "Ready", f"{what}. Press Train or Space.")
    if run.history.paths:
        verdict = Verdict(*verdict_portrait.judge_run(run))
    elif run.experiment.game == "cyclegan":
        verdict = Verdict(*verdict_cyclegan.judge_run(run))
    else:
        verdict = assess(measure(run), run.experiment.objective)
    return replace(verdict, headline=f"{_turn(frame)}{verdict.headline}")


def assess(numbers: Numbers, objective: str) -> Verdict:
    """The verdict on measured numbers: the first finding that holds."""
    findings = _OF_PROBABILITIES if OBJECTIVES[objective].is_probability else _OF_SCORES
    return next(found for finding in findings if (found := finding(numbers, objective)))


def _turn(frame: Frame) -> str:
    """What has just run, in slow motion and after a single step: "G has moved, update 12. "."""
    if not frame.phase:
        return ""
    counts = {"D has moved": frame.d_count, "G has moved": frame.g_count}
    update = f", update {counts[frame.phase]:,}" if frame.phase in counts else ""
    return f"{frame.phase[0].upper()}{frame.phase[1:]}{update}. "


# What holds for any output of D


def _flew_off(n: Numbers, objective: str) -> Verdict | None:
    if not n.fake_radius > FAR_OFF * n.real_reach:
        return None
    place = f"median radius {_size(n.fake_radius)}, data within {_size(n.real_reach)}"
    return Verdict("flew_off", "Fakes flew off", f"{place}{_jsd(n)}.")


def _few_modes(n: Numbers, objective: str) -> Verdict | None:
    """Good samples from half of the modes or fewer, and not for want of moving."""
    if _is_at_start(n) or not (n.high_quality > 0.5 and n.modes <= n.all_modes / 2):
        return None
    return Verdict("collapsed", "Mode collapse", f"{_modes(n)}{_jsd(n)}.")


def _is_at_start(n: Numbers) -> bool:
    return n.g_count < UNTRAINED or n.moved < STANDS_STILL * n.real_reach


def _stands_still(n: Numbers, objective: str) -> Verdict | None:
    if n.g_count < UNTRAINED or not _is_at_start(n):
        return None
    way = f"{n.g_count:,} updates took its fakes {_size(n.moved)} from their start, data within"
    return Verdict("g_still", "G has hardly moved", f"{way} {_size(n.real_reach)}{_jsd(n)}.")


def _one_place(n: Numbers, objective: str) -> Verdict | None:
    """All fakes in one small place; no collapse while they spread from the cloud in which they began."""
    if n.g_count < UNTRAINED or not n.fake_width < ONE_PLACE:
        return None
    modes = f", {_modes(n)}" if n.all_modes else ""
    text = f"all fakes lie together, {n.fake_width:.2g} times as wide as the data{modes}{_jsd(n)}."
    if n.fake_width > SPREADING * n.first_width and not n.high_quality > 0.5:
        return Verdict("one_place", "Fakes in one place", text)
    return Verdict("collapsed", "G collapsed to a point", text)


# D as a probability


def _d_wins(n: Numbers, objective: str) -> Verdict | None:
    if not n.d_real - n.d_fake > WINNING:
        return None
    text = f"mean D(G(z)) = {_number(n.d_fake)} ({_middle(n)} at equilibrium). {_consequence(n, objective)}"
    return Verdict("d_wins", "D is winning", text)


def _consequence(n: Numbers, objective: str) -> str:
    at = _of_step(n.gradient_step)
    if objective == "minimax" and n.ratio > 1e8:
        return f"The minimax generator gets next to no push{at}."
    if objective == "minimax" and n.ratio > 1.5:
        return f"The minimax generator gets 1/{n.ratio:,.0f} of the non-saturating push{at}."
    if objective == "non_saturating" and 1.5 < n.ratio < 1e8:
        return f"−log D still pushes, {n.ratio:,.0f}× harder than minimax would{at}."
    if np.isnan(n.right):
        return f"On reals it says {_number(n.d_real)}."
    return f"It names {n.right:.1%} of 1,000 samples rightly."


def _matched(n: Numbers, objective: str) -> Verdict | None:
    """Samples, D's spread and G's gradient all as at the equilibrium, or the samples alone."""
    complete = not n.all_modes or n.modes == n.all_modes
    if not (n.jsd < MATCH and complete):
        return None
    if n.spread < NEARLY_FLAT and _in_the_middle(n) and n.g_push < AT_REST:
        push = f"G's gradient {n.g_push:.2f} of its largest{_of_step(n.gradient_step)}"
        text = f"JSD {n.jsd:.3f}{_of_step(n.divergence_step)}, D {_level(n)}, {push}."
        return Verdict("equilibrium", "At equilibrium, as measured", text)
    level = f" D: {_level(n)} over reals and fakes." if np.isfinite(n.spread) else ""
    return Verdict(
        "matched", "Samples match the data", f"JSD {n.jsd:.3f}{_of_step(n.divergence_step)}.{level}"
    )


def _d_flat(n: Numbers, objective: str) -> Verdict | None:
    narrow = n.spread < NEARLY_FLAT and abs(n.d_real - n.d_fake) < n.spread / 2
    if not (n.spread < FLAT or narrow) or n.jsd < CLOSE:
        return None
    half = f"{_middle(n)} on reals and fakes alike" if _in_the_middle(n) else "the same on reals and fakes"
    if np.isnan(n.jsd):
        return Verdict("d_flat", "D is flat", f"{half} ({_level(n)}), so its loss says nothing about G.")
    yet = f"yet JSD is {n.jsd:.2f} of {LOG_2:.2f}{_of_step(n.divergence_step)}: its loss says nothing"
    return Verdict("d_flat", "D is flat", f"{half} ({_level(n)}), {yet}.")


def _d_fooled(n: Numbers, objective: str) -> Verdict | None:
    if not n.d_fake - n.d_real > FOOLED:
        return None
    text = f"mean D(G(z)) {_number(n.d_fake)} is above D(x) {_number(n.d_real)}{_jsd(n)}."
    return Verdict("d_fooled", "D is fooled", text)


def _of_means(n: Numbers, objective: str) -> Verdict:
    """What is left: the two means, near to each other or apart."""
    means = f"mean D(x) {_number(n.d_real)}, D(G(z)) {_number(n.d_fake)}"
    if n.d_real - n.d_fake > BALANCE:
        return Verdict("d_leads", "D is ahead", f"{means}{_jsd(n)}.")
    if n.jsd < CLOSE:
        modes = f", {_modes(n)}" if n.modes < n.all_modes else ""
        return Verdict("close", "Close", f"JSD {n.jsd:.3f}{_of_step(n.divergence_step)}{modes}; {means}.")
    rest = f", but JSD is still {n.jsd:.2f}{_of_step(n.divergence_step)}" if np.isfinite(n.jsd) else ""
    return Verdict("balanced", "Balanced", f"{means}{rest}.")


# D's output as a score


def _critic(n: Numbers, objective: str) -> Verdict:
    if not np.isfinite(n.score_gap):
        return Verdict("critic", "The critic scores", f"a score is no probability{_jsd(n)}.")
    gap = f"mean score of reals − fakes = {_signed(n.score_gap)}"
    if n.score_gap < -0.25 * n.score_spread:
        return Verdict("critic_fooled", "The critic is fooled", f"{gap}, below 0{_jsd(n)}.")
    return Verdict("critic", "The critic scores", f"{gap}; a score is no probability{_jsd(n)}.")


Finding = Callable[[Numbers, str], Verdict | None]
_OF_PROBABILITIES: tuple[Finding, ...] = (
    _flew_off,
    _few_modes,
    _d_wins,
    _stands_still,
    _one_place,
    _matched,
    _d_flat,
    _d_fooled,
    _of_means,
)
_OF_SCORES: tuple[Finding, ...] = (_flew_off, _few_modes, _stands_still, _one_place, _matched, _critic)


# Numbers as words


def _of_step(step: int | None) -> str:
    """Behind a number that is from the record of an earlier step."""
    return "" if step is None else f" (step {step:,})"


def _jsd(n: Numbers) -> str:
    return f", JSD {n.jsd:.2f}{_of_step(n.divergence_step)}" if np.isfinite(n.jsd) else ""


def _modes(n: Numbers) -> str:
    return f"{n.modes:.0f} of {n.all_modes} modes reached"


def _in_the_middle(n: Numbers) -> bool:
    """Whether D's mean over reals and fakes is near to what it says where it cannot tell."""
    return abs((n.d_real + n.d_fake) / 2 - n.middle) < 0.05


def _middle(n: Numbers) -> str:
    return "½" if n.middle == 0.5 else f"{n.middle:.3g}"


def _level(n: Numbers) -> str:
    """D's mean over reals and fakes with its spread."""
    return f"{(n.d_real + n.d_fake) / 2:.3f} ± {n.spread:.3f}"


def _number(value: float) -> str:
    """Three decimals, or a power of ten below 0.001."""
    return f"{value:.3f}" if value >= 0.001 or value == 0 else power(value)


def _size(value: float) -> str:
    """Two or three digits, or a power of ten from 10,000 on."""
    if value >= 10_000:
        return power(value)
    return f"{value:,.0f}" if value >= 10 else f"{value:.2g}"


def _signed(value: float) -> str:
    size = abs(value)
    words = power(size) if size and not 1e-3 <= size < 1e5 else f"{size:.3g}"
    return f"−{words}" if value < 0 else words
