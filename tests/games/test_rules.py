"""Moves of both players at once: against the closed forms of the Dirac-GAN, and against steps by hand."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor

from ganviz.data.base import Source
from ganviz.experiment import Experiment
from ganviz.games.gan import GAN
from ganviz.theory import dirac

CPU = torch.device("cpu")
STEP_SIZE = 0.2
SMALL = Experiment(g_width=6, g_layers=1, d_width=5, d_layers=1, d_activation="tanh", batch_size=8, seed=4)


class Origin(Source):
    """All data at 0."""

    key, dim, extent = "origin", 1, ((-1.0, 1.0),)

    def sample(self, generator: np.random.Generator, count: int) -> np.ndarray:
        return np.zeros((count, 1), dtype=np.float32)


class Zero:
    """Noise that is always 0, so that G is its bias alone."""

    def batch(self, number: int) -> Tensor:
        return torch.zeros(4, 1)


def dirac_game(**settings: object) -> GAN:
    """The Dirac-GAN as networks: G(z) = theta, D(x) = -psi x (our D rates reals high, the paper's fakes)."""
    rates = {f"{letter}_{key}": value for letter in "gd" for key, value in DIRAC.items()}
    game = GAN(Experiment(latent_dim=1, batch_size=4, **rates, **settings), CPU, source=Origin())
    game._d_noise = game._g_noise = Zero()  # type: ignore[assignment]
    (slope, d_bias), (_, theta) = game.d.parameters, game.g.parameters
    for values, start in ((slope, -1.0), (d_bias, 0.0), (theta, 1.0)):
        values.data.fill_(start)
    game.d.train([slope], game.experiment)
    game.g.train([theta], game.experiment)
    return game


DIRAC = {"layers": 0, "optimizer": "sgd", "learning_rate": STEP_SIZE}


@pytest.mark.parametrize(
    ("method", "order", "settings", "parameters"),
    [
        ("minimax", "simultaneous", {}, {}),
        ("minimax", "extragradient", {}, {}),
        ("non_saturating", "extragradient", {"objective": "non_saturating"}, {}),
        ("wasserstein", "extragradient", {"objective": "wasserstein", "weight_clip": 0.0}, {}),
        (
            "wasserstein_clip",
            "extragradient",
            {"objective": "wasserstein", "weight_clip": 1.0},
            {"clip": 1.0},
        ),
        ("r1", "simultaneous", {"r1": 0.3}, {"gamma": 0.3}),
        ("r2", "extragradient", {"r2": 0.5}, {"gamma": 0.5}),
        ("r1_r2", "extragradient", {"r1": 0.4, "r2": 0.4}, {"gamma": 0.4}),
        (
            "wgan_gp",
            "simultaneous",
            {"objective": "wasserstein", "weight_clip": 0.0, "gradient_penalty": 0.35},
            {"weight": 0.7, "target": 1.0},
        ),
        ("consensus", "simultaneous", {"update_order": "consensus", "consensus": 1.0}, {"gamma": 1.0}),
        ("consensus", "simultaneous", {"update_order": "consensus", "consensus": 0.3}, {"gamma": 0.3}),
    ],
)
def test_the_dirac_gan_follows_its_closed_form(
    method: str, order: str, settings: dict[str, object], parameters: dict[str, float]
) -> None:
    game = dirac_game(**({"update_order": order} | settings))
    expected = dirac.simulate(method, step_size=STEP_SIZE, steps=60, order=order, **parameters)
    for theta, psi in expected[1:]:
        game.step()
        assert game.g.parameters[0].item() == pytest.approx(theta, abs=2e-5)
        assert -game.d.parameters[0].item() == pytest.approx(psi, abs=2e-5)


def weights(game: GAN) -> list[Tensor]:
    return [parameter.detach().clone() for player in (game.d, game.g) for parameter in player.parameters]


def flat_gradients(game: GAN) -> Callable[[Tensor], Tensor]:
    """(grad L_D in psi, grad L_G in theta) as a function of all weights as one vector, written out anew."""
    reals, d_noise, g_noise = (s.batch(0) for s in (game._data, game._d_noise, game._g_noise))
    shapes = [value.shape for value in weights(game)]

    def networks(flat: Tensor) -> tuple[Callable[[Tensor], Tensor], Callable[[Tensor], Tensor]]:
        parts = flat.split([shape.numel() for shape in shapes])
        dw0, dw1, db0, db1, gw0, gw1, gb0, gb1 = (
            part.view(shape) for part, shape in zip(parts, shapes, strict=True)
        )
        return (
            lambda x: (torch.tanh(x @ dw0.T + db0) @ dw1.T + db1)[:, 0],
            lambda z: torch.relu(z @ gw0.T + gb0) @ gw1.T + gb1,
        )

    size = sum(shape.numel() for shape in shapes[:4])

    def loss_d(psi: Tensor, theta: Tensor) -> Tensor:
        d, g = networks(torch.cat([psi, theta]))
        return -torch.sigmoid(d(reals)).log().mean() - torch.sigmoid(-d(g(d_noise))).log().mean()

    def loss_g(psi: Tensor, theta: Tensor) -> Tensor:
        d, g = networks(torch.cat([psi, theta]))
        return torch.sigmoid(-d(g(g_noise))).log().mean()

    def gradients(flat: Tensor) -> Tensor:
        psi, theta = flat[:size], flat[size:]
        return torch.cat([torch.func.grad(loss_d, 0)(psi, theta), torch.func.grad(loss_g, 1)(psi, theta)])

    return gradients


def flat(values: list[Tensor]) -> Tensor:
    return torch.cat([value.flatten() for value in values])


def test_consensus_follows_the_jacobian_of_the_whole_game() -> None:
    """grad (||v||^2 / 2) = J'v, with the full Jacobian of all weights by torch.func."""
    experiment = SMALL.replace(
        update_order="consensus", consensus=3.0, d_optimizer="sgd", g_optimizer="sgd", d_learning_rate=0.1,
        g_learning_rate=0.05,
    )  # fmt: skip
    game = GAN(experiment, CPU)
    start, gradients = flat(weights(game)), flat_gradients(game)
    jacobian = torch.func.jacrev(gradients)(start)
    rates = torch.cat([torch.full((21,), 0.1), torch.full((len(start) - 21,), 0.05)])
    v = gradients(start)
    game.step()
    torch.testing.assert_close(
        flat(weights(game)), start - rates * (v + 3.0 * jacobian.T @ v), rtol=1e-4, atol=1e-6
    )


OPTIMIZERS = {
    "sgd": lambda values: torch.optim.SGD(values, 0.01),
    "adam": lambda values: torch.optim.Adam(values, 0.01, betas=(0.5, 0.9), foreach=False, fused=False),
    "rmsprop": lambda values: torch.optim.RMSprop(values, 0.01, alpha=0.9, foreach=False),
}


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_extragradient_moves_by_the_gradient_one_move_ahead(optimizer: str) -> None:
    """By hand: torch's optimiser steps ahead, the weights go back, and it steps again from there."""
    experiment = SMALL.replace(
        update_order="extragradient", d_optimizer=optimizer, g_optimizer=optimizer, g_learning_rate=0.01,
        d_learning_rate=0.01,
    )  # fmt: skip
    game = GAN(experiment, CPU)
    start, gradients = flat(weights(game)), flat_gradients(game)
    moving = torch.nn.Parameter(start.clone())
    reference = OPTIMIZERS[optimizer]([moving])
    moving.grad = gradients(start)
    reference.step()
    moving.grad = gradients(moving.detach().clone())
    moving.data.copy_(start)
    reference.step()
    game.step()
    torch.testing.assert_close(flat(weights(game)), moving.detach(), rtol=1e-4, atol=2e-6)
    assert (game.d.count, game.g.count) == (1, 1)


@pytest.mark.parametrize("order", ["simultaneous", "extragradient", "consensus"])
def test_what_was_seen_belongs_to_the_point_where_the_move_began(order: str) -> None:
    game, plain = (GAN(SMALL.replace(update_order=o), CPU) for o in (order, "alternating"))
    seen = game.step()
    judged = plain.discriminator_loss()
    assert torch.equal(seen.d_loss, judged.loss) and torch.equal(seen.fake, judged.fake)
    assert not seen.d_loss.requires_grad and not seen.real.requires_grad
    assert game.d.gradient is None and game.g.gradient is None
