"""Curves cut off at the axes: for files whose format cannot clip."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg

Array = npt.NDArray[np.float64]
Ranges = tuple[tuple[float, float], tuple[float, float]]


def cut_segments(start: Array, end: Array, ranges: Ranges) -> tuple[Array, Array]:
    """Which part of each segment lies inside: (n, 2) points in, the shares (n,) of the way at which it enters
    and leaves out; it lies outside where it would leave before it enters (Liang and Barsky 1984)."""
    enters, leaves = np.zeros(len(start)), np.ones(len(start))
    with np.errstate(divide="ignore", invalid="ignore"):
        for axis, (low, high) in enumerate(ranges):
            along = end[:, axis] - start[:, axis]
            for side, edge in ((1.0, low), (-1.0, high)):
                room, speed = side * (start[:, axis] - edge), side * along
                crossing = np.where(speed != 0.0, -room / speed, np.nan)
                enters = np.where(speed > 0.0, np.maximum(enters, crossing), enters)
                leaves = np.where(speed < 0.0, np.minimum(leaves, crossing), leaves)
                leaves = np.where((speed == 0.0) & (room < 0.0), -1.0, leaves)
    known = np.isfinite(start).all(axis=1) & np.isfinite(end).all(axis=1)
    return enters, np.where(known, leaves, -1.0)


def cut_line(x: Array, y: Array, ranges: Ranges) -> tuple[Array, Array]:
    """The part of a line (broken at NaN) that lies inside, cut off exactly at the edges, NaN where it is
    broken."""
    points = np.column_stack((np.asarray(x, float), np.asarray(y, float)))
    start, end = points[:-1], points[1:]
    enters, leaves = cut_segments(start, end, ranges)
    kept: list[Array] = []
    joined = False
    for a, b, first, last in zip(start, end, enters, leaves, strict=True):
        if first > last:
            joined = False
            continue
        if not joined or first > 0.0:
            kept += [np.full(2, np.nan), a + first * (b - a)]
        kept.append(a + last * (b - a))
        joined = last == 1.0
    cut = np.array(kept[1:]).reshape(-1, 2)
    return cut[:, 0], cut[:, 1]


def cut_pairs(x: Array, y: Array, ranges: Ranges) -> tuple[Array, Array]:
    """The parts of separate segments, two points each, that lie inside."""
    points = np.column_stack((np.asarray(x, float), np.asarray(y, float)))
    start, end = points[::2], points[1::2]
    enters, leaves = cut_segments(start, end, ranges)
    inside = enters <= leaves
    along = (end - start)[inside]
    first = start[inside] + enters[inside, None] * along
    last = start[inside] + leaves[inside, None] * along
    cut = np.stack((first, last), axis=1).reshape(-1, 2)
    return cut[:, 0], cut[:, 1]


def _cut(item: Any, x: Array, y: Array, ranges: Ranges) -> tuple[Array, Array]:
    (x0, x1), (y0, y1) = ranges
    if item.opts.get("stepMode"):  # steps have one edge more than values
        return x, np.clip(y, y0, y1)
    if isinstance(item, pg.ScatterPlotItem):
        inside = (x >= x0) & (x <= x1) & (y >= y0) & (y <= y1)
        return x[inside], y[inside]
    return (cut_pairs if item.opts.get("connect") == "pairs" else cut_line)(x, y, ranges)


@contextmanager
def only_inside(view: pg.ViewBox, ranges: Ranges) -> Iterator[None]:
    """Show, for a while, only what lies inside the axes: lines end at the edge, points outside are held
    back."""
    held = []
    for item in view.allChildren():
        if isinstance(item, pg.PlotCurveItem | pg.ScatterPlotItem):
            x, y = item.getData()
            if x is not None and len(x):
                held.append((item, x, y))
                item.setData(*_cut(item, x, y, ranges))
    try:
        yield
    finally:
        for item, x, y in held:
            item.setData(x, y)
