"""The speed of the window: what painting costs the training, how long a frame and an event wait, and how soon
a click acts."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence

import numpy as np

from ganviz.bench.made_up import OBJECTIVES, filled
from ganviz.bench.quiet import Quiet
from ganviz.bench.stage import PHASE_SECONDS, Phase, Stage, backend
from ganviz.bench.table import Row
from ganviz.training.trainer import Trainer

Pair = tuple[Phase, Phase]
MILLION = 1_000_000


def painting(rounds: int) -> list[Row]:
    """With traced steps: painting against not painting, frames, events, clicks, and hidden panels against no
    window at all."""
    quiet: Quiet[Pair] = Quiet()
    with backend("traced"), Stage() as stage:
        pairs = _pairs(stage, rounds, quiet)
        latencies = [_toggle(stage, OBJECTIVES[(index + 1) % 2]) for index in range(max(4, rounds))]
        hidden = _hidden(stage, rounds)
    on = [pair[0] for pair in pairs]
    fresh = [phase.fresh_per_second for phase in on]
    question = "window painting at 30 fps / not painting, traced steps"
    return [
        _ratio(question, pairs, 0.95, 0.98, quiet.words),
        hidden,
        _percentile("frame time, 99th percentile", on, "frames", 16.7, 8),
        _percentile("wait of an event, 99th percentile", on, "waits", 16, 8),
        Row(
            "frames with something new, at a nominal 30 a second",
            statistics.median(fresh), "/s", "at least", 25, 30,
            f"{min(fresh):.1f} to {max(fresh):.1f}",
        ),
        Row(
            "toggle of the loss to the first step recorded under it",
            statistics.median(latencies) * 1e3, "ms", "at most", 50, 16,
            f"{min(latencies) * 1e3:.0f} to {max(latencies) * 1e3:.0f} in {len(latencies)} clicks",
        ),
    ]  # fmt: skip


def painting_eager(rounds: int) -> list[Row]:
    """Painting against not painting where each step is Python's."""
    quiet: Quiet[Pair] = Quiet()
    with backend("eager"), Stage() as stage:
        pairs = _pairs(stage, rounds, quiet)
    return [_ratio("the same with eager steps", pairs, 0.70, 0.70, quiet.words)]


def painting_million(rounds: int) -> list[Row]:
    """Painting against not painting after 1e6 recorded steps."""
    quiet: Quiet[Pair] = Quiet()
    with backend("traced"), Stage(filled(MILLION)) as stage:
        pairs = _pairs(stage, rounds, quiet)
    return [_ratio("the same with 1e6 recorded steps, traced", pairs, 0.93, 0.98, quiet.words)]


def _pairs(stage: Stage, rounds: int, quiet: Quiet[Pair]) -> list[Pair]:
    stage.play(painting=True)

    def pair() -> Pair:
        return stage.play(painting=True), stage.play(painting=False)

    return [quiet(pair) for _ in range(rounds)]


def _ratio(question: str, pairs: Sequence[Pair], goal: float, aim: float, note: str) -> Row:
    ratios = [on.steps_per_second / off.steps_per_second for on, off in pairs]
    rate = statistics.median(off.steps_per_second for _, off in pairs)
    spread = f"{min(ratios):.2f} to {max(ratios):.2f} in {len(ratios)} rounds; {rate:,.0f}/s without{note}"
    return Row(question, statistics.median(ratios), "x", "at least", goal, aim, spread)


def _percentile(question: str, phases: Sequence[Phase], what: str, goal: float, aim: float) -> Row:
    milliseconds = 1e3 * np.concatenate([getattr(phase, what) for phase in phases])
    p50, p99 = np.percentile(milliseconds, [50, 99])
    spread = f"median {p50:.2g} of {len(milliseconds)}"
    if what == "frames":
        spread += (
            f"; {1e3 * np.mean(np.concatenate([phase.processor for phase in phases])):.1f} ms of processor"
        )
    return Row(question, float(p99), "ms", "at most", goal, aim, spread)


def _toggle(stage: Stage, objective: str) -> float:
    """Seconds from a click on a loss to the first recorded step under it."""
    started = time.perf_counter()
    stage.window.actions_by_name[f"objective.{objective}"].trigger()
    while time.perf_counter() - started < 5.0:
        run = stage.window.pilot.latest()
        if run is not None and run.history.objectives[int(run.history.steps.last("objective"))] == objective:
            return time.perf_counter() - started
        time.sleep(0.001)
    raise RuntimeError("the loss never changed")


def _hidden(stage: Stage, rounds: int) -> Row:
    """Steps a second in the window with no panel on screen over those without a window."""
    stage.train(False)  # two trainers must not trace their steps at the same time
    headless = Trainer(stage.window.choices.experiment)
    headless.step(400)

    def alone() -> float:
        started, before = time.perf_counter(), headless.step_count
        while time.perf_counter() - started < PHASE_SECONDS:
            headless.step(20)
        return (headless.step_count - before) / (time.perf_counter() - started)

    def ratio() -> float:
        stage.train(True)
        hidden = stage.play(painting=False).steps_per_second
        stage.train(False)
        return hidden / alone()

    quiet: Quiet[float] = Quiet()
    ratios = [quiet(ratio) for _ in range(rounds)]
    stage.train(True)
    spread = f"{min(ratios):.2f} to {max(ratios):.2f} in {len(ratios)} rounds{quiet.words}"
    question = "all panels hidden / no window at all, steps a second"
    return Row(question, statistics.median(ratios), "x", "at least", 0.97, 1.0, spread)
