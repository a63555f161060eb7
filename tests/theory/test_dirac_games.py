"""The bilinear game and the two Gaussians against autograd on the costs, closed forms and finite
differences."""

import numpy as np
import pytest
import torch
from torch.nn.functional import relu, softplus

from ganviz.theory import dirac
from ganviz.theory.dirac_methods import GAMES, METHODS, methods_of

POINTS = [(1.0, 0.8), (-0.7, 0.4), (0.3, -1.6), (1.9, 0.9), (-1.2, -1.1)]
SPREAD = 0.8
PAIRS = [(game, method) for game in ("bilinear", "gaussians") for method in methods_of(game)]


def f(t):
    return -softplus(-t)


# Of an output t: what G minimises at the fakes, what D maximises at the fakes and at the reals, as in the
# papers, D rating fakes high.
COSTS = {
    "minimax": (f, f, lambda t: f(-t)),
    "non_saturating": (lambda t: -f(-t), f, lambda t: f(-t)),
    "least_squares": (
        lambda t: (-t - 1) ** 2 / 2,
        lambda t: -((-t + 1) ** 2) / 2,
        lambda t: -((-t - 1) ** 2) / 2,
    ),
    "hinge": (lambda t: t, lambda t: -relu(1 - t), lambda t: -relu(1 + t)),
    "wasserstein": (lambda t: t, lambda t: t, lambda t: -t),
}
BASE = {
    **{key: "minimax" for key in ("r1", "r2", "r1_r2", "instance_noise", "consensus")},
    **{"wasserstein_clip": "wasserstein", "wgan_gp": "wasserstein", "non_saturating_r1": "non_saturating"},
}
PENALTY = {
    "r1": lambda psi: 0.15 * psi**2,
    "r2": lambda psi: 0.15 * psi**2,
    "r1_r2": lambda psi: 0.3 * psi**2,
    "non_saturating_r1": lambda psi: 0.15 * psi**2,
    "wgan_gp": lambda psi: 0.35 * (psi.abs() - 1) ** 2,
}


def felt(method: str, theta: float, psi: float, spread: float) -> list[float]:
    """The gradients of the expected costs by autograd; the expectation by a sum over a fine grid."""
    x, y = (torch.tensor(value, dtype=torch.float64, requires_grad=True) for value in (theta, psi))
    z = torch.linspace(-9, 9, 400_001, dtype=torch.float64)
    weight = torch.exp(-(z**2) / 2)
    weight = weight / weight.sum()
    g_cost, d_fake, d_real = COSTS[BASE.get(method, method)]
    fakes, reals = y * (x + spread * z), y * spread * z
    penalty = PENALTY.get(method, torch.zeros_like)(y)
    (down,) = torch.autograd.grad((weight * g_cost(fakes)).sum(), x, create_graph=True)
    gain = (weight * (d_fake(fakes) + d_real(reals))).sum() - penalty
    (up,) = torch.autograd.grad(gain, y, create_graph=True)
    if method != "consensus":
        return [-down.item(), up.item()]
    slope = torch.autograd.grad((down**2 + up**2) / 2, (x, y))
    return [-down.item() - slope[0].item(), up.item() - slope[1].item()]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("theta", "psi"), POINTS)
def test_gaussians_follow_the_gradients_of_the_expected_costs(method: str, theta: float, psi: float) -> None:
    spread = np.hypot(SPREAD, 0.7) if method == "instance_noise" else SPREAD
    within = 1e-4 if method == "hinge" else 1e-11  # a sum over a grid cuts the hinge's jump to one grid width
    got = dirac.field(method, theta, psi, game="gaussians", spread=SPREAD)
    np.testing.assert_allclose(got, felt(method, theta, psi, spread), rtol=0, atol=within)


@pytest.mark.parametrize("psi", [6.0, -10.0])
def test_gaussians_stay_right_where_d_is_steep(psi: float) -> None:
    got = dirac.field("non_saturating", 0.5, psi, game="gaussians", spread=1.0)
    np.testing.assert_allclose(
        got, felt("non_saturating", 0.5, psi, 1.0), rtol=0, atol=1e-10 if psi == 6.0 else 2e-6
    )


