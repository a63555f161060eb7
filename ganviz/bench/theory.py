"""``ganviz theory``: every case with a known answer, computed by the program's own functions and networks."""

from __future__ import annotations

import json
import shutil
import textwrap
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

from ganviz.bench.theory_check import Check
from ganviz.bench.theory_forms import FORMS
from ganviz.bench.theory_runs import RUNS

HEADINGS = ("case", "computed", "expected", "got", "source", "")
SHARES = (0, 31, 25, 24, 20, 0)
"""How the width left by the first and the last column is shared, in percent."""


def run(quick: bool, say: Callable[[str], None]) -> list[Check]:
    """All cases in order (``quick``: without the ones that train), each shown through ``say`` as it ends."""
    cases = FORMS if quick else dict(sorted((FORMS | RUNS).items()))
    widths = _widths(shutil.get_terminal_size((120, 24)).columns)
    say(_line(HEADINGS, widths))
    done: list[Check] = []
    for case in cases.values():
        checks = list(case())
        done += checks
        for check in checks:
            say(_line(_cells(check), widths))
    failed = sum(not check.passed for check in done)
    say(f"{len(done)} checks, {failed} failed" if failed else f"{len(done)} checks, all passed")
    return done


def save(checks: Iterable[Check], path: Path) -> None:
    """Write the rows as JSON. OSError where that cannot be done."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = json.dumps([asdict(check) for check in checks], indent=2, ensure_ascii=False)
    path.write_text(content + "\n", encoding="utf-8")


def _cells(check: Check) -> tuple[str, ...]:
    word = "pass" if check.passed else "FAIL"
    return check.case, check.what, check.expected, check.got, check.source, word


def _widths(columns: int) -> list[int]:
    room = max(90, min(columns, 160)) - 8 - 2 * (len(SHARES) - 1)
    return [4 if share == 0 else room * share // 100 for share in SHARES]


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    """One row of the table, its cells wrapped within their columns."""
    wrapped = [textwrap.wrap(cell, width) or [""] for cell, width in zip(cells, widths, strict=True)]
    lines = []
    for index in range(max(map(len, wrapped))):
        parts = [column[index] if index < len(column) else "" for column in wrapped]
        padded = (f"{part:<{width}}" for part, width in zip(parts, widths, strict=True))
        lines.append("  ".join(padded).rstrip())
    return "\n".join(lines)
