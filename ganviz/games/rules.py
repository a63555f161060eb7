"""Moves of both players at once. Each takes the game from one point to the next and returns what was seen at
the first.

With v = (-grad_psi L_D, -grad_theta L_G) at w = (psi, theta), and eta for what the optimisers make of a step:

    simultaneous     w <- w + eta v(w)
    extragradient    w' = w + eta v(w);  w <- w + eta v(w')
    consensus        w <- w + eta [v(w) - gamma grad (||v||^2 / 2)(w)]

L_D is the loss that D descends, with its penalties. An update of one player alone (D's head start, Step D,
Step G) is a plain one under every order.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import torch
from torch import Tensor

if TYPE_CHECKING:
    from ganviz.games.gan import GAN, Judged

Move = Callable[["GAN"], "tuple[Judged, Tensor]"]


def simultaneous(game: GAN) -> tuple[Judged, Tensor]:
    """Both feel their gradients at the same weights, then both move."""
    judged, g_loss = _feel(game)
    game.move_discriminator()
    game.g.move()
    return judged, g_loss


def extragradient(game: GAN) -> tuple[Judged, Tensor]:
    """Both look one move ahead, and move from where they were by the gradients found there.

    Korpelevich 1976; Gidel et al. 2019, Algorithm 3 and, with Adam, Algorithm 4: the moments take in both
    gradients. Both halves see the same samples (Mishchenko et al. 2020: with fresh ones for the second half
    even the bilinear game diverges). Weight clipping is the projection, and holds in both halves.
    """
    judged, g_loss = _feel(game)
    d_behind, g_behind = game.d.look_ahead(), game.g.look_ahead()
    game.clip_discriminator()
    _feel(game)
    game.d.put_back(d_behind)
    game.g.put_back(g_behind)
    game.move_discriminator()
    game.g.move()
    return judged, g_loss


def consensus(game: GAN) -> tuple[Judged, Tensor]:
    """Both also shorten the field: Mescheder, Nowozin and Geiger 2017, Algorithm 2; gamma is the setting.

    As in the authors' program each player's optimiser is given grad L + gamma grad (||v||^2 / 2).
    """
    judged, g_loss = game.both_losses(joined=True)
    players = (game.d, judged.trained), (game.g, g_loss)
    parameters = [parameter for player, _ in players for parameter in player.parameters]
    gradients = [
        gradient
        for player, loss in players
        for gradient in torch.autograd.grad(loss, player.parameters, create_graph=True)
    ]
    half_square = 0.5 * torch.stack([gradient.square().sum() for gradient in gradients]).sum()
    pulls = torch.autograd.grad(half_square, parameters, allow_unused=True, materialize_grads=True)
    bent = [g.detach() + game.experiment.consensus * p for g, p in zip(gradients, pulls, strict=True)]
    game.d.take(bent[: len(game.d.parameters)])
    game.g.take(bent[len(game.d.parameters) :])
    game.move_discriminator()
    game.g.move()
    return judged.detach(), g_loss.detach()


def _feel(game: GAN) -> tuple[Judged, Tensor]:
    """The gradients of both players at the weights as they are."""
    judged, g_loss = game.both_losses()
    game.d.feel(judged.trained)
    game.g.feel(g_loss)
    return judged.detach(), g_loss.detach()


MOVES: dict[str, Move] = {
    "simultaneous": simultaneous,
    "extragradient": extragradient,
    "consensus": consensus,
}
"""The orders in which both players move at once, by the setting ``update_order``."""
