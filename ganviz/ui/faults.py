"""Faults of the program: from wherever they are raised they come to one log and one dialog at a time, and the
run is saved first.
"""

from __future__ import annotations

import contextlib
import logging
import sys
import tempfile
import threading
import traceback
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

import platformdirs
from PySide6.QtCore import (
    QCoreApplication,
    QMessageLogContext,
    QObject,
    QTimer,
    QtMsgType,
    Signal,
    Slot,
    qInstallMessageHandler,
)

from ganviz.experiment import Experiment
from ganviz.ui.fault_dialog import FaultDialog
from ganviz.ui.files import kept_folder
from ganviz.ui.log_file import log_file
from ganviz.ui.normalised import forget_handler
from ganviz.ui.report import report, signature, what_happened
from ganviz.ui.window import MainWindow

log = logging.getLogger(__name__)

HARMLESS = ("This plugin does not support propagateSizeHints()",)
"""Qt says this at every show on the offscreen platform."""
LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.DEBUG,
    QtMsgType.QtWarningMsg: logging.ERROR,
    QtMsgType.QtCriticalMsg: logging.CRITICAL,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}
"""Qt's warnings stand in the log; what it calls critical is a fault like one of ours."""
ANSWER_MS = 15_000
"""How long the training thread may take to save the run before the dialog says that it does not answer."""
REPORT = "fault.txt"
INTERRUPTED = 130


def rescue_folders(experiment: Experiment) -> tuple[Path, ...]:
    """Where a run is saved after a fault: beside the kept runs, else with the program's data, else among the
    temporary files."""
    first = kept_folder(experiment)
    name = f"{first.name}-fault"
    data = Path(platformdirs.user_data_dir("ganviz", appauthor=False))
    return first.with_name(name), data / "runs" / name, Path(tempfile.gettempdir()) / "ganviz" / name


def pass_on(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    """Qt's own messages go to Python's log."""
    level = logging.DEBUG if message in HARMLESS else LEVELS[kind]
    logging.getLogger("qt").log(level, "%s", message)


class _Critical(logging.Handler):
    """Hands on what Qt calls critical."""

    def __init__(self, faults: Faults) -> None:
        super().__init__(logging.CRITICAL)
        self._faults = faults

    def emit(self, record: logging.LogRecord) -> None:
        """From any thread."""
        self._faults.raised.emit(f"Qt: {record.getMessage()}")


class Faults(QObject):
    """Brings every fault to the GUI thread, where it is logged, the run saved, and a dialog shown.

    A fault that has been on show is not shown again: it is counted in the log, and one line says so, because
    a panel can fail thirty times a second. ``silent``: log only.
    """

    raised = Signal(str)
    """A traceback, from whichever thread: the hooks run in the one that raised."""

    def __init__(self, window: MainWindow, silent: bool = False) -> None:
        super().__init__(window)
        self._window, self._silent = window, silent
        self._times: Counter[str] = Counter()
        self._dialog: FaultDialog | None = None
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(ANSWER_MS)
        self._patience.timeout.connect(self._no_answer)
        self.raised.connect(self.show)
        window.failed.connect(self.show)
        window.pilot.rescued.connect(self._rescued)

    @contextlib.contextmanager
    def caught(self) -> Iterator[None]:
        """While this lasts nothing that is raised goes elsewhere."""
        critical = _Critical(self)
        hooks = sys.excepthook, threading.excepthook
        sys.excepthook, threading.excepthook = self._hook, self._thread_hook
        logging.getLogger("qt").addHandler(critical)
        former = qInstallMessageHandler(pass_on)
        try:
            yield
        finally:
            sys.excepthook, threading.excepthook = hooks
            logging.getLogger("qt").removeHandler(critical)
            qInstallMessageHandler(former)

    def _hook(self, kind: type[BaseException], error: BaseException, where: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QCoreApplication.exit(INTERRUPTED)  # Ctrl+C in the terminal that the window was opened from
        else:
            forget_handler(error)
            self.raised.emit("".join(traceback.format_exception(kind, error, where)))

    def _thread_hook(self, raised: threading.ExceptHookArgs) -> None:
        if raised.exc_value is not None:
            self._hook(raised.exc_type, raised.exc_value, raised.exc_traceback)

    @Slot(str)
    def show(self, text: str) -> None:
        """Log a traceback; show it unless it has been on show or another one is."""
        kind = signature(text)
        self._times[kind] += 1
        times = self._times[kind]
        if times == 1:
            log.error("%s", text)
        elif str(times).strip("0") == "1":  # 10, 100, ...: a log that fills up helps nobody
            log.error("%d times: %s", times, what_happened(text))
        if self._silent:
            return
        if self._dialog is not None:
            self._dialog.add(text if times == 1 else "")
        elif times == 1:
            self._open(text)
        else:
            self._window.verdict.show_message(f"The same fault again, {times:,} times: {log_file()}")

    def _open(self, text: str) -> None:
        run, chosen = self._window.pilot.run, self._window.choices.experiment
        self._dialog = FaultDialog(self._window, what_happened(text), report(text, run, chosen))
        self._dialog.finished.connect(self._seen)
        self._dialog.quit_asked.connect(self._window.close)
        if self._window.keeping.unkept_steps > 0 and run is not None:
            self._dialog.tell_run("Saving the run so far…")
            self._patience.start()
            self._window.pilot.rescue(rescue_folders(run.experiment))
        self._dialog.show()

    @Slot(str, str)
    def _rescued(self, folder: str, reason: str) -> None:
        self._patience.stop()
        log.info("The run is in %s", folder) if folder else log.error("The run is not saved: %s", reason)
        if self._dialog is not None:
            said = (
                f"The run so far is saved in {folder}" if folder else f"The run could not be saved: {reason}"
            )
            self._dialog.tell_run(said)
            if folder:
                with contextlib.suppress(OSError):
                    text = self._dialog.report.toPlainText()
                    (Path(folder) / REPORT).write_text(text, encoding="utf-8")

    @Slot()
    def _no_answer(self) -> None:
        if self._dialog is not None:
            self._dialog.tell_run("The run is not saved: the training thread does not answer.")

    @Slot()
    def _seen(self) -> None:
        self._dialog = None
        if not self._window.isVisible():  # the fault was in closing it: nothing would be left to close
            QCoreApplication.quit()
