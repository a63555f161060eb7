"""Closing, resetting, a new seed and another experiment, all while it trains, again and again."""

from __future__ import annotations

import random
import time
from typing import Any

from ganviz.bench.abuse.report import Report, memory
from ganviz.bench.abuse.watch import Watch, application, dispose, live, running, wait
from ganviz.experiment import Experiment, presets
from ganviz.live.worker import wait_for_leaving
from ganviz.ui.window import MainWindow

SMALL: dict[str, Any] = {"g_width": 16, "d_width": 16, "batch_size": 32, "head_start": 0}
HUGE: dict[str, Any] = {"g_width": 1024, "d_width": 1024, "batch_size": 16_384, "head_start": 0}
CLOSE_EVERY = 10
"""One deed in so many closes the window and opens another, which takes most of the time."""
LONGEST_CLOSE = 3.0
SEED = 1


def run(times: int, seed: int = SEED) -> int:
    """Do it ``times`` times in all; returns the exit code."""
    report = Report("close")
    print(f"close: {times:,} deeds, seed {seed}")
    application()
    rng = random.Random(seed)
    with Watch() as watch:
        window = _open(watch, report)
        first, longest = 0.0, 0.0
        for done in range(times):
            if done == times // 2:
                first = memory()
            if done % CLOSE_EVERY == CLOSE_EVERY - 1:
                longest = max(longest, _close(window, watch, report, done))
                window = _open(watch, report)
            else:
                _begin_anew(window, rng, watch, report, done)
        grown = memory() - first
        longest = max(longest, _close(window, watch, report, times))
        huge = _close_a_huge_step(watch, report)
    report.facts.append(f"closed within a step of a huge game in {huge:.2f} s")
    report.facts.append(f"longest close {longest:.2f} s; {grown:+.1f} MB in the second half")
    for line in dict.fromkeys(watch.lines):
        report.fault(line)
    return report.close()


def _open(watch: Watch, report: Report) -> MainWindow:
    chosen = Experiment.preset("saturation").replace(**SMALL)
    window = MainWindow(chosen, start=True, safe_mode=True, ask_on_close=False)
    window.failed.connect(watch.failed)
    window.show()
    if not wait(lambda: window.pilot.run is not None and window.pilot.run.frame.step > 0):
        report.fault("a window never began to train")
    return window


def _close(window: MainWindow, watch: Watch, report: Report, done: int) -> float:
    watch.pulse.doing = f"close {done}"
    began = time.monotonic()
    dispose(window)
    seconds = time.monotonic() - began
    if seconds > LONGEST_CLOSE:
        report.fault(f"deed {done}: closing took {seconds:.1f} s")
    for left in running():
        report.fault(f"deed {done}: left running: {left}")
    report.count("closed")
    return seconds


def _close_a_huge_step(watch: Watch, report: Report) -> float:
    """The window goes at once, though the thread is within a step that takes many seconds."""
    watch.pulse.doing = "closing a huge game"
    window = MainWindow(
        Experiment.preset("ring8").replace(**HUGE), start=True, safe_mode=True, ask_on_close=False
    )
    window.failed.connect(watch.failed)
    window.show()
    if not wait(lambda: window.pilot.playing, 300.0):
        report.fault("a huge game never began")
    live(1.0)
    began = time.monotonic()
    window.close()
    seconds = time.monotonic() - began
    if window.isVisible() or seconds > LONGEST_CLOSE:
        report.fault(f"closing within a huge step took {seconds:.1f} s")
    dispose(window)
    if not wait_for_leaving(600.0):
        report.fault("the thread of a huge game did not end within ten minutes")
    return seconds


def _begin_anew(window: MainWindow, rng: random.Random, watch: Watch, report: Report, done: int) -> None:
    """One of the three ways to begin anew; after it the run trains from its first steps, as before it."""
    deed = rng.choice(("reset", "new_seed", "preset"))
    watch.pulse.doing = f"{deed} {done}"
    before = window.pilot.run
    if deed == "preset":
        window.desk.begin_preset(rng.choice(presets()))
    else:
        window.actions_by_name[f"action.{deed}"].trigger()
    live(rng.choice((0.0, 0.0, 0.02, 0.1)))

    def trains() -> bool:
        run = window.pilot.run
        return (
            run is not None
            and before is not None
            and run.history is not before.history
            and run.frame.step > 0
        )

    if not wait(trains, 60.0):
        report.fault(f"deed {done}: after {deed} nothing trained for a minute")
        window.pilot.play(True)
    report.count(deed)
