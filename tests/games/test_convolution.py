"""DCGAN's networks against the same ones built of torch's own modules, and the game against its loop."""

import copy

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from ganviz.experiment import Experiment, ExperimentError
from ganviz.games.convolution import LAYERS, ConvDiscriminator, ConvGenerator, enlarged
from ganviz.games.gan import GAN
from ganviz.games.spectral import SpectralNorm

CPU = torch.device("cpu")
SMALL = Experiment(
    data="digits", network="dcgan", filters=4, latent_dim=5, batch_size=16, objective="non_saturating"
)


def seeded(number: int = 3) -> torch.Generator:
    return torch.Generator().manual_seed(number)


def modules(side: int, colours: int, filters: int, latent_dim: int) -> tuple[nn.Sequential, nn.Sequential]:
    """The reference implementation's stacks: first a kernel as large as the smallest image, then 4 x 4."""
    start, doublings = LAYERS[side]
    channels = [filters * 2**level for level in reversed(range(doublings))]
    g: list[nn.Module] = [nn.ConvTranspose2d(latent_dim, channels[0], start, 1, 0, bias=False)]
    for inputs, outputs in zip(channels, [*channels[1:], colours], strict=True):
        g += [nn.BatchNorm2d(inputs), nn.ReLU(), nn.ConvTranspose2d(inputs, outputs, 4, 2, 1, bias=False)]
    d: list[nn.Module] = [nn.Conv2d(colours, filters, 4, 2, 1, bias=False), nn.LeakyReLU(0.2)]
    for inputs in channels[:0:-1]:
        d += [nn.Conv2d(inputs, 2 * inputs, 4, 2, 1, bias=False), nn.BatchNorm2d(2 * inputs)]
        d += [nn.LeakyReLU(0.2)]
    return nn.Sequential(*g, nn.Tanh()), nn.Sequential(*d, nn.Conv2d(channels[0], 1, start, 1, 0, bias=False))


@torch.no_grad()
def copied(ours: ConvGenerator | ConvDiscriminator, theirs: nn.Sequential) -> None:
    """Their weights are made ours. Ours has a linear layer at the inner end, channels last."""
    layers = [layer for layer in theirs if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d)]
    side = layers[0].kernel_size[0]
    for weight, layer in zip(ours.weights, layers, strict=True):
        if weight.dim() == 4:
            layer.weight.copy_(weight)
        elif isinstance(layer, nn.ConvTranspose2d):
            layer.weight.copy_(weight.view(side, side, -1, weight.shape[1]).permute(3, 2, 0, 1))
        else:
            side = layer.kernel_size[0]
            layer.weight.copy_(weight.view(1, side, side, -1).permute(0, 3, 1, 2))
    norms = [layer for layer in theirs if isinstance(layer, nn.BatchNorm2d)]
    for norm, layer in zip(ours.norms, norms, strict=True):
        layer.weight.copy_(norm.gain)
        layer.bias.copy_(norm.bias)


def test_the_papers_networks_have_the_published_number_of_parameters() -> None:
    g, d = ConvGenerator(100, (3, 64, 64), 64, seeded()), ConvDiscriminator((3, 64, 64), 64, seeded())
    assert sum(p.numel() for p in g.parameters()) == 3_576_704
    assert sum(p.numel() for p in d.parameters()) == 2_765_568
    for ours, theirs in zip((g, d), modules(64, 3, 64, 100), strict=True):
        assert sum(p.numel() for p in ours.parameters()) == sum(p.numel() for p in theirs.parameters())


@pytest.mark.parametrize("colours", [1, 3])
@pytest.mark.parametrize("side", LAYERS)
def test_outputs_equal_those_of_torchs_modules(side: int, colours: int) -> None:
    shape = (colours, side, side)
    g, d = ConvGenerator(6, shape, 4, seeded()), ConvDiscriminator(shape, 4, seeded(4))
    their_g, their_d = modules(side, colours, 4, 6)
    copied(g, their_g)
    copied(d, their_d)
    z = torch.randn(7, 6, generator=seeded(5))
    images, theirs = g(z), their_g(z[:, :, None, None])
    assert torch.allclose(images.view(theirs.shape), theirs, atol=1e-6)
    assert torch.allclose(d(images), their_d(theirs).flatten(), atol=1e-5)


