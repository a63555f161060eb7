"""The Dirac-GAN against torch's autograd on the losses, scipy, finite differences and published numbers."""

import numpy as np
import pytest
import torch
from scipy import integrate, special
from torch.nn.functional import softplus

from ganviz.theory import dirac
from ganviz.theory.dirac_methods import METHODS

POINTS = [(1.0, 0.8), (-0.7, 0.4), (0.3, -1.6), (1.9, 0.9), (-1.2, -1.1)]
SMOOTH = [key for key in METHODS if key != "instance_noise"]
Scalar = torch.Tensor


def f(t: Scalar) -> Scalar:
    return -softplus(-t)


# What G minimises and what D maximises, written as in the papers; D rates fakes high (Mescheder's sign).
GAMES = {
    "minimax": lambda x, y: (f(y * x), f(y * x)),
    "non_saturating": lambda x, y: (-f(-y * x), f(y * x)),
    "least_squares": lambda x, y: (0.5 * (-y * x - 1) ** 2, -0.5 * (-y * x + 1) ** 2),
    "hinge": lambda x, y: (y * x, -torch.relu(1 - y * x)),
    "wasserstein": lambda x, y: (y * x, y * x),
    "wasserstein_clip": lambda x, y: (y * x, y * x),
    "wgan_gp": lambda x, y: (y * x, y * x - 0.5 * 0.7 * (y.abs() - 1) ** 2),
    "r1": lambda x, y: (f(y * x), f(y * x) - 0.5 * 0.3 * y**2),
    "r2": lambda x, y: (f(y * x), f(y * x) - 0.5 * 0.3 * y**2),
    "r1_r2": lambda x, y: (f(y * x), f(y * x) - 0.5 * 0.3 * (y**2 + y**2)),
    "non_saturating_r1": lambda x, y: (-f(-y * x), f(y * x) - 0.5 * 0.3 * y**2),
}


def felt(method: str, theta: float, psi: float) -> tuple[Scalar, Scalar, tuple[Scalar, Scalar]]:
    x, y = (torch.tensor(value, dtype=torch.float64, requires_grad=True) for value in (theta, psi))
    g_cost, d_gain = GAMES[method](x, y)
    (down,) = torch.autograd.grad(g_cost, x, create_graph=True)
    (up,) = torch.autograd.grad(d_gain, y, create_graph=True)
    return -down, up, (x, y)


@pytest.mark.parametrize("method", GAMES)
@pytest.mark.parametrize(("theta", "psi"), POINTS)
def test_field_is_the_gradient_of_the_losses(method: str, theta: float, psi: float) -> None:
    first, second, _ = felt(method, theta, psi)
    got = dirac.field(method, theta, psi)
    assert got[0] == pytest.approx(first.item(), abs=1e-14)
    assert got[1] == pytest.approx(second.item(), abs=1e-14)


@pytest.mark.parametrize(("theta", "psi"), POINTS)
def test_consensus_descends_the_length_of_the_minimax_field(theta: float, psi: float) -> None:
    first, second, (x, y) = felt("minimax", theta, psi)
    slope = torch.autograd.grad(0.5 * (first**2 + second**2), (x, y))
    expected = [first.item() - 0.8 * slope[0].item(), second.item() - 0.8 * slope[1].item()]
    assert dirac.field("consensus", theta, psi, gamma=0.8) == pytest.approx(expected, abs=1e-14)


@pytest.mark.parametrize(("theta", "psi"), POINTS)
def test_instance_noise_equals_adaptive_quadrature(theta: float, psi: float) -> None:
    sigma = 0.7

    def mean(values, centre):
        def weighted(x):
            return values(x) * np.exp(-0.5 * ((x - centre) / sigma) ** 2) / (sigma * np.sqrt(2 * np.pi))

        return integrate.quad(weighted, centre - 9, centre + 9, epsabs=1e-13, limit=200)[0]

    first = mean(lambda x: -psi * special.expit(-psi * x), theta)
    on_fakes = mean(lambda x: x * special.expit(-psi * x), theta)
    on_reals = mean(lambda x: x * special.expit(psi * x), 0)
    assert dirac.field("instance_noise", theta, psi) == pytest.approx([first, on_fakes - on_reals], abs=1e-10)


def test_every_method_has_an_independent_field() -> None:
    assert set(METHODS) == {*GAMES, "consensus", "instance_noise"}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("theta", "psi"), POINTS)
def test_jacobian_is_the_slope_of_the_field(method: str, theta: float, psi: float) -> None:
    h = 1e-5
    columns = [
        (
            np.array(dirac.field(method, theta + h * a, psi + h * b))
            - np.array(dirac.field(method, theta - h * a, psi - h * b))
        )
        / (2 * h)
        for a, b in ((1, 0), (0, 1))
    ]
    np.testing.assert_allclose(dirac.jacobian(method, theta, psi), np.array(columns).T, atol=1e-9)


