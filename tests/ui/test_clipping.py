"""Curves cut off at the axes, held against many points laid along them."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from ganviz.ui.clipping import cut_line, cut_pairs

RANGES = ((0.0, 1.0), (-1.0, 2.0))
SIZES = st.floats(-4, 4, allow_subnormal=False).map(lambda value: round(value, 3))


def length(x: np.ndarray, y: np.ndarray) -> float:
    return float(np.nansum(np.hypot(np.diff(x), np.diff(y))))


def length_inside(start: np.ndarray, end: np.ndarray) -> float:
    """By 20,001 points along the way."""
    points = start + np.linspace(0, 1, 20_001)[:, None] * (end - start)
    (x0, x1), (y0, y1) = RANGES
    x, y = points.T
    share = ((x >= x0) & (x <= x1) & (y >= y0) & (y <= y1)).mean()
    return float(share * np.hypot(*(end - start)))


@given(arrays(float, (5, 2), elements=SIZES))
def test_exactly_the_part_inside_is_left(points: np.ndarray) -> None:
    x, y = cut_line(points[:, 0], points[:, 1], RANGES)
    expected = sum(length_inside(points[index], points[index + 1]) for index in range(4))
    np.testing.assert_allclose(length(x, y), expected, atol=5e-3)
    known = np.isfinite(x)
    assert ((x[known] >= -1e-9) & (x[known] <= 1 + 1e-9)).all()
    assert ((y[known] >= -1 - 1e-9) & (y[known] <= 2 + 1e-9)).all()


def test_a_line_inside_is_as_it_was_and_gaps_stay() -> None:
    x, y = np.array([0.1, 0.2, 0.3, 0.4, 0.5]), np.array([0.0, 1.0, np.nan, 1.0, 0.5])
    cut = cut_line(x, y, RANGES)
    np.testing.assert_array_equal(cut[0], [0.1, 0.2, np.nan, 0.4, 0.5])
    np.testing.assert_array_equal(cut[1], [0.0, 1.0, np.nan, 1.0, 0.5])


def test_a_peak_is_cut_off_at_the_edge_and_not_dropped() -> None:
    x, y = cut_line(np.array([0.0, 0.5, 1.0]), np.array([0.0, 4.0, 0.0]), RANGES)
    np.testing.assert_allclose(x, [0.0, 0.25, np.nan, 0.75, 1.0])
    np.testing.assert_allclose(y, [0.0, 2.0, np.nan, 2.0, 0.0])


def test_arrows_are_cut_one_by_one() -> None:
    x, y = cut_pairs(np.array([0.5, 1.5, 2.0, 3.0, 0.1, 0.9]), np.zeros(6), RANGES)
    np.testing.assert_allclose(x, [0.5, 1.0, 0.1, 0.9])
    assert len(y) == 4
