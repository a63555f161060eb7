"""The best discriminator, or critic, beside the learned one: what two panels share."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ganviz.experiment import Experiment
from ganviz.theory.objective import Objective, sigmoid
from ganviz.theory.objectives import OBJECTIVES
from ganviz.theory.optimal import gap, noise_of
from ganviz.ui import formatting
from ganviz.ui.panels.figures import Figure

Array = npt.NDArray[np.float64]
EXPECTED_OF_NOTHING = 0.5
"""Samples of p and q together below which a cell says nothing about the best output."""


@dataclass(frozen=True)
class Best:
    """The two outputs in every cell, as shown: D and D* of a logit objective, f and f* of a score.

    ``learned`` and ``optimal`` have the cells' shape; ``optimal`` is NaN in cells without samples of either.
    ``mean``, ``largest`` and ``noise`` are those of `ganviz.theory.optimal`.
    """

    name: str
    learned: Array
    optimal: Array
    mean: float
    largest: float
    noise: float


def shown(objective: Objective) -> Callable[[npt.ArrayLike], Array]:
    """What of an output is shown: D of a logit, the score as it is."""
    return sigmoid if objective.is_probability else lambda output: np.asarray(output, np.float64)


SMOOTHED = r"D^*(x)=\frac{\alpha\,p_{\mathrm{data}}(x)+\beta\,p_g(x)}{p_{\mathrm{data}}(x)+p_g(x)}"


def equation_of(objective: Objective, plain: str) -> str:
    """The equation of the best output: ``plain`` of a D that learns from the labels 1 and 0."""
    if not objective.is_probability:
        return r"f^*(p,q)"
    return plain if objective is OBJECTIVES[objective.id] else SMOOTHED


def least_loss(objective: Objective, p: Array, q: Array) -> float:
    """L_D of the best D over cells of the probabilities ``p`` and ``q``, both of one shape."""
    assert objective.optimal_output is not None
    with np.errstate(invalid="ignore"):  # where there is no mass there is no output either
        best = objective.optimal_output(p, q)
        paid = [(p, objective.real_cost(best)), (q, objective.fake_cost(best))]
        return sum(float(np.where(mass > 0.0, mass * cost, 0.0).sum()) for mass, cost in paid)


def no_best(objective: Objective) -> str:
    """The sentence for an objective whose best output has no closed form; "" where it has one."""
    if objective.optimal_output is not None:
        return ""
    return f"{objective.name}: no f* to draw, it is no function of p(x) and q(x) alone."


def moved(experiment: Experiment) -> str:
    """What keeps D from this optimum on purpose, in a few words; "" where nothing does."""
    row = OBJECTIVES[experiment.objective]
    if row.optimal_output is None:
        return ""
    names = {
        "a constant of f": bool(row.relative_to),
        "instance noise": experiment.instance_noise > 0,
    }
    found = [name for name, on in names.items() if on]
    return f"{' and '.join(found)} not counted" if found else ""


def _shift(away: Array, weight: Array) -> float:
    """The weighted mean of what is finite: a relativistic score is best up to any constant, so up to this."""
    known = np.isfinite(away)
    total = float(weight[known].sum())
    return float((away[known] * weight[known]).sum()) / total if total else 0.0


def best_of(
    objective: Objective,
    output: npt.ArrayLike,
    p: npt.ArrayLike,
    q: npt.ArrayLike,
    samples: int,
    *,
    dense: npt.ArrayLike,
) -> Best:
    """Hold D's ``output`` in each cell against the best one for the cells' probabilities ``p`` and ``q``.

    ``samples``: how many fakes q was counted from. ``dense``: the cells in which the largest gap is sought.
    """
    assert objective.optimal_output is not None
    data, fakes = np.asarray(p, np.float64), np.asarray(q, np.float64)
    raw, show = objective.optimal_output, shown(objective)
    held = samples * (data + fakes) >= EXPECTED_OF_NOTHING

    def optimum(p_cell: Array, q_cell: Array) -> Array:
        found = np.full(held.shape, math.nan)
        with np.errstate(invalid="ignore"):  # 0 / 0 has no best output
            found[held] = show(raw(p_cell[held], q_cell[held])) + constant
        return found

    learned, constant = show(output), 0.0
    if objective.relative_to:
        constant = _shift(learned - optimum(data, fakes), data + fakes)
    found = gap(learned, data, fakes, optimum=optimum, dense=dense)
    noise = noise_of(data, fakes, samples, optimum)
    return Best(letter(objective), learned, optimum(data, fakes), found.mean, found.largest, noise)


def letter(objective: Objective) -> str:
    """What the output is called as it is shown: D, or a score f."""
    return "D" if objective.is_probability else "f"


def gap_figures(best: Best | None, name: str, *, noisy: bool, where: str, colour: str) -> list[Figure]:
    """The two numbers of the gap of D or f (``name``); the largest was sought ``where`` it says."""
    mean, largest = (best.mean, best.largest) if best else (math.nan, math.nan)
    noise = "weights (p + q)/2"
    if best is not None and noisy:
        noise = f"noise {formatting.significant(best.noise, 1)}"
    return [
        Figure(f"mean |{name} − {name}*|", formatting.reading(mean), noise, colour),
        Figure(f"largest |{name} − {name}*|", formatting.reading(largest), where, colour),
    ]
