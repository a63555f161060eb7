"""The path that the players' weights take: recorded states, ever fewer a step as the run grows, and the plane
in which a path is widest.

At most `MOST` states are kept, and no more than fit into `MEMORY` bytes, never fewer than `LEAST`;
`EvenSteps` says which.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ganviz.record.even_steps import EvenSteps

MOST, LEAST = 200, 12
MEMORY = 16 * 2**20
"""Bytes for the recorded states of all players together."""
STORED = 8 * 2**20
"""Bytes for those that are saved with a run: where all are more, some of them, evenly, first and newest
among them."""
NEAR = 0.25
"""The share of a path's widest distance from its middle within which its angle is noise and does not
count."""

Weights = npt.NDArray[np.float32]
Array = npt.NDArray[np.float64]


class WeightPath:
    """States of some players' weights, one float32 vector each, of the same steps.

    Kept as ways from the first state, so that small differences keep their digits in :meth:`products`.
    """

    def __init__(self, first: Mapping[str, npt.ArrayLike], step: int = 0) -> None:
        self._first: dict[str, Weights] = {
            name: np.array(vector, np.float32) for name, vector in first.items()
        }
        a_state = max(sum(vector.nbytes for vector in self._first.values()), 1)
        self.most = min(MOST, max(LEAST, MEMORY // a_state))
        self._even = EvenSteps(self.most)
        # memory is taken as rows are filled
        self._ways = {
            name: np.empty((self.most, vector.size), np.float32) for name, vector in self._first.items()
        }
        self._products = {name: np.zeros((self.most, self.most)) for name in self._first}
        self._known = 0
        self.take(first, step)

    @property
    def steps(self) -> tuple[int, ...]:
        """The steps of the recorded states, rising."""
        return tuple(self._even.steps)

    def take(self, weights: Mapping[str, npt.ArrayLike], step: int) -> None:
        """Record the state after ``step``; what was recorded of that step or a later one is forgotten."""
        self._keep(self._even.enter(step))
        row = len(self._even.steps) - 1
        if row == 0:
            self._first = {name: np.array(vector, np.float32) for name, vector in weights.items()}
        for name, vector in weights.items():
            np.subtract(vector, self._first[name], out=self._ways[name][row])

    def until(self, step: int) -> None:
        """Forget what was recorded after ``step``: the run has gone back."""
        self._keep(self._even.until(step))

    def _keep(self, rows: Sequence[int]) -> None:
        if list(rows) == list(range(len(rows))):  # nothing moves
            self._known = min(self._known, len(rows))
            return
        known = [row for row in rows if row < self._known]
        for name, ways in self._ways.items():
            for place, row in enumerate(rows):
                if place != row:
                    ways[place] = ways[row]
            products = self._products[name]
            products[: len(known), : len(known)] = products[np.ix_(known, known)]
        self._known = len(known)

    def nearest(self, step: int) -> int:
        """The recorded step nearest to this one."""
        return self._even.nearest(step)

    def state(self, step: int) -> dict[str, Weights]:
        """The recorded state of one of :attr:`steps`."""
        row = self._even.steps.index(step)
        return {name: first + self._ways[name][row] for name, first in self._first.items()}

    def stored(self) -> dict[str, npt.NDArray[Any]]:
        """What :meth:`restore` makes the path of: ``steps`` (n,), ``spacing`` (), and of each player
        ``first.NAME`` (m,), ``ways.NAME`` (n, m)."""
        recorded = np.array(self._even.steps, np.int64)
        count, spacing = len(recorded), self._even.spacing
        fitting, rows = STORED * count // max(self.memory, 1), np.arange(count)
        if fitting < count:
            rows = np.linspace(0, count - 1, fitting).round().astype(np.int64) if fitting > 1 else rows[:0]
            spacing = int(np.diff(recorded[rows]).min()) if len(rows) else 0
        found: dict[str, npt.NDArray[Any]] = {
            "steps": recorded[rows],
            "spacing": np.array(spacing, np.int64),
        }
        for name, first in self._first.items():
            found |= {f"first.{name}": first, f"ways.{name}": self._ways[name][rows]}
        return found

    def restore(self, stored: Mapping[str, npt.NDArray[Any]], until: int) -> None:
        """Take the place of this path with one that was stored, up to step ``until``. ValueError or KeyError
        where it is not of players of these sizes."""
        steps = stored["steps"].astype(np.int64)
        if steps.ndim != 1 or (np.diff(steps, prepend=-1) <= 0).any() or len(steps) > self.most:
            raise ValueError("steps of the recorded weights do not rise")
        for name, first in self._first.items():
            if stored[f"ways.{name}"].shape != (len(steps), first.size):
                raise ValueError(f"ways.{name} is of other weights")
            if stored[f"first.{name}"].shape != first.shape:
                raise ValueError(f"first.{name} is of other weights")
        if not all(np.isfinite(values).all() for values in stored.values()):
            raise ValueError("recorded weights are not finite")
        if not len(steps):
            return
        for name in self._first:
            self._first[name] = stored[f"first.{name}"].astype(np.float32)
            self._ways[name][: len(steps)] = stored[f"ways.{name}"]
        self._even.steps, self._even.spacing, self._known = steps.tolist(), int(stored["spacing"]), 0
        self.until(until)

    def multiply(self) -> bool:
        """Work out one more state's products with those before it. Returns whether some states are left."""
        row = self._known
        if row < len(self._even.steps):
            for name, ways in self._ways.items():
                new = _products_of(ways[: row + 1], ways[row])
                self._products[name][: row + 1, row] = self._products[name][row, : row + 1] = new
            self._known += 1
        return self._known < len(self._even.steps)

    def products(self, name: str) -> Array:
        """Scalar products of one player's ways from the first state to those that are worked out (n, n)."""
        return self._products[name][: self._known, : self._known].copy()

    @property
    def memory(self) -> int:
        """Bytes that the recorded states take."""
        return len(self._even.steps) * sum(vector.nbytes for vector in self._first.values())


