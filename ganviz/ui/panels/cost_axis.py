"""The axes on which costs are drawn: the logit, D or a critic's score."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from ganviz.theory.objective import Cost, Objective, sigmoid, softplus
from ganviz.ui import formatting
from ganviz.ui.panels.legend import Legend

Array = npt.NDArray[np.float64]

D_TICKS = ((0.0, "0"), (0.25, "¼"), (0.5, "½"), (0.75, "¾"), (1.0, "1"))
"""Along D, from 0 to 1."""


def log_mean_exp(logs: Array) -> float:
    """log of the mean of e^logs, finite however small the terms."""
    return float(np.logaddexp.reduce(logs) - math.log(len(logs)))


def mean_logit(outputs: Array) -> float:
    """The logit of the mean of D = sigma(a) over logits ``outputs``; exact where D itself underflows."""
    return log_mean_exp(-softplus(-outputs)) - log_mean_exp(-softplus(outputs))


def probability_tick(logit: float) -> str:
    """D = sigma(a) under a tick of the logit axis."""
    if logit == 0.0:
        return "½"
    small = float(sigmoid(-abs(logit)))
    text = formatting.significant(small, 1) if small < 1e-3 else formatting.fixed(small, 3)
    if logit < 0:
        return text
    return formatting.fixed(1 - small, 3) if small >= 1e-3 else f"1−{text}"


def is_straight(cost: Cost) -> bool:
    """Whether a cost is a straight line, as a Wasserstein critic's: nothing to see beside the batch."""
    return abs(float(np.diff(cost(np.array([-1.0, 0.0, 1.0])), 2)[0])) < 1e-12


def axis_choices(legend: Legend, names: dict[str, str], objective: Objective, ink: str) -> list[str]:
    """Name the choices of an axis and tell which to show. A score has one axis: the
    chosen one of them, or the first, is then called "cost"."""
    for key, name in names.items():
        legend.buttons[key].say(name if objective.is_probability else "cost", ink)
    if objective.is_probability:
        return list(names)
    return [next((key for key in names if legend.is_on(key)), next(iter(names)))]
