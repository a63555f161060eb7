"""The speed of a step: the program's eager step against the ordinary loop, alternating in one process."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import torch

from ganviz.bench.ordinary import WORKLOAD, OrdinaryLoop
from ganviz.bench.table import Row
from ganviz.training.trainer import Trainer

PHASE_SECONDS = 0.3


def eager_step(rounds: int) -> Row:
    """Steps a second of the trainer, its metrics recorded, over those of the ordinary loop; the median of the
    rounds' ratios.

    RuntimeError if any weight of either player stands still: a loop that does not train is fast for nothing.
    """
    torch.set_num_threads(1)
    trainer, ordinary = Trainer(WORKLOAD), OrdinaryLoop()
    before = trainer.game.state()

    def play_ordinary(count: int) -> None:
        for _ in range(count):
            ordinary.step()

    play_ordinary(60)
    trainer.step(60)
    ratios, speeds = [], []
    for _ in range(rounds):
        slow = _rate(play_ordinary)
        fast = _rate(trainer.step)
        ratios.append(fast / slow)
        speeds.append(fast)
    after = trainer.game.state()
    if any(torch.equal(before[key], after[key]) for key in before if ".weights." in key):
        raise RuntimeError("a weight did not move")
    return Row(
        "eager step / ordinary loop, steps a second",
        statistics.median(ratios),
        "x",
        "at least",
        1.25,
        f"{min(ratios):.2f} to {max(ratios):.2f} in {rounds} rounds; {statistics.median(speeds):,.0f}/s",
    )


def _rate(play: Callable[[int], None]) -> float:
    started, steps = time.perf_counter(), 0
    while time.perf_counter() - started < PHASE_SECONDS:
        play(20)
        steps += 20
    return steps / (time.perf_counter() - started)
