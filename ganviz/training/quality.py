"""How good generated images are, in four numbers that a person can check against the pictures.

Nothing is downloaded: the judge is a classifier trained on the very reals that the game has, four fifths of
them; the rest say how it does on images that it has not seen.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from ganviz.data import Source
from ganviz.games.streams import generator, torch_generator
from ganviz.theory.frechet import frechet
from ganviz.theory.neighbours import nearest
from ganviz.training.classifier import Classifier
from ganviz.training.probe import FloatArray

CONFIDENT = 0.9
"""A fake is recognised where the classifier gives one class at least this probability."""
NEAR_PERCENT = 1.0
"""A fake is a near-copy where a real lies closer to it than this percentage of the reals have any other."""
MOST_REALS = 6_000
"""Reals that the judge has seen, drawn from all where there are more."""
MOST_FAKES = 1_000
HELD_OUT = 5
"""One real in so many is kept from the classifier."""
JUDGE_SEED = 0
"""The same judge for every run, so that two runs can be compared."""


@dataclass(frozen=True)
class Quality:
    """What a judge says of some fakes. Shares are 0 to 1, distances in pixels' units (-1 to 1)."""

    samples: int
    recognised: float
    shares: FloatArray
    """(classes,) of all fakes by their likeliest class."""
    frechet: float
    """Squared Fréchet distance to half of the reals in the classifier's features."""
    near_copies: float


@dataclass(frozen=True)
class Judge:
    """A classifier and what is known of the reals: ``accuracy`` and ``recognised`` on those that it has not
    seen, ``frechet`` of half of the reals to the other half, ``near`` the distance of a near-copy."""

    classifier: Classifier
    reals: npt.NDArray[np.float32]
    features: FloatArray
    class_names: tuple[str, ...]
    accuracy: float
    recognised: float
    frechet: float
    near: float

    def quality(self, fakes: npt.NDArray[np.float32], check: Callable[[], None] = lambda: None) -> Quality:
        """The verdict on fakes (n, dim), n of :func:`fakes_needed` for an unbiased comparison."""
        features, chances = self.classifier.look(fakes)
        counted = np.bincount(chances.argmax(axis=1), minlength=len(self.class_names))
        return Quality(
            samples=len(fakes),
            recognised=float((chances.max(axis=1) >= CONFIDENT).mean()),
            shares=counted / len(fakes),
            frechet=frechet(features, self.features),
            near_copies=float((nearest(fakes, self.reals, check) < self.near).mean()),
        )


def can_judge(source: Source) -> bool:
    """Whether a source has what a judge needs: numbered samples with labels of two classes or more."""
    return bool(source.count) and source.labels is not None and len(np.unique(source.labels)) > 1


def fakes_needed(source: Source) -> int:
    """As many fakes as there are reals in the half that a judge of this source holds them against."""
    assert source.count is not None
    return min(min(source.count, MOST_REALS) // 2, MOST_FAKES)


_judges: WeakKeyDictionary[Source, Judge] = WeakKeyDictionary()


def judge_of(source: Source, check: Callable[[], None] = lambda: None) -> Judge:
    """The judge of a source, trained at the first call: seconds. ``check`` is called often, to raise where
    nobody waits any more. ValueError where the source has no labels."""
    if source not in _judges:
        _judges[source] = _trained(source, check)
    return _judges[source]


def _trained(source: Source, check: Callable[[], None]) -> Judge:
    if not can_judge(source):
        raise ValueError(f"{source.id}: no labels; accepted: a data set with labels of two classes or more")
    assert source.count is not None and source.labels is not None
    order = generator(JUDGE_SEED, "reference", 1).permutation(source.count)[:MOST_REALS]
    reals, labels = source.rows(order), source.labels[order].astype(np.int64)
    classes = int(source.labels.max()) + 1
    held_out = np.arange(len(reals)) % HELD_OUT == 0
    classifier = Classifier(source.dim, classes, torch_generator(JUDGE_SEED, "reference"))
    classifier.fit(reals[~held_out], labels[~held_out], check)
    features, chances = classifier.look(reals)
    half = fakes_needed(source)
    unseen = chances[held_out]
    names = source.class_names or tuple(str(number) for number in range(classes))
    return Judge(
        classifier,
        reals,
        features[:half],
        names,
        accuracy=float((unseen.argmax(axis=1) == labels[held_out]).mean()),
        recognised=float((unseen.max(axis=1) >= CONFIDENT).mean()),
        frechet=frechet(features[half : 2 * half], features[:half]),
        near=float(np.percentile(nearest(reals, check=check), NEAR_PERCENT)),
    )
