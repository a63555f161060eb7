"""What can be measured of a CycleGAN: where both maps take fixed samples, and how far what arrives is from
where it should."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
import torch

from ganviz.data import Source
from ganviz.games.cyclegan import CycleGAN
from ganviz.games.streams import generator
from ganviz.theory.sliced import Slices
from ganviz.training.probe import Probe, Values, array, through

LINE_POINTS = 256
MARGINAL_SAMPLES, MARGINAL_IMAGES = 2_048, 512
"""Samples of each side that a look takes; of images fewer, which cost more to make."""
REFERENCE_SAMPLES, REFERENCE_IMAGES = 16_384, 4_096
"""Samples that stand for a side."""
SLICES = 16
FLOOR_DRAWS = 4


@torch.no_grad()
def samples(game: CycleGAN, step: int) -> Values:
    """500 fixed x and 500 fixed y, where one map takes them, and where the other takes that: ``x``,
    ``g_of_x``, ``f_of_g_of_x``, ``y``, ``f_of_y``, ``g_of_f_of_y``, (500, dim) each."""
    g, f = game.g.network, game.f.network
    g_of_x, f_of_y = g(game.fixed_x), f(game.fixed_y)
    found = {
        "x": game.fixed_x,
        "g_of_x": g_of_x,
        "f_of_g_of_x": f(g_of_x),
        "y": game.fixed_y,
        "f_of_y": f_of_y,
        "g_of_f_of_y": g(f_of_y),
    }
    return {name: array(values) for name, values in found.items()}


@torch.no_grad()
def curves(game: CycleGAN, step: int) -> Values | None:
    """Both maps on a line, each over the range of its own data: ``x``, ``g`` and ``y``, ``f`` (256,)."""
    if game.x_source.dim != 1:
        return None
    x, y = (np.linspace(*source.extent[0], LINE_POINTS) for source in (game.x_source, game.y_source))
    values: Values = {"x": x, "y": y}
    for name, network, at in (("g", game.g.network, x), ("f", game.f.network, y)):
        values[name] = array(network(game.place(at[:, None])))[:, 0]
    return values


def _count(source: Source) -> int:
    """Samples of a source that one look takes."""
    return MARGINAL_IMAGES if source.image_shape else MARGINAL_SAMPLES


@dataclass(frozen=True)
class Side:
    """What stands for a source: many of its samples, projected and sorted, and what the distance from them
    reads of as many samples of the source itself as a look takes."""

    slices: Slices
    floor: float


_sides: WeakKeyDictionary[Source, dict[int, Side]] = WeakKeyDictionary()
"""By the source, as long as somebody has it, and by the seed."""


def side(source: Source, seed: int) -> Side:
    """What stands for a source under a seed."""
    known = _sides.setdefault(source, {})
    if seed not in known:
        known.clear()  # one run at a time
        known[seed] = _made(source, seed)
    return known[seed]


def _made(source: Source, seed: int) -> Side:
    count = REFERENCE_IMAGES if source.image_shape else REFERENCE_SAMPLES
    drawn = source.sample(generator(seed, "measure"), count)
    slices, draws = Slices.of(drawn, SLICES), generator(seed, "measure", 1)
    found = [slices.distance(source.sample(draws, _count(source))) for _ in range(FLOOR_DRAWS)]
    return Side(slices, float(np.mean(found)))


_apart: WeakKeyDictionary[CycleGAN, float] = WeakKeyDictionary()
"""How far X is from Y, by the game, measured at its first look."""


@torch.no_grad()
def marginals(game: CycleGAN, step: int) -> Values:
    """How far what the maps make of 2,048 fresh samples (512 images) is from their targets: ``w1_x`` of F(y)
    from X, ``w1_y`` of G(x) from Y, sliced W1 (on a line W1), with what as many real samples read
    (``_floor``) and what one point in the middle would (``_spread``); ``w1_apart`` of X from Y; and the
    samples (n, dim) that this rests on, except of images."""
    seed, count = game.experiment.seed, _count(game.x_source)
    source = generator(seed, "measure", step)
    sources = {"x": game.x_source, "y": game.y_source}
    drawn = {name: one.sample(source, count) for name, one in sources.items()}
    made = {
        "x": array(through(game.f.network, game.place(drawn["y"]))),
        "y": array(through(game.g.network, game.place(drawn["x"]))),
    }
    values: Values = {"samples": count, "slices": len(side(game.x_source, seed).slices.lines)}
    if game not in _apart:
        _apart[game] = side(game.y_source, seed).slices.distance(drawn["x"])
    values["w1_apart"] = _apart[game]
    for name, one in sources.items():
        known = side(one, seed)
        values |= {
            f"w1_{name}": known.slices.distance(made[name]),
            f"w1_{name}_floor": known.floor,
            f"w1_{name}_spread": known.slices.spread,
        }
        if one.dim <= 2:
            values[f"real_{name}"] = np.asarray(drawn[name], np.float64)
            values[f"fake_{name}"] = made[name]
    return values


CYCLEGAN_PROBES = {
    probe.key: probe
    for probe in (
        Probe("samples", 8.0, samples),
        Probe("curves", 8.0, curves),
        Probe("marginals", 2.0, marginals),
    )
}
CYCLEGAN_BASE = ("marginals",)
CYCLEGAN_JUDGED = ("samples", "marginals")


def record_row(measured: Mapping[str, Values | None]) -> dict[str, float]:
    """The history's measured columns."""
    seen = measured["marginals"] or {}
    return {name: float(seen[name]) for name in ("w1_x", "w1_y")}
