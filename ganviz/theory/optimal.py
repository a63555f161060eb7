"""How far a discriminator is from the best one, cell by cell, and how much of that is sampling noise."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
Optimum = Callable[[FloatArray, FloatArray], FloatArray]

MEAN_OF_ABSOLUTE = math.sqrt(2.0 / math.pi)
"""E|e| of an error e that is normal with standard deviation 1."""


@dataclass(frozen=True)
class Gap:
    """|learned - optimal| over the cells: its ``mean`` with the weights (p + q) / 2, and the ``largest`` one
    where it was sought. NaN where no cell has mass.
    """

    mean: float
    largest: float


def gap(
    learned: npt.ArrayLike, p: npt.ArrayLike, q: npt.ArrayLike, *, optimum: Optimum, dense: npt.ArrayLike
) -> Gap:
    """The gap between a learned output and the optimum of p and q, arrays of one shape.

    ``p``, ``q`` >= 0: probabilities of the cells (or densities on equal ones). ``optimum(p, q)``: the best
    output, p / (p + q) for a discriminator (Goodfellow et al. 2014, Proposition 1); cells where it is not
    finite are left out. ``dense``: the cells in which the largest difference is sought.
    """
    data, fakes = np.asarray(p, np.float64), np.asarray(q, np.float64)
    away = np.abs(np.asarray(learned, np.float64) - optimum(data, fakes))
    weight = np.where(np.isfinite(away), (data + fakes) / 2.0, 0.0)
    sought = away[np.asarray(dense, bool) & np.isfinite(away)]
    total = float(weight.sum())
    return Gap(
        mean=float((weight * np.where(np.isfinite(away), away, 0.0)).sum()) / total if total else math.nan,
        largest=float(sought.max()) if sought.size else math.nan,
    )


def noise_of(p: npt.ArrayLike, q: npt.ArrayLike, samples: int, optimum: Optimum) -> float:
    """The mean gap that sampling alone gives the best discriminator, q being counted from ``samples`` fakes.

    A cell's count is Poisson with mean n q, so q is off by sqrt(q / n), the optimum by about half the
    difference between its values at q +- sqrt(q / n), and the mean of |error| is sqrt(2 / pi) of that.
    ``p``, ``q``: probabilities of the cells.
    """
    data, fakes = np.asarray(p, np.float64), np.asarray(q, np.float64)
    spread = np.sqrt(fakes / samples)
    above, below = optimum(data, fakes + spread), optimum(data, np.maximum(fakes - spread, 0.0))
    known = np.isfinite(above) & np.isfinite(below) & (fakes > 0.0)
    weight = (data + fakes) / 2.0
    total = float(weight[np.isfinite(optimum(data, fakes))].sum())
    error = MEAN_OF_ABSOLUTE * np.abs(np.where(known, above, 0.0) - np.where(known, below, 0.0)) / 2.0
    return float((weight * error).sum()) / total if total else math.nan
