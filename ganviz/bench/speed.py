"""``ganviz bench``: how fast the program is, as ratios measured in one run on this machine."""

from __future__ import annotations

import os
import platform
import sys
from pathlib import Path

ROUNDS = 9
FILE = Path("bench-results") / "speed.json"


def run(rounds: int = ROUNDS, file: Path = FILE) -> None:
    """Measure in this many rounds a row, print the table, write it as JSON too."""
    if sys.platform.startswith("linux") and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

    import torch

    from ganviz.bench import training, window
    from ganviz.bench.table import save, show

    machine = {
        "system": platform.platform(),
        "python": platform.python_version(),
        "torch": torch.__version__,
        "cores": os.cpu_count(),
        "load before": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
        "qt platform": os.environ.get("QT_QPA_PLATFORM", "native"),
    }
    print(", ".join(f"{key} {value}" for key, value in machine.items()))
    rows = [window.first_paint(min(rounds, 5)), training.eager_step(rounds)]
    rows += window.painting(rounds)
    rows += window.long_history(rounds)
    show(rows, print)
    save(rows, machine, file)
    print(f"written: {file}")
