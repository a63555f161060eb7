"""The speed of the window: what painting costs the training, how long a frame takes, and how soon a click
acts."""

from __future__ import annotations

import gc
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QEventLoop
from PySide6.QtWidgets import QApplication, QWidget

from ganviz.bench.ordinary import WORKLOAD
from ganviz.bench.table import Row
from ganviz.record.history import MEASURED_COLUMNS, STEP_COLUMNS, History
from ganviz.record.run import Run
from ganviz.ui.window import MainWindow

FRAME_SECONDS = 1 / 30
PHASE_SECONDS = 1.0
SIZE = (1400, 860)
OBJECTIVES = ("minimax", "non_saturating")


class Stage:
    """The real window, training the workload, with its own timer stopped: the benchmark gives the beat."""

    def __init__(self) -> None:
        self.app = QApplication.instance() or QApplication([])
        self.app.setStyle("Fusion")  # type: ignore[attr-defined]
        experiment = WORKLOAD.replace(measure_every=20, objective="minimax")
        self.window = MainWindow(experiment, start=True, safe_mode=True, ask_on_close=False)
        self.window.resize(*SIZE)
        self.window.show()
        self.wait(lambda: self.step > 50)
        self.window.pilot.follow(False)

    def __enter__(self) -> Stage:
        return self

    def __exit__(self, *error: object) -> None:
        self.window.close()

    @property
    def step(self) -> int:
        """The step that training has reached, painted or not."""
        run = self.window.pilot.latest()
        return run.frame.step if run else 0

    def wait(self, condition: Callable[[], bool], seconds: float = 60.0) -> None:
        """Let the window live until something is so. RuntimeError when it never is."""
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                raise RuntimeError("the window did not get there")
            self.app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 10)

    def frame(self) -> float:
        """Show the newest run and paint it now; seconds."""
        started = time.perf_counter()
        self.window.pilot.poll()
        self.app.processEvents()
        return time.perf_counter() - started

    def play(self, painting: bool) -> tuple[float, list[float]]:
        """Let it train for one phase; (steps a second, seconds of each frame)."""
        frames: list[float] = []
        self.window.pilot.look(self.window.grid.needs() if painting else frozenset())
        self.app.processEvents()
        began, started = self.step, time.perf_counter()
        due = started
        while (now := time.perf_counter()) - started < PHASE_SECONDS:
            if painting and now >= due:
                frames.append(self.frame())
                due = max(due + FRAME_SECONDS, time.perf_counter())
            else:
                time.sleep(min(max(due - now, 0.0005), 0.002) if painting else 0.005)
        return (self.step - began) / (time.perf_counter() - started), frames


def painting(rounds: int) -> list[Row]:
    """Steps a second with the window painting at 30 a second over those without; and the frames' 99th
    percentile."""
    with Stage() as stage:
        stage.play(True)
        ratios: list[float] = []
        frames: list[float] = []
        for _ in range(rounds):
            on, painted = stage.play(True)
            off, _ = stage.play(False)
            ratios.append(on / off)
            frames += painted
        latencies = [toggle(stage, OBJECTIVES[(index + 1) % 2]) for index in range(max(4, rounds))]
    spread = f"{min(ratios):.2f} to {max(ratios):.2f} in {rounds} rounds"
    milliseconds = np.array(frames) * 1e3
    p50, p99 = np.percentile(milliseconds, [50, 99])
    return [
        Row(
            "window painting at 30 fps / not painting, steps a second",
            statistics.median(ratios),
            "x",
            "at least",
            0.70,
            spread,
        ),
        Row(
            "frame time, 99th percentile",
            float(p99),
            "ms",
            "at most",
            20,
            f"median {p50:.1f} of {len(frames)} frames",
        ),
        Row(
            "toggle of the loss to the first step recorded under it",
            statistics.median(latencies) * 1e3,
            "ms",
            "at most",
            50,
            f"{min(latencies) * 1e3:.0f} to {max(latencies) * 1e3:.0f} in {len(latencies)} clicks",
        ),
    ]


