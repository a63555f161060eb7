"""The case of the theory bench about CycleGAN, T19: what each term of its objective does, in the presets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from ganviz.bench.theory_check import Check, between
from ganviz.experiment import Experiment
from ganviz.training.trainer import Trainer
from ganviz.training.verdict_cyclegan import measure

PLANE, LINE = "cyclegan-ring-square", "cyclegan-1d"
PLANE_STEPS, LINE_STEPS = 1_500, 1_000
SEEDS = (0, 1, 2)
LINE_SEEDS = (0, 1, 2, 3)
SOURCE = "Zhu 2017, Secs. 3, 5; measured"


class Outcome(NamedTuple):
    """What came of a run: both cycle errors; both again as shares of an arbitrary pair's; both distances of
    the marginals; both, above what sampling reads, as shares of X's from Y; and on a line which way G and F
    run (+1 rising, -1 falling, 0 in the plane)."""

    cycle: tuple[float, float]
    back: tuple[float, float]
    w1: tuple[float, float]
    left: tuple[float, float]
    ways: tuple[int, int]


def play(preset: str, ablation: str, seed: int, steps: int, then: str = "") -> Outcome:
    """A preset under some terms, and as many steps under others, where ``then`` names them."""
    chosen = Experiment.preset(preset).replace(ablation=ablation, seed=seed, measure_every=100_000)
    trainer = Trainer(chosen)
    trainer.step(steps)
    if then:
        trainer.apply(chosen.replace(ablation=then))
        trainer.step(steps)
    run = trainer.run(("samples", "marginals"))
    numbers = measure(run)
    seen = run.frame.get("samples")
    assert numbers is not None and seen is not None
    ways = (0, 0)
    if seen["x"].shape[1] == 1:
        pairs = (("x", "g_of_x"), ("y", "f_of_y"))
        first, second = (
            int(np.sign(np.corrcoef(seen[start][:, 0], seen[end][:, 0])[0, 1])) for start, end in pairs
        )
        ways = first, second
    left = numbers.off[0] / numbers.apart[0], numbers.off[1] / numbers.apart[1]
    return Outcome(numbers.cycle, numbers.back, numbers.w1, left, ways)


def _all(outcomes: Sequence[Outcome], field: str) -> list[float]:
    return [value for outcome in outcomes for value in getattr(outcome, field)]


def t19() -> Iterator[Check]:
    """Without the cycle loss marginals match and pairs do not come back; with it they do. On a line it makes
    G and F run the same way; which, the identity loss decides, and the marginals pay until it goes again."""
    for ablation, words in (("gan", "GAN only"), ("cycle", "+ cycle")):
        found = [play(PLANE, ablation, seed, PLANE_STEPS) for seed in SEEDS]
        what = f"ring and square, {words}, seeds {_words(SEEDS)}"
        left = _all(found, "left")
        yield between("T19", f"{what}: W1 of marginals / the unmoved ring's", SOURCE, got=left, high=0.5)
        errors = _all(found, "back")
        if ablation == "gan":  # what comes back is left to chance: on some seeds it is near
            mean = float(np.mean(errors))
            yield between("T19", f"{what}: mean error / an arbitrary pair's", SOURCE, got=mean, low=0.4)
        else:
            yield between("T19", f"{what}: errors / an arbitrary pair's", SOURCE, got=errors, high=0.05)
    found = [play(LINE, "cycle", seed, LINE_STEPS) for seed in LINE_SEEDS]
    what = f"on a line, + cycle, seeds {_words(LINE_SEEDS)}"
    yield between("T19", f"{what}: cycle errors", SOURCE, got=_all(found, "cycle"), high=0.06)
    same = [g * f for g, f in (one.ways for one in found)]
    yield between("T19", f"{what}: G's way times F's", SOURCE, got=same, low=1.0, high=1.0)
    rising = sum(one.ways[0] > 0 for one in found)
    yield between("T19", f"{what}: how many rise", SOURCE, got=rising, low=1, high=len(found) - 1)
    found = [play(LINE, "identity", seed, LINE_STEPS, then="cycle") for seed in LINE_SEEDS]
    what = f"+ identity, then + cycle, seeds {_words(LINE_SEEDS)}"
    yield between("T19", f"{what}: ways of G and F", SOURCE, got=_all(found, "ways"), low=1.0, high=1.0)
    yield between("T19", f"{what}: W1 of marginals", SOURCE, got=_all(found, "w1"), high=0.15)


def _words(seeds: Sequence[int]) -> str:
    return ", ".join(map(str, seeds))
