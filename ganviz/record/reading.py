"""Reading back what a run folder holds. Whatever else has written to the files, the record that comes out is
whole and typed, or the line that is not says so."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from ganviz.experiment import PORTRAIT_GAMES, SETTINGS
from ganviz.experiment.portrait import canonical
from ganviz.line import one_line
from ganviz.record.history import COLUMNS, PATH_COLUMNS, Event, History, Table
from ganviz.theory.objectives import OBJECTIVES

METRICS_COLUMNS = COLUMNS["gan"].names
TRAJECTORY_COLUMNS = ("method", *PATH_COLUMNS)
EVENT_COLUMNS = ("step", "key", "old", "new")
CHUNK = 20_000
"""Rows that are held as text at one time."""
LONGEST_ROW = 2_000
"""Bytes; a row that ganviz wrote has at most about 400."""

Row = dict[str, str]
Converted = dict[str, Any]


class RunFolderError(ValueError):
    """A run folder that cannot be made, read or written. One line: what, where, what would be accepted."""

    def __init__(self, message: str) -> None:
        super().__init__(one_line(message))


@dataclass(frozen=True)
class Lengths:
    """How many bytes of a folder's tables their rows take up."""

    metrics: int
    trajectory: int


def read_history(path: Path, until: int | None = None, game: str = "gan") -> History:
    """The history that a run folder of this game holds, up to step ``until``. A last line that is not whole
    is left out."""
    return read_record(path, until, game)[0]


def read_record(path: Path, until: int | None = None, game: str = "gan") -> tuple[History, Lengths]:
    """The same, and how long its tables are. Raises RunFolderError where a file cannot be read or a line is
    not what ganviz writes."""
    history, columns = History.of(game), COLUMNS[game].names
    end = _read(path / "metrics.csv", columns, lambda rows: _take_metrics(history, rows, until))
    _read(path / "events.csv", EVENT_COLUMNS, lambda rows: _take_events(history, rows, until))
    path_end = 0
    if game in PORTRAIT_GAMES:
        path_end = _read(
            path / "trajectory.csv", TRAJECTORY_COLUMNS, lambda rows: _take_paths(history, rows, until)
        )
    return history, Lengths(end, path_end)


def _read(path: Path, columns: tuple[str, ...], take: Callable[[Iterator[Row]], None]) -> int:
    """Hand the rows of a table, cells by column, to ``take``; returns the bytes up to the end of the last row
    that it has kept."""
    lines = _Lines(path, columns)
    try:
        with path.open("rb") as stream:
            take(lines.rows(stream))
    except OSError as error:
        raise RunFolderError(f"{path}: {error.strerror}; accepted: one that ganviz train wrote") from None
    except (KeyError, ValueError, OverflowError) as error:
        line = f"{path}: line {lines.number} is not a row of {path.stem}"
        raise RunFolderError(f"{line} ({error}); accepted: as written") from None
    return lines.kept


class _Lines:
    """Goes through a table line by line. ``number`` is the line at hand, ``kept`` the byte where the rows end
    that were taken: asking for the next row keeps the one before."""

    def __init__(self, path: Path, columns: tuple[str, ...]) -> None:
        self.path, self.columns = path, columns
        self.number = self.kept = 0

    def rows(self, stream: BinaryIO) -> Iterator[Row]:
        header = self._cells(stream) or []
        if missing := [name for name in self.columns if name not in header]:
            raise ValueError(f"no column {missing[0]}")
        self.kept = stream.tell()
        while cells := self._cells(stream):
            yield dict(zip(header, cells, strict=True))
            self.kept = stream.tell()

    def _cells(self, stream: BinaryIO) -> list[str] | None:
        """The cells of the next line; None at the end, where half a line may stand."""
        self.number += 1
        line = stream.readline(LONGEST_ROW)
        if not line.endswith(b"\n"):
            if len(line) == LONGEST_ROW:
                raise ValueError("too long")
            return None
        return line.decode("ascii").rstrip("\r\n").split(",")


