"""D beside a critic, between the fakes and the reals (Arjovsky et al. 2017, Figure 2).

One of the two is the run's own; the other, the reference, is trained here, a little at each look, on what the
run's generator makes at that moment. It has weights, optimiser and batches of its own, so the run stays bit
for bit what it is without it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from weakref import WeakKeyDictionary

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import softplus

from ganviz.games.gan import GAN
from ganviz.games.making import make_discriminator
from ganviz.games.network import Network, outputs_on
from ganviz.games.objectives import COSTS
from ganviz.games.player import Player
from ganviz.games.precision import in_float64
from ganviz.games.streams import generator, torch_generator
from ganviz.theory.divergences import wasserstein_1d
from ganviz.theory.objectives import OBJECTIVES
from ganviz.training.probe import FloatArray, Values, array, through

SECONDS, MOST_UPDATES = 0.008, 40
"""What one look may spend on the reference: it ends with the update in which either is used up."""
ROWS = 64
LINE_POINTS, BETWEEN_POINTS = 321, 501
BEYOND = 0.6
"""How far the line goes on beyond the samples, as a share of their range; an axis ends before."""
SAMPLES, SAMPLES_BEYOND_A_LINE = 2_048, 1_024
"""Reals, and as many fakes, behind the gap; fewer where no W1 stands beside it and networks cost more."""
WEIGHT_BINS = 41
USUAL_CLIP = 0.01
"""Arjovsky et al. 2017, Algorithm 1; for a reference critic where the experiment clips nothing."""
AT_THE_BOUND = 0.999
"""Share of c from which on a weight counts as lying at ±c."""

SETTINGS = {
    "d": {"d_optimizer": "adam", "d_learning_rate": 1e-3, "d_beta1": 0.5, "d_beta2": 0.999},
    "critic": {"d_optimizer": "rmsprop", "d_learning_rate": 5e-5, "d_beta2": 0.99},
}
"""The optimisers of the two references; the critic's is that of the paper."""
COST = {"d": "minimax", "critic": "wasserstein"}


class Reference:
    """A network of D's layers that is trained beside the run: as a discriminator ("d": logit loss, Adam
    1e-3) or as a critic ("critic": Wasserstein loss, RMSProp 5e-5, weights clipped to ±c)."""

    def __init__(self, game: GAN, kind: str) -> None:
        experiment = game.experiment
        weights = torch_generator(experiment.seed, "reference")
        network = make_discriminator(experiment, game.source, weights).to(game.device)
        settings = experiment.model_copy(update={**SETTINGS[kind], "d_gradient_clip": 0.0})
        self._player, self._costs, self._kind = Player("d", network, settings), COSTS[COST[kind]], kind

    @property
    def network(self) -> Network:
        """The network itself."""
        return self._player.network

    @property
    def updates(self) -> int:
        """How often it has been updated."""
        return self._player.count

    def train(self, game: GAN, clock: Callable[[], float] = time.perf_counter) -> None:
        """A few updates against the generator of this moment."""
        end, last = clock() + SECONDS, self.updates + MOST_UPDATES
        while self.updates < last:
            self._update(game)
            if clock() >= end:
                return

    def _update(self, game: GAN) -> None:
        source = generator(game.experiment.seed, "reference", self.updates + 1)
        real = game.place(game.source.sample(source, ROWS))
        with torch.no_grad():
            fake = game.g.network(game.place(game.draw_latents(source, ROWS)))
        on_real, on_fake = outputs_on(self.network, real, fake)
        self._player.feel(self._costs.d_loss(on_real, on_fake))
        self._player.move()
        if self._kind == "critic":
            self._player.clamp(clip_of(game))


_references: WeakKeyDictionary[GAN, dict[str, Reference]] = WeakKeyDictionary()


def clip_of(game: GAN) -> float:
    """The bound c of the critic's weights."""
    return game.experiment.weight_clip or USUAL_CLIP


