"""The commands: when to run. One queue takes them to the trainer's thread, which obeys between two calls."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from ganviz.experiment import Experiment


@dataclass(frozen=True)
class Play:
    """Train until paused."""


@dataclass(frozen=True)
class Pause:
    """Stop training after the present step; nothing is lost."""


@dataclass(frozen=True)
class Step:
    """One whole step, or one update of a single player."""

    player: Literal["d", "g"] | None = None


@dataclass(frozen=True)
class Speed:
    """At most this many steps a second; None is full speed."""

    steps_per_second: float | None


@dataclass(frozen=True)
class Propose:
    """A new experiment: its live settings act from the next step on, the others wait for the next reset."""

    experiment: Experiment


LONG_RUN = 5000
"""Unkept steps from which a run is not lost by a reset: it is set aside until the next long one."""


@dataclass(frozen=True)
class Reset:
    """Begin anew with this experiment: fresh weights from its seed, an empty history. Playing goes on
    playing. A long run that no folder holds is set aside and can still be kept."""

    experiment: Experiment


@dataclass(frozen=True)
class Reopen:
    """Take up the run in this folder where it was kept, standing still; the folder stays as it is. A long run
    that no folder holds is set aside as by a reset."""

    folder: Path
    experiment: Experiment


@dataclass(frozen=True)
class Restore:
    """Go back to the last good state that was kept before the run diverged."""


@dataclass(frozen=True)
class Keep:
    """Write the run so far into a new folder, or the long one that was set aside at a reset."""

    folder: Path
    before: bool = False


BROKEN = "This run failed and cannot go on; accepted: Reset (R), which begins anew, or another experiment"
"""The answer to every command that would go on with a run whose trainer has raised."""


@dataclass(frozen=True)
class Rescue:
    """After a fault of the program: write what can be written of the run into the first of these new folders
    that can be made."""

    folders: tuple[Path, ...]


@dataclass(frozen=True)
class Look:
    """Measure exactly these probes for the frames from now on."""

    needs: frozenset[str]


@dataclass(frozen=True)
class Ask:
    """What a probe shall look for from now on, where it leaves a choice; until the next reset."""

    probe: str
    question: Any


Command = Play | Pause | Step | Speed | Propose | Reset | Reopen | Restore | Keep | Rescue | Look | Ask
