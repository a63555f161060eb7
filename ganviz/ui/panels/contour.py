"""One level line of a function on a grid, by marching squares."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

# Edges of a cell: 0 bottom, 1 right, 2 top, 3 left. Corners: 1 bottom left, 2 bottom right, 4 top right, 8
# top left; a
# case is the sum of the corners above the level. The two saddles (5, 10) are cut so that their high corners
# stay apart.
_SEGMENTS = {
    1: ((3, 0),), 2: ((0, 1),), 3: ((3, 1),), 4: ((1, 2),), 5: ((3, 0), (1, 2)), 6: ((0, 2),), 7: ((3, 2),),
    8: ((2, 3),), 9: ((0, 2),), 10: ((0, 1), (2, 3)), 11: ((1, 2),),
    12: ((1, 3),), 13: ((0, 1),), 14: ((0, 3),),
}  # fmt: skip


def level_line(
    x: npt.ArrayLike, y: npt.ArrayLike, values: npt.ArrayLike, level: float
) -> tuple[Array, Array]:
    """The line ``values`` = ``level`` as segments: x and y of their ends, pair after pair, each (2 n,).

    ``x`` (columns,), ``y`` (rows,) are the grid's coordinates, ``values`` (rows, columns). Along an edge the
    function is taken as
    linear. Cells with a value that is not finite are left out.
    """
    x, y = np.asarray(x, float), np.asarray(y, float)
    heights = np.asarray(values, float) - level
    a, b, c, d = heights[:-1, :-1], heights[:-1, 1:], heights[1:, 1:], heights[1:, :-1]
    case = (a > 0) * 1 + (b > 0) * 2 + (c > 0) * 4 + (d > 0) * 8
    case[~np.isfinite(a + b + c + d)] = 0
    rows, columns = np.nonzero((case > 0) & (case < 15))
    case = case[rows, columns]
    left, right, low, high = x[columns], x[columns + 1], y[rows], y[rows + 1]
    a, b, c, d = (corner[rows, columns] for corner in (a, b, c, d))

    def cut(start: Array, end: Array, at_start: Array, at_end: Array) -> Array:
        with np.errstate(divide="ignore", invalid="ignore"):  # edges that are not crossed are not used
            return np.asarray(start + (end - start) * at_start / (at_start - at_end))

    edge_x = np.stack([cut(left, right, a, b), right, cut(left, right, d, c), left])
    edge_y = np.stack([low, cut(low, high, b, c), high, cut(low, high, a, d)])
    parts_x, parts_y = [np.zeros(0)], [np.zeros(0)]
    for number, segments in _SEGMENTS.items():
        here = np.nonzero(case == number)[0]
        for first, second in segments:
            parts_x.append(np.stack([edge_x[first, here], edge_x[second, here]], axis=1).ravel())
            parts_y.append(np.stack([edge_y[first, here], edge_y[second, here]], axis=1).ravel())
    return np.concatenate(parts_x), np.concatenate(parts_y)
