"""The verdict on a CycleGAN: whether each map's image is the other's data, and whether the pairs come back.
No torch, no Qt: pure functions of a run."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ganviz.record.run import Run
from ganviz.training.number_words import power

FloatArray = npt.NDArray[np.float64]
COMES_BACK = 0.2
"""Pairs come back when the cycle error is below this share of a stranger's, both ways."""
NOT_BACK = 0.4
"""Above this share they do not; 1 is a stranger: another sample of the same data in place of F(G(x))."""
MATCH, OF_APART, NOISE = 0.15, 0.5, 0.03
"""A marginal matches when its W1, less what sampling alone reads, is below the first share of one point's,
and below the second of what X reads against Y: of a ring and a square, which are near each other, a map that
does nothing shall not match. The third is what chance can add where X and Y are the same."""
ONE_PLACE = 0.1
"""A map has collapsed when its image's spread is below this share of its target's."""
UNTRAINED = 50
RECENT = 0.9
"""A look at an earlier step than this share of the run's says which."""


@dataclass(frozen=True)
class Numbers:
    """What the verdict rests on. ``cycle``: cycle errors of x and y, and ``back``: as shares of a stranger's,
    E |x - x'| over two samples. ``w1``: distances of F(y) from X and of G(x) from Y (NaN: not measured), and
    ``off``: above what sampling alone reads, as shares of what one point in the middle reads. ``width``:
    spread of F(y) and of G(x) as shares of their target's. ``apart``: X from Y and Y from X, as ``off``.
    """

    g_count: int
    cycle: tuple[float, float]
    back: tuple[float, float]
    w1: tuple[float, float]
    off: tuple[float, float]
    width: tuple[float, float]
    apart: tuple[float, float]

    @property
    def matches(self) -> bool:
        """Whether both marginals match."""
        limits = (min(MATCH, max(OF_APART * share, NOISE)) for share in self.apart)
        return all(off < limit for off, limit in zip(self.off, limits, strict=True))


def spread(samples: FloatArray) -> float:
    """The mean |x - median| over samples (n, dim) and coordinates: what the best constant is off by."""
    return float(np.abs(samples - np.median(samples, axis=0)).mean())


def stranger(samples: FloatArray) -> float:
    """The mean |x - x'| over independent samples (n, dim) and coordinates: what an arbitrary pair is off by.
    Of images most of whose pixels are background it is up to twice the :func:`spread`."""
    return float(np.abs(samples - np.roll(samples, 1, axis=0)).mean())


def measure(run: Run) -> Numbers | None:
    """The numbers of a run's latest look; None before the first."""
    looked, record = run.frame.together, run.history
    seen, found = looked.get("samples"), looked.get("marginals")
    if seen is None:
        return None
    spreads = [_above_zero(spread(seen[name])) for name in ("x", "y")]
    strangers = [_above_zero(stranger(seen[name])) for name in ("x", "y")]
    returned = (("f_of_g_of_x", "x"), ("g_of_f_of_y", "y"))
    cycle = [float(np.abs(seen[came] - seen[went]).mean()) for came, went in returned]
    w1 = [float(found[name]) if found else record.measured.last(name) for name in ("w1_x", "w1_y")]
    floors = [float(found[f"{name}_floor"]) if found else 0.0 for name in ("w1_x", "w1_y")]
    points = [_above_zero(float(found[f"{name}_spread"])) for name in ("w1_x", "w1_y")] if found else spreads
    apart = float(found["w1_apart"]) if found else math.inf
    images = [spread(seen[name]) for name in ("f_of_y", "g_of_x")]
    return Numbers(
        run.frame.g_count,
        _both(cycle),
        _both(error / size for error, size in zip(cycle, strangers, strict=True)),
        _both(w1),
        _both((w - floor) / size for w, floor, size in zip(w1, floors, points, strict=True)),
        _both(image / size for image, size in zip(images, spreads, strict=True)),
        _both((apart - floor) / size for floor, size in zip(floors, points, strict=True)),
    )


def _above_zero(size: float) -> float:
    return max(size, 1e-12)


def _both(values: Any) -> tuple[float, float]:
    first, second = values
    return first, second


def judge_run(run: Run) -> tuple[str, str, str]:
    """State, headline and text of a run as it stands."""
    numbers = measure(run)
    if numbers is None:
        return "waiting", "Not yet measured", "press Step or Train."
    state, headline, text = assess(numbers)
    at = run.frame.together["samples"].step
    return state, headline, text if at >= RECENT * run.frame.step else f"{text[:-1]} (step {at:,})."


def assess(n: Numbers) -> tuple[str, str, str]:
    """State, headline and text on measured numbers."""
    errors = f"cycle error {_number(n.cycle[0])} of x, {_number(n.cycle[1])} of y"
    distances = f"W1 {_number(n.w1[1])} from Y, {_number(n.w1[0])} from X"
    back = max(n.back)
    if n.g_count < UNTRAINED:
        return "begins", "G and F have just begun", f"{errors}; {distances}."
    if min(n.width) < ONE_PLACE:
        name, share = min(zip(("F(y)", "G(x)"), n.width, strict=True), key=lambda pair: pair[1])
        return "collapsed", f"{name} collapsed", f"{share:.2g} times as wide as its target; {errors}."
    if back < COMES_BACK:
        state, matched = ("pairs", "marginals match") if n.matches else ("pairs_off", "marginals are off")
        return state, "The pairs come back", f"{errors}; {matched}: {distances}."
    if back < NOT_BACK:
        state, matched = ("partly", "match") if n.matches else ("partly_off", "are off")
        return state, f"Pairs come back in part, marginals {matched}", f"{errors}; {distances}."
    if n.matches:
        return "arbitrary", "Marginals match, pairs are arbitrary", f"{distances}; {errors}."
    return "learning", "Neither matches yet", f"{errors}; {distances}."


def _number(value: float) -> str:
    if np.isnan(value):
        return "–"
    if not (1e-3 <= value < 1e4 or value == 0.0):
        return power(value)
    return f"{value:#.2g}" if 0.0 < value < 9.95 else f"{value:.0f}"
