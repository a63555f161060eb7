"""Mode metrics: ceilings by scipy, a perfect sampler, k of 8 modes, one tight mode."""

import math

import numpy as np
import pytest
from scipy import stats

from ganviz.theory.modes import HIGH_QUALITY_CEILING_1D, HIGH_QUALITY_CEILING_2D, mode_metrics

ANGLES = 2 * np.pi * np.arange(8) / 8
MEANS = 2.0 * np.column_stack((np.cos(ANGLES), np.sin(ANGLES)))
SIGMA = 0.1


def ring(modes, n, seed=0, sigma=SIGMA):
    """n samples that use the first `modes` of the eight modes evenly."""
    noise = np.random.default_rng(seed).normal(0.0, sigma, (n, 2))
    return MEANS[np.arange(n) % modes] + noise


def test_ceilings_equal_scipy():
    assert pytest.approx(stats.chi(2).cdf(3.0), abs=1e-12) == HIGH_QUALITY_CEILING_2D
    assert pytest.approx(stats.chi(1).cdf(3.0), abs=1e-12) == HIGH_QUALITY_CEILING_1D
    assert pytest.approx(0.988891, abs=1e-6) == HIGH_QUALITY_CEILING_2D


@pytest.mark.parametrize(("n", "bar"), [(20_000, 0.003), (2_500, 0.006)])
def test_perfect_sampler(n, bar):
    metrics = mode_metrics(ring(8, n), MEANS, SIGMA)
    assert metrics.modes == 8
    assert metrics.high_quality == pytest.approx(0.98889, abs=bar)
    assert 0.0 <= metrics.reverse_kl < 0.005
    assert metrics.counts.sum() == round(metrics.high_quality * n)


@pytest.mark.parametrize("modes", [1, 2, 4, 6])
def test_some_of_eight_modes(modes):
    metrics = mode_metrics(ring(modes, 12_000), MEANS, SIGMA)
    assert metrics.modes == modes
    assert metrics.reverse_kl == pytest.approx(math.log(8 / modes), abs=0.01)


def test_one_tight_mode():
    metrics = mode_metrics(ring(1, 500, sigma=1e-3), MEANS, SIGMA)
    assert (metrics.modes, metrics.high_quality) == (1, 1.0)
    assert metrics.reverse_kl == pytest.approx(2.0794, abs=1e-4)
    assert metrics.counts.tolist() == [500, 0, 0, 0, 0, 0, 0, 0]


def test_three_sigma_is_the_border():
    metrics = mode_metrics([[2.0 + 0.299, 0.0], [2.0 + 0.301, 0.0], [0.0, 0.0]], MEANS, SIGMA)
    assert metrics.counts[0] == 1
    assert metrics.high_quality == pytest.approx(1 / 3)


def test_reverse_kl_equals_scipy_entropy():
    samples = MEANS[[0, 0, 0, 1, 1, 2]]
    oracle = stats.entropy([3 / 6, 2 / 6, 1 / 6, 0, 0, 0, 0, 0], np.full(8, 1 / 8))
    assert mode_metrics(samples, MEANS, SIGMA).reverse_kl == pytest.approx(oracle)


def test_nothing_of_high_quality_is_not_zero_but_nan():
    metrics = mode_metrics(np.zeros((5, 2)), MEANS, SIGMA)
    assert (metrics.modes, metrics.high_quality) == (0, 0.0)
    assert math.isnan(metrics.reverse_kl)


def test_samples_that_are_not_finite_count_as_poor():
    metrics = mode_metrics([[2.0, 0.0], [np.nan, 0.0], [np.inf, 0.0], [-np.inf, np.nan]], MEANS, SIGMA)
    assert (metrics.modes, metrics.high_quality) == (1, 0.25)
    assert math.isnan(mode_metrics(np.full((3, 2), np.nan), MEANS, SIGMA).reverse_kl)


@pytest.mark.parametrize(
    ("samples", "sigma", "message"),
    [
        (np.zeros((3, 1)), 0.1, r"samples \(3, 1\), means \(8, 2\)"),
        (np.zeros((3, 2)), 0.0, "sigma = 0.0; accepted"),
    ],
)
def test_bad_input_is_refused_in_one_line(samples, sigma, message):
    with pytest.raises(ValueError, match=message):
        mode_metrics(samples, MEANS, sigma)
