"""The frame: one immutable look at the game, the only thing that the pictures are drawn from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Measurement:
    """What one probe saw: ``values`` by name (NumPy arrays and numbers), at ``step``, as the ``serial``-th
    look.

    ``serial`` grows with every measurement of a run, so a panel redraws only when it has changed.
    """

    step: int
    serial: int
    values: Mapping[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    def __contains__(self, name: str) -> bool:
        return name in self.values


@dataclass(frozen=True)
class Frame:
    """One look at the game: the counters, and the latest measurement of every probe that was asked for.

    ``step`` counts Algorithm 1's iterations, ``d_count`` and ``g_count`` the updates of each player.
    ``phase`` names the part of a step that has just run (slow motion), else "". ``status`` is "paused",
    "training" or "diverged"; ``message`` says why. ``backend`` is how steps are computed, ``device`` where.
    ``parameters``: how many numbers each player learns, by its name.
    ``kept_step``: up to here the run is in a folder; ``before``: steps of a long unkept run before this one
    that can still be kept, 0 without one. ``whole``: every measurement is of this very moment.
    ``together``: the latest of what the verdict rests on, all of one step. Arrays are copies that nobody
    writes to again.
    """

    step: int = 0
    d_count: int = 0
    g_count: int = 0
    status: str = "paused"
    phase: str = ""
    message: str = ""
    restore_step: int | None = None
    seconds: float = 0.0
    steps_per_second: float = 0.0
    device: str = "cpu"
    backend: str = "eager"
    parameters: Mapping[str, int] = field(default_factory=dict)
    kept_step: int = 0
    before: int = 0
    whole: bool = False
    measurements: Mapping[str, Measurement] = field(default_factory=lambda: MappingProxyType({}))
    together: Mapping[str, Measurement] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def flowing(self) -> bool:
        """Whether frames follow each other so fast that a picture may pass over some of them."""
        return self.status == "training" and not self.whole

    @property
    def unfinished(self) -> frozenset[str]:
        """The probes whose latest measurement is not the last word: more comes with the next look."""
        found = self.measurements.items()
        return frozenset(key for key, measurement in found if "unfinished" in measurement)

    def get(self, key: str) -> Measurement | None:
        """The latest measurement of the probe ``key``; None if it was not asked for or does not apply."""
        return self.measurements.get(key)


def freeze(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """A read-only view of ``values`` whose arrays can no longer be written to."""
    for value in values.values():
        if isinstance(value, np.ndarray):
            value.setflags(write=False)
    return MappingProxyType(dict(values))