@pytest.mark.parametrize("side", [4, 7, 8, 32])
@pytest.mark.parametrize("colours", [1, 3])
def test_an_image_is_made_by_the_transposed_convolution(side: int, colours: int) -> None:
    """Values, slopes and slopes of slopes against torch's own, in float64; and the layout of the weights."""
    random = torch.Generator().manual_seed(side)
    values = torch.randn(3, 5, side, side, generator=random, dtype=torch.float64).requires_grad_()
    weight = torch.randn(5, colours, 4, 4, generator=random, dtype=torch.float64)
    weight = weight.contiguous(memory_format=torch.channels_last).requires_grad_()
    found = []
    for make in (enlarged, lambda v, w: nn.functional.conv_transpose2d(v, w, stride=2, padding=1)):
        image = make(values, weight)
        first = torch.autograd.grad(image.tanh().square().sum(), (values, weight), create_graph=True)
        second = torch.autograd.grad(sum(slope.square().sum() for slope in first), (values, weight))
        found.append((image, *first, *second))
    for ours, theirs in zip(*found, strict=True):
        assert ours.shape == theirs.shape
        torch.testing.assert_close(ours, theirs, rtol=1e-10, atol=1e-10)


def test_initial_weights_are_the_papers_and_a_function_of_the_seed() -> None:
    g, d = ConvGenerator(100, (3, 64, 64), 16, seeded()), ConvDiscriminator((3, 64, 64), 16, seeded())
    for network in (g, d):
        weights = torch.cat([weight.detach().flatten() for weight in network.weights])
        assert abs(weights.mean().item()) < 5 * 0.02 / len(weights) ** 0.5
        assert weights.std().item() == pytest.approx(0.02, rel=0.02)
        gains = torch.cat([norm.gain.detach() for norm in network.norms])
        assert gains.mean().item() == pytest.approx(1.0, abs=0.01)
        assert gains.std().item() == pytest.approx(0.02, rel=0.3)
        assert all((norm.bias == 0).all() for norm in network.norms)
    again = ConvGenerator(100, (3, 64, 64), 16, seeded())
    assert all(torch.equal(a, b) for a, b in zip(g.parameters(), again.parameters(), strict=True))


@pytest.mark.parametrize("normalised", [True, False])
def test_without_batch_normalisation_there_are_biases_in_its_place(normalised: bool) -> None:
    g = ConvGenerator(5, (1, 28, 28), 4, seeded(), normalised)
    d = ConvDiscriminator((1, 28, 28), 4, seeded(), normalised)
    assert [len(network.norms) for network in (g, d)] == ([2, 1] if normalised else [0, 0])
    assert [len(network.biases) for network in (g, d)] == ([0, 0] if normalised else [2, 1])
    images = g(torch.randn(4, 5))
    alone = torch.cat([d(image[None]) for image in images])
    assert torch.allclose(d(images), alone, atol=1e-6) is not normalised


class Loop:
    """The tutorial's loop with torch's modules, Adam and binary cross-entropy, on the game's own batches."""

    def __init__(self, game: GAN) -> None:
        e, self.game = game.experiment, game
        self.g, self.d = modules(8, 1, e.filters, e.latent_dim)
        copied(game.g.network, self.g)  # type: ignore[arg-type]
        copied(game.d.network, self.d)  # type: ignore[arg-type]
        self.g_optimizer = torch.optim.Adam(self.g.parameters(), e.g_learning_rate, (e.g_beta1, e.g_beta2))
        self.d_optimizer = torch.optim.Adam(self.d.parameters(), e.d_learning_rate, (e.d_beta1, e.d_beta2))

    def _cost(self, images: Tensor, target: float) -> Tensor:
        outputs = self.d(images.view(-1, 1, 8, 8)).flatten()
        return nn.functional.binary_cross_entropy_with_logits(outputs, torch.full_like(outputs, target))

    def step(self) -> tuple[float, float]:
        number = self.game.d.count
        fakes = self.g(self.game._d_noise.batch(number)[:, :, None, None])
        d_loss = self._cost(self.game._data.batch(number), 1.0) + self._cost(fakes.detach(), 0.0)
        self.d_optimizer.zero_grad()
        d_loss.backward()
        self.d_optimizer.step()
        g_loss = self._cost(self.g(self.game._g_noise.batch(self.game.g.count)[:, :, None, None]), 1.0)
        self.g_optimizer.zero_grad()
        g_loss.backward()
        self.g_optimizer.step()
        return d_loss.item(), g_loss.item()


