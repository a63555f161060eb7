"""The smoke test: the real window trains for some seconds, closes, and says whether all was well."""

from __future__ import annotations

import logging
import time

from PySide6.QtCore import QObject, QTimer, Slot

from ganviz.ui.window import MainWindow

LOADING_SECONDS = 120.0
"""How long loading torch may take before that counts as a fault."""
TICK_MS = 50


class Complaints(logging.Handler):
    """Collects what was logged as an error, what Qt warned of, and what was raised."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Note a logged error."""
        self.lines.append(record.getMessage())


class Smoke(QObject):
    """Watches a window for ``seconds`` from its first training step on, then closes it. ``exit_code`` is 1
    when something was wrong.
    """

    def __init__(self, window: MainWindow, seconds: float, complaints: Complaints) -> None:
        super().__init__(window)
        self._window, self._seconds, self._complaints = window, seconds, complaints
        self._opened = time.monotonic()
        self._began: float | None = None
        self.exit_code = 1
        self.report = ""
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._watch)
        self._timer.start()

    @property
    def _steps(self) -> int:
        run = self._window.pilot.run
        return run.frame.step if run else 0

    @Slot()
    def _watch(self) -> None:
        now = time.monotonic()
        if self._began is None and self._steps:
            self._began = now
        waited = now - (self._began or self._opened)
        if waited >= (self._seconds if self._began else LOADING_SECONDS):
            self._finish(now)

    def _finish(self, now: float) -> None:
        self._timer.stop()
        faults = list(self._complaints.lines)
        if not self._window.frames:
            faults.append("nothing was painted")
        if not self._steps:
            faults.append("no step ran")
        seconds = now - self._opened
        self.report = "\n".join(
            [*faults, f"smoke: {self._window.frames} frames painted, {self._steps} steps, {seconds:.1f} s"]
        )
        self.exit_code = 1 if faults else 0
        self._window.close()
