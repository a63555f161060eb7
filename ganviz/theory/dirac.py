"""The Dirac-GAN: the smallest game that shows why GANs circle and what stops them (Mescheder et al. 2018).

The state is (theta, psi): the generated point, and the slope of the discriminator D_psi(x) = psi x. The data
is the point 0, the rest point (0, 0). Two games on the same stage: ``bilinear``, V = theta psi, and
``gaussians``, in which data and fakes have a spread. Sign, equations, methods and games: ``dirac_methods``;
the fields: ``dirac_motion``. float64 throughout.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ganviz.theory.dirac_methods import GAMES, METHODS, Parameters, methods_of
from ganviz.theory.dirac_motion import FloatArray, Motion

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


SETTINGS = {
    "gamma": "gamma",
    "sigma": "noise_sigma",
    "clip": "clip",
    "weight": "penalty_weight",
    "target": "penalty_target",
    "spread": "spread",
}
"""The setting of an experiment that holds each parameter. Consensus optimisation's gamma has its own."""


def parameters_of(method: str, values: Mapping[str, object], *, game: str = "dirac") -> dict[str, float]:
    """What a method takes of an experiment's settings, for :func:`field` and the other functions here.

    ``values`` maps names of settings to values (``SETTINGS``; ``consensus_weight`` for the gamma of consensus
    optimisation); others in it are passed over, and a missing one leaves the row's own value. ValueError for
    a method or game that does not exist.
    """
    given = _parameters(method, game, {})
    names = {**SETTINGS, **({"gamma": "consensus_weight"} if method == "consensus" else {})}
    return {name: float(values.get(names[name], own)) for name, own in given.items()}  # type: ignore[arg-type]


def field(
    method: str, theta: npt.ArrayLike, psi: npt.ArrayLike, *, game: str = "dirac", **parameters: float
) -> tuple[FloatArray, FloatArray]:
    """v = (theta', psi') of a method, two arrays of the common shape of ``theta`` and ``psi``.

    ``method`` is a key of METHODS, ``game`` of GAMES, ``parameters`` their settings (for R1: gamma; in the
    game of the Gaussians also ``spread``), by default the rows' own. ValueError for what does not exist and
    for a method that the game does not have.
    """
    motion, _ = _chosen(method, game, parameters)
    x, y = np.broadcast_arrays(np.asarray(theta, dtype=np.float64), np.asarray(psi, dtype=np.float64))
    first, second = motion.field(x, y)
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
    game: str = "dirac",
    **parameters: float,
) -> FloatArray:
    """The Jacobian (2, 2) at one point: of the field v or, given a ``step_size``, of one whole discrete step.

    An alternating step is ``g_updates`` of theta, then ``d_updates`` of psi; the other orders ignore both.
    NaN where there is no derivative (WGAN-GP at psi = 0). ValueError for what does not exist.
    """
    motion, clip = _chosen(method, game, parameters)

    def bend(at: FloatArray) -> FloatArray:
        return np.array(motion.jacobian(float(at[0]), float(at[1])), dtype=np.float64)

    start = np.array([theta, psi], dtype=np.float64)
    if step_size is None:
        return bend(start)
    at, whole = start, np.eye(2)
    _hold(at, whole, clip)
    begun = at, whole
    for stage in _stages(order, step_size, g_updates, d_updates):
        share = step_size * np.array([stage.theta, stage.psi])
        base, before = begun if stage.from_start else (at, whole)
        whole = before + share[:, None] * (bend(at) @ whole)
        at = base + share * np.array(motion.field(float(at[0]), float(at[1])))
        _hold(at, whole, clip)
    return whole


def _hold(at: FloatArray, whole: FloatArray, clip: float) -> None:
    """Hold psi at the bound that it is beyond, whatever it was before; in place."""
    if abs(at[1]) > clip:
        whole[1] = 0.0
        at[1] = math.copysign(clip, at[1])


