"""Nearest neighbours by Euclidean distance, in blocks, so that memory stays bounded."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
BLOCK = 512
"""Rows held against all others at once: 512 x 10,000 distances are 20 MB."""


def nearest(
    points: npt.ArrayLike,
    among: npt.ArrayLike | None = None,
    check: Callable[[], None] = lambda: None,
) -> FloatArray:
    """The distance of each of ``points`` (n, dim) to the nearest of ``among`` (m, dim), as (n,).

    Without ``among``: to the nearest of the other points. ``check`` is called before each block, to raise
    where nobody waits any more. float32 products: distances below a thousandth of the points' norms are
    noise. ValueError where the shapes do not fit or there is nothing to be near to.
    """
    rows = np.asarray(points, dtype=np.float32)
    others = rows if among is None else np.asarray(among, dtype=np.float32)
    if rows.ndim != 2 or others.ndim != 2 or rows.shape[1] != others.shape[1]:
        raise ValueError(f"nearest: {rows.shape} among {others.shape}; accepted: (n, dim) among (m, dim)")
    if len(others) < (2 if among is None else 1):
        raise ValueError(f"nearest: among {len(others)}; accepted: at least one other point")
    lengths = np.einsum("ij,ij->i", others, others)
    found = np.empty(len(rows))
    for start in range(0, len(rows), BLOCK):
        check()
        block = rows[start : start + BLOCK]
        squared = lengths - 2.0 * (block @ others.T) + np.einsum("ij,ij->i", block, block)[:, None]
        if among is None:
            squared[np.arange(len(block)), start + np.arange(len(block))] = np.inf
        found[start : start + BLOCK] = squared.min(axis=1)
    return np.sqrt(np.maximum(found, 0.0))