def test_a_step_is_that_of_the_ordinary_loop_running_averages_included() -> None:
    game = GAN(SMALL, CPU)
    loop = Loop(game)
    for _ in range(8):
        theirs = loop.step()
        seen = game.step()
        assert (seen.d_loss.item(), seen.g_loss.item()) == pytest.approx(theirs, abs=2e-4)
    for network, reference in ((game.g.network, loop.g), (game.d.network, loop.d)):
        layers = [layer for layer in reference if isinstance(layer, nn.BatchNorm2d)]
        assert layers
        for norm, layer in zip(network.norms, layers, strict=True):
            assert layer.running_var is not None and not torch.equal(layer.running_var, torch.ones(1))
            assert torch.allclose(norm.running_mean, layer.running_mean, atol=2e-3)  # type: ignore[arg-type]
            assert torch.allclose(norm.running_var, layer.running_var, rtol=0.02)  # type: ignore[arg-type]


def test_weights_are_views_of_one_vector_channels_last() -> None:
    game = GAN(SMALL, CPU)
    for player in (game.g, game.d):
        start, end = player.vector.data_ptr(), player.vector.data_ptr() + 4 * player.vector.numel()
        for parameter in player.parameters:
            assert start <= parameter.data_ptr() < end
            assert parameter.dim() < 4 or parameter.is_contiguous(memory_format=torch.channels_last)
        before = [parameter.clone() for parameter in player.parameters]
        player.vector.add_(1.0)
        for parameter, old in zip(player.parameters, before, strict=True):
            assert torch.allclose(parameter, old + 1.0)


@pytest.mark.parametrize("order", ["alternating", "simultaneous", "extragradient", "consensus"])
@pytest.mark.parametrize("optimizer", ["sgd", "rmsprop"])
def test_gradients_meet_their_own_weights(order: str, optimizer: str) -> None:
    """Plain SGD moves every weight by -rate times its own gradient, wherever it lies in the vector."""
    game = GAN(SMALL.replace(g_optimizer=optimizer, d_optimizer=optimizer, update_order=order), CPU)
    twin = copy.deepcopy(game.d.network)
    game.step()
    assert all(bool(fine) for fine in game.finite().values())
    if order != "alternating" or optimizer != "sgd":
        assert not torch.equal(next(twin.parameters()), next(game.d.network.parameters()))
        return
    with torch.no_grad():
        fakes = GAN(SMALL, CPU).g.network(game._d_noise.batch(0))
    real, fake = twin(game._data.batch(0)), twin(fakes)
    loss = nn.functional.softplus(-real).mean() + nn.functional.softplus(fake).mean()
    gradients = torch.autograd.grad(loss, list(twin.parameters()))
    for old, new, gradient in zip(twin.parameters(), game.d.parameters, gradients, strict=True):
        assert torch.allclose(old - game.experiment.d_learning_rate * gradient, new, atol=1e-7)


def test_among_a_batch_an_output_is_a_function_of_its_own_input() -> None:
    game = GAN(SMALL, CPU)
    for _ in range(3):
        game.step()
    before = game.state()
    in_the_batch = game.g.network(game.fixed_latents)
    assert torch.allclose(game.generate(game.fixed_latents[5:6]), in_the_batch[5:6], atol=1e-6)
    on_real, on_fake = game.outputs(game.fixed_real, in_the_batch)
    assert torch.allclose(game.rate(in_the_batch[2:4]), on_fake[2:4], atol=1e-6)
    assert torch.allclose(game.rate(game.fixed_real[:3], real=True), on_real[:3], atol=1e-6)
    assert torch.equal(game.g.network(game.fixed_latents), in_the_batch)  # nothing is held any more
    assert all(torch.equal(value, before[key]) for key, value in game.state().items())


