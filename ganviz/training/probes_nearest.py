"""The real images nearest to a chosen fake: has it been copied?

All reals are gone through, in pieces of a few milliseconds so that no frame waits; values of which a part is
still to come say ``unfinished``.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from ganviz.data import Source
from ganviz.games.gan import GAN
from ganviz.training.probe import FloatArray, Values
from ganviz.training.probes_images import fixed, in_range, made

SECONDS = 0.006
"""What one look may spend on the chosen fake: it ends with the piece of work in which this is used up."""
NEAREST = 5
SPARE = 4
"""Candidates beside those that are asked for: the quick distances of a search have few digits, the final ones
have all."""
PRODUCTS, PIXELS = 2**16, 2**18
"""The most scalar products, and the most pixels of reals, of one piece of a search; it has one real at
least."""
MOST_QUERIES = 1_000
"""Reals whose distance to the nearest other real is measured, evenly over all of them."""
NEAR_PERCENTILE = 1.0
"""Nearer than this percentile of those distances is suspiciously near."""

Numbers = npt.NDArray[np.int64]


class Search:
    """The ``count`` reals nearest to each of some images (n, dim), found piece by piece.

    ``skip`` (n,) is for each the number of a real that does not count: itself.
    """

    def __init__(self, source: Source, images: Tensor, count: int, skip: Tensor | None = None) -> None:
        assert source.count is not None
        self._source, self._images, self._skip, self._count = source, images, skip, count
        self.total = source.count
        self._squares = images.square().sum(1, keepdim=True)
        self._piece = max(1, min(PRODUCTS // len(images), PIXELS // source.dim))
        kept = count + SPARE
        self._far = torch.full((len(images), kept), torch.inf)
        self._rows = torch.full((len(images), kept), -1)
        self.done = 0

    @property
    def finished(self) -> bool:
        """Whether all reals have been gone through."""
        return self.done >= self.total

    @torch.no_grad()
    def work(self) -> None:
        """One piece: |x - y|² = |x|² - 2 xy + |y|² for the next reals y."""
        stop = min(self.done + self._piece, self.total)
        reals = torch.from_numpy(self._source.rows(np.arange(self.done, stop)))
        far = self._squares - 2.0 * self._images @ reals.T + reals.square().sum(1)
        rows = torch.arange(self.done, stop).expand(len(far), -1)
        if self._skip is not None:
            far[rows == self._skip[:, None]] = torch.inf
        far, rows = torch.cat([self._far, far], 1), torch.cat([self._rows, rows], 1)
        self._far, best = far.topk(self._far.shape[1], dim=1, largest=False)
        self._rows = rows.gather(1, best)
        self.done = stop

    def result(self) -> tuple[Numbers, FloatArray]:
        """Of each image the numbers of the nearest reals so far and their distances, the nearest first, both
        (n, count); number -1 at distance inf where there are no more."""
        rows, known = self._rows.numpy(), self._far.isfinite().numpy()
        far = np.full(rows.shape, np.inf)
        for index, image in enumerate(self._images.double().numpy()):
            reals = self._source.rows(rows[index][known[index]]).astype(np.float64)
            far[index, known[index]] = np.linalg.norm(reals - image, axis=1)
        order = np.argsort(far, axis=1, kind="stable")[:, : self._count]
        far = np.take_along_axis(far, order, 1)
        return np.where(np.isfinite(far), np.take_along_axis(rows, order, 1), -1), far


@dataclass
class Chosen:
    """A fake at one moment, and the search for its neighbours."""

    number: int
    step: int
    image: FloatArray
    output: float
    search: Search


@dataclass
class Kept:
    """What is kept beside one game: the search among the reals themselves, and how near they are to each
    other; the number of the chosen fake, what is searched for now, and the last whole answer."""

    among: Search
    between: FloatArray
    number: int = 0
    now: Chosen | None = None
    answer: Values | None = None


_kept: WeakKeyDictionary[GAN, Kept] = WeakKeyDictionary()


def _kept_of(game: GAN) -> Kept:
    if game not in _kept:
        count = game.source.count or 0
        numbers = np.unique(np.linspace(0, count - 1, min(count, MOST_QUERIES)).round().astype(np.int64))
        images = torch.from_numpy(game.source.rows(numbers))
        _kept[game] = Kept(Search(game.source, images, 1, torch.from_numpy(numbers)), np.zeros(0))
    return _kept[game]


def nearest(game: GAN, step: int, clock: Callable[[], float] = time.perf_counter) -> Values | None:
    """The real images nearest to the chosen fake in the 2-norm over all pixels.

    ``chosen``: its number; ``fake`` (dim,), ``output``, D's on it, both of step ``at_step``; ``rows`` (5,)
    and ``reals`` (5, dim), the nearest first, ``distance`` (5,). ``between`` (m,): distances of m reals, all
    or evenly spaced ones, to the nearest other real, rising, empty until all are known; ``near``: their 1st
    percentile. ``searched`` for the fake, and ``compared`` with each other, of ``count`` reals. None where
    the data are no images, or have no end.
    """
    source = game.source
    if not source.image_shape or not source.count:
        return None
    kept, end = _kept_of(game), clock() + SECONDS
    now, wanted = kept.now, (kept.number, step)
    if now is None or now.number != kept.number or (now.search.finished and now.step != step):
        now = kept.now = _look_for(game, *wanted)
    while not now.search.finished and clock() < end:
        now.search.work()
    if now.search.finished:
        kept.answer = _answer(now, source)
    if not kept.among.finished:
        _compare_reals(kept, end, clock)
    values = {"between": kept.between, **(kept.answer or {})}
    values |= {"searched": now.search.done, "compared": kept.among.done, "count": source.count}
    values["near"] = float(np.percentile(kept.between, NEAR_PERCENTILE)) if len(kept.between) else np.nan
    is_whole = now.search.finished and (now.number, now.step) == wanted and kept.among.finished
    return values if is_whole else values | {"unfinished": True}


def _look_for(game: GAN, number: int, step: int) -> Chosen:
    images, outputs = made(game, fixed(game, number))
    search = Search(game.source, torch.from_numpy(images.astype(np.float32)), NEAREST)
    return Chosen(number, step, images[0], float(outputs[0]), search)


def _answer(now: Chosen, source: Source) -> Values:
    """What has been found; fewer than five where there are no more reals."""
    rows, far = (found[0] for found in now.search.result())
    rows, far = rows[rows >= 0], far[rows >= 0]
    return {
        "chosen": now.number,
        "at_step": now.step,
        "fake": now.image,
        "output": now.output,
        "rows": rows,
        "reals": source.rows(rows).astype(np.float64),
        "distance": far,
    }


def _compare_reals(kept: Kept, end: float, clock: Callable[[], float]) -> None:
    """One piece of the search among the reals, and more while there is time."""
    kept.among.work()
    while not kept.among.finished and clock() < end:
        kept.among.work()
    if kept.among.finished:
        far = np.sort(kept.among.result()[1][:, 0])
        kept.between = far[np.isfinite(far)]


def choose_sample(game: GAN, question: int) -> None:
    """Look from now on for the neighbours of the fake of this fixed latent."""
    if game.source.image_shape and game.source.count:
        _kept_of(game).number = in_range(game, question)
