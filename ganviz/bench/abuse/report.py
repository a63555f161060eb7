"""What an abuse command found: counts of what went well, one line for each fault, and the exit code."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

SHOWN_FAULTS = 20


class Report:
    """Collects counts, facts and faults under a name; :meth:`close` prints them and says how it ended."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.counts: Counter[str] = Counter()
        self.facts: list[str] = []
        self.faults: list[str] = []
        self._began = time.monotonic()

    def count(self, what: str) -> None:
        """Something went as it should."""
        self.counts[what] += 1

    def fault(self, line: str) -> None:
        """Something did not; ``line`` says what and how to repeat it. Printed at once, up to a number."""
        self.faults.append(line)
        if len(self.faults) <= SHOWN_FAULTS:
            print(f"{self.name}: FAULT {line}", flush=True)

    def close(self) -> int:
        """Print the last lines; returns 0, or 1 where there was a fault."""
        for fact in self.facts:
            print(f"{self.name}: {fact}")
        counts = ", ".join(f"{number:,} {what}" for what, number in sorted(self.counts.items()))
        seconds = time.monotonic() - self._began
        word = "pass" if not self.faults else f"{len(self.faults)} FAULTS"
        print(f"{self.name}: {counts or 'nothing counted'}; {seconds:.0f} s: {word}", flush=True)
        return 1 if self.faults else 0


def peak_memory() -> float:
    """The most memory that this process has held so far, MB; 0 where the system does not tell."""
    try:
        import resource
    except ImportError:  # Windows
        return 0.0
    import sys

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1e3)


def memory() -> float:
    """The memory of its own that this process holds now, MB; its peak where the system tells only that.

    Pages of files, such as the libraries' code, are left out: the system takes and brings them as it likes,
    90 MB up or down from one minute to the next.
    """
    try:
        resident, shared = Path("/proc/self/statm").read_text(encoding="ascii").split()[1:3]
    except OSError:
        return peak_memory()
    import os

    return (int(resident) - int(shared)) * os.sysconf("SC_PAGE_SIZE") / 1e6
