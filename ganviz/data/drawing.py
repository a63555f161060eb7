"""A drawing: points that somebody sprayed, each the middle of a small Gaussian."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from ganviz.data.base import Float32Array, FloatArray, Source, gaussian_interval_masses, symmetric_extent
from ganviz.data.refusal import DataError

MOST_POINTS = 4000
DECIMALS = 3
"""Of a coordinate, as the file keeps it."""
LARGEST = 100.0
"""A coordinate lies within this distance of 0."""
CANVAS_HALF = 3.0
"""Half the side of the canvas; points of other programs may lie outside."""
ACCEPTED = f"up to {MOST_POINTS:,} points x,y parted by spaces, such as 0.5,-1 0.52,-1.1"
CHUNK = 2_000_000
"""Entries of the (places, points) table held at once: 16 MB."""


class Drawing(Source):
    """p(x) = (1/n) sum_i N(x; point_i, sigma^2 I) over the n points of a drawing, which is exact; with sigma
    = 0 the points themselves, without a density. An empty text stands for the example."""

    id = "drawing"

    def __init__(self, drawing: str, sigma: float) -> None:
        self.dim = 2
        self.points = points_of(drawing) if drawing.strip() else example()
        self.softness = float(sigma)
        outermost = float(np.abs(self.points).max()) + 4.0 * self.softness
        self.extent = symmetric_extent(max(CANVAS_HALF, outermost), 2)

    @property
    def has_density(self) -> bool:
        return self.softness > 0.0

    def sample(self, generator: np.random.Generator, n: int) -> Float32Array:
        chosen = self.points[generator.integers(len(self.points), size=n)].astype(np.float32)
        return chosen + np.float32(self.softness) * generator.standard_normal((n, 2), dtype=np.float32)

    def _density(self, x: FloatArray) -> FloatArray:
        density = np.empty(len(x))
        rows = max(1, CHUNK // len(self.points))
        for start in range(0, len(x), rows):
            part = x[start : start + rows]
            squared = (part[:, :1] - self.points[:, 0]) ** 2 + (part[:, 1:] - self.points[:, 1]) ** 2
            density[start : start + rows] = np.exp(squared / (-2.0 * self.softness**2)).mean(axis=1)
        return density / (2.0 * math.pi * self.softness**2)

    def _cell_masses(self, edges: tuple[FloatArray, ...]) -> FloatArray:
        axes = [gaussian_interval_masses(e, self.points[:, i], self.softness) for i, e in enumerate(edges)]
        return axes[0] @ axes[1].T / len(self.points)


def points_of(text: str) -> FloatArray:
    """The points (n, 2) of a drawing's text; DataError names the first that cannot be used."""
    words = text.split()
    if len(words) > MOST_POINTS:
        raise DataError("drawing", f"{len(words):,} points", ACCEPTED)
    points = np.empty((len(words), 2))
    for number, word in enumerate(words):
        parts = word.split(",")
        try:
            x, y = map(float, parts)
        except ValueError:
            raise DataError(f"drawing, point {number + 1}", f"{word[:40]!r} is not x,y", ACCEPTED) from None
        if not (abs(x) <= LARGEST and abs(y) <= LARGEST):
            raise DataError(
                f"drawing, point {number + 1}", word[:40], f"numbers from {-LARGEST:g} to {LARGEST:g}"
            )
        points[number] = x, y
    return points


def text_of(points: npt.ArrayLike) -> str:
    """Points (n, 2) as the text of a drawing, rounded to three decimals; :func:`points_of` reads it back."""
    rounded = np.round(np.asarray(points, dtype=np.float64).reshape(-1, 2), DECIMALS) + 0.0  # no minus zero
    return " ".join(f"{x:.{DECIMALS + 4}g},{y:.{DECIMALS + 4}g}" for x, y in rounded)


@lru_cache(maxsize=8)
def canonical(text: str) -> str:
    """The text of a drawing as it is kept everywhere. DataError as of :func:`points_of`."""
    return text_of(points_of(text))


def example() -> FloatArray:
    """What is there before anybody has drawn: a smiling face."""
    round_ = np.linspace(0.0, 2.0 * np.pi, 60, endpoint=False)
    smile = np.linspace(1.2 * np.pi, 1.8 * np.pi, 20)
    face = 2.0 * np.column_stack((np.cos(round_), np.sin(round_)))
    mouth = 1.15 * np.column_stack((np.cos(smile), np.sin(smile)))
    eyes = np.repeat([[-0.7, 0.6], [0.7, 0.6]], 8, axis=0)
    return np.round(np.concatenate((face, mouth, eyes)), DECIMALS)
