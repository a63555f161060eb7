"""The f-GAN table against scipy: conjugates by maximising, divergences by adaptive quadrature."""

import math

import numpy as np
import pytest
from scipy import integrate, optimize, stats

from ganviz.theory import f_divergences as fd
from ganviz.theory.divergences import jsd_gaussians
from ganviz.theory.objectives import OBJECTIVES

ROWS = fd.F_DIVERGENCES
OUTPUTS = np.linspace(-4.0, 4.0, 33)
RATIOS = np.array([0.05, 0.3, 0.999, 1.0, 1.7, 8.0])

AT_TWO = {  # D_f(N(0, 1) || N(2, 1)) as published or derived elsewhere
    "kl": 2.0,
    "reverse_kl": 2.0,
    "pearson": 53.598150,
    "squared_hellinger": 0.786939,
    "jensen_shannon": 0.673662,
    "gan": -0.712633,
}


@pytest.mark.parametrize("id", ROWS)
def test_conjugate_is_the_supremum(id: str) -> None:
    """f*(t) = sup_u (u t - f(u)), over log u so that the search sees every scale."""
    row = ROWS[id]
    outputs = OUTPUTS[OUTPUTS >= -2.0] if id == "pearson" else OUTPUTS  # below -2 its supremum has u < 0
    for t in row.activation(outputs):

        def loss(log_u, t=t):
            u = np.exp(log_u)
            return -(u * t - row.f(np.asarray(u)))

        found = optimize.minimize_scalar(loss, bounds=(-30, 12), method="bounded", options={"xatol": 1e-10})
        assert row.conjugate(np.asarray(t)) == pytest.approx(-found.fun, rel=1e-7, abs=1e-7)


@pytest.mark.parametrize("id", ROWS)
def test_conjugate_is_infinite_outside_its_domain(id: str) -> None:
    row = ROWS[id]
    if math.isinf(row.domain_end):
        assert np.isfinite(row.conjugate(np.array([-50.0, 50.0]))).all()
    else:
        beyond = row.domain_end + np.array([0.0, 0.1, 5.0])
        assert row.conjugate(beyond).tolist() == [math.inf] * 3
        assert np.isfinite(row.conjugate(row.domain_end - np.array([1e-3, 1.0, 9.0]))).all()
        assert (row.activation(np.linspace(-30, 30, 61)) < row.domain_end).all()


@pytest.mark.parametrize("id", ROWS)
def test_the_cost_of_a_fake_is_the_conjugate_of_the_activation(id: str) -> None:
    row = ROWS[id]
    composed = row.conjugate(row.activation(OUTPUTS))
    np.testing.assert_allclose(row.fake_cost(OUTPUTS), composed, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("id", ROWS)
def test_slope_is_the_derivative_and_the_optimal_output_reaches_it(id: str) -> None:
    row, h = ROWS[id], 1e-6
    difference = (row.f(RATIOS + h) - row.f(RATIOS - h)) / (2 * h)
    np.testing.assert_allclose(row.slope(RATIOS), difference, rtol=1e-6, atol=1e-8)
    reached = row.activation(row.optimal_output(np.log(RATIOS)))
    np.testing.assert_allclose(reached, row.slope(RATIOS), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("id", ROWS)
@pytest.mark.parametrize("mu", [0.0, 0.7, 2.0, -1.5])
def test_divergence_equals_adaptive_quadrature(id: str, mu: float) -> None:
    row = ROWS[id]

    def integrand(x):
        ratio = np.exp(stats.norm.logpdf(x) - stats.norm.logpdf(x, mu))
        return stats.norm.pdf(x, mu) * row.f(np.asarray(ratio))

    reach = abs(mu) + 9
    oracle = integrate.quad(integrand, -reach, reach, epsabs=1e-11, limit=300)[0]
    assert row.gaussians(mu) == pytest.approx(oracle, rel=1e-8, abs=1e-9)
    assert fd.divergence_gaussians(id, mu) == pytest.approx(oracle, rel=1e-8, abs=1e-9)
    assert fd.dual_gaussians(id, mu) == pytest.approx(oracle, rel=1e-8, abs=1e-9)


@pytest.mark.parametrize("id", ROWS)
def test_published_values_at_two(id: str) -> None:
    assert fd.dual_gaussians(id, 2.0) == pytest.approx(AT_TWO[id], rel=1e-6)


@pytest.mark.parametrize("id", ROWS)
@pytest.mark.parametrize("offset", [-0.5, 0.02, 0.5])
def test_any_other_discriminator_gives_less(id: str, offset: float) -> None:
    assert fd.dual_gaussians(id, 1.0, offset) < fd.dual_gaussians(id, 1.0) - 1e-6


def test_js_row_is_twice_the_usual_jsd_and_the_gan_row_is_its_shift() -> None:
    twice = fd.divergence_gaussians("jensen_shannon", 2.0)
    assert twice == pytest.approx(2 * jsd_gaussians(2.0), abs=1e-10)
    assert fd.divergence_gaussians("gan", 2.0) == pytest.approx(twice - math.log(4), abs=1e-10)


def test_gan_row_is_the_minimax_objective() -> None:
    """-g(v) and f*(g(v)) are what D pays in the table of objectives, v the logit."""
    row, minimax = ROWS["gan"], OBJECTIVES["minimax"]
    np.testing.assert_allclose(-row.activation(OUTPUTS), minimax.real_cost(OUTPUTS), rtol=1e-13)
    np.testing.assert_allclose(row.fake_cost(OUTPUTS), minimax.fake_cost(OUTPUTS), rtol=1e-13)


def test_bad_input_is_refused_in_one_line() -> None:
    with pytest.raises(ValueError, match=r"no id 'js'; accepted: kl, reverse_kl"):
        fd.divergence_gaussians("js", 1.0)
    with pytest.raises(ValueError, match=r"mu = 9\.0; accepted: -8 to 8"):
        fd.dual_gaussians("kl", 9.0)
