"""Ways between two latent points."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]


def linear(a: npt.ArrayLike, b: npt.ArrayLike, t: npt.ArrayLike) -> FloatArray:
    """(1 - t) a + t b for each t (n,), as (n, dim): the straight line between two points (dim,)."""
    start, end, at = _points(a, b, t)
    return (1.0 - at) * start + at * end


def spherical(a: npt.ArrayLike, b: npt.ArrayLike, t: npt.ArrayLike) -> FloatArray:
    """sin((1 - t) w)/sin(w) a + sin(t w)/sin(w) b for each t (n,), as (n, dim); w is the angle between a and
    b (Shoemake 1985; for latent spaces White 2016).

    Points of equal length stay on their sphere. Where a and b lie on one line, in either direction, or one of
    them is 0, no great circle is meant: the straight line stands in.
    """
    start, end, at = _points(a, b, t)
    angle = angle_between(start, end)
    sine = math.sin(angle) if math.isfinite(angle) else 0.0
    if abs(sine) < 1e-7:
        return linear(a, b, t)
    return (np.sin((1.0 - at) * angle) * start + np.sin(at * angle) * end) / sine


def angle_between(a: npt.ArrayLike, b: npt.ArrayLike) -> float:
    """The angle between two vectors (dim,), 0 to pi; NaN where one of them is 0."""
    first, second = np.asarray(a, np.float64), np.asarray(b, np.float64)
    lengths = float(np.linalg.norm(first) * np.linalg.norm(second))
    if lengths == 0.0:
        return math.nan
    return math.acos(min(1.0, max(-1.0, float(first @ second) / lengths)))


def _points(
    a: npt.ArrayLike, b: npt.ArrayLike, t: npt.ArrayLike
) -> tuple[FloatArray, FloatArray, FloatArray]:
    start, end = np.asarray(a, np.float64), np.asarray(b, np.float64)
    return start, end, np.asarray(t, np.float64).reshape(-1, 1)
