"""What G makes of chosen latents, and what D's first layer looks for: probes of games with images.

A latent is named by its number among the game's fixed ones, so that every panel means the same sample. What a
panel has asked for is kept beside the game: it touches nothing of the run.
"""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
import torch

from ganviz.games.gan import GAN
from ganviz.games.player import State, part_of
from ganviz.games.streams import generator
from ganviz.record.snapshots import Snapshots
from ganviz.theory.interpolation import angle_between, linear, spherical
from ganviz.training.probe import FloatArray, Values, array

LATENTS = 12
"""Fixed latents whose images are kept over the run."""
PLACES = np.round(np.linspace(0.0, 1.0, 11), 1)
"""Places t on the way from one latent to another."""
MOST_IN_A_MEAN = 3
NEIGHBOURS, SPREAD, NOISE = 8, 0.25, 2
"""Points around the result of arithmetic, at most so far from it in each component (Radford et al. 2016,
figure 7), and the batch of the stream ``fixed`` that they are drawn from."""
UNITS = 96
"""Units of D's first layer that are shown at most."""

Slots = tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]


@dataclass
class Kept:
    """What is kept beside one game: snapshots, and what panels have asked for."""

    snapshots: Snapshots | None = None
    pair: tuple[int, int] = (0, 1)
    slots: Slots = ((), (), ())


_kept: WeakKeyDictionary[GAN, Kept] = WeakKeyDictionary()


def _kept_of(game: GAN) -> Kept:
    return _kept.setdefault(game, Kept())


@torch.no_grad()
def made(game: GAN, latents: FloatArray) -> tuple[FloatArray, FloatArray]:
    """G's images (n, dim) of these latents (n, latent_dim), and D's outputs (n,) on them."""
    images = game.generate(game.place(latents))
    return array(images), array(game.rate(images))


def fixed(game: GAN, *numbers: int) -> FloatArray:
    """The fixed latents of these numbers (n, latent_dim)."""
    return array(game.fixed_latents[list(numbers)])


def in_range(game: GAN, number: int) -> int:
    """The nearest number that a fixed latent has."""
    return min(max(int(number), 0), len(game.fixed_latents) - 1)


# ------------------------------------------------------------ over time


def _snapshots_of(game: GAN, step: int) -> Snapshots:
    """The snapshots so far, from what G's first weights make on; those of later steps are forgotten, for then
    the run has gone back."""
    kept = _kept_of(game)
    if kept.snapshots is None:
        kept.snapshots = Snapshots(array(game.first_fakes[:LATENTS]))
    kept.snapshots.until(step)
    return kept.snapshots


@torch.no_grad()
def snapshots(game: GAN, step: int) -> Values | None:
    """Keep the images of the first fixed latents at this moment: how many are kept, and their bytes."""
    if not game.source.image_shape:
        return None
    found = _snapshots_of(game, step)
    if found.steps[-1] != step:
        found.take(array(game.generate(game.fixed_latents[:LATENTS])), step)
    return {"snapshots": len(found.steps), "snapshot_bytes": found.memory}


STORED = "snapshots."
"""What the names of the snapshots begin with in a checkpoint."""


def stored_snapshots(game: GAN) -> State:
    """The snapshots, to be saved with the run."""
    kept = _kept_of(game).snapshots
    stored = kept.stored() if kept is not None else {}
    return {f"{STORED}{name}": torch.from_numpy(values) for name, values in stored.items()}


def restore_snapshots(game: GAN, state: State, step: int) -> None:
    """Take the snapshots of a checkpoint of ``step``; one of an older version has none, and they go on from
    the start. ValueError or KeyError where they are another game's."""
    stored = {name: values.numpy() for name, values in part_of(state, STORED).items()}
    if stored:
        _snapshots_of(game, step).restore(stored, step)


@torch.no_grad()
def image_history(game: GAN, step: int) -> Values | None:
    """G's images of the same 12 latents over the run.

    ``steps`` (n,) of the kept ones and ``levels``, n arrays (12, dim) uint8, 0 for -1 and 255 for 1; ``now``
    (12, dim) and ``output`` (12,), D's, at this moment.
    """
    if not game.source.image_shape:
        return None
    found = _snapshots_of(game, step)
    images, outputs = made(game, fixed(game, *range(LATENTS)))
    return {
        "steps": np.array(found.steps),
        "levels": found.images,
        "now": images,
        "output": outputs,
    }


