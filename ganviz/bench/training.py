"""The speed of a step: eager and traced against the ordinary loop and against the floor of the matrix
products, alternating in one process."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from functools import partial

import torch

from ganviz.bench.ceiling import least_seconds
from ganviz.bench.ordinary import WORKLOAD, OrdinaryLoop
from ganviz.bench.quiet import Quiet
from ganviz.bench.table import Row
from ganviz.games.player import State
from ganviz.training.trainer import Trainer

PHASE_SECONDS = 0.3
WARM_UP = 300
"""Steps before anything is timed: enough for the traced steps to be in use."""


Question = tuple[str, str, str, float, float]
QUESTIONS: tuple[Question, ...] = (
    ("ordinary loop / matrix products alone, steps a second", "ordinary", "floor", 0.22, 0.22),
    ("eager step / ordinary loop, steps a second", "eager", "ordinary", 1.25, 1.25),
    ("traced steps / ordinary loop, steps a second", "traced", "ordinary", 2.0, 3.0),
)
"""A question, what is divided by what, goal and aim."""


def _nothing() -> None:
    """Between the turns of the two players; a step that stops there is eager."""


def steps(rounds: int) -> list[Row]:
    """Steps a second of the trainer, its metrics recorded, over those of the ordinary loop, and of that over
    the floor; medians of the rounds' ratios.

    RuntimeError where the figures would mean nothing: a weight that stands still, an eager and a traced run
    that differ, steps faster than their matrix products.
    """
    torch.set_num_threads(1)
    ordinary, eager, traced = OrdinaryLoop(), Trainer(WORKLOAD), Trainer(WORKLOAD)
    before = eager.game.state()
    players: dict[str, Callable[[int], None]] = {
        "ordinary": ordinary.play,
        "eager": partial(eager.step, between=_nothing),
        "traced": traced.step,
    }
    for play in players.values():
        play(WARM_UP)
    _check(before, eager, traced)
    quiet: Quiet[dict[str, float]] = Quiet()
    speeds = [quiet(partial(_round, players)) for _ in range(rounds)]
    for speed in speeds:
        if max(speed.values()) > speed["floor"]:
            raise RuntimeError(f"faster than the matrix products alone: {speed}")
    return [ratio_row(question, speeds, quiet.words) for question in QUESTIONS]


def _round(players: Mapping[str, Callable[[int], None]]) -> dict[str, float]:
    """Steps a second of each, one after the other, and of the floor."""
    return {name: rate(play) for name, play in players.items()} | {"floor": 1.0 / least_seconds()}


def rate(play: Callable[[int], None], steps: int = 20, seconds: float | None = None) -> float:
    """Steps a second of what plays, asked for some ``steps`` at a time, for PHASE_SECONDS if not told."""
    started, done = time.perf_counter(), 0
    while time.perf_counter() - started < (PHASE_SECONDS if seconds is None else seconds):
        play(steps)
        done += steps
    return done / (time.perf_counter() - started)


def ratio_row(question: Question, speeds: list[dict[str, float]], note: str) -> Row:
    """The median of the rounds' ratios of two speeds, with their range."""
    words, above, below, goal, aim = question
    ratios = [speed[above] / speed[below] for speed in speeds]
    median = statistics.median(speed[above] for speed in speeds)
    spread = f"{min(ratios):.2f} to {max(ratios):.2f} in {len(ratios)} rounds; {median:,.0f}/s{note}"
    return Row(words, statistics.median(ratios), "x", "at least", goal, aim, spread)


def _check(before: State, eager: Trainer, traced: Trainer) -> None:
    """RuntimeError unless both runs moved every weight, to the same bits, and the second one was traced."""
    if traced.backend != "traced":
        raise RuntimeError("no traced steps on this machine")
    after, fast = eager.game.state(), traced.game.state()
    if any(torch.equal(before[key], after[key]) for key in before if ".weights." in key):
        raise RuntimeError("a weight did not move")
    if not all(torch.equal(after[key], fast[key]) for key in after):
        raise RuntimeError("traced steps end elsewhere than eager ones")
