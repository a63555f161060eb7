"""The run folder: a run as plain files, of which a crash or a kill leaves the last complete state."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ganviz.experiment import PORTRAIT_GAMES, SETTINGS, Experiment
from ganviz.record.history import COLUMNS, PATH_COLUMNS, Event, History, Table
from ganviz.record.lines import RunFolderError, Taken
from ganviz.record.names import OF_A_RUN, replace_file
from ganviz.record.reading import EVENT_COLUMNS, TRAJECTORY_COLUMNS, Tables, read_record

__all__ = ["RunFolder", "RunFolderError"]
PART_ROWS = 16_384
"""Rows of a long table whose text is made at a time."""


class RunFolder:
    """One run on disk: experiment.toml, metrics.csv, events.csv, summary.json, samples.npz and others; of a
    game of two numbers trajectory.csv and no samples."""

    def __init__(self, path: Path, game: str) -> None:
        self.path, self.game = path, game
        self._written = self._length = 0  # rows of the history in metrics.csv, and bytes that are whole
        self._paths: dict[str, Table] = {}  # the lines that trajectory.csv holds
        self._path_rows: dict[str, int] = {}
        self._path_length = 0

    @classmethod
    @contextmanager
    def create(cls, path: Path, experiment: Experiment) -> Iterator[RunFolder]:
        """A new folder with the experiment in it, to be filled in a ``with`` block, at whose end it gets its
        name: it is there whole or not at all, whenever the program is killed.

        RunFolderError where the name is taken or the folder cannot be made.
        """
        if os.path.lexists(path):
            raise RunFolderError(f"{path}: exists already; accepted: a folder that does not exist yet")
        folder = cls(path.with_name(f".{path.name}.{os.getpid()}.part"), experiment.game)
        try:
            folder.path.mkdir(parents=True)
        except OSError as error:
            raise RunFolderError(
                f"{path}: {error.strerror}; accepted: a folder that can be written"
            ) from None
        try:
            folder.write(OF_A_RUN, experiment.to_toml().encode())
            heading = _csv([COLUMNS[folder.game].names])
            folder.write("metrics.csv", heading)
            folder._length = len(heading)
            if folder.game in PORTRAIT_GAMES:
                folder._write_paths({})
            folder.write("events.csv", _csv([EVENT_COLUMNS]))
            yield folder
            folder._take_name(path)
        except BaseException:
            shutil.rmtree(folder.path, ignore_errors=True)
            raise

    def _take_name(self, path: Path) -> None:
        try:
            replace_file(self.path, path)
        except OSError as error:
            raise RunFolderError(
                f"{path}: {error.strerror}; accepted: a folder that does not exist yet"
            ) from None
        self.path = path

    @classmethod
    def open(cls, path: Path) -> tuple[RunFolder, Experiment]:
        """A folder that is there, and its experiment. RunFolderError where it is no run folder."""
        if not os.path.isfile(path / OF_A_RUN):  # Path.is_file raises on a name that is too long
            raise RunFolderError(
                f"{path}: not a run folder (no experiment.toml in it); accepted: one that ganviz train wrote"
            )
        experiment = Experiment.load(path / OF_A_RUN)
        return cls(path, experiment.game), experiment

    def write(self, name: str, content: bytes) -> None:
        """Replace one file as a whole: at any moment the old content or the new one is there, no half."""
        self._replace(name, [content])

    def _replace(self, name: str, parts: Iterable[bytes]) -> int:
        """Write a file in parts, in the place of what it was; returns its bytes."""
        target, part = self.path / name, self.path / f".{name}.part"
        try:
            with part.open("wb") as stream:
                length = sum(map(stream.write, parts))
                stream.flush()
                os.fsync(stream.fileno())
            replace_file(part, target)
        except OSError as error:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
            raise RunFolderError(
                f"{target}: {error.strerror}; accepted: a folder that can be written, with space left"
            ) from None
        return length

    def append(self, history: History) -> None:
        """Add the steps recorded since the last call to the tables, and bring events.csv up to date."""
        rows = history.steps.rows
        if rows > self._written:
            content = _csv(_metrics_rows(history, self._written))
            self._extend("metrics.csv", self._length, content)
            self._written, self._length = rows, self._length + len(content)
        if self.game in PORTRAIT_GAMES:
            self._append_paths(history.paths)
        self.write("events.csv", _csv([EVENT_COLUMNS, *map(_event_row, tuple(history.events))]))

    def _append_paths(self, paths: Mapping[str, Table]) -> None:
        """Add the new points to trajectory.csv, which is written anew where lines came or went."""
        same = list(paths) == list(self._paths) and all(self._paths[line] is paths[line] for line in paths)
        if not same:
            self._write_paths(paths)
            return
        rows = {line: table.rows for line, table in paths.items()}
        if rows != self._path_rows:
            content = b"".join(_path_text(paths, self._path_rows))
            self._extend("trajectory.csv", self._path_length, content)
            self._path_rows, self._path_length = rows, self._path_length + len(content)

    def _write_paths(self, paths: Mapping[str, Table]) -> None:
        rows = {line: table.rows for line, table in paths.items()}
        parts = _path_text(paths, dict.fromkeys(paths, 0))
        self._path_length = self._replace("trajectory.csv", chain([_csv([TRAJECTORY_COLUMNS])], parts))
        self._paths, self._path_rows = dict(paths), rows

    def _extend(self, name: str, length: int, content: bytes) -> None:
        """Write behind the ``length`` bytes known to be whole, over whatever a write that was cut short left
        there."""
        try:
            with (self.path / name).open("r+b") as stream:
                stream.truncate(length)
                stream.seek(length)
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())  # the checkpoint, written after it, must never be of a later step
        except OSError as error:
            raise RunFolderError(
                f"{self.path / name}: {error.strerror}; accepted: a folder that can be written, space left"
            ) from None

    def record(self, step: int) -> tuple[History, Tables]:
        """The record up to ``step``, read back, and what was taken of its tables; the files stay as they are.
        RunFolderError where the record ends before ``step``."""
        history, tables = read_record(self.path, step, self.game)
        if history.last_step < step:
            where = f"{self.path / 'metrics.csv'}: ends at step {history.last_step}"
            raise RunFolderError(f"{where}, the checkpoint is of step {step}; accepted: as ganviz wrote it")
        return history, tables

    def resume(self, step: int) -> History:
        """The record up to ``step``, read back; what was written after it, or half written, is cut off the
        files. RunFolderError where the record ends before ``step``."""
        history, tables = self.record(step)
        self._length = self._cut("metrics.csv", COLUMNS[self.game].names, tables.metrics)
        self._written = history.steps.rows
        if tables.trajectory:
            self._path_length = self._cut("trajectory.csv", TRAJECTORY_COLUMNS, tables.trajectory)
            self._paths = dict(history.paths)
            self._path_rows = {line: table.rows for line, table in self._paths.items()}
        return history

    def _cut(self, name: str, columns: tuple[str, ...], taken: Taken) -> int:
        """Cut a table off behind what was taken of it; one of an older ganviz is written anew, with the
        columns of today. Returns its bytes. RunFolderError where it has others beside them."""
        if others := [column for column in taken.columns if column not in columns]:
            where = f"{self.path / name}: column {others[0]} is unknown"
            raise RunFolderError(f"{where}; accepted: what this version of ganviz, or an older one, wrote")
        if taken.columns == columns:
            self._extend(name, taken.length, b"")
            return taken.length
        return self._replace(name, taken.in_columns(self.path / name, columns))

    def write_summary(self, values: Mapping[str, Any]) -> None:
        """The run in a few numbers; NaN is written as null."""
        plain = {
            key: None if isinstance(value, float) and not np.isfinite(value) else value
            for key, value in values.items()
        }
        self.write("summary.json", (json.dumps(plain, indent=2, ensure_ascii=False) + "\n").encode())

    def write_samples(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        """The last samples as samples.npz."""
        buffer = io.BytesIO()
        np.savez_compressed(buffer, allow_pickle=False, **dict(arrays))
        self.write("samples.npz", buffer.getvalue())


def _metrics_rows(history: History, since: int) -> list[list[str]]:
    """The rows of metrics.csv from row ``since`` on: every step that is held, with what was measured at it
    beside. Of a step that a long history has thinned out, what was measured is still a row."""
    steps = history.steps.column("step", since)
    columns = {name: history.steps.column(name, since)[: len(steps)] for name in history.steps.columns}
    text = {name: _text(values) for name, values in columns.items()}
    if "objective" in columns:
        text["objective"] = [history.objectives[index] for index in columns["objective"]]
    kept = dict(zip(steps.tolist(), zip(*text.values(), strict=True), strict=True))
    names = [name for name in history.measured.columns if name != "step"]
    at = history.measured.column("step")
    first = int(np.searchsorted(at, steps[0]))  # what was measured before is written already
    numbers = [_text(history.measured.column(name)[first:]) for name in names]
    measured = dict(zip(at[first:].tolist(), zip(*numbers, strict=True), strict=True)) if names else {}
    alone = [step for step in measured if steps[0] < step < steps[-1] and step not in kept]
    empty, nothing = ("",) * (len(columns) - 1), ("",) * len(names)
    return [
        [*kept.get(step, (str(step), *empty)), *measured.get(step, nothing)]
        for step in sorted([*kept, *alone])
    ]


def _path_text(paths: Mapping[str, Table], since: Mapping[str, int]) -> Iterator[bytes]:
    """The rows of trajectory.csv from each line's row ``since`` on, all lines of one step together, in parts.
    A float is written as the shortest text that reads back as the same float64.

    Python's own text of a list of rows, less brackets and quotes: half the time of a writer of rows, and a
    line's name needs no quotes.
    """
    if not paths:
        return
    parts = [[table.column(name, since[line]) for name in PATH_COLUMNS] for line, table in paths.items()]
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    whose = np.repeat(np.arange(len(paths)), [len(part[0]) for part in parts])
    order = np.argsort(columns[0], kind="stable")
    names = np.array(list(paths), dtype=object)
    for first in range(0, len(order), PART_ROWS):
        rows = order[first : first + PART_ROWS]
        text = repr(
            list(zip(names[whose[rows]], *(column[rows].tolist() for column in columns), strict=True))
        )
        yield text[2:-2].replace("), (", "\n").replace("'", "").replace(" ", "").encode() + b"\n"


def _event_row(event: Event) -> tuple[Any, ...]:
    setting = SETTINGS.get(event.key)  # a single player's update is no setting
    old, new = (setting.text(value) if setting else value for value in (event.old, event.new))
    return event.step, event.key, old, new


def _text(values: npt.NDArray[Any]) -> list[str]:
    """Numbers as text that reads back exactly: float32 needs 9 digits, seconds 6 decimals; NaN (does not
    apply) is empty."""
    if values.dtype == np.float64:
        return [f"{value:.6f}" for value in values]
    if values.dtype.kind == "f":
        return ["" if np.isnan(value) else f"{value:.9g}" for value in values]
    return [str(value) for value in values]


def _csv(rows: list[Any]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    return buffer.getvalue().encode()
