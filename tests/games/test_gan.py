"""The game against Algorithm 1 written out by hand, with the slow, plain, obvious calls."""

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from ganviz.experiment import Experiment
from ganviz.games.gan import GAN
from ganviz.games.streams import Stream, generator, latents
from ganviz.theory.objectives import OBJECTIVES

CPU = torch.device("cpu")
SMALL = Experiment(g_width=16, d_width=16, batch_size=32, latent_dim=3)


def f_gan_costs(objective: str, real: Tensor, fake: Tensor) -> tuple[Tensor, Tensor]:
    """Nowozin et al. 2016: T = g(v) by Table 6, f*(T) by Table 2; D descends E f*(T) - E T, G -E f*(T)."""
    log = torch.log
    activation, conjugate = {
        "f_kl": (lambda v: v, lambda t: (t - 1).exp()),
        "f_reverse_kl": (lambda v: -(-v).exp(), lambda t: -1 - log(-t)),
        "f_pearson": (lambda v: v, lambda t: t**2 / 4 + t),
        "f_squared_hellinger": (lambda v: 1 - (-v).exp(), lambda t: t / (1 - t)),
        "f_jensen_shannon": (lambda v: np.log(2) - log(1 + (-v).exp()), lambda t: -log(2 - t.exp())),
        "f_gan": (lambda v: -log(1 + (-v).exp()), lambda t: -log(1 - t.exp())),
    }[objective]
    bound = conjugate(activation(fake)).mean()
    return bound - activation(real).mean(), -bound


def reference_costs(objective: str, real: Tensor, fake: Tensor) -> tuple[Tensor, Tensor]:
    """(L_D, L_G) from the textbook definitions; BCE through torch's own function."""
    bce = nn.functional.binary_cross_entropy_with_logits
    one, zero = torch.ones_like(real), torch.zeros_like(real)
    d_logit = bce(real, one) + bce(fake, zero)
    half_squares = 0.5 * ((real - 1) ** 2).mean()
    if objective.startswith("f_"):
        return f_gan_costs(objective, real, fake)
    apart, middle = real - fake, (real.mean(), fake.mean())
    return {
        "relativistic": (bce(apart, one), bce(-apart, one)),
        "relativistic_average": (
            (bce(real - middle[1], one) + bce(fake - middle[0], zero)) / 2,
            (bce(fake - middle[0], one) + bce(real - middle[1], zero)) / 2,
        ),
        "minimax": (d_logit, -bce(fake, zero)),
        "non_saturating": (d_logit, bce(fake, one)),
        "least_squares": (
            half_squares + 0.5 * (fake**2).mean(),
            0.5 * ((fake - 1) ** 2).mean(),
        ),
        "wasserstein": (fake.mean() - real.mean(), -fake.mean()),
        "hinge": ((1 - real).clamp(min=0).mean() + (1 + fake).clamp(min=0).mean(), -fake.mean()),
        "maximum_likelihood": (d_logit, -(fake.sigmoid() / (1 - fake.sigmoid())).mean()),
        "least_squares_centred": (half_squares + 0.5 * ((fake + 1) ** 2).mean(), 0.5 * (fake**2).mean()),
    }[objective]


class Reference:
    """Plain PyTorch: separate passes, ordinary optimisers, gradients of everything, zeroed before use."""

    def __init__(self, experiment: Experiment) -> None:
        self.experiment = experiment
        game = GAN(experiment, CPU)  # for its initial weights and its batches only
        self.g, self.d, self.game = game.g.network, game.d.network, game
        self.optimizers = {"g": self._optimizer("g", self.g), "d": self._optimizer("d", self.d)}
        self.counts = {"g": 0, "d": 0}

    def _optimizer(self, letter: str, network: nn.Module) -> torch.optim.Optimizer:
        e = {
            key[2:]: value
            for key, value in self.experiment.model_dump().items()
            if key.startswith(letter + "_")
        }
        rate, parameters = e["learning_rate"], network.parameters()
        if e["optimizer"] == "sgd":
            return torch.optim.SGD(parameters, rate, momentum=e["momentum"], foreach=False, fused=False)
        if e["optimizer"] == "rmsprop":
            return torch.optim.RMSprop(parameters, rate, alpha=e["beta2"], foreach=False)
        return torch.optim.Adam(parameters, rate, betas=(e["beta1"], e["beta2"]), foreach=False, fused=False)

    def move(self, letter: str, loss: Tensor) -> None:
        network = {"g": self.g, "d": self.d}[letter]
        self.g.zero_grad()
        self.d.zero_grad()
        loss.backward()
        clip = getattr(self.experiment, f"{letter}_gradient_clip")
        if clip:
            nn.utils.clip_grad_norm_(network.parameters(), clip)
        self.optimizers[letter].step()
        self.counts[letter] += 1
        if letter == "d" and self.experiment.objective == "wasserstein":
            for parameter in self.d.parameters():
                parameter.data.clamp_(-self.experiment.weight_clip, self.experiment.weight_clip)

    def d_loss(self) -> Tensor:
        n = self.counts["d"]
        real = self.d(self.game._data.batch(n))
        fake = self.d(self.g(self.game._d_noise.batch(n)).detach())
        return reference_costs(self.experiment.objective, real, fake)[0]

    def g_loss(self) -> Tensor:
        fresh = self.experiment.g_noise == "fresh"
        noise = (
            self.game._g_noise.batch(self.counts["g"])
            if fresh
            else self.game._d_noise.batch(self.counts["d"] - 1)
        )
        fake = self.d(self.g(noise))
        numbers = {"g": self.counts["g"], "d": self.counts["d"] - 1}
        data = self.game._g_data.batch(numbers["g"]) if fresh else self.game._data.batch(numbers["d"])
        return reference_costs(self.experiment.objective, self.d(data), fake)[1]

    def step(self) -> tuple[float, float]:
        for _ in range(self.experiment.d_updates):
            d_loss = self.d_loss()
            self.move("d", d_loss)
        for _ in range(self.experiment.g_updates):
            g_loss = self.g_loss()
            self.move("g", g_loss)
        return d_loss.item(), g_loss.item()


