"""Keeping a run: writing it into a folder when asked, and asking before a long one is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

from ganviz.live.commands import LONG_RUN
from ganviz.record.run import Run
from ganviz.ui import dialogs
from ganviz.ui.desk import Desk


class Keeping(QObject):
    """Knows how much of the present run no folder holds, and the long one before it. ``said`` carries a line
    for the user, ``before_changed`` whether a run before can still be kept.

    ``ask``: whether a long unkept run brings up a question when the window is closed.
    """

    said = Signal(str)
    before_changed = Signal(bool)

    def __init__(self, window: QWidget, desk: Desk, ask: bool) -> None:
        super().__init__(window)
        self._window, self._desk, self._ask = window, desk, ask
        self._run: Run | None = None
        self._before: Run | None = None
        self._drawn_for: dict[str, Run] = {}
        self._close_when_kept = False
        self._drawings: list[tuple[str, Iterator[None]]] = []
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.setInterval(0)
        self._turn.timeout.connect(self._draw_on)
        desk.pilot.kept.connect(self._run_kept)
        desk.pilot.arrived.connect(self._note_run)

    @property
    def unkept_steps(self) -> int:
        """Steps of the present run that no folder holds."""
        run = self._desk.pilot.run
        return run.frame.step - run.frame.kept_step if run else 0

    @Slot(object)
    def _note_run(self, run: Run) -> None:
        """Notice when a long unkept run has given way to another, and when it can no longer be kept."""
        last, self._run = self._run, run
        if last is None or (run.frame.before == last.frame.before and run.history is last.history):
            return
        unkept = last.frame.step - last.frame.kept_step
        if run.frame.before and run.history is not last.history and unkept > LONG_RUN:
            self._before = last
            steps = f"{run.frame.before:,} steps"
            self.said.emit(f"The run before ({steps}) is in no folder: File, Keep the run before… writes it.")
        self.before_changed.emit(run.frame.before > 0)

    @Slot()
    def keep(self) -> None:
        """Ask for a folder and write the run into it."""
        folder = self._desk.files.ask_for_run_folder()
        if folder is not None:
            self._desk.pilot.keep(folder)

    @Slot()
    def keep_before(self) -> None:
        """The same for the long run that gave way to the present one."""
        folder = self._desk.files.ask_for_run_folder()
        if folder is not None and self._before is not None:
            self._drawn_for[str(folder)] = self._before
            self._desk.pilot.keep(folder, before=True)

    @Slot(str)
    def _run_kept(self, folder: str) -> None:
        self._desk.pilot.poll()  # the frame that knows of the folder
        run = self._drawn_for.pop(folder, self._desk.pilot.run)
        if run is not None:
            from ganviz.ui.dashboard import drawing

            self._drawings.append((folder, drawing([run], Path(folder) / "dashboard.png")))
            self._turn.start()
        elif self._close_when_kept:
            self._window.close()

    @Slot()
    def _draw_on(self) -> None:
        """A piece of the picture that goes into the folder; the window answers before the next."""
        folder, pieces = self._drawings.pop(0)
        try:
            next(pieces)
        except StopIteration:
            self.said.emit(f"Kept in {folder}")
        except OSError as error:  # the run itself is whole
            self.said.emit(f"Kept in {folder}, without dashboard.png: {error.strerror or error}")
        else:
            self._drawings.insert(0, (folder, pieces))
        if self._drawings:
            self._turn.start()
        elif self._close_when_kept:
            self._window.close()

    def finish(self) -> None:
        """Draw at once what is left to be drawn: the window closes."""
        self._close_when_kept = False
        while self._drawings:
            self._draw_on()
        self._turn.stop()

    def may_close(self) -> bool:
        """Whether the window may close now; asks about a long run that is kept nowhere."""
        if not self._ask or self.unkept_steps <= LONG_RUN:
            return True
        self._desk.pilot.play(False)
        run = self._desk.pilot.run
        answer = dialogs.ask_about_unkept(self._window, self.unkept_steps, run.frame.step if run else 0)
        if answer is dialogs.Answer.KEEP:
            self._close_when_kept = True
            self.keep()
        return answer is dialogs.Answer.DISCARD
