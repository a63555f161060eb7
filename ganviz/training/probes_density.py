"""Probes of the two densities: how far p_g is from p_data."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import torch

from ganviz.data import Source
from ganviz.games.gan import GAN
from ganviz.games.streams import generator
from ganviz.theory.divergences import Grid, jsd, kl, wasserstein_1d
from ganviz.theory.modes import mode_metrics
from ganviz.training.probe import FloatArray, Values, array

DIVERGENCE_SAMPLES = 4_096

REFERENCE_SAMPLES = 65_536
"""Reals that stand for p_data where its density is not known, and in W1."""


def divergence(game: GAN, step: int) -> Values | None:
    """How far p_g is from p_data, from 4,096 fakes: JSD, KL(p_data || p_g), W1 in 1-D, and the modes where
    there are any."""
    if game.source.dim > 2:
        return None
    source, count = generator(game.experiment.seed, "measure", step), DIVERGENCE_SAMPLES
    with torch.no_grad():
        fakes = array(game.g.network(game.place(game.draw_latents(source, count))))
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