def test_spectral_norm_takes_a_convolution_as_the_papers_matrix() -> None:
    network = ConvDiscriminator((1, 28, 28), 4, seeded())
    norm = SpectralNorm(list(network.weights), np.random.default_rng(0))
    norm.advance(500)
    for weight in norm.normalised():
        matrix = weight.detach().flatten(1)
        assert torch.linalg.svdvals(matrix)[0].item() == pytest.approx(1.0, abs=1e-3)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"data": "ring"}, "network = dcgan, data = ring: convolutions make images"),
        ({"r1": 1.0}, "network = dcgan, r1 = 1, batch_norm = both: the penalty asks for D's slope in"),
        ({"gradient_penalty": 10.0}, "accepted: batch_norm = g or none, or gradient_penalty = 0"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(settings: dict[str, object], words: str) -> None:
    with pytest.raises(ExperimentError) as caught:
        SMALL.replace(**settings)
    assert words in str(caught.value) and "\n" not in str(caught.value)


def test_images_of_another_size_are_refused_in_one_line() -> None:
    game = GAN(SMALL, CPU)
    game.source.image_shape = (1, 4, 16)
    with pytest.raises(ExperimentError, match=r"images of 16 x 4 pixels; accepted: images of 8 x 8, 16 x 16"):
        GAN(SMALL, CPU, game.source)
    game.source.image_shape = (1, 8, 8)


@pytest.mark.parametrize("settings", [{"r1": 1.0}, {"gradient_penalty": 10.0}, {"dragan": 1.0}, {"r2": 0.1}])
@pytest.mark.parametrize("batch_norm", ["g", "none"])
def test_penalties_train_where_d_has_no_batch_normalisation(settings: dict, batch_norm: str) -> None:
    game = GAN(SMALL.replace(batch_norm=batch_norm, **settings), CPU)
    plain = GAN(SMALL.replace(batch_norm=batch_norm), CPU)
    for _ in range(3):
        game.step()
        plain.step()
    assert all(bool(fine) for fine in game.finite().values())
    assert not torch.equal(game.d.vector, plain.d.vector)


@pytest.mark.parametrize(
    "settings",
    [
        {"objective": "wasserstein", "weight_clip": 0.05},
        {"objective": "relativistic_average"},
        {"spectral_norm": "on"},
        {"instance_noise": 0.3, "instance_noise_decay": 10},
        {"smooth_real": 0.9},
        {"g_noise": "same"},
        {"d_updates": 0},
        {"g_updates": 0},
    ],
)
def test_the_rest_of_the_game_goes_on_working(settings: dict[str, object]) -> None:
    game = GAN(SMALL.replace(**settings), CPU)
    for _ in range(4):
        seen = game.step()
    assert torch.isfinite(seen.d_loss) and torch.isfinite(seen.g_loss)
    assert all(bool(fine) for fine in game.finite().values())
    still = game.still()
    z = game.fixed_latents
    assert still.g.network(z.double()).dtype == torch.float64
    assert torch.allclose(still.g.network(z.double()).float(), game.g.network(z), atol=1e-5)


@pytest.mark.parametrize("batch_norm", ["both", "none"])
def test_a_step_reads_no_value_and_stays_on_its_device(batch_norm: str) -> None:
    """On torch's device without values a value that is read is an error; so nothing waits for a GPU."""
    settings = {"g_optimizer": "sgd", "d_optimizer": "rmsprop", "batch_norm": batch_norm}
    game = GAN(SMALL.replace(**settings), torch.device("meta"))
    for _ in range(2):
        assert all(value.is_meta for value in game.step())
    assert all(value.is_meta for key, value in game.state().items() if "count" not in key)


@pytest.mark.cuda
def test_cuda_follows_the_cpu_and_never_synchronises(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.backends.cudnn, "allow_tf32", False)  # products of 10 bits, torch's default
    here, there = GAN(SMALL, CPU), GAN(SMALL, torch.device("cuda:0"))
    for _ in range(3):
        for one, other in zip(here.step(), there.step(), strict=True):
            torch.testing.assert_close(one, other.cpu(), rtol=1e-3, atol=1e-4)
    torch.cuda.set_sync_debug_mode("error")
    try:
        for _ in range(20):
            there.step()
    finally:
        torch.cuda.set_sync_debug_mode("default")
