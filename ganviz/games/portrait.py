"""The games of two numbers: several methods side by side, each a line of exact steps from one start.

A line is played by :func:`ganviz.theory.dirac.simulate`, in plain float64: the recorded trajectory is the one
that the theory draws, bit for bit, however many steps are played in one call. torch only holds the points of
a saved state.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from ganviz.experiment import Experiment
from ganviz.experiment.portrait import method_and_order
from ganviz.games.player import State, whole_number
from ganviz.theory.dirac import parameters_of, simulate

FloatArray = npt.NDArray[np.float64]
Settings = Mapping[str, Any]
FAR = 1e150
"""A line has left the numbers when a coordinate is beyond this: its square would be infinite."""
SINGLE = {"g": {"g_updates": 1, "d_updates": 0}, "d": {"g_updates": 0, "d_updates": 1}}
"""A turn of one player alone."""


def advance(line: str, settings: Settings, start: npt.ArrayLike, steps: int) -> FloatArray:
    """The next ``steps`` points (steps, 2) of a line after ``start``; fewer where it leaves the numbers."""
    method, order = method_and_order(line)
    updates = {"g_updates": settings["g_updates"], "d_updates": settings["d_updates"]}
    given = updates | _given(method, settings)
    return _inside(simulate(method, start=start, steps=steps, order=order, **given)[1:])


def moved_alone(line: str, player: str, settings: Settings, start: npt.ArrayLike) -> FloatArray:
    """Where one update of one player takes a line (2,), whatever its order: ``g`` moves theta, ``d`` psi, by
    the line's own method. NaN where that is out of the numbers."""
    method = method_and_order(line)[0]
    given = SINGLE[player] | _given(method, settings)
    found = _inside(simulate(method, start=start, steps=1, order="alternating", **given)[1:])
    return found[0] if len(found) else np.full(2, np.nan)


def first_point(line: str, settings: Settings) -> FloatArray:
    """Where a line begins (2,): the start, with psi within the clip of a method that has one."""
    method, start = method_and_order(line)[0], (settings["start_theta"], settings["start_psi"])
    return simulate(method, start=start, steps=0, **_given(method, settings))[0]


def _given(method: str, settings: Settings) -> dict[str, Any]:
    """What the simulation of a method takes of an experiment's settings, but for start and order."""
    game = settings["game"]
    parameters = parameters_of(method, settings, game=game)
    return {"game": game, "step_size": settings["step_size"], **parameters}


def _inside(path: FloatArray) -> FloatArray:
    """The points before the first that is not within ±FAR, which NaN is not."""
    inside = np.abs(path).max(axis=1, initial=0.0) <= FAR
    return path if inside.all() else path[: int(np.argmin(inside))]


class Portrait:
    """A game of two numbers, theta of G and psi of D, played by several methods at once.

    ``points`` (lines, 2) holds where each line of the experiment is; NaN: it has left the numbers.
    """

    def __init__(self, experiment: Experiment, device: object = None) -> None:
        self.counts = {"d": 0, "g": 0}
        self.points: dict[str, FloatArray] = {}
        self.apply(experiment)
        self.points = {line: first_point(line, self.settings) for line in experiment.methods}

    def apply(self, experiment: Experiment) -> None:
        """Take over the live settings. A line that is new has no point until :meth:`place`."""
        self.experiment = experiment
        self.settings = experiment.model_dump()
        self.points = {line: self.points[line] for line in experiment.methods if line in self.points}

    def place(self, line: str, point: FloatArray) -> None:
        """Put a line to its point; one that is not of the experiment is passed over."""
        points = self.points | {line: point}
        self.points = {line: points[line] for line in self.experiment.methods if line in points}

    @property
    def head_start_left(self) -> int:
        """D has no head start here."""
        return 0

    def play(self, steps: int) -> FloatArray:
        """Play some steps; returns the points (steps, lines, 2), NaN from where a line has left."""
        seen = np.full((steps, len(self.points), 2), np.nan)
        for index, (line, point) in enumerate(self.points.items()):
            if np.isfinite(point).all():
                path = advance(line, self.settings, point, steps)
                seen[: len(path), index] = path
                self.points[line] = seen[-1, index].copy()
        for player in self.counts:
            self.counts[player] += steps * self.settings[f"{player}_updates"]
        return seen

    def step(self, between: Callable[[], None] | None = None) -> FloatArray:
        """One step, the points (lines, 2). Lines of all orders move in it, so there is no moment ``between``
        the players' turns."""
        seen: FloatArray = self.play(1)[0]
        return seen

    def update(self, player: str) -> None:
        """One update of one player, "d" or "g", in every line."""
        for line, point in self.points.items():
            if np.isfinite(point).all():
                self.points[line] = moved_alone(line, player, self.settings, point)
        self.counts[player] += 1

    def finite(self) -> dict[str, bool]:
        """There are no weights; lines that leave are seen in their points."""
        return {}

    def state(self) -> State:
        """The points and counts, as float64 and int64 tensors."""
        counts = {f"{player}.count": torch.tensor(count) for player, count in self.counts.items()}
        return counts | {_key(line): torch.from_numpy(point.copy()) for line, point in self.points.items()}

    def load(self, state: State) -> None:
        """Go to a saved state. A line that it does not hold has no point until :meth:`place`. ValueError or
        KeyError where it is another game's."""
        counts = {player: whole_number(state, f"{player}.count") for player in self.counts}
        points = dict(_points(state))
        if not points:
            raise KeyError("line")
        self.counts, self.points = counts, {}
        for line, point in points.items():
            self.place(line, point)


def _key(line: str) -> str:
    return f"line.{line}"


def _points(state: State) -> Iterator[tuple[str, FloatArray]]:
    for key, value in state.items():
        if key.startswith(_key("")):
            point = value.double().numpy().copy()
            if point.shape != (2,):
                raise ValueError(f"{key} is no point")
            yield key.removeprefix(_key("")), point
