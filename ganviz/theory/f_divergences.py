"""The f-divergences of the f-GAN: D_f(p || q) = int q f(p / q), and the game whose value they are.

Nowozin, Cseke and Tomioka 2016 (arXiv 1606.00709). With the convex conjugate f*(t) = sup_u (u t - f(u)) every
function T gives the lower bound E_p T - E_q f*(T), reached at T = f'(p / q). A discriminator with any real
output v becomes such a T by the output activation g: T = g(v), so that D pays -g(v) for a real and f*(g(v))
for a fake. Natural logarithm; u = p / q > 0.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ganviz.theory.divergences import FloatArray, jsd_gaussians, shifted_gaussians
from ganviz.theory.objective import LOG_2, LOG_4, softplus

Function = Callable[[FloatArray], FloatArray]


@dataclass(frozen=True)
class FDivergence:
    """One row of Tables 1, 2 and 6 of the paper. Functions map float64 arrays to arrays of the same shape.

    ``f`` of u; ``slope`` is f'(u), the optimal T at u = p / q; ``conjugate`` is f*(t), inf from
    ``domain_end`` on; ``activation`` is g(v), for any real v; ``fake_cost`` is f*(g(v)), keeping its
    digits far out; ``optimal_output`` is the v with g(v) = f'(e^l), as a function of l = log(p / q);
    ``gaussians`` is D_f(N(0, 1) || N(mu, 1)) as a function of mu. ``*_equation`` are TeX. As in the paper
    Pearson's conjugate is that over all real u; it differs from that over u > 0 below t = -2, its least T.
    """

    id: str
    name: str
    f_equation: str
    conjugate_equation: str
    activation_equation: str
    sentence: str
    f: Function
    slope: Function
    conjugate: Function
    domain_end: float
    activation: Function
    fake_cost: Function
    optimal_output: Function
    gaussians: Callable[[float], float]


def _below(end: float, values: Function) -> Function:
    """``values`` where t < end, inf elsewhere: the conjugate outside its domain."""

    def conjugate(t: FloatArray) -> FloatArray:
        inside = t < end
        return np.where(inside, values(np.where(inside, t, end - 1.0)), np.inf)

    return conjugate


def _log_sigmoid(v: FloatArray) -> FloatArray:
    return -softplus(-v)


F_DIVERGENCES: dict[str, FDivergence] = {
    row.id: row
    for row in (
        FDivergence(
            id="kl",
            name="Kullback-Leibler",
            f_equation=r"u\log u",
            conjugate_equation=r"e^{t-1}",
            activation_equation=r"v",
            sentence="Punishes missing data: wherever p > 0 the generator must put mass.",
            f=lambda u: u * np.log(u),
            slope=lambda u: 1.0 + np.log(u),
            conjugate=lambda t: np.exp(t - 1.0),
            domain_end=math.inf,
            activation=lambda v: 1.0 * v,
            fake_cost=lambda v: np.exp(v - 1.0),
            optimal_output=lambda log_ratio: 1.0 + log_ratio,
            gaussians=lambda mu: mu**2 / 2.0,
        ),
        FDivergence(
            id="reverse_kl",
            name="Reverse Kullback-Leibler",
            f_equation=r"-\log u",
            conjugate_equation=r"-1-\log(-t)",
            activation_equation=r"-e^{-v}",
            sentence="Punishes fakes where there is no data; missing modes cost little.",
            f=lambda u: -np.log(u),
            slope=lambda u: -1.0 / u,
            conjugate=_below(0.0, lambda t: -1.0 - np.log(-t)),
            domain_end=0.0,
            activation=lambda v: -np.exp(-v),
            fake_cost=lambda v: v - 1.0,
            optimal_output=lambda log_ratio: 1.0 * log_ratio,
            gaussians=lambda mu: mu**2 / 2.0,
        ),
        FDivergence(
            id="pearson",
            name="Pearson χ²",
            f_equation=r"(u-1)^2",
            conjugate_equation=r"\frac{1}{4}t^2+t",
            activation_equation=r"v",
            sentence="Grows with the square of the density ratio: one point without fakes can dominate it.",
            f=lambda u: (u - 1.0) ** 2,
            slope=lambda u: 2.0 * (u - 1.0),
            conjugate=lambda t: 0.25 * t**2 + t,
            domain_end=math.inf,
            activation=lambda v: 1.0 * v,
            fake_cost=lambda v: 0.25 * v**2 + v,
            optimal_output=lambda log_ratio: 2.0 * np.expm1(log_ratio),
            gaussians=lambda mu: math.expm1(mu**2),
        ),
        FDivergence(
            id="squared_hellinger",
            name="Squared Hellinger",
            f_equation=r"(\sqrt{u}-1)^2",
            conjugate_equation=r"\frac{t}{1-t}",
            activation_equation=r"1-e^{-v}",
            sentence="Symmetric and at most 2: the squared distance of the square roots of the densities.",
            f=lambda u: (np.sqrt(u) - 1.0) ** 2,
            slope=lambda u: 1.0 - 1.0 / np.sqrt(u),
            conjugate=_below(1.0, lambda t: t / (1.0 - t)),
            domain_end=1.0,
            activation=lambda v: -np.expm1(-v),
            fake_cost=np.expm1,
            optimal_output=lambda log_ratio: 0.5 * log_ratio,
            gaussians=lambda mu: -2.0 * math.expm1(-(mu**2) / 8.0),
        ),
        FDivergence(
            id="jensen_shannon",
            name="Jensen-Shannon",
            f_equation=r"u\log u-(u+1)\log\frac{1+u}{2}",
            conjugate_equation=r"-\log(2-e^t)",
            activation_equation=r"\log 2-\log(1+e^{-v})",
            sentence="This f gives twice the usual JSD; its game is the GAN's, shifted by log 4.",
            f=lambda u: u * np.log(u) - (u + 1.0) * np.log((1.0 + u) / 2.0),
            slope=lambda u: np.log(2.0 * u / (1.0 + u)),
            conjugate=_below(LOG_2, lambda t: -np.log(2.0 - np.exp(t))),
            domain_end=LOG_2,
            activation=lambda v: LOG_2 + _log_sigmoid(v),
            fake_cost=lambda v: softplus(v) - LOG_2,
            optimal_output=lambda log_ratio: 1.0 * log_ratio,
            gaussians=lambda mu: 2.0 * jsd_gaussians(mu),
        ),
        FDivergence(
            id="gan",
            name="GAN",
            f_equation=r"u\log u-(u+1)\log(u+1)",
            conjugate_equation=r"-\log(1-e^t)",
            activation_equation=r"-\log(1+e^{-v})",
            sentence="T is log D, v the logit: the value function of 2014, −log 4 where p = q.",
            f=lambda u: u * np.log(u) - (u + 1.0) * np.log1p(u),
            slope=lambda u: np.log(u / (1.0 + u)),
            conjugate=_below(0.0, lambda t: -np.log(-np.expm1(t))),
            domain_end=0.0,
            activation=_log_sigmoid,
            fake_cost=softplus,
            optimal_output=lambda log_ratio: 1.0 * log_ratio,
            gaussians=lambda mu: 2.0 * jsd_gaussians(mu) - LOG_4,
        ),
    )
}

MU_LIMIT = 8.0
"""Largest |mu| of the quadratures: far beyond it Pearson's integrand leaves float64 in its tail."""


