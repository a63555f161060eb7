"""The thread that trains: the only one that touches torch while the window is open."""

from __future__ import annotations

import atexit
import time
import traceback
from collections.abc import Callable

from PySide6.QtCore import QThread, Signal

from ganviz.experiment import Experiment, ExperimentError
from ganviz.live.commands import Command
from ganviz.live.conductor import Conductor
from ganviz.live.mailbox import Mailbox
from ganviz.live.right_of_way import RightOfWay

GRACE_SECONDS = 1.0
_LEAVING: set[QThread] = set()
"""Threads that were asked to end within a long step: kept, because Qt aborts where one is deleted running."""


def leave(thread: QThread, seconds: float = GRACE_SECONDS) -> None:
    """Ask a thread to end, and wait for it at most ``seconds``. One that takes longer is nobody's child from
    then on, and ends by itself; see :func:`wait_for_leaving`. Safe to call at any time, more than once."""
    thread.requestInterruption()
    _LEAVING.difference_update({left for left in _LEAVING if left.isFinished()})
    if not thread.wait(round(seconds * 1000)):
        thread.setParent(None)
        _LEAVING.add(thread)


def wait_for_leaving(seconds: float | None = None) -> bool:
    """Wait for the threads that were still within a step when they were closed; whether all have ended."""
    end = time.monotonic() + seconds if seconds is not None else None
    for thread in tuple(_LEAVING):
        left = None if end is None else max(0, round((end - time.monotonic()) * 1000))
        if thread.wait() if left is None else thread.wait(left):
            _LEAVING.discard(thread)
    return not _LEAVING


atexit.register(wait_for_leaving)


class TrainingThread(QThread):
    """A conductor on a QThread. Frames come through ``mailbox``; signals tell only of rare things.

    ``ready``: torch is loaded and the first frame is in the mailbox. ``refused``: one line about something
    that the user asked for and that cannot be. ``kept``: a run folder was written. ``failed``: a fault of
    ours, as a traceback; the run stands still, and the thread waits for the next command. ``rescued``: the
    folder into which the run was written after a fault, or an empty text and why it was not.
    """

    ready = Signal()
    refused = Signal(str)
    kept = Signal(str)
    failed = Signal(str)
    rescued = Signal(str, str)

    def __init__(self, experiment: Experiment) -> None:
        super().__init__()
        self.setObjectName("training")
        self.mailbox = Mailbox()
        self._conductor = Conductor(
            experiment, self.mailbox, self.refused.emit, self.kept.emit, self.rescued.emit
        )

    @property
    def right_of_way(self) -> RightOfWay:
        """To be claimed while a frame is painted."""
        return self._conductor.right_of_way

    def send(self, command: Command) -> None:
        """Queue a command; it is carried out between two calls of the trainer."""
        self._conductor.send(command)

    def close(self) -> None:
        """Ask the thread to end, after the step that it is within: a step of a very large game cannot be cut
        short."""
        leave(self)

    def run(self) -> None:
        self._try(self._begin)
        while not self.isInterruptionRequested():
            self._try(self._conductor.turn)

    def _begin(self) -> None:
        try:
            self._conductor.build()
            self.ready.emit()
        except ExperimentError as error:
            self.refused.emit(str(error))

    def _try(self, call: Callable[[], None]) -> None:
        try:
            call()
        except Exception:
            self.failed.emit(traceback.format_exc())
            self._conductor.give_up()
