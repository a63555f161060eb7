"""What is recorded of each step of a GAN: the losses, the means of D's outputs, V, and what of it broke."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from ganviz.games.gan import GAN, Seen
from ganviz.games.player import State
from ganviz.record.history import History
from ganviz.theory.objective import LOG_4
from ganviz.theory.objectives import OBJECTIVES
from ganviz.training.device import to_host
from ganviz.training.game import Recorded, first_broken
from ganviz.training.probes_images import restore_snapshots, stored_snapshots
from ganviz.training.probes_path import restore_path, stored_path

METRICS = ("d_loss", "g_loss", "d_real", "d_fake", "output_real", "output_fake")
"""The columns of :func:`metrics`: the losses, the means of sigma(output), and the means of the output."""
_LOSSES = {"d_loss": "L_D", "g_loss": "L_G"}


def metrics(seen: Sequence[Seen]) -> np.ndarray:
    """METRICS of some steps, (steps, 6) float64: read from the device all at once, and only here."""
    losses = torch.stack([torch.stack([one.d_loss, one.g_loss]) for one in seen])
    real, fake = (torch.stack([one[index] for one in seen]) for index in (2, 3))
    means = [real.sigmoid().mean(1), fake.sigmoid().mean(1), real.mean(1), fake.mean(1)]
    return to_host(torch.cat([losses, torch.stack(means, 1)], 1)).double().numpy()


def broken_words(row: np.ndarray) -> str:
    """What of one row of METRICS is not finite, in the field's words: losses if any, else D's outputs."""
    broken = [name for name, ok in zip(METRICS, np.isfinite(row), strict=True) if not ok]
    return " and ".join(_LOSSES[name] for name in broken if name in _LOSSES) or "D's outputs"


def _sentence(row: np.ndarray) -> str:
    what = broken_words(row)
    return f"{what} {'is' if what in _LOSSES.values() else 'are'} not finite"


def record(game: GAN, seen: Sequence[Seen], history: History, steps: np.ndarray) -> Recorded:
    """The history's columns of some steps; one whose metrics are not finite ends the run.

    With a score there is no D, so its means and V are empty (NaN). V is -L_D up to the constant by which an
    objective moves L_D's equilibrium away from log 4.
    """
    rows = metrics(seen)
    good, broken = first_broken(rows, _sentence)
    names = dict(zip(METRICS, rows[:good].T, strict=True))
    objective = OBJECTIVES[game.experiment.objective]
    empty = np.full(good, np.nan)
    columns = {
        "objective": np.full(good, history.objectives.index(objective.id)),
        **names,
        "total_loss": names["d_loss"] + names["g_loss"],
        "value": -(names["d_loss"] + LOG_4 - objective.d_equilibrium) if objective.is_probability else empty,
        "d_real": names["d_real"] if objective.is_probability else empty,
        "d_fake": names["d_fake"] if objective.is_probability else empty,
    }
    return Recorded(good, columns, broken)


def beside(game: GAN) -> State:
    """What is recorded beside a game and saved with it: states of its weights, and images."""
    return stored_path(game) | stored_snapshots(game)


def recall(game: GAN, state: State, step: int) -> None:
    """Take back what was saved at ``step``; ValueError or KeyError where it is another game's."""
    restore_path(game, state, step)
    restore_snapshots(game, state, step)
