"""Probes of the two densities: how far p_g is from p_data, and D beside the best discriminator of both."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist

import numpy as np
import numpy.typing as npt
import torch

from ganviz.data import Source
from ganviz.games.gan import GAN
from ganviz.games.streams import generator
from ganviz.theory.divergences import Grid, beyond_data, jsd, kl, kl_generated, missed_data
from ganviz.theory.modes import mode_metrics
from ganviz.theory.sliced import Slices
from ganviz.training.probe import FloatArray, Values, array, through

DIVERGENCE_SAMPLES = 4_096
DENSITY_SAMPLES = 16_384
"""Fakes that stand for p_g where D is held against the best discriminator."""
LINE_BINS = 100
ARROWS_FROM_Z = 25
SLICES = 16

REFERENCE_SAMPLES = 65_536
"""Reals that stand for p_data where its density is not known, and in W1 on a line."""
SLICED_REFERENCE = 16_384
"""Reals that stand for p_data in the sliced W1 of the plane."""
FLOOR_DRAWS = 4


@dataclass(frozen=True)
class Reference:
    """What stands for p_data: the grid over the data, the mass of p_data in each of its cells, the number of
    reals that the masses rest on (None where they are exact), and reals for W1."""

    grid: Grid
    masses: FloatArray
    counted: int | None
    slices: Slices

    @property
    def masses_above_zero(self) -> FloatArray:
        """The masses; counted ones with half a sample more in each cell (Krichevsky and Trofimov 1981)."""
        if self.counted is None:
            return self.masses
        return (self.masses * self.counted + 0.5) / (self.counted + len(self.masses) / 2.0)

    def distances(self, samples: FloatArray) -> Values:
        """How far the samples (n, dim) are from p_data: JSD, both KL divergences (nats), W1 or sliced W1."""
        counts = self.grid.histogram(samples)
        return {
            "jsd": jsd(self.masses, counts, self.counted),
            "kl": kl(self.masses, counts),
            "kl_generated": kl_generated(self.masses_above_zero, counts),
            "beyond_data": beyond_data(self.masses_above_zero, counts),
            "missed_data": missed_data(self.masses_above_zero, counts),
            "w1": self.slices.distance(samples),
        }


@lru_cache(maxsize=4)
def reference(source: Source, seed: int) -> Reference:
    """What stands for p_data of a source of one or two dimensions."""
    grid = Grid.over(source.extent)
    reals = source.sample(generator(seed, "measure"), REFERENCE_SAMPLES).astype(np.float64)
    slices = Slices.of(reals if source.dim == 1 else reals[:SLICED_REFERENCE], SLICES)
    exact = source.cell_masses(grid.edges)
    if exact is not None:
        return Reference(grid, grid.masses(exact), None, slices)
    return Reference(grid, grid.histogram(reals) / REFERENCE_SAMPLES, REFERENCE_SAMPLES, slices)


@lru_cache(maxsize=4)
def floors(source: Source, seed: int) -> Values:
    """What the distances read of a perfect generator: the mean over four draws of as many reals."""
    p_data, draws = reference(source, seed), generator(seed, "measure", 1)
    seen = [
        p_data.distances(source.sample(draws, DIVERGENCE_SAMPLES).astype(np.float64))
        for _ in range(FLOOR_DRAWS)
    ]
    return {f"{name}_floor": float(np.mean([one[name] for one in seen])) for name in seen[0]}


@torch.no_grad()
def divergence(game: GAN, step: int) -> Values | None:
    """How far p_g is from p_data, from 4,096 fakes: JSD, KL(p_data || p_g), KL(p_g || p_data), W1 in 1-D and
    sliced W1 over 16 directions in 2-D, and the modes where there are any."""
    if game.source.dim > 2:
        return None
    fakes = _fakes(game, step, DIVERGENCE_SAMPLES)
    p_data = reference(game.source, game.experiment.seed)
    bins = " × ".join(map(str, p_data.grid.bins))
    values: Values = {"samples": len(fakes), "bins": bins, "slices": len(p_data.slices.lines)}
    values |= p_data.distances(fakes)
    values |= {"modes": np.nan, "high_quality": np.nan, "reverse_kl": np.nan}
    if game.source.means is not None and game.source.sigma:
        found = mode_metrics(fakes, game.source.means, game.source.sigma)
        values |= {"modes": found.modes, "high_quality": found.high_quality, "reverse_kl": found.reverse_kl}
        values["mode_counts"] = found.counts
    return values


def perfect(game: GAN, step: int) -> Values | None:
    """What the distances would read of a perfect generator: how much of each is sampling alone."""
    return None if game.source.dim > 2 else dict(floors(game.source, game.experiment.seed))


@torch.no_grad()
def figure_1(game: GAN, step: int) -> Values | None:
    """Figure 1 of Goodfellow et al. 2014 for data on a line: p_data, p_g and D's output in 100 bins, and
    where 25 evenly spaced quantiles of z go.

    ``p`` and ``q`` are the masses of the bins, ``outside`` the share of the fakes beyond them. With a single
    latent component the fakes are the images of 16,384 even quantiles of z, so q has almost no noise; with
    more they are drawn. Arrows then start from z along the first component, the others 0.
    """
    if game.source.dim != 1:
        return None
    grid = Grid(game.source.extent, (LINE_BINS,))
    even = game.experiment.latent_dim == 1
    fakes = array(through(game.g.network, game.place(_quantiles(game.experiment.latent)))) if even else None
    counts = grid.histogram(_fakes(game, step, DENSITY_SAMPLES) if fakes is None else fakes)
    edges = grid.edges[0]
    centres = (edges[1:] + edges[:-1]) / 2.0
    exact = game.source.cell_masses((edges,))
    z = np.zeros((ARROWS_FROM_Z, game.experiment.latent_dim))
    z[:, 0] = _even_quantiles(game.experiment.latent, ARROWS_FROM_Z)
    return {
        "edges": edges,
        "x": centres,
        "p": _counted(game, grid)[:-1] if exact is None else exact,
        "p_exact": exact is not None,
        "q": counts[:-1] / DENSITY_SAMPLES,
        "outside": counts[-1] / DENSITY_SAMPLES,
        "samples": DENSITY_SAMPLES,
        "even": even,
        "output": array(game.d.network(game.place(centres[:, None]))),
        "z": z[:, 0],
        "g_of_z": array(game.g.network(game.place(z)))[:, 0],
    }


@torch.no_grad()
def optimal_d(game: GAN, step: int) -> Values | None:
    """D's output in the middle of 56 x 56 cells of the plane (row = x2, column = x1), beside the masses ``p``
    of p_data and ``q`` of p_g, counted from 16,384 fakes, in each cell.
    """
    if game.source.dim != 2:
        return None
    p_data = reference(game.source, game.experiment.seed)
    grid = p_data.grid
    fakes = _fakes(game, step, DENSITY_SAMPLES)
    counts = grid.histogram(fakes)
    x, y = ((edges[1:] + edges[:-1]) / 2.0 for edges in grid.edges)
    middles = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    shape = grid.bins
    return {
        "x": x,
        "y": y,
        "p": p_data.masses[:-1].reshape(shape).T,
        "p_exact": p_data.counted is None,
        "q": counts[:-1].reshape(shape).T / DENSITY_SAMPLES,
        "outside": counts[-1] / DENSITY_SAMPLES,
        "samples": DENSITY_SAMPLES,
        "output": array(through(game.d.network, game.place(middles))).reshape(shape[::-1]),
        "jsd": jsd(p_data.masses, counts, p_data.counted),
    }


def _fakes(game: GAN, step: int, count: int) -> FloatArray:
    """``count`` fakes of the noise that belongs to ``step``."""
    noise = game.draw_latents(generator(game.experiment.seed, "measure", step), count)
    return array(through(game.g.network, game.place(noise)))


def _counted(game: GAN, grid: Grid) -> FloatArray:
    reals = game.source.sample(generator(game.experiment.seed, "measure"), REFERENCE_SAMPLES)
    return grid.histogram(reals) / REFERENCE_SAMPLES


@lru_cache(maxsize=2)
def _quantiles(latent: str) -> npt.NDArray[np.float64]:
    """DENSITY_SAMPLES even quantiles of one component of z, as (n, 1)."""
    return _even_quantiles(latent, DENSITY_SAMPLES)[:, None]


def _even_quantiles(latent: str, count: int) -> FloatArray:
    """The quantiles (i + 1/2) / count of one component of z: N(0, 1), or U[-1, 1]."""
    levels = (np.arange(count) + 0.5) / count
    if latent == "normal":
        return np.fromiter(map(NormalDist().inv_cdf, levels), np.float64, count)
    return 2.0 * levels - 1.0