# ------------------------------------------------------------ between latents


def interpolation(game: GAN, step: int) -> Values | None:
    """G's images and D's outputs at 11 places on two ways from one fixed latent to another.

    For each of ``linear`` and ``spherical``: images (11, dim), ``..._output`` (11,), ``..._length`` (11,),
    the norms of the latents. ``t`` (11,); ``pair``, the numbers of both; ``angle`` between them.
    """
    if not game.source.image_shape:
        return None
    pair = _kept_of(game).pair
    a, b = fixed(game, *pair)
    values: Values = {"pair": pair, "t": PLACES.copy(), "angle": angle_between(a, b)}
    ways = {name: way(a, b, PLACES) for name, way in (("linear", linear), ("spherical", spherical))}
    images, outputs = made(game, np.concatenate([*ways.values()]))
    for index, (name, latents) in enumerate(ways.items()):
        rows = slice(index * len(PLACES), (index + 1) * len(PLACES))
        lengths = np.linalg.norm(latents, axis=1)
        values |= {name: images[rows], f"{name}_output": outputs[rows], f"{name}_length": lengths}
    return values


def choose_pair(game: GAN, question: tuple[int, int]) -> None:
    """Go from now on from the first of these fixed latents to the second."""
    first, second = question
    _kept_of(game).pair = in_range(game, first), in_range(game, second)


def arithmetic(game: GAN, step: int) -> Values | None:
    """What G makes of mean(a) - mean(b) + mean(c), each the mean of up to three fixed latents (Radford et al.
    2016, section 6.3.2).

    ``slots``: their numbers; ``means`` (3, dim), ``means_output`` (3,): images of the three means, NaN where
    a slot is empty. Where none is: ``around`` (9, dim), ``around_output`` (9,): the result in the middle,
    row 4, and 8 latents that differ from it by at most 0.25 in each component, the same ones at every look;
    ``pixels`` (dim,): the same sums of images instead of latents.
    """
    if not game.source.image_shape:
        return None
    slots = _kept_of(game).slots
    filled = np.array([bool(slot) for slot in slots])
    pictures, outputs = np.full((3, game.source.dim), np.nan), np.full(3, np.nan)
    values: Values = {"slots": slots, "means": pictures, "means_output": outputs}
    if not filled.any():
        return values
    terms = [fixed(game, *slot) for slot in slots if slot]
    wanted = np.array([term.mean(0) for term in terms])
    if filled.all():
        result = wanted[0] - wanted[1] + wanted[2]
        wanted = np.concatenate([wanted, result + _offsets(game, len(result)), *terms])
    images, found = made(game, wanted)  # all at once: half of the cost is that of a pass
    pictures[filled], outputs[filled] = images[: filled.sum()], found[: filled.sum()]
    if filled.all():
        values |= {"around": images[3:12], "around_output": found[3:12]}
        a, b, c = np.split(images[12:], np.cumsum([len(term) for term in terms])[:-1])
        values["pixels"] = a.mean(0) - b.mean(0) + c.mean(0)
    return values


def _offsets(game: GAN, size: int) -> FloatArray:
    """Ways from the result to itself, in the middle, and to its neighbours (9, size)."""
    source = generator(game.experiment.seed, "fixed", NOISE)
    offsets = source.uniform(-SPREAD, SPREAD, (NEIGHBOURS, size))
    return np.insert(offsets, NEIGHBOURS // 2, 0.0, axis=0)


def choose_slots(game: GAN, question: Slots) -> None:
    """Take from now on these fixed latents for a, b and c, the first three of each."""
    a, b, c = (tuple(in_range(game, number) for number in slot[:MOST_IN_A_MEAN]) for slot in question)
    _kept_of(game).slots = (a, b, c)


# ------------------------------------------------------------ D's first layer


def filters(game: GAN, step: int) -> Values | None:
    """The weights of D's first layer, one picture a unit: ``weights`` (n, channels, height, width) of its
    first 96 units at most, of ``units``; ``whole``: whether a unit sees the whole image (a linear layer) or a
    window of it (a convolution)."""
    shape = game.source.image_shape
    if not shape:
        return None
    first = array(next(weight for weight in game.d.parameters if weight.dim() > 1))
    whole = first.ndim == 2
    pictures = first[:UNITS].reshape(-1, *shape) if whole else first[:UNITS]
    return {"weights": pictures, "units": len(first), "whole": whole}
