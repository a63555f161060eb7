"""The torch twins of ``theory/objectives.py``: the costs that train. A test holds both equal, value and
slope."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import softplus

Cost = Callable[[Tensor], Tensor]


@dataclass(frozen=True)
class Costs:
    """What D pays for its output on one real and one fake, and what G pays for it; elementwise, both players
    minimise."""

    real: Cost
    fake: Cost
    generator: Cost


def _minus_softplus(output: Tensor) -> Tensor:
    return -softplus(output)


def _softplus_of_minus(output: Tensor) -> Tensor:
    return softplus(-output)


def _half_square(output: Tensor) -> Tensor:
    return 0.5 * output.square()


def _half_square_from_one(output: Tensor) -> Tensor:
    return 0.5 * (output - 1.0).square()


COSTS: dict[str, Costs] = {
    "minimax": Costs(_softplus_of_minus, softplus, _minus_softplus),
    "non_saturating": Costs(_softplus_of_minus, softplus, _softplus_of_minus),
    "least_squares": Costs(_half_square_from_one, _half_square, _half_square_from_one),
    "wasserstein": Costs(torch.neg, torch.clone, torch.neg),
    "hinge": Costs(lambda f: torch.relu(1.0 - f), lambda f: torch.relu(1.0 + f), torch.neg),
}
