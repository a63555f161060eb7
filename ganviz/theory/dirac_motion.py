"""Vector fields over (theta, psi), built from the slopes of the players' costs; pure functions of two
numbers.

Data and fakes are points (``plain``) or Gaussians N(0, s^2) and N(theta, s^2) (``dirac_blurred``). With D's
output psi x and Mescheder's sign, G minimises E c(psi y) and D maximises E a(psi y) + E a(-psi x), where y =
theta + s z, x = s z, z ~ N(0, 1): in every row the real part of D's gain is the mirror image of the fake part
(for the GAN it is Mescheder's f(-D(x)) with c = a = f). With the slopes g = c' and d = a'

    theta' = -psi E g(psi y),   psi' = E y d(psi y) - E x d(-psi x) = E y d(psi y) + E x d(psi x),

the last because x and -x are equally likely. As s -> 0, y -> theta and x -> 0: v = (-psi g(t), theta d(t))
with t = psi theta, the field between points.

Every function takes plain floats, as the loop of a simulation does, or float64 arrays of equal shapes, by the
same formulas. Floats are several times faster than arrays without dimensions.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
Number = Any
"""A float or a float64 array: numbers go in and out as the one or the other."""
Pair = tuple[Number, Number]
Matrix = tuple[Pair, Pair]
Bends = tuple[tuple[Number, Number, Number], tuple[Number, Number, Number]]
Curve = Callable[[Number], Number]
Damping = Callable[[Number], Number]


class Motion(NamedTuple):
    """A field v = (v1, v2), its Jacobian, and the Hessians of v1 and v2, each as (by theta twice, mixed, by
    psi twice), or None where nothing needs them; all three functions of (theta, psi)."""

    field: Callable[[Number, Number], Pair]
    jacobian: Callable[[Number, Number], Matrix]
    hessians: Callable[[Number, Number], Bends] | None = None


# ---------------------------------------------------------------- f and its derivatives


def f_prime(t: Number) -> Number:
    """f'(t) = sigma(-t), in 0..1, 1/2 at 0; by tanh, which cannot overflow and is fast on single numbers."""
    return 0.5 - 0.5 * (math.tanh(0.5 * t) if type(t) is float else np.tanh(0.5 * t))


def f_second(t: Number) -> Number:
    """f''(t) = -sigma(t) sigma(-t), in -1/4..0, -1/4 at 0."""
    return -f_prime(t) * f_prime(-t)


def f_third(t: Number) -> Number:
    """f'''(t) = sigma(t) sigma(-t) tanh(t / 2), an odd function."""
    return -f_second(t) * np.tanh(0.5 * t)


# ---------------------------------------------------------------- points: data delta_0, fakes delta_theta


class Force(NamedTuple):
    """The slope of a player's cost by the output t = psi theta, and its two derivatives."""

    value: Curve
    slope: Curve
    bend: Curve


def _nothing(_: Number) -> Number:
    return 0.0


LOGISTIC = Force(f_prime, f_second, f_third)
LOGISTIC_MIRRORED = Force(lambda t: f_prime(-t), lambda t: -f_second(-t), lambda t: f_third(-t))
ONE = Force(lambda _: 1.0, _nothing, _nothing)
RISING = Force(lambda t: 1.0 + t, lambda _: 1.0, _nothing)
FALLING = Force(lambda t: 1.0 - t, lambda _: -1.0, _nothing)
UP_TO_ONE = Force(lambda t: (t < 1.0) * 1.0, _nothing, _nothing)


def plain(g: Force, d: Force) -> Motion:
    """The two players without any penalty: v = (-psi g(t), theta d(t)), t = psi theta."""

    def move(theta: Number, psi: Number) -> Pair:
        t = psi * theta
        return -psi * g.value(t), theta * d.value(t)

    def turn(theta: Number, psi: Number) -> Matrix:
        t = psi * theta
        return (
            (-(psi * psi) * g.slope(t), -g.value(t) - t * g.slope(t)),
            (d.value(t) + t * d.slope(t), theta * theta * d.slope(t)),
        )

    def bend(theta: Number, psi: Number) -> Bends:
        t = psi * theta
        by_g, by_d = 2.0 * g.slope(t) + t * g.bend(t), 2.0 * d.slope(t) + t * d.bend(t)
        return (
            (-psi * psi * psi * g.bend(t), -psi * by_g, -theta * by_g),
            (psi * by_d, theta * by_d, theta * theta * theta * d.bend(t)),
        )

    return Motion(move, turn, bend)


# ---------------------------------------------------------------- penalties


def damped(base: Motion, damping: Damping, slope: Damping) -> Motion:
    """``base`` with ``damping(psi)`` taken from psi': the gradient of a penalty on D's slope, which is psi at
    every x. The Hessians stay those of ``base``: every damping here is linear on either side of 0."""

    def move(theta: Number, psi: Number) -> Pair:
        first, second = base.field(theta, psi)
        return first, second - damping(psi)

    def turn(theta: Number, psi: Number) -> Matrix:
        upper, (left, right) = base.jacobian(theta, psi)
        return upper, (left, right - slope(psi))

    return Motion(move, turn, base.hessians)


def gradient_penalty(base: Motion, gamma: float) -> Motion:
    """R1 = (gamma / 2) E_p |psi|^2, and R2, the same under q: each takes gamma psi from psi'."""
    return damped(base, lambda psi: gamma * psi, lambda _: gamma)


def slope_target(base: Motion, weight: float, target: float) -> Motion:
    """The penalty (weight / 2) (|psi| - target)^2 of WGAN-GP. It has no derivative at psi = 0: NaN there, not
    that of one side."""
    return damped(
        base,
        lambda psi: weight * (abs(psi) - target) * ((psi > 0.0) * 1.0 - (psi < 0.0) * 1.0),
        lambda psi: weight * np.where(psi == 0.0, np.nan, 1.0),
    )


def consensus(base: Motion, gamma: float) -> Motion:
    """v - gamma grad(|v|^2 / 2) = v - gamma J^T v for the game v. Its Jacobian is J - gamma (J^T J + v_1 H_1
    + v_2 H_2), H_i the Hessians of v's components. ValueError for a base without them."""
    bends = base.hessians
    if bends is None:
        raise ValueError("consensus optimisation: the game has no second derivatives")

    def move(theta: Number, psi: Number) -> Pair:
        v1, v2 = base.field(theta, psi)
        (a, b), (c, d) = base.jacobian(theta, psi)
        return v1 - gamma * (a * v1 + c * v2), v2 - gamma * (b * v1 + d * v2)

    def turn(theta: Number, psi: Number) -> Matrix:
        v1, v2 = base.field(theta, psi)
        (a, b), (c, d) = base.jacobian(theta, psi)
        (x1, m1, y1), (x2, m2, y2) = bends(theta, psi)
        tt = a * a + c * c + v1 * x1 + v2 * x2
        tp = a * b + c * d + v1 * m1 + v2 * m2
        pp = b * b + d * d + v1 * y1 + v2 * y2
        return (a - gamma * tt, b - gamma * tp), (c - gamma * tp, d - gamma * pp)

    return Motion(move, turn)
