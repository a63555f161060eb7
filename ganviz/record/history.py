"""The history of a run: every step's scalars, what was measured now and then, and the events.

Written by the training thread, read by the window without a lock: rows below ``Table.rows`` never change, and
``rows`` is raised only after they are written. Raw rows live in blocks of 65,536, so nothing is ever copied
to make room; the pyramid beside them answers "this curve, about 800 points wide" in a time that does not grow
with the run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from ganviz.record.pyramid import Pyramid

BLOCK = 65_536
RAW_ROWS = 524_288
"""Raw rows kept at full density. Older whole blocks keep every 16th row; the pyramid covers them all."""
THIN = 16

STEP_COLUMNS = {
    "step": np.int64,
    "seconds": np.float64,
    "objective": np.int8,
    "d_updates": np.int32,
    "g_updates": np.int32,
    "d_loss": np.float32,
    "g_loss": np.float32,
    "total_loss": np.float32,
    "value": np.float32,
    "d_real": np.float32,
    "d_fake": np.float32,
    "output_real": np.float32,
    "output_fake": np.float32,
}
"""One row a step. ``d_updates``, ``g_updates``: each player's updates so far. NaN: does not apply."""

MEASURED = (
    "d_grad",
    "g_grad",
    "g_grad_minimax",
    "g_grad_non_saturating",
    "jsd",
    "kl",
    "w1",
    "modes",
    "high_quality",
    "reverse_kl",
)
MEASURED_COLUMNS = {"step": np.int64, **{name: np.float32 for name in MEASURED}}
"""One row every ``measure_every`` steps."""

_NOT_DRAWN = {"step", "seconds", "objective", "d_updates", "g_updates"}


