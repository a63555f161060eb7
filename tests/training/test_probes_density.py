"""The probes of the densities, against other ways to the same numbers, and fed with a perfect generator."""

import math

import numpy as np
import pytest
import torch
from scipy import stats

from ganviz.experiment import Experiment
from ganviz.games.gan import GAN
from ganviz.training.probes import PROBES

SMALL = Experiment(g_width=16, d_width=16, batch_size=64)
SOURCES = ["ring", "grid", "moons", "swiss_roll", "checkerboard", "square", "mixture_1d"]


class Put(torch.nn.Module):
    """A generator that is a given function of z."""

    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, latents):
        return self.function(latents)


def game_with(function, **settings):
    game = GAN(SMALL.replace(**settings), torch.device("cpu"))
    game.g.network = Put(function) if function else _perfect(game)
    return game


def _perfect(game):
    draws = np.random.default_rng(5)
    return Put(lambda z: game.place(game.source.sample(draws, len(z))))


def measured(key, game):
    seen = PROBES[key].measure(game, 3)
    assert seen is not None
    return seen


@pytest.mark.parametrize("data", SOURCES)
def test_a_perfect_generator_reads_its_floors(data):
    game = game_with(None, data=data, latent_dim=2)
    seen, floors = measured("divergence", game), measured("perfect", game)
    assert 0.0 <= seen["jsd"] <= 0.02
    assert seen["beyond_data"] == 0.0
    for name in ("kl", "kl_generated"):
        assert seen[name] == pytest.approx(floors[f"{name}_floor"], abs=0.03)
    assert 0.0 < seen["w1"] < 3.0 * floors["w1_floor"] < 0.3
    again = measured("optimal_d" if game.source.dim == 2 else "divergence", game)
    assert 0.0 <= again["jsd"] <= 0.02


@pytest.mark.parametrize("mu", [0.5, 2.0])
def test_two_gaussians(mu):
    """p = N(0, 1), q = N(mu, 1): W1 = mu, both KL divergences mu^2 / 2."""
    game = game_with(lambda z: z + mu, data="mixture_1d", modes=1, sigma=1.0, radius=4.0, latent_dim=1)
    seen = measured("divergence", game)
    assert seen["w1"] == pytest.approx(mu, abs=0.05)
    assert seen["kl_generated"] == pytest.approx(mu**2 / 2, abs=0.06)
    assert seen["kl"] == pytest.approx(mu**2 / 2, abs=0.06 * (1 + mu**2))


def test_sliced_w1_of_a_point():
    """All fakes at 0, data on a ring of radius 2 and no noise to speak of: every projection costs 4 / pi."""
    game = game_with(torch.zeros_like, data="ring", modes=24, sigma=0.01, latent_dim=2)
    assert measured("divergence", game)["w1"] == pytest.approx(4.0 / math.pi, rel=0.02)


@pytest.mark.parametrize(("latent", "exact"), [("normal", stats.norm), ("uniform", stats.uniform(-1.0, 2.0))])
def test_figure_1_has_the_density_of_even_quantiles(latent, exact):
    game = game_with(
        lambda z: 0.5 * z, data="mixture_1d", modes=1, sigma=1.0, radius=2.0, latent_dim=1, latent=latent
    )
    seen = measured("figure_1", game)
    np.testing.assert_allclose(seen["q"], np.diff(exact.cdf(2.0 * seen["edges"])), atol=1.5 / 16_384)
    np.testing.assert_allclose(seen["p"], np.diff(stats.norm.cdf(seen["edges"])), atol=1e-12)
    np.testing.assert_allclose(seen["z"], exact.ppf((np.arange(25) + 0.5) / 25), atol=1e-9)
    np.testing.assert_allclose(seen["g_of_z"], 0.5 * seen["z"], rtol=1e-6)
    assert seen["even"] and seen["q"].sum() + seen["outside"] == pytest.approx(1.0)
    point = torch.tensor([[seen["x"][40]]], dtype=torch.float32)
    assert seen["output"][40] == pytest.approx(game.d.network(point).item(), rel=1e-4)


def test_figure_1_with_more_latents_is_a_slice():
    game = game_with(lambda z: z.sum(dim=1, keepdim=True), data="mixture_1d", modes=2, latent_dim=3)
    seen = measured("figure_1", game)
    assert not seen["even"]
    np.testing.assert_allclose(seen["g_of_z"], seen["z"], rtol=1e-6)  # the other components are 0
    x = (seen["edges"][1:] + seen["edges"][:-1]) / 2
    variance = (seen["q"] * x**2).sum() / seen["q"].sum() + seen["outside"] * 16.0
    assert 2.0 < variance < 4.0  # of the sum of three, not of one


def test_optimal_d_has_the_cells_in_their_places():
    game = game_with(lambda z: z[:, :2] * 0.0 + torch.tensor([1.0, -2.0]), data="moons", latent_dim=2)
    seen = measured("optimal_d", game)
    row, column = np.unravel_index(seen["q"].argmax(), seen["q"].shape)
    half = (seen["x"][1] - seen["x"][0]) / 2
    assert abs(seen["x"][column] - 1.0) <= half and abs(seen["y"][row] + 2.0) <= half
    assert seen["q"].max() == 1.0 and seen["p"].sum() == pytest.approx(1.0, abs=1e-3)
    point = torch.tensor([[seen["x"][7], seen["y"][30]]], dtype=torch.float32)
    assert seen["output"][30, 7] == pytest.approx(game.d.network(point).item(), rel=1e-4)
    centres = np.stack(np.meshgrid(seen["x"], seen["y"]), axis=-1).reshape(-1, 2)
    density = game.source.density(centres).reshape(56, 56)
    assert np.corrcoef(density.ravel(), seen["p"].ravel())[0, 1] > 0.98
    assert np.corrcoef(density.ravel(), seen["p"].T.ravel())[0, 1] < 0.5
    assert seen["jsd"] == pytest.approx(math.log(2.0), abs=1e-3)


def test_probes_that_do_not_apply_say_so():
    line, plane = GAN(SMALL.replace(data="mixture_1d"), torch.device("cpu")), GAN(SMALL, torch.device("cpu"))
    images = GAN(SMALL.replace(data="digits"), torch.device("cpu"))
    assert PROBES["optimal_d"].measure(line, 0) is None and PROBES["figure_1"].measure(plane, 0) is None
    for key in ("divergence", "perfect", "figure_1", "optimal_d"):
        assert PROBES[key].measure(images, 0) is None
