"""Opening the window: the Qt application around it."""

from __future__ import annotations

import logging
import os
import sys
import traceback
from pathlib import Path

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QFont, QFontInfo
from PySide6.QtWidgets import QApplication

from ganviz import __version__
from ganviz.experiment import Experiment
from ganviz.heap import share_heaps
from ganviz.line import one_line
from ganviz.live.worker import wait_for_leaving
from ganviz.loading import all_kept
from ganviz.ui.display import WAY_OUT, why_none, without_display
from ganviz.ui.fault_dialog import FaultDialog
from ganviz.ui.faults import Faults, pass_on
from ganviz.ui.log_file import begin_log
from ganviz.ui.normalised import normalised
from ganviz.ui.report import report, what_happened
from ganviz.ui.smoke import Complaints, Smoke
from ganviz.ui.window import MainWindow

LONGEST_STEP = 20.0
"""Seconds that a step may take to end after the window has been closed."""
log = logging.getLogger(__name__)


def _first_application() -> QApplication:
    """Qt aborts the process where no display opens: it ends with one line instead, before any run began."""
    said: list[str] = []

    def listen(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
        said.append(message)
        if kind == QtMsgType.QtFatalMsg:
            mend = WAY_OUT if without_display() else "what ganviz doctor says to type"
            line = one_line(f"no window can open here: {why_none(said)}; accepted: {mend}")
            print(f"ganviz: {line}", file=sys.stderr, flush=True)
            os._exit(2)

    qInstallMessageHandler(listen)
    app = QApplication(sys.argv[:1])
    qInstallMessageHandler(None)
    for message in said:
        log.warning("Qt: %s", message)
    if not QFontInfo(QFont()).family() and sys.stderr is not None:
        said_by_doctor = "nothing in the window can be read; ganviz doctor says what to type"
        print(f"ganviz: no font is installed: {said_by_doctor}", file=sys.stderr)
    return app


def _application() -> QApplication:
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = _first_application()
    app.setApplicationName("ganviz")
    app.setApplicationDisplayName("ganviz")
    app.setOrganizationName("ganviz")
    app.setStyle("Fusion")
    return app


@normalised
def open_window(
    experiment: Experiment,
    *,
    baseline: Experiment | None = None,
    path: Path | None = None,
    start: bool = False,
    smoke: float | None = None,
    safe_mode: bool = False,
) -> int:
    """Open the window and stay until it is closed; returns the exit code.

    ``baseline``: the preset or file before ``--set`` and ``--seed`` changed it. ``path``: the experiment's
    file. ``start``: train at once. ``smoke``: train for this many seconds, close, print one line; 1 if
    nothing was painted, no step ran, or anything was logged as an error.
    """
    share_heaps()
    app = _application()
    unlogged = begin_log()
    log.info("ganviz %s opens %s", __version__, path or experiment.name)
    if unlogged:
        log.warning("No log file: %s", unlogged)
    complaints = Complaints()
    testing = smoke is not None
    if testing:
        logging.getLogger().addHandler(complaints)
    qInstallMessageHandler(pass_on)
    try:
        with all_kept():
            window = MainWindow(
                experiment,
                baseline=baseline,
                path=path,
                start=start or testing,
                safe_mode=safe_mode or testing,
                ask_on_close=not testing,
            )
    except Exception:
        qInstallMessageHandler(None)
        return _say_why_not(traceback.format_exc(), experiment, testing)
    app.aboutToQuit.connect(window.pilot.close)
    watch = Smoke(window, smoke, complaints) if smoke is not None else None
    with Faults(window, silent=testing).caught():
        window.look.fit_screen()
        window.show()
        try:
            code = app.exec()
        finally:
            window.pilot.close()
            logging.getLogger().removeHandler(complaints)
    qInstallMessageHandler(None)
    if watch is not None:
        print(watch.report, flush=True)
        code = watch.exit_code
    if not wait_for_leaving(LONGEST_STEP):
        log.warning("A step of the training thread takes longer than %g s: it is left.", LONGEST_STEP)
        logging.shutdown()
        os._exit(code)  # the window is closed, what was asked for is kept, and Python would wait for it
    return code


def _say_why_not(text: str, experiment: Experiment, testing: bool) -> int:
    """The window could not even be made: a dialog of its own says so, because there may be no console."""
    log.error("%s", text)
    if not testing:
        FaultDialog(None, what_happened(text), report(text, None, experiment)).exec()
    return 1
