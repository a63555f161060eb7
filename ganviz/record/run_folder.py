"""The run folder: everything about a run as plain files, of which a crash or a kill leaves the last complete
state."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ganviz.experiment import Experiment
from ganviz.record.history import MEASURED, MEASURED_COLUMNS, STEP_COLUMNS, Event, History

METRICS_COLUMNS = (*STEP_COLUMNS, *MEASURED)
EVENT_COLUMNS = ("step", "key", "old", "new")


class RunFolderError(ValueError):
    """A run folder that cannot be made, read or written. One line: what, where, what would be accepted."""


class RunFolder:
    """One run on disk: experiment.toml, metrics.csv, events.csv, summary.json, samples.npz; others add their
    files beside."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._written = 0

    @classmethod
    def create(cls, path: Path, experiment: Experiment) -> RunFolder:
        """A new folder with the experiment in it. RunFolderError where one exists or cannot be made."""
        try:
            path.mkdir(parents=True)
        except FileExistsError:
            raise RunFolderError(
                f"{path}: exists already; accepted: a folder that does not exist yet"
            ) from None
        except OSError as error:
            raise RunFolderError(
                f"{path}: {error.strerror}; accepted: a folder that can be written"
            ) from None
        folder = cls(path)
        folder.write("experiment.toml", experiment.to_toml().encode())
        folder.write("metrics.csv", _csv([METRICS_COLUMNS]))
        folder.write("events.csv", _csv([EVENT_COLUMNS]))
        return folder

    @classmethod
    def open(cls, path: Path) -> tuple[RunFolder, Experiment]:
        """A folder that is there, and its experiment. RunFolderError where it is no run folder."""
        if not (path / "experiment.toml").is_file():
            raise RunFolderError(
                f"{path}: not a run folder (no experiment.toml in it); accepted: one that ganviz train wrote"
            )
        return cls(path), Experiment.load(path / "experiment.toml")

    def write(self, name: str, content: bytes) -> None:
        """Replace one file as a whole: the old content or the new one is there at any moment, never half of
        it."""
        target, part = self.path / name, self.path / f".{name}.part"
        try:
            with part.open("wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            os.replace(part, target)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise RunFolderError(
                f"{target}: {error.strerror}; accepted: a folder that can be written, with space left"
            ) from None

    def append(self, history: History) -> None:
        """Add the steps recorded since the last call to metrics.csv, and bring events.csv up to date."""
        rows = history.steps.rows
        if rows > self._written:
            try:
                with (self.path / "metrics.csv").open("ab", buffering=0) as stream:
                    stream.write(_csv(_metrics_rows(history, self._written)))
            except OSError as error:
                raise RunFolderError(
                    f"{self.path / 'metrics.csv'}: {error.strerror}; accepted: a folder that can be written"
                ) from None
            self._written = rows
        events = [(event.step, event.key, event.old, event.new) for event in tuple(history.events)]
        self.write("events.csv", _csv([EVENT_COLUMNS, *events]))

    def resume(self, step: int) -> History:
        """The record up to ``step``, read back; what was written after it, or half written, is cut off the
        file."""
        history = read_history(self.path, step)
        self._written = history.steps.rows
        self.write("metrics.csv", _csv([METRICS_COLUMNS, *_metrics_rows(history, 0)]))
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


def read_history(path: Path, until: int | None = None) -> History:
    """The history that a run folder holds, up to step ``until``. A last line that is not whole is left
    out."""
    from ganviz.theory.objectives import OBJECTIVES

    history = History(objectives=tuple(OBJECTIVES))
    rows: list[dict[str, str]] = []
    try:
        text = (path / "metrics.csv").read_text(encoding="utf-8")
        for row in csv.DictReader(io.StringIO(text[: text.rfind("\n") + 1])):
            if until is not None and int(row["step"]) > until:
                break
            rows.append(row)
        if rows:
            history.steps.append(
                {name: [_number(row, name, history) for row in rows] for name in STEP_COLUMNS}
            )
            measured = [row for row in rows if any(row[name] for name in MEASURED)]
            if measured:
                history.measured.append(
                    {name: [_number(row, name, history) for row in measured] for name in MEASURED_COLUMNS}
                )
        for row in csv.DictReader(io.StringIO((path / "events.csv").read_text(encoding="utf-8"))):
            if until is None or int(row["step"]) <= until:
                history.events.append(Event(int(row["step"]), row["key"], row["old"], row["new"]))
    except OSError as error:
        raise RunFolderError(
            f"{error.filename}: {error.strerror}; accepted: one that ganviz train wrote"
        ) from None
    except (KeyError, ValueError, TypeError) as error:
        where = f"{path / 'metrics.csv'}: line {len(rows) + 2}"
        raise RunFolderError(f"{where} is not a row of metrics ({error}); accepted: as written") from None
    return history


def _number(row: Mapping[str, str], name: str, history: History) -> float:
    text = row[name]
    if name == "objective":
        return history.objectives.index(text)
    return float(text) if text else np.nan


def _metrics_rows(history: History, since: int) -> list[list[str]]:
    """The rows of metrics.csv from row ``since`` on: every step, with what was measured at it beside."""
    steps = history.steps.column("step", since)
    columns = {name: history.steps.column(name, since)[: len(steps)] for name in STEP_COLUMNS}
    text = {name: _text(values) for name, values in columns.items()}
    text["objective"] = [history.objectives[index] for index in columns["objective"]]
    at = {int(step): index for index, step in enumerate(history.measured.column("step"))}
    measured = {name: _text(history.measured.column(name)) for name in MEASURED}
    found = [at.get(int(step)) for step in steps]
    rows = zip(*text.values(), strict=True)
    return [
        [*row, *("" if index is None else measured[name][index] for name in MEASURED)]
        for row, index in zip(rows, found, strict=True)
    ]


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
