"""What can be measured of a running game, how often a picture of it is worth its cost, and how it is
measured.

A probe reads the game and changes nothing: it has its own streams of noise, so a run with panels is bit for
bit the run without. A measurement is added by one row here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from ganviz.data import Source
from ganviz.games.gan import GAN
from ganviz.games.objectives import COSTS
from ganviz.games.streams import generator
from ganviz.record.history import MEASURED
from ganviz.theory.divergences import Grid, jsd, kl, wasserstein_1d
from ganviz.theory.modes import mode_metrics
from ganviz.theory.objectives import OBJECTIVES

ARROWS = 70
SURFACE_CELLS = 64
DIVERGENCE_SAMPLES = 4_096

REFERENCE_SAMPLES = 65_536
"""Reals that stand for p_data where its density is not known, and in W1."""

Values = dict[str, Any]
FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Probe:
    """``measure(game, step)`` gives the values, or None where they do not apply; drawn at most ``hertz``
    times a second."""

    key: str
    hertz: float
    measure: Callable[[GAN, int], Values | None]


@torch.no_grad()
def samples(game: GAN, step: int) -> Values:
    """500 fixed reals, the fakes of 500 fixed latents, and D's output on both."""
    fakes = game.g.network(game.fixed_latents)
    outputs = game.d.network(torch.cat([game.fixed_real, fakes]))
    real, fake = outputs.double().chunk(2)
    return {
        "real": _array(game.fixed_real),
        "fake": _array(fakes),
        "output_real": _array(real),
        "output_fake": _array(fake),
    }


@torch.no_grad()
def surface(game: GAN, step: int) -> Values | None:
    """D's output over the data space: 64 x 64 points in 2-D (row = x2, column = x1), 256 points in 1-D."""
    if game.source.dim > 2:
        return None
    if game.source.dim == 1:
        x = np.linspace(*game.source.extent[0], 256)
        return {"x": x, "output": _array(game.d.network(game.place(x[:, None])))}
    x, y = (np.linspace(low, high, SURFACE_CELLS) for low, high in game.source.extent)
    points = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    return {
        "x": x,
        "y": y,
        "output": _array(game.d.network(game.place(points))).reshape(SURFACE_CELLS, SURFACE_CELLS),
    }


def arrows(game: GAN, step: int) -> Values | None:
    """-dL_G/dG(z) of the cost of one fake: where the objective pushes it, and where the other of the two
    would.

    With the output a, dL/dG(z) = L'(a) da/dG(z), so one gradient of D serves every objective.
    """
    if game.source.dim > 2:
        return None
    with torch.no_grad():
        fakes = game.g.network(game.fixed_latents[:ARROWS])
    outputs, slopes = _slopes_at(game, fakes)
    pushes = {key: _array(-_push(key, outputs)[:, None] * slopes) for key in _objectives_shown(game)}
    return {"at": _array(fakes), "active": pushes[game.experiment.objective], **pushes}


def gradients(game: GAN, step: int) -> Values:
    """Gradient norms in the weights, before any clipping, on one fresh batch that both objectives share.

    ||grad_theta L_G||_2 under the running objective, under minimax and under non-saturating (NaN for a
    score), and ||grad_psi L_D||_2. G's three differ only in the weight of each fake, L'(a): the pass through
    D is shared.
    """
    rows = game.experiment.batch_size
    source = generator(game.experiment.seed, "measure", step)
    latents = game.place(game.draw_latents(source, rows))
    real = game.place(game.source.sample(source, rows))
    fakes = game.g.network(latents)
    outputs, slopes = _slopes_at(game, fakes)
    norms = {}
    for key in _objectives_shown(game):
        felt = _push(key, outputs)[:, None] * slopes / rows
        norms[key] = _norm(torch.autograd.grad(fakes, game.g.parameters, felt, retain_graph=True))
    norms["g_grad"] = norms[game.experiment.objective]
    on_real, on_fake = game.d.network(torch.cat([real, fakes.detach()])).chunk(2)
    d_loss = game.costs.real(on_real).mean() + game.costs.fake(on_fake).mean()
    norms["d_grad"] = _norm(torch.autograd.grad(d_loss, game.d.parameters))
    return {name: norms.get(name, np.nan) for name in ("d_grad", "g_grad", "minimax", "non_saturating")}