@pytest.mark.parametrize(("game", "method"), PAIRS)
@pytest.mark.parametrize(("theta", "psi"), POINTS)
def test_jacobian_is_the_slope_of_the_field(game: str, method: str, theta: float, psi: float) -> None:
    h = 1e-5
    columns = [
        (
            np.array(dirac.field(method, theta + h * a, psi + h * b, game=game))
            - np.array(dirac.field(method, theta - h * a, psi - h * b, game=game))
        )
        / (2 * h)
        for a, b in ((1, 0), (0, 1))
    ]
    got = dirac.jacobian(method, theta, psi, game=game)
    np.testing.assert_allclose(got, np.array(columns).T, atol=2e-9)


@pytest.mark.parametrize("game", ["bilinear", "gaussians"])
@pytest.mark.parametrize("order", dirac.ORDERS)
@pytest.mark.parametrize("method", ["minimax", "wasserstein_clip", "non_saturating_r1", "consensus"])
def test_step_jacobian_is_the_slope_of_one_simulated_step(game: str, order: str, method: str) -> None:
    given = {"step_size": 0.2, "order": order, "game": game, "g_updates": 2, "d_updates": 3}
    h = 1e-5
    starts = np.array([0.6, -0.47]) + h * np.array([[1, 0], [-1, 0], [0, 1], [0, -1]])
    ends = dirac.simulate(method, steps=1, start=starts, **given)[1]
    expected = np.stack([ends[0] - ends[1], ends[2] - ends[3]], axis=1) / (2 * h)
    np.testing.assert_allclose(dirac.jacobian(method, 0.6, -0.47, **given), expected, atol=1e-8)


