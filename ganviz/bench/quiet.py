"""Whether anything else works on this machine: a phase that was disturbed is measured again."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

FOREIGN_CORES = 0.25
"""Cores that other programs may use while something is measured."""
ATTEMPTS = 3
STAT = Path("/proc/stat")

Result = TypeVar("Result")


def busy_seconds(stat: Path = STAT) -> float | None:
    """Processor time that all programs have used since the start of the machine; None where the system does
    not say so in ``stat`` (macOS, Windows)."""
    try:
        words = stat.read_text(encoding="ascii").split("\n", 1)[0].split()
    except OSError:
        return None
    user, nice, system, _idle, _wait, interrupts, soft_interrupts, stolen = map(int, words[1:9])
    ticks = user + nice + system + interrupts + soft_interrupts + stolen
    return ticks / os.sysconf("SC_CLK_TCK")


class Quiet(Generic[Result]):
    """Runs phases of a measurement and repeats one during which other programs used the machine.

    ``worst``: the most cores that others used in a phase that was kept; None where that cannot be told.
    """

    def __init__(self, attempts: int = ATTEMPTS, busy: Callable[[], float | None] = busy_seconds) -> None:
        self._attempts, self._busy = attempts, busy
        self.worst: float | None = None

    def __call__(self, phase: Callable[[], Result]) -> Result:
        """The result of the first quiet one of a few attempts, or that of the least disturbed."""
        kept: list[tuple[float, Result]] = []
        for _ in range(self._attempts):
            before, own, started = self._busy(), _own_seconds(), time.perf_counter()
            result = phase()
            after, took = self._busy(), time.perf_counter() - started
            if before is None or after is None:
                return result
            kept.append((max(0.0, after - before - (_own_seconds() - own)) / took, result))
            if kept[-1][0] <= FOREIGN_CORES:
                break
        foreign, result = min(kept, key=lambda pair: pair[0])
        self.worst = max(foreign, self.worst or 0.0)
        return result

    @property
    def words(self) -> str:
        """What to add to a row that was disturbed all the same."""
        disturbed = self.worst is not None and self.worst > FOREIGN_CORES
        return f"; DISTURBED, others used up to {self.worst:.1f} cores" if disturbed else ""


def _own_seconds() -> float:
    """Processor time of this process and of those that it has started and waited for."""
    return sum(os.times()[:4])
