"""What is watched while the window is abused: errors, Qt's and Python's warnings, how long the window is
deaf, and what still runs after it was closed."""

from __future__ import annotations

import gc
import sys
import threading
import time
import traceback
import warnings
from collections.abc import Callable
from types import TracebackType
from typing import Any

from PySide6.QtCore import (
    QEvent,
    QEventLoop,
    QMessageLogContext,
    QObject,
    Qt,
    QThread,
    QTimer,
    QtMsgType,
    Slot,
    qInstallMessageHandler,
)
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from ganviz.heap import share_heaps
from ganviz.ui.window import MainWindow

NOT_OURS = ("This plugin does not support", "Mouse event at")
"""What Qt says of the offscreen platform, and of a test's wheel that turns beside the window."""
BEAT_MS = 5
DEAF_SECONDS = 0.1


class Pulse(QObject):
    """A beat in the window's own event loop; ``worst`` holds the longest silences as (seconds late, seconds
    that the window's thread computed meanwhile, what was being done)."""

    def __init__(self) -> None:
        super().__init__()
        self.doing = "start"
        self.beats = 0
        self.worst: list[tuple[float, float, str]] = []
        self._last = (time.perf_counter(), time.thread_time())
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(BEAT_MS)
        self._timer.timeout.connect(self._beat)

    def start(self) -> None:
        """Begin to listen."""
        self._last = (time.perf_counter(), time.thread_time())
        self._timer.start()

    def stop(self) -> None:
        """Listen no longer."""
        self._timer.stop()

    @Slot()
    def _beat(self) -> None:
        now = (time.perf_counter(), time.thread_time())
        late, computed = now[0] - self._last[0] - BEAT_MS / 1e3, now[1] - self._last[1]
        self._last = now
        self.beats += 1
        self.worst.append((late, computed, self.doing))
        if len(self.worst) > 1000:
            self.worst = self._longest()

    def _longest(self) -> list[tuple[float, float, str]]:
        """The longest by the clock, and the longest by what was computed."""
        kept = {*sorted(self.worst)[-20:], *sorted(self.worst, key=lambda found: found[1])[-20:]}
        return sorted(kept, reverse=True)

    def deaf(self) -> list[tuple[float, float, str]]:
        """The silences that are the window's own: its thread computed for longer than DEAF_SECONDS, and did
        not only wait for its turn on a busy machine."""
        return [found for found in self._longest() if found[1] > DEAF_SECONDS]


class Watch:
    """Collects every complaint in ``lines`` while it is entered. ``window`` makes windows and closes them."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.pulse = Pulse()

    def __enter__(self) -> Watch:
        self._hooks = (sys.excepthook, threading.excepthook, sys.unraisablehook, warnings.showwarning)
        sys.excepthook = self._raised
        threading.excepthook = lambda found: self._raised(
            found.exc_type, found.exc_value or Exception(), found.exc_traceback
        )
        sys.unraisablehook = lambda found: self.lines.append(f"unraisable: {found.exc_value!r}")
        warnings.showwarning = self._warned  # type: ignore[assignment]
        qInstallMessageHandler(self._qt)
        return self

    def __exit__(self, *error: object) -> None:
        qInstallMessageHandler(None)
        sys.excepthook, threading.excepthook, sys.unraisablehook, warnings.showwarning = self._hooks

    def _raised(self, kind: type[BaseException], error: BaseException, where: TracebackType | None) -> None:
        called = traceback.extract_tb(where)
        ours = [call for call in called[:-1] if "ganviz" in call.filename][-4:]
        places = [*called[-1:], *reversed(ours)]
        at = " < ".join(f"{call.filename.rsplit('/', 1)[-1]}:{call.lineno}" for call in places) or "?"
        self.lines.append(f"{kind.__name__} at {at}: {error} (while: {self.pulse.doing})")

    def _warned(self, message: Any, category: Any, filename: str, lineno: int, *rest: Any) -> None:
        called = [call for call in traceback.extract_stack() if "ganviz" in call.filename][-5:-1]
        at = " < ".join(f"{call.filename.rsplit('/', 1)[-1]}:{call.lineno}" for call in reversed(called))
        self.lines.append(f"{category.__name__} at {at}: {message} (while: {self.pulse.doing})")

    def _qt(self, kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
        if kind not in (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg) and not message.startswith(NOT_OURS):
            self.lines.append(f"Qt: {message} (while: {self.pulse.doing})")

    def failed(self, text: str) -> None:
        """The training thread's own failure."""
        self.lines.append(
            f"training failed: {' | '.join(text.splitlines()[-3:])} (while: {self.pulse.doing})"
        )


def application() -> QApplication:
    """The application, in the look of the program."""
    share_heaps()
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setStyle("Fusion")
    app.setQuitOnLastWindowClosed(False)
    return app


def live(seconds: float) -> None:
    """Let the window live for a while."""
    wait(lambda: False, seconds)


def wait(condition: Callable[[], bool], seconds: float = 120.0) -> bool:
    """Let the window live until something is so; whether it was."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)
        # Outside of exec() Qt leaves for ever what is to be deleted later.
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        time.sleep(0.001)
    return True


def dispose(window: MainWindow) -> None:
    """Close a window and delete it."""
    window.close()
    window.deleteLater()
    live(0.05)
    gc.collect()
    live(0.01)


def running() -> list[str]:
    """Threads and repeating timers that are running, in words."""
    found = [
        thing for thing in gc.get_objects() if issubclass(type(thing), QThread | QTimer) and isValid(thing)
    ]
    here = QThread.currentThread()
    return [
        f"{thing!r} of {thing.parent()!r}"
        for thing in found
        if (isinstance(thing, QThread) and thing.isRunning() and thing is not here)
        or (isinstance(thing, QTimer) and thing.isActive() and not thing.isSingleShot())
    ]
