"""The methods of the Dirac-GAN, one row each: how it moves (theta, psi), and how that movement bends.

Data delta_0, generator delta_theta, discriminator D_psi(x) = psi x, so everything depends on t = psi theta.
In the sign of Mescheder, Geiger and Nowozin 2018 (arXiv 1801.04406) the game is

    L(theta, psi) = f(psi theta) + f(0),   f(t) = -log(1 + e^-t),   f'(t) = sigma(-t),

which G minimises and D maximises: D rates *fakes* high, the mirror image of the usual sign, with the same
eigenvalues. Every method without a penalty is then, with two functions g and d, the slopes of the costs,

    theta' = -psi g(psi theta),   psi' = theta d(psi theta).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
Parameters = Mapping[str, float]
Pair = tuple[FloatArray, FloatArray]
Matrix = tuple[Pair, Pair]
Curve = Callable[[FloatArray], FloatArray]
Damping = Callable[[FloatArray, Parameters], FloatArray]


class Motion(NamedTuple):
    """A vector field and its Jacobian, both of (theta, psi, parameters), elementwise over equal shapes."""

    field: Callable[[FloatArray, FloatArray, Parameters], Pair]
    jacobian: Callable[[FloatArray, FloatArray, Parameters], Matrix]


@dataclass(frozen=True)
class Method:
    """One row. ``equation`` is TeX for (theta', psi'); ``parameters`` are its settings with their defaults.

    A parameter named ``clip`` bounds psi to ±clip, at the start and after every update.
    """

    id: str
    title: str
    motion: Motion
    equation: str
    sentence: str
    source: str
    parameters: Parameters = field(default_factory=dict)


# ---------------------------------------------------------------- f and its derivatives


def f_prime(t: FloatArray) -> FloatArray:
    """f'(t) = sigma(-t), in 0..1, 1/2 at 0; by tanh, which cannot overflow and is fast on single numbers."""
    return 0.5 - 0.5 * np.tanh(0.5 * t)


def f_second(t: FloatArray) -> FloatArray:
    """f''(t) = -sigma(t) sigma(-t), in -1/4..0, -1/4 at 0."""
    return -f_prime(t) * f_prime(-t)


def f_third(t: FloatArray) -> FloatArray:
    """f'''(t) = sigma(t) sigma(-t) tanh(t / 2), an odd function."""
    return -f_second(t) * np.tanh(0.5 * t)


# ---------------------------------------------------------------- what rows are made of


class Force(NamedTuple):
    """One of the functions g and d of the module's docstring, and its derivative."""

    value: Curve
    slope: Curve


def plain(g: Force, d: Force) -> Motion:
    """The two players without any penalty: v = (-psi g(t), theta d(t)), t = psi theta."""

    def move(theta: FloatArray, psi: FloatArray, _: Parameters) -> Pair:
        t = psi * theta
        return -psi * g.value(t), theta * d.value(t)

    def bend(theta: FloatArray, psi: FloatArray, _: Parameters) -> Matrix:
        t = psi * theta
        return (
            (-(psi**2) * g.slope(t), -g.value(t) - t * g.slope(t)),
            (d.value(t) + t * d.slope(t), theta**2 * d.slope(t)),
        )

    return Motion(move, bend)


def damped(base: Motion, damping: Damping, slope: Damping) -> Motion:
    """``base`` with ``damping(psi)`` taken from psi': the gradient of a penalty on D's slope, which is psi at
    every x."""

    def move(theta: FloatArray, psi: FloatArray, given: Parameters) -> Pair:
        first, second = base.field(theta, psi, given)
        return first, second - damping(psi, given)

    def bend(theta: FloatArray, psi: FloatArray, given: Parameters) -> Matrix:
        upper, (left, right) = base.jacobian(theta, psi, given)
        return upper, (left, right - slope(psi, given))

    return Motion(move, bend)


def gradient_penalty(base: Motion, times: float) -> Motion:
    """R1 = (gamma / 2) E_p |psi|^2, and R2, the same under q: each takes gamma psi from psi'."""
    return damped(
        base,
        lambda psi, given: times * given["gamma"] * psi,
        lambda psi, given: times * given["gamma"] * np.ones_like(psi),
    )


_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(40)
_WEIGHTS = _WEIGHTS / _WEIGHTS.sum()


