"""Gaussian sources against scipy.stats and the moments that they must have."""

import numpy as np
import pytest
from scipy import stats

from ganviz.data.gaussians import GaussianGrid, GaussianLine, GaussianRing


def test_ring_has_as_many_distinct_means_as_modes():
    """A ring that includes both 0 and a full turn has only seven distinct means of eight."""
    means = GaussianRing(modes=8, radius=2.0, sigma=0.02).means
    assert len({tuple(np.round(mean, 9)) for mean in means}) == 8
    assert np.hypot(*means.T) == pytest.approx(np.full(8, 2.0))
    neighbour = np.linalg.norm(means - np.roll(means, 1, axis=0), axis=1)
    assert neighbour == pytest.approx(np.full(8, 4.0 * np.sin(np.pi / 8)))


def test_grid_means_form_the_lattice():
    means = GaussianGrid(side=5, radius=4.0, sigma=0.1).means
    assert {tuple(mean) for mean in means} == {
        (float(a), float(b)) for a in (-4, -2, 0, 2, 4) for b in (-4, -2, 0, 2, 4)
    }


def test_line_spreads_evenly_and_a_single_mode_sits_at_zero():
    assert GaussianLine(modes=5, radius=2.0, sigma=0.1).means.ravel().tolist() == [-2.0, -1.0, 0.0, 1.0, 2.0]
    assert GaussianLine(modes=1, radius=2.0, sigma=0.1).means.tolist() == [[0.0]]
    assert GaussianGrid(side=1, radius=2.0, sigma=0.1).means.tolist() == [[0.0, 0.0]]


@pytest.mark.parametrize(
    "source",
    [GaussianLine(4, 2.0, 0.3), GaussianRing(6, 2.0, 0.3), GaussianGrid(3, 2.0, 0.3)],
    ids=lambda s: s.id,
)
def test_density_equals_scipy(source):
    points = np.random.default_rng(0).uniform(-3, 3, (500, source.dim))
    oracle = np.mean(
        [stats.multivariate_normal(m, 0.3**2 * np.eye(source.dim)).pdf(points) for m in source.means], axis=0
    )
    assert source.density(points) == pytest.approx(oracle, rel=1e-10, abs=1e-300)


def test_cell_masses_equal_scipy_normal_distribution():
    edges = np.linspace(-3.0, 3.0, 13)
    line = GaussianLine(3, 2.0, 0.4)
    oracle = np.mean([np.diff(stats.norm(m, 0.4).cdf(edges)) for m in (-2.0, 0.0, 2.0)], axis=0)
    assert line.cell_masses((edges,)) == pytest.approx(oracle, abs=1e-14)


def test_sample_moments_of_the_ring():
    """Covariance of a ring is (radius^2 / 2 + sigma^2) I; the mean is 0. Bars are five standard errors."""
    n = 200_000
    samples = GaussianRing(8, 2.0, 0.5).sample(np.random.default_rng(1), n).astype(np.float64)
    variance = 2.0 + 0.25
    assert samples.mean(axis=0) == pytest.approx([0, 0], abs=5 * np.sqrt(variance / n))
    assert np.cov(samples.T) == pytest.approx(variance * np.eye(2), abs=5 * variance * np.sqrt(2.0 / n))


def test_modes_are_equally_likely():
    source = GaussianRing(8, 2.0, 0.02)
    samples = source.sample(np.random.default_rng(2), 40_000)
    nearest = np.linalg.norm(samples[:, None] - source.means, axis=2).argmin(axis=1)
    assert stats.chisquare(np.bincount(nearest, minlength=8)).pvalue > 1e-3


def test_extent_of_the_usual_ring_is_the_drawing_range():
    assert GaussianRing(8, 2.0, 0.1).extent == ((-3.2, 3.2), (-3.2, 3.2))


def test_extent_holds_wide_modes():
    ((low, high),) = GaussianLine(1, 0.1, 1.0).extent
    assert (low, high) == (-4.0, 4.0)
