"""The soak: very many steps with the window open; memory, frame time and steps a second, as a table and a
plot, must stay flat."""

from __future__ import annotations

import csv
import signal
import statistics
import threading
import time
from pathlib import Path

import pyqtgraph as pg
from PySide6.QtWidgets import QApplication

from ganviz.bench.abuse.report import Report, memory
from ganviz.bench.abuse.watch import Watch, application, dispose, running, wait
from ganviz.experiment import Experiment
from ganviz.ui.window import MainWindow

SAMPLE_SECONDS = 2.0
FRAME_SECONDS = 1 / 30
COLUMNS = (
    "step", "seconds", "memory_mb", "frame_ms", "frame_processor_ms", "steps_per_second",
    "steps_per_processor_second",
)  # fmt: skip
"""Each frame's median time by the clock and of the processor; steps a second, and a second that the other
threads computed: a machine with other work slows the clock's figures, and only those."""
SAID_EVERY = 30
"""Samples between two lines on the screen: a minute."""
MOST_GROWTH = 60.0
MOST_SLOWER = 1.25
"""Median processor time of a frame in the last fifth over that in the second fifth; and of a step."""


def run(steps: int, folder: Path) -> int:
    """Train ``steps`` steps and write ``soak.csv`` and ``soak.png`` into a folder; returns the exit code.

    An interrupt or a SIGTERM ends it early, with the same files and figures of the steps so far; ``soak.csv``
    grows with every sample, whatever ends it. Each run begins anew.
    """
    report = Report("soak")
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):  # raised within a slot, an interrupt would be lost
        signal.signal(number, lambda number, frame: stopped.set())
    application()
    with Watch() as watch:
        window = MainWindow(Experiment.preset("saturation"), start=True, safe_mode=True, ask_on_close=False)
        window.failed.connect(watch.failed)
        window.show()
        wait(lambda: window.pilot.run is not None and window.pilot.run.frame.step > 500)
        rows: list[tuple[float, ...]] = []
        _sample(window, steps, rows, folder, stopped)
        if stopped.is_set():
            report.facts.append(f"interrupted before step {steps:,}")
        dispose(window)
    for left in running():
        report.fault(f"left running: {left}")
    for line in dict.fromkeys(watch.lines):
        report.fault(line)
    _plot(rows, folder)
    _judge(rows, report)
    report.facts.append(f"written: {folder / 'soak.csv'}, {folder / 'soak.png'}")
    return report.close()


def _sample(
    window: MainWindow, steps: int, rows: list[tuple[float, ...]], folder: Path, stopped: threading.Event
) -> None:
    """Add a row every two seconds, to ``rows`` and to the file."""
    folder.mkdir(parents=True, exist_ok=True)
    window.pilot.follow(False)  # the beat is given here, so that each frame can be timed
    began = time.monotonic()
    with (folder / "soak.csv").open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerow(COLUMNS)
    while (step := _step(window)) < steps and not stopped.is_set():
        then, computed = time.monotonic(), _computed_elsewhere()
        frames: list[tuple[float, float]] = []
        while time.monotonic() - then < SAMPLE_SECONDS:
            started, own = time.perf_counter(), time.thread_time()
            window.pilot.poll()
            QApplication.processEvents()
            frames.append(((time.perf_counter() - started) * 1e3, (time.thread_time() - own) * 1e3))
            time.sleep(max(0.002, FRAME_SECONDS - (time.perf_counter() - started)))
        now, played = time.monotonic(), _step(window) - step
        rate = played / (now - then)
        by_clock, of_processor = (statistics.median(column) for column in zip(*frames, strict=True))
        of_training = played / max(_computed_elsewhere() - computed, 1e-9)
        rows.append((_step(window), now - began, memory(), by_clock, of_processor, rate, of_training))
        with (folder / "soak.csv").open("a", newline="", encoding="utf-8") as stream:
            csv.writer(stream).writerow([f"{value:.6g}" for value in rows[-1]])
        if len(rows) % SAID_EVERY == 0:
            print(f"soak: step {rows[-1][0]:,.0f} of {steps:,}, {rows[-1][2]:.0f} MB", flush=True)
        if rate == 0:
            break


def _step(window: MainWindow) -> int:
    run = window.pilot.latest()
    return run.frame.step if run else 0


def _computed_elsewhere() -> float:
    """Processor seconds of all threads but this one."""
    return time.process_time() - time.thread_time()


def _judge(rows: list[tuple[float, ...]], report: Report) -> None:
    if len(rows) < 10:
        report.fault(f"only {len(rows)} samples; it stopped or was too short")
        return
    early, late = rows[len(rows) // 5 : 2 * len(rows) // 5], rows[-len(rows) // 5 :]
    grown = late[-1][2] - early[0][2]
    early_of, late_of = (
        [statistics.median(row[column] for row in part) for column in range(len(COLUMNS))]
        for part in (early, late)
    )
    changes = [
        f"{name} {before:.4g} to {after:.4g}"
        for name, before, after in list(zip(COLUMNS, early_of, late_of, strict=True))[3:]
    ]
    report.facts.append(
        f"{rows[-1][0]:,.0f} steps in {rows[-1][1]:.0f} s: {grown:+.1f} MB since the first fifth; "
        f"second fifth to last: {'; '.join(changes)}"
    )
    if grown > MOST_GROWTH:
        report.fault(f"{grown:.0f} MB more")
    if late_of[4] > MOST_SLOWER * early_of[4]:
        report.fault("frames became slower")
    if early_of[6] > MOST_SLOWER * late_of[6]:
        report.fault("steps became slower")
    report.counts["samples"] = len(rows)


def _plot(rows: list[tuple[float, ...]], folder: Path) -> None:
    board = pg.GraphicsLayoutWidget(size=(1000, 1200))
    board.setBackground("w")
    for index, name in enumerate(COLUMNS[2:]):
        plot = board.addPlot(row=index, col=0)
        plot.setLabel("left", name)
        plot.setLabel("bottom", "step")
        plot.plot([row[0] for row in rows], [row[2 + index] for row in rows], pen=pg.mkPen("b", width=2))
        plot.setYRange(0.0, 1.2 * max((row[2 + index] for row in rows), default=1.0))
    board.grab().save(str(folder / "soak.png"))
    board.close()
