"""What the sum of both losses can be, against random outputs and by hand."""

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from ganviz.theory.objective import LOG_4
from ganviz.theory.objectives import OBJECTIVES
from ganviz.theory.total_loss import cancels, ranges

INF = np.inf


@pytest.mark.parametrize(
    ("id", "d_loss", "g_loss", "total"),
    [
        ("minimax", (0, INF), (-INF, 0), (0, INF)),
        ("non_saturating", (0, INF), (0, INF), (LOG_4, INF)),
        ("least_squares", (0, INF), (0, INF), (0.25, INF)),
        ("wasserstein", (-INF, INF), (-INF, INF), (-INF, INF)),
        ("relativistic", (0, INF), (0, INF), (LOG_4, INF)),
    ],
)
def test_ranges_by_hand(
    id: str, d_loss: tuple[float, float], g_loss: tuple[float, float], total: tuple[float, float]
) -> None:
    found = ranges(OBJECTIVES[id])
    assert found.d_loss == pytest.approx(d_loss, abs=1e-5)
    assert found.g_loss == pytest.approx(g_loss, abs=1e-5)
    assert found.total == pytest.approx(total, abs=1e-5)


@pytest.mark.parametrize("id", [row.id for row in OBJECTIVES.values() if not row.relative_to])
def test_no_outputs_leave_the_ranges(id: str) -> None:
    row, found = OBJECTIVES[id], ranges(OBJECTIVES[id])
    generator = np.random.default_rng(0)
    for scale in (0.1, 1.0, 10.0):
        real, fake = scale * generator.standard_normal((2, 500))
        d_loss = row.real_cost(real)[:, None] + row.fake_cost(fake)
        g_loss = np.broadcast_to(row.generator_cost(fake), d_loss.shape)
        pairs = ((found.d_loss, d_loss), (found.g_loss, g_loss), (found.total, d_loss + g_loss))
        for (low, high), costs in pairs:
            assert costs.min() >= low - 1e-5 and costs.max() <= high + 1e-5


@pytest.mark.parametrize("id", ["non_saturating", "least_squares"])
def test_the_least_sum_is_reached(id: str) -> None:
    row = OBJECTIVES[id]
    real = minimize_scalar(lambda a: float(row.real_cost(np.array(a))), bounds=(-40, 40), method="bounded")
    both = minimize_scalar(
        lambda a: float(row.fake_cost(np.array(a)) + row.generator_cost(np.array(a))),
        bounds=(-40, 40),
        method="bounded",
    )
    assert ranges(row).total[0] == pytest.approx(real.fun + both.fun, abs=1e-5)


def test_where_the_generators_part_cancels() -> None:
    found = {key for key, row in OBJECTIVES.items() if cancels(row)}
    assert {"minimax", "wasserstein"} <= found
    assert not found & {"non_saturating", "least_squares", "hinge", "relativistic", "relativistic_average"}
    a = np.linspace(-5, 5, 11)
    for key in found:
        row = OBJECTIVES[key]
        both = row.fake_cost(a) + row.generator_cost(a)
        np.testing.assert_allclose(both, both[0], atol=1e-9)
