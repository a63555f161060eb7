"""Spectral normalisation against torch's singular values and torch's own parametrisation."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.utils.parametrizations import spectral_norm

from ganviz.games.networks import MLP, one_output
from ganviz.games.spectral import SpectralNorm


def test_largest_singular_values_become_one() -> None:
    network = MLP([2, 32, 32, 1], "leaky_relu", torch.Generator().manual_seed(3), one_output)
    norm = SpectralNorm(list(network.weights), np.random.default_rng(0))
    norm.advance(200)
    for weight in norm.normalised():
        assert torch.linalg.svdvals(weight.detach())[0].item() == pytest.approx(1.0, abs=1e-4)


def test_d_becomes_one_lipschitz() -> None:
    network = MLP([2, 64, 64, 1], "leaky_relu", torch.Generator().manual_seed(3), one_output)
    with torch.no_grad():
        for weight in network.weights:
            weight.mul_(20.0)
    points = torch.randn(500, 2, requires_grad=True)

    def steepest() -> float:
        return torch.autograd.grad(network(points).sum(), points)[0].norm(dim=1).max().item()

    assert steepest() > 100.0
    network.spectral = SpectralNorm(list(network.weights), np.random.default_rng(0))
    assert steepest() <= 1.001


@pytest.mark.parametrize("seed", range(5))
def test_output_gradient_and_iteration_equal_torchs(seed: int) -> None:
    torch.manual_seed(seed)
    linear = nn.Linear(5, 7, dtype=torch.float32)
    weight = nn.Parameter(linear.weight.detach().clone())
    theirs = spectral_norm(linear)
    mine = SpectralNorm([weight], np.random.default_rng(1))
    vectors = theirs.parametrizations.weight[0]
    vectors._u.copy_(mine.state()["u.0"])
    vectors._v.copy_(mine.state()["v.0"])
    points = torch.randn(11, 5)
    theirs.eval()  # in training torch iterates before each pass
    (points @ mine.normalised()[0].T).sin().sum().backward()
    (theirs(points) - theirs.bias).sin().sum().backward()
    torch.testing.assert_close(
        weight.grad, theirs.parametrizations.weight.original.grad, rtol=1e-4, atol=1e-6
    )
    theirs.train()
    theirs(points)
    mine.advance()
    # torch iterates u first: from u = W v, as it stands here, both arrive at the same v
    torch.testing.assert_close(mine.state()["v.0"], vectors._v, rtol=1e-5, atol=1e-6)


def test_state_brings_back_the_same_bits() -> None:
    weights = [torch.randn(6, 4), torch.randn(1, 6)]
    first = SpectralNorm(weights, np.random.default_rng(0))
    state = first.state()
    first.advance(3)
    second = SpectralNorm(weights, np.random.default_rng(9))
    second.load(state)
    second.advance(3)
    assert all(torch.equal(value, second.state()[key]) for key, value in first.state().items())