def critic(game: GAN, step: int) -> Values | None:
    """D and a critic f along the line through the fakes' and the reals' mean, f's weights and its gap.

    ``at`` (321,): places on the line, x itself in 1-D (``is_line``), else the distance from the fakes'
    mean; ``core`` (2,): where 99 % of the samples lie; ``ends`` (2,): the fakes' and the reals' mean.
    ``d``, ``f`` and their slopes ``d_slope``, ``f_slope`` (321,), per data unit; ``d_ratio``, ``f_ratio``:
    largest over smallest |slope| between the two means. ``real_at``, ``fake_at`` (500,): the samples'
    places. ``weight_edges``, ``weight_counts``: all the critic's parameters; ``bound`` c and the share
    ``at_bound`` of them at ±c (NaN where nothing is clipped). ``gap``: E f(x) - E f(G(z)), beside ``w1`` of
    the same ``samples`` of each (1-D only). ``reference`` names which of the two is not the run's own,
    ``updates`` how far that is. None for convolutions, whose samples on such a line are blends of images.
    """
    if game.experiment.network == "dcgan":
        return None
    kind = "critic" if OBJECTIVES[game.experiment.objective].is_probability else "d"
    known = _references.setdefault(game, {})
    reference = known[kind] = known.get(kind) or Reference(game, kind)
    reference.train(game)
    networks = {"d": game.d.network, "critic": game.d.network, kind: reference.network}
    clipped = kind == "critic" or game.experiment.acts("weight_clip")
    return {
        "reference": kind,
        "updates": reference.updates,
        **_along_the_line(game, networks["d"], networks["critic"]),
        **_weights(networks["critic"], clip_of(game) if clipped else np.nan),
        **_gap(game, networks["critic"], step),
    }


def _along_the_line(game: GAN, d: nn.Module, f: nn.Module) -> Values:
    with torch.no_grad():
        fakes = array(game.g.network(game.fixed_latents))
    reals = array(game.fixed_real)
    origin, direction = _line(fakes.mean(0), reals.mean(0))
    with np.errstate(over="ignore", invalid="ignore"):  # of samples beyond all bounds nothing is finite
        real_at, fake_at = ((samples - origin) @ direction for samples in (reals, fakes))
    ends = np.array([fake_at.mean(), real_at.mean()])
    low, high = np.percentile(np.concatenate([real_at, fake_at]), [0.5, 99.5])
    more = BEYOND * (high - low)
    at = np.linspace(low - more, high + more, LINE_POINTS)
    places = np.concatenate([at, np.linspace(ends[0], ends[1], BETWEEN_POINTS)])
    points = game.place(origin + places[:, None] * direction)
    values: Values = {
        "is_line": len(origin) == 1,
        "at": at,
        "core": np.array([low, high]),
        "ends": ends,
        "real_at": real_at,
        "fake_at": fake_at,
    }
    for name, network in (("d", d), ("f", f)):
        output, slope = _with_slope(network, points, game.place(direction))
        if name == "d":  # dD/dx = D (1 - D) da/dx, exact where D underflows
            slope = slope * (-softplus(output) - softplus(-output)).exp()
            output = output.sigmoid()
        steep = array(slope[LINE_POINTS:].abs())
        values |= {name: array(output[:LINE_POINTS]), f"{name}_slope": array(slope[:LINE_POINTS])}
        with np.errstate(divide="ignore", invalid="ignore"):
            values[f"{name}_ratio"] = float(np.divide(steep.max(), steep.min()))
    return values


def _line(start: FloatArray, stop: FloatArray) -> tuple[FloatArray, FloatArray]:
    """(origin, unit vector) of the line from ``start`` to ``stop``; in 1-D the x axis itself."""
    if len(start) == 1:
        return np.zeros(1), np.ones(1)
    length = float(np.linalg.norm(stop - start))
    return start, (stop - start) / length if 0.0 < length < np.inf else np.eye(len(start))[0]


def _with_slope(network: nn.Module, points: Tensor, direction: Tensor) -> tuple[Tensor, Tensor]:
    """The output at each point (n,) and its slope along ``direction``, both float64."""
    leaf = points.requires_grad_()
    output = network(leaf)
    (slope,) = torch.autograd.grad(output.sum(), leaf)
    return in_float64(output.detach()), in_float64(slope) @ in_float64(direction)


def _weights(network: nn.Module, bound: float) -> Values:
    weights = np.concatenate([array(parameter).ravel() for parameter in network.parameters()])
    reach = float(np.abs(weights).max()) if np.isnan(bound) else bound
    counts, edges = np.histogram(weights, WEIGHT_BINS, (-reach, reach) if reach > 0.0 else (-1.0, 1.0))
    share = np.nan if np.isnan(bound) else float(np.mean(np.abs(weights) >= AT_THE_BOUND * bound))
    return {"weight_edges": edges, "weight_counts": counts, "bound": bound, "at_bound": share}


@torch.no_grad()
def _gap(game: GAN, network: nn.Module, step: int) -> Values:
    source, is_line = generator(game.experiment.seed, "measure", step), game.source.dim == 1
    count = SAMPLES if is_line else SAMPLES_BEYOND_A_LINE
    real = game.place(game.source.sample(source, count))
    fake = through(game.g.network, game.place(game.draw_latents(source, count)))
    outputs = in_float64(through(network, torch.cat([real, fake])))
    gap = outputs[:count].mean() - outputs[count:].mean()
    w1 = wasserstein_1d(array(real), array(fake)) if is_line else np.nan
    return {"gap": gap.item(), "w1": w1, "samples": count}
