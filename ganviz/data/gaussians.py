"""Equally weighted isotropic Gaussians: on a line, on a ring, on a grid."""

from __future__ import annotations

import math

import numpy as np

from ganviz.data.base import Float32Array, FloatArray, Source, gaussian_interval_masses, symmetric_extent


class GaussianMixture(Source):
    """p(x) = (1/K) sum_k N(x; means[k], sigma^2 I); with sigma = 0 a set of points, without a density."""

    def __init__(self, means: FloatArray, radius: float, sigma: float) -> None:
        self.means: FloatArray = means
        self.sigma: float = float(sigma)
        self.dim = means.shape[1]
        # The second term matters when modes are wide beside the radius; 4 sigma leave 6e-5 of a mode outside.
        half = max(1.5 * radius + 2.0 * sigma, float(np.abs(means).max()) + 4.0 * sigma)
        self.extent = symmetric_extent(half, self.dim)

    @property
    def has_density(self) -> bool:
        return self.sigma > 0.0

    def sample(self, generator: np.random.Generator, n: int) -> Float32Array:
        chosen = generator.integers(len(self.means), size=n)
        noise = generator.standard_normal((n, self.dim), dtype=np.float32)
        return self.means[chosen].astype(np.float32) + np.float32(self.sigma) * noise

    def _density(self, x: FloatArray) -> FloatArray:
        squared = ((x[:, None, :] - self.means) ** 2).sum(axis=2)  # (n, K)
        peak = (2.0 * math.pi * self.sigma**2) ** (-self.dim / 2.0)
        return peak * np.exp(-squared / (2.0 * self.sigma**2)).mean(axis=1)

    def _cell_masses(self, edges: tuple[FloatArray, ...]) -> FloatArray:
        axes = [gaussian_interval_masses(e, self.means[:, i], self.sigma) for i, e in enumerate(edges)]
        if self.dim == 1:
            return axes[0].mean(axis=1)
        return axes[0] @ axes[1].T / len(self.means)


class GaussianLine(GaussianMixture):
    """`modes` Gaussians in one dimension, spread evenly over [-radius, radius] around `centre`; a single one
    sits there. The drawing range is symmetric around 0, where generators begin."""

    id = "mixture_1d"

    def __init__(self, modes: int, radius: float, sigma: float, centre: float = 0.0) -> None:
        super().__init__(centre + _evenly_spread(modes, radius)[:, None], radius, sigma)


class GaussianRing(GaussianMixture):
    """`modes` distinct Gaussians on a circle, the first at (radius, 0)."""

    id = "ring"

    def __init__(self, modes: int, radius: float, sigma: float) -> None:
        # The full turn itself is left out: it would repeat the first mean and give one mode a double weight.
        angles = 2.0 * np.pi * np.arange(modes) / modes
        super().__init__(radius * np.column_stack((np.cos(angles), np.sin(angles))), radius, sigma)


class GaussianGrid(GaussianMixture):
    """`side` x `side` Gaussians on a lattice over [-radius, radius]^2; a single one has mean 0."""

    id = "grid"

    def __init__(self, side: int, radius: float, sigma: float) -> None:
        ticks = _evenly_spread(side, radius)
        first, second = np.meshgrid(ticks, ticks, indexing="ij")
        super().__init__(np.column_stack((first.ravel(), second.ravel())), radius, sigma)


def _evenly_spread(count: int, radius: float) -> FloatArray:
    return np.zeros(1) if count == 1 else np.linspace(-radius, radius, count)
