"""Data made from other data: turned about 0, or with every coordinate negated. `DERIVED` is their table."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ganviz.data.base import Float32Array, Source, symmetric_extent


class Turned(Source):
    """A source of the plane turned about 0 by ``degrees``, against the clock. ValueError where the source has
    other than 2 coordinates. Its density is not offered."""

    id = "turned"

    def __init__(self, source: Source, degrees: float) -> None:
        if source.dim != 2:
            raise ValueError(f"turned: data of {source.dim} coordinates; accepted: 2")
        self.dim, self.source = 2, source
        cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
        self.matrix = np.array([[cos, sin], [-sin, cos]], dtype=np.float32)  # x @ matrix turns each row x
        if source.means is not None:
            self.means, self.sigma = source.means @ self.matrix.astype(np.float64), source.sigma
        self.extent = symmetric_extent(max(abs(end) for axis in source.extent for end in axis), 2)

    def sample(self, generator: np.random.Generator, n: int) -> Float32Array:
        return self.source.sample(generator, n) @ self.matrix


class Inverted(Source):
    """A source with every coordinate negated: of images the negatives. Its density is not offered."""

    id = "inverted"

    def __init__(self, source: Source) -> None:
        self.dim, self.source = source.dim, source
        self.image_shape, self.is_ink = source.image_shape, source.is_ink
        if source.means is not None:
            self.means, self.sigma = -source.means, source.sigma
        self.extent = tuple((-high, -low) for low, high in source.extent)

    def sample(self, generator: np.random.Generator, n: int) -> Float32Array:
        return -self.source.sample(generator, n)


@dataclass(frozen=True)
class DerivedInfo:
    """One row of `DERIVED`: how data made of others are named, and made from (source, degrees)."""

    title: str
    make: Callable[[Source, float], Source]
    help: str


DERIVED: dict[str, DerivedInfo] = {
    "turned": DerivedInfo("X, turned", Turned, "The data of the plane turned about 0."),
    "inverted": DerivedInfo(
        "X, inverted",
        lambda source, degrees: Inverted(source),
        "Every coordinate with the other sign: of images the negatives.",
    ),
}
