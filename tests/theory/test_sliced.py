"""Sliced W1 against scipy on every line, and against what is known of shifted samples."""

import math

import numpy as np
import pytest
from scipy import stats

from ganviz.theory.sliced import Slices, directions


@pytest.mark.parametrize(("dim", "count"), [(1, 1), (2, 8)])
def test_slices_equal_scipy_on_every_line(dim, count):
    random = np.random.default_rng(0)
    x, y = random.normal(0.3, 1.2, (256, dim)), random.normal(0.0, 1.0, (1024, dim))
    lines = directions(dim, count)
    exact = np.mean([stats.wasserstein_distance(x @ line, y @ line) for line in lines])
    assert Slices.of(y, count).distance(x) == pytest.approx(exact, rel=1e-4)


def test_directions_are_even_steps_of_half_a_turn():
    lines = directions(2, 6)
    np.testing.assert_allclose(np.linalg.norm(lines, axis=1), 1.0)
    np.testing.assert_allclose(np.diff(np.arctan2(lines[:, 1], lines[:, 0])), math.pi / 6)


@pytest.mark.parametrize("mu", [0.5, 2.0, 5.0])
def test_two_gaussians_on_a_line(mu):
    random = np.random.default_rng(1)
    x, y = random.normal(mu, 1.0, (4096, 1)), random.normal(0.0, 1.0, (65_536, 1))
    assert Slices.of(y, 1).distance(x) == pytest.approx(mu, abs=0.06)


def test_a_shift_in_the_plane():
    """W1 of a projected shift s is |s cos(angle)|, whose mean over the directions is 2 |s| / pi."""
    points = np.random.default_rng(2).normal(size=(2048, 2))
    assert Slices.of(points, 64).distance(points + np.array([3.0, 0.0])) == pytest.approx(
        6.0 / math.pi, rel=2e-3
    )
    assert Slices.of(points, 64).distance(points) == 0.0


@pytest.mark.parametrize("dim", [1, 2, 64])
def test_the_spread_is_the_distance_of_the_best_point(dim):
    """On every line the sample is N(0, 4), whose mean distance from its median is 2 sqrt(2 / pi)."""
    points = np.random.default_rng(3).normal(0.0, 2.0, (65_536, dim))
    slices = Slices.of(points, 16)
    assert slices.spread == pytest.approx(2.0 * math.sqrt(2.0 / math.pi), rel=0.01)
    assert slices.spread == pytest.approx(slices.distance(np.zeros((1, dim))), rel=1e-3)


@pytest.mark.parametrize("count", [0, 3])
def test_sizes_that_do_not_fit_are_refused(count):
    with pytest.raises(ValueError, match=f"{count} samples; accepted: a divisor of 16"):
        Slices.of(np.zeros((16, 2)), 4).distance(np.zeros((count, 2)))


def test_a_shift_in_many_dimensions():
    """W1 of a projected shift s is |u · s|, whose mean over the sphere in d dimensions is about
    |s| √(2 / (π d)): by Γ(d/2) / (√π Γ((d + 1)/2)), exactly."""
    lines, shift = directions(64, 20_000), np.full(64, 0.25)
    np.testing.assert_allclose(np.linalg.norm(lines, axis=1), 1.0)
    points = np.random.default_rng(3).normal(size=(16, 64))
    exact = 2.0 * math.exp(math.lgamma(32.0) - math.lgamma(32.5)) / math.sqrt(math.pi)
    assert Slices.of(points, len(lines)).distance(points + shift) == pytest.approx(exact, rel=2e-2)
