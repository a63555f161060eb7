"""A min/max pyramid: any long curve, about as wide as asked, in a time that does not grow with its length.

Level 1 holds minimum and maximum of each complete group of eight rows, level i + 1 those of eight groups of
level i. A view takes the coarsest level that is still fine enough, so the extremes of a run are always seen.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

GROUP = 8

Floats = npt.NDArray[np.floating[Any]]
Steps = npt.NDArray[np.int64]


class _Growing:
    """Rows in an array that doubles when it is full; a reader that takes ``size`` first sees whole rows."""

    def __init__(self, kind: type, *shape: int) -> None:
        self._data: npt.NDArray[Any] = np.zeros((64, *shape), kind)
        self.size = 0

    def append(self, values: npt.NDArray[Any]) -> None:
        need = self.size + len(values)
        if need > len(self._data):
            grown = np.zeros((max(need, 2 * len(self._data)), *self._data.shape[1:]), self._data.dtype)
            grown[: self.size] = self._data[: self.size]
            self._data = grown
        self._data[self.size : need] = values
        self.size = need

    def rows(self, start: int, stop: int) -> npt.NDArray[Any]:
        return self._data[start:stop]

    @property
    def nbytes(self) -> int:
        return self._data.nbytes


class _Level:
    """Minimum and maximum of every column, and the first step, of each group of the level below."""

    def __init__(self, columns: int, kind: type) -> None:
        self.low = _Growing(kind, columns)
        self.high = _Growing(kind, columns)
        self.step = _Growing(np.int64)

    @property
    def size(self) -> int:
        """Complete groups. ``high`` is written last, so everything below its size is there."""
        return self.high.size

    def append(self, step: Steps, low: Floats, high: Floats) -> None:
        self.step.append(step)
        self.low.append(low)
        self.high.append(high)


class Pyramid:
    """The groups of all drawn columns of a table, kept as numbers of ``kind``. NaN (did not apply) is skipped
    unless all of a group is."""

    def __init__(self, columns: int, kind: type = np.float32) -> None:
        self._columns, self._kind = columns, kind
        self._levels: list[_Level] = []
        self._open_steps: Steps = np.zeros(0, np.int64)
        self._open_values: Floats = np.zeros((0, columns), kind)

    def append(self, steps: Steps, values: Floats) -> None:
        """Add raw rows: ``steps`` (n,), ``values`` (n, columns)."""
        steps = np.concatenate([self._open_steps, steps])
        values = np.concatenate([self._open_values, values])
        whole = len(steps) // GROUP * GROUP
        self._open_steps, self._open_values = steps[whole:], values[whole:]
        step, low, high = steps[:whole], values[:whole], values[:whole]
        index = 0
        while len(step):
            if index == len(self._levels):
                self._levels.append(_Level(self._columns, self._kind))
            level = self._levels[index]
            level.append(
                step[::GROUP],
                np.fmin.reduce(low.reshape(-1, GROUP, self._columns), axis=1),
                np.fmax.reduce(high.reshape(-1, GROUP, self._columns), axis=1),
            )
            index += 1
            start = (self._levels[index].size if index < len(self._levels) else 0) * GROUP
            stop = level.size // GROUP * GROUP
            step, low, high = (
                level.step.rows(start, stop),
                level.low.rows(start, stop),
                level.high.rows(start, stop),
            )

    def level_for(self, groups: int) -> int | None:
        """The coarsest level with at least ``groups`` groups, from 0; None when the finest has fewer."""
        fitting = [index for index, level in enumerate(tuple(self._levels)) if level.size >= groups]
        return fitting[-1] if fitting else None

    def view(self, index: int, column: int, groups: int) -> tuple[Steps, Floats, Floats, int]:
        """Level ``index`` of one column, regrouped to at most about ``groups`` groups.

        Returns (first steps, minima, maxima, raw rows covered); what is not yet a whole group of this level
        is added from the levels below, so only up to seven raw rows stay uncovered.
        """
        levels = self._levels[: index + 1]
        # The writer adds to the finest level first: read last, it holds all that the coarser ones stand for.
        sizes = [level.size for level in reversed(levels)][::-1]
        size = sizes[index]
        level = levels[index]
        joints = np.arange(0, size, -(-size // groups))
        steps = level.step.rows(0, size)[joints]
        low = np.fmin.reduceat(level.low.rows(0, size)[:, column], joints)
        high = np.fmax.reduceat(level.high.rows(0, size)[:, column], joints)
        for below in range(index - 1, -1, -1):
            start, stop = sizes[below + 1] * GROUP, sizes[below]
            if stop > start:
                rest = levels[below]
                steps = np.append(steps, rest.step.rows(start, start + 1))
                low = np.append(low, np.fmin.reduce(rest.low.rows(start, stop)[:, column]))
                high = np.append(high, np.fmax.reduce(rest.high.rows(start, stop)[:, column]))
        return steps, low, high, sizes[0] * GROUP

    def memory(self) -> int:
        """Bytes held."""
        return sum(level.low.nbytes + level.high.nbytes + level.step.nbytes for level in self._levels)
