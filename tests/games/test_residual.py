"""The image generators of a CycleGAN against torch's own modules, layer by layer."""

import itertools

import pytest
import torch
from torch import nn

from ganviz.experiment import Experiment, ExperimentError
from ganviz.games.convolution import ConvDiscriminator
from ganviz.games.cyclegan import CycleGAN
from ganviz.games.residual import ResidualGenerator

CPU = torch.device("cpu")


class Block(nn.Module):
    """y = x + norm(conv(relu(norm(conv(x)))))."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.second = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.norm = nn.InstanceNorm2d(width)

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        inside = torch.relu(self.norm(self.first(values)))
        return values + self.norm(self.second(inside))


def by_modules(shape: tuple[int, int, int], filters: int, halvings: int) -> nn.Sequential:
    """Encoder, two blocks, decoder, out of torch's modules."""
    channels = shape[0]
    widths = [filters * 2**level for level in range(halvings + 1)]
    layers: list[nn.Module] = [nn.Conv2d(channels, filters, 3, padding=1, bias=False)]
    layers += [nn.InstanceNorm2d(filters), nn.ReLU()]
    for outer, inner in itertools.pairwise(widths):
        layers += [nn.Conv2d(outer, inner, 4, 2, 1, bias=False), nn.InstanceNorm2d(inner), nn.ReLU()]
    layers += [Block(widths[-1]), Block(widths[-1])]
    for outer, inner in reversed(list(itertools.pairwise(widths))):
        up = nn.ConvTranspose2d(inner, outer, 4, 2, 1, bias=False)
        layers += [up, nn.InstanceNorm2d(outer), nn.ReLU()]
    return nn.Sequential(*layers, nn.Conv2d(filters, channels, 3, padding=1), nn.Tanh())


@pytest.mark.parametrize(("side", "channels", "halvings"), [(8, 1, 0), (16, 3, 0), (28, 1, 1), (64, 3, 2)])
def test_it_is_what_torchs_modules_make(side: int, channels: int, halvings: int) -> None:
    shape = (channels, side, side)
    network = ResidualGenerator(shape, 4, torch.Generator().manual_seed(0))
    modules = by_modules(shape, 4, halvings)
    mine = [weight.detach() for weight in network.weights]
    theirs = [parameter for parameter in modules.parameters() if parameter.dim() == 4]
    assert [weight.shape for weight in mine] == [weight.shape for weight in theirs]
    with torch.no_grad():
        for weight, other in zip(mine, theirs, strict=True):
            other.copy_(weight)
        list(modules.parameters())[-1].copy_(network.biases[0])
        images = torch.rand(5, channels * side * side) * 2 - 1
        torch.testing.assert_close(network(images), modules(images.view(-1, *shape)).flatten(1))
    spread = torch.cat([weight.flatten() for weight in mine]).std()
    assert spread == pytest.approx(0.02, rel=0.1)


def test_sides_that_cannot_be_halved_are_refused() -> None:
    with pytest.raises(ValueError, match="images of 31 pixels a side; accepted: a multiple of 2"):
        ResidualGenerator((1, 31, 31), 4, torch.Generator())


def test_a_cyclegan_of_images_plays_with_them() -> None:
    chosen = Experiment.preset("cyclegan-digits").replace(filters=4, batch_size=8)
    game = CycleGAN(chosen, CPU)
    assert isinstance(game.f.network, ResidualGenerator) and isinstance(game.dx.network, ConvDiscriminator)
    assert not game.dx.network.norms
    before = game.g.vector.clone()
    seen = game.step()
    assert 0.0 < float(seen.g.cycle_x) < 2.0 and not torch.equal(game.g.vector, before)
    again = CycleGAN(chosen, CPU)
    again.load(game.state())
    assert all(
        torch.equal(one, other)
        for one, other in zip(game.state().values(), again.state().values(), strict=True)
    )
    assert game.g.network(game.fixed_x).abs().max() <= 1.0


def test_an_image_is_translated_alone() -> None:
    """Instance normalisation: an output does not depend on the rest of its batch."""
    network = ResidualGenerator((1, 8, 8), 4, torch.Generator().manual_seed(1))
    images = torch.rand(6, 64) * 2 - 1
    with torch.no_grad():
        torch.testing.assert_close(network(images)[2:3], network(images[2:3]))


def test_points_are_refused() -> None:
    with pytest.raises(ExperimentError, match="convolutions make images"):
        Experiment.preset("cyclegan-moons").replace(network="dcgan")
