"""The settings that keep the game in hand: bounds and penalties on D, noise, smoothed labels.

All of them are live and, where no row of :mod:`ganviz.experiment.refusals` speaks against it, combine. None
enters the recorded L_D, which stays the objective's own sum.
"""

from __future__ import annotations

from typing import Any

from ganviz.experiment.declaration import setting
from ganviz.theory.objectives import OBJECTIVES

CROSS_ENTROPY = tuple(key for key, row in OBJECTIVES.items() if row.is_probability)
"""Objectives whose D has labels to smooth."""


def _strength(title: str, help: str, symbol: str) -> Any:
    return setting(
        0.0, title, help, "regularisation", symbol=symbol, live=True, log=True, off=0.0, smallest=0.01,
        ge=0.0, le=1000.0,
    )  # fmt: skip


def _target(default: float, title: str, help: str, symbol: str) -> Any:
    return setting(
        default, title, help, "regularisation", symbol=symbol, live=True, off=default, ge=0.0, le=1.0,
        only_if=("objective", CROSS_ENTROPY),
    )  # fmt: skip


REGULARISATION: dict[str, Any] = {
    "weight_clip": setting(
        0.01,
        "Weight clip",
        "After each update of a Wasserstein critic its weights are clipped to ±c. 0: no clipping.",
        "regularisation",
        symbol="c",
        live=True,
        log=True,
        off=0.0,
        smallest=1e-5,
        ge=0.0,
        le=100.0,
        only_if=("objective", ["wasserstein"]),
    ),
    "gradient_penalty": _strength(
        "WGAN-GP",
        "Adds λE(‖∇f‖−1)² between reals and fakes to D's loss: slope 1 is asked for. 0: off; paper: 10.",
        "λ",
    ),
    "r1": _strength(
        "R1", "Adds (γ/2)E‖∇f‖² on the reals to D's loss: the slope is damped on the data. 0: off.", "γ"
    ),
    "r2": _strength("R2", "Adds (γ/2)E‖∇f‖² on the fakes to D's loss: the same where G is. 0: off.", "γ"),
    "dragan": _strength(
        "DRAGAN",
        "Adds λE(‖∇f(x+δ)‖−1)² close to the reals to D's loss; δ up to half the batch's spread. 0: off.",
        "λ",
    ),
    "instance_noise": setting(
        0.0,
        "Instance noise",
        "Adds noise N(0, σ²) to all that D sees in training, reals and fakes, for both players. 0: off.",
        "regularisation",
        symbol="σ",
        unit="data units",
        live=True,
        log=True,
        off=0.0,
        smallest=0.01,
        ge=0.0,
        le=10.0,
    ),
    "instance_noise_decay": setting(
        0,
        "Noise decay",
        "The noise falls on a straight line to 0 over this many D updates from the start. 0: it stays.",
        "regularisation",
        unit="updates",
        live=True,
        log=True,
        smallest=100,
        ge=0,
        le=10_000_000,
    ),
    "smooth_real": _target(
        1.0, "Real target", "D's label for reals in place of 1: one-sided smoothing takes 0.9.", "α"
    ),
    "smooth_fake": _target(
        0.0, "Fake target", "D's label for fakes in place of 0: with it smoothing is two-sided.", "β"
    ),
    "spectral_norm": setting(
        "off",
        "Spectral norm",
        "Divides each weight matrix of D by its largest singular value, followed by one power iteration an "
        "update: D's slope is about 1 at most.",
        "regularisation",
        live=True,
        off="off",
        choices={"off": "off", "on": "on"},
    ),
}
"""Key to declaration, in the order of the form."""
