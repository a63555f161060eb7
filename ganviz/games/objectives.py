"""The torch twins of ``theory/objectives.py``: the costs that train; a test holds value and slope equal."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor
from torch.nn.functional import softplus

from ganviz.theory.objective import LOG_2

Cost = Callable[[Tensor], Tensor]


@dataclass(frozen=True)
class Costs:
    """What D pays for its output on one real and one fake, and what G pays for D's output on one fake:
    elementwise. From them both players' losses on a batch, which both minimise.

    The losses take D's outputs on reals and on fakes and give a 0-dim tensor. ``compares``: whether G's loss
    looks at reals at all.
    """

    real: Cost
    fake: Cost
    generator: Cost
    compares: ClassVar[bool] = False

    def d_loss(self, real: Tensor, fake: Tensor) -> Tensor:
        """L_D = E real_cost + E fake_cost."""
        return self.real(real).mean() + self.fake(fake).mean()

    def g_loss(self, real: Tensor, fake: Tensor) -> Tensor:
        """L_G = E generator_cost of the fakes."""
        return self.generator(fake).mean()


class PairCosts(Costs):
    """RpGAN: the costs of the difference between each fake's output and that of the real at its place."""

    compares: ClassVar[bool] = True

    def d_loss(self, real: Tensor, fake: Tensor) -> Tensor:
        """L_D = E softplus(f_fake - f_real), in its two equal halves (Jolicoeur-Martineau 2019, Eq. 5)."""
        return (self.real(real - fake) + self.fake(fake - real)).mean()

    def g_loss(self, real: Tensor, fake: Tensor) -> Tensor:
        """L_G = E softplus(f_real - f_fake), the labels swapped (Eq. 6)."""
        return self.generator(fake - real).mean()


class AverageCosts(Costs):
    """RaGAN: the costs of the difference between each output and the mean output on the other side."""

    compares: ClassVar[bool] = True

    def d_loss(self, real: Tensor, fake: Tensor) -> Tensor:
        """The mean of E softplus(E f_fake - f_real) and E softplus(f_fake - E f_real) (Eq. 7, halved)."""
        return self.real(real - fake.mean()).mean() + self.fake(fake - real.mean()).mean()

    def g_loss(self, real: Tensor, fake: Tensor) -> Tensor:
        """The same with the labels swapped in both terms (Eq. 8, halved)."""
        return self.generator(fake - real.mean()).mean() + self.generator(fake.mean() - real).mean()


def _minus_softplus(output: Tensor) -> Tensor:
    return -softplus(output)


def _softplus_of_minus(output: Tensor) -> Tensor:
    return softplus(-output)


def _half_softplus(output: Tensor) -> Tensor:
    return 0.5 * softplus(output)


def _half_softplus_of_minus(output: Tensor) -> Tensor:
    return 0.5 * softplus(-output)


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
    "relativistic": PairCosts(_half_softplus_of_minus, _half_softplus, _softplus_of_minus),
    "relativistic_average": AverageCosts(_half_softplus_of_minus, _half_softplus, _half_softplus_of_minus),
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
