"""Penalties against closed forms, and against torch.func on a real network."""

import math

import numpy as np
import pytest
import torch
from scipy.optimize import minimize_scalar
from torch import Tensor
from torch.func import functional_call, grad, vmap
from torch.nn.functional import binary_cross_entropy_with_logits

from ganviz.games import penalties
from ganviz.games.networks import MLP, one_output

N, DIM = 64, 3


@pytest.fixture
def batch() -> tuple[Tensor, Tensor, Tensor]:
    source = torch.Generator().manual_seed(5)
    real, fake = torch.randn(2, N, DIM, generator=source)
    return real, fake, torch.rand(N, DIM, generator=source)


@pytest.mark.parametrize("psi", [-3.0, 0.0, 0.5, 2.0])
def test_the_dirac_critic_has_its_closed_forms(psi: float) -> None:
    points, uniform = torch.randn(N, 1), torch.rand(N, 1)
    weight = torch.tensor(psi, requires_grad=True)

    def critic(x: Tensor) -> Tensor:
        return weight * x[:, 0]

    expected = {"r1": psi**2 / 2, "r2": psi**2 / 2, "gradient_penalty": (abs(psi) - 1) ** 2}
    expected["dragan"] = expected["gradient_penalty"]
    slopes = {"r1": psi, "r2": psi, "gradient_penalty": 2 * (abs(psi) - 1) * np.sign(psi)}
    slopes["dragan"] = slopes["gradient_penalty"]
    for penalty in penalties.PENALTIES:
        value = penalty.measure(critic, points, points + 1.0, uniform)
        assert value.item() == pytest.approx(expected[penalty.setting], abs=1e-6)
        (slope,) = torch.autograd.grad(value, weight)
        assert slope.item() == pytest.approx(slopes[penalty.setting], abs=1e-6)


def test_a_linear_critic_is_as_steep_everywhere(batch: tuple[Tensor, Tensor, Tensor]) -> None:
    weight = torch.tensor([1.0, -2.0, 2.0])
    for penalty, expected in zip(penalties.PENALTIES, (4.0, 4.5, 4.5, 4.0), strict=True):
        assert penalty.measure(lambda x: x @ weight, *batch).item() == pytest.approx(expected, rel=1e-6)


def test_each_penalty_looks_where_its_paper_says(batch: tuple[Tensor, Tensor, Tensor]) -> None:
    """f = ||x||^2 / 2 has the slope x, so the penalty tells at which points it was taken."""
    real, fake, uniform = (values.numpy().astype(np.float64) for values in batch)
    share = uniform[:, :1]
    between, near = share * real + (1 - share) * fake, real + 0.5 * real.std(ddof=1) * uniform
    expected = (
        np.mean((np.linalg.norm(between, axis=1) - 1) ** 2),
        np.mean(np.sum(real**2, axis=1)) / 2,
        np.mean(np.sum(fake**2, axis=1)) / 2,
        np.mean((np.linalg.norm(near, axis=1) - 1) ** 2),
    )
    for penalty, value in zip(penalties.PENALTIES, expected, strict=True):
        found = penalty.measure(lambda x: 0.5 * x.square().sum(1), *batch)
        assert found.item() == pytest.approx(value, rel=1e-5)


def second_implementation(name: str, network: MLP, batch: tuple[Tensor, Tensor, Tensor]):
    """The penalty as a function of the weights, one point at a time, by torch.func."""
    real, fake, uniform = batch
    mixed = uniform[:, :1] * real + (1 - uniform[:, :1]) * fake
    points = {
        "gradient_penalty": mixed,
        "r1": real,
        "r2": fake,
        "dragan": real + real.std() / 2 * uniform,
    }[name]

    def value(weights: dict[str, Tensor]) -> Tensor:
        def output(x: Tensor) -> Tensor:
            return functional_call(network, weights, (x[None],))[0]

        squares = vmap(grad(output))(points).square().sum(1)
        return squares.mean() / 2 if name in ("r1", "r2") else (squares.sqrt() - 1).square().mean()

    return value


