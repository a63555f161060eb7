"""A drawing: points in a square of the plane, sprayed and rubbed out stroke by stroke, each of which can be
undone. No widgets.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float64]
Place = tuple[float, float]

DECIMALS = 3
"""Of a coordinate. What is drawn is what is kept: a point moves by no bit when it is stored and read."""
MOST_STROKES = 200
"""Strokes that can be undone."""


class Drawing:
    """Points (n, 2) in [-half, half]², at most ``most`` of them.

    A stroke lies between :meth:`begin` and :meth:`end`, and is one step of undo. The points of a spray come
    from a generator seeded by ``seed``: the same hand draws the same points.
    """

    def __init__(self, half: float, most: int, points: npt.ArrayLike = (), seed: int = 0) -> None:
        self.half, self.most = half, most
        given = np.asarray(points, dtype=np.float64).reshape(-1, 2)[:most]
        self._held: Points = np.zeros((most, 2))
        self._held[: len(given)] = given
        self.count = len(given)
        self._past: list[Points] = []
        self._future: list[Points] = []
        self._before: Points | None = None
        self._owed = 0.0
        self._random = np.random.default_rng(seed)

    @property
    def points(self) -> Points:
        """A copy of all points, in the order in which they were drawn."""
        return self._held[: self.count].copy()

    @property
    def is_full(self) -> bool:
        """Whether no further point has room."""
        return self.count >= self.most

    # ------------------------------------------------------------ strokes

    def begin(self) -> None:
        """A stroke begins."""
        self.end()
        self._before, self._owed = self.points, 0.0

    def end(self) -> bool:
        """The stroke ends; whether it has changed anything, and can be undone."""
        before, self._before = self._before, None
        if before is None or np.array_equal(before, self._held[: self.count]):
            return False
        self._past = [*self._past, before][-MOST_STROKES:]
        self._future = []
        return True

    def spray(self, path: Sequence[Place], radius: float, amount: float) -> Points:
        """Add ``amount`` points (parts of one are owed to the next spray), each uniform in the disc of
        ``radius`` round a place of the path; returns those that were added. What falls beyond the square's
        edge, or finds no room, is lost.
        """
        self._owed += amount
        number = int(self._owed)
        self._owed -= number
        if not number or self.is_full:
            return np.zeros((0, 2))
        angle = self._random.uniform(0.0, 2.0 * math.pi, number)
        away = radius * np.sqrt(self._random.random(number))
        made = self._places(path, number) + away[:, None] * np.column_stack((np.cos(angle), np.sin(angle)))
        inside = np.all(np.abs(made) <= self.half, axis=1)
        made = made[inside].round(DECIMALS)[: self.most - self.count] + 0.0  # no -0.0
        self._held[self.count : self.count + len(made)] = made
        self.count += len(made)
        return made

    def _places(self, path: Sequence[Place], number: int) -> Points:
        """Places spread uniformly by length over a path of at least one place."""
        corners = np.asarray(path, dtype=np.float64)
        lengths = np.hypot(*np.diff(corners, axis=0).T) if len(corners) > 1 else np.zeros(0)
        total = float(lengths.sum())
        if total == 0.0:
            return np.broadcast_to(corners[-1], (number, 2))
        along = np.concatenate(([0.0], np.cumsum(lengths)))
        at = self._random.uniform(0.0, total, number)
        return np.column_stack([np.interp(at, along, corners[:, axis]) for axis in (0, 1)])

    def erase(self, path: Sequence[Place], radius: float) -> int:
        """Take away every point nearer than ``radius`` to the path; returns how many went."""
        points = self._held[: self.count]
        hit = np.zeros(self.count, dtype=np.bool_)
        for start, end in zip(path[:-1] or path, path[1:] or path, strict=True):
            hit |= _distances(points, start, end) <= radius
        kept = points[~hit]
        gone = self.count - len(kept)
        self._held[: len(kept)] = kept
        self.count = len(kept)
        return gone

    def clear(self) -> bool:
        """Take away all points, as one stroke; whether there were any."""
        self.begin()
        self.count = 0
        return self.end()

    # ------------------------------------------------------------ the way back

    @property
    def can_undo(self) -> bool:
        """Whether there is a stroke to take back."""
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        """Whether there is a stroke to make again."""
        return bool(self._future)

    def undo(self) -> None:
        """Take the last stroke back."""
        self._step(self._past, self._future)

    def redo(self) -> None:
        """Make it again."""
        self._step(self._future, self._past)

    def _step(self, source: list[Points], target: list[Points]) -> None:
        self.end()
        if source:
            target.append(self.points)
            points = source.pop()
            self.count = len(points)
            self._held[: self.count] = points

    # ------------------------------------------------------------ as a file

    def to_csv(self) -> str:
        """The points as CSV: a header ``x1,x2`` and a line for each."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(("x1", "x2"))
        writer.writerows(self._held[: self.count].tolist())
        return text.getvalue()


def _distances(points: Points, start: Place, end: Place) -> npt.NDArray[np.float64]:
    """Distance of each point (n, 2) to the line from start to end."""
    first, way = np.asarray(start), np.subtract(end, start)
    length = float(way @ way)
    share = np.clip((points - first) @ way / length, 0.0, 1.0) if length else np.zeros(len(points))
    nearest = first + share[:, None] * way
    return np.hypot(*(points - nearest).T)
