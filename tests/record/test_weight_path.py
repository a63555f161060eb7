"""The recorded path: what is kept of it, and its plane against the singular value decomposition."""

import numpy as np
import pytest

from ganviz.record import weight_path
from ganviz.record.weight_path import WeightPath, before_a_turn, facing, plane, turns


def walk(count: int, size: int = 30, seed: int = 0) -> np.ndarray:
    steps = np.random.default_rng(seed).normal(size=(count, size)) * np.linspace(3, 0.1, size)
    return (5.0 + np.cumsum(steps, 0)).astype(np.float32)


def filled(states: np.ndarray, every: int = 1) -> WeightPath:
    path = WeightPath({"g": states[0], "d": -2.0 * states[0]})
    for index, state in enumerate(states[1:], 1):
        path.take({"g": state, "d": -2.0 * state}, every * index)
    return path


def work(path: WeightPath) -> None:
    while path.multiply():
        pass


def test_states_come_back_and_lie_evenly_however_long_the_run_is() -> None:
    states = walk(3_000, size=4)
    path = filled(states, every=20)
    steps = np.array(path.steps)
    assert weight_path.MOST / 2 <= len(steps) <= weight_path.MOST
    assert steps[0] == 0 and steps[-1] == 20 * 2_999
    gaps = np.diff(steps)
    assert set(gaps[:-1].tolist()) == {gaps[0]} and 0 < gaps[-1] <= gaps[0]
    for step in path.steps:
        kept = path.state(step)
        np.testing.assert_allclose(kept["g"], states[step // 20], atol=1e-7 * np.abs(states).max())
        np.testing.assert_allclose(kept["d"], -2.0 * states[step // 20], atol=2e-7 * np.abs(states).max())
    assert path.nearest(7) == 0 and path.nearest(10**9) == 20 * 2_999


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weight_path, "MEMORY", 2 * 4 * 30 * 50)
    path = filled(walk(1_000))
    assert path.most == 50 and path.memory <= weight_path.MEMORY
    monkeypatch.setattr(weight_path, "MEMORY", 10)
    assert filled(walk(100)).most == weight_path.LEAST


def test_a_stored_path_goes_on_as_if_it_had_not_been() -> None:
    states = walk(900, size=4)
    whole, first = filled(states), filled(states[:617])
    again = WeightPath({"g": states[0], "d": -2.0 * states[0]})
    again.restore(first.stored(), 616)
    for index, state in enumerate(states[617:], 617):
        again.take({"g": state, "d": -2.0 * state}, index)
    work(whole)
    work(again)
    assert again.steps == whole.steps
    for name in ("g", "d"):
        np.testing.assert_array_equal(again.products(name), whole.products(name))


@pytest.mark.parametrize("fitting", [50, 3, 1])
def test_what_is_stored_is_bounded_and_lies_evenly(monkeypatch: pytest.MonkeyPatch, fitting: int) -> None:
    path = filled(walk(190))
    monkeypatch.setattr(weight_path, "STORED", 2 * 4 * 30 * fitting)
    stored = path.stored()
    assert stored["ways.g"].nbytes + stored["ways.d"].nbytes <= weight_path.STORED
    again = filled(walk(1))
    again.restore(stored, 189)
    if fitting == 1:
        assert again.steps == (0,)
        return
    assert (again.steps[0], again.steps[-1], len(again.steps)) == (0, 189, fitting)
    assert np.ptp(np.diff(again.steps)) <= 1
    np.testing.assert_array_equal(again.state(189)["g"], path.state(189)["g"])


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("steps", np.array([0, 2, 1])),
        ("steps", np.array([0, 1])),
        ("ways.g", np.zeros((3, 29))),
        ("first.d", np.zeros(31)),
        ("ways.d", np.full((3, 30), np.nan)),
    ],
)
def test_a_path_of_other_weights_is_refused(name: str, values: np.ndarray) -> None:
    path = filled(walk(3))
    with pytest.raises(ValueError):
        path.restore(path.stored() | {name: values}, 2)
    assert path.steps == (0, 1, 2)


def test_going_back_forgets_what_came_later() -> None:
    states = walk(40)
    path = filled(states, every=5)
    work(path)
    path.until(52)
    assert path.steps == tuple(range(0, 55, 5))
    path.take({"g": states[-1], "d": states[-1]}, 30)
    assert path.steps == (0, 5, 10, 15, 20, 25, 30)
    np.testing.assert_allclose(path.state(30)["g"], states[-1], atol=1e-7 * np.abs(states).max())
    work(path)
    ways = np.stack([path.state(step)["g"] for step in path.steps]).astype(float) - states[0]
    np.testing.assert_allclose(path.products("g"), ways @ ways.T, rtol=1e-4, atol=1e-3)
    path.until(-1)
    path.take({"g": states[3], "d": states[3]}, 3)
    assert path.steps == (3,) and (path.state(3)["g"] == states[3]).all()


@pytest.mark.parametrize("count", [2, 3, 60, 500])
def test_the_plane_is_that_of_the_singular_value_decomposition(count: int) -> None:
    path = filled(walk(count))
    work(path)
    states = np.stack([path.state(step)["d"] for step in path.steps]).astype(float)
    centred = states - states.mean(0)
    _, sizes, directions = np.linalg.svd(centred, full_matrices=False)
    found = plane(path.products("d"))
    wanted = centred @ directions[:2].T
    for axis in range(min(2, count - 1)):
        sign = np.sign(found.at[:, axis] @ wanted[:, axis])
        np.testing.assert_allclose(found.at[:, axis], sign * wanted[:, axis], atol=2e-5 * sizes[0])
        assert found.explained[axis] == pytest.approx(sizes[axis] ** 2 / (sizes**2).sum(), rel=1e-4)


def test_a_tiny_way_of_large_weights_keeps_its_shape() -> None:
    """1e-3 of movement on weights of 100: products of the weights themselves would lose it in float32."""
    angle = np.linspace(0, 6 * np.pi, 120)
    states = np.full((120, 1_000), 100.0) + np.random.default_rng(0).normal(size=1_000)
    states[:, 0] += 1e-3 * np.cos(angle) * 64
    states[:, 1] += 1e-3 * np.sin(angle) * 64
    path = filled(states.astype(np.float32))
    work(path)
    found = plane(path.products("g"))
    assert sum(found.explained) > 0.99 and abs(turns(found.at)) == pytest.approx(3.0, abs=0.1)


def test_weights_shortly_before_a_divergence_have_their_plane() -> None:
    states = walk(6) * np.float32(1e30)
    path = filled(states)
    work(path)
    ways = (states - states[0]).astype(np.float64)
    np.testing.assert_allclose(path.products("g"), ways @ ways.T, rtol=1e-5)
    assert np.isfinite(plane(path.products("g")).at).all()


def test_no_path_yet_and_one_that_stands_still() -> None:
    for count in (1, 5):
        path = filled(np.ones((count, 8), np.float32))
        work(path)
        found = plane(path.products("g"))
        assert (found.at == 0.0).all() and (found.explained == 0.0).all() and turns(found.at) == 0.0


def test_axes_keep_their_direction_from_look_to_look() -> None:
    at = np.array([[1.0, 1.0], [0.0, -2.0], [-1.0, 1.0], [0.0, -1.0]])
    first = facing(at, [0, 1, 2, 3], None, ())
    assert (first[-1] > first[0]).tolist() == [False, True] or (first[-1] - first[0] >= 0).all()
    longer = np.vstack([-at * [1, -1], [[5.0, 5.0]]])
    again = facing(longer, [0, 1, 2, 3, 4], first, [0, 1, 2, 3])
    np.testing.assert_allclose(again[:4], first)


def test_turns_are_whole_rounds_with_their_sense_and_noise_at_rest_is_none() -> None:
    t = np.linspace(0, 1, 400)
    rounds = np.stack([np.cos(2 * np.pi * 3 * t), np.sin(2 * np.pi * 3 * t)], 1)
    assert turns(rounds) == pytest.approx(3.0, abs=0.02)
    assert turns(rounds * [1, -1]) == pytest.approx(-3.0, abs=0.02)
    assert turns(7.0 + 0.001 * rounds) == pytest.approx(3.0, abs=0.02)
    line = np.stack([t, 0.2 * t], 1)
    assert abs(turns(line)) < 0.51
    source = np.random.default_rng(1)
    at_rest = np.vstack([np.linspace([-4.0, 0.0], [0.0, 0.0], 30), 0.05 * source.normal(size=(600, 2))])
    assert abs(turns(at_rest)) < 0.3


@pytest.mark.parametrize(("sense", "turned"), [(1, 1.2), (-1, 1.2), (1, 3.4), (-1, 7.0)])
def test_a_part_of_a_turn_before_the_end(sense: int, turned: float) -> None:
    angle = sense * 2.0 * np.pi * np.linspace(0.0, turned, round(60 * turned) + 1)  # 60 states a turn
    at = np.stack([np.cos(angle), np.sin(angle)], axis=1) * np.linspace(1.0, 1.3, len(angle))[:, None]
    for part in (1 / 3, 1 / 4):
        row = before_a_turn(at, part)
        assert row is not None and len(at) - 1 - row == pytest.approx(60 * part, abs=4)


def test_what_does_not_go_round_has_no_such_state() -> None:
    line = np.linspace([0.0, 0.0], [3.0, 1.0], 40)
    half = np.pi * np.linspace(0.0, 1.0, 40)
    for at in (line, np.stack([np.cos(half), np.sin(half)], axis=1), np.zeros((2, 2))):
        assert before_a_turn(at, 1 / 3) is None
