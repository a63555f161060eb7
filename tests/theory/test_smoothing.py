"""The best D under smoothed labels, against minimising the cross-entropy that trains; and its levels."""

import numpy as np
import pytest
import torch
from scipy import optimize

from ganviz.experiment import Experiment
from ganviz.games.penalties import smoothed_cross_entropy
from ganviz.theory.objective import LOG_4, sigmoid
from ganviz.theory.objectives import OBJECTIVES
from ganviz.theory.smoothing import smoothed

TARGETS = [(0.9, 0.0), (0.9, 0.1), (1.0, 0.2), (0.7, 0.3), (0.6, 0.05)]


def trained(output: float, *, p: float, q: float, targets: tuple[float, float]) -> float:
    """What D pays at a point of densities p and q: the torch function that trains, taken apart there."""
    at, nothing = torch.tensor([output], dtype=torch.float64), torch.zeros(1, dtype=torch.float64)
    both, alone = (
        smoothed_cross_entropy(at, nothing, *targets),
        smoothed_cross_entropy(nothing, nothing, *targets),
    )
    fake = smoothed_cross_entropy(nothing, at, *targets)
    return float(p * (both - alone) + q * (fake - alone))


@pytest.mark.parametrize("targets", TARGETS)
@pytest.mark.parametrize(("p", "q"), [(0.3, 0.3), (0.2, 0.7), (1.3, 0.4), (0.05, 1.0)])
def test_the_best_output_minimises_what_trains(targets: tuple[float, float], p: float, q: float) -> None:
    found = optimize.minimize_scalar(
        lambda a: trained(a, p=p, q=q, targets=targets), bracket=(-1.0, 1.0), tol=1e-12
    )
    best = smoothed(OBJECTIVES["minimax"], *targets).optimal_output
    assert best is not None
    assert float(best(p, q)) == pytest.approx(found.x, abs=1e-6)
    assert float(sigmoid(best(p, q))) == pytest.approx((targets[0] * p + targets[1] * q) / (p + q))


@pytest.mark.parametrize("targets", TARGETS)
@pytest.mark.parametrize("key", [key for key, row in OBJECTIVES.items() if row.is_probability])
def test_the_levels_are_what_both_pay_at_the_minimum(key: str, targets: tuple[float, float]) -> None:
    """At p = q the recorded losses, with labels 1 and 0, of the D that minimises the smoothed one."""
    row = smoothed(OBJECTIVES[key], *targets)
    at = optimize.minimize_scalar(
        lambda a: trained(a, p=1.0, q=1.0, targets=targets), bracket=(-1, 1), tol=1e-12
    ).x
    here = np.array(at)
    assert (
        row.equilibrium_d == pytest.approx(sum(targets) / 2) == pytest.approx(float(sigmoid(here)), abs=1e-6)
    )
    assert row.d_equilibrium == pytest.approx(float(row.real_cost(here) + row.fake_cost(here)), abs=1e-6)
    assert row.g_equilibrium == pytest.approx(float(row.generator_cost(here)), abs=1e-6)
    assert row.plays_v == OBJECTIVES[key].plays_v


def test_one_sided_smoothing_by_hand() -> None:
    """Labels 0.9 and 0: D says 0.45, L_D is -log 0.45 - log 0.55, G pays -log 0.45."""
    row = Experiment(objective="non_saturating", smooth_real=0.9).rules()
    assert row.equilibrium_d == pytest.approx(0.45)
    assert row.d_equilibrium == pytest.approx(-np.log(0.45) - np.log(0.55))
    assert row.g_equilibrium == pytest.approx(-np.log(0.45))
    assert row.d_equilibrium > LOG_4


def test_without_smoothing_the_row_is_the_table_s() -> None:
    for key, row in OBJECTIVES.items():
        assert Experiment(objective=key).rules() is row
        if not row.is_probability:  # a score has no labels to smooth
            assert Experiment(objective=key, smooth_real=0.9, weight_clip=0.0).rules() is row
    chosen = Experiment(smooth_real=0.9)
    assert chosen.rules() is chosen.replace(seed=5).rules() is not OBJECTIVES[chosen.objective]
    assert OBJECTIVES["minimax"].equilibrium_d == 0.5
    plays = [key for key, row in OBJECTIVES.items() if row.plays_v]
    assert plays == ["minimax", "non_saturating", "maximum_likelihood", "f_gan"]
