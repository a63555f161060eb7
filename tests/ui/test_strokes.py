"""A drawing's points: where they fall, how many there are, and the ways back."""

import csv
import io
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ganviz.ui.own_data.strokes import Drawing

PLACE = st.floats(-4, 4, allow_subnormal=False)
"""Tests that train make this process count numbers below the normal range as 0."""
PLACES = st.lists(st.tuples(PLACE, PLACE), min_size=1, max_size=6)
POINTS = [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (2.9, -2.9)]


def test_a_spray_is_uniform_in_the_brush() -> None:
    drawing = Drawing(3.0, 20_000)
    made = drawing.spray([(0.5, -0.5)], 1.0, 20_000)
    away = np.hypot(*(made - (0.5, -0.5)).T)
    assert len(made) == drawing.count == 20_000
    assert away.max() <= 1.0 + 0.001
    # uniform in a disc: the squared radius is uniform in [0, 1]; 4 standard errors of its mean
    assert abs(np.mean(away**2) - 0.5) < 4 * np.sqrt(1 / 12 / 20_000)
    assert np.abs(made.mean(axis=0) - (0.5, -0.5)).max() < 4 * 0.5 / np.sqrt(20_000)


def test_a_fast_drag_leaves_an_even_line() -> None:
    drawing = Drawing(3.0, 9_000)
    made = drawing.spray([(-2.0, 0.0), (-2.0, 0.0), (0.0, 0.0), (2.0, 0.0)], 0.01, 8_000)
    counts = np.histogram(made[:, 0], bins=8, range=(-2, 2))[0]
    assert np.abs(counts - 1000).max() < 4 * np.sqrt(1000)


def test_parts_of_a_point_are_not_lost() -> None:
    drawing = Drawing(3.0, 100)
    drawing.begin()
    for _ in range(30):
        drawing.spray([(0.0, 0.0)], 0.1, 0.3)
    assert drawing.count in {8, 9}  # 30 times 0.3, in floats


@given(PLACES, st.floats(0.01, 2.0, allow_subnormal=False), st.floats(0, 300, allow_subnormal=False))
def test_every_point_is_in_the_square_and_counted(
    path: list[tuple[float, float]], radius: float, amount: float
) -> None:
    drawing = Drawing(3.0, 100)
    made = drawing.spray(path, radius, amount)
    points = drawing.points
    assert points.shape == (drawing.count, 2) and drawing.count == len(made) <= 100
    assert np.abs(points).max(initial=0.0) <= 3.0
    np.testing.assert_array_equal(points, points.round(3))


@given(PLACES, st.floats(0.01, 2.0, allow_subnormal=False))
def test_erasing_takes_what_is_near_the_path(path: list[tuple[float, float]], radius: float) -> None:
    grid = np.stack(np.meshgrid(np.linspace(-3, 3, 13), np.linspace(-3, 3, 13)), -1).reshape(-1, 2)
    drawing = Drawing(3.0, 400, grid)
    gone = drawing.erase(path, radius)
    # the same by brute force: many places along the path
    steps = np.linspace(0, 1, 400)[:, None]
    corners = np.array(path)
    ends = list(pairwise(corners)) or [(corners[0], corners[0])]
    along = np.concatenate([a + steps * (b - a) for a, b in ends])
    near = np.sqrt(((grid[:, None] - along[None]) ** 2).sum(-1)).min(axis=1)
    kept = {tuple(point) for point in drawing.points}
    assert gone == 169 - len(kept)
    assert {tuple(p) for p in grid[near > radius + 0.02]} <= kept
    assert not kept & {tuple(p) for p in grid[near <= radius]}


def test_every_stroke_can_be_taken_back_and_made_again() -> None:
    drawing = Drawing(3.0, 1000, POINTS)
    seen = [drawing.points]
    for place in ((0.0, 0.0), (1.0, 1.0)):
        drawing.begin()
        drawing.spray([place], 0.5, 20)
        drawing.spray([place], 0.5, 20)
        assert drawing.end()
        seen.append(drawing.points)
    drawing.begin()
    drawing.erase([(1.0, 1.0)], 0.6)
    assert drawing.end()
    seen.append(drawing.points)
    assert drawing.clear()
    seen.append(drawing.points)
    assert not drawing.clear() and drawing.count == 0
    for expected in reversed(seen[:-1]):
        drawing.undo()
        np.testing.assert_array_equal(drawing.points, expected)
    assert not drawing.can_undo
    for expected in seen[1:]:
        drawing.redo()
        np.testing.assert_array_equal(drawing.points, expected)
    assert not drawing.can_redo
    drawing.undo()
    drawing.begin()
    drawing.spray([(0.0, 0.0)], 0.1, 1)
    drawing.end()
    assert not drawing.can_redo


def test_a_stroke_that_changes_nothing_is_none() -> None:
    drawing = Drawing(3.0, 10, POINTS)
    drawing.begin()
    drawing.erase([(2.0, 2.0)], 0.1)
    drawing.spray([(9.0, 9.0)], 0.1, 5)
    assert not drawing.end() and not drawing.can_undo
    assert drawing.count == len(POINTS)


def test_a_full_drawing_takes_no_more() -> None:
    drawing = Drawing(3.0, 10, POINTS)
    assert len(drawing.spray([(0.0, 0.0)], 0.1, 50)) == 6
    assert drawing.is_full and drawing.count == 10
    np.testing.assert_array_equal(drawing.points[:4], POINTS)
    drawing.erase([(2.9, -2.9)], 0.1)
    assert not drawing.is_full


def test_the_file_holds_every_point() -> None:
    drawing = Drawing(3.0, 100, POINTS)
    drawing.spray([(0.0, 0.0)], 1.0, 40)
    header, *rows = csv.reader(io.StringIO(drawing.to_csv()))
    assert header == ["x1", "x2"]
    np.testing.assert_array_equal(np.array(rows, dtype=float), drawing.points)
