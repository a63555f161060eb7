"""The way of both players through the space of their weights: recorded states, the planes of the path, and
the path-angle between two states.

The states are kept beside the game, and in its checkpoint under names of their own. All work on them is cut
into pieces of a few milliseconds, so no frame waits for it; values of which a part is still to come say
``unfinished``.
"""

from __future__ import annotations

import time
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import torch
from torch import Tensor

from ganviz.games.gan import GAN
from ganviz.games.player import State, as_vector, part_of
from ganviz.record.weight_path import WeightPath, Weights, before_a_turn, facing, plane, turns
from ganviz.training.probe import FloatArray, Values, array

SECONDS = 0.006
"""What one look may spend: it ends with the piece of work in which this is used up."""
PLAYERS = ("g", "d")
PATHS = (*PLAYERS, "both")
"""Each player's own weights, and those of both as one vector."""
ROWS = 256
"""Reals, and as many fakes, of the fixed batch on which the field is measured."""
PART = 1.0 / 3.0
"""Of a path that goes round, the way that is looked along unless others are chosen: so much of its last turn.
The chord is long, and the field stands along it in the middle: the bump of a rotation."""
ALPHAS = np.round(np.linspace(-0.1, 1.1, 61), 2)
"""Places on the line through two states; 0 and 1 are among them."""
_ORDER = [index for stride in (8, 4, 2, 1) for index in range(0, len(ALPHAS), stride)]
FIRST_COARSE = tuple(dict.fromkeys(_ORDER))
"""The places in the order in which they are measured: the whole curve in outline first."""


@dataclass
class Kept:
    """What is kept beside one game."""

    path: WeightPath
    planes: dict[str, tuple[tuple[int, ...], FloatArray, FloatArray]] = field(default_factory=dict)
    seen: Values | None = None
    chosen: tuple[int | None, int | None] = (None, None)
    line: Line | None = None
    angle: Values | None = None


_kept: WeakKeyDictionary[GAN, Kept] = WeakKeyDictionary()


def _weights(game: GAN) -> dict[str, Weights]:
    return {letter: getattr(game, letter).vector.detach().cpu().numpy() for letter in PLAYERS}


def _kept_of(game: GAN, step: int) -> Kept:
    """What is kept beside the game; states of later steps are forgotten, for then the run has gone back."""
    kept = _kept.get(game)
    if kept is None:
        kept = _kept[game] = Kept(WeightPath(_weights(game), step))
    kept.path.until(step)
    if not kept.path.steps:
        kept.path.take(_weights(game), step)
    return kept


def weights(game: GAN, step: int) -> Values:
    """Record both players' weights of this moment: the number of states that are kept, and their bytes."""
    path = _kept_of(game, step).path
    if path.steps[-1] != step:
        path.take(_weights(game), step)
    return {"states": len(path.steps), "bytes": path.memory}


STORED = "weight_path."
"""What the names of the recorded states begin with in a checkpoint."""


def stored_path(game: GAN) -> State:
    """The recorded states, to be saved with the run."""
    kept = _kept.get(game)
    stored = kept.path.stored() if kept is not None else {}
    return {f"{STORED}{name}": torch.from_numpy(values.copy()) for name, values in stored.items()}


def restore_path(game: GAN, state: State, step: int) -> None:
    """Take the recorded states of a checkpoint of ``step``; one of an older version has none, and the path
    goes on from the start. ValueError or KeyError where they are another game's."""
    stored = {name: values.numpy() for name, values in part_of(state, STORED).items()}
    kept = _kept_of(game, step)
    if stored:
        kept.path.restore(stored, step)
        kept.planes, kept.seen = {}, None


# ------------------------------------------------------------ the planes


def weight_path(game: GAN, step: int, clock: Callable[[], float] = time.perf_counter) -> Values | None:
    """The recorded path of G's, of D's and of both players' weights, each in its own plane.

    ``steps`` (n,); of each of PATHS: ``NAME`` (n, 2), the coordinates along its two leading principal
    directions from the path's mean; ``NAME_explained`` (2,), the share of its variance along each;
    ``NAME_turns``, how often it goes round its middle. ``parameters_g``, ``parameters_d``: numbers of
    weights.
    """
    kept, end = _kept_of(game, step), clock() + SECONDS
    path = kept.path
    while path.multiply():
        if clock() >= end:
            return _unfinished(kept.seen)
    steps = path.steps
    for name in PATHS:
        if _find_plane(kept, name) and clock() >= end and name != PATHS[-1]:
            return _unfinished(kept.seen)
    kept.seen = {"steps": np.array(steps)}
    for name, (_, at, explained) in kept.planes.items():
        kept.seen |= {name: at, f"{name}_explained": explained, f"{name}_turns": turns(at)}
    kept.seen |= {f"parameters_{letter}": len(vector) for letter, vector in _weights(game).items()}
    return dict(kept.seen)


def _find_plane(kept: Kept, name: str) -> bool:
    """Bring one plane up to the recorded states. Returns whether there was something to do."""
    steps, before = kept.path.steps, kept.planes.get(name)
    if before is not None and before[0] == steps:
        return False
    of = PLAYERS if name == "both" else (name,)
    found = plane(sum((kept.path.products(letter) for letter in of), np.zeros(())))
    at = facing(found.at, steps, *((before[1], before[0]) if before else (None, ())))
    kept.planes[name] = (steps, at, found.explained)
    return True


def _unfinished(last: Values | None) -> Values:
    return {**(last or {}), "unfinished": True}


# ------------------------------------------------------------ the path-angle


