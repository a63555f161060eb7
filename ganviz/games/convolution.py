"""The networks of DCGAN (Radford, Metz and Chintala 2016) for images of 8, 16, 28 or 64 pixels a side.

With nf filters the generator projects z to a small image of many channels, from where each layer doubles the
side and halves the channels, down to nf; the last one makes the image:

    side    start     generator                       discriminator
     8      2 x 2     2nf, nf, image                  nf, 2nf, 1
    16      4 x 4     2nf, nf, image                  nf, 2nf, 1
    28      7 x 7     2nf, nf, image                  nf, 2nf, 1
    64      4 x 4     8nf, 4nf, 2nf, nf, image        nf, 2nf, 4nf, 8nf, 1

All convolutions are 4 x 4 with stride 2 and padding 1: nothing is pooled. The generator's are transposed,
with batch normalisation and ReLU after each and tanh at its end; the discriminator's have batch normalisation
and LeakyReLU 0.2. There is no batch normalisation at G's output nor at D's input, and no bias beside it.
64 x 64 is the paper's Figure 1; with 100 components of z, nf 64 and colour G has 3,576,704 parameters and D
2,765,568. 28 x 28 begins at 7 x 7 with 2nf and nf channels as the authors' own network for MNIST, without its
inner fully connected layers, class labels and 5 x 5 kernels.
"""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn.functional import conv2d, conv_transpose2d, fold, leaky_relu, linear

from ganviz.games.batch_norm import BatchNorm
from ganviz.games.network import Network

LAYERS = {8: (2, 2), 16: (4, 2), 28: (7, 2), 64: (4, 4)}
"""Of each side of an image: the side at which the generator starts, and how often it doubles."""
KERNEL, STRIDE, PADDING = 4, 2, 1
SPREAD = 0.02
"""Standard deviation of all initial weights."""
SLOPE = 0.2
"""Of LeakyReLU below 0."""

Shape = tuple[int, int, int]


def enlarged(values: Tensor, weight: Tensor) -> Tensor:
    """The transposed convolution of (n, inputs, side, side) with a weight (inputs, outputs, 4, 4): (n,
    outputs, 2 side, 2 side). On a CPU a grey image is made as one product whose overlapping squares are
    added up: the same numbers in half the time, because torch's own has room for many channels.
    """
    if weight.shape[1] > 1 or values.device.type != "cpu":
        return conv_transpose2d(values, weight, stride=STRIDE, padding=PADDING)
    squares = (values.permute(0, 2, 3, 1).flatten(1, 2) @ weight.flatten(1)).transpose(1, 2)
    high, wide = values.shape[2:]
    return fold(squares, (STRIDE * high, STRIDE * wide), KERNEL, padding=PADDING, stride=STRIDE)


class Convolutions(Network):
    """What both networks have: weights, which lie channels last, and between them batch normalisation or,
    where it is switched off, a bias. ``channels``: of each layer, from the image inwards."""

    def __init__(self, shape: Shape, filters: int) -> None:
        super().__init__()
        channels, side, _ = shape
        self.shape = shape
        self.start, doublings = LAYERS[side]
        self.channels = [channels, *(filters * 2**level for level in range(doublings))]
        self.biases = nn.ParameterList()

    @property
    def _small(self) -> int:
        """Numbers of one small image at the inner end."""
        return self.start**2 * self.channels[-1]

    def _add(self, generator: torch.Generator, *shape: int) -> None:
        weight = torch.empty(shape).normal_(0.0, SPREAD, generator=generator)
        if weight.dim() == 4:
            weight = weight.contiguous(memory_format=torch.channels_last)
        self.weights.append(nn.Parameter(weight))

    def _add_norm(self, generator: torch.Generator, channels: int, normalised: bool) -> None:
        if normalised:
            self.norms.append(BatchNorm(channels, generator))
        else:
            self.biases.append(nn.Parameter(torch.zeros(channels)))

    def _normalise(self, values: Tensor, layer: int) -> Tensor:
        if self.norms:
            normalised: Tensor = self.norms[layer](values)
            return normalised
        return values + self.biases[layer].view(-1, 1, 1)


class ConvGenerator(Convolutions):
    """Maps z (n, latent_dim) to images (n, dim) in (-1, 1), channel by channel and row by row."""

    def __init__(
        self,
        latent_dim: int,
        shape: Shape,
        filters: int,
        generator: torch.Generator,
        normalised: bool = True,
    ) -> None:
        super().__init__(shape, filters)
        inwards = self.channels[::-1]
        self._add(generator, self._small, latent_dim)
        for inputs, outputs in pairwise(inwards):
            self._add_norm(generator, inputs, normalised)
            self._add(generator, inputs, outputs, KERNEL, KERNEL)

    def forward(self, latents: Tensor) -> Tensor:
        first, *rest = self.weights
        values = linear(latents, first).view(-1, self.start, self.start, self.channels[-1])
        values = values.permute(0, 3, 1, 2)  # the values of a place lie beside each other: channels last
        for layer, weight in enumerate(rest):
            values = torch.relu_(self._normalise(values, layer))
            values = enlarged(values, weight)
        return torch.tanh(values).flatten(1)


class ConvDiscriminator(Convolutions):
    """Maps images (n, dim) to outputs (n,), logits or scores."""

    def __init__(
        self, shape: Shape, filters: int, generator: torch.Generator, normalised: bool = True
    ) -> None:
        super().__init__(shape, filters)
        for level, (inputs, outputs) in enumerate(pairwise(self.channels)):
            self._add(generator, outputs, inputs, KERNEL, KERNEL)
            if level:
                self._add_norm(generator, outputs, normalised)
        self._add(generator, 1, self._small)

    def forward(self, images: Tensor) -> Tensor:
        weights = self.spectral.normalised() if self.spectral else list(self.weights)
        values = images.view(-1, *self.shape).contiguous(memory_format=torch.channels_last)
        for layer, weight in enumerate(weights[:-1]):
            values = conv2d(values, weight, stride=STRIDE, padding=PADDING)
            if layer:
                values = self._normalise(values, layer - 1)
            values = leaky_relu(values, SLOPE, inplace=True)
        return linear(values.permute(0, 2, 3, 1).flatten(1), weights[-1]).squeeze(1)
