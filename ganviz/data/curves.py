"""Noisy curves: two moons and the Swiss roll.

A sample is a point c(t) of the curve, t uniform, plus N(0, sigma^2 I). The density is the curve blurred by
that Gaussian, p(x) = E_t N(x; c(t), sigma^2 I), computed by composite Gauss-Legendre quadrature: 6 nodes for
each piece of at most 2 sigma of arc, which keeps the error below 1e-6 of the peak.
"""

from __future__ import annotations

import math
from abc import abstractmethod

import numpy as np

from ganviz.data.base import Float32Array, FloatArray, Source, gaussian_interval_masses, symmetric_extent

NODES_PER_PIECE = 6
PIECE_IN_SIGMAS = 2.0
FEWEST_PIECES = 32  # wide noise: the bends of the curve, not sigma, then set the size of a piece
FINEST_NOISE = 1.0 / 400.0  # sigma / radius; below it the quadrature would need too many nodes to be cheap
CHUNK = 2_000_000  # entries of the (points, nodes) table held at once: 16 MB


class NoisyCurve(Source):
    """A curve inside [-radius, radius]^2 with isotropic noise; density known for sigma >= radius / 400."""

    branches: int  # pieces of equal probability, each parametrised over [0, 1]
    top_speed: float  # the largest |dc/du| on any branch, in units of the radius

    def __init__(self, radius: float, sigma: float) -> None:
        self.dim = 2
        self.radius = float(radius)
        self.noise = float(sigma)
        self.extent = symmetric_extent(max(1.5 * radius + 2.0 * sigma, radius + 4.0 * sigma), 2)
        self._nodes: tuple[FloatArray, FloatArray] | None = None

    @property
    def has_density(self) -> bool:
        return self.noise >= self.radius * FINEST_NOISE

    @abstractmethod
    def curve(self, u: FloatArray, branch: FloatArray) -> FloatArray:
        """Points (n, 2) of the noise-free curve at `u` in [0, 1] on the branches numbered in `branch`."""

    def sample(self, generator: np.random.Generator, n: int) -> Float32Array:
        branch = generator.integers(self.branches, size=n).astype(np.float64)
        points = self.curve(generator.random(n), branch).astype(np.float32)
        return points + np.float32(self.noise) * generator.standard_normal((n, 2), dtype=np.float32)

    def _density(self, x: FloatArray) -> FloatArray:
        nodes, weights = self._quadrature()
        density = np.empty(len(x))
        rows = max(1, CHUNK // len(nodes))
        for start in range(0, len(x), rows):
            part = x[start : start + rows]
            squared = (part[:, :1] - nodes[:, 0]) ** 2 + (part[:, 1:] - nodes[:, 1]) ** 2
            density[start : start + rows] = np.exp(squared / (-2.0 * self.noise**2)) @ weights
        return density / (2.0 * math.pi * self.noise**2)

    def _cell_masses(self, edges: tuple[FloatArray, ...]) -> FloatArray:
        nodes, weights = self._quadrature()
        first, second = (gaussian_interval_masses(e, nodes[:, i], self.noise) for i, e in enumerate(edges))
        return (first * weights) @ second.T

    def _quadrature(self) -> tuple[FloatArray, FloatArray]:
        """Points of the curve (M, 2) and their probabilities (M,), which sum to 1."""
        if self._nodes is None:
            longest = self.top_speed * self.radius
            pieces = max(FEWEST_PIECES, math.ceil(longest / (PIECE_IN_SIGMAS * self.noise)))
            gauss, gauss_weights = np.polynomial.legendre.leggauss(NODES_PER_PIECE)
            u = ((np.arange(pieces)[:, None] + (gauss + 1.0) / 2.0) / pieces).ravel()
            weights = np.tile(gauss_weights / 2.0, pieces) / (pieces * self.branches)
            points = [self.curve(u, np.full_like(u, branch)) for branch in range(self.branches)]
            self._nodes = np.concatenate(points), np.tile(weights, self.branches)
        return self._nodes


class Moons(NoisyCurve):
    """Two interleaved half circles, centred and scaled to a width of 2 radius."""

    id = "moons"
    branches = 2
    top_speed = math.pi / 1.5

    def curve(self, u: FloatArray, branch: FloatArray) -> FloatArray:
        angle = np.pi * u
        sign = 1.0 - 2.0 * branch  # the second moon is the first one turned by half a turn about (0.5, 0.25)
        first = sign * (np.cos(angle) - 0.5)
        second = sign * (np.sin(angle) - 0.25)
        return self.radius / 1.5 * np.column_stack((first, second))


class SwissRoll(NoisyCurve):
    """The spiral (t cos t, t sin t), t from 1.5 pi to 4.5 pi, scaled to an outer end at distance `radius`."""

    id = "swiss_roll"
    branches = 1
    # speed |dc/du| at the outer end: 3 pi sqrt(1 + t^2) / (4.5 pi) with t = 4.5 pi
    top_speed = math.sqrt(1.0 + (4.5 * math.pi) ** 2) / 1.5

    def curve(self, u: FloatArray, branch: FloatArray) -> FloatArray:
        t = 1.5 * np.pi * (1.0 + 2.0 * u)
        return self.radius / (4.5 * np.pi) * np.column_stack((t * np.cos(t), t * np.sin(t)))
