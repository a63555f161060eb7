"""The fields of ``dirac_motion`` between Gaussians: data N(0, s^2), fakes N(theta, s^2), s the spread."""

from __future__ import annotations

import math

import numpy as np

from ganviz.theory.dirac_motion import (
    FALLING,
    ONE,
    RISING,
    Bends,
    FloatArray,
    Matrix,
    Motion,
    Number,
    Pair,
    damped,
    plain,
)

_NODES = np.linspace(-8.5, 8.5, 128)
_WEIGHTS = np.exp(-0.5 * _NODES**2) / np.exp(-0.5 * _NODES**2).sum()


class _Waves:
    """tanh(psi y / 2) at the nodes of fakes and reals, and the means of what is made of it, by the
    trapezoidal rule: 128 nodes over ±8.5 standard deviations.

    For smooth integrands under a Gaussian it converges geometrically (Trefethen and Weideman 2014). Error of
    a mean of f' below 1e-14 for |psi| s up to 4, 3e-11 at 6, 2e-7 at 10, where 40 Gauss-Hermite nodes err by
    1e-4, 1e-3, 8e-3.
    """

    def __init__(self, spread: float) -> None:
        self._fakes = np.repeat([1.0, 0.0], _NODES.size)
        self._blur = spread * np.tile(_NODES, 2)
        self._powers = [_powers(spread, highest) for highest in range(4)]

    def at(self, theta: Number, psi: Number) -> FloatArray:
        """The wave at the fakes' nodes, then at the reals'."""
        x, y = (
            (theta, psi)
            if type(theta) is float
            else (np.asarray(theta)[..., None], np.asarray(psi)[..., None])
        )
        return np.tanh((0.5 * y) * (x * self._fakes + self._blur))

    def means(self, values: FloatArray, highest: int) -> list[Number]:
        """E (s z)^k times the values at the fakes, k = 0..highest, the last with the reals' mean added."""
        sums = values.dot(self._powers[highest])
        return sums.tolist() if sums.ndim == 1 else list(np.moveaxis(sums, -1, 0))


def _powers(spread: float, highest: int) -> FloatArray:
    """Columns k = 0..highest that sum the values at the fakes' nodes, then at the reals', to the mean of
    (s z)^k times them; the reals count in the last column only."""
    columns = _WEIGHTS[:, None] * (spread * _NODES[:, None]) ** np.arange(highest + 1)
    reals = np.zeros_like(columns)
    reals[:, -1] = columns[:, -1]
    return np.concatenate([columns, reals])


def blurred_logistic(spread: float, mirrored: bool = False) -> Motion:
    """``plain`` with g(t) = f'(t), or f'(-t) if ``mirrored``, and d = f', between Gaussians of this spread;
    f' = 1/2 - tanh(t/2)/2 has no closed expectation."""
    waves, sign = _Waves(spread), -1.0 if mirrored else 1.0

    def halves(theta: Number, wave: FloatArray) -> tuple[Number, Number, Number]:
        """E g, E f' at the fakes and psi'."""
        mean, turned = waves.means(wave, 1)
        felt = 0.5 - 0.5 * mean
        return 0.5 - sign * 0.5 * mean, felt, theta * felt - 0.5 * turned

    def curved(theta: Number, wave: FloatArray) -> tuple[Number, Number, Number]:
        """E f'', E y f'' at the fakes, E y^2 f'' at the fakes and the reals; f'' = (tanh^2 - 1) / 4."""
        q0, q1, q2 = waves.means(0.25 * (wave * wave - 1.0), 2)
        # the last column adds the reals; q1 has none, so theta^2 and 2 theta meet the fakes alone
        return q0, theta * q0 + q1, theta * theta * q0 + 2.0 * theta * q1 + q2

    def bent(theta: Number, wave: FloatArray) -> tuple[Number, Number, Number, Number]:
        """E f''', E y f''', E y^2 f''' at the fakes, E y^3 f''' at both; f''' = (1 - tanh^2) tanh / 4."""
        r0, r1, r2, r3 = waves.means(0.25 * (1.0 - wave * wave) * wave, 3)
        second = theta * theta * r0 + 2.0 * theta * r1 + r2
        third = theta * theta * theta * r0 + 3.0 * theta * theta * r1 + 3.0 * theta * r2 + r3
        return r0, theta * r0 + r1, second, third

    def move(theta: Number, psi: Number) -> Pair:
        g, _, up = halves(theta, waves.at(theta, psi))
        return -psi * g, up

    def turn(theta: Number, psi: Number) -> Matrix:
        wave = waves.at(theta, psi)
        g, felt, _ = halves(theta, wave)
        e0, e1, e2 = curved(theta, wave)
        return (-psi * psi * sign * e0, -g - psi * sign * e1), (felt + psi * e1, e2)

    def bend(theta: Number, psi: Number) -> Bends:
        wave = waves.at(theta, psi)
        e0, e1, _ = curved(theta, wave)
        m0, m1, m2, m3 = bent(theta, wave)
        mixed, twice = 2.0 * e0 + psi * m1, 2.0 * e1 + psi * m2
        return (-psi * psi * psi * sign * m0, -psi * sign * mixed, -sign * twice), (psi * mixed, twice, m3)

    return Motion(move, turn, bend)


