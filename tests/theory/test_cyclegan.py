"""The straight maps between two Gaussians, against draws and quadrature."""

import numpy as np
import pytest
from scipy import integrate, stats

from ganviz.theory.cyclegan import gaussian_map, identity_error, mirrored_cycle_error

X, Y = (0.5, 1.5), (3.0, 0.4)


@pytest.mark.parametrize("rising", [True, False])
def test_both_lines_take_one_gaussian_to_the_other(rising):
    quantiles = stats.norm.ppf(np.linspace(0.01, 0.99, 99), *X)
    there = gaussian_map(quantiles, source=X, target=Y, rising=rising)
    wanted = stats.norm.ppf(np.linspace(0.01, 0.99, 99), *Y)
    np.testing.assert_allclose(np.sort(there), wanted, atol=1e-12)
    back = gaussian_map(there, source=Y, target=X, rising=rising)
    np.testing.assert_allclose(back, quantiles, atol=1e-12)


def test_maps_of_opposite_sign_mirror_at_the_mean():
    x = np.linspace(-4.0, 4.0, 50)
    there = gaussian_map(x, source=X, target=Y, rising=True)
    back = gaussian_map(there, source=Y, target=X, rising=False)
    np.testing.assert_allclose(back, 2 * X[0] - x, atol=1e-12)
    density = stats.norm(*X)
    exact, _ = integrate.quad(lambda x: abs(2 * X[0] - 2 * x) * density.pdf(x), -15, 15, points=[X[0]])
    assert mirrored_cycle_error(X[1]) == pytest.approx(exact, rel=1e-9)


@pytest.mark.parametrize(("slope", "offset"), [(1.0, 0.7), (0.5, 3.0), (-0.5, 3.0), (-2.0, -1.0)])
def test_what_the_identity_loss_sees(slope, offset):
    density = stats.norm(*Y)
    zero = [] if slope == 1.0 else [offset / (1.0 - slope)]
    inside = [at for at in zero if -2 < at < 8]
    exact, _ = integrate.quad(
        lambda y: abs(slope * y + offset - y) * density.pdf(y), -2, 8, points=inside or None, epsabs=1e-12
    )
    assert identity_error(*Y, slope, offset) == pytest.approx(exact, rel=1e-8)


def test_a_source_without_spread_is_refused():
    with pytest.raises(ValueError, match="sigma = 0; accepted: above 0"):
        gaussian_map([0.0], source=(0.0, 0.0), target=Y, rising=True)
