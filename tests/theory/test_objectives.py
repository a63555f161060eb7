"""The closed forms against torch's autograd on the costs that train, and against the published table."""

import numpy as np
import pytest
import torch
from scipy import integrate, optimize, stats
from scipy.spatial import distance

from ganviz.experiment import Experiment
from ganviz.games.objectives import COSTS
from ganviz.theory.f_divergences import F_DIVERGENCES
from ganviz.theory.objective import LOG_4, logit, sigmoid, softplus
from ganviz.theory.objectives import OBJECTIVES

OUTPUTS = np.concatenate([np.linspace(-200, 200, 4001) + 1e-3, [-120.0, -40.0, 40.0, 120.0]])
PARTS = {
    "real": ("real_cost", "real_slope"),
    "fake": ("fake_cost", "fake_slope"),
    "generator": ("generator_cost", "generator_slope"),
}


def test_both_tables_hold_the_same_objectives() -> None:
    assert list(OBJECTIVES) == list(COSTS)
    assert all(Experiment(objective=key).objective == key for key in OBJECTIVES)


@pytest.mark.parametrize("key", OBJECTIVES)
@pytest.mark.parametrize("part", PARTS)
def test_the_curve_on_screen_is_the_loss_that_trains(key: str, part: str) -> None:
    cost, slope = (getattr(OBJECTIVES[key], name) for name in PARTS[part])
    # torch's softplus is linear from 20 on, which is off by e^-20 = 2.1e-9 there: below float32's own step
    for kind, tolerance in ((torch.float64, 2.1e-9), (torch.float32, 2e-6)):
        outputs = torch.tensor(OUTPUTS, dtype=kind, requires_grad=True)
        trained = getattr(COSTS[key], part)(outputs)
        felt = torch.autograd.grad(trained.sum(), outputs)[0]
        at = outputs.detach().double().numpy()
        # the domain: e^a and e^-a leave float32 at |a| = 88.72, float64 not before 709
        largest = torch.finfo(kind).max / 3
        inside = (np.abs(cost(at)) < largest) & (np.abs(slope(at)) < largest)
        assert inside[np.abs(at) < 87.6].all()
        for got, right in ((trained, cost(at)), (felt, slope(at))):
            values = got.detach().double().numpy()
            np.testing.assert_allclose(values[inside], right[inside], rtol=tolerance, atol=tolerance)


PAIRS = [(0.3, 0.3), (0.2, 0.7), (1.3, 0.4), (0.05, 1.0), (2.0, 0.1)]


@pytest.mark.parametrize(
    "key", [key for key, row in OBJECTIVES.items() if row.optimal_output and not row.relative_to]
)
@pytest.mark.parametrize(("p", "q"), PAIRS)
def test_the_optimal_output_minimises_what_d_pays_at_a_point(key: str, p: float, q: float) -> None:
    row = OBJECTIVES[key]

    def paid(output: float) -> float:
        at = np.array([output])
        return float((p * row.real_cost(at) + q * row.fake_cost(at))[0])

    assert row.optimal_output is not None
    best = float(row.optimal_output(p, q))
    found = optimize.minimize_scalar(paid, bounds=(-60.0, 60.0), method="bounded", options={"xatol": 1e-9})
    assert paid(best) <= found.fun + 1e-12
    if key != "hinge" or p != q:  # hinge with p = q: all scores from -1 to 1 cost the same
        assert best == pytest.approx(found.x, abs=1e-5)


def test_the_optimal_output_takes_arrays_and_empty_places() -> None:
    p, q = np.array([[0.5, 0.0, 0.3]]), np.array([[0.0, 0.2, 0.3]])
    for row in OBJECTIVES.values():
        if row.optimal_output:
            got = row.optimal_output(p, q)
            assert got.shape == p.shape and got[0, 0] > got[0, 2] > got[0, 1]
            assert got[0, 2] == pytest.approx(row.equilibrium_output)
    assert OBJECTIVES["wasserstein"].optimal_output is None  # no function of p(x), q(x) alone


def test_only_differences_count_for_the_best_relativistic_critic() -> None:
    """On four points: sum p_i q_j softplus(f_j - f_i) by scipy; log(p / q); log 2 - JSD of the pairs."""
    p, q = np.array([0.1, 0.2, 0.3, 0.4]), np.array([0.4, 0.3, 0.25, 0.05])
    real, fake = np.meshgrid(np.arange(4), np.arange(4), indexing="ij")
    row, weight = OBJECTIVES["relativistic"], np.outer(p, q)

    def paid(f: np.ndarray) -> float:
        u = f[fake] - f[real]
        return float((weight * (row.real_cost(-u) + row.fake_cost(u))).sum())

    found = optimize.minimize(paid, np.zeros(4), tol=1e-12)
    assert row.optimal_output is not None
    best = row.optimal_output(p, q)
    np.testing.assert_allclose(np.diff(found.x), np.diff(best), atol=1e-4)
    assert paid(best) == pytest.approx(found.fun, abs=1e-9)
    divergence = distance.jensenshannon(weight.ravel(), weight.T.ravel()) ** 2
    assert paid(best) == pytest.approx(np.log(2) - divergence, abs=1e-12)
    assert paid(best + 7.0) == pytest.approx(paid(best), abs=1e-12), "a constant changes nothing"


