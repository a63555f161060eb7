"""The verdict on a CycleGAN: whether each map's image is the other's data, and whether the pairs come back.
No torch, no Qt: pure functions of a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ganviz.record.run import Run
from ganviz.training.number_words import power

FloatArray = npt.NDArray[np.float64]
COMES_BACK = 0.15
"""Pairs come back when the cycle error is below this share of the data's own spread, both ways."""
NOT_BACK = 0.5
"""Above this share they do not; 1 is what a constant in place of F(G(x)) would reach."""
MATCH = 0.12
"""A marginal matches when its W1, less what sampling alone reads, is below this share of the spread."""
ONE_PLACE = 0.1
"""A map has collapsed when its image's spread is below this share of its target's."""
UNTRAINED = 50


@dataclass(frozen=True)
class Numbers:
    """What the verdict rests on. ``cycle``: cycle errors of x and y, and ``back``: as shares of their data's
    spread, the mean |x - median|. ``w1``: distances of F(y) from X and of G(x) from Y (NaN: not measured),
    and ``off``: above what sampling alone reads, as shares of the spread. ``width``: spread of F(y) and of
    G(x) as shares of their target's.
    """

    g_count: int
    cycle: tuple[float, float]
    back: tuple[float, float]
    w1: tuple[float, float]
    off: tuple[float, float]
    width: tuple[float, float]


def spread(samples: FloatArray) -> float:
    """The mean |x - median| over samples (n, dim) and coordinates: what the best constant is off by."""
    return float(np.abs(samples - np.median(samples, axis=0)).mean())


def measure(run: Run) -> Numbers | None:
    """The numbers of a run's latest look; None before the first."""
    looked, record = run.frame.together, run.history
    seen, found = looked.get("samples"), looked.get("marginals")
    if seen is None:
        return None
    spreads = [max(spread(seen[name]), 1e-12) for name in ("x", "y")]
    returned = (("f_of_g_of_x", "x"), ("g_of_f_of_y", "y"))
    cycle = [float(np.abs(seen[came] - seen[went]).mean()) for came, went in returned]
    w1 = [float(found[name]) if found else record.measured.last(name) for name in ("w1_x", "w1_y")]
    floors = [float(found[f"{name}_floor"]) if found else 0.0 for name in ("w1_x", "w1_y")]
    images = [spread(seen[name]) for name in ("f_of_y", "g_of_x")]
    return Numbers(
        run.frame.g_count,
        _both(cycle),
        _both(error / size for error, size in zip(cycle, spreads, strict=True)),
        _both(w1),
        _both((w - floor) / size for w, floor, size in zip(w1, floors, spreads, strict=True)),
        _both(image / size for image, size in zip(images, spreads, strict=True)),
    )


def _both(values: Any) -> tuple[float, float]:
    first, second = values
    return first, second


def judge_run(run: Run) -> tuple[str, str, str]:
    """State, headline and text of a run as it stands."""
    numbers = measure(run)
    if numbers is None:
        return "waiting", "Not yet measured", "press Step or Train."
    return assess(numbers)


def assess(n: Numbers) -> tuple[str, str, str]:
    """State, headline and text on measured numbers."""
    errors = f"cycle error {_number(n.cycle[0])} of x, {_number(n.cycle[1])} of y"
    distances = f"W1 {_number(n.w1[1])} from Y, {_number(n.w1[0])} from X"
    back, off = max(n.back), max(n.off)
    if n.g_count < UNTRAINED:
        return "begins", "G and F have hardly moved", f"{errors}; {distances}."
    if min(n.width) < ONE_PLACE:
        name, share = min(zip(("F(y)", "G(x)"), n.width, strict=True), key=lambda pair: pair[1])
        return "collapsed", f"{name} collapsed", f"{share:.2g} times as wide as its target; {errors}."
    matched = "marginals match" if off < MATCH else "marginals are off"
    if back < COMES_BACK:
        state = "pairs" if off < MATCH else "pairs_off"
        return state, "The pairs come back", f"{errors}; {matched}: {distances}."
    if off < MATCH:
        headline = "Marginals match, pairs are arbitrary" if back > NOT_BACK else "Marginals match"
        rest = "" if back > NOT_BACK else ": pairs come back in part"
        return ("arbitrary" if back > NOT_BACK else "partly"), headline, f"{distances}; {errors}{rest}."
    return "learning", "Neither matches yet", f"{errors}; {distances}."


def _number(value: float) -> str:
    if np.isnan(value):
        return "–"
    return f"{value:.2g}" if 1e-3 <= value < 1e4 or value == 0.0 else power(value)