def _mean(values: FloatArray) -> FloatArray:
    """The expectation over N(0, 1) of values whose last axis runs over the Gauss-Hermite nodes."""
    mean: FloatArray = values @ _WEIGHTS
    return mean


def instance_noise() -> Motion:
    """Minimax between blurred points: v = E(-psi f'(psi y), y f'(psi y) - x f'(-psi x)), y ~ N(theta,
    sigma^2), x ~ N(0, sigma^2); the expectations by Gauss-Hermite quadrature with 40 nodes."""

    def blurred(theta: FloatArray, psi: FloatArray, given: Parameters) -> tuple[FloatArray, ...]:
        x = given["sigma"] * _NODES
        return np.asarray(theta)[..., None] + x, x, np.asarray(psi)[..., None]

    def move(theta: FloatArray, psi: FloatArray, given: Parameters) -> Pair:
        y, x, slope = blurred(theta, psi, given)
        felt = f_prime(slope * y)
        return -psi * _mean(felt), _mean(y * felt - x * f_prime(-slope * x))

    def bend(theta: FloatArray, psi: FloatArray, given: Parameters) -> Matrix:
        y, x, slope = blurred(theta, psi, given)
        felt, curved = f_prime(slope * y), f_second(slope * y)
        turned = _mean(felt + slope * y * curved)
        return (
            (-(psi**2) * _mean(curved), -turned),
            (turned, _mean(y**2 * curved + x**2 * f_second(-slope * x))),
        )

    return Motion(move, bend)


def consensus(base: Motion) -> Motion:
    """v - gamma grad(|v|^2 / 2) = v - gamma J^T v for the minimax game v. Its Jacobian is J - gamma (J^T J +
    v_1 H_1 + v_2 H_2), H_i the Hessians of v's components."""

    def move(theta: FloatArray, psi: FloatArray, given: Parameters) -> Pair:
        v1, v2 = base.field(theta, psi, given)
        (a, b), (c, d) = base.jacobian(theta, psi, given)
        gamma = given["gamma"]
        return v1 - gamma * (a * v1 + c * v2), v2 - gamma * (b * v1 + d * v2)

    def bend(theta: FloatArray, psi: FloatArray, given: Parameters) -> Matrix:
        v1, v2 = base.field(theta, psi, given)
        (a, b), (c, d) = base.jacobian(theta, psi, given)
        t, gamma = psi * theta, given["gamma"]
        third = f_third(t)
        mixed = 2.0 * f_second(t) + t * third
        tt = a**2 + c**2 - v1 * psi**3 * third + v2 * psi * mixed
        tp = a * b + c * d - v1 * psi * mixed + v2 * theta * mixed
        pp = b**2 + d**2 - v1 * theta * mixed + v2 * theta**3 * third
        return (a - gamma * tt, b - gamma * tp), (c - gamma * tp, d - gamma * pp)

    return Motion(move, bend)


# ---------------------------------------------------------------- the rows

_F = Force(f_prime, f_second)
_F_MIRRORED = Force(lambda t: f_prime(-t), lambda t: -f_second(-t))
_ONE = Force(np.ones_like, np.zeros_like)
_MINIMAX, _NON_SATURATING, _CRITIC = plain(_F, _F), plain(_F_MIRRORED, _F), plain(_ONE, _ONE)

_LEAST_SQUARES = plain(
    Force(lambda t: 1.0 + t, np.ones_like), Force(lambda t: 1.0 - t, lambda t: -np.ones_like(t))
)
_HINGE = plain(_ONE, Force(lambda t: (t < 1.0) * np.ones_like(t), np.zeros_like))
_SLOPE_TARGET = damped(
    _CRITIC,
    lambda psi, given: given["weight"] * (np.abs(psi) - given["target"]) * np.sign(psi),
    # |psi| has no derivative at 0: NaN there, not that of one side
    lambda psi, given: given["weight"] * np.where(psi == 0.0, np.nan, np.ones_like(psi)),
)

_2018 = "Mescheder et al. 2018"
_DAMPED = r"(-\psi f'(\psi\theta),\ \theta f'(\psi\theta)-\gamma\psi)"


