"""Opening the window: the Qt application around it, and what happens to errors that nobody caught."""

from __future__ import annotations

import logging
import sys
import traceback
from pathlib import Path
from types import TracebackType
from typing import Any

from PySide6.QtCore import QMessageLogContext, QObject, QtMsgType, Signal, Slot, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from ganviz.experiment import Experiment
from ganviz.ui import dialogs
from ganviz.ui.smoke import Complaints, Smoke
from ganviz.ui.window import MainWindow

log = logging.getLogger(__name__)

HARMLESS = ("This plugin does not support propagateSizeHints",)
"""Qt says this at every show on the offscreen platform."""


class Faults(QObject):
    """Brings every uncaught error to the GUI thread and shows one dialog at a time; the rest is logged.

    ``sys.excepthook`` runs in the thread that raised, so it only emits; a signal carries the text over.
    """

    _raised = Signal(str)

    def __init__(self, window: MainWindow, silent: bool) -> None:
        super().__init__(window)
        self._window, self._silent, self._showing = window, silent, False
        self._raised.connect(self.show)
        window.failed.connect(self.show)

    def hook(self, kind: type[BaseException], error: BaseException, where: TracebackType | None) -> None:
        """Stands in for ``sys.excepthook``."""
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, where)
        else:
            self._raised.emit("".join(traceback.format_exception(kind, error, where)))

    @Slot(str)
    def show(self, text: str) -> None:
        """Log a traceback; show it unless another one is on show."""
        log.error("%s", text)
        if not self._silent and not self._showing:
            self._showing = True
            dialogs.show_fault(self._window, text).finished.connect(self._seen)

    @Slot()
    def _seen(self) -> None:
        self._showing = False


def _pass_on(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    """Qt's own messages go to Python's log; its warnings count as errors of ours."""
    level = (
        logging.DEBUG
        if kind in (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg) or message in HARMLESS
        else logging.ERROR
    )
    logging.getLogger("qt").log(level, "%s", message)


def _application() -> QApplication:
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(sys.argv[:1])
    app.setApplicationName("ganviz")
    app.setApplicationDisplayName("ganviz")
    app.setOrganizationName("ganviz")
    app.setStyle("Fusion")
    return app


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
    app = _application()
    complaints = Complaints()
    testing = smoke is not None
    if testing:
        logging.getLogger().addHandler(complaints)
    qInstallMessageHandler(_pass_on)
    window = MainWindow(
        experiment,
        baseline=baseline,
        path=path,
        start=start or testing,
        safe_mode=safe_mode or testing,
        ask_on_close=not testing,
    )
    faults = Faults(window, silent=testing)
    sys.excepthook, former_hook = faults.hook, sys.excepthook
    app.aboutToQuit.connect(window.pilot.close)
    watch: Any = Smoke(window, smoke, complaints) if smoke is not None else None
    window.look.fit_screen()
    window.show()
    try:
        code = app.exec()
    finally:
        window.pilot.close()
        sys.excepthook = former_hook
        qInstallMessageHandler(None)
        logging.getLogger().removeHandler(complaints)
    if watch is not None:
        print(watch.report, flush=True)
        return int(watch.exit_code)
    return int(code)
