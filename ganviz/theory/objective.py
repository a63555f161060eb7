"""What an objective is, as closed forms: what each player pays for one output, and the slope it feels.

The table of all of them is ``theory/objectives.py``.

Conventions: natural logarithm. ``output`` is the logit a (D = sigma(a)) for a *logit* objective and the
critic's score f for a *score* objective. L_D is the sum E real_cost + E fake_cost; both players minimise.
Everything goes through softplus, because log(1 - sigma(a)) in floating point is -inf from a = 40 on.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Cost = Callable[[Array], Array]
Optimum = Callable[[npt.ArrayLike, npt.ArrayLike], Array]

LOG_2 = float(np.log(2.0))
LOG_4 = float(np.log(4.0))


def softplus(output: npt.ArrayLike) -> Array:
    """log(1 + e^a), exact for any finite a."""
    return np.logaddexp(0.0, np.asarray(output, dtype=np.float64))


def sigmoid(output: npt.ArrayLike) -> Array:
    """D = 1 / (1 + e^-a) without overflow: exp of the negative softplus of -a."""
    return np.exp(-softplus(-np.asarray(output, dtype=np.float64)))


def logit(probability: npt.ArrayLike) -> Array:
    """a = log(D / (1 - D)), the inverse of :func:`sigmoid`, for 0 < D < 1."""
    values = np.asarray(probability, dtype=np.float64)
    return np.log(values) - np.log1p(-values)


def log_ratio(p: npt.ArrayLike, q: npt.ArrayLike) -> Array:
    """log(p / q) of two densities >= 0: -inf where p alone is 0, inf where q alone is, NaN where both are."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.log(np.asarray(p, dtype=np.float64)) - np.log(np.asarray(q, dtype=np.float64))


def weighted(at_real: float, at_fake: float) -> Optimum:
    """(at_real p + at_fake q) / (p + q), the best output for squares around two labels; NaN without mass."""

    def output(p: npt.ArrayLike, q: npt.ArrayLike) -> Array:
        data, fakes = np.asarray(p, dtype=np.float64), np.asarray(q, dtype=np.float64)
        total = data + fakes
        return np.divide(
            at_real * data + at_fake * fakes, total, out=np.full(total.shape, np.nan), where=total > 0.0
        )

    return output


@dataclass(frozen=True)
class Objective:
    """One row of the family: the costs of one output, their slopes, and the words for them.

    ``real_cost``, ``fake_cost``: what D pays for its output on one real, one fake sample. ``generator_cost``:
    what G pays for D's output on one fake. ``*_slope``: derivative with respect to the output. All map
    float64 arrays to arrays of the same shape. ``optimal_output(p, q)`` is the output of the best D where the
    data have the density p and the fakes q, None where no closed form in p and q exists. ``*_equation`` are
    TeX. ``d_equilibrium``, ``g_equilibrium``: L_D and L_G where p_g = p_data and D is optimal. ``more``:
    listed under "More losses" instead of in the bar.

    A relativistic objective's costs are functions of differences: of a real's output minus a fake's for
    ``real_cost``, of a fake's minus a real's for the others. ``relative_to`` says whose: that of the
    ``partner`` at the same place of the batch, or the ``mean`` over the other half. Its output is a score
    that is known up to a constant.
    """

    id: str
    name: str
    short: str
    output: Literal["logit", "score"]
    d_equation: str
    g_equation: str
    sentence: str
    source: str
    real_cost: Cost
    real_slope: Cost
    fake_cost: Cost
    fake_slope: Cost
    generator_cost: Cost
    generator_slope: Cost
    equilibrium_output: float
    d_equilibrium: float
    g_equilibrium: float
    optimal_output: Optimum | None
    relative_to: Literal["", "partner", "mean"] = ""
    more: bool = False

    def compared(self, outputs: Array, others: Array) -> Array:
        """What the costs of ``outputs`` (n,) are functions of: themselves, or how far they lie above the
        ``others`` (n,), reals for fakes and fakes for reals, where the objective is relativistic.
        """
        if not self.relative_to:
            return outputs
        return outputs - (others if self.relative_to == "partner" else others.mean())

    @property
    def is_probability(self) -> bool:
        """Whether sigma(output) is a probability; a critic's score never is."""
        return self.output == "logit"

    @property
    def against(self) -> str:
        """What the costs of a score are functions of, in words for an axis."""
        return {
            "": "score f: not a probability",
            "partner": "score f minus its partner's on the other side",
            "mean": "score f minus the mean of the other side",
        }[self.relative_to]

    @property
    def plays_v(self) -> bool:
        """Whether L_D is -V of Goodfellow et al. 2014, Eq. 1: the costs of D = 1/2 add up to log 4."""
        middle = np.zeros(())
        return self.is_probability and float(self.real_cost(middle) + self.fake_cost(middle)) == LOG_4

    @property
    def equilibrium_d(self) -> float:
        """What a logit objective's D says where p_g = p_data: 1/2, or what smoothed labels make of it."""
        return 1.0 / (1.0 + math.exp(-self.equilibrium_output))


CROSS_ENTROPY: dict[str, Any] = {
    "output": "logit",
    "d_equation": r"-\mathbb{E}\log D(x) - \mathbb{E}\log(1-D(G(z)))",
    "real_cost": lambda a: softplus(-a),
    "real_slope": lambda a: -sigmoid(-a),
    "fake_cost": softplus,
    "fake_slope": sigmoid,
    "equilibrium_output": 0.0,
    "d_equilibrium": LOG_4,
    "optimal_output": log_ratio,
}
"""What all objectives share whose D ascends the V of Goodfellow et al. 2014; D* has the logit log(p / q)."""