@pytest.mark.parametrize(("game", "method"), PAIRS)
def test_many_starts_at_once_are_the_single_ones(game: str, method: str) -> None:
    starts = np.array(POINTS[:4]).reshape(2, 2, 2)
    together = dirac.simulate(method, steps=12, start=starts, game=game, step_size=0.1)
    for index, start in enumerate(POINTS[:4]):
        alone = dirac.simulate(method, steps=12, start=start, game=game, step_size=0.1)
        np.testing.assert_allclose(together[:, index // 2, index % 2], alone, rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize(("theta", "psi"), POINTS)
def test_bilinear_players_follow_the_gradient_of_the_product(theta: float, psi: float) -> None:
    for method in ("minimax", "non_saturating", "wasserstein", "instance_noise"):
        assert dirac.field(method, theta, psi, game="bilinear") == (-psi, theta)
    for method, damping in (("r1", 0.3), ("r2", 0.3), ("r1_r2", 0.6), ("non_saturating_r1", 0.3)):
        got = dirac.field(method, theta, psi, game="bilinear", gamma=0.3)
        assert got == pytest.approx((-psi, theta - damping * psi), abs=1e-15)
    # grad of |v|^2 / 2 = (theta^2 + psi^2) / 2 is the point itself
    got = dirac.field("consensus", theta, psi, game="bilinear", gamma=0.4)
    assert got == pytest.approx((-psi - 0.4 * theta, theta - 0.4 * psi), abs=1e-15)


def test_bilinear_eigenvalues() -> None:
    np.testing.assert_allclose(dirac.eigenvalues("minimax", game="bilinear"), [1j, -1j], atol=1e-15)
    root = np.sqrt(1 - 0.15**2)
    got = dirac.eigenvalues("r1", game="bilinear", gamma=0.3)
    np.testing.assert_allclose(got, [-0.15 + 1j * root, -0.15 - 1j * root], atol=1e-15)
    got = dirac.eigenvalues("consensus", game="bilinear", gamma=0.4)
    np.testing.assert_allclose(got, [-0.4 + 1j, -0.4 - 1j], atol=1e-15)
    for order, size in (("simultaneous", np.sqrt(1.04)), ("alternating", 1.0)):
        got = np.abs(dirac.eigenvalues("minimax", game="bilinear", step_size=0.2, order=order))
        np.testing.assert_allclose(got, size, atol=1e-15)
    # extragradient: I + hJ + h^2 J^2 = 1 - h^2 ± ih
    got = np.abs(dirac.eigenvalues("minimax", game="bilinear", step_size=0.2, order="extragradient"))
    np.testing.assert_allclose(got, np.hypot(1 - 0.04, 0.2), atol=1e-15)


def test_bilinear_radius_grows_by_a_fixed_factor() -> None:
    path = dirac.simulate("minimax", game="bilinear", step_size=0.2, steps=300)
    radius = np.hypot(*path.T)
    np.testing.assert_allclose(radius, np.sqrt(2) * 1.04 ** (np.arange(301) / 2), rtol=1e-12)


@pytest.mark.parametrize("method", ["minimax", "non_saturating"])
@pytest.mark.parametrize("spread", [0.3, 1.0, 2.0])
def test_the_spread_of_gaussians_damps_the_rest_point(method: str, spread: float) -> None:
    """J = [[0, -1/2], [1/2, 2 s^2 f''(0)]]: the papers' instance noise, with the spread for sigma."""
    root = np.sqrt(complex(spread**4 / 16 - 0.25))
    expected = [-(spread**2) / 4 + root, -(spread**2) / 4 - root]
    got = dirac.eigenvalues(method, game="gaussians", spread=spread)
    np.testing.assert_allclose(np.sort_complex(got), np.sort_complex(expected), atol=1e-13)


def test_instance_noise_adds_its_variance_to_the_gaussians() -> None:
    noisy = dirac.simulate("instance_noise", game="gaussians", spread=0.6, sigma=0.8, steps=50)
    wide = dirac.simulate("minimax", game="gaussians", spread=1.0, steps=50)
    np.testing.assert_allclose(noisy, wide, atol=1e-14)


@pytest.mark.parametrize("method", METHODS)
def test_gaussians_without_spread_are_the_dirac_gan(method: str) -> None:
    path = dirac.simulate(method, steps=60)
    np.testing.assert_array_equal(dirac.simulate(method, game="gaussians", spread=0.0, steps=60), path)
    if method != "hinge":  # whose force jumps: there an arbitrarily small spread is felt
        narrow = dirac.simulate(method, game="gaussians", spread=1e-6, steps=60)
        np.testing.assert_allclose(narrow, path, atol=1e-9)
    for theta, psi in POINTS:
        got = dirac.field(method, theta, psi, game="gaussians", spread=1e-6)
        assert got == pytest.approx([float(v) for v in dirac.field(method, theta, psi)], abs=1e-10)


def test_hinge_rests_on_the_critic_at_slope_zero() -> None:
    assert dirac.field("hinge", 0.7, 0.0, game="gaussians") == (0.0, 0.7)
    assert dirac.jacobian("hinge", 0.7, 0.0, game="gaussians").tolist() == [[0.0, -1.0], [1.0, 0.0]]


def test_methods_of_a_game_are_those_made_of_f() -> None:
    assert methods_of("dirac") == methods_of("gaussians") == tuple(METHODS)
    assert set(METHODS) - set(methods_of("bilinear")) == {"least_squares", "hinge"}


@pytest.mark.parametrize("game", GAMES)
def test_games_are_complete(game: str) -> None:
    row = GAMES[game]
    assert row.id == game and row.title and row.equation and row.sentence.endswith(".")


def test_parameters_of_an_experiment() -> None:
    values = {
        "gamma": 0.5,
        "noise_sigma": 0.6,
        "clip": 2,
        "penalty_weight": 0.9,
        "penalty_target": 1.1,
        "consensus_weight": 0.2,
        "spread": 1.5,
        "name": "another",
    }
    expected = {
        "minimax": {},
        "r1": {"gamma": 0.5},
        "non_saturating_r1": {"gamma": 0.5},
        "consensus": {"gamma": 0.2},
        "instance_noise": {"sigma": 0.6},
        "wasserstein_clip": {"clip": 2.0},
        "wgan_gp": {"weight": 0.9, "target": 1.1},
    }
    for method, given in expected.items():
        assert dirac.parameters_of(method, values) == given
        blurred = dirac.parameters_of(method, values, game="gaussians")
        assert blurred == {**given, "spread": 1.5}
        dirac.field(method, 1.0, 1.0, game="gaussians", **blurred)
    assert all(dirac.parameters_of(method, {}) == row.parameters for method, row in METHODS.items())


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: dirac.field("minimax", 0, 0, game="chess"),
            "game 'chess'; accepted: dirac, bilinear, gaussians",
        ),
        (
            lambda: dirac.simulate("hinge", game="bilinear"),
            "Bilinear game: no method 'hinge'; accepted: minimax",
        ),
        (lambda: dirac.jacobian("minimax", spread=1.0), "no parameter 'spread'; accepted: none"),
        (lambda: dirac.parameters_of("gan", {}), "no method 'gan'; accepted: minimax"),
    ],
)
def test_bad_input_is_refused_in_one_line(call, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