STEPS = [
    {"order": "simultaneous"},
    {"order": "alternating"},
    {"order": "alternating", "g_updates": 1, "d_updates": 5},
    {"order": "alternating", "g_updates": 3, "d_updates": 2},
    {"order": "extragradient"},
]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(("theta", "psi"), [(0.6, 0.47), (-1.5, -0.97), (1.5, 0.97)])
def test_step_jacobian_is_the_slope_of_one_simulated_step(
    method: str, step: dict, theta: float, psi: float
) -> None:
    given = {"step_size": 0.2, **step}
    h = 1e-5
    starts = np.array([theta, psi]) + h * np.array([[1, 0], [-1, 0], [0, 1], [0, -1]])
    ends = dirac.simulate(method, steps=1, start=starts, **given)[1]
    expected = np.stack([ends[0] - ends[1], ends[2] - ends[3]], axis=1) / (2 * h)
    np.testing.assert_allclose(dirac.jacobian(method, theta, psi, **given), expected, atol=1e-8)


@pytest.mark.parametrize("method", [key for key in METHODS if key != "wgan_gp"])
@pytest.mark.parametrize("step_size", [None, 0.2])
def test_eigenvalues_equal_lapack(method: str, step_size: float | None) -> None:
    got = dirac.eigenvalues(method, 0.4, -0.3, step_size=step_size, order="alternating")
    oracle = np.linalg.eigvals(dirac.jacobian(method, 0.4, -0.3, step_size=step_size, order="alternating"))
    np.testing.assert_allclose(np.sort_complex(got), np.sort_complex(oracle), atol=1e-12)
    np.testing.assert_allclose(got.imag + 1e-9 * got.real, np.sort(got.imag + 1e-9 * got.real)[::-1])


PUBLISHED = {  # method, parameters: real and imaginary part of both eigenvalues at the rest point
    ("minimax", ()): (0.5j, -0.5j),
    ("non_saturating", ()): (0.5j, -0.5j),
    ("wasserstein", ()): (1j, -1j),
    ("r1", (0.3,)): (-0.15 + 0.476970j, -0.15 - 0.476970j),
    ("r1", (1.0,)): (-0.5, -0.5),
    ("r1", (2.0,)): (-0.133975, -1.866025),
    ("consensus", (1.0,)): (-0.25 + 0.5j, -0.25 - 0.5j),
}


@pytest.mark.parametrize(("method", "gamma"), PUBLISHED)
def test_published_eigenvalues(method: str, gamma: tuple[float, ...]) -> None:
    got = dirac.eigenvalues(method, **({"gamma": gamma[0]} if gamma else {}))
    np.testing.assert_allclose(got, PUBLISHED[method, gamma], atol=1e-6)


def test_double_eigenvalue_is_exact_at_the_critical_gamma() -> None:
    assert dirac.eigenvalues("r1", gamma=1.0).tolist() == [-0.5, -0.5]


def test_instance_noise_has_the_papers_eigenvalues() -> None:
    """f''(0) sigma^2 ± sqrt(f''(0)^2 sigma^4 - f'(0)^2), Lemma 3.2."""
    for sigma in (0.3, 0.7, 2.0):
        root = np.sqrt(complex(sigma**4 / 16 - 0.25))
        expected = [-(sigma**2) / 4 + root, -(sigma**2) / 4 - root]
        np.testing.assert_allclose(dirac.eigenvalues("instance_noise", sigma=sigma), expected, atol=1e-12)


def test_wgan_gp_has_no_derivative_and_no_rest_at_psi_zero() -> None:
    assert np.isnan(dirac.eigenvalues("wgan_gp")).all()
    above, below = (dirac.field("wgan_gp", 0.0, psi)[1] for psi in (1e-9, -1e-9))
    assert above > 0.69 and below < -0.69


def test_the_other_sign_of_the_discriminator_reflects_the_portrait() -> None:
    """A D that rates reals high: V = log(1 - sigma(psi theta)), G descends it, D ascends it."""
    x, y = (torch.tensor(v, dtype=torch.float64, requires_grad=True) for v in (0.7, -0.4))
    down, up = torch.autograd.grad(-softplus(y * x), (x, y))
    first, second = dirac.field("minimax", 0.7, 0.4)
    assert [-down.item(), up.item()] == pytest.approx([float(first), -float(second)], abs=1e-14)


@pytest.mark.parametrize(
    ("method", "order", "radius", "relative"),
    [
        ("minimax", "simultaneous", 3.09695, 2e-6),
        ("minimax", "alternating", 1.42102, 1e-5),
        ("r1", "simultaneous", 2.643e-6, 2e-4),
        ("r1", "alternating", 2.301e-7, 1e-4),
    ],
)
def test_published_radii_after_500_steps(method: str, order: str, radius: float, relative: float) -> None:
    end = dirac.simulate(method, order=order)[-1]
    assert np.hypot(*end) == pytest.approx(radius, rel=relative)


