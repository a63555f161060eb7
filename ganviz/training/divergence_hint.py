"""What most likely made a run diverge, read from its settings: a table of causes, the first that holds."""

from __future__ import annotations

from collections.abc import Callable

from ganviz.experiment import Experiment
from ganviz.experiment.refusals import is_bounded

LARGE_RATE = 0.1
"""A learning rate above this is a likely cause; usual ones are 1e-4 to 1e-2."""
LARGE_STRENGTH = 100.0
"""The same for the strength of a penalty; the papers use 0.1 to 10."""
UNBOUNDED = {"wasserstein", "f_kl", "f_pearson", "f_squared_hellinger", "f_reverse_kl", "maximum_likelihood"}
"""Objectives under which a player can win without bound, or pays exponentially."""


def large_rates(chosen: Experiment) -> str:
    """Which learning rates are too large, in one sentence; "" where none is."""
    rates = {"G's": chosen.g_learning_rate, "D's": chosen.d_learning_rate}
    large = [f"{whose} is {rate:g}" for whose, rate in rates.items() if rate > LARGE_RATE]
    return f"Try a smaller learning rate: {', '.join(large)}." if large else ""


def _strengths(chosen: Experiment) -> str:
    titles = {"gradient_penalty": "WGAN-GP", "r1": "R1", "r2": "R2", "dragan": "DRAGAN"}
    large = [f"{title} is {getattr(chosen, key):g}" for key, title in titles.items() if _above(chosen, key)]
    return f"Try a weaker penalty: {', '.join(large)}." if large else ""


def _above(chosen: Experiment, key: str) -> bool:
    return chosen.acts(key) and getattr(chosen, key) > LARGE_STRENGTH


def _unbounded(chosen: Experiment) -> str:
    damped = is_bounded(chosen) or chosen.acts("r1") or chosen.acts("r2")
    if chosen.objective in UNBOUNDED and not damped:
        return "Nothing bounds this D: try a penalty (R1, WGAN-GP), or a gradient clip."
    return ""


CAUSES: tuple[Callable[[Experiment], str], ...] = (large_rates, _strengths, _unbounded)


def likely_cause(experiment: Experiment) -> str:
    """One sentence on what to change, or "" where the settings show no likely cause."""
    if experiment.game != "gan":
        return ""
    return next((words for cause in CAUSES if (words := cause(experiment))), "")
