"""The real window on a beat of its own, so that a benchmark can train it with and without painting."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication

from ganviz.bench.ordinary import WORKLOAD
from ganviz.experiment import Experiment
from ganviz.record.history import History
from ganviz.ui.pilot import POLL_MS
from ganviz.ui.window import MainWindow

PHASE_SECONDS = 1.0
WARM_UP = 400
"""Steps before anything is timed: first paints, first measurements, the first traced steps."""
SIZE = (1400, 860)
PAINTED = WORKLOAD.replace(measure_every=20, objective="minimax")
BACKENDS = ("traced", "eager")


@dataclass
class Phase:
    """What one phase brought: steps a second, frames that showed something new a second, the seconds of each
    frame and of each event's wait, processor seconds of the window's thread for each frame."""

    steps_per_second: float = 0.0
    fresh_per_second: float = 0.0
    frames: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)


class Knocker(QObject):
    """A thread that knocks every 5 to 35 ms; ``waits`` are the seconds until the window's thread answered."""

    _knocked = Signal(float)

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[float] = []
        self._knocked.connect(self._answer, Qt.ConnectionType.QueuedConnection)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._knock)
        self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        self._ended.set()
        self._thread.join()

    def _knock(self) -> None:
        turn = 0
        while not self._ended.wait(0.005 + 0.030 * (turn * 0.618 % 1.0)):
            turn += 1
            self._knocked.emit(time.perf_counter())

    @Slot(float)
    def _answer(self, knocked: float) -> None:
        self.waits.append(time.perf_counter() - knocked)


class Stage:
    """The real window, training an experiment with its own timer stopped: the benchmark gives the beat.

    ``history``: what the run has already recorded. ``warm_up``: steps before anything is timed, WARM_UP if
    not told.
    """

    def __init__(
        self,
        history: History | None = None,
        experiment: Experiment = PAINTED,
        warm_up: int | None = None,
    ) -> None:
        self.app = QApplication.instance() or QApplication([])
        self.app.setStyle("Fusion")  # type: ignore[attr-defined]
        self.window = MainWindow(experiment, start=history is None, safe_mode=True, ask_on_close=False)
        self.window.resize(*SIZE)
        self.window.show()
        if history:
            self._continue(history)
        begun = history.last_step if history else 0
        least = begun + (WARM_UP if warm_up is None else warm_up)
        wait(lambda: self.step > least)
        self.window.pilot.follow(False)

    def __enter__(self) -> Stage:
        return self

    def __exit__(self, *error: object) -> None:
        self.window.close()

    def _continue(self, history: History) -> None:
        """Train on as if all this had been recorded. No door of the program leads here: to record a million
        steps takes half an hour."""
        wait(lambda: self.window.pilot.latest() is not None)
        # at rest, so that this thread may touch it
        trainer = self.window.pilot._thread._conductor._runs.trainer
        assert trainer is not None
        trainer.history, trainer.step_count = history, history.last_step
        self.window.pilot.play(True)

    @property
    def step(self) -> int:
        """The step that training has reached, painted or not."""
        run = self.window.pilot.latest()
        return run.frame.step if run else 0

    def train(self, playing: bool) -> None:
        """Train or pause, and wait until it is so."""
        self.window.pilot.play(playing)
        status = "training" if playing else "paused"
        wait(lambda: (run := self.window.pilot.latest()) is not None and run.frame.status == status)

    def play(self, painting: bool, seconds: float | None = None) -> Phase:
        """Let it train for one phase, of PHASE_SECONDS if not told, painting each frame that training sends
        or none."""
        phase, knocker = Phase(), Knocker() if painting else None
        pilot, shown = self.window.pilot, 0

        def frame() -> None:
            nonlocal shown
            before, own, started = pilot.run, time.thread_time(), time.perf_counter()
            pilot.poll()
            self.app.processEvents()  # paints what has asked for it
            if pilot.run is not before:
                shown += 1
                phase.frames.append(time.perf_counter() - started)
                phase.processor.append(time.thread_time() - own)

        pilot.look(self.window.grid.needs() if painting else frozenset())
        self.app.processEvents()
        loop, beat = QEventLoop(), QTimer()
        beat.setTimerType(Qt.TimerType.PreciseTimer)
        beat.timeout.connect(frame)
        QTimer.singleShot(round(1000 * (PHASE_SECONDS if seconds is None else seconds)), loop.quit)
        began, started = self.step, time.perf_counter()
        if painting:
            beat.start(POLL_MS)
        loop.exec()
        beat.stop()
        took = time.perf_counter() - started
        phase.steps_per_second, phase.fresh_per_second = (self.step - began) / took, shown / took
        if knocker:
            knocker.stop()
            self.app.processEvents()
            phase.waits = knocker.waits
        return phase


def wait(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    """Let the windows live until something is so. RuntimeError when it never is."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise RuntimeError("the window did not get there")
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 10)


@contextmanager
def backend(name: str) -> Iterator[None]:
    """Windows opened meanwhile compute their steps in this way: ``traced`` where it can be, or ``eager``."""
    from ganviz.training import traced

    allowed = traced.MOST_UPDATES
    traced.MOST_UPDATES = allowed if name == "traced" else 0
    try:
        yield
    finally:
        traced.MOST_UPDATES = allowed