def eigenvalues(
    method: str,
    theta: float = 0.0,
    psi: float = 0.0,
    *,
    step_size: float | None = None,
    order: str = "simultaneous",
    g_updates: int = 1,
    d_updates: int = 1,
    game: str = "dirac",
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
        game=game,
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
    game: str = "dirac",
    **parameters: float,
) -> FloatArray:
    """The trajectory (steps + 1, ..., 2) of (theta, psi) from ``start`` (..., 2), itself row 0.

    Exact steps of the nonlinear field, no linearisation; the defaults are those of the paper's figures. A
    trajectory that leaves float64 goes on as inf or NaN. ValueError for what does not exist.
    """
    motion, clip = _chosen(method, game, parameters)
    stages = [
        (step_size * stage.theta, step_size * stage.psi, stage.from_start)
        for stage in _stages(order, step_size, g_updates, d_updates)
    ]
    first = np.asarray(start, dtype=np.float64)
    if first.ndim == 0 or first.shape[-1] != 2:
        raise ValueError(f"Dirac-GAN: start of shape {first.shape}; accepted: (..., 2), theta and psi")
    if steps < 0:
        raise ValueError(f"Dirac-GAN: steps = {steps}; accepted: 0 or more")
    with np.errstate(over="ignore", invalid="ignore"):
        if first.ndim == 1:
            return _path_of_one(motion, stages, (float(first[0]), float(first[1])), clip, steps)
        return _paths_of_many(motion, stages, first, clip, steps)


Shares = list[tuple[float, float, bool]]


def _path_of_one(
    motion: Motion, stages: Shares, start: tuple[float, float], clip: float, steps: int
) -> FloatArray:
    """From one start, in plain floats: many times faster than arrays of one number."""
    move = motion.field
    theta, psi = start[0], min(max(start[1], -clip), clip)
    path = [theta, psi]
    for _ in range(steps):
        begun = theta, psi
        for share_theta, share_psi, from_start in stages:
            v1, v2 = move(theta, psi)
            if from_start:
                theta, psi = begun
            theta += share_theta * v1
            psi += share_psi * v2
            if not -clip <= psi <= clip:
                psi = min(max(psi, -clip), clip)  # in this order NaN stays NaN
        path += (theta, psi)
    return np.array(path).reshape(steps + 1, 2)


def _paths_of_many(motion: Motion, stages: Shares, start: FloatArray, clip: float, steps: int) -> FloatArray:
    path = np.empty((steps + 1, *start.shape))
    theta, psi = start[..., 0], np.clip(start[..., 1], -clip, clip)
    path[0, ..., 0], path[0, ..., 1] = theta, psi
    for number in range(1, steps + 1):
        begun = theta, psi
        for share_theta, share_psi, from_start in stages:
            v1, v2 = motion.field(theta, psi)
            x, y = begun if from_start else (theta, psi)
            theta, psi = x + share_theta * v1, np.clip(y + share_psi * v2, -clip, clip)
        path[number, ..., 0], path[number, ..., 1] = theta, psi
    return path


def _parameters(method: str, game: str, parameters: Parameters) -> dict[str, float]:
    """All parameters of a method in a game, the ones not given at their defaults."""
    if game not in GAMES or method not in METHODS or METHODS[method].costs not in GAMES[game].costs:
        accepted = ", ".join(methods_of(game))  # ValueError where there is no such game
        raise ValueError(f"{GAMES[game].title}: no method {method!r}; accepted: {accepted}")
    own = {**METHODS[method].parameters, **GAMES[game].parameters}
    unknown = [name for name in parameters if name not in own]
    if unknown:
        known = ", ".join(own) or "none"
        raise ValueError(f"{GAMES[game].title}, {method}: no parameter {unknown[0]!r}; accepted: {known}")
    return {**own, **{name: float(value) for name, value in parameters.items()}}


def _chosen(method: str, game: str, parameters: Parameters) -> tuple[Motion, float]:
    """The field, and the bound of |psi| (infinite for most)."""
    given = _parameters(method, game, parameters)
    return METHODS[method].motion(GAMES[game], given), given.get("clip", math.inf)


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