@pytest.mark.parametrize("id", F_DIVERGENCES)
def test_an_f_gan_with_the_optimal_d_reads_its_divergence(id: str) -> None:
    """-L_D of the objective by scipy's quadrature at mu = 2 is D_f(N(0, 1) || N(2, 1))."""
    row = OBJECTIVES[f"f_{id}"]
    assert row.optimal_output is not None

    def paid(x: float) -> float:
        p, q = stats.norm.pdf(x), stats.norm.pdf(x, 2.0)
        at = row.optimal_output(p, q)  # type: ignore[misc]
        return float(p * row.real_cost(at) + q * row.fake_cost(at))

    value = -integrate.quad(paid, -12.0, 12.0, epsabs=1e-10, limit=400)[0]
    published = {"kl": 2, "reverse_kl": 2, "pearson": 53.598150, "squared_hellinger": 0.786939}
    published |= {"jensen_shannon": 0.673662, "gan": -0.712633}
    assert value == pytest.approx(published[id], rel=2e-6)


def test_least_squares_with_the_optimal_f_reads_what_the_paper_says() -> None:
    """Labels -1, 1, 0: 2 C(G) = int (2q - (p + q))^2 / (p + q) by scipy; Mao et al. 2017, Eq. 9."""
    row = OBJECTIVES["least_squares_centred"]
    assert row.optimal_output is not None

    def both(x: float) -> tuple[float, float]:
        p, q = stats.norm.pdf(x), stats.norm.pdf(x, 2.0)
        at = row.optimal_output(p, q)  # type: ignore[misc]
        return 2 * float((p + q) * row.generator_cost(at)), (p - q) ** 2 / (p + q)

    ours, theirs = (integrate.quad(lambda x, i=i: both(x)[i], -12.0, 14.0, limit=400)[0] for i in (0, 1))
    assert ours == pytest.approx(theirs, rel=1e-8)


TABLE = {  # D: minimax, non-saturating, their slopes in the logit; NIPS 2016 tutorial without its factor 1/2
    0.01: (-0.010050, 4.605170, -0.01, -0.99),
    0.10: (-0.105360, 2.302585, -0.10, -0.90),
    0.50: (-0.693147, 0.693147, -0.50, -0.50),
    0.90: (-2.302585, 0.105360, -0.90, -0.10),
    0.99: (-4.605170, 0.010050, -0.99, -0.01),
}


@pytest.mark.parametrize("d", TABLE)
def test_published_costs_and_slopes(d: float) -> None:
    a = logit(d)
    rows = [OBJECTIVES["minimax"], OBJECTIVES["non_saturating"]]
    got = [row.generator_cost(a) for row in rows] + [row.generator_slope(a) for row in rows]
    np.testing.assert_allclose(got, TABLE[d], atol=1e-6)


def test_extreme_logits_stay_exact() -> None:
    minimax, other = OBJECTIVES["minimax"], OBJECTIVES["non_saturating"]
    assert minimax.generator_cost(np.array(40.0)) == pytest.approx(-40.0, rel=1e-12)
    assert other.generator_cost(np.array(-120.0)) == pytest.approx(120.0, rel=1e-12)
    assert other.generator_slope(np.array(-120.0)) == pytest.approx(-1.0, rel=1e-12)
    assert minimax.generator_slope(np.array(-200.0)) == pytest.approx(-np.exp(-200.0), rel=1e-12)


@pytest.mark.parametrize("key", OBJECTIVES)
def test_equilibrium_values(key: str) -> None:
    row = OBJECTIVES[key]
    at = np.array([row.equilibrium_output])
    assert (row.real_cost(at) + row.fake_cost(at))[0] == pytest.approx(row.d_equilibrium, abs=1e-12)
    halves = 2 if row.relative_to == "mean" else 1  # there G pays the other half for the reals
    assert halves * row.generator_cost(at)[0] == pytest.approx(row.g_equilibrium, abs=1e-12)
    slope = row.real_slope(at) + row.fake_slope(at)  # at p = q an optimal D has no way to go
    assert slope[0] == pytest.approx(0.0, abs=1e-12)
    assert not row.is_probability or row.d_equilibrium == (0.0 if key == "f_jensen_shannon" else LOG_4)
    assert row.plays_v == (row.d_equilibrium == LOG_4)


def test_sigmoid_and_logit_are_inverse() -> None:
    a = np.linspace(-30, 30, 601)
    np.testing.assert_allclose(logit(sigmoid(a[a < 15])), a[a < 15], rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(softplus(a) - softplus(-a), a, atol=1e-12)
