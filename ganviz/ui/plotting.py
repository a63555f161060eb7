"""Scales and type for all plots: round ticks, axis ends that follow the data, fonts, colours."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QColor, QFont, QFontMetricsF

from ganviz.ui import formatting
from ganviz.ui.style import font as interface_font

SHRINK_AFTER = 3.0
"""Seconds for which the data must have fitted into less before an axis shrinks."""


def step_up(value: float) -> float:
    """The smallest of 1, 2, 5 times a power of ten that is not below ``value`` > 0."""
    scale = 10.0 ** math.floor(math.log10(value))
    return next(m * scale for m in (1.0, 2.0, 5.0, 10.0) if value <= m * scale * (1 + 1e-9))


def round_up(value: float) -> float:
    """The smallest of 1, 1.2, 1.5, 2, ... 8 times a power of ten that is not below ``value`` > 0."""
    scale = 10.0 ** math.floor(math.log10(value))
    rungs = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
    return next(m * scale for m in rungs if value <= m * scale * (1 + 1e-9))


def end_of_steps(step: int) -> float:
    """Where the step axis ends: a function of the step alone, so that all history plots agree without being
    tied together."""
    return 20.0 if step <= 20 else round_up(step)


def ticks_between(low: float, high: float, count: int = 4) -> list[tuple[float, str]]:
    """Three to five round ticks inside [low, high], with their text."""
    spacing = step_up((high - low) / count)
    first, last = math.ceil(low / spacing - 1e-9), math.floor(high / spacing + 1e-9)
    largest = max(abs(first), abs(last)) * spacing
    return [
        (index * spacing, formatting.tick(index * spacing, spacing, largest))
        for index in range(first, last + 1)
    ]


def step_ticks(end: float, count: int = 4) -> list[tuple[float, str]]:
    """Round ticks of a step axis from 0 to ``end``; steps are counted, so they are written out."""
    return [(at, formatting.fixed(at, 0)) for at, _ in ticks_between(0.0, end, count)]


def decade_ticks(low: int, high: int, most: int = 5) -> list[tuple[float, str]]:
    """Ticks at whole powers of ten on an axis of logarithms, from ``high`` down, with at most ``most`` equal
    steps between them."""
    every = -(-(high - low) // most) or 1
    return [(float(e), formatting.decade(e)) for e in range(low, high + 1) if (high - e) % every == 0]


def decades_of(logs: npt.NDArray[np.float64], most: int) -> tuple[int, int]:
    """The whole powers of ten between which these logarithms to base 10 lie, at most ``most`` from the top
    down; (-1, 1) where there are none."""
    if not len(logs):
        return -1, 1
    high = math.ceil(float(logs.max()) + 1e-9)
    return max(math.floor(float(logs.min())), high - most), high


def finite_ends(values: npt.NDArray[np.float64]) -> tuple[float, float]:
    """The lowest and the highest of the values that are finite; NaN twice where none is."""
    finite = values[np.isfinite(values)]
    return (float(finite.min()), float(finite.max())) if len(finite) else (math.nan, math.nan)


class Limits:
    """Ends of an axis that follow the data: they grow at once in steps of 1-2-5 and shrink only after three
    seconds.

    ``low`` and ``high`` are the least that is always shown. ``clock`` gives seconds.
    """

    def __init__(self, low: float, high: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._least = (low, high)
        self._clock = clock
        self._now = self._needed = self._least
        self._fits_since: float | None = None

    def around(self, low: float, high: float) -> tuple[float, float]:
        """The ends to use now that the data reach from ``low`` to ``high`` (NaN: no data)."""
        wanted = self._wanted(low, high)
        grown = (min(wanted[0], self._now[0]), max(wanted[1], self._now[1]))
        now = self._clock()
        if self._fits_since is None:
            self._fits_since, self._needed = now, wanted
        self._needed = (min(self._needed[0], wanted[0]), max(self._needed[1], wanted[1]))
        if self._needed == grown:
            self._fits_since = None
        elif now - self._fits_since >= SHRINK_AFTER:
            grown, self._fits_since = self._needed, None
        self._now = grown
        return grown

    def _wanted(self, low: float, high: float) -> tuple[float, float]:
        least_low, least_high = self._least
        return (
            -step_up(-low) if math.isfinite(low) and low < least_low and low < 0 else least_low,
            step_up(high) if math.isfinite(high) and high > least_high and high > 0 else least_high,
        )

    def forget(self) -> None:
        """Start anew: the next data set the ends at once."""
        self._now, self._fits_since = self._least, None


class Span(Limits):
    """Ends that enclose the data closely, wherever they lie: a critic's scores may differ in the third
    decimal only."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(math.inf, -math.inf, clock)

    def around(self, low: float, high: float) -> tuple[float, float]:
        ends = super().around(low, high)
        if ends[1] - ends[0] > 8.0 * (high - low) > 0.0:  # what it was is of another size: begin anew
            self.forget()
            ends = super().around(low, high)
        return ends if ends[0] < ends[1] else (-1.0, 1.0)

    def _wanted(self, low: float, high: float) -> tuple[float, float]:
        if not (math.isfinite(low) and math.isfinite(high)):
            return self._now
        unit = step_up(max(high - low, 1e-6 * max(abs(low), abs(high)), 1e-12) / 4.0)
        return math.floor(low / unit) * unit, math.ceil(high / unit + 1e-9) * unit


@lru_cache(maxsize=256)
def font(px: float, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """The interface font at ``px`` pixels, as the rest of the window has it."""
    return interface_font(px, weight=weight)


@lru_cache(maxsize=256)
def metrics_of(px: float, weight: QFont.Weight = QFont.Weight.Normal) -> QFontMetricsF:
    """The measures of :func:`font` at this size."""
    return QFontMetricsF(font(px, weight))


def share_that_fits(width_at: Callable[[float], float], room: float, least: float) -> float:
    """The largest share of their size, from 1 down to ``least``, at which words ``width_at(share)`` pixels
    wide find room. Fonts come in whole pixels, so that width does not follow size in proportion."""
    share = 1.0
    while share > least and width_at(share) > room:
        share -= 0.02
    return max(share, least)


@lru_cache(maxsize=4096)
def width_of(text: str, px: float, weight: QFont.Weight = QFont.Weight.Normal) -> float:
    """The width of one line of text in :func:`font` at this size, in pixels."""
    return metrics_of(px, weight).horizontalAdvance(text)


@lru_cache(maxsize=256)
def line_of(px: float, weight: QFont.Weight = QFont.Weight.Normal) -> tuple[float, float]:
    """(height of a line, how far its baseline lies below its middle), in pixels."""
    metrics = metrics_of(px, weight)
    return metrics.height(), (metrics.ascent() - metrics.descent()) / 2


def blend(first: str, second: str, share: float) -> QColor:
    """``share`` of the first colour over the second: an opaque colour, because clear ones paint slowly."""
    a, b = QColor(first), QColor(second)
    pairs = ((a.red(), b.red()), (a.green(), b.green()), (a.blue(), b.blue()))
    return QColor(*(round(share * x + (1 - share) * y) for x, y in pairs))
