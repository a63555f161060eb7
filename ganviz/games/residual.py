"""The generators of CycleGAN for images: an encoder, residual blocks, a decoder (Zhu et al. 2017, Section 4
and appendix, after Johnson et al. 2016), at a size for small images.

With nf filters: a 3 x 3 convolution to nf channels; convolutions of stride 2, each of which halves the side
and doubles the channels (none below 28 pixels, where it would see the whole image at once and pair at will;
one; two at 64 pixels); two residual blocks of two 3 x 3 convolutions; transposed convolutions back to the
image's side; a 3 x 3 convolution to the image, and tanh. Behind every convolution but those of a block's end
and the last come instance normalisation and ReLU, as in the paper, whose first and last kernels are 7 x 7 and
whose blocks are six or nine. Borders are filled with zeros.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import conv2d, conv_transpose2d, group_norm

from ganviz.games.network import Network

Shape = tuple[int, int, int]
SPREAD = 0.02
"""Standard deviation of all initial weights."""
BLOCKS = 2
HALVED = (28, 64)
"""From each of these sides on the encoder halves once more."""


class ResidualGenerator(Network):
    """Maps images (n, dim) to images (n, dim) in (-1, 1), channel by channel and row by row.

    ``weights`` lie in the order in which they are met. ValueError for sides that cannot be halved so often.
    """

    def __init__(self, shape: Shape, filters: int, generator: torch.Generator) -> None:
        super().__init__()
        channels, side, _ = shape
        self.shape, self.halvings = shape, sum(side >= least for least in HALVED)
        if side % 2**self.halvings:
            raise ValueError(f"images of {side} pixels a side; accepted: a multiple of {2**self.halvings}")
        self.biases = nn.ParameterList()
        widths = [filters * 2**level for level in range(self.halvings + 1)]
        self._add(generator, widths[0], channels, 3)
        for inner, outer in zip(widths[1:], widths[:-1], strict=True):
            self._add(generator, inner, outer, 4)
        for _ in range(2 * BLOCKS):
            self._add(generator, widths[-1], widths[-1], 3)
        for inner, outer in zip(widths[:0:-1], widths[-2::-1], strict=True):
            self._add(generator, inner, outer, 4)
        self._add(generator, channels, widths[0], 3)
        self.biases.append(nn.Parameter(torch.zeros(channels)))

    def _add(self, generator: torch.Generator, first: int, second: int, kernel: int) -> None:
        weight = torch.empty(first, second, kernel, kernel).normal_(0.0, SPREAD, generator=generator)
        self.weights.append(nn.Parameter(weight))

    def forward(self, images: Tensor) -> Tensor:
        weights = iter(self.weights)
        values = _active(conv2d(images.view(-1, *self.shape), next(weights), padding=1))
        for _ in range(self.halvings):
            values = _active(conv2d(values, next(weights), stride=2, padding=1))
        for _ in range(BLOCKS):
            inside = _active(conv2d(values, next(weights), padding=1))
            values = values + _normalised(conv2d(inside, next(weights), padding=1))
        for _ in range(self.halvings):
            values = _active(conv_transpose2d(values, next(weights), stride=2, padding=1))
        made = torch.tanh(conv2d(values, next(weights), self.biases[0], padding=1))
        return made.flatten(1)


def _normalised(values: Tensor) -> Tensor:
    """Instance normalisation (Ulyanov et al. 2016), without weights of its own: every channel is a group. The
    quickest way on a CPU, on values that do not lie channels last."""
    return group_norm(values, values.shape[1])


def _active(values: Tensor) -> Tensor:
    return torch.relu_(_normalised(values))