def divergence_gaussians(id: str, mu: float) -> float:
    """D_f(N(0, 1) || N(mu, 1)) by quadrature of q f(p / q): independent of the closed form in the table.

    ``id`` is a key of F_DIVERGENCES. ValueError for another id, or for |mu| above MU_LIMIT.
    """
    row, _, q, log_ratio, step = _pair(id, mu)
    return float((q * row.f(np.exp(log_ratio))).sum() * step)


def dual_gaussians(id: str, mu: float, offset: float = 0.0) -> float:
    """The game's value E_p g(v) - E_q f*(g(v)), p = N(0, 1), q = N(mu, 1), v the optimal output + ``offset``.

    At offset 0 it is D_f(p || q), at any other less (the paper's Eq. 4 to 6). By the trapezoidal rule.
    ValueError as in :func:`divergence_gaussians`.
    """
    row, p, q, log_ratio, step = _pair(id, mu)
    output = row.optimal_output(log_ratio) + offset
    return float((p * row.activation(output) - q * row.fake_cost(output)).sum() * step)


def _pair(id: str, mu: float) -> tuple[FDivergence, FloatArray, FloatArray, FloatArray, float]:
    """Row, p, q, log(p / q) on an even grid, and its step."""
    if id not in F_DIVERGENCES:
        raise ValueError(f"f-divergence: no id {id!r}; accepted: {', '.join(F_DIVERGENCES)}")
    if not abs(mu) <= MU_LIMIT:
        raise ValueError(f"f-divergence: mu = {mu}; accepted: -{MU_LIMIT:g} to {MU_LIMIT:g}")
    # p^2 / q has its mass at -mu: the grid goes 12 standard deviations beyond that and beyond both means
    reach = abs(mu) + 12.0
    x, p, q, step = shifted_gaussians(mu, -reach, reach)
    log_ratio: FloatArray = mu**2 / 2.0 - mu * x
    return F_DIVERGENCES[id], p, q, log_ratio, step