def toggle(stage: Stage, objective: str) -> float:
    """Seconds from a click on a loss to the first recorded step under it."""
    started = time.perf_counter()
    stage.window.actions_by_name[f"objective.{objective}"].trigger()
    while time.perf_counter() - started < 5.0:
        run = stage.window.pilot.latest()
        if run is not None and run.history.objectives[int(run.history.steps.last("objective"))] == objective:
            return time.perf_counter() - started
        time.sleep(0.001)
    raise RuntimeError("the loss never changed")


def long_history(rounds: int) -> list[Row]:
    """Frame time with 1e6 recorded steps over that with 1e4, and what 1e6 steps of every curve take in
    memory."""
    with Stage() as stage:
        stage.window.pilot.play(False)
        stage.wait(lambda: (run := stage.window.pilot.latest()) is not None and run.frame.status == "paused")
        stage.frame()
        run = stage.window.pilot.latest()
        assert run is not None
        runs = {count: Run(run.experiment, run.frame, filled(count)) for count in (10_000, 1_000_000)}
        times: dict[int, list[float]] = {count: [] for count in runs}
        gc.collect()
        for _ in range(rounds):
            for count, shown in runs.items():
                for frame in range(10):
                    shown.history.steps.append(_made_up(np.array([shown.history.last_step + 1])))
                    started = time.perf_counter()
                    for panel in stage.window.grid.on_screen():
                        panel.show_runs([shown])
                    stage.window.timeline.show_run(shown)
                    _paint(stage.window)
                    if frame > 1:  # the first ones change from one history to the other
                        times[count].append(time.perf_counter() - started)
        memory = runs[1_000_000].history.memory() / 1e6
    short, long = (statistics.median(values) for values in times.values())
    spread = f"{short * 1e3:.1f} and {long * 1e3:.1f} ms, all panels, painted"
    return [
        Row("frame time at 1e6 recorded steps / at 1e4", long / short, "x", "at most", 1.2, spread),
        Row("memory of 1e6 recorded steps, all curves together", memory, "MB", "at most", 60),
    ]


def filled(count: int) -> History:
    """A history of ``count`` made-up steps, filled directly: like a real one, slow waves with a tenth of
    noise."""
    history = History(objectives=OBJECTIVES)
    for start in range(0, count, 50_000):
        steps = np.arange(start + 1, min(start + 50_000, count) + 1)
        history.steps.append(_made_up(steps))
        values = {name: _wave(steps[19::20]) for name in MEASURED_COLUMNS}
        history.measured.append(values | {"step": steps[19::20]})
    return history


def _made_up(steps: npt.NDArray[np.int64]) -> dict[str, npt.NDArray[Any]]:
    rows: dict[str, npt.NDArray[Any]] = {name: _wave(steps) for name in STEP_COLUMNS}
    return rows | {"step": steps, "objective": np.zeros(len(steps)), "seconds": steps * 1e-3}


def _wave(steps: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    noise = np.random.default_rng(int(steps[0])).standard_normal(len(steps))
    return 0.5 + 0.3 * np.sin(np.log1p(steps) * 3.0) + 0.02 * noise


def _paint(window: QWidget) -> None:
    """Paint whatever has asked to be painted, now."""
    QApplication.sendPostedEvents()
    QApplication.sendPostedEvents(None, QEvent.Type.UpdateRequest)
    QApplication.processEvents()


def first_paint(rounds: int) -> Row:
    """Seconds from starting Python to the window's first paint, in fresh processes."""
    seconds = []
    for _ in range(rounds + 1):
        command = [sys.executable, "-m", "ganviz.bench.first_paint", repr(time.time())]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
        seconds.append(float(done.stdout.split()[-1]))
    warm = seconds[1:]  # the first one fills the disk cache
    return Row(
        "start of Python to first paint",
        statistics.median(warm),
        "s",
        "at most",
        1.0,
        f"{min(warm):.2f} to {max(warm):.2f} in {len(warm)} starts",
    )
