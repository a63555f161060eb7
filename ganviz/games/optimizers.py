"""The optimisers: how a gradient moves a player's weights, all of them one vector.

Written as operations on tensors alone, so that the same lines move the weights step by step and inside a
traced graph. torch.optim's own classes count steps and compute rates in Python, which a trace freezes into
constants; a test holds these equal to them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

EPSILON = 1e-8


@dataclass(frozen=True)
class Settings:
    """What an update depends on besides its rate; each optimiser reads its own."""

    momentum: float
    beta1: float
    beta2: float


@dataclass(frozen=True)
class Optimizer:
    """``move``(settings, gradient, vector, *moments, rate) moves ``vector`` (weights,) and its moments in
    place; ``rate`` is a number or a 0-dim tensor. ``moments``: their names, all of them 0 at first; ``step``
    is a 0-dim count of updates, the others are as long as the vector."""

    move: Callable[..., None]
    moments: tuple[str, ...]

    def start(self, vector: Tensor) -> dict[str, Tensor]:
        """The moments of a vector that has not moved yet."""
        return {
            name: vector.new_zeros(()) if name == "step" else torch.zeros_like(vector)
            for name in self.moments
        }


def _sgd(s: Settings, gradient: Tensor, vector: Tensor, buffer: Tensor, rate: Tensor) -> None:
    """Momentum in torch's form, Sutskever et al. 2013 without the damping: b <- mu b + g, w <- w - eta b."""
    buffer.mul_(s.momentum).add_(gradient)
    vector.sub_(buffer * rate)


def _adam(s: Settings, gradient: Tensor, vector: Tensor, *rest: Tensor) -> None:
    """Kingma and Ba 2015, Algorithm 1, by torch's fused kernel.

    Its functional form: TorchScript drops the in-place one, whose writes into lists it does not see.
    """
    first, second, step, rate = rest
    step.add_(1)
    fused = torch.ops.aten._fused_adam
    moved = (fused.tensor_lr if isinstance(rate, Tensor) else fused.default)(
        [vector], [gradient], [first], [second], [], [step], lr=rate, beta1=s.beta1, beta2=s.beta2,
        weight_decay=0.0, eps=EPSILON, amsgrad=False, maximize=False,
    )  # fmt: skip
    for value, new in zip((vector, first, second), (moved[0], moved[2], moved[3]), strict=True):
        value.copy_(new[0])


def _rmsprop(s: Settings, gradient: Tensor, vector: Tensor, square: Tensor, rate: Tensor) -> None:
    """Tieleman and Hinton 2012: v <- beta2 v + (1 - beta2) g^2, w <- w - eta g / (sqrt(v) + epsilon)."""
    square.mul_(s.beta2).addcmul_(gradient, gradient, value=1.0 - s.beta2)
    vector.sub_(gradient / square.sqrt().add_(EPSILON) * rate)


OPTIMIZERS: dict[str, Optimizer] = {
    "sgd": Optimizer(_sgd, ("momentum_buffer",)),
    "adam": Optimizer(_adam, ("exp_avg", "exp_avg_sq", "step")),
    "rmsprop": Optimizer(_rmsprop, ("square_avg",)),
}
