"""What can be measured of a running game, how often a picture of it is worth its cost, and how it is
measured.

A probe reads the game and changes nothing: it has its own streams of noise, so a run with panels is bit for
bit the run without. A measurement is added by one row here.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import torch
from torch import Tensor

from ganviz.games.gan import GAN
from ganviz.games.objectives import COSTS
from ganviz.games.player import Player, as_vector
from ganviz.games.precision import in_float64
from ganviz.record.history import MEASURED
from ganviz.theory.objectives import OBJECTIVES
from ganviz.training import probes_quality, probes_spectrum
from ganviz.training.portrait_rows import PORTRAIT_PROBES
from ganviz.training.probe import Probe, Values, array, norm, through
from ganviz.training.probes_batch import batch, drawn
from ganviz.training.probes_critic import critic
from ganviz.training.probes_cyclegan import CYCLEGAN_PROBES
from ganviz.training.probes_density import divergence, figure_1, optimal_d, perfect
from ganviz.training.probes_images import (
    arithmetic,
    choose_pair,
    choose_slots,
    filters,
    image_history,
    interpolation,
    snapshots,
)
from ganviz.training.probes_nearest import choose_sample, nearest
from ganviz.training.probes_path import choose_states, path_angle, weight_path, weights

ARROWS = 70
GRADIENTS = ("d_grad", "g_grad", "minimax", "non_saturating", "d_step", "g_step", "d_ratio", "g_ratio")
SURFACE_CELLS = 64


@torch.no_grad()
def samples(game: GAN, step: int) -> Values:
    """The fixed reals, the fakes of the fixed latents as they are and as G's first weights made them, and D's
    output on reals and fakes. 500 of each; 128 where they go through convolutions.

    Where batches are normalised these two are batches as in training, so D says of them what training sees.
    Running averages would not do: D's are of reals and fakes alike, a mixture that it never judges at once.
    """
    fakes = game.g.network(game.fixed_latents)
    real, fake = game.outputs(game.fixed_real, fakes)
    return {
        "real": array(game.fixed_real),
        "fake": array(fakes),
        "first_fake": array(game.first_fakes),
        "output_real": array(real),
        "output_fake": array(fake),
    }


@torch.no_grad()
def surface(game: GAN, step: int) -> Values | None:
    """D's output over the data space: 64 x 64 points in 2-D (row = x2, column = x1), 256 points in 1-D."""
    if game.source.dim > 2:
        return None
    if game.source.dim == 1:
        x = np.linspace(*game.source.extent[0], 256)
        return {"x": x, "output": array(game.d.network(game.place(x[:, None])))}
    x, y = (np.linspace(low, high, SURFACE_CELLS) for low, high in game.source.extent)
    points = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    return {
        "x": x,
        "y": y,
        "output": array(through(game.d.network, game.place(points))).reshape(SURFACE_CELLS, SURFACE_CELLS),
    }


def arrows(game: GAN, step: int) -> Values | None:
    """-dL_G/dG(z) of the cost of one fake: where the objective pushes it, and where the other of the two
    would.

    With the output a, dL/dG(z) = L'(a) da/dG(z), so one gradient of D serves every objective. In a
    relativistic loss each fake is held against all fixed reals.
    """
    if game.source.dim > 2:
        return None
    with torch.no_grad():
        fakes = game.g.network(game.fixed_latents[:ARROWS])
        # a column, so that a relativistic cost holds every fake against every real
        real = game.d.network(game.fixed_real)[:, None] if game.costs.compares else fakes
    outputs, slopes = _slopes_at(game, fakes)
    pushes = {key: array(-_push(key, real, outputs)[:, None] * slopes) for key in _objectives_shown(game)}
    return {"at": array(fakes), "active": pushes[game.experiment.objective], **pushes}


def gradients(game: GAN, step: int) -> Values:
    """Gradient norms in the weights, before any clipping, on one fresh batch that both objectives share.

    ||grad_theta L_G||_2 under the running objective, under minimax and under non-saturating (NaN for a
    score), and ||grad_psi L_D||_2 of what D descends, penalties included. ``d_step``, ``g_step``: the length
    of the plain update that each player's optimiser would make of its gradient; ``d_ratio``, ``g_ratio``: its
    share of the norm of the player's weights.
    """
    real, fakes = drawn(game, step)
    blur, counts = game.regularisation.blur_for_g, (game.g.count, game.d.count)
    with torch.no_grad():
        seen = blur(real, *counts, real=True)
        on_real = game.d.network(seen) if game.costs.compares else real.new_zeros(len(real))
    norms = {}
    for key, felt in _pushes(game, on_real, blur(fakes, *counts)):
        # The derivative of this sum is felt's push. Handed over as grad_outputs, felt would load sympy.
        pushed = (felt * fakes).sum()
        slopes_of_g = torch.autograd.grad(pushed, game.g.parameters, retain_graph=True)
        norms[key] = norm(slopes_of_g)
        if key == game.experiment.objective:
            norms |= _speed(game.g, slopes_of_g)
    norms["g_grad"] = norms[game.experiment.objective]
    trained = game.judge(real, fakes.detach()).trained
    slopes_of_d = torch.autograd.grad(trained, game.d.parameters)
    norms["d_grad"] = norm(slopes_of_d)
    clip = game.experiment.weight_clip if game.experiment.acts("weight_clip") else math.inf
    norms |= _speed(game.d, slopes_of_d, clip)
    return {name: norms.get(name, np.nan) for name in GRADIENTS}


