"""Long histories, filled directly: to train them would take half an hour."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ganviz.record.history import MEASURED_COLUMNS, STEP_COLUMNS, History
from ganviz.theory.objectives import OBJECTIVES as ALL_OBJECTIVES

OBJECTIVES = ("minimax", "non_saturating")


def filled(count: int) -> History:
    """A history of ``count`` made-up steps: like a real one, slow waves with a tenth of noise."""
    history = History(objectives=tuple(ALL_OBJECTIVES))
    fill(history, count)
    return history


def fill(history: History, count: int) -> None:
    """Add steps from the last one on, until there are ``count``."""
    for start in range(history.last_step, count, 50_000):
        steps = np.arange(start + 1, min(start + 50_000, count) + 1)
        history.steps.append(made_up(steps))
        values = {name: _wave(steps[19::20]) for name in MEASURED_COLUMNS}
        history.measured.append(values | {"step": steps[19::20]})


def made_up(steps: npt.NDArray[np.int64]) -> dict[str, npt.NDArray[Any]]:
    """The rows of these steps."""
    rows: dict[str, npt.NDArray[Any]] = {name: _wave(steps) for name in STEP_COLUMNS}
    return rows | {"step": steps, "objective": np.zeros(len(steps)), "seconds": steps * 1e-3}


def _wave(steps: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    noise = np.random.default_rng(int(steps[0])).standard_normal(len(steps))
    return 0.5 + 0.3 * np.sin(np.log1p(steps) * 3.0) + 0.02 * noise
