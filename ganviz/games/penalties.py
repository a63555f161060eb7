"""What may be added to D's loss or done to its inputs so that the game behaves: one function a method.

Everywhere ``critic`` maps points (n, dim) to outputs (n,), logits or scores alike; gradients are taken of the
output, never of D = sigma(output). Nothing here draws random numbers: they come in as arguments, so that an
update stays a function of (seed, its number).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import softplus

Critic = Callable[[Tensor], Tensor]
Measure = Callable[[Critic, Tensor, Tensor, Tensor], Tensor]


def slopes(critic: Critic, points: Tensor) -> Tensor:
    """The gradient of each output in its own point, (n, dim); differentiable once more, in D's weights too.

    Points that depend on G's weights stay joined to them.
    """
    at = points if points.requires_grad else points.clone().requires_grad_()
    return torch.autograd.grad(critic(at).sum(), at, create_graph=True)[0]


def slope_norms(critic: Critic, points: Tensor) -> Tensor:
    """||grad f|| at each point, (n,); where it is 0 its own derivative is taken as 0, not as NaN."""
    return torch.linalg.vector_norm(slopes(critic, points), dim=1)


def gradient_penalty(critic: Critic, real: Tensor, fake: Tensor, uniform: Tensor) -> Tensor:
    """E(||grad f(x^)|| - 1)^2 at x^ = u x + (1 - u) G(z), one u of U[0, 1) for each pair of a real and a
    fake.

    ``uniform`` is (n, dim), of which the first column is used. Gulrajani et al. 2017, Eq. 3 and Algorithm 1.
    """
    share = uniform[:, :1]
    return (slope_norms(critic, share * real + (1.0 - share) * fake) - 1.0).square().mean()


def r1(critic: Critic, real: Tensor, fake: Tensor, uniform: Tensor) -> Tensor:
    """E_p ||grad f||^2 / 2, on the reals. Mescheder, Geiger and Nowozin 2018, Eq. 9, with its half."""
    return 0.5 * slopes(critic, real).square().sum(1).mean()


def r2(critic: Critic, real: Tensor, fake: Tensor, uniform: Tensor) -> Tensor:
    """E_q ||grad f||^2 / 2, on the fakes. Mescheder, Geiger and Nowozin 2018, Eq. 10, with its half."""
    return 0.5 * slopes(critic, fake).square().sum(1).mean()


def dragan(critic: Critic, real: Tensor, fake: Tensor, uniform: Tensor) -> Tensor:
    """E(||grad f(x + d)|| - 1)^2 close to the reals. Kodali et al. 2017, Algorithm 1.

    The displacement d is that of the authors' program, s/2 times U[0, 1) in each component, with s the
    standard deviation of all values of the batch; the paper's text has a Gaussian of a scale to be tuned.
    """
    return (slope_norms(critic, real + 0.5 * real.std() * uniform) - 1.0).square().mean()


@dataclass(frozen=True)
class Penalty:
    """A term of D's loss: its strength is the setting ``setting``, times ``measure``(critic, reals, fakes,
    uniform numbers (n, dim) of the update), a 0-dim tensor.
    """

    setting: str
    title: str
    measure: Measure


PENALTIES: tuple[Penalty, ...] = (
    Penalty("gradient_penalty", "WGAN-GP", gradient_penalty),
    Penalty("r1", "R1", r1),
    Penalty("r2", "R2", r2),
    Penalty("dragan", "DRAGAN", dragan),
)
"""The penalties on D's slope. They add up."""


def smoothed_cross_entropy(real: Tensor, fake: Tensor, real_target: float, fake_target: float) -> Tensor:
    """D's cross-entropy with targets alpha for reals and beta for fakes in place of 1 and 0, summed as L_D
    is.

    E[alpha sp(-a) + (1 - alpha) sp(a)] over reals, the same with beta over fakes, a the logits, sp softplus.
    D* = (alpha p + beta q) / (p + q): Salimans et al. 2016, section 3.4.
    """
    on_real = real_target * softplus(-real) + (1.0 - real_target) * softplus(real)
    on_fake = fake_target * softplus(-fake) + (1.0 - fake_target) * softplus(fake)
    return on_real.mean() + on_fake.mean()


def noise_level(sigma: float, updates: int, number: int) -> float:
    """The spread of the instance noise at D's update ``number``: sigma, falling on a straight line to 0 over
    ``updates`` updates; 0 updates: it stays. Sønderby et al. 2017, section 3; Arjovsky and Bottou 2017,
    section 3."""
    return sigma * max(0.0, 1.0 - number / updates) if updates else sigma
