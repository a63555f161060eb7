"""Where ticks and names find room, held against a numerical optimiser and against counting."""

from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from ganviz.ui.marks import places, roomy_marks, roomy_ticks


@settings(max_examples=40)
@given(st.lists(st.floats(0, 200, allow_subnormal=False), min_size=2, max_size=5))
def test_names_stand_as_near_to_their_values_as_can_be(wanted: list[float]) -> None:
    wanted = sorted(wanted)
    found = places(wanted, [15.0] * len(wanted), -100.0, 300.0, 1e9)
    assert all(at is not None for at in found)
    at = np.array(found, float)
    assert (np.diff(at) >= 15.0 - 1e-6).all()
    apart = [
        {"type": "ineq", "fun": lambda x, i=index: x[i + 1] - x[i] - 15.0} for index in range(len(wanted) - 1)
    ]
    start = np.arange(len(wanted)) * 15.0
    best = minimize(lambda x: ((x - wanted) ** 2).sum(), start, constraints=apart, method="SLSQP")
    assert ((at - wanted) ** 2).sum() <= best.fun + 1e-3 * (1 + best.fun)


def test_a_name_without_neighbours_does_not_move() -> None:
    assert places([10.0, 50.0, 90.0], [15.0] * 3, 0.0, 100.0, 20.0) == [10.0, 50.0, 90.0]


def test_the_least_important_name_is_left_out_where_there_is_no_room() -> None:
    found = places([50.0, 51.0, 49.0, 52.0], [15.0] * 4, 30.0, 70.0, 26.0)
    kept = [at for at in found if at is not None]
    assert found[0] is not None and found[1] is not None and len(kept) == 2
    assert abs(kept[0] - kept[1]) >= 15.0
    assert places([5.0], [15.0], 0.0, 10.0, 26.0) == [None]


@given(st.integers(2, 12), st.floats(3, 60), st.floats(10, 60))
def test_ticks_never_cover_each_other(count: int, spacing: float, width: float) -> None:
    ticks = [(float(index - 2), str(index)) for index in range(count)]
    kept = roomy_ticks(ticks, [(index * spacing, width) for index in range(count)])
    at = [(value + 2) * spacing for value, _ in kept]
    assert kept and all(b - a >= width - 1e-9 for a, b in pairwise(at))
    if spacing >= width:
        assert kept == ticks


def test_zero_is_kept_and_marks_come_first() -> None:
    ticks = [(value, str(value)) for value in (-2.0, -1.0, 0.0, 1.0, 2.0)]
    boxes = [(10.0 * index, 15.0) for index in range(5)]
    assert [value for value, _ in roomy_ticks(ticks, boxes)] == [-2.0, 0.0, 2.0]
    assert [value for value, _ in roomy_ticks(ticks, boxes, taken=[(42.0, 15.0)])] == [-2.0, 0.0]
    assert roomy_marks(ticks[:3], [(0.0, 15.0), (5.0, 15.0), (30.0, 15.0)]) == [0, 2]


@pytest.mark.parametrize("count", [1, 3, 6])
def test_shown_names_do_not_overlap_in_any_order(count: int) -> None:
    values = np.random.default_rng(count).uniform(0, 60, count).tolist()
    found = [at for at in places(values, [15.0] * count, 0.0, 60.0, 30.0) if at is not None]
    assert found and all(abs(a - b) >= 15.0 - 1e-9 for a, b in combinations(found, 2))
