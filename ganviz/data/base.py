"""What every data source can do, and the helpers that several share."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from typing import ClassVar

import numpy as np
import numpy.typing as npt

Float32Array = npt.NDArray[np.float32]
Indices = npt.NDArray[np.intp]
FloatArray = npt.NDArray[np.float64]
Extent = tuple[tuple[float, float], ...]


class Source(ABC):
    """A data distribution p_data that can be sampled and, where a closed form exists, evaluated exactly.

    `dim` is the number of coordinates of one sample, `extent` the drawing range of each axis, a little
    larger than the data. Images (`has_images`) have an `image_shape`, (channels, height, width) with 1
    channel for grey and 3 for colour: a sample is then that many values in [-1, 1], channel by channel and
    row by row; `is_ink` says that high values are ink, drawn dark on a light ground. `means` (K, dim) and
    `sigma` exist for equally weighted isotropic Gaussians only; the mode metrics need them.

    `count` is the number of samples of a finite set, None where new ones never end; `rows` reads them.
    `labels` (count,) are their classes, whose names are `class_names`; None where nobody gave any.
    """

    id: ClassVar[str]
    has_images: ClassVar[bool] = False
    dim: int
    extent: Extent
    image_shape: tuple[int, int, int] | None = None
    is_ink: bool = False
    means: FloatArray | None = None
    sigma: float | None = None
    count: int | None = None
    labels: npt.NDArray[np.uint8] | None = None
    class_names: tuple[str, ...] | None = None

    @property
    def has_density(self) -> bool:
        """Whether `density` and `cell_masses` are known."""
        return False

    @abstractmethod
    def sample(self, generator: np.random.Generator, n: int) -> Float32Array:
        """Draw `n` independent samples, (n, dim) float32."""

    def rows(self, indices: npt.ArrayLike) -> Float32Array:
        """The samples with these numbers, (n, dim) float32, of a finite set; ValueError where there is none,
        IndexError for a number outside 0 to count - 1."""
        if self.count is None:
            raise ValueError(f"{self.id}: samples have no numbers; check count first")
        numbers = np.asarray(indices, dtype=np.intp)
        if numbers.ndim != 1 or (numbers.size and not 0 <= numbers.min() <= numbers.max() < self.count):
            raise IndexError(
                f"{self.id}: no such samples; accepted: whole numbers from 0 to {self.count - 1}"
            )
        return self._rows(numbers)

    def density(self, x: npt.ArrayLike) -> FloatArray:
        """Normalised density at the points `x` (n, dim), as (n,); ValueError where no density is known."""
        if not self.has_density:
            raise ValueError(f"{self.id}: no density is known for this source; check has_density first")
        return self._density(self._points(x))

    def cell_masses(self, edges: tuple[FloatArray, ...]) -> FloatArray | None:
        """Exact probability of each cell of a rectangular grid, or None where the density is not known.

        `edges` holds one increasing array an axis; the answer has shape (len(e) - 1 for e in edges).
        """
        if not self.has_density:
            return None
        if len(edges) != self.dim:
            raise ValueError(f"{self.id}: edges for {len(edges)} axes; accepted: {self.dim}")
        return self._cell_masses(edges)

    def _rows(self, numbers: Indices) -> Float32Array:
        raise NotImplementedError(f"{self.id} has a count but reads no rows")

    def _density(self, x: FloatArray) -> FloatArray:
        raise NotImplementedError(f"{self.id} says has_density but defines no density")

    def _cell_masses(self, edges: tuple[FloatArray, ...]) -> FloatArray:
        raise NotImplementedError(f"{self.id} says has_density but defines no cell masses")

    def _points(self, x: npt.ArrayLike) -> FloatArray:
        points = np.asarray(x, dtype=np.float64)
        if points.ndim != 2 or points.shape[1] != self.dim:
            raise ValueError(f"{self.id}: points of shape {points.shape}; accepted: (n, {self.dim})")
        return points


class FiniteSource(Source):
    """A set of `count` samples, drawn with replacement, each as likely as any other. No density is known."""

    count: int

    def sample(self, generator: np.random.Generator, n: int) -> Float32Array:
        return self._rows(generator.integers(self.count, size=n))


def symmetric_extent(half: float, dim: int) -> Extent:
    """The range (-half, half) on each of `dim` axes."""
    return ((-half, half),) * dim


def gaussian_interval_masses(edges: FloatArray, means: FloatArray, sigma: float) -> FloatArray:
    """P(edges[i] <= x < edges[i+1]) for x ~ N(means[k], sigma^2), as (len(edges) - 1, len(means))."""
    scaled = (edges[:, None] - means[None, :]) / (sigma * math.sqrt(2.0))
    # NumPy has no erf; math.erf is exact to the last digits and only called once per source and grid.
    erf = np.fromiter(map(math.erf, scaled.ravel()), dtype=np.float64, count=scaled.size)
    return 0.5 * np.diff(erf.reshape(scaled.shape), axis=0)
