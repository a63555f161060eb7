"""How a benchmark reports: one row a question, its figure beside its goal, as a table and as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Row:
    """One figure. ``better`` says on which side of ``goal`` it should lie; ``spread`` is the range over the
    rounds, in words."""

    question: str
    figure: float
    unit: str
    better: str
    goal: float
    spread: str = ""

    @property
    def passed(self) -> bool:
        """Whether the figure reaches its goal."""
        return self.figure >= self.goal if self.better == "at least" else self.figure <= self.goal


def show(rows: Sequence[Row], say: Callable[[str], None]) -> None:
    """Print the rows as a table."""
    width = max(len(row.question) for row in rows)
    say(f"{'':<{width}}  {'measured':>14}  {'goal':>18}")
    for row in rows:
        measured = f"{row.figure:.3g} {row.unit}".strip()
        goal = f"{row.better} {row.goal:g}"
        word = "pass" if row.passed else "SHORT"
        say(f"{row.question:<{width}}  {measured:>14}  {goal:>18}  {word:<5}  {row.spread}")


def save(rows: Sequence[Row], machine: Mapping[str, object], path: Path) -> None:
    """Write the rows and what they were measured on as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {"machine": machine, "rows": [{**asdict(row), "passed": row.passed} for row in rows]}
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
