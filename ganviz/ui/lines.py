"""What the panels of the games of two numbers draw: each line's past as it was played, and its future.

The future is exact too: :func:`ganviz.theory.dirac.simulate` from the newest point under the settings that
are chosen now. What has been computed is kept, so that several panels and the frames of a playing run share
it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from ganviz.experiment import Experiment
from ganviz.experiment.portrait import method_and_order
from ganviz.record.history import Table
from ganviz.record.run import Run
from ganviz.theory.dirac import eigenvalues, field, parameters_of, simulate
from ganviz.training.verdict_portrait import LineVerdict, judge_ahead, judge_line

FloatArray = npt.NDArray[np.float64]
FAR = 1e150
"""A line has left the numbers beyond this; the game ends it there."""
MOST_AHEAD = 1_000
"""Steps of the future that are drawn at most."""
MOST_MOVES = {"gaussians": 20_000}
"""Moves of players, of all lines together, that are worked out at most for the future where a game's mean
over noise has to be summed: these take 20 to 30 ms, while a slider is dragged."""
MOST_POINTS = 4_000
"""Points of a past that are drawn at most; of a longer one every second, third, ... point."""
Given = tuple[tuple[str, Any], ...]
"""What a simulation takes beside method and start, as a key."""
LIVE = (
    "step_size", "gamma", "noise_sigma", "clip", "penalty_weight", "penalty_target", "consensus_weight",
    "spread", "g_updates", "d_updates",
)  # fmt: skip
"""The settings that the future depends on."""


@dataclass(frozen=True)
class Line:
    """One line: its ``past`` (n, 2) up to the newest point, at ``steps`` (n,), and its ``future`` (m, 2)
    from the newest point on, which it begins with; empty where there is none. ``is_ahead``: nothing was
    played yet under these settings, so what can be said of it is of its future.
    """

    id: str
    steps: npt.NDArray[np.int64]
    past: FloatArray
    future: FloatArray
    is_ahead: bool

    @property
    def end(self) -> FloatArray:
        """The last point that is drawn (2,)."""
        return self.future[-1] if len(self.future) else self.past[-1]

    @property
    def now(self) -> FloatArray:
        """The newest point that was played (2,)."""
        return self.past[-1] if len(self.past) else self.future[0]


@dataclass(frozen=True)
class Scene:
    """All lines at one moment. ``experiment``: the settings of the future; ``step``: how far the past goes,
    ``end`` how far the future; ``start``: where the lines begin; ``changes``: steps at which settings
    changed.
    """

    run: Run
    experiment: Experiment
    step: int
    end: int
    start: tuple[float, float]
    changes: tuple[int, ...]
    lines: tuple[Line, ...]

    @property
    def look(self) -> tuple[object, ...]:
        """What the picture depends on: scenes of one look are drawn alike."""
        settings = tuple(getattr(self.experiment, key) for key in ("game", "methods", *LIVE))
        played = tuple((len(line.past), len(line.future), tuple(line.now.tolist())) for line in self.lines)
        changes = tuple(step for step in self.changes if step < self.step)
        return (id(self.run.history), settings, self.step, self.end, self.start, changes, played)

    def verdict(self, line: Line) -> LineVerdict:
        """What a line does, or will do."""
        if line.is_ahead:
            return judge_ahead(line.id, self.experiment, line.future, self.step)
        return judge_line(line.id, self.run.experiment, self.run.history)


def step_of(line: str, experiment: Experiment) -> tuple[str, Given]:
    """Method of a line, and what a simulation takes of an experiment's settings beside the start."""
    order = method_and_order(line)[1]
    method, given = field_of(line, experiment)
    own = ("step_size", "g_updates", "d_updates")
    return method, (("order", order), *((key, getattr(experiment, key)) for key in own), *given)


@lru_cache(maxsize=256)
def eigenvalue_pair(method: str, given: Given) -> tuple[complex, complex]:
    """The eigenvalues at (0, 0) of a field, given :func:`field_of`, or of one step, given :func:`step_of`;
    NaN where there is no derivative."""
    first, second = eigenvalues(method, **dict(given))
    return complex(first), complex(second)


def field_of(line: str, experiment: Experiment) -> tuple[str, Given]:
    """Method, game and parameters of a line's field, as a key."""
    method, game = method_and_order(line)[0], experiment.game
    values = {key: getattr(experiment, key) for key in LIVE}
    return method, (("game", game), *parameters_of(method, values, game=game).items())


@lru_cache(maxsize=64)
def field_on_grid(method: str, given: Given, reach: float, count: int) -> tuple[FloatArray, FloatArray]:
    """(points, vectors), each (count^2, 2): the field of :func:`field_of` in the middles of a grid over
    ±``reach``."""
    middles = (np.arange(count) + 0.5) / count * 2.0 * reach - reach
    theta, psi = (axis.ravel() for axis in np.meshgrid(middles, middles))
    along, up = field(method, theta, psi, **dict(given))
    return np.stack([theta, psi], axis=1), np.stack([along, up], axis=1)


_past: WeakKeyDictionary[Table, tuple[int, npt.NDArray[np.int64], FloatArray]] = WeakKeyDictionary()
_ahead: dict[tuple[str, Given], tuple[FloatArray, int]] = {}


