"""The sliced Wasserstein distance: W1 of the projections on lines, averaged over their directions.

Sources: Rabin et al. 2012 (sliced distances); on a line W1 = E |sort(x) - sort(y)|, exactly.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
Float32Array = npt.NDArray[np.float32]


def directions(dim: int, count: int) -> FloatArray:
    """Unit vectors (count, dim): the line itself in 1-D (always one), ``count`` even steps of half a turn in
    2-D, else ``count`` that are drawn evenly from the sphere, the same ones at every call.
    """
    if dim == 1:
        return np.ones((1, 1))
    if dim != 2:
        drawn = np.random.default_rng(dim).standard_normal((count, dim))
        return drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
    angles = np.pi * np.arange(count) / count
    return np.column_stack((np.cos(angles), np.sin(angles)))


@dataclass(frozen=True)
class Slices:
    """A reference sample, projected and sorted once, to which others are compared.

    ``lines`` (count, dim) are the directions, ``sorted`` (count, m) the reference on each of them.
    """

    lines: Float32Array
    sorted: Float32Array

    @classmethod
    def of(cls, reference: npt.ArrayLike, count: int) -> Slices:
        """The slices of a sample (m, dim) along ``count`` directions."""
        points = np.asarray(reference, dtype=np.float32)
        lines = directions(points.shape[1], count).astype(np.float32)
        return cls(lines, np.sort(lines @ points.T, axis=1))

    @property
    def spread(self) -> float:
        """The distance of the best single point from the reference: mean over the directions of E |p - median
        p| over its projections p."""
        middle = np.median(self.sorted, axis=1, keepdims=True)
        return float(np.abs(self.sorted - middle).mean(dtype=np.float64))

    def distance(self, samples: npt.ArrayLike) -> float:
        """Mean over the directions of W1(samples, reference), in the unit of the data; 1-D: W1 itself.

        ``samples`` (n, dim), finite, with n a divisor of the reference's m, so that each sorted sample stands
        against m / n sorted references. ValueError where it is none. float32, so exact to 6 digits.
        """
        points = np.asarray(samples, dtype=np.float32)
        n, m = len(points), self.sorted.shape[1]
        if n == 0 or m % n:
            raise ValueError(f"sliced Wasserstein distance: {n} samples; accepted: a divisor of {m}")
        with np.errstate(
            over="ignore", invalid="ignore"
        ):  # fakes near the end of float32: inf or NaN says so
            ordered = np.sort(self.lines @ points.T, axis=1)
            gaps = np.abs(ordered[:, :, None] - self.sorted.reshape(len(self.lines), n, m // n))
        return float(gaps.mean(dtype=np.float64))
