"""The methods of the two-parameter games, one row each, and the games themselves.

Data delta_0, generator delta_theta, discriminator D_psi(x) = psi x, so everything depends on t = psi theta.
In the sign of Mescheder, Geiger and Nowozin 2018 (arXiv 1801.04406) the game is

    L(theta, psi) = f(psi theta) + f(0),   f(t) = -log(1 + e^-t),   f'(t) = sigma(-t),

which G minimises and D maximises: D rates *fakes* high, the mirror image of the usual sign, with the same
eigenvalues. Every method without a penalty is then, with two functions g and d, the slopes of the costs,

    theta' = -psi g(psi theta),   psi' = theta d(psi theta).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ganviz.theory.dirac_blurred import (
    blurred_critic,
    blurred_hinge,
    blurred_least_squares,
    blurred_logistic,
)
from ganviz.theory.dirac_motion import (
    FALLING,
    LOGISTIC,
    LOGISTIC_MIRRORED,
    ONE,
    RISING,
    UP_TO_ONE,
    Force,
    Motion,
    consensus,
    gradient_penalty,
    plain,
    slope_target,
)

Parameters = Mapping[str, float]
Penalty = Callable[[Motion, Parameters], Motion]


@dataclass(frozen=True)
class Costs:
    """What G minimises and D maximises: their slopes between points, and the field between Gaussians of a
    spread."""

    g: Force
    d: Force
    blurred: Callable[[float], Motion]

    def motion(self, spread: float) -> Motion:
        """The field without any penalty."""
        return self.blurred(spread) if spread > 0.0 else plain(self.g, self.d)


MINIMAX = Costs(LOGISTIC, LOGISTIC, blurred_logistic)
NON_SATURATING = Costs(LOGISTIC_MIRRORED, LOGISTIC, lambda spread: blurred_logistic(spread, mirrored=True))
LEAST_SQUARES = Costs(RISING, FALLING, blurred_least_squares)
HINGE = Costs(ONE, UP_TO_ONE, blurred_hinge)
CRITIC = Costs(ONE, ONE, blurred_critic)


@dataclass(frozen=True)
class Game:
    """One game: the costs that its own f makes of a row's, and its parameters beside the methods'.

    ``costs`` has no entry for costs that are not made of f: methods with them do not belong to the game.
    ``coordinates``: what theta and psi are in it, in words and a symbol.
    """

    id: str
    title: str
    costs: Mapping[Costs, Costs]
    equation: str
    sentence: str
    parameters: Parameters = field(default_factory=dict)
    coordinates: tuple[str, str] = ("generator  θ", "discriminator  ψ")


_ALL = (MINIMAX, NON_SATURATING, LEAST_SQUARES, HINGE, CRITIC)

GAMES: dict[str, Game] = {
    row.id: row
    for row in (
        Game(
            "dirac",
            "Dirac-GAN",
            {costs: costs for costs in _ALL},
            r"L=f(\psi\theta)+f(0),\ f(t)={-}\log(1+e^{-t})",
            "Data and fakes are one point each, D is a straight line through the data.",
        ),
        Game(
            "bilinear",
            "Bilinear game",
            {MINIMAX: CRITIC, NON_SATURATING: CRITIC, CRITIC: CRITIC},
            r"V=xy=\theta\psi,\ f(t)=t",
            "f(t) = t: GAN, non-saturating GAN and WGAN are one game, whose flow is a circle.",
            coordinates=("generator  x = θ", "discriminator  y = ψ"),
        ),
        Game(
            "gaussians",
            "Two Gaussians",
            {costs: costs for costs in _ALL},
            r"L=\mathbb{E}\,f(\psi(\theta+sz))+\mathbb{E}\,f({-}\psi sz),\ z\sim N(0,1)",
            "Data N(0, s²), fakes N(θ, s²), D's logit ψx: the spread damps D by itself.",
            {"spread": 1.0},
            ("mean of the fakes  θ", "slope of D  ψ"),
        ),
    )
}


@dataclass(frozen=True)
class Method:
    """One row. ``equation`` is TeX for (theta', psi'); ``parameters`` are its settings with their defaults.

    A parameter named ``clip`` bounds psi to ±clip, at the start and after every update; one named ``sigma``
    blurs data and fakes by noise of that standard deviation.
    """

    id: str
    title: str
    costs: Costs
    equation: str
    sentence: str
    source: str
    parameters: Parameters = field(default_factory=dict)
    penalty: Penalty | None = None

    def motion(self, game: Game, given: Parameters) -> Motion:
        """The field of this method in a game, all parameters given."""
        # independent blurs of one point: their variances add
        base = game.costs[self.costs].motion(math.hypot(given.get("spread", 0.0), given.get("sigma", 0.0)))
        return base if self.penalty is None else self.penalty(base, given)


def methods_of(game: str) -> tuple[str, ...]:
    """The ids of the methods that belong to a game; ValueError for a game that does not exist."""
    if game not in GAMES:
        raise ValueError(f"No two-parameter game {game!r}; accepted: {', '.join(GAMES)}")
    return tuple(key for key, row in METHODS.items() if row.costs in GAMES[game].costs)


def _damp(times: float) -> Penalty:
    return lambda base, given: gradient_penalty(base, times * given["gamma"])


_2018 = "Mescheder et al. 2018"
_DAMPED = r"(-\psi f'(\psi\theta),\ \theta f'(\psi\theta)-\gamma\psi)"


METHODS: dict[str, Method] = {
    row.id: row
    for row in (
        Method(
            "minimax",
            "GAN",
            MINIMAX,
            r"(-\psi f'(\psi\theta),\ \theta f'(\psi\theta))",
            "Eigenvalues ±i/2: a rotation that no small step size damps.",
            f"{_2018}, section 2",
        ),
        Method(
            "non_saturating",
            "Non-saturating GAN",
            NON_SATURATING,
            r"(-\psi f'(-\psi\theta),\ \theta f'(\psi\theta))",
            "The same linearisation as the GAN; a relativistic pair plays the same game here.",
            f"{_2018}, section 3",
        ),
        Method(
            "least_squares",
            "LSGAN",
            LEAST_SQUARES,
            r"(-\psi(1+\psi\theta),\ \theta(1-\psi\theta))",
            "Labels -1 (fake), 1 (real and G's target): psi x has no bias, so it could not say 0 and 1.",
            "Mao et al. 2017, Eq. 2 with a = -1, b = c = 1",
        ),
        Method(
            "hinge",
            "Hinge",
            HINGE,
            r"(-\psi,\ \theta\,[\psi\theta<1])",
            "Near the rest point it is the unclipped WGAN.",
            "Lim and Ye 2017, Eq. 13 and 14",
        ),
        Method(
            "wasserstein",
            "WGAN, unclipped",
            CRITIC,
            r"(-\psi,\ \theta)",
            "The bilinear game V = xy: circles, eigenvalues ±i.",
            f"{_2018}, section 3",
        ),
        Method(
            "wasserstein_clip",
            "WGAN, clipped",
            CRITIC,
            r"(-\psi,\ \theta),\ |\psi|\le c",
            "Clipping bounds the circles; it does not end them.",
            f"{_2018}, section 3",
            {"clip": 1.0},
        ),
        Method(
            "wgan_gp",
            "WGAN-GP",
            CRITIC,
            r"(-\psi,\ \theta-\lambda(|\psi|-g_0)\,\mathrm{sign}\,\psi)",
            "The field has no rest point: at psi = 0 the penalty pushes away to either side.",
            f"{_2018}, section 3",
            {"weight": 0.7, "target": 1.0},
            lambda base, given: slope_target(base, given["weight"], given["target"]),
        ),
        Method(
            "r1",
            "GAN with R1",
            MINIMAX,
            _DAMPED,
            "Damps D's slope on the data: converges for every gamma > 0, fastest at gamma = 1.",
            f"{_2018}, section 4.1",
            {"gamma": 0.3},
            _damp(1.0),
        ),
        Method(
            "r2",
            "GAN with R2",
            MINIMAX,
            _DAMPED,
            "The same penalty on the fakes; a linear D has one slope everywhere, so it acts as R1 does.",
            f"{_2018}, section 4.1",
            {"gamma": 0.3},
            _damp(1.0),
        ),
        Method(
            "r1_r2",
            "GAN with R1 and R2",
            MINIMAX,
            r"(-\psi f'(\psi\theta),\ \theta f'(\psi\theta)-2\gamma\psi)",
            "Both penalties: twice the damping of one.",
            f"{_2018}, section 4.1",
            {"gamma": 0.3},
            _damp(2.0),
        ),
        Method(
            "non_saturating_r1",
            "Non-saturating with R1",
            NON_SATURATING,
            r"(-\psi f'(-\psi\theta),\ \theta f'(\psi\theta)-\gamma\psi)",
            "Converges like the GAN with R1.",
            f"{_2018}, section 4.1",
            {"gamma": 0.3},
            _damp(1.0),
        ),
        Method(
            "instance_noise",
            "GAN with instance noise",
            MINIMAX,
            r"\mathbb{E}(-\psi f'(\psi y),\ y f'(\psi y)-x f'(-\psi x))",
            "Blurs data and fakes: the eigenvalues gain the real part -sigma^2/4.",
            f"{_2018}, section 3",
            {"sigma": 0.7},
        ),
        Method(
            "consensus",
            "Consensus optimisation",
            MINIMAX,
            r"v-\gamma\nabla\frac{1}{2}\|v\|^2",
            "Both players also descend the length of the field: real part -gamma/4.",
            "Mescheder et al. 2017, Eq. 16, on the game of 2018",
            {"gamma": 1.0},
            lambda base, given: consensus(base, given["gamma"]),
        ),
    )
}
