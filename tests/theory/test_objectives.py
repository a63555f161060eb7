"""The closed forms against torch's autograd on the costs that train, and against the published table."""

import numpy as np
import pytest
import torch

from ganviz.experiment import Experiment
from ganviz.games.objectives import COSTS
from ganviz.theory.objectives import LOG_4, OBJECTIVES, logit, sigmoid, softplus

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
        np.testing.assert_allclose(
            trained.detach().double().numpy(), cost(at), rtol=tolerance, atol=tolerance
        )
        np.testing.assert_allclose(felt.double().numpy(), slope(at), rtol=tolerance, atol=tolerance)


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
    assert row.generator_cost(at)[0] == pytest.approx(row.g_equilibrium, abs=1e-12)
    slope = row.real_slope(at) + row.fake_slope(at)  # at p = q an optimal D has no way to go
    assert slope[0] == pytest.approx(0.0, abs=1e-12)
    if row.is_probability:
        assert row.d_equilibrium == LOG_4


def test_sigmoid_and_logit_are_inverse() -> None:
    a = np.linspace(-30, 30, 601)
    np.testing.assert_allclose(logit(sigmoid(a[a < 15])), a[a < 15], rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(softplus(a) - softplus(-a), a, atol=1e-12)
