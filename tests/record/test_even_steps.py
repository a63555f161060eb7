"""Which steps stay recorded, and the images that are kept of them."""

import numpy as np
import pytest

from ganviz.record import snapshots
from ganviz.record.even_steps import EvenSteps
from ganviz.record.snapshots import Snapshots, to_levels


@pytest.mark.parametrize("most", [3, 12, 50])
def test_steps_stay_even_bounded_and_with_both_ends(most: int) -> None:
    even, rows = EvenSteps(most), []
    for step in range(0, 5000, 10):
        rows = [*(rows[row] for row in even.enter(step)), step]
        assert rows == even.steps and len(rows) <= most
        assert rows[0] == 0 and rows[-1] == step
        gaps = np.diff(rows)[:-1]
        assert len(set(gaps.tolist())) <= 1
    assert len(rows) > most // 2


def test_going_back_forgets_what_came_after() -> None:
    even = EvenSteps(9)
    for step in range(0, 60, 5):
        even.enter(step)
    assert even.until(22) == [0, 1, 2] and even.steps == [0, 10, 20]
    assert even.nearest(17) == 20
    assert even.until(-1) == [] and even.enter(7) == [] and even.steps == [7]


def test_levels_are_pixels_in_256_steps() -> None:
    levels = np.arange(256, dtype=np.uint8)
    np.testing.assert_array_equal(to_levels(levels / 127.5 - 1.0), levels)
    np.testing.assert_array_equal(to_levels([-3.0, 3.0, np.inf, -np.inf, np.nan]), [0, 255, 255, 0, 0])


def test_snapshots_are_the_images_of_their_steps_and_bounded() -> None:
    size = 12 * 3 * 64 * 64
    images = np.random.default_rng(0).uniform(-1, 1, (300, 7))
    kept = Snapshots(np.repeat(images[0], size // 7), 0)
    for step in range(1, 300):
        kept.take(np.repeat(images[step], size // 7), step)
        assert kept.memory <= snapshots.MEMORY
    assert kept.memory > snapshots.MEMORY / 3
    for step, found in zip(kept.steps, kept.images, strict=True):
        np.testing.assert_array_equal(found, to_levels(np.repeat(images[step], size // 7)))
        assert not found.flags.writeable
    kept.until(100)
    assert kept.steps[-1] <= 100 and len(kept.images) == len(kept.steps)


def taken(count: int, size: int) -> Snapshots:
    images = np.random.default_rng(1).uniform(-1, 1, (count, 2, size))
    kept = Snapshots(images[0])
    for step in range(1, count):
        kept.take(images[step], step)
    return kept


def test_what_is_stored_is_taken_back_and_goes_on_alike() -> None:
    one = taken(450, 8)
    other = Snapshots(np.zeros((2, 8)))
    other.restore(one.stored(), 10**9)
    for step in range(450, 700):
        for kept in (one, other):
            kept.take(np.full((2, 8), step / 700), step)
    assert one.steps == other.steps
    np.testing.assert_array_equal(one.images, other.images)
    other.restore(one.stored(), 300)
    assert other.steps == tuple(step for step in one.steps if step <= 300)


def test_what_is_stored_stays_small_with_both_ends() -> None:
    large = taken(190, 30_000)
    stored = large.stored()
    assert stored["levels"].nbytes <= snapshots.STORED < large.memory
    assert stored["steps"][[0, -1]].tolist() == [0, 189]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("levels", np.zeros((4, 2, 9), np.uint8)),
        ("levels", np.zeros((4, 2, 8), np.float32)),
        ("steps", np.array([0, 2, 2, 3])),
        ("steps", np.array([-3, 0, 1, 2])),
        ("steps", np.arange(5)),
        ("steps", np.zeros((2, 2), np.int64)),
        ("spacing", np.array([1, 2])),
        ("spacing", np.array(0.5)),
    ],
)
def test_what_does_not_fit_is_refused(name: str, value: np.ndarray) -> None:
    kept = Snapshots(np.zeros((2, 8)))
    with pytest.raises(ValueError, match="snapshots"):
        kept.restore(taken(4, 8).stored() | {name: value}, 10)
    assert kept.steps == (0,)
