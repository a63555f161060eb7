"""The torch twins of ``theory/objectives.py``: the costs that train. A test holds both equal, value and
slope."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import softplus

from ganviz.theory.objective import LOG_2

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


def _exp_of_one_less(output: Tensor) -> Tensor:
    return torch.exp(output) / math.e  # v - 1 first would round v, and the exponential would magnify that


COSTS: dict[str, Costs] = {
    "minimax": Costs(_softplus_of_minus, softplus, _minus_softplus),
    "non_saturating": Costs(_softplus_of_minus, softplus, _softplus_of_minus),
    "least_squares": Costs(_half_square_from_one, _half_square, _half_square_from_one),
    "wasserstein": Costs(torch.neg, torch.clone, torch.neg),
    "hinge": Costs(lambda f: torch.relu(1.0 - f), lambda f: torch.relu(1.0 + f), torch.neg),
    "maximum_likelihood": Costs(_softplus_of_minus, softplus, lambda a: -torch.exp(a)),
    "least_squares_centred": Costs(_half_square_from_one, lambda f: 0.5 * (f + 1.0).square(), _half_square),
    "f_kl": Costs(torch.neg, _exp_of_one_less, lambda v: -_exp_of_one_less(v)),
    "f_reverse_kl": Costs(lambda v: torch.exp(-v), lambda v: v - 1.0, lambda v: 1.0 - v),
    "f_pearson": Costs(torch.neg, lambda v: 0.25 * v.square() + v, lambda v: -(0.25 * v.square() + v)),
    "f_squared_hellinger": Costs(lambda v: torch.expm1(-v), torch.expm1, lambda v: -torch.expm1(v)),
    "f_jensen_shannon": Costs(
        lambda v: softplus(-v) - LOG_2, lambda v: softplus(v) - LOG_2, lambda v: LOG_2 - softplus(v)
    ),
    "f_gan": Costs(_softplus_of_minus, softplus, _minus_softplus),
}
