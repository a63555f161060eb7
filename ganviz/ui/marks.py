"""What stands around a plot: axes with their ticks, reference lines, names at the right edge; and where each
finds room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

Tick = tuple[float, str]


@dataclass(frozen=True)
class Reference:
    """A dotted line at height ``at`` (or at that x when ``upright``), named at the right edge in TeX or in
    words."""

    at: float
    name: str = ""
    note: str = ""
    colour: str = ""
    upright: bool = False
    dashed: bool = False


@dataclass(frozen=True)
class EndLabel:
    """Words at the right edge beside the end of a curve, at height ``at``."""

    at: float
    text: str
    colour: str
    tex: str = ""
    bold: bool = True
    below: str = ""


@dataclass
class Axis:
    """What an axis shows: its title, a shorter one for where that finds no room, its evenly spaced ticks
    (value, text), and marks that are shown before any tick."""

    title: str = ""
    ticks: Sequence[Tick] = field(default_factory=list)
    short: str = ""
    marks: Sequence[Tick] = ()


def _apart(boxes: Sequence[tuple[float, float]]) -> bool:
    """Whether (middle, length) boxes, in order along a line, leave each other room."""
    return all(abs(b[0] - a[0]) >= (a[1] + b[1]) / 2 - 1e-6 for a, b in pairwise(boxes))


def roomy_ticks(
    ticks: Sequence[Tick], boxes: Sequence[tuple[float, float]], taken: Sequence[tuple[float, float]] = ()
) -> list[Tick]:
    """Every tick, or every second, third, ... one, so that none covers another, and none of them what is
    ``taken``.

    ``boxes`` are the (middle, length) of each tick's text along the axis. 0 is kept where it is a tick.
    """
    zero = next((index for index, (value, _) in enumerate(ticks) if value == 0.0), 0)
    for stride in range(1, len(ticks) + 1):
        start = zero % stride
        if len(ticks[start::stride]) < 2 <= len(ticks[::stride]):
            start = 0
        if _apart(boxes[start::stride]):
            chosen = zip(ticks[start::stride], boxes[start::stride], strict=True)
            return [tick for tick, box in chosen if all(_apart([box, other]) for other in taken)]
    return []


def roomy_marks(marks: Sequence[Tick], boxes: Sequence[tuple[float, float]]) -> list[int]:
    """The indices of the marks to show: an earlier one stays where two cover each other."""
    kept: list[int] = []
    for index in range(len(marks)):
        if all(_apart([boxes[index], boxes[other]]) for other in kept):
            kept.append(index)
    return kept


def _spread(wanted: Sequence[float], heights: Sequence[float], low: float, high: float) -> list[float] | None:
    """Middles nearest to the ``wanted`` (rising) ones, in the least squares, such that no label covers the
    next or reaches beyond [low, high]; None where they find no room.

    With the distances that the labels need taken out this is isotonic regression, done by pooling adjacent
    violators.
    """
    offsets = [0.0]
    for above, below in pairwise(heights):
        offsets.append(offsets[-1] + (above + below) / 2)
    low, high = low + heights[0] / 2, high - heights[-1] / 2 - offsets[-1]
    if high < low:
        return None
    pools: list[tuple[float, int]] = []
    for value, offset in zip(wanted, offsets, strict=True):
        pools.append((value - offset, 1))
        while len(pools) > 1 and pools[-2][0] >= pools[-1][0]:
            (second, many), (first, more) = pools.pop(), pools.pop()
            pools.append(((first * more + second * many) / (more + many), more + many))
    level = [value for value, count in pools for _ in range(count)]
    return [min(max(at, low), high) + by for at, by in zip(level, offsets, strict=True)]


def places(
    wanted: Sequence[float], heights: Sequence[float], low: float, high: float, furthest: float
) -> list[float | None]:
    """Where labels stand along the edge, given the most important first: as near as can be to their wanted
    middles.

    None for a label that would cover a more important one or stand ``furthest`` away from its value.
    """
    found: dict[int, float] = {}
    for index in range(len(wanted)):
        order = sorted([*found, index], key=lambda each: wanted[each])
        at = _spread([wanted[each] for each in order], [heights[each] for each in order], low, high)
        if at is not None and all(
            abs(y - wanted[each]) <= furthest for y, each in zip(at, order, strict=True)
        ):
            found = dict(zip(order, at, strict=True))
    return [found.get(index) for index in range(len(wanted))]
