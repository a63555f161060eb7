"""The same few images over a run: what G makes of fixed latents, at steps that lie evenly over it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from ganviz.record.even_steps import EvenSteps

MOST, LEAST = 200, 12
MEMORY = 16 * 2**20
"""Bytes for all snapshots of a run."""
STORED = 4 * 2**20
"""Bytes for those that are saved with a run: where all are more, some of them, evenly, first and newest
among them."""

Levels = npt.NDArray[np.uint8]


def to_levels(pixels: npt.ArrayLike) -> Levels:
    """Pixels in [-1, 1] as 0 to 255; what lies beyond is drawn as the nearer end, what is no number as 0."""
    scaled = np.nan_to_num((np.asarray(pixels, np.float32) + 1.0) * 127.5, nan=0.0)
    return np.clip(scaled, 0.0, 255.0).round().astype(np.uint8)


class Snapshots:
    """Images (n, dim) of some steps, in 256 levels; at most `MOST` of them, and no more than fit into
    `MEMORY` bytes, never fewer than `LEAST`. What is handed out is never written to again."""

    def __init__(self, first: npt.ArrayLike, step: int = 0) -> None:
        size = to_levels(first).nbytes
        self._even = EvenSteps(min(MOST, max(LEAST, MEMORY // max(size, 1))))
        self._images: list[Levels] = []
        self.take(first, step)

    @property
    def steps(self) -> tuple[int, ...]:
        """The steps of the snapshots, rising."""
        return tuple(self._even.steps)

    @property
    def images(self) -> tuple[Levels, ...]:
        """The snapshots (n, dim) in the order of :attr:`steps`."""
        return tuple(self._images)

    def take(self, pixels: npt.ArrayLike, step: int) -> None:
        """Keep the images (n, dim), in [-1, 1], of ``step``; those of it and of later steps are forgotten."""
        levels = to_levels(pixels)
        levels.setflags(write=False)
        self._images = [*(self._images[row] for row in self._even.enter(step)), levels]

    def until(self, step: int) -> None:
        """Forget the snapshots after ``step``: the run has gone back."""
        self._images = [self._images[row] for row in self._even.until(step)]

    def stored(self) -> dict[str, npt.NDArray[Any]]:
        """What :meth:`restore` makes the snapshots of: ``steps`` (k,), ``spacing`` (), ``levels`` (k, n, dim)
        uint8."""
        steps, spacing = np.array(self._even.steps, np.int64), self._even.spacing
        fitting, rows = STORED * len(steps) // max(self.memory, 1), np.arange(len(steps))
        if fitting < len(steps):
            rows = np.linspace(0, len(steps) - 1, max(fitting, 2)).round().astype(np.int64)
            spacing = int(np.diff(steps[rows]).min())
        levels = np.array([self._images[row] for row in rows])
        return {"steps": steps[rows], "spacing": np.array(spacing, np.int64), "levels": levels}

    def restore(self, stored: Mapping[str, npt.NDArray[Any]], until: int) -> None:
        """Take the place of these snapshots with those that were stored, up to step ``until``. ValueError or
        KeyError where they are not of as many images of this size."""
        steps, levels, spacing = stored["steps"], stored["levels"], stored["spacing"]
        if steps.dtype != np.int64 or spacing.dtype != np.int64 or spacing.ndim or levels.dtype != np.uint8:
            raise ValueError("snapshots are of another kind")
        if (
            steps.ndim != 1
            or not 0 < len(steps) <= self._even.most
            or (np.diff(steps, prepend=-1) <= 0).any()
        ):
            raise ValueError("steps of the snapshots do not rise")
        if levels.shape != (len(steps), *self._images[0].shape):
            raise ValueError("snapshots are of other images")
        self._images = [image.copy() for image in levels]
        for image in self._images:
            image.setflags(write=False)
        self._even.steps, self._even.spacing = steps.tolist(), int(spacing)
        self.until(until)

    @property
    def memory(self) -> int:
        """Bytes that the snapshots take."""
        return sum(levels.nbytes for levels in self._images)
