"""``ganviz bench``: how fast the program is, as ratios measured in one run on this machine."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Callable
from pathlib import Path

from ganviz.bench.table import Row, save, show
from ganviz.ui.normalised import normalised

ROUNDS = 9
QUICK_ROUNDS = 3
FILE = Path("bench-results") / "speed.json"
REAL_STEPS, QUICK_STEPS = 10_000, 1_000


@normalised
def run(rounds: int = ROUNDS, file: Path = FILE, real_steps: int = REAL_STEPS) -> None:
    """Measure in this many rounds a row, print each row as soon as it is there and the table at the end,
    write it as JSON too. ``real_steps`` of the long run are trained, the others filled in. Raises OSError."""
    if sys.platform.startswith("linux") and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

    import torch

    machine = {
        "system": platform.platform(),
        "python": platform.python_version(),
        "torch": torch.__version__,
        "cores": os.cpu_count(),
        "load before": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
        "qt platform": os.environ.get("QT_QPA_PLATFORM", "native"),
        "rounds": rounds,
    }
    print(", ".join(f"{key} {value}" for key, value in machine.items()), flush=True)
    rows: list[Row] = []
    for question in _questions(rounds, real_steps):
        for row in question():
            print(f"  {row.question}: {row.figure:.3g} {row.unit}  {row.spread}", flush=True)
            rows.append(row)
    print()
    show(rows, print)
    save(rows, machine, file)
    print(f"written: {file}")


def _questions(rounds: int, real_steps: int) -> list[Callable[[], list[Row]]]:
    from ganviz.bench import images, long_runs, portrait, training, window
    from ganviz.bench.cold_start import cold_starts

    starts = min(rounds, 5)
    return [
        lambda: training.steps(rounds),
        lambda: images.steps(rounds),
        lambda: window.painting(rounds),
        lambda: window.painting_eager(rounds),
        lambda: window.painting_million(rounds),
        lambda: images.painting(rounds),
        lambda: portrait.drags(rounds),
        lambda: long_runs.frame_times(rounds),
        lambda: long_runs.growth(real_steps),
        lambda: [cold_starts(what, starts) for what in ("paint", "step")],
    ]