# SGD for the scores: where a gradient is 0 (D's last bias, E(-1) + E(+1)), Adam would turn its rounding into
# a whole step
SGD = {"g_optimizer": "sgd", "d_optimizer": "sgd"}
CASES = [
    *({"objective": key} for key in OBJECTIVES if OBJECTIVES[key].is_probability),
    *(
        {"objective": key, "weight_clip": 0.5, **SGD}
        for key in OBJECTIVES
        if not OBJECTIVES[key].is_probability
    ),
    {"d_updates": 3, "g_updates": 2},
    {"g_noise": "same"},
    {"objective": "relativistic", "g_noise": "same", "d_updates": 2, **SGD},
    {"objective": "relativistic_average", "g_updates": 2, **SGD},
    {"g_optimizer": "sgd", "g_momentum": 0.5, "g_gradient_clip": 0.01, "d_gradient_clip": 0.05},
    {"d_optimizer": "rmsprop", "g_optimizer": "rmsprop"},
    {"data": "mixture_1d", "modes": 2, "latent": "uniform", "g_activation": "tanh", "d_activation": "silu"},
    {"data": "digits", "g_layers": 1, "d_layers": 0},
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_steps_equal_the_plain_reference(case: dict[str, object]) -> None:
    experiment = SMALL.replace(**case)
    game, reference = GAN(experiment, CPU), Reference(experiment)
    before = game.state()
    for _ in range(5):
        seen = game.step()
        d_loss, g_loss = reference.step()
        assert seen.d_loss.item() == pytest.approx(d_loss, rel=1e-5, abs=1e-6)
        assert seen.g_loss.item() == pytest.approx(g_loss, rel=1e-5, abs=1e-6)
    for mine, theirs in ((game.g, reference.g), (game.d, reference.d)):
        for parameter, expected in zip(mine.parameters, theirs.parameters(), strict=True):
            torch.testing.assert_close(parameter, expected, rtol=1e-4, atol=2e-6)
    after = game.state()
    still = {key for key in before if ".weights." in key and torch.equal(before[key], after[key])}
    # D's last bias has the gradient -1 + 1 = 0 for Wasserstein, where all scores lie inside the hinge, and
    # where only differences count
    flat = {"wasserstein", "hinge", "relativistic", "relativistic_average"}
    may_rest = {"d.weights.biases.2"} if experiment.objective in flat else set()
    assert still <= may_rest, "every tensor must move"


def test_simultaneous_players_move_from_the_same_weights() -> None:
    experiment = SMALL.replace(update_order="simultaneous", d_optimizer="sgd", g_optimizer="sgd")
    game, reference = GAN(experiment, CPU), Reference(experiment)
    game.step()
    d_loss, g_loss = reference.d_loss(), reference.g_loss()
    d_slope = torch.autograd.grad(d_loss, list(reference.d.parameters()))
    g_slope = torch.autograd.grad(g_loss, list(reference.g.parameters()))
    for mine, theirs, slope, rate in (
        (game.d, reference.d, d_slope, experiment.d_learning_rate),
        (game.g, reference.g, g_slope, experiment.g_learning_rate),
    ):
        for parameter, start, gradient in zip(mine.parameters, theirs.parameters(), slope, strict=True):
            torch.testing.assert_close(parameter, start - rate * gradient, rtol=1e-5, atol=1e-7)


def test_generator_update_leaves_the_discriminator_alone() -> None:
    game = GAN(SMALL, CPU)
    before = game.d.state()
    game.update_generator()
    assert all(torch.equal(value, game.d.state()[key]) for key, value in before.items())
    assert all(parameter.grad is None for parameter in game.d.parameters)


def test_batches_depend_on_seed_stream_and_number_only() -> None:
    draw = latents("normal", 2)
    first, second = (Stream(7, "data", 100, draw, CPU) for _ in range(2))
    forward = [first.batch(n).clone() for n in range(400)]
    for n in (399, 3, 163, 164, 0):
        assert torch.equal(second.batch(n), forward[n])
    assert not torch.equal(Stream(8, "data", 100, draw, CPU).batch(0), forward[0])
    assert not torch.equal(Stream(7, "d_noise", 100, draw, CPU).batch(0), forward[0])
    assert len({batch.numpy().tobytes() for batch in forward}) == 400, "no batch may come twice"


def test_a_pool_of_large_images_stays_small() -> None:
    pixels, drawn = 3 * 64 * 64, []

    def draw(source: np.random.Generator, count: int) -> np.ndarray:
        drawn.append(count)
        return np.zeros((count, pixels), np.float32)

    stream = Stream(7, "data", 64, draw, CPU, dim=pixels)
    assert stream.batch(0).shape == stream.batch(9).shape == (64, pixels)
    assert all(count % 64 == 0 and count * pixels * 4 <= 2**24 for count in drawn)
    assert Stream(7, "data", 600, draw, CPU, dim=pixels).batch(1).shape == (600, pixels)  # one at least


def test_latents_have_the_distribution_that_they_name() -> None:
    z = latents("normal", 2)(generator(0, "data"), 100_000)
    u = latents("uniform", 2)(generator(0, "data"), 100_000)
    assert np.allclose(z.mean(0), 0, atol=0.02) and np.allclose(z.std(0), 1, atol=0.02)
    assert u.min() >= -1 and u.max() < 1 and np.allclose(u.var(0), 1 / 3, atol=0.01)


def test_wasserstein_critic_is_clipped_and_others_are_not() -> None:
    game = GAN(SMALL.replace(objective="wasserstein", weight_clip=0.02), CPU)
    game.step()
    assert max(parameter.detach().abs().max().item() for parameter in game.d.parameters) <= 0.02 + 1e-9
    game = GAN(SMALL, CPU)
    game.step()
    assert max(parameter.detach().abs().max().item() for parameter in game.d.parameters) > 0.1


def test_another_optimizer_clears_moments_and_keeps_weights() -> None:
    game = GAN(SMALL, CPU)
    game.step()
    weights = game.g.state()
    game.apply(SMALL.replace(g_learning_rate=0.1))
    assert any(".adam." in key for key in game.g.state()), "a new rate keeps the moments"
    game.apply(SMALL.replace(g_optimizer="rmsprop"))
    after = game.g.state()
    assert not any("g.adam." in key for key in after)
    assert not any(value.any() for key, value in after.items() if "g.rmsprop." in key)
    assert all(torch.equal(weights[key], after[key]) for key in weights if ".weights." in key)


METHODS: list[dict[str, object]] = [
    {"g_gradient_clip": 0.25, "d_gradient_clip": 0.25},
    {"r1": 0.1, "r2": 0.1, "instance_noise": 0.2},
    {"gradient_penalty": 1.0, "dragan": 0.1},
    {"spectral_norm": "on", "smooth_real": 0.9, "g_noise": "same"},
    {"update_order": "simultaneous", "objective": "relativistic"},
    {"update_order": "extragradient", "objective": "wasserstein"},
    {"update_order": "consensus"},
]


@pytest.mark.parametrize("settings", METHODS, ids=str)
def test_a_step_reads_no_value_and_stays_on_its_device(settings: dict[str, object]) -> None:
    """On torch's device without values a value that is read is an error; so nothing waits for a GPU."""
    game = GAN(SMALL.replace(g_optimizer="sgd", d_optimizer="rmsprop", **settings), torch.device("meta"))
    for _ in range(2):
        assert all(value.is_meta for value in game.step())
    assert all(value.is_meta for key, value in game.state().items() if "count" not in key)


@pytest.mark.cuda
def test_cuda_game_follows_the_cpu_game() -> None:
    on_cpu, on_gpu = GAN(SMALL, CPU), GAN(SMALL, torch.device("cuda:0"))
    for _ in range(10):
        for here, there in zip(on_cpu.step(), on_gpu.step(), strict=True):
            torch.testing.assert_close(here, there.cpu(), rtol=1e-3, atol=1e-4)


@pytest.mark.cuda
def test_cuda_step_never_synchronises() -> None:
    game = GAN(SMALL.replace(g_gradient_clip=0.25), torch.device("cuda:0"))
    game.step()
    torch.cuda.set_sync_debug_mode("error")
    try:
        for _ in range(20):
            game.step()
    finally:
        torch.cuda.set_sync_debug_mode("default")


def test_another_source_stands_in_for_the_experiments_own() -> None:
    other = GAN(SMALL.replace(data="square"), CPU).source
    swapped, plain = GAN(SMALL, CPU, source=other), GAN(SMALL.replace(data="square"), CPU)
    assert torch.equal(swapped.fixed_real, plain.fixed_real)
    swapped.update_discriminator(), plain.update_discriminator()
    assert all(torch.equal(swapped.state()[key], value) for key, value in plain.state().items())
