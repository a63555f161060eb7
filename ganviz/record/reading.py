"""Reading back what a run folder holds. Whatever else has written to the files, the record that comes out is
whole and typed, or the line that is not says so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ganviz.experiment import PORTRAIT_GAMES, SETTINGS
from ganviz.experiment.portrait import canonical
from ganviz.record.history import COLUMNS, PATH_COLUMNS, Event, History, Table
from ganviz.record.lines import Cells, RunFolderError, Taken, read_table
from ganviz.theory.objectives import OBJECTIVES

__all__ = ["EVENT_COLUMNS", "METRICS_COLUMNS", "TRAJECTORY_COLUMNS", "RunFolderError", "read_record"]

METRICS_COLUMNS = COLUMNS["gan"].names
TRAJECTORY_COLUMNS = ("method", *PATH_COLUMNS)
EVENT_COLUMNS = ("step", "key", "old", "new")

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Tables:
    """What was taken of a folder's tables; the trajectory's is None where the game has none."""

    metrics: Taken
    trajectory: Taken | None


def read_record(path: Path, until: int | None = None, game: str = "gan") -> tuple[History, Tables]:
    """The history that a run folder of this game holds, up to step ``until``, and what was taken of its
    tables. A last line that is not whole is left out; what an older ganviz did not yet measure is empty.
    Raises RunFolderError where a file cannot be read or a line is not what ganviz writes."""
    history, columns = History.of(game), COLUMNS[game]
    metrics = read_table(
        path / "metrics.csv",
        columns.names,
        lambda cells: _take_metrics(history, cells, until),
        optional=columns.measured,
    )
    read_table(path / "events.csv", EVENT_COLUMNS, lambda cells: _take_events(history, cells, until))
    trajectory = None
    if game in PORTRAIT_GAMES:
        trajectory = read_table(
            path / "trajectory.csv", TRAJECTORY_COLUMNS, lambda cells: _take_paths(history, cells, until)
        )
    return history, Tables(metrics, trajectory)


def _take_metrics(history: History, cells: Cells, until: int | None) -> int:
    """Every row is a step; a row without an objective, or where there is none without a time, holds only what
    was measured at a step that a long history had thinned out."""
    steps = _array("step", cells["step"])
    count = _up_to(steps, until)
    before = max(
        (int(table.last("step")) for table in (history.steps, history.measured) if table.rows), default=0
    )
    falling = np.flatnonzero(_falling(steps[:count], before))
    if len(falling):
        raise ValueError(f"step {steps[falling[0]]} after step {[before, *steps][falling[0]]}")
    measured = [name for name in history.measured.columns if name != "step"]
    mark = cells["objective" if "objective" in history.steps.columns else "seconds"]
    marked = [row for row in range(count) if mark[row]]
    looks = zip(*(cells[name][:count] for name in measured), strict=True)
    looked = [row for row, look in enumerate(looks) if any(look)]
    found = [
        {name: _array(name, _of(cells[name], rows)) for name in table.columns}
        for table, rows in ((history.steps, marked), (history.measured, looked))
    ]
    for table, columns in zip((history.steps, history.measured), found, strict=True):
        if len(columns["step"]):
            table.append(columns)
    return count


def _of(cells: Sequence[str], rows: Sequence[int]) -> Sequence[str]:
    """The cells of some rows, which rise."""
    if rows and len(rows) == rows[-1] + 1:
        return cells[: len(rows)]
    return [cells[row] for row in rows]


def _take_paths(history: History, cells: Cells, until: int | None) -> int:
    """Every row is a point of one line. ValueError where a line does not begin with step 0 and go on."""
    steps = _array("step", cells["step"])
    count = _up_to(steps, until)
    methods = cells["method"][:count]
    rows_of: dict[str, list[int]] = {}
    for row, method in enumerate(methods):
        rows_of.setdefault(method, []).append(row)
    points = {name: _finite(cells[name][:count]) for name in PATH_COLUMNS if name != "step"}
    found: dict[str, dict[str, Array]] = {}
    for method, rows in rows_of.items():
        line = canonical(method)
        if line in found:
            raise ValueError(f"{line} under two names")
        path = history.paths.get(line)
        at = steps[rows]
        wrong = at[_falling(at, int(path.last("step")) if path else -1)]
        if len(wrong) or (path is None and at[0] != 0):
            raise ValueError(f"{line}: step {[*wrong, at[0]][0]} out of turn")
        found[line] = {"step": at, **{name: values[rows] for name, values in points.items()}}
    for line, columns in found.items():
        history.paths.setdefault(line, Table(PATH_COLUMNS)).append(columns)
    return count


def _up_to(steps: Array, until: int | None) -> int:
    """How many rows come before the first of a later step."""
    later = steps > until if until is not None else np.zeros(0, bool)
    return int(np.argmax(later)) if later.any() else len(steps)


def _falling(steps: Array, before: int) -> Array:
    """Where steps do not rise, from the one ``before`` them on."""
    falling: Array = np.diff(steps, prepend=before) <= 0
    return falling


def _array(name: str, cells: Sequence[str]) -> Array:
    """A column of the record, converted; a number that did not apply is NaN."""
    convert = _CONVERT.get(name)
    return convert(cells) if convert else _numbers(cells)


def _numbers(cells: Sequence[str]) -> Array:
    return np.array([float(text) if text else np.nan for text in cells])


def _finite(cells: Sequence[str]) -> Array:
    values = np.array(list(map(float, cells)))
    if not np.isfinite(values).all():
        raise ValueError(f"{values[~np.isfinite(values)][0]} is not finite")
    return values


def _times(cells: Sequence[str]) -> Array:
    seconds = np.array(list(map(float, cells)))
    wrong = ~((seconds >= 0.0) & (seconds < np.inf))
    if wrong.any():
        raise ValueError(f"{seconds[wrong][0]} is no time")
    return seconds


def _whole(kind: type[np.signedinteger[Any]]) -> Callable[[Sequence[str]], Array]:
    most = np.iinfo(kind).max

    def convert(cells: Sequence[str]) -> Array:
        numbers = list(map(int, cells))
        if numbers and not -most <= min(numbers) <= max(numbers) <= most:
            raise OverflowError(f"{max(numbers, key=abs)} is too large")
        return np.array(numbers, kind)

    return convert


_INDEX = {objective: index for index, objective in enumerate(OBJECTIVES)}


def _objectives(cells: Sequence[str]) -> Array:
    return np.array([_INDEX[text] for text in cells], np.int8)


_CONVERT: dict[str, Callable[[Sequence[str]], Array]] = {
    "step": _whole(np.int64),
    "d_updates": _whole(np.int32),
    "g_updates": _whole(np.int32),
    "seconds": _times,
    "objective": _objectives,
}


def _take_events(history: History, cells: Cells, until: int | None) -> int:
    steps = _array("step", cells["step"])
    count = _up_to(steps, until)
    last = history.events[-1].step if history.events else 0
    if (np.diff(steps[:count], prepend=last) < 0).any():
        raise ValueError(f"step {steps[0]} after step {last}")
    columns = (cells[name][:count] for name in ("key", "old", "new"))
    history.events += [
        Event(step, key, _value(key, old), _value(key, new))
        for step, key, old, new in zip(steps[:count].tolist(), *columns, strict=True)
    ]
    return count


def _value(key: str, text: str) -> Any:
    """A setting's value, or a player's count of updates, as it was before it became text."""
    if key in ("step_d", "step_g"):
        return int(text)
    setting = SETTINGS[key]
    value = setting.parsed(text)
    if setting.choices and value not in setting.choices:
        raise ValueError(f"{key} = {text}")
    return tuple(map(canonical, value)) if setting.kind is tuple else value