class Line:
    """The field of the game along the line through two states, measured place by place on a copy of it."""

    def __init__(
        self, game: GAN, ends: tuple[int, int], states: tuple[Any, Any], turning: bool = False
    ) -> None:
        self.ends, self.settings, self._turning = ends, game.experiment, turning
        self._start, self._stop = (
            {name: vector.astype(np.float64) for name, vector in state.items()} for state in states
        )
        self._copy = GAN(game.experiment, game.device, game.source)
        self._copy.load(game.state())
        self._real, self._latents = game.fixed_real[:ROWS], game.fixed_latents[:ROWS]
        self._way = {name: self._stop[name] - self._start[name] for name in PLAYERS}
        names = ("cosine", "norm", *(f"{what}_{name}" for what in ("cosine", "norm") for name in PLAYERS))
        self._found = {name: np.full(len(ALPHAS), np.nan) for name in names}
        self._left = list(FIRST_COARSE)

    @property
    def left(self) -> int:
        """How many places are still to be measured."""
        return len(self._left)

    def measure(self) -> None:
        """One place more."""
        index = self._left.pop(0)
        alpha = ALPHAS[index]
        for name in PLAYERS:
            at = (1.0 - alpha) * self._start[name] + alpha * self._stop[name]
            vector = getattr(self._copy, name).vector
            with torch.no_grad():
                vector.copy_(torch.from_numpy(at.astype(np.float32)))
        dots = squares = ways = 0.0
        for name, felt in field_at(self._copy, self._real, self._latents).items():
            dot, square = float(felt @ self._way[name]), float(felt @ felt)
            way = float(self._way[name] @ self._way[name])
            self._enter(f"_{name}", index, (dot, square, way))
            dots, squares, ways = dots + dot, squares + square, ways + way
        self._enter("", index, (dots, squares, ways))

    def _enter(self, whose: str, index: int, found: tuple[float, float, float]) -> None:
        dot, square, way = found
        self._found[f"norm{whose}"][index] = np.sqrt(square)
        if square > 0.0 and way > 0.0:
            self._found[f"cosine{whose}"][index] = dot / np.sqrt(square * way)

    @property
    def values(self) -> Values:
        """What has been measured so far."""
        distance = float(np.sqrt(sum(way @ way for way in self._way.values())))
        found = {name: values.copy() for name, values in self._found.items()}
        start, stop = self.ends
        which = {"start": start, "stop": stop, "turning": self._turning}
        return {"alpha": ALPHAS, **which, "distance": distance, "rows": len(self._real), **found}


def field_at(game: GAN, real: Tensor, latents: Tensor) -> dict[str, FloatArray]:
    """v = (-grad_theta L_G, -grad_psi L_D), penalties included, at the game's weights on these samples."""
    judged = game.judge(real, game.g.network(latents))
    g_loss = game.costs.g_loss(judged.real, judged.fake)
    losses = {"d": judged.trained, "g": g_loss}
    found = {}
    for name, loss in losses.items():
        parameters = getattr(game, name).parameters
        slopes = torch.autograd.grad(
            loss, parameters, retain_graph=True, allow_unused=True, materialize_grads=True
        )
        found[name] = -array(as_vector(slopes))
    return found


def path_angle(game: GAN, step: int, clock: Callable[[], float] = time.perf_counter) -> Values | None:
    """The field of the game along the line through two recorded states, see ``theory.path_angle``.

    ``alpha`` (61,); ``cosine`` and ``norm`` of the field of both players, and with ``_g`` and ``_d`` those of
    each alone; NaN where they are not measured yet. ``start``, ``stop``: the steps of the two states, of
    ``states`` (n,) that are recorded; ``distance`` between them; ``rows``: reals and fakes of the batch. All
    at the settings of this moment. ``turning``: whether the first state is `PART` of a turn before the newest
    because the path goes round, rather than the first of the run or one that was chosen.
    """
    kept, end = _kept_of(game, step), clock() + SECONDS
    steps = np.array(kept.path.steps)
    if len(steps) < 2:
        return None
    line = kept.line
    if line is None or not line.left or line.settings is not game.experiment:
        while (left := kept.path.multiply()) and clock() < end:
            pass
        if left and kept.angle is not None:
            return {**kept.angle, "states": steps, "unfinished": True}
        if not left:
            _find_plane(kept, "both")
    ends, turning = _ends(kept)
    if line is None or line.settings is not game.experiment or (line.ends != ends and not line.left):
        line = kept.line = Line(game, ends, (kept.path.state(ends[0]), kept.path.state(ends[1])), turning)
    while line.left and clock() < end:
        line.measure()
    shown = kept.angle
    if shown is None or not line.left or (shown["start"], shown["stop"]) == line.ends:
        shown = kept.angle = line.values  # what was whole stays until the next is
    found = {**shown, "states": steps}
    return found | {"unfinished": True} if line.left or line.ends != ends else found


def _ends(kept: Kept) -> tuple[tuple[int, int], bool]:
    """The steps of the two states: those chosen, or the newest, and before it the first or, of a path that
    goes round, the one `PART` of a turn earlier; and whether it is that."""
    steps = kept.path.steps
    start, stop = kept.chosen
    last = steps[-1] if stop is None else kept.path.nearest(stop)
    row = None
    if start is None and "both" in kept.planes:
        known, at, _ = kept.planes["both"]
        row = before_a_turn(at[: bisect_right(known, last)], PART)
    first = kept.path.nearest(start) if start is not None else steps[0] if row is None else known[row]
    if first == last:
        place = steps.index(first)
        first, last = (steps[place - 1], last) if place else (first, steps[1])
    return (first, last), row is not None


def choose_states(game: GAN, question: tuple[int | None, int | None]) -> None:
    """Look from now on between the recorded states nearest to these two steps; None: as it is unless they are
    chosen."""
    kept = _kept.get(game)
    if kept is not None and kept.chosen != question:
        kept.chosen, kept.line, kept.angle = question, None, None
