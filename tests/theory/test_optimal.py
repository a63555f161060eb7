"""The gap to the best discriminator, against integrals by scipy and against repeated sampling."""

import numpy as np
import pytest
from scipy import integrate, stats

from ganviz.theory.divergences import optimal_discriminator, optimal_discriminator_gaussians
from ganviz.theory.optimal import gap, noise_of

EDGES = np.linspace(-6.0, 8.0, 701)
X = (EDGES[1:] + EDGES[:-1]) / 2


def masses(mu):
    return np.diff(stats.norm(mu).cdf(EDGES))


def test_the_best_discriminator_has_no_gap():
    found = gap(optimal_discriminator(masses(0), masses(2)), masses(0), masses(2),
                optimum=optimal_discriminator, dense=np.ones(700, bool))  # fmt: skip
    assert found.mean == 0.0 and found.largest == 0.0


def test_a_flat_discriminator_equals_the_integral():
    """D = 1/2 against N(0, 1) and N(2, 1): the integral of |1/2 - D*| (p + q) / 2, and the largest where
    p + q > 0.02."""
    p, q = stats.norm(0).pdf, stats.norm(2).pdf

    def away(x):
        return abs(0.5 - optimal_discriminator_gaussians(x, 2.0)) * (p(x) + q(x)) / 2

    dense = (p(X) + q(X)) > 0.02
    exact = integrate.quad(away, -12, 1)[0] + integrate.quad(away, 1, 14)[0]
    found = gap(np.full(700, 0.5), masses(0), masses(2), optimum=optimal_discriminator, dense=dense)
    assert found.mean == pytest.approx(exact, rel=1e-3)
    assert found.largest == pytest.approx(
        np.abs(0.5 - optimal_discriminator_gaussians(X[dense], 2.0)).max(), rel=1e-3
    )


def test_no_mass_is_not_zero_but_nan():
    found = gap([0.5], [0.0], [0.0], optimum=optimal_discriminator, dense=[True])
    assert np.isnan(found.mean) and np.isnan(found.largest)


def test_the_noise_is_that_of_repeated_sampling():
    p, q, n = masses(0), masses(1), 20_000
    random, best = np.random.default_rng(0), optimal_discriminator(masses(0), masses(1))
    counted = random.multinomial(n, q / q.sum(), size=40) / n
    seen = [gap(best, p, one, optimum=optimal_discriminator, dense=p > 0).mean for one in counted]
    said = np.mean([noise_of(p, one, n, optimal_discriminator) for one in counted])
    assert said == pytest.approx(np.mean(seen), rel=0.1)
