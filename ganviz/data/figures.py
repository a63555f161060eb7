"""Simple figures: circles, squares, triangles and others, grey or each in a colour of its own."""

from __future__ import annotations

import math
from functools import cache

import numpy as np

from ganviz.data.drawn import FINE, MAP_CELLS, DrawnImages, Jitter, Maps, Mask, distances


class Figures(DrawnImages):
    """Filled figures of six kinds, at any place, size and angle."""

    id = "shapes"
    jitter = Jitter(place=0.2, size=(0.6, 1.1), turn=math.pi, slant=0.0, swell=0.0)

    def _names(self) -> tuple[str, ...]:
        return tuple(_masks())

    def _maps(self) -> Maps:
        return _figures()


@cache
def _figures() -> Maps:
    return distances(list(_masks().values()))


def _masks() -> dict[str, Mask]:
    """Each figure's name and where it is filled."""
    side = MAP_CELLS * FINE
    middles = (np.arange(side) + 0.5) * (2.0 / side) - 1.0
    y, x = np.meshgrid(middles, middles, indexing="ij")
    away, across = np.hypot(x, y), np.maximum(np.abs(x), np.abs(y))
    bar = np.minimum(np.abs(x), np.abs(y))
    return {
        "circle": away < 0.55,
        "square": across < 0.48,
        "triangle": _regular(x, y, 3, 0.32),
        "ring": np.abs(away - 0.45) < 0.12,
        "cross": (bar < 0.17) & (across < 0.62),
        "hexagon": _regular(x, y, 6, 0.5),
    }


def _regular(x: np.ndarray, y: np.ndarray, corners: int, inradius: float) -> Mask:
    angles = 2.0 * np.pi * np.arange(corners) / corners + np.pi / 2.0
    return np.asarray(
        np.all([x * math.cos(a) + y * math.sin(a) < inradius for a in angles], axis=0), dtype=np.bool_
    )
