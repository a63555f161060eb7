"""How a benchmark reports: one row a question, its figure beside its goal, as a table and as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Row:
    """One figure. ``better`` says on which side of ``goal`` it should lie, ``aim`` is what would be
    excellent; ``spread`` is the range over the rounds, in words."""

    question: str
    figure: float
    unit: str
    better: str
    goal: float
    aim: float | None = None
    spread: str = ""

    @property
    def passed(self) -> bool:
        """Whether the figure reaches its goal."""
        return self.reaches(self.goal)

    def reaches(self, mark: float) -> bool:
        """Whether the figure lies on the good side of this mark."""
        return self.figure >= mark if self.better == "at least" else self.figure <= mark

    @property
    def word(self) -> str:
        """``short`` of the goal, ``pass``, or ``pass, aim`` where the aim is reached too."""
        if not self.passed:
            return "SHORT"
        return "pass, aim" if self.aim is not None and self.reaches(self.aim) else "pass"


def show(rows: Sequence[Row], say: Callable[[str], None]) -> None:
    """Print the rows as a table."""
    width = max(len(row.question) for row in rows)
    say(f"{'':<{width}}  {'measured':>12}  {'goal':>14}  {'aim':>6}")
    for row in rows:
        measured = f"{row.figure:.3g} {row.unit}".strip()
        goal, aim = f"{row.better} {row.goal:g}", "" if row.aim is None else f"{row.aim:g}"
        say(f"{row.question:<{width}}  {measured:>12}  {goal:>14}  {aim:>6}  {row.word:<9}  {row.spread}")


def save(rows: Sequence[Row], machine: Mapping[str, object], path: Path) -> None:
    """Write the rows and what they were measured on as JSON. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {"machine": machine, "rows": [{**asdict(row), "passed": row.passed} for row in rows]}
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def require_writable(path: Path) -> None:
    """Raises OSError where :func:`save` could not write; leaves the file as it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    existed = path.exists()
    path.open("a", encoding="utf-8").close()
    if not existed:
        path.unlink()
