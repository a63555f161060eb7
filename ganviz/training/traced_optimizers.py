"""The optimisers' updates as torch.optim makes them on the CPU, operation for operation, for traced steps.

torch.optim itself counts steps and computes rates in Python, which a trace would freeze into constants.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from ganviz.games.player import Player, clipped


def has_begun(player: Player) -> bool:
    """Whether the optimiser has all its moments: there are none before the first eager update."""
    return _MOMENTS[player.kind](player) <= set(player.moments)


def carried_by(player: Player) -> list[Tensor]:
    """What an update of the player reads besides batches: its vector, its moments by name, its rate."""
    names = sorted(_MOMENTS[player.kind](player))
    rate = torch.tensor(player.optimizer.param_groups[0]["lr"], dtype=torch.float64)
    return [player.vector, *(player.moments[name] for name in names), rate]


def rule_of(player: Player) -> Callable[..., None]:
    """The update from a gradient and what :func:`carried_by` gives, in place."""
    group, bound = dict(player.optimizer.param_groups[0]), player.clip
    move = _RULES[player.kind]

    def rule(gradient: Tensor, *carried: Tensor) -> None:
        move(group, clipped(gradient, bound) if bound > 0 else gradient, *carried)

    return rule


def _adam(group: dict[str, Any], gradient: Tensor, vector: Tensor, *rest: Tensor) -> None:
    m, v, step, rate = rest
    # The functional form: TorchScript drops the in-place one, whose writes into lists it does not see.
    step.add_(1)
    beta1, beta2 = group["betas"]
    moved = torch.ops.aten._fused_adam.tensor_lr(
        [vector], [gradient], [m], [v], [], [step], lr=rate, beta1=beta1, beta2=beta2,
        weight_decay=0.0, eps=group["eps"], amsgrad=False, maximize=False,
    )  # fmt: skip
    for value, new in zip((vector, m, v), (moved[0], moved[2], moved[3]), strict=True):
        value.copy_(new[0])


def _sgd(group: dict[str, Any], gradient: Tensor, vector: Tensor, *rest: Tensor) -> None:
    *buffers, rate = rest
    moved = torch.ops.aten._fused_sgd.tensor_lr(
        [vector], [gradient], buffers, weight_decay=0.0, momentum=group["momentum"], lr=rate,
        dampening=0.0, nesterov=False, maximize=False, is_first_step=False,
    )  # fmt: skip
    vector.copy_(moved[0][0])
    for buffer in buffers:
        buffer.copy_(moved[2][0])


def _rmsprop(group: dict[str, Any], gradient: Tensor, vector: Tensor, *rest: Tensor) -> None:
    square, step, _ = rest
    step.add_(1)
    square.mul_(group["alpha"]).addcmul_(gradient, gradient, value=1 - group["alpha"])
    vector.addcdiv_(gradient, square.sqrt().add_(group["eps"]), value=-group["lr"])


_RULES: dict[str, Callable[..., None]] = {"adam": _adam, "sgd": _sgd, "rmsprop": _rmsprop}
_MOMENTS: dict[str, Callable[[Player], set[str]]] = {
    "adam": lambda player: {"exp_avg", "exp_avg_sq", "step"},
    "sgd": lambda player: {"momentum_buffer"} if player.optimizer.param_groups[0]["momentum"] else set(),
    "rmsprop": lambda player: {"square_avg", "step"},
}
"""The moments that an update of each optimiser needs."""