def _products_of(ways: Weights, way: Weights) -> npt.NDArray[Any]:
    """Scalar products of ways (n, m) with one (m,), also where weights are so large, as shortly before a
    divergence, that float32 cannot hold a product."""
    with np.errstate(over="ignore", invalid="ignore"):
        products: npt.NDArray[Any] = ways @ way
    return products if np.isfinite(products).all() else ways.astype(np.float64) @ way.astype(np.float64)


@dataclass(frozen=True)
class Plane:
    """A path seen in the plane of its two leading principal directions: ``at`` (n, 2), from the mean of the
    path, in units of the weights; ``explained`` (2,): the share of the path's variance along each."""

    at: Array
    explained: Array


def plane(products: Array) -> Plane:
    """Principal components of n points whose scalar products (n, n) are given, from any origin.

    With C = I - 11'/n and the points in the rows of X, C X X' C = U S^2 U': the coordinates along the
    principal directions are the columns of U S (Pearson 1901; by the small matrix, Turk and Pentland 1991).
    """
    n = len(products)
    centred = products - products.mean(0) - products.mean(1)[:, None] + products.mean()
    values, vectors = np.linalg.eigh((centred + centred.T) / 2.0)
    values = np.maximum(values[::-1], 0.0)
    at, explained = np.zeros((n, 2)), np.zeros(2)
    count = min(2, n)
    at[:, :count] = np.sqrt(values[:count]) * vectors[:, ::-1][:, :count]
    if values.sum() > 0.0:
        explained[:count] = values[:count] / values.sum()
    return Plane(at, explained)


def facing(at: Array, steps: Sequence[int], before: Array | None, steps_before: Sequence[int]) -> Array:
    """The same points, each axis turned so that the path lies as it did before: a principal direction has no
    sign of its own. Without a before the newest state lies right of the first one, and above it."""
    signs = np.sign(at[-1] - at[0])
    if before is not None:
        _, now, then = np.intersect1d(steps, steps_before, return_indices=True)
        if len(now) > 1:
            signs = np.sign((at[now] * before[then]).sum(0))
    turned: Array = at * np.where(signs == 0.0, 1.0, signs)
    return turned


def turns(at: Array) -> float:
    """How many times a path in a plane (n, 2) goes round its middle, counterclockwise positive.

    The angle swept around the mean of the points, in whole turns; only where two that follow each other both
    lie further from it than `NEAR` times the furthest.
    """
    return float(_swept(at).sum())


def before_a_turn(at: Array, part: float) -> int | None:
    """Of a path that goes round its middle at least once: the row of the latest state from which it has swept
    this part of a turn, in the sense in which it goes round. None of another path."""
    swept = _swept(at)
    if abs(swept.sum()) < 1.0:
        return None
    left = np.cumsum(swept[::-1])[::-1] * np.sign(swept.sum())
    return int(np.flatnonzero(left >= part)[-1])


def _swept(at: Array) -> Array:
    """The turns (n - 1,) between each state and the next, see :func:`turns`."""
    away = at - at.mean(0)
    distance = np.hypot(away[:, 0], away[:, 1])
    counts = distance > NEAR * distance.max(initial=0.0)
    angle = np.arctan2(away[:, 1], away[:, 0])
    swept: Array = (np.diff(angle) + np.pi) % (2.0 * np.pi) - np.pi
    return swept * (counts[1:] & counts[:-1]) / (2.0 * np.pi)
