"""The Dirac-GAN: the smallest game that shows why GANs circle and what stops them (Mescheder et al. 2018).

The state is (theta, psi): the generated point, and the slope of the discriminator D_psi(x) = psi x. The data
is the point 0, the rest point (0, 0). Sign, equations and all methods: ``dirac_methods``. float64 throughout.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ganviz.theory.dirac_methods import METHODS, FloatArray, Method, Pair, Parameters

ComplexArray = npt.NDArray[np.complex128]


class Stage(NamedTuple):
    """A part of one step: the share of the step size with which theta and psi follow the field of the latest
    point, from that point or, ``from_start``, from the point where the step began."""

    theta: float
    psi: float
    from_start: bool = False


ORDERS = ("simultaneous", "alternating", "extragradient")
"""simultaneous: both players move from one point. alternating: G first, then D against the new theta
(Mescheder's order; Algorithm 1 of 2014 has D first). extragradient: both take the field found one step ahead
(Korpelevich 1976)."""


def field(method: str, theta: npt.ArrayLike, psi: npt.ArrayLike, **parameters: float) -> Pair:
    """v = (theta', psi') of a method, two arrays of the common shape of ``theta`` and ``psi``.

    ``method`` is a key of METHODS, ``parameters`` its settings (for R1: gamma), by default the row's own.
    ValueError for a method or a parameter that does not exist.
    """
    row, given = _chosen(method, parameters)
    x, y = np.broadcast_arrays(np.asarray(theta, dtype=np.float64), np.asarray(psi, dtype=np.float64))
    first, second = row.motion.field(x, y, given)
    return np.asarray(first), np.asarray(second)


def jacobian(
    method: str,
    theta: float = 0.0,
    psi: float = 0.0,
    *,
    step_size: float | None = None,
    order: str = "simultaneous",
    g_updates: int = 1,
    d_updates: int = 1,
    **parameters: float,
) -> FloatArray:
    """The Jacobian (2, 2) at one point: of the field v or, given a ``step_size``, of one whole discrete step.

    An alternating step is ``g_updates`` of theta, then ``d_updates`` of psi; the other orders ignore both.
    NaN where there is no derivative (WGAN-GP at psi = 0). ValueError for what does not exist.
    """
    row, given = _chosen(method, parameters)

    def bend(at: FloatArray) -> FloatArray:
        return np.array(row.motion.jacobian(at[0], at[1], given), dtype=np.float64)

    start = np.array([theta, psi], dtype=np.float64)
    if step_size is None:
        return bend(start)
    at, whole, clip = start, np.eye(2), given.get("clip", math.inf)
    for stage in _stages(order, step_size, g_updates, d_updates):
        share = step_size * np.array([stage.theta, stage.psi])
        base, before = (start, np.eye(2)) if stage.from_start else (at, whole)
        whole = before + share[:, None] * (bend(at) @ whole)
        at = base + share * np.array(row.motion.field(at[0], at[1], given))
        if abs(at[1]) > clip:  # psi is held at the bound, whatever it was before
            whole[1] = 0.0
            at[1] = math.copysign(clip, at[1])
    return whole


def eigenvalues(
    method: str,
    theta: float = 0.0,
    psi: float = 0.0,
    *,
    step_size: float | None = None,
    order: str = "simultaneous",
    g_updates: int = 1,
    d_updates: int = 1,
    **parameters: float,
) -> ComplexArray:
    """The two eigenvalues (complex, the one with the larger imaginary or else real part first) of
    :func:`jacobian`, same arguments.

    Of the field (no ``step_size``): a rest point attracts where both have negative real parts. Of a step:
    where both lie inside the unit circle. By trace/2 ± sqrt(trace^2/4 - det): a double one stays double.
    """
    (a, b), (c, d) = jacobian(
        method,
        theta,
        psi,
        step_size=step_size,
        order=order,
        g_updates=g_updates,
        d_updates=d_updates,
        **parameters,
    )
    # trace^2/4 - det, without the cancellation of its two terms
    root = np.sqrt(np.complex128(((a - d) / 2.0) ** 2 + b * c))
    return np.array([(a + d) / 2.0 + root, (a + d) / 2.0 - root])


def simulate(
    method: str,
    *,
    step_size: float = 0.2,
    steps: int = 500,
    start: npt.ArrayLike = (1.0, 1.0),
    order: str = "simultaneous",
    g_updates: int = 1,
    d_updates: int = 1,
    **parameters: float,
) -> FloatArray:
    """The trajectory (steps + 1, ..., 2) of (theta, psi) from ``start`` (..., 2), itself row 0.

    Exact steps of the nonlinear field, no linearisation; the defaults are those of the paper's figures. A
    trajectory that leaves float64 goes on as inf or NaN. ValueError for what does not exist.
    """
    row, given = _chosen(method, parameters)
    stages = _stages(order, step_size, g_updates, d_updates)
    first = np.asarray(start, dtype=np.float64)
    if first.ndim == 0 or first.shape[-1] != 2:
        raise ValueError(f"Dirac-GAN: start of shape {first.shape}; accepted: (..., 2), theta and psi")
    if steps < 0:
        raise ValueError(f"Dirac-GAN: steps = {steps}; accepted: 0 or more")
    clip = given.get("clip")
    path = np.empty((steps + 1, *first.shape))
    theta, psi = first[..., 0], _clipped(first[..., 1], clip)
    path[0, ..., 0], path[0, ..., 1] = theta, psi
    move = row.motion.field
    with np.errstate(over="ignore", invalid="ignore"):
        for number in range(1, steps + 1):
            begun = theta, psi
            for stage in stages:
                v1, v2 = move(theta, psi, given)
                x, y = begun if stage.from_start else (theta, psi)
                theta = x + step_size * stage.theta * v1
                psi = _clipped(y + step_size * stage.psi * v2, clip)
            path[number, ..., 0], path[number, ..., 1] = theta, psi
    return path


def _clipped(psi: FloatArray, clip: float | None) -> FloatArray:
    return psi if clip is None else np.minimum(np.maximum(psi, -clip), clip)


def _chosen(method: str, parameters: Parameters) -> tuple[Method, Parameters]:
    """The row and all its parameters, the ones not given at their defaults."""
    if method not in METHODS:
        raise ValueError(f"Dirac-GAN: no method {method!r}; accepted: {', '.join(METHODS)}")
    row = METHODS[method]
    unknown = [name for name in parameters if name not in row.parameters]
    if unknown:
        accepted = ", ".join(row.parameters) or "none"
        raise ValueError(f"Dirac-GAN, {method}: no parameter {unknown[0]!r}; accepted: {accepted}")
    return row, {**row.parameters, **parameters}


def _stages(order: str, step_size: float, g_updates: int, d_updates: int) -> list[Stage]:
    """The parts of one step."""
    if not (math.isfinite(step_size) and step_size > 0.0):
        raise ValueError(f"Dirac-GAN: step_size = {step_size}; accepted: a finite number above 0")
    if g_updates < 0 or d_updates < 0:
        raise ValueError(
            f"Dirac-GAN: g_updates = {g_updates}, d_updates = {d_updates}; accepted: 0 or more each"
        )
    both = Stage(1.0, 1.0)
    table = {
        "simultaneous": [both],
        "alternating": [Stage(1.0, 0.0)] * g_updates + [Stage(0.0, 1.0)] * d_updates,
        "extragradient": [both, Stage(1.0, 1.0, from_start=True)],
    }
    if order not in table:
        raise ValueError(f"Dirac-GAN: order = {order!r}; accepted: {', '.join(ORDERS)}")
    return table[order]