def test_alternating_moves_theta_first_and_shows_psi_the_new_theta() -> None:
    path = dirac.simulate("wasserstein", step_size=0.5, steps=1, start=(1.0, 1.0), order="alternating")
    assert path.tolist() == [[1.0, 1.0], [0.5, 1.25]]
    both = dirac.simulate("wasserstein", step_size=0.5, steps=1, start=(1.0, 1.0))
    assert both[1].tolist() == [0.5, 1.5]
    ahead = dirac.simulate("wasserstein", step_size=0.5, steps=1, order="extragradient")
    assert ahead[1].tolist() == [0.25, 1.25]  # the field at (0.5, 1.5) is (-1.5, 0.5)


def test_bilinear_game_grows_by_a_fixed_factor() -> None:
    path = dirac.simulate("wasserstein", step_size=0.3, steps=50)
    radii = np.hypot(path[:, 0], path[:, 1])
    np.testing.assert_allclose(radii[1:] / radii[:-1], np.sqrt(1 + 0.3**2), rtol=1e-12)


@pytest.mark.parametrize("method", SMOOTH)
@pytest.mark.parametrize("order", dirac.ORDERS)
def test_small_steps_follow_the_flow(method: str, order: str) -> None:
    # the last two from within the bound and the hinge, where their flow is smooth
    start = (0.3, 0.2) if method in ("wasserstein_clip", "hinge") else (1.0, 1.0)
    flow = integrate.solve_ivp(
        lambda _, at: np.array(dirac.field(method, *at)), (0, 1), start, rtol=1e-10, atol=1e-12
    ).y[:, -1]
    errors = [
        np.abs(dirac.simulate(method, step_size=1 / n, steps=n, start=start, order=order)[-1] - flow).max()
        for n in (200, 400)
    ]
    assert errors[1] < 5e-3 and errors[1] < 0.6 * errors[0]


@pytest.mark.parametrize("order", dirac.ORDERS)
@pytest.mark.parametrize("start", [(1.0, 0.3), (1.0, 0.9), (-0.4, 2.0), (0.6, -1.5)])
def test_the_jacobian_of_a_clipped_step_is_that_of_what_is_played(
    order: str, start: tuple[float, float]
) -> None:
    """Central differences of one step, from within the bound and from beyond it."""
    given = {"step_size": 0.3, "order": order, "g_updates": 2, "d_updates": 3, "clip": 0.5}
    found = dirac.jacobian("wasserstein_clip", *start, **given)
    for column, way in enumerate(np.eye(2) * 1e-6):
        ends = [
            dirac.simulate("wasserstein_clip", start=start + sign * way, steps=1, **given)[1]
            for sign in (1, -1)
        ]
        np.testing.assert_allclose(found[:, column], (ends[0] - ends[1]) / 2e-6, atol=1e-8)


def test_clipping_holds_from_the_start() -> None:
    path = dirac.simulate("wasserstein_clip", start=(1.0, 3.0), clip=0.5, steps=300)
    assert path[0].tolist() == [1.0, 0.5]
    assert np.abs(path[:, 1]).max() == 0.5


@pytest.mark.parametrize("method", METHODS)
def test_many_starts_at_once_are_the_single_ones(method: str) -> None:
    starts = np.array(POINTS).reshape(5, 1, 2)
    together = dirac.simulate(method, steps=40, start=starts, order="alternating")
    assert together.shape == (41, 5, 1, 2)
    for index, start in enumerate(POINTS):
        alone = dirac.simulate(method, steps=40, start=start, order="alternating")
        np.testing.assert_allclose(together[:, index, 0], alone, rtol=1e-10, atol=1e-12)


def test_a_step_size_that_diverges_is_no_error() -> None:
    path = dirac.simulate("least_squares", step_size=50.0, steps=200)
    assert not np.isfinite(path[-1]).all()


@pytest.mark.parametrize("method", METHODS)
def test_rows_are_complete(method: str) -> None:
    row = METHODS[method]
    assert row.id == method and row.title and row.equation and row.sentence.endswith(".") and row.source


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: dirac.field("gan", 0, 0), "no method 'gan'; accepted: minimax, non_saturating"),
        (lambda: dirac.field("r1", 0, 0, weight=1), "r1: no parameter 'weight'; accepted: gamma"),
        (lambda: dirac.jacobian("minimax", gamma=1), "no parameter 'gamma'; accepted: none"),
        (lambda: dirac.simulate("r1", step_size=0), "step_size = 0; accepted: a finite number above 0"),
        (lambda: dirac.simulate("r1", order="both"), "order = 'both'; accepted: simultaneous"),
        (lambda: dirac.simulate("r1", start=(1, 2, 3)), r"shape \(3,\); accepted"),
        (lambda: dirac.simulate("r1", steps=-1), "steps = -1; accepted: 0 or more"),
        (lambda: dirac.simulate("r1", order="alternating", d_updates=-1), "d_updates = -1; accepted"),
    ],
)
def test_bad_input_is_refused_in_one_line(call, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