METHODS: dict[str, Method] = {
    row.id: row
    for row in (
        Method(
            "minimax",
            "GAN",
            _MINIMAX,
            r"(-\psi f'(\psi\theta),\ \theta f'(\psi\theta))",
            "Eigenvalues ±i/2: a rotation that no small step size damps.",
            f"{_2018}, section 2",
        ),
        Method(
            "non_saturating",
            "Non-saturating GAN",
            _NON_SATURATING,
            r"(-\psi f'(-\psi\theta),\ \theta f'(\psi\theta))",
            "The same linearisation as the GAN; a relativistic pair plays the same game here.",
            f"{_2018}, section 3",
        ),
        Method(
            "least_squares",
            "LSGAN",
            _LEAST_SQUARES,
            r"(-\psi(1+\psi\theta),\ \theta(1-\psi\theta))",
            "Labels -1 (fake), 1 (real and G's target): psi x has no bias, so it could not say 0 and 1.",
            "Mao et al. 2017, Eq. 2 with a = -1, b = c = 1",
        ),
        Method(
            "hinge",
            "Hinge",
            _HINGE,
            r"(-\psi,\ \theta\,[\psi\theta<1])",
            "Near the rest point it is the unclipped WGAN.",
            "Lim and Ye 2017, Eq. 13 and 14",
        ),
        Method(
            "wasserstein",
            "WGAN, unclipped",
            _CRITIC,
            r"(-\psi,\ \theta)",
            "The bilinear game V = xy: circles, eigenvalues ±i.",
            f"{_2018}, section 3",
        ),
        Method(
            "wasserstein_clip",
            "WGAN, clipped",
            _CRITIC,
            r"(-\psi,\ \theta),\ |\psi|\le c",
            "Clipping bounds the circles; it does not end them.",
            f"{_2018}, section 3",
            {"clip": 1.0},
        ),
        Method(
            "wgan_gp",
            "WGAN-GP",
            _SLOPE_TARGET,
            r"(-\psi,\ \theta-\lambda(|\psi|-g_0)\,\mathrm{sign}\,\psi)",
            "The field has no rest point: at psi = 0 the penalty pushes away to either side.",
            f"{_2018}, section 3",
            {"weight": 0.7, "target": 1.0},
        ),
        Method(
            "r1",
            "GAN with R1",
            gradient_penalty(_MINIMAX, 1.0),
            _DAMPED,
            "Damps D's slope on the data: converges for every gamma > 0, fastest at gamma = 1.",
            f"{_2018}, section 4.1",
            {"gamma": 0.3},
        ),
        Method(
            "r2",
            "GAN with R2",
            gradient_penalty(_MINIMAX, 1.0),
            _DAMPED,
            "The same penalty on the fakes; a linear D has one slope everywhere, so it acts as R1 does.",
            f"{_2018}, section 4.1",
            {"gamma": 0.3},
        ),
        Method(
            "r1_r2",
            "GAN with R1 and R2",
            gradient_penalty(_MINIMAX, 2.0),
            r"(-\psi f'(\psi\theta),\ \theta f'(\psi\theta)-2\gamma\psi)",
            "Both penalties: twice the damping of one.",
            f"{_2018}, section 4.1",
            {"gamma": 0.3},
        ),
        Method(
            "non_saturating_r1",
            "Non-saturating with R1",
            gradient_penalty(_NON_SATURATING, 1.0),
            r"(-\psi f'(-\psi\theta),\ \theta f'(\psi\theta)-\gamma\psi)",
            "Converges like the GAN with R1.",
            f"{_2018}, section 4.1",
            {"gamma": 0.3},
        ),
        Method(
            "instance_noise",
            "GAN with instance noise",
            instance_noise(),
            r"\mathbb{E}(-\psi f'(\psi y),\ y f'(\psi y)-x f'(-\psi x))",
            "Blurs data and fakes: the eigenvalues gain the real part -sigma^2/4.",
            f"{_2018}, section 3",
            {"sigma": 0.7},
        ),
        Method(
            "consensus",
            "Consensus optimisation",
            consensus(_MINIMAX),
            r"v-\gamma\nabla\frac{1}{2}\|v\|^2",
            "Both players also descend the length of the field: real part -gamma/4.",
            "Mescheder et al. 2017, Eq. 16, on the game of 2018",
            {"gamma": 1.0},
        ),
    )
}
