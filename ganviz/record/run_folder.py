"""The run folder: a run as plain files, of which a crash or a kill leaves the last complete state."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ganviz.experiment import SETTINGS, Experiment
from ganviz.record.history import MEASURED, STEP_COLUMNS, Event, History
from ganviz.record.names import replace_file
from ganviz.record.reading import EVENT_COLUMNS, METRICS_COLUMNS, RunFolderError, read_record

__all__ = ["RunFolder", "RunFolderError"]


class RunFolder:
    """One run on disk: experiment.toml, metrics.csv, events.csv, summary.json, samples.npz and others."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._written = self._length = 0  # rows of the history in metrics.csv, and bytes that are whole

    @classmethod
    @contextmanager
    def create(cls, path: Path, experiment: Experiment) -> Iterator[RunFolder]:
        """A new folder with the experiment in it, to be filled in a ``with`` block, at whose end it gets its
        name: it is there whole or not at all, whenever the program is killed.

        RunFolderError where the name is taken or the folder cannot be made.
        """
        if os.path.lexists(path):
            raise RunFolderError(f"{path}: exists already; accepted: a folder that does not exist yet")
        folder = cls(path.with_name(f".{path.name}.{os.getpid()}.part"))
        try:
            folder.path.mkdir(parents=True)
        except OSError as error:
            raise RunFolderError(
                f"{path}: {error.strerror}; accepted: a folder that can be written"
            ) from None
        try:
            folder.write("experiment.toml", experiment.to_toml().encode())
            heading = _csv([METRICS_COLUMNS])
            folder.write("metrics.csv", heading)
            folder._length = len(heading)
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
        if not os.path.isfile(path / "experiment.toml"):  # Path.is_file raises on a name that is too long
            raise RunFolderError(
                f"{path}: not a run folder (no experiment.toml in it); accepted: one that ganviz train wrote"
            )
        return cls(path), Experiment.load(path / "experiment.toml")

    def write(self, name: str, content: bytes) -> None:
        """Replace one file as a whole: at any moment the old content or the new one is there, no half."""
        target, part = self.path / name, self.path / f".{name}.part"
        try:
            with part.open("wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            replace_file(part, target)
        except OSError as error:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
            raise RunFolderError(
                f"{target}: {error.strerror}; accepted: a folder that can be written, with space left"
            ) from None

    def append(self, history: History) -> None:
        """Add the steps recorded since the last call to metrics.csv, and bring events.csv up to date."""
        rows = history.steps.rows
        if rows > self._written:
            content = _csv(_metrics_rows(history, self._written))
            self._extend("metrics.csv", content)
            self._written, self._length = rows, self._length + len(content)
        self.write("events.csv", _csv([EVENT_COLUMNS, *map(_event_row, tuple(history.events))]))

    def _extend(self, name: str, content: bytes) -> None:
        """Write behind the bytes known to be whole, over whatever a write that was cut short left there."""
        try:
            with (self.path / name).open("r+b") as stream:
                stream.truncate(self._length)
                stream.seek(self._length)
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())  # the checkpoint, written after it, must never be of a later step
        except OSError as error:
            raise RunFolderError(
                f"{self.path / name}: {error.strerror}; accepted: a folder that can be written, space left"
            ) from None

    def resume(self, step: int) -> History:
        """The record up to ``step``, read back; what was written after it, or half written, is cut off the
        file, and nothing before it is written anew. RunFolderError where the record ends before ``step``."""
        history, self._length = read_record(self.path, step)
        if history.last_step < step:
            where = f"{self.path / 'metrics.csv'}: ends at step {history.last_step}"
            raise RunFolderError(f"{where}, the checkpoint is of step {step}; accepted: as ganviz wrote it")
        self._extend("metrics.csv", b"")
        self._written = history.steps.rows
        return history

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
    columns = {name: history.steps.column(name, since)[: len(steps)] for name in STEP_COLUMNS}
    text = {name: _text(values) for name, values in columns.items()}
    text["objective"] = [history.objectives[index] for index in columns["objective"]]
    kept = dict(zip(steps.tolist(), zip(*text.values(), strict=True), strict=True))
    at = history.measured.column("step")
    first = int(np.searchsorted(at, steps[0]))  # what was measured before is written already
    numbers = [_text(history.measured.column(name)[first:]) for name in MEASURED]
    measured = dict(zip(at[first:].tolist(), zip(*numbers, strict=True), strict=True))
    alone = [step for step in measured if steps[0] < step < steps[-1] and step not in kept]
    empty, nothing = ("",) * (len(STEP_COLUMNS) - 1), ("",) * len(MEASURED)
    return [
        [*kept.get(step, (str(step), *empty)), *measured.get(step, nothing)]
        for step in sorted([*kept, *alone])
    ]


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
