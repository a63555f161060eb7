"""Arrows for curves that are drawn in pairs of points, and the one scale that several sets share."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from ganviz.ui.plotting import Limits

Array = npt.NDArray[np.float64]

LONGEST = 0.18
"""An arrow as long as the unit that is printed takes this share of the picture."""
HEAD = 0.018
"""Length of a head, as a share of the picture; a short arrow has a short head."""


def unit_of(sets: Iterable[Array], limits: Limits) -> float:
    """The length that is drawn as `LONGEST`, steadied by ``limits``: what 95 % of all vectors (n, d) do not
    exceed; 0 where none has a length."""
    lengths = np.concatenate([np.zeros(0), *(np.linalg.norm(vectors, axis=1) for vectors in sets)])
    lengths = lengths[np.isfinite(lengths)]
    longest = float(np.percentile(lengths, 95)) if len(lengths) else 0.0
    return limits.around(0.0, longest)[1] if longest > 0.0 else 0.0


def arrow_segments(at: Array, by: Array, width: float) -> tuple[Array, Array]:
    """Shaft and two barbs of arrows from ``at`` (n, 2) by ``by`` (n, 2) data units, as x and y (6 n,) of
    segment ends.

    ``width`` is the width of the picture in data units.
    """
    length = np.linalg.norm(by, axis=1, keepdims=True)
    direction = np.divide(by, length, out=np.zeros_like(by), where=length > 0.0)
    normal = direction[:, ::-1] * [-1.0, 1.0]
    head = np.minimum(length * 0.6, HEAD * width)
    tip = at + by
    barbs = (tip - head * direction + 0.6 * head * normal, tip - head * direction - 0.6 * head * normal)
    ends = np.stack([at, tip, tip, barbs[0], tip, barbs[1]], axis=1)
    return ends[..., 0].ravel(), ends[..., 1].ravel()
