"""What differs between two experiments, and which of it waits for the next reset."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ganviz.experiment.experiment import SETTINGS, Experiment


@dataclass(frozen=True)
class Change:
    """One setting that differs between two experiments."""

    key: str
    old: Any
    new: Any

    @property
    def live(self) -> bool:
        """Whether a running game takes it at its next step; otherwise it waits for the next reset."""
        return SETTINGS[self.key].live


def changes(old: Experiment, new: Experiment) -> list[Change]:
    """The settings in which ``new`` differs from ``old``, in the order of their declaration."""
    return [
        Change(key, getattr(old, key), getattr(new, key))
        for key in SETTINGS
        if getattr(old, key) != getattr(new, key)
    ]


def waiting(running: Experiment, chosen: Experiment) -> list[Change]:
    """What was chosen but takes effect only at the next reset. Name and description wait for nothing, and
    neither does a setting of a game that is neither running nor chosen."""
    return [
        change
        for change in changes(running, chosen)
        if not change.live
        and SETTINGS[change.key].group != "experiment"
        and (running.game in SETTINGS[change.key].games or chosen.game in SETTINGS[change.key].games)
    ]
