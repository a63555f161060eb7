"""What a long run costs: the time of a frame and the memory, at 1e6 recorded steps."""

from __future__ import annotations

import gc
import statistics
import subprocess
import sys
import time

import numpy as np
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from ganviz.bench.growth import can_tell
from ganviz.bench.made_up import filled, made_up
from ganviz.bench.quiet import Quiet
from ganviz.bench.stage import Stage
from ganviz.bench.table import Row
from ganviz.record.run import Run

SHORT, LONG = 10_000, 1_000_000
FRAMES = 10


def frame_times(rounds: int) -> list[Row]:
    """Frame time with 1e6 recorded steps over that with 1e4, the two in turn, and what 1e6 steps of every
    curve take in memory."""
    with Stage() as stage:
        stage.train(False)
        stage.play(painting=True, seconds=0.2)
        run = stage.window.pilot.latest()
        assert run is not None
        runs = [Run(run.experiment, run.frame, filled(count)) for count in (SHORT, LONG)]
        gc.collect()
        quiet: Quiet[list[float]] = Quiet()
        times = [quiet(lambda: [_frame_time(stage, shown) for shown in runs]) for _ in range(rounds)]
        memory = runs[1].history.memory() / 1e6
    short, long = (statistics.median(each) for each in zip(*times, strict=True))
    ratio = statistics.median(pair[1] / pair[0] for pair in times)
    spread = f"{short * 1e3:.1f} and {long * 1e3:.1f} ms, all panels, painted{quiet.words}"
    return [
        Row("frame time at 1e6 recorded steps / at 1e4", ratio, "x", "at most", 1.1, 1.02, spread),
        Row("memory of 1e6 recorded steps, all curves together", memory, "MB", "at most", 60, 30),
    ]


def _frame_time(stage: Stage, run: Run) -> float:
    """Median seconds in which all panels show a run that has grown by a step."""
    times = []
    for frame in range(FRAMES):
        run.history.steps.append(made_up(np.array([run.history.last_step + 1])))
        started = time.perf_counter()
        for panel in stage.window.grid.on_screen():
            panel.forget()
            panel.show_runs([run])
        stage.window.timeline.show_run(run)
        QApplication.sendPostedEvents()
        QApplication.sendPostedEvents(None, QEvent.Type.UpdateRequest)
        QApplication.processEvents()
        if frame > 1:  # the first ones change from one history to the other
            times.append(time.perf_counter() - started)
    return statistics.median(times)


def growth(real: int) -> list[Row]:
    """By how much a fresh process grows from its first steps to 1e6, the last ``real`` of them trained and
    the others filled in; no row where the system does not tell."""
    if not can_tell():
        return []
    command = [sys.executable, "-m", "ganviz.bench.growth", str(real), str(LONG)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=7200, check=True)
    spread = f"{real:,} trained, the others filled in"
    question = "growth of the process over 1e6 recorded steps"
    return [Row(question, float(done.stdout.split()[-1]), "MB", "at most", 60, 30, spread)]