def _take_metrics(history: History, rows: Iterator[Row], until: int | None) -> None:
    """Every row is a step; a row without an objective, or where there is none without a time, holds only what
    was measured at a step that a long history had thinned out."""
    tables = (history.steps, history.measured)
    mark = "objective" if "objective" in history.steps.columns else "seconds"
    steps, measured = (table.columns for table in tables)

    def converted(row: Row) -> tuple[Converted, Converted]:
        """The row of each table, empty where it has none."""
        of_step = steps if row[mark] else ()
        of_look = measured if any(row[name] for name in measured if name != "step") else ()
        return _typed(row, of_step), _typed(row, of_look)

    all_converted = map(converted, _rising(rows, until))  # one by one, so that a fault is of the line at hand
    while chunk := list(itertools.islice(all_converted, CHUNK)):
        for table, found in zip(tables, zip(*chunk, strict=True), strict=True):
            kept = [row for row in found if row]
            if kept:
                table.append({name: [row[name] for row in kept] for name in table.columns})


def _typed(row: Row, names: Collection[str]) -> Converted:
    return {name: _CONVERT.get(name, _number)(row[name]) for name in names}


def _take_paths(history: History, rows: Iterator[Row], until: int | None) -> None:
    """Every row is a point of one line. ValueError where a line does not begin with step 0 and go on."""
    held: dict[str, list[tuple[int, float, float, float]]] = {}
    for row in rows:
        step = int(row["step"])
        if until is not None and step > until:
            break
        line = canonical(row["method"])
        points = held.setdefault(line, [])
        if step <= points[-1][0] if points else step != 0:
            raise ValueError(f"{line}: step {step} out of turn")
        theta, psi, radius = (_finite(row[name]) for name in ("theta", "psi", "radius"))
        points.append((step, theta, psi, radius))
    for line, points in held.items():
        history.paths[line] = table = Table(PATH_COLUMNS)
        table.append(dict(zip(PATH_COLUMNS, zip(*points, strict=True), strict=True)))


def _rising(rows: Iterator[Row], until: int | None) -> Iterator[Row]:
    """The rows up to a step. ValueError where the steps do not rise."""
    last = 0
    for row in rows:
        step = int(row["step"])
        if until is not None and step > until:
            return
        if step <= last:
            raise ValueError(f"step {step} after step {last}")
        last = step
        yield row


def _number(text: str) -> float:
    return float(text) if text else np.nan


def _finite(text: str) -> float:
    value = float(text)
    if not np.isfinite(value):
        raise ValueError(f"{text} is not finite")
    return value


def _time(text: str) -> float:
    seconds = float(text)
    if not 0.0 <= seconds < np.inf:
        raise ValueError(f"{text} is no time")
    return seconds


def _whole(kind: type[np.signedinteger[Any]]) -> Callable[[str], Any]:
    return lambda text: kind(int(text))  # OverflowError where it does not fit


_CONVERT: dict[str, Callable[[str], Any]] = {
    "step": _whole(np.int64),
    "d_updates": _whole(np.int32),
    "g_updates": _whole(np.int32),
    "seconds": _time,
    "objective": tuple(OBJECTIVES).index,
}


def _take_events(history: History, rows: Iterator[Row], until: int | None) -> None:
    for row in rows:
        step = int(row["step"])
        if until is not None and step > until:
            return
        if step < (history.events[-1].step if history.events else 0):
            raise ValueError(f"step {step} after step {history.events[-1].step}")
        old, new = (_value(row["key"], row[name]) for name in ("old", "new"))
        history.events.append(Event(step, row["key"], old, new))


def _value(key: str, text: str) -> Any:
    """A setting's value, or a player's count of updates, as it was before it became text."""
    if key in ("step_d", "step_g"):
        return int(text)
    setting = SETTINGS[key]
    value = setting.parsed(text)
    if setting.choices and value not in setting.choices:
        raise ValueError(f"{key} = {text}")
    return tuple(map(canonical, value)) if setting.kind is tuple else value
