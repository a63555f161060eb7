"""The players' networks: multilayer perceptrons, their initial weights a function of the seed alone."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn

ACTIVATIONS: dict[str, Callable[[], nn.Module]] = {
    "relu": nn.ReLU,
    "leaky_relu": lambda: nn.LeakyReLU(0.2),
    "tanh": nn.Tanh,
    "silu": nn.SiLU,
}


def mlp(
    sizes: Sequence[int], activation: str, generator: torch.Generator, output: nn.Module | None = None
) -> nn.Sequential:
    """Linear layers of ``sizes`` (inputs, hidden ..., outputs) with ``activation`` between them and
    ``output`` after the last.

    Weights and biases are uniform on ±1/√inputs, torch's own default for a linear layer, drawn from
    ``generator`` and from nothing else.
    """
    layers: list[nn.Module] = []
    for inputs, outputs in pairwise(sizes):
        linear = nn.utils.skip_init(nn.Linear, inputs, outputs)
        bound = 1.0 / math.sqrt(inputs)
        with torch.no_grad():
            linear.weight.uniform_(-bound, bound, generator=generator)
            linear.bias.uniform_(-bound, bound, generator=generator)
        layers += [linear, ACTIVATIONS[activation]()]
    layers[-1:] = [output] if output else []
    return nn.Sequential(*layers)


class Outputs(nn.Module):
    """Drops the last axis of size 1: one output (logit or score) a sample, shape (n,)."""

    def forward(self, values: Tensor) -> Tensor:
        return values.squeeze(-1)
