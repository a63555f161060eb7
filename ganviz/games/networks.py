"""Multilayer perceptrons, their initial weights a function of the seed alone."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from typing import Self

import torch
from torch import Tensor, nn
from torch.nn.functional import leaky_relu, linear, silu

from ganviz.games.network import Network

ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "relu": torch.relu_,
    "leaky_relu": partial(leaky_relu, negative_slope=0.2, inplace=True),
    "tanh": torch.tanh_,
    "silu": silu,
}
"""In place where the slope follows from the result: nobody else has the values of a linear layer."""
NARROW = 32
"""Times that a layer has more outputs than inputs, from which on its weights are laid out anew."""


class MLP(Network):
    """Linear layers of ``sizes`` (inputs, hidden ..., outputs) with ``activation`` between them and
    ``output`` after the last. Maps (n, inputs) to (n, outputs).

    Weights and biases are uniform on ±1/√inputs, torch's own default for a linear layer, drawn from
    ``generator`` and from nothing else. The layers are called as functions: a module's call costs as much as
    a small product.
    """

    def __init__(
        self,
        sizes: Sequence[int],
        activation: str,
        generator: torch.Generator,
        output: Callable[[Tensor], Tensor] | None = None,
    ) -> None:
        super().__init__()
        self._activation, self._output = ACTIVATIONS[activation], output
        self.biases = nn.ParameterList()
        for inputs, outputs in pairwise(sizes):
            bound = 1.0 / math.sqrt(inputs)
            weight, bias = torch.empty(outputs, inputs), torch.empty(outputs)
            self.weights.append(nn.Parameter(weight.uniform_(-bound, bound, generator=generator)))
            self.biases.append(nn.Parameter(bias.uniform_(-bound, bound, generator=generator)))
        self._layers = self._pairs()

    def _pairs(self) -> list[tuple[Tensor, Tensor]]:
        """Weight and bias of each layer: looking into a ParameterList is slow."""
        return list(zip(self.weights, self.biases, strict=True))

    def _apply(self, fn: Callable[[Tensor], Tensor], recurse: bool = True) -> Self:
        """On the way to some devices, and as torch may be set, to all, parameters become new ones."""
        super()._apply(fn, recurse)
        self._layers = self._pairs()
        return self

    def forward(self, values: Tensor) -> Tensor:
        layers = self._layers
        if self.spectral is not None:
            layers = list(zip(self.spectral.normalised(), self.biases, strict=True))
        for weight, bias in layers[:-1]:
            values = self._activation(_layer(values, weight, bias))
        values = _layer(values, *layers[-1])
        return self._output(values) if self._output else values


def _layer(values: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """A linear layer. With few inputs the products of its backward pass are several times faster on weights
    that lie input by input; a copy of so few costs next to nothing."""
    outputs, inputs = weight.shape
    if outputs < NARROW * inputs:
        return linear(values, weight, bias)
    return torch.addmm(bias, values, weight.t().contiguous())


def one_output(values: Tensor) -> Tensor:
    """(n, 1) to (n,): one output (logit or score) a sample."""
    return values.squeeze(-1)
