"""Uniform distributions with sharp edges: the square and the checkerboard."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ganviz.data.base import Float32Array, FloatArray, Source, symmetric_extent


class UniformBoard(Source):
    """Uniform on some squares of a board that covers [-radius, radius]^2.

    `squares` (rows along the first axis, columns along the second) is True where there is mass.
    """

    def __init__(self, squares: npt.NDArray[np.bool_], radius: float) -> None:
        self.dim = 2
        self.radius = float(radius)
        self.extent = symmetric_extent(1.5 * radius, 2)
        self._squares = squares
        self._filled = np.argwhere(squares)
        self._lines = np.linspace(-radius, radius, len(squares) + 1)
        self._width = 2.0 * radius / len(squares)

    @property
    def has_density(self) -> bool:
        return True

    def sample(self, generator: np.random.Generator, n: int) -> Float32Array:
        chosen = self._filled[generator.integers(len(self._filled), size=n)]
        corner_distance = (chosen + generator.random((n, 2))) * self._width
        return (corner_distance - self.radius).astype(np.float32)

    def _density(self, x: FloatArray) -> FloatArray:
        inside: npt.NDArray[np.bool_] = np.all(np.abs(x) <= self.radius, axis=1)
        place = np.where(inside[:, None], (x + self.radius) / self._width, 0.0)
        index = np.minimum(place.astype(np.intp), len(self._squares) - 1)
        density = np.where(inside & self._squares[index[:, 0], index[:, 1]], 1.0, 0.0)
        return density / (len(self._filled) * self._width**2)

    def _cell_masses(self, edges: tuple[FloatArray, ...]) -> FloatArray:
        first, second = (overlaps(e, self._lines) for e in edges)
        return first @ self._squares @ second.T / (len(self._filled) * self._width**2)


def overlaps(edges: FloatArray, lines: FloatArray) -> FloatArray:
    """Length that each cell of one axis shares with each row of a board between `lines`, (cells, rows)."""
    upper = np.minimum(edges[1:, None], lines[1:])
    lower = np.maximum(edges[:-1, None], lines[:-1])
    return np.maximum(upper - lower, 0.0)


class Square(UniformBoard):
    """Uniform on [-radius, radius]^2."""

    id = "square"

    def __init__(self, radius: float) -> None:
        super().__init__(np.ones((1, 1), dtype=np.bool_), radius)


class Checkerboard(UniformBoard):
    """Uniform on the eight squares of a 4 x 4 board whose row and column numbers add up to an even number."""

    id = "checkerboard"

    def __init__(self, radius: float) -> None:
        super().__init__(np.asarray(np.add.outer(np.arange(4), np.arange(4)) % 2 == 0), radius)
