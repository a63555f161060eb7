"""Keeping a run: writing it into a folder when asked, and asking before a long one is lost."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from ganviz.ui import dialogs
from ganviz.ui.desk import Desk

LONG_RUN = 5000
"""Steps from which an unkept run is worth a question before it is closed."""


class Keeping(QObject):
    """Knows how much of the present run no folder holds. ``said`` carries a line for the user.

    ``ask``: whether a long unkept run brings up a question when the window is closed.
    """

    said = Signal(str)

    def __init__(self, window: QWidget, desk: Desk, ask: bool) -> None:
        super().__init__(window)
        self._window, self._desk, self._ask = window, desk, ask
        self._kept: tuple[object, int] = (None, 0)
        self._close_when_kept = False
        desk.pilot.kept.connect(self._run_kept)

    @property
    def unkept_steps(self) -> int:
        """Steps of the present run that no folder holds."""
        run = self._desk.pilot.run
        if run is None:
            return 0
        history, step = self._kept
        return run.frame.step - (step if history is run.history else 0)

    @Slot()
    def keep(self) -> None:
        """Ask for a folder and write the run into it."""
        folder = self._desk.files.ask_for_run_folder()
        if folder is not None:
            self._desk.pilot.keep(folder)

    @Slot(str)
    def _run_kept(self, folder: str) -> None:
        run = self._desk.pilot.run
        if run is not None:
            from ganviz.ui.dashboard import draw

            self._kept = (run.history, run.frame.step)
            draw([run], Path(folder) / "dashboard.png")
        self.said.emit(f"Kept in {folder}")
        if self._close_when_kept:
            self._window.close()

    def may_close(self) -> bool:
        """Whether the window may close now; asks about a long run that is kept nowhere."""
        if not self._ask or self.unkept_steps <= LONG_RUN:
            return True
        self._desk.pilot.play(False)
        answer = dialogs.ask_about_unkept(self._window, self.unkept_steps)
        if answer is dialogs.Answer.KEEP:
            self._close_when_kept = True
            self.keep()
        return answer is dialogs.Answer.DISCARD