@torch.no_grad()
def _speed(player: Player, gradient: Sequence[Tensor], bound: float = math.inf) -> dict[str, float]:
    """The length of an update with this gradient, and its share of the norm of the player's weights."""
    way = player.stride(as_vector(gradient), bound)
    weights = float(torch.linalg.vector_norm(in_float64(player.vector)))
    return {
        f"{player.letter}_step": way,
        f"{player.letter}_ratio": way / weights if weights > 0.0 else np.nan,
    }


PROBES = {
    probe.key: probe
    for probe in (
        Probe("samples", 8.0, samples),
        Probe("surface", 2.0, surface),
        Probe("arrows", 4.0, arrows),
        Probe("gradients", 4.0, gradients),
        Probe("divergence", 2.0, divergence),
        Probe("perfect", 0.1, perfect),
        Probe("figure_1", 4.0, figure_1),
        Probe("optimal_d", 1.0, optimal_d),
        Probe("batch", 4.0, batch),
        Probe("critic", 8.0, critic),
        Probe("spectrum", 4.0, probes_spectrum.spectrum, probes_spectrum.BESIDE),
        Probe("quality", 0.5, probes_quality.quality, probes_quality.BESIDE),
        Probe("weights", 0.1, weights),
        Probe("weight_path", 8.0, weight_path),
        Probe("path_angle", 12.0, path_angle, ask=choose_states),
        Probe("snapshots", 0.1, snapshots),
        Probe("image_history", 2.0, image_history),
        Probe("interpolation", 4.0, interpolation, ask=choose_pair),
        Probe("arithmetic", 4.0, arithmetic, ask=choose_slots),
        Probe("filters", 2.0, filters),
        Probe("nearest", 8.0, nearest, ask=choose_sample),
    )
}
BASE = ("gradients", "divergence", "weights", "snapshots")
"""The probes behind the record's measured columns and the recorded states and images; run every
``measure_every`` steps, seen or not."""


EVERY_PROBE = frozenset((*PROBES, *CYCLEGAN_PROBES, *PORTRAIT_PROBES))
"""The probes of all games together."""


def record_row(measured: Mapping[str, Values | None]) -> dict[str, float]:
    """The history's measured columns from what the BASE probes saw; NaN where something does not apply."""
    seen = {name: value for values in measured.values() for name, value in (values or {}).items()}
    return {name: float(seen.get(name.removeprefix("g_grad_"), np.nan)) for name in MEASURED}


def _objectives_shown(game: GAN) -> tuple[str, ...]:
    """The running objective; with it minimax and non-saturating, where D's output is a logit."""
    running = game.experiment.objective
    pair = ("minimax", "non_saturating") if OBJECTIVES[running].is_probability else ()
    return pair if running in pair else (*pair, running)


def _slopes_at(game: GAN, fakes: Tensor) -> tuple[Tensor, Tensor]:
    """D's output a on each fake (n,), and da/dG(z) (n, dim): one pass through D and back."""
    leaf = fakes.detach().requires_grad_()
    outputs = game.d.network(leaf)
    return outputs.detach(), torch.autograd.grad(outputs.sum(), leaf)[0]


def _pushes(game: GAN, on_real: Tensor, fakes: Tensor) -> Iterator[tuple[str, Tensor]]:
    """dL_G/dG(z) on each fake (n, dim) under each objective shown.

    They differ only in the weight of each output, L'(a): the way into D is shared, and the way back where an
    output depends on its own fake alone. In a batch that D normalises it does not.
    """
    keys = _objectives_shown(game)
    if not game.d.network.norms:
        outputs, slopes = _slopes_at(game, fakes)
        for key in keys:
            yield key, _push(key, on_real, outputs)[:, None] * slopes / len(fakes)
        return
    leaf = fakes.detach().requires_grad_()
    outputs = game.d.network(leaf)
    for key in keys:
        weighted = (_push(key, on_real, outputs) * outputs).mean()
        yield key, torch.autograd.grad(weighted, leaf, retain_graph=True)[0]


def _push(objective: str, real: Tensor, fake: Tensor) -> Tensor:
    """n dL_G/da at D's output on each of n fakes (n,), taken by autograd from the loss that trains; the
    outputs on reals count in a relativistic loss only."""
    leaf = fake.detach().requires_grad_()
    return torch.autograd.grad(len(leaf) * COSTS[objective].g_loss(real, leaf), leaf)[0]