def blurred_critic(_: float) -> Motion:
    """g = d = 1: E psi y - E psi x = psi theta whatever the spread, the unclipped WGAN."""
    return plain(ONE, ONE)


def blurred_least_squares(spread: float) -> Motion:
    """g = 1 + t, d = 1 - t: v = (-psi (1 + psi theta), theta - psi theta^2 - 2 s^2 psi), in closed form; the
    two variances, of the fakes and of the data, damp psi."""
    return damped(
        plain(RISING, FALLING), lambda psi: 2.0 * spread * spread * psi, lambda psi: 2.0 * spread * spread
    )


def _normal(u: Number) -> Pair:
    """The density and the distribution function of N(0, 1)."""
    if type(u) is float:
        return math.exp(-0.5 * u * u) / math.sqrt(2.0 * math.pi), 0.5 + 0.5 * math.erf(u / math.sqrt(2.0))
    below = [0.5 + 0.5 * math.erf(value / math.sqrt(2.0)) for value in np.ravel(u)]
    return np.exp(-0.5 * u * u) / math.sqrt(2.0 * math.pi), np.reshape(below, np.shape(u))


def blurred_hinge(spread: float) -> Motion:
    """g = 1, d(t) = [t < 1], in closed form: with u = (1 - psi theta)/(|psi| s), u0 = 1/(|psi| s), the
    density phi and the distribution function Phi of N(0, 1),

    E [psi y < 1] = Phi(u),   psi' = theta Phi(u) - s sign(psi) (phi(u) + phi(u0)).
    """

    def parts(theta: Number, psi: Number) -> tuple[Number, Number, Number, Number]:
        # |psi| from 1e-9 on: below, both densities are 0 and Phi is 1, as they are at 0 itself
        size = max(abs(psi), 1e-9) if type(psi) is float else np.maximum(np.abs(psi), 1e-9)
        density, share = _normal((1.0 - psi * theta) / (size * spread))
        at_data, _ = _normal(1.0 / (size * spread))
        return size, share, density, at_data

    def move(theta: Number, psi: Number) -> Pair:
        _, share, density, at_data = parts(theta, psi)
        sign = (psi > 0.0) * 1.0 - (psi < 0.0) * 1.0
        return -psi, theta * share - spread * sign * (density + at_data)

    def turn(theta: Number, psi: Number) -> Matrix:
        size, share, density, at_data = parts(theta, psi)
        steep = spread * size
        return (0.0 * psi, -1.0), (share - density / steep, -(density + at_data) / (steep * size * size))

    return Motion(move, turn)
