"""The history of a run: every step's scalars, what was measured now and then, and the events.

Written by the training thread, read by the window without a lock: rows below ``Table.rows`` never change, and
``rows`` is raised only after they are written. Raw rows live in blocks of 65,536, so no whole block is ever
copied to make room; only the newest one grows, because most runs are short. The pyramid beside them answers
"this curve, about 800 points wide" in a time that does not grow with the run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from ganviz.experiment import PORTRAIT_GAMES
from ganviz.record.pyramid import Pyramid
from ganviz.theory.objectives import OBJECTIVES

BLOCK = 65_536
FIRST_ROWS = 1_000
"""Rows that a block has room for at first; doubled until it is whole. Never those of a thinned block."""
RAW_ROWS = 6 * BLOCK
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
    "d_step",
    "g_step",
    "d_ratio",
    "g_ratio",
)
MEASURED_COLUMNS = {"step": np.int64, **{name: np.float32 for name in MEASURED}}
"""One row every ``measure_every`` steps."""

PATH_COLUMNS = {"step": np.int64, "theta": np.float64, "psi": np.float64, "radius": np.float64}
"""One row a step, the start (step 0) included, of each line of a game of two numbers."""


@dataclass(frozen=True)
class Columns:
    """What is recorded of a game: the columns of ``History.steps``, and the numbers that are measured every
    ``measure_every`` steps."""

    steps: Mapping[str, Any]
    measured: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The columns of metrics.csv."""
        return (*self.steps, *self.measured)


_COUNTS = ("step", "seconds", "d_updates", "g_updates")
_COUNTED = {name: STEP_COLUMNS[name] for name in _COUNTS}
_OF_PORTRAITS = Columns(_COUNTED, ())
_TERMS = (
    "g_loss", "f_loss", "dx_loss", "dy_loss", "cycle_x", "cycle_y", "identity_x", "identity_y",
)  # fmt: skip
_OF_CYCLEGAN = Columns(_COUNTED | dict.fromkeys(_TERMS, np.float32), ("w1_x", "w1_y"))
COLUMNS: dict[str, Columns] = {
    "gan": Columns(STEP_COLUMNS, MEASURED),
    "cyclegan": _OF_CYCLEGAN,
    **dict.fromkeys(PORTRAIT_GAMES, _OF_PORTRAITS),
}
"""What is recorded of each game, by its id."""

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
        self._kind = np.result_type(np.float32, *(self._dtype[name] for name in self._drawn))
        self._pyramid = Pyramid(len(self._drawn), self._kind.type)

    def append(self, rows: Mapping[str, npt.ArrayLike]) -> None:
        """Add rows: every column of the table, all of one length."""
        values = {name: np.atleast_1d(np.asarray(rows[name])) for name in self.columns}
        with np.errstate(over="ignore"):  # a float64 beyond float32 becomes inf, as the column says
            self._append(values)

    def _append(self, values: Mapping[str, npt.NDArray[Any]]) -> None:
        count, start = len(values["step"]), 0
        while start < count:
            at = self.rows % BLOCK
            take = min(BLOCK - at, count - start)
            if at == 0:
                self._blocks.append(np.zeros(_room(take), self._dtype))
                self._thin()
            block = self._blocks[-1]
            if at + take > len(block):
                grown = np.zeros(_room(at + take), self._dtype)
                grown[:at] = block[:at]
                block = self._blocks[-1] = grown
            for name, column in values.items():
                block[name][at : at + take] = column[start : start + take]
            fresh = block[at : at + take]
            if self._drawn:
                drawn = np.stack([fresh[name] for name in self._drawn], axis=1)
                self._pyramid.append(fresh["step"], drawn.astype(self._kind, copy=False))
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
            yield block if _is_thinned(block) else block[skip:used]

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

    def value(self, name: str, row: int) -> float:
        """The value of one column in one row, or in the nearest older one that is held. IndexError where
        there is no such row."""
        if not 0 <= row < self.rows:
            raise IndexError(f"row {row} of {self.rows}")
        block, at = self._blocks[row // BLOCK], row % BLOCK
        return float(block[name][at // THIN if _is_thinned(block) else at])

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

    def until(self, step: int) -> Table:
        """A copy that ends with ``step``."""
        kept = Table({name: self._dtype[name] for name in self.columns})
        count = int(np.searchsorted(self.column("step"), step, side="right"))
        kept.append({name: self.column(name)[:count] for name in self.columns})
        return kept

    def memory(self) -> int:
        """Bytes held by rows and pyramids."""
        return sum(block.nbytes for block in self._blocks) + self._pyramid.memory()


def _room(rows: int) -> int:
    """How many rows a block is made for that needs room for this many."""
    room = FIRST_ROWS
    while room < rows:
        room *= 2
    return min(room, BLOCK)


def _is_thinned(block: npt.NDArray[Any]) -> bool:
    return len(block) == BLOCK // THIN


@dataclass(frozen=True)
class Event:
    """A change while running: setting ``key`` went from ``old`` to ``new``, for the steps after ``step``."""

    step: int
    key: str
    old: Any
    new: Any


@dataclass
class History:
    """Everything recorded of one run. ``objective`` in ``steps`` is an index into ``objectives``; ``paths``
    are a portrait's lines by their ids (PATH_COLUMNS), empty in other games: a line that ended early has left
    the numbers."""

    objectives: Sequence[str] = ()
    steps: Table = field(default_factory=lambda: Table(STEP_COLUMNS))
    measured: Table = field(default_factory=lambda: Table(MEASURED_COLUMNS))
    events: list[Event] = field(default_factory=list)
    paths: dict[str, Table] = field(default_factory=dict)

    @classmethod
    def of(cls, game: str) -> History:
        """An empty record of a game, an id of ``experiment.GAMES``."""
        columns = COLUMNS[game]
        measured = {"step": np.int64, **dict.fromkeys(columns.measured, np.float32)}
        return cls(tuple(OBJECTIVES), Table(columns.steps), Table(measured))

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
        kept = History(
            self.objectives,
            self.steps.until(step),
            self.measured.until(step),
            [event for event in self.events if event.step <= step],
            {line: path.until(step) for line, path in self.paths.items()},
        )
        return kept

    def memory(self) -> int:
        """Bytes held by the recorded numbers."""
        tables = (self.steps, self.measured, *tuple(self.paths.values()))
        return sum(table.memory() for table in tables)
