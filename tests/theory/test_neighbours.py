"""Nearest neighbours against SciPy's tree."""

import numpy as np
import pytest
from scipy.spatial import cKDTree

from ganviz.theory.neighbours import BLOCK, nearest


def test_distances_are_those_of_a_tree() -> None:
    random = np.random.default_rng(0)
    points, among = random.normal(size=(BLOCK + 100, 5)), random.normal(size=(700, 5))
    assert nearest(points, among) == pytest.approx(cKDTree(among).query(points)[0], abs=1e-3)


def test_without_others_each_point_looks_for_another_one() -> None:
    points = np.random.default_rng(1).normal(size=(BLOCK + 100, 5))
    assert nearest(points) == pytest.approx(cKDTree(points).query(points, k=2)[0][:, 1], abs=1e-3)


def test_an_end_is_asked_for_before_each_block() -> None:
    calls = []
    nearest(np.zeros((3 * BLOCK, 2)), np.zeros((4, 2)), lambda: calls.append(1))
    assert len(calls) == 3


def test_what_has_no_neighbour_is_refused() -> None:
    for points, among in (((1, 2), None), ((3, 2), (3, 3)), ((3, 2), (0, 2))):
        with pytest.raises(ValueError, match="accepted"):
            nearest(np.zeros(points), None if among is None else np.zeros(among))
