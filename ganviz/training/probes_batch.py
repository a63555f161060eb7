"""The training loop's numbers on one batch: what each of its lines computes at the weights of this moment."""

from __future__ import annotations

import torch
from torch import Tensor

from ganviz.games.gan import GAN
from ganviz.games.streams import generator
from ganviz.training.probe import Values, array, norm


def drawn(game: GAN, step: int) -> tuple[Tensor, Tensor]:
    """As many reals and fakes (rows, dim) as a batch has, drawn for the looks at ``step``; G's weights feel
    what is made of the fakes."""
    rows = game.experiment.batch_size
    source = generator(game.experiment.seed, "measure", step)
    latents = game.place(game.draw_latents(source, rows))
    real = game.place(game.source.sample(source, rows))
    return real, game.g.network(latents)


def batch(game: GAN, step: int) -> Values:
    """One pass through Algorithm 1's lines on a batch drawn for this look; nobody moves.

    ``output_real``, ``output_fake`` (rows,): D's output, behind the instance noise where there is any;
    ``d_loss``, ``g_loss``: means of the running objective's costs on them, without penalties; ``d_grad``,
    ``g_grad``: 2-norms of what the players' updates would feel, D's with its penalties, before any clipping;
    ``real_mean``, ``fake_mean`` (dim,). G is rated on the same fakes as D, so that all numbers belong
    together (Algorithm 1 draws fresh noise for G).
    """
    real, fakes = drawn(game, step)
    judged = game.judge(real, fakes)
    g_loss = game.costs.g_loss(judged.real, judged.fake)
    d_slopes = torch.autograd.grad(judged.trained, game.d.parameters, retain_graph=True)
    g_slopes = torch.autograd.grad(g_loss, game.g.parameters)
    return {
        "output_real": array(judged.real),
        "output_fake": array(judged.fake),
        "d_loss": judged.loss.item(),
        "g_loss": g_loss.item(),
        "d_grad": norm(d_slopes),
        "g_grad": norm(g_slopes),
        "real_mean": array(real.mean(0)),
        "fake_mean": array(fakes.mean(0)),
    }
