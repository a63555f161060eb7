"""How a game of two numbers is played in long calls, recorded as one path a line, and looked at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ganviz.experiment import Experiment
from ganviz.games.portrait import Portrait, Settings, advance, first_point, moved_alone
from ganviz.record.history import PATH_COLUMNS, Event, History, Table
from ganviz.training.game import Recorded
from ganviz.training.probe import Probe, Values

FloatArray = npt.NDArray[np.float64]
CALL_STEPS = 1_000
"""Steps of one call at most, and between two entries into the record."""
LARGE_STEP = 0.5
"""A step size above this is a likely cause of a line that leaves; the papers' figures use 0.2."""


class Exact:
    """The game's own steps, many in a call: there is nothing faster to prepare."""

    name = "exact"
    ready = True
    chunk = CALL_STEPS

    def __init__(self, game: Portrait) -> None:
        self._game = game

    def held(self, steps: int) -> None:
        """Nothing depends on it."""

    def prepare(self) -> bool:
        """There is nothing to make."""
        return False

    def play(self, count: int) -> list[Any]:
        """Play ``count`` steps, at most CALL_STEPS; the points (lines, 2) of each."""
        return list(self._game.play(min(count, CALL_STEPS)))


def record(game: Portrait, seen: Sequence[FloatArray], history: History, steps: FloatArray) -> Recorded:
    """Add the points of some steps to the lines' paths. A line ends where it leaves the numbers; the run ends
    at the first step that no line reaches."""
    points = np.stack(seen)
    inside = np.isfinite(points[..., 0])
    going = np.logical_or.reduce(inside, axis=1)
    good = len(going) if going.all() else int(np.argmin(going))
    for index, line in enumerate(game.points):
        reached = inside[:, index]
        count = len(reached) if reached.all() else int(np.argmin(reached))
        if count:
            _enter(history.paths[line], steps[:count], points[:count, index])
    every = "every line has" if len(game.points) > 1 else "the line has"
    return Recorded(good, broken=f"{every} left the numbers" if good < len(going) else "")


def _enter(path: Table, steps: npt.NDArray[Any], points: FloatArray) -> None:
    theta, psi = points.T
    path.append({"step": steps, "theta": theta, "psi": psi, "radius": np.hypot(theta, psi)})


def complete(game: Portrait, history: History, step: int) -> None:
    """Give every line of the experiment its whole path up to ``step``: a line that is new, or whose record
    does not reach it, is played again from the start through the run's own events. Others are dropped."""
    paths: dict[str, Table] = {}
    for line in game.experiment.methods:
        held, point = history.paths.get(line), game.points.get(line)
        if held is None or point is None or not _reaches(held, step, point):
            past, point = replay(line, game.settings, history.events, step)
            held = Table(PATH_COLUMNS)
            _enter(held, np.arange(len(past)), past)
        game.place(line, point)
        paths[line] = held
    history.paths = paths


def _reaches(path: Table, step: int, point: FloatArray) -> bool:
    return path.rows > 0 and (path.last("step") == step or not np.isfinite(point).all())


def settings_at_first(now: Settings, changes: Sequence[Event]) -> dict[str, Any]:
    """The settings with which a run began: what each one's first change replaced."""
    first = dict(now)
    for change in reversed(changes):
        if change.key in first:
            first[change.key] = change.old
    return first


def replay(line: str, now: Settings, changes: Sequence[Event], steps: int) -> tuple[FloatArray, FloatArray]:
    """A line from the start through all changes of a run to its step ``steps``, under the settings of ``now``
    at its end: the points (steps + 1, 2) of whole steps, fewer where it has left the numbers, and the present
    point (2,), which single updates may have moved on; NaN where it has left."""
    settings = settings_at_first(now, changes)
    point = first_point(line, settings)
    parts, at = [point[None]], 0
    for change in (*changes, None):
        until = steps if change is None else min(change.step, steps)
        part = advance(line, settings, point, until - at)
        parts.append(part)
        if len(part) < until - at or not np.isfinite(point).all():
            return np.concatenate(parts), np.full(2, np.nan)
        point, at = part[-1] if len(part) else point, until
        if change is None:
            break
        if change.key in ("step_d", "step_g"):
            point = moved_alone(line, change.key[-1], settings, point)
        elif change.key in settings:
            settings[change.key] = change.new
    return np.concatenate(parts), point


def hint(experiment: Experiment, broken: str) -> str:
    """What to change where lines have left the numbers."""
    h = experiment.step_size
    return f"Try a smaller step size: h is {h:g}." if h > LARGE_STEP else ""


def points(game: Portrait, step: int) -> Values:
    """Where each line is now, which a single player's update may have moved on from the path's last point:
    ``lines``, and ``theta``, ``psi`` (lines,); NaN where a line has left."""
    placed = np.array(list(game.points.values())).reshape(-1, 2)
    return {"lines": tuple(game.points), "theta": placed[:, 0].copy(), "psi": placed[:, 1].copy()}


PORTRAIT_PROBES = {probe.key: probe for probe in (Probe("points", 30.0, points),)}
