"""The window's side of the training thread: commands go down, the mailbox is read sixty times a second."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from ganviz.experiment import Experiment
from ganviz.live.commands import (
    BROKEN,
    Ask,
    Keep,
    Look,
    Pause,
    Play,
    Propose,
    Reopen,
    Rescue,
    Reset,
    Restore,
    Speed,
    Step,
)
from ganviz.live.worker import TrainingThread
from ganviz.record.run import Run
from ganviz.training.divergence_hint import likely_cause
from ganviz.ui.wording import in_words

POLL_MS = 16
"""How often the mailbox is looked into: twice for each frame that the thread makes, so that none waits long
or is missed."""
SETTLE_SECONDS = 0.5
"""After a command the frames may still tell of the time before it; from then on they are believed."""


class Pilot(QObject):
    """Owns the thread. ``arrived`` carries each new run, ``playing_changed`` whether training was asked for.

    ``said`` carries a line on what cannot be, ``advised`` one on what to do, ``failed`` a traceback, ``kept``
    a folder, ``rescued`` the folder of a run after a fault, or an empty text and why there is none.
    """

    arrived = Signal(object)
    playing_changed = Signal(bool)
    ready = Signal()
    said = Signal(str)
    advised = Signal(str)
    failed = Signal(str)
    kept = Signal(str)
    rescued = Signal(str, str)

    def __init__(self, experiment: Experiment, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.run: Run | None = None
        self.playing = False
        self._number = 0
        self._needs: frozenset[str] = frozenset()
        self._settled = 0.0
        self._closed = self._broken = False
        self._thread = TrainingThread(experiment)
        self._thread.setParent(self)
        self._thread.ready.connect(self.ready)
        self._thread.refused.connect(self._refused)
        self._thread.failed.connect(self._failed)
        self._thread.kept.connect(self.kept)
        self._thread.rescued.connect(self.rescued)
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self.poll)
        self._painted = QTimer(self)
        self._painted.setSingleShot(True)
        self._painted.setInterval(0)
        self._painted.timeout.connect(self._frame_is_painted)

    def start(self) -> None:
        """Begin: the thread loads torch, makes the game, and shows its first frame. Does nothing after
        :meth:`close`.
        """
        if not self._closed and not self._thread.isRunning():
            self._thread.start()
            self._timer.start()

    def close(self) -> None:
        """End the thread; one that is within a long step ends by itself after it."""
        self._closed = True
        self._timer.stop()
        self._thread.close()

    def latest(self) -> Run | None:
        """The newest run that the thread has shown, fetched or not."""
        return self._thread.mailbox.latest()[1]

    def follow(self, following: bool) -> None:
        """Whether frames are fetched by themselves, or only when :meth:`poll` is called."""
        if following:
            self._timer.start()
        else:
            self._timer.stop()

    @Slot()
    def poll(self) -> None:
        """Fetch the newest run, if there is a new one, and pass it on."""
        number, run = self._thread.mailbox.latest()
        if number != self._number and run is not None:
            self._number, self.run = number, run
            if run.frame.status == "diverged":
                self._set_playing(False)
            self._thread.right_of_way.claim()
            self.arrived.emit(run)
            self._painted.start()  # its turn comes when everything has been painted that was asked for
        if self.run is not None and time.monotonic() > self._settled:
            self._set_playing(self.run.frame.status == "training")

    @Slot()
    def _frame_is_painted(self) -> None:
        self._thread.right_of_way.release()

    @Slot(str)
    def _refused(self, line: str) -> None:
        if self.run is None:
            self._set_playing(False)
        self.said.emit(in_words(line))

    @Slot(str)
    def _failed(self, traceback: str) -> None:
        self._broken = self.run is not None
        self._set_playing(False)
        self.failed.emit(traceback)

    def _set_playing(self, playing: bool) -> None:
        if playing != self.playing:
            self.playing = playing
            self.playing_changed.emit(playing)

    def _expect(self, playing: bool) -> None:
        self._settled = time.monotonic() + SETTLE_SECONDS
        self._set_playing(playing)

    def play(self, playing: bool) -> None:
        """Train, or pause; a run that has diverged says how to go on."""
        if playing and (self._is_broken() or self._has_diverged()):
            return
        self._thread.send(Play() if playing else Pause())
        self._expect(playing)

    def step(self, player: Literal["d", "g"] | None = None) -> None:
        """One step, or one update of a single player; pauses. A run that has diverged says how to go on."""
        if self._is_broken() or self._has_diverged():
            return
        self._thread.send(Step(player))
        self._expect(False)

    def _is_broken(self) -> bool:
        if self._broken:
            self.said.emit(BROKEN)
        return self._broken

    def _has_diverged(self) -> bool:
        if self.run is None or self.run.frame.status != "diverged":
            return False
        back = f"go back to step {self.run.frame.restore_step or 0:,} (button above)"
        cause = likely_cause(self.run.experiment)
        self.advised.emit(f"This run has diverged: {back}, or begin anew (R). {cause}".rstrip())
        return True

    def propose(self, experiment: Experiment) -> None:
        """Hand over what is chosen now; live settings act from the next step on."""
        self._thread.send(Propose(experiment))

    def reset(self, experiment: Experiment) -> None:
        """Begin anew with this experiment; a training run goes on training."""
        self._broken = False
        self._thread.send(Reset(experiment))
        self._expect(self.playing)

    def reopen(self, folder: Path, experiment: Experiment) -> None:
        """Take up the run in this folder, which has this experiment; it stands still until it is trained."""
        self._broken = False
        self._thread.send(Reopen(folder, experiment))
        self._expect(False)

    def restore(self) -> None:
        """Back to the last good state after a divergence, with the settings as they are."""
        if self.run is not None:
            cause = (
                likely_cause(self.run.experiment) or "Training on with these settings may end there again."
            )
            self.advised.emit(
                f"Back at step {self.run.frame.restore_step or 0:,}, settings unchanged. {cause}"
            )
        self._thread.send(Restore())
        self._expect(False)

    def keep(self, folder: Path, before: bool = False) -> None:
        """Write the run, or the long one before it, into a new folder."""
        self._thread.send(Keep(folder, before))

    def rescue(self, folders: tuple[Path, ...]) -> None:
        """After a fault: write what can be written of the run into the first of these folders that can be
        made."""
        self._thread.send(Rescue(folders))

    def set_speed(self, steps_per_second: float | None) -> None:
        """At most this many steps a second; None is full speed."""
        self._thread.send(Speed(steps_per_second))

    @Slot(str, object)
    def ask(self, probe: str, question: object) -> None:
        """What a probe shall look for from now on, where it leaves a choice."""
        self._thread.send(Ask(probe, question))

    def look(self, needs: frozenset[str]) -> None:
        """Measure these probes from now on; sent only when they are others than before."""
        if needs != self._needs:
            self._needs = needs
            self._thread.send(Look(needs))