def past_of(path: Table) -> tuple[npt.NDArray[np.int64], FloatArray]:
    """Steps (n,) and points (n, 2) of a recorded path, thinned to `MOST_POINTS`; the newest is among them."""
    rows = path.rows
    kept = _past.get(path)
    if kept is None or kept[0] != rows:
        columns = [path.column(name) for name in ("step", "theta", "psi")]
        count = min(map(len, columns))
        every = -(-count // MOST_POINTS)
        chosen = np.arange(count - 1, -1, -every)[::-1]
        steps, theta, psi = (column[chosen] for column in columns)
        kept = _past[path] = (rows, steps, np.stack([theta, psi], axis=1))
    return kept[1], kept[2]


def ahead(line: str, given: Given, start: tuple[float, float], steps: int) -> FloatArray:
    """The next ``steps`` points of a line after ``start``, with it (steps + 1, 2); fewer where it leaves the
    numbers. A part of what was computed last is not computed again: a line that is played moves along it."""
    held = _ahead.get((line, given))
    if held is not None:
        path, at = held
        found = np.flatnonzero((path[at : at + 64] == start).all(axis=1))
        if len(found) and len(path) - at - found[0] > steps:
            at += int(found[0])
            _ahead[line, given] = (path, at)
            return path[at : at + steps + 1]
    path = simulate(method_and_order(line)[0], start=start, steps=steps, **dict(given))
    inside = (np.abs(path) <= FAR).all(axis=1)
    if not inside.all():
        path = path[: max(int(np.argmin(inside)), 1)]
    if len(_ahead) >= 256:
        _ahead.clear()
    _ahead[line, given] = (path, 0)
    return path


def most_ahead(chosen: Experiment) -> int:
    """Steps of the future that are drawn at most: MOST_AHEAD, or as many as all lines can be played for in
    time."""
    moves = max(1, len(chosen.methods)) * (chosen.g_updates + chosen.d_updates)
    return max(1, min(MOST_AHEAD, MOST_MOVES.get(chosen.game, MOST_AHEAD * moves) // moves))


def horizon(run: Run, chosen: Experiment, is_changed: bool) -> int:
    """The step up to which the future is drawn: the experiment's number of steps; where a run at its end was
    changed, as many after the change."""
    step, most = run.frame.step, most_ahead(chosen)
    steps = min(chosen.steps, most)
    if step < chosen.steps:
        return min(chosen.steps, step + most)
    changes = [step] if is_changed else [event.step for event in tuple(run.history.events)]
    last = max(changes, default=0)
    return last + steps if last >= chosen.steps else step


_latest: list[tuple[Run, Experiment | None, tuple[float, float] | None, Scene]] = []


def scene_of(run: Run, chosen: Experiment | None = None, start: tuple[float, float] | None = None) -> Scene:
    """What a run is and will be: under the settings of ``chosen``, where it is of the same game, as if it
    began at ``start`` where one is given. Panels that ask for the same in turn get the same."""
    for known in _latest:
        if known[0] is run and known[1] is chosen and known[2] == start:
            return known[3]
    scene = _scene_of(run, chosen, start)
    _latest[:] = [(run, chosen, start, scene)]
    return scene


def _scene_of(run: Run, chosen: Experiment | None, start: tuple[float, float] | None) -> Scene:
    if chosen is None or chosen.game != run.experiment.game:
        chosen = run.experiment
    is_changed = any(getattr(chosen, key) != getattr(run.experiment, key) for key in LIVE)
    begin = start or (run.experiment.start_theta, run.experiment.start_psi)
    step = 0 if start else run.frame.step
    end = min(chosen.steps, most_ahead(chosen)) if start else horizon(run, chosen, is_changed)
    moved = _moved_alone(run) if start is None else {}
    lines = []
    for line in chosen.methods:
        given = step_of(line, chosen)[1]
        path = None if start else run.history.paths.get(line)
        if path is None and step:
            continue  # it is about to be played from the start
        lines.append(_line(line, given, run, path, begin, end - step, moved.get(line), is_changed))
    changes = () if start else tuple(sorted({event.step for event in tuple(run.history.events)}))
    return Scene(run, chosen, step, end, begin, changes, tuple(lines))


def _line(  # noqa: PLR0917 - everything that a line is made of
    line: str, given: Given, run: Run, path: Table | None, begin: tuple[float, float], steps_ahead: int,
    moved: tuple[float, float] | None, is_changed: bool,
) -> Line:  # fmt: skip
    steps, past = np.zeros(0, np.int64), np.zeros((0, 2))
    point, has_left = begin, False
    if path is not None and path.rows:
        steps, past = past_of(path)
        shown = int(np.searchsorted(steps, run.frame.step, side="right"))  # the record is ahead of the frame
        steps, past = steps[: max(shown, 1)], past[: max(shown, 1)]
        has_left = path.last("step") < run.history.last_step
        if moved is not None:
            past = np.concatenate([past, [moved]])
            steps = np.append(steps, steps[-1])
        point = (float(past[-1, 0]), float(past[-1, 1]))
    future = np.zeros((0, 2))
    if not has_left and steps_ahead > 0:
        future = ahead(line, given, point, steps_ahead)
    since = max((event.step for event in tuple(run.history.events)), default=0)
    unplayed = path is None or not path.rows or is_changed or len(steps) < 2 or int(steps[-1]) <= since
    return Line(line, steps, past, future, unplayed and len(future) > 0)


def _moved_alone(run: Run) -> dict[str, tuple[float, float]]:
    """Where lines are that an update of one player has moved since the last whole step."""
    found = run.frame.get("points")
    if found is None or found.step != run.frame.step:
        return {}
    moved = {}
    for line, theta, psi in zip(found["lines"], found["theta"], found["psi"], strict=True):
        path = run.history.paths.get(line)
        if path is None or not path.rows or not np.isfinite(theta):
            continue
        if path.last("step") == run.frame.step and (theta, psi) != (path.last("theta"), path.last("psi")):
            moved[line] = (float(theta), float(psi))
    return moved
