"""The conductor: carries out commands between the trainer's calls, and plays and shows in between.

It knows no Qt, so it runs in any thread; :mod:`ganviz.live.worker` gives it one.
"""

from __future__ import annotations

import queue
import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING

from ganviz.experiment import Experiment, ExperimentError
from ganviz.frame import Frame
from ganviz.heap import give_back
from ganviz.live.commands import (
    BROKEN,
    Ask,
    Command,
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
from ganviz.live.mailbox import Mailbox
from ganviz.live.right_of_way import RightOfWay
from ganviz.live.runs import Runs
from ganviz.live.showing import Showing
from ganviz.live.tempo import Tempo
from ganviz.record.run_folder import RunFolderError

if TYPE_CHECKING:
    from ganviz.training.trainer import Trainer

IN_PYTHON = {"eager", "exact"}
"""The ways of playing steps that hold Python's lock."""
UNFINISHED_SECONDS = 0.02
"""How long a run that stands still waits for a command before it works on at what is unfinished."""
IDLE_SECONDS = 0.05
"""The same where nothing is unfinished, before it looks for news of what is worked out beside it."""
HEAD_START_CHUNK = 8
"""D's updates before step 1 that are made in one call."""


class Conductor:
    """Runs one experiment after another. ``refused`` is called with one line, ``kept`` with a folder,
    ``rescued`` with a folder, or an empty text and why there is none.
    """

    def __init__(
        self,
        experiment: Experiment,
        mailbox: Mailbox,
        refused: Callable[[str], None],
        kept: Callable[[str], None],
        rescued: Callable[[str, str], None] = lambda folder, reason: None,
    ) -> None:
        self._experiment = experiment
        self._refused, self._kept, self._rescued = refused, kept, rescued
        self._commands: queue.SimpleQueue[Command] = queue.SimpleQueue()
        self.right_of_way = RightOfWay()
        self._runs = Runs()
        self._playing = False
        self._tempo = Tempo()
        self._showing = Showing(mailbox, self._marked)

    def send(self, command: Command) -> None:
        """Queue a command; from any thread, returns at once."""
        self._commands.put(command)

    def build(self) -> None:
        """Make the first trainer (this loads torch) and show its first frame."""
        self._reset(self._experiment)

    def turn(self) -> None:
        """Carry out what is queued, then play for one call or wait for a command; to be called for ever."""
        self._drain(self._patience())
        trainer = self._runs.trainer
        if trainer is None or not self._playing:
            self._stand()
            return
        now = time.perf_counter()
        if self._tempo.of(trainer) is not None and now < self._tempo.next_step:
            self._pause_until(self._tempo.next_step)
        else:
            free = self._tempo.is_slow(trainer) or self._runs_beside(trainer, now)
            with nullcontext() if free else self.right_of_way.given():
                self._play(trainer, time.perf_counter())

    def _stand(self) -> None:
        """Nothing is played: show what comes of itself."""
        if self._runs.trainer is None or self._runs.is_broken:
            self._showing.unfinished = False
            return
        if self._showing.unfinished:
            self._showing.look_on(self._runs.trainer)
        if self._runs.trainer.has_news(self._showing.needs):
            self._publish()

    def _runs_beside(self, trainer: Trainer, now: float) -> bool:
        """Whether the next call leaves Python's lock to the pictures, so that it need not wait for them."""
        return trainer.backend not in IN_PYTHON and not trainer.measure_due and now < self._showing.next_frame

    def give_up(self) -> None:
        """Something of ours raised in a call: the run stands still as it was last seen, until a reset."""
        self._playing = False
        self._runs.is_broken = self._runs.trainer is not None
        self._publish()

    def _patience(self) -> float:
        """Seconds for which the next command is waited for."""
        if self._playing and self._runs.trainer is not None:
            return 0.0
        return UNFINISHED_SECONDS if self._showing.unfinished else IDLE_SECONDS

    def _drain(self, wait: float) -> None:
        try:
            command = self._commands.get(timeout=wait) if wait else self._commands.get_nowait()
            while True:
                self._obey(command)
                command = self._commands.get_nowait()
        except queue.Empty:
            return

    def _obey(self, command: Command) -> None:
        if self._runs.is_broken and isinstance(command, Play | Step | Restore | Keep):
            self._refused(BROKEN)
            return
        try:
            _OBEY[type(command)](self, command)
        except (ExperimentError, RunFolderError) as error:
            self._refused(str(error))

    def _play(self, trainer: Trainer, now: float) -> None:
        # Measuring and showing are calls of their own, so that no frame waits for them and a step together.
        if trainer.measure():
            if self._tempo.of(trainer) is None and not trainer.measure_due:
                self._showing.bring_forward(now)
            return
        if self._showing.look_if_due(trainer, now):
            return
        if trainer.step_count == 0 and trainer.head_start(HEAD_START_CHUNK):
            self._showing.head_start(trainer, now)
            return
        between = self._between if self._tempo.is_slow(trainer) else None
        count = self._tempo.next_call(trainer, now)
        played = steps = 0
        while played < count and not trainer.measure_due:
            steps = trainer.play(between, count - played)
            if not steps:
                break
            played += steps
        self._tempo.took(trainer, played, time.perf_counter() - now)
        if trainer.diverged:
            self._publish()
        elif played and trainer.finished:
            self._playing = False
            self._publish(everything=True)
        elif between:
            self._publish(phase=self._showing.who_has_moved(trainer), everything=True)

    def _between(self) -> None:
        """Half of a slow step: show what D has just done, and hold it for half the beat.

        Where D has not moved, or G has moved with it, one picture after the step shows it all.
        """
        assert self._runs.trainer is not None
        if self._showing.who_has_moved(self._runs.trainer) == "D has moved":
            self._publish(phase="D has moved", everything=True)
            tempo = self._tempo.of(self._runs.trainer)
            assert tempo is not None
            self._pause_until(time.perf_counter() + 0.5 / tempo)

    def _pause_until(self, moment: float) -> None:
        """Wait, but not past the next command."""
        while self._commands.empty() and (left := moment - time.perf_counter()) > 0:
            time.sleep(min(left, 0.01))

    def _publish(self, phase: str = "", everything: bool = False) -> None:
        """Put a frame into the mailbox; ``everything``: each probe in sight measured anew."""
        if self._runs.trainer is None:
            return
        if self._runs.is_broken:
            self._showing.last_again(self._runs.kept_step)
        else:
            self._showing.look(self._runs.trainer, phase, everything)

    def _marked(self, frame: Frame, phase: str) -> Frame:
        """A look, and what the trainer does not know of it."""
        if frame.status == "diverged":
            self._playing = False  # the look itself may have found it: a way back must not train on
        if self._playing and frame.status == "paused":
            frame = replace(frame, status="training")
        return replace(
            frame,
            phase=phase,
            steps_per_second=self._tempo.rate if self._playing else 0.0,
            kept_step=self._runs.kept_step,
            before=self._runs.before.step_count if self._runs.before else 0,
        )

    # One method a command

    def _on_play(self, command: Play) -> None:
        if self._runs.trainer is not None and not self._runs.trainer.diverged:
            self._playing = True
            self._tempo.at_once()
            self._tempo.count_from(self._runs.trainer.step_count)
            self._publish()
            self._showing.whole_next()  # the first picture of the run going on is of one step

    def _on_pause(self, command: Pause) -> None:
        self._playing = False
        if self._runs.trainer is not None:
            self._runs.trainer.settle()
        self._publish(everything=True)

    def _on_step(self, command: Step) -> None:
        self._playing = False
        trainer = self._runs.trainer
        if trainer is None:
            return
        if command.player:
            trainer.update(command.player)
            phase = {"d": "D has moved", "g": "G has moved"}[command.player]
        else:
            alone = trainer.head_start_left
            trainer.step()
            phase = f"head start: {alone:,} D updates, then step 1" if alone else ""
        self._publish(phase=phase, everything=True)

    def _on_speed(self, command: Speed) -> None:
        self._tempo.limit = command.steps_per_second
        self._tempo.at_once()

    def _on_propose(self, command: Propose) -> None:
        if self._runs.trainer is not None and not self._runs.is_broken:
            live = self._runs.trainer.apply(command.experiment)
            another_game = any(change.key == "objective" for change in live)
            if live and self._playing and self._tempo.of(self._runs.trainer) is None:
                # the first picture is that of its first step, which is played and recorded at once
                self._tempo.one_by_one()
                self._showing.after_a_step(self._runs.trainer, everything=another_game)
            else:
                self._publish(everything=another_game or not self._playing)

    def _on_reset(self, command: Reset) -> None:
        self._reset(command.experiment)

    def _reset(self, experiment: Experiment) -> None:
        self._runs.begin(experiment)
        self._show_another()

    def _show_another(self) -> None:
        """Another run has taken the place of the one before."""
        assert self._runs.trainer is not None
        self._tempo.count_from(self._runs.trainer.step_count)
        self._tempo.one_by_one()
        self._publish(everything=True)
        give_back()  # of the run before

    def _on_reopen(self, command: Reopen) -> None:
        try:
            self._runs.reopen(command.folder)
        except RunFolderError:
            self._reset(command.experiment)  # what can be had of it
            raise
        self._playing = False
        self._show_another()

    def _on_restore(self, command: Restore) -> None:
        if self._runs.restore():
            self._publish(everything=True)

    def _on_keep(self, command: Keep) -> None:
        folder = self._runs.keep(command.folder, command.before)
        if folder is not None:
            self._publish(everything=not self._playing)
            self._kept(str(folder))

    def _on_rescue(self, command: Rescue) -> None:
        folder, reason = self._runs.rescue(command.folders)
        self._rescued(folder, reason)
        if folder:
            self._publish(everything=not self._playing)

    def _on_look(self, command: Look) -> None:
        fresh = command.needs - self._showing.needs
        self._showing.needs = command.needs
        if fresh and not self._playing:
            self._publish(everything=True)

    def _on_ask(self, command: Ask) -> None:
        if self._runs.trainer is not None and not self._runs.is_broken:
            self._runs.trainer.ask(command.probe, command.question)
            self._showing.unfinished = True


_OBEY: dict[type, Callable[..., None]] = {
    Play: Conductor._on_play,
    Pause: Conductor._on_pause,
    Step: Conductor._on_step,
    Speed: Conductor._on_speed,
    Propose: Conductor._on_propose,
    Reset: Conductor._on_reset,
    Reopen: Conductor._on_reopen,
    Restore: Conductor._on_restore,
    Keep: Conductor._on_keep,
    Rescue: Conductor._on_rescue,
    Look: Conductor._on_look,
    Ask: Conductor._on_ask,
}
