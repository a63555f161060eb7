"""``ganviz bench``: how fast the program is, as ratios measured in one run on this machine."""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Sequence
from pathlib import Path

ROUNDS = 9


def main(words: Sequence[str]) -> int:
    """Measure, print the table, write the JSON. The exit code is 0: a slow machine is no error."""
    parser = argparse.ArgumentParser(
        prog="ganviz bench", description="Measure the program's speed on this machine."
    )
    parser.add_argument(
        "--rounds",
        type=int,
        choices=range(1, 100),
        metavar="N",
        default=ROUNDS,
        help=f"rounds a row (default {ROUNDS})",
    )
    parser.add_argument(
        "--json",
        type=Path,
        default=Path("bench-results") / "speed.json",
        metavar="FILE",
        help="where the figures go",
    )
    options = parser.parse_args(words)
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
    rows = [window.first_paint(min(options.rounds, 5)), training.eager_step(options.rounds)]
    rows += window.painting(options.rounds)
    rows += window.long_history(options.rounds)
    show(rows, print)
    save(rows, machine, options.json)
    print(f"written: {options.json}")
    return 0