@pytest.mark.parametrize("activation", ["leaky_relu", "tanh", "silu"])
@pytest.mark.parametrize("penalty", penalties.PENALTIES, ids=lambda penalty: penalty.setting)
def test_value_and_gradient_equal_torch_func(
    penalty: penalties.Penalty, activation: str, batch: tuple[Tensor, Tensor, Tensor]
) -> None:
    network = MLP([DIM, 8, 8, 1], activation, torch.Generator().manual_seed(1), one_output)
    functional = MLP([DIM, 8, 8, 1], activation, torch.Generator().manual_seed(1), one_output)
    value = penalty.measure(network, *batch)
    value.backward()
    weights = dict(functional.named_parameters())

    def forward(values: Tensor) -> Tensor:  # reads the parameters by name, as functional_call replaces them
        for n in range(2):
            values = functional._activation(values @ functional.weights[n].T + functional.biases[n])
        return (values @ functional.weights[2].T + functional.biases[2])[:, 0]

    functional.forward = forward  # type: ignore[method-assign]
    other = second_implementation(penalty.setting, functional, batch)
    torch.testing.assert_close(value, other(weights), rtol=1e-5, atol=1e-7)
    for name, slope in grad(other)(weights).items():
        mine = network.get_parameter(name).grad
        if mine is None:  # the last bias moves no slope
            assert name == "biases.2"
            mine = torch.zeros_like(slope)
        torch.testing.assert_close(mine, slope, rtol=1e-4, atol=1e-6)


def test_a_flat_critic_gives_no_nan(batch: tuple[Tensor, Tensor, Tensor]) -> None:
    network = MLP([DIM, 4, 1], "relu", torch.Generator().manual_seed(1), one_output)
    with torch.no_grad():
        network.biases[0].fill_(-1e3)  # every unit is dead: the slope is 0 at all points
    for penalty in penalties.PENALTIES:
        value = penalty.measure(network, *batch)
        slopes = torch.autograd.grad(value, list(network.parameters()), allow_unused=True)
        assert value.item() in (0.0, 1.0)
        assert all(slope is None or bool(slope.isfinite().all()) for slope in slopes)


@pytest.mark.parametrize(("alpha", "beta"), [(1.0, 0.0), (0.9, 0.0), (0.9, 0.1), (1.0, 0.3)])
def test_smoothed_labels_are_soft_targets(alpha: float, beta: float) -> None:
    real, fake = 3 * torch.randn(2, 50)
    expected = sum(
        binary_cross_entropy_with_logits(outputs, torch.full_like(outputs, target))
        for outputs, target in ((real, alpha), (fake, beta))
    )
    torch.testing.assert_close(penalties.smoothed_cross_entropy(real, fake, alpha, beta), expected)


@pytest.mark.parametrize(("p", "q"), [(1.0, 1.0), (0.2, 0.7), (3.0, 0.1)])
def test_smoothing_moves_the_optimal_d_as_the_paper_says(p: float, q: float) -> None:
    alpha, beta = 0.9, 0.2

    def cost(logit: float) -> float:
        one = torch.tensor([logit], dtype=torch.float64)
        on_real = penalties.smoothed_cross_entropy(one, one * 0 - 1e9, alpha, 0.0)
        on_fake = penalties.smoothed_cross_entropy(one * 0 + 1e9, one, 1.0, beta)
        return p * on_real.item() + q * on_fake.item()

    best = minimize_scalar(cost, bounds=(-20, 20), method="bounded", options={"xatol": 1e-9}).x
    assert 1 / (1 + math.exp(-best)) == pytest.approx((alpha * p + beta * q) / (p + q), abs=1e-5)


def test_instance_noise_falls_on_a_straight_line() -> None:
    levels = [penalties.noise_level(0.5, 100, number) for number in (0, 25, 50, 100, 10_000)]
    assert levels == [0.5, 0.375, 0.25, 0.0, 0.0]
    assert {penalties.noise_level(0.5, 0, number) for number in (0, 10**6)} == {0.5}
