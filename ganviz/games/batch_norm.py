"""Batch normalisation (Ioffe and Szegedy 2015), and whose statistics it takes when."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import batch_norm

MOMENTUM = 0.1
"""Weight of the newest batch in the running averages, torch's own default."""
EPSILON = 1e-5

Statistics = tuple[Tensor, Tensor]
"""Variance and mean of each channel."""


class BatchNorm(nn.Module):
    """(x - mean) / sqrt(variance + epsilon) times a gain plus a bias, for each channel of (n, channels, ...).

    The gain begins as N(1, 0.02²), as DCGAN's authors have it, the bias at 0. Mean and variance are those of
    the batch, in training as in every picture of it. ``tracks``: the batch enters the running averages as
    well. ``held``: the statistics of another batch stand in for this one's; ``notes``: this batch's are put
    there for that.
    """

    running_mean: Tensor
    running_var: Tensor

    def __init__(self, channels: int, generator: torch.Generator) -> None:
        super().__init__()
        self.gain = nn.Parameter(torch.empty(channels).normal_(1.0, 0.02, generator=generator))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))
        self.tracks = self.notes = False
        self.held: Statistics | None = None

    def forward(self, values: Tensor) -> Tensor:
        if self.notes:
            others = [axis for axis in range(values.dim()) if axis != 1]
            self.held = torch.var_mean(values, others, correction=0)
        if self.held is not None:
            variance, mean = self.held
            return batch_norm(values, mean, variance, self.gain, self.bias, eps=EPSILON)
        averages = self.running_mean, self.running_var
        mean, variance = averages if self.tracks else (None, None)  # type: ignore[assignment]
        return batch_norm(values, mean, variance, self.gain, self.bias, True, MOMENTUM, EPSILON)