def divergence(game: GAN, step: int) -> Values | None:
    """How far p_g is from p_data, from 4,096 fakes: JSD, KL(p_data || p_g), W1 in 1-D, and the modes where
    there are any."""
    if game.source.dim > 2:
        return None
    source, count = generator(game.experiment.seed, "measure", step), DIVERGENCE_SAMPLES
    with torch.no_grad():
        fakes = _array(game.g.network(game.place(game.draw_latents(source, count))))
    grid, masses, total, reals = _reference(game.source, game.experiment.seed)
    counts = grid.histogram(fakes)
    values: Values = {"samples": count, "bins": " × ".join(map(str, grid.bins))}
    values |= {"jsd": jsd(masses, counts, total), "kl": kl(masses, counts), "w1": np.nan}
    values |= {"modes": np.nan, "high_quality": np.nan, "reverse_kl": np.nan}
    if game.source.dim == 1:
        values["w1"] = wasserstein_1d(fakes[:, 0], reals[:, 0])
        width = float(grid.edges[0][1] - grid.edges[0][0])
        values["x"] = (grid.edges[0][1:] + grid.edges[0][:-1]) / 2
        values["fake_density"] = counts[:-1] / count / width
        values["real_density"] = masses[:-1] / width
    if game.source.means is not None and game.source.sigma is not None:
        found = mode_metrics(fakes, game.source.means, game.source.sigma)
        values |= {"modes": found.modes, "high_quality": found.high_quality, "reverse_kl": found.reverse_kl}
    return values


PROBES = {
    probe.key: probe
    for probe in (
        Probe("samples", 8.0, samples),
        Probe("surface", 2.0, surface),
        Probe("arrows", 4.0, arrows),
        Probe("gradients", 4.0, gradients),
        Probe("divergence", 2.0, divergence),
    )
}
BASE = ("gradients", "divergence")
"""The probes behind the record's measured columns; run every ``measure_every`` steps, seen or not."""


def record_row(measured: Mapping[str, Values | None]) -> dict[str, float]:
    """The measured columns of the history from what the BASE probes saw; NaN where something does not
    apply."""
    seen = {name: value for values in measured.values() for name, value in (values or {}).items()}
    return {name: float(seen.get(name.removeprefix("g_grad_"), np.nan)) for name in MEASURED}


def _objectives_shown(game: GAN) -> tuple[str, ...]:
    """Minimax and non-saturating where D's output is a logit (the running one is among them), else the
    running one alone."""
    running = game.experiment.objective
    return ("minimax", "non_saturating") if OBJECTIVES[running].is_probability else (running,)


@lru_cache(maxsize=4)
def _reference(source: Source, seed: int) -> tuple[Grid, FloatArray, int | None, FloatArray]:
    """(grid over the data, mass of p_data in each cell, number of reals that the masses rest on or None if
    exact, reals)."""
    grid = Grid.over(source.extent)
    reals = source.sample(generator(seed, "measure"), REFERENCE_SAMPLES).astype(np.float64)
    exact = source.cell_masses(grid.edges)
    if exact is not None:
        return grid, grid.masses(exact), None, reals
    return grid, grid.histogram(reals) / REFERENCE_SAMPLES, REFERENCE_SAMPLES, reals


def _slopes_at(game: GAN, fakes: Tensor) -> tuple[Tensor, Tensor]:
    """D's output a on each fake (n,), and da/dG(z) (n, dim): one pass through D and back."""
    leaf = fakes.detach().requires_grad_()
    outputs = game.d.network(leaf)
    return outputs.detach(), torch.autograd.grad(outputs.sum(), leaf)[0]


def _push(objective: str, outputs: Tensor) -> Tensor:
    """dL_G/da of one objective at each output (n,), taken by autograd from the cost that trains."""
    leaf = outputs.detach().requires_grad_()
    return torch.autograd.grad(COSTS[objective].generator(leaf).sum(), leaf)[0]


def _norm(gradients: Sequence[Tensor]) -> float:
    """The 2-norm of all parameters' gradients as one vector; float64, so that 1e-30 squared is not 0."""
    return float(torch.stack([gradient.double().square().sum() for gradient in gradients]).sum().sqrt())


def _array(values: Tensor) -> FloatArray:
    """A NumPy copy, float64."""
    return values.detach().double().cpu().numpy().copy()
