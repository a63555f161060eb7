"""What is recorded of each step of a CycleGAN: every term of its objective by name, and what of it broke."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from ganviz.experiment import Experiment
from ganviz.games.cyclegan import CycleGAN, DiscriminatorLosses, GeneratorLosses, Seen
from ganviz.record.history import History
from ganviz.training.device import to_host
from ganviz.training.divergence_hint import large_rates
from ganviz.training.game import Recorded, first_broken

TERMS = (*DiscriminatorLosses._fields, *GeneratorLosses._fields)
"""The columns that a step brings, in the order of :func:`terms`."""
SYMBOLS = {
    "dx_loss": "L_DX", "dy_loss": "L_DY", "g_loss": "L_G", "f_loss": "L_F",
    "cycle_x": "the cycle error of x", "cycle_y": "the cycle error of y",
    "identity_x": "the identity error of x", "identity_y": "the identity error of y",
}  # fmt: skip


def terms(seen: Sequence[Seen]) -> np.ndarray:
    """TERMS of some steps, (steps, 8) float64: read from the device all at once, and only here."""
    rows = torch.stack([torch.stack([*one.d, *one.g]) for one in seen])
    return to_host(rows).double().numpy()


def record(game: CycleGAN, seen: Sequence[Seen], history: History, steps: np.ndarray) -> Recorded:
    """The history's columns of some steps; one whose terms are not finite ends the run."""
    rows = terms(seen)
    good, broken = first_broken(rows, _sentence)
    return Recorded(good, dict(zip(TERMS, rows[:good].T, strict=True)), broken)


def _sentence(row: np.ndarray) -> str:
    names = [SYMBOLS[name] for name, value in zip(TERMS, row, strict=True) if not np.isfinite(value)]
    more = f" and {len(names) - 1} more" if len(names) > 1 else ""
    return f"{names[0]}{more} {'are' if more else 'is'} not finite"


def hint(experiment: Experiment, broken: str) -> str:
    """What to change where something is not finite."""
    return large_rates(experiment)