class Table:
    """An append-only table of numbers with one writer and any number of readers.

    ``columns`` maps names to NumPy types; the column ``step`` must be among them and rise. Drawn columns have
    a pyramid.
    """

    def __init__(self, columns: Mapping[str, Any], raw_rows: int = RAW_ROWS) -> None:
        self.columns = tuple(columns)
        self.rows = 0
        self._dtype = np.dtype([(name, kind) for name, kind in columns.items()])
        self._blocks: list[npt.NDArray[Any]] = []
        self._full_blocks = max(2, raw_rows // BLOCK)
        self._drawn = {
            name: index for index, name in enumerate(name for name in columns if name not in _NOT_DRAWN)
        }
        self._pyramid = Pyramid(len(self._drawn))

    def append(self, rows: Mapping[str, npt.ArrayLike]) -> None:
        """Add rows: every column of the table, all of one length."""
        values = {name: np.atleast_1d(np.asarray(rows[name])) for name in self.columns}
        with np.errstate(over="ignore"):  # a float64 beyond float32 becomes inf, as the column says
            self._append(values)

    def _append(self, values: Mapping[str, npt.NDArray[Any]]) -> None:
        count, start = len(values["step"]), 0
        while start < count:
            at = self.rows % BLOCK
            if at == 0:
                self._blocks.append(np.zeros(BLOCK, self._dtype))
                self._thin()
            take = min(BLOCK - at, count - start)
            block = self._blocks[-1]
            for name, column in values.items():
                block[name][at : at + take] = column[start : start + take]
            fresh = block[at : at + take]
            self._pyramid.append(fresh["step"], np.stack([fresh[name] for name in self._drawn], axis=1))
            start += take
            self.rows += take

    def _thin(self) -> None:
        index = len(self._blocks) - 1 - self._full_blocks
        if index >= 0 and len(self._blocks[index]) == BLOCK:
            self._blocks[index] = self._blocks[index][::THIN].copy()

    def column(self, name: str, since: int = 0) -> npt.NDArray[Any]:
        """The raw values of one column from row ``since`` on, oldest first; a thinned block comes whole."""
        return np.concatenate([np.zeros(0, self._dtype)[name], *(part[name] for part in self._parts(since))])

    def _parts(self, since: int) -> Iterator[npt.NDArray[Any]]:
        rows = self.rows  # read once: the writer may raise it meanwhile
        for index in range(since // BLOCK, -(-rows // BLOCK)):
            block = self._blocks[index]
            used = min(rows - index * BLOCK, BLOCK)
            skip = max(since - index * BLOCK, 0)
            yield block[skip:used] if len(block) == BLOCK else block

    def last(self, name: str) -> float:
        """The newest value of one column; NaN before the first row."""
        rows = self.rows  # read once: the writer may raise it meanwhile
        if rows == 0:
            return float("nan")
        return float(self._blocks[(rows - 1) // BLOCK][name][(rows - 1) % BLOCK])

    def _points(self, name: str, since: int = 0) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
        """(steps, values) of one column from row ``since`` on: of the same rows, though some may be added
        meanwhile."""
        parts = [np.zeros(0, self._dtype), *self._parts(since)]
        steps = np.concatenate([part["step"] for part in parts])
        return steps, np.concatenate([part[name] for part in parts])

    def curve(self, name: str, width: int = 800) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """The curve of one column against the step, at most about 2 x ``width`` points, its extremes kept.

        Returns (steps, values), both float64. A short curve comes as it is; of a long one come minimum and
        maximum of each group at the group's first step, and always the newest value. NaN (did not apply)
        stays, so that a line breaks there.
        """
        first: npt.NDArray[Any]
        low: npt.NDArray[Any]
        high: npt.NDArray[Any]
        level = self._pyramid.level_for(width)
        if level is None:
            steps, values = (numbers.astype(np.float64) for numbers in self._points(name))
            if len(steps) <= 2 * width:
                return steps, values
            joints = np.arange(0, len(steps), -(-len(steps) // width))
            first, low, high = (
                steps[joints],
                np.fmin.reduceat(values, joints),
                np.fmax.reduceat(values, joints),
            )
            covered = len(steps) - 1
        else:
            first, low, high, covered = self._pyramid.view(level, self._drawn[name], width)
        tail_steps, tail = self._points(name, covered)
        return (
            np.concatenate([np.repeat(first, 2), tail_steps]).astype(np.float64),
            np.concatenate([np.stack([low, high], axis=1).ravel(), tail]).astype(np.float64),
        )

    def memory(self) -> int:
        """Bytes held by rows and pyramids."""
        return sum(block.nbytes for block in self._blocks) + self._pyramid.memory()


@dataclass(frozen=True)
class Event:
    """A change while running: setting ``key`` went from ``old`` to ``new``, for the steps after ``step``."""

    step: int
    key: str
    old: Any
    new: Any


@dataclass
class History:
    """Everything recorded of one run. ``objective`` in ``steps`` is an index into ``objectives``."""

    objectives: Sequence[str] = ()
    steps: Table = field(default_factory=lambda: Table(STEP_COLUMNS))
    measured: Table = field(default_factory=lambda: Table(MEASURED_COLUMNS))
    events: list[Event] = field(default_factory=list)

    @property
    def last_step(self) -> int:
        """The newest recorded step, 0 before the first."""
        return int(self.steps.last("step")) if self.steps.rows else 0

    def periods(self, key: str, first: Any) -> list[tuple[int, int, Any]]:
        """How the setting ``key`` ran, as (from step, to step, value); ``first`` is its present value.

        The earliest event's ``old`` is what the run began with.
        """
        events = [event for event in tuple(self.events) if event.key == key]
        value = events[0].old if events else first
        periods, start = [], 0
        for event in events:
            if event.step > start:
                periods.append((start, event.step, value))
            start, value = event.step, event.new
        periods.append((start, max(self.last_step, start), value))
        return periods

    def until(self, step: int) -> History:
        """A copy that ends with ``step``: what is left of the record when a run goes back."""
        kept = History(self.objectives, events=[event for event in self.events if event.step <= step])
        for table, copy in ((self.steps, kept.steps), (self.measured, kept.measured)):
            count = int(np.searchsorted(table.column("step"), step, side="right"))
            copy.append({name: table.column(name)[:count] for name in table.columns})
        return kept

    def memory(self) -> int:
        """Bytes held by the recorded numbers."""
        return self.steps.memory() + self.measured.memory()
