"""What the trainer needs to know of a game. It does not know which game it plays."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import torch

from ganviz.experiment import Experiment
from ganviz.games.player import State
from ganviz.record.history import History
from ganviz.training.backends import Backend
from ganviz.training.probe import Probe, Values


class Game(Protocol):
    """A game between players. What it shows of a step (``Any`` here) only its own recorder reads."""

    experiment: Experiment

    @property
    def counts(self) -> Mapping[str, int]:
        """Each player's updates so far; ``d`` and ``g`` are always among them."""

    @property
    def head_start_left(self) -> int:
        """D's updates still to come before step 1."""

    def apply(self, experiment: Experiment) -> None:
        """Take over the live settings; they act from the next update on."""

    def step(self, between: Callable[[], None] | None = None) -> Any:
        """One step; ``between`` is called between the players' turns, where there are turns."""

    def update(self, player: str) -> object:
        """One update of one player."""

    def finite(self) -> Mapping[str, Any]:
        """For each player that has weights, by its full name, whether all of them are finite."""

    def state(self) -> State:
        """A copy of everything that playing changes: flat, tensors only."""

    def load(self, state: State) -> None:
        """Go to a state of the same game. KeyError, RuntimeError or ValueError where it is another's."""


@dataclass(frozen=True)
class Recorded:
    """What some steps leave in the history: the first ``good`` of them, in these columns (beside step, time
    and counts of updates). ``broken``: what ended the run at the step after those, in words, else empty.
    """

    good: int
    columns: Mapping[str, np.ndarray] = field(default_factory=dict)
    broken: str = ""


def first_broken(rows: np.ndarray, words: Callable[[np.ndarray], str]) -> tuple[int, str]:
    """How many of some steps' numbers (steps, columns) come before the first that are not all finite, and
    the ``words`` for those; all of them, and no words, where none is broken."""
    finite = np.isfinite(rows).all(axis=1)
    if finite.all():
        return len(rows), ""
    good = int(np.argmin(finite))
    return good, words(rows[good])


def _none_missing(game: Any, history: History, step: int) -> None:
    """Nothing of this game is recorded but what its steps leave."""


@dataclass(frozen=True)
class Kind:
    """One row of the table of games: how a game is made, played fast, recorded, measured and ended.

    ``make(experiment, device)``; ``device(experiment)`` chooses it (ExperimentError where it is absent).
    ``backend(game)`` plays steps fast. ``record(game, what the steps showed, history, their numbers)``.
    ``hint(experiment, what broke)``: the likely cause of a divergence, in a sentence or two, or empty.
    ``complete(game, history, step)`` brings the record up to the game where its settings, or a file, have
    changed one of them.

    ``beside(game)``: what is recorded beside the game and saved with it, which ``recall(game, state, step)``
    takes back (ValueError or KeyError where it is another game's).

    ``probes``: what can be measured of it; ``base``: those behind the measured columns, which ``row`` makes
    of them; ``judged``: those that the verdict rests on, and ``always`` those of them that the record cannot
    stand in for: they are looked at whatever is on screen.

    ``flush_rows``: steps between two looks at the metrics, which stay on the device until then;
    ``good_every``: steps between two kept states that a diverged run can go back to. ``pace``: steps a second
    above which no eye follows, and a run in the window ends at the experiment's own number of steps; None:
    as fast as it goes, until it is paused. ``flush_denormal``: numbers below the normal range count as 0,
    which makes networks faster.
    """

    make: Callable[[Experiment, torch.device], Any]
    device: Callable[[Experiment], torch.device]
    backend: Callable[[Any], Backend]
    record: Callable[[Any, Sequence[Any], History, Any], Recorded]
    hint: Callable[[Experiment, str], str]
    probes: Mapping[str, Probe]
    base: tuple[str, ...] = ()
    judged: tuple[str, ...] = ()
    always: tuple[str, ...] = ()
    row: Callable[[Mapping[str, Values | None]], dict[str, float]] = lambda measured: {}
    complete: Callable[[Any, History, int], None] = _none_missing
    beside: Callable[[Any], State] = lambda game: {}
    recall: Callable[[Any, State, int], None] = lambda game, state, step: None
    flush_rows: int = 64
    good_every: int = 100
    pace: float | None = None
    flush_denormal: bool = True
