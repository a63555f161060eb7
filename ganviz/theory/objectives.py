"""The objectives as closed forms: what each player pays for one output, and the slope it feels.

This table is the one place where an objective is declared. The menu, the number keys, the curves and slopes
on screen, the file format and the tests are all made from it; its torch twin, which trains, is
``games/objectives.py`` and a test holds the two equal, value and slope, over outputs from -200 to 200.

Conventions: natural logarithm. ``output`` is the logit a (D = sigma(a)) for a *logit* objective and the
critic's score f for a *score* objective. L_D is the sum E real_cost + E fake_cost; both players minimise.
Everything goes through softplus, because log(1 - sigma(a)) in floating point is -inf from a = 40 on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Cost = Callable[[Array], Array]

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


@dataclass(frozen=True)
class Objective:
    """One row of the family: the costs of one output, their slopes, and the words for them.

    ``real_cost``, ``fake_cost``: what D pays for its output on one real, one fake sample. ``generator_cost``:
    what G pays for D's output on one fake. ``*_slope``: derivative with respect to the output. All map
    float64 arrays to arrays of the same shape. ``*_equation`` are TeX. ``d_equilibrium``, ``g_equilibrium``:
    L_D and L_G where p_g = p_data and D is optimal.
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

    @property
    def is_probability(self) -> bool:
        """Whether sigma(output) is a probability; a critic's score never is."""
        return self.output == "logit"


_CROSS_ENTROPY = {
    "output": "logit",
    "d_equation": r"-\mathbb{E}\log D(x) - \mathbb{E}\log(1-D(G(z)))",
    "real_cost": lambda a: softplus(-a),
    "real_slope": lambda a: -sigmoid(-a),
    "fake_cost": softplus,
    "fake_slope": sigmoid,
    "equilibrium_output": 0.0,
    "d_equilibrium": LOG_4,
}

OBJECTIVES: dict[str, Objective] = {
    row.id: row
    for row in (
        Objective(
            id="minimax",
            name="Minimax",
            short="minimax",
            g_equation=r"\log(1-D)",
            sentence="The original game. Where D is sure of a fake, the slope in the logit is −D: almost 0.",
            source="Goodfellow et al. 2014, Eq. 1",
            generator_cost=lambda a: -softplus(a),
            generator_slope=lambda a: -sigmoid(a),
            g_equilibrium=-LOG_2,
            **_CROSS_ENTROPY,  # type: ignore[arg-type]
        ),
        Objective(
            id="non_saturating",
            name="Non-saturating",
            short="NS",
            g_equation=r"-\log D",
            sentence="Same fixed point, other gradient: −(1−D), largest where D is sure of a fake.",
            source="Goodfellow et al. 2014, section 3",
            generator_cost=lambda a: softplus(-a),
            generator_slope=lambda a: -sigmoid(-a),
            g_equilibrium=LOG_2,
            **_CROSS_ENTROPY,  # type: ignore[arg-type]
        ),
        Objective(
            id="least_squares",
            name="Least squares",
            short="LS",
            output="score",
            d_equation=r"\frac{1}{2}\mathbb{E}(f(x)-1)^2 + \frac{1}{2}\mathbb{E}f(G(z))^2",
            g_equation=r"\frac{1}{2}(f-1)^2",
            sentence="G pays the squared distance of the score from 1: the push grows with it.",
            source="Mao et al. 2017, Eq. 2 with a = 0, b = c = 1",
            real_cost=lambda f: 0.5 * (f - 1.0) ** 2,
            real_slope=lambda f: f - 1.0,
            fake_cost=lambda f: 0.5 * f**2,
            fake_slope=lambda f: 1.0 * f,
            generator_cost=lambda f: 0.5 * (f - 1.0) ** 2,
            generator_slope=lambda f: f - 1.0,
            equilibrium_output=0.5,
            d_equilibrium=0.25,
            g_equilibrium=0.125,
        ),
        Objective(
            id="wasserstein",
            name="Wasserstein",
            short="W",
            output="score",
            d_equation=r"\mathbb{E}f(G(z)) - \mathbb{E}f(x)",
            g_equation=r"-f",
            sentence="The critic's weights are clipped to ±c, so its slope is bounded; G feels −1.",
            source="Arjovsky et al. 2017, Algorithm 1",
            real_cost=lambda f: -f,
            real_slope=lambda f: -np.ones_like(f),
            fake_cost=lambda f: 1.0 * f,
            fake_slope=np.ones_like,
            generator_cost=lambda f: -f,
            generator_slope=lambda f: -np.ones_like(f),
            equilibrium_output=0.0,
            d_equilibrium=0.0,
            g_equilibrium=0.0,
        ),
        Objective(
            id="hinge",
            name="Hinge",
            short="hinge",
            output="score",
            d_equation=r"\mathbb{E}(1-f(x))_+ + \mathbb{E}(1+f(G(z)))_+",
            g_equation=r"-f",
            sentence="D stops learning from samples that it scores beyond ±1; G feels −1 everywhere.",
            source="Lim and Ye 2017, Eq. 13 and 14",
            real_cost=lambda f: np.maximum(0.0, 1.0 - f),
            real_slope=lambda f: -(f < 1.0).astype(np.float64),
            fake_cost=lambda f: np.maximum(0.0, 1.0 + f),
            fake_slope=lambda f: (f > -1.0).astype(np.float64),
            generator_cost=lambda f: -f,
            generator_slope=lambda f: -np.ones_like(f),
            equilibrium_output=0.0,
            d_equilibrium=2.0,
            g_equilibrium=0.0,
        ),
    )
}
