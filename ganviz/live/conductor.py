"""The conductor: carries out commands between the trainer's calls, keeps the tempo, and puts frames into the
mailbox.

It knows no Qt, so it runs in any thread; :mod:`ganviz.live.worker` gives it one.
"""

from __future__ import annotations

import math
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
    LONG_RUN,
    Ask,
    Command,
    Keep,
    Look,
    Pause,
    Play,
    Propose,
    Rescue,
    Reset,
    Restore,
    Speed,
    Step,
)
from ganviz.live.mailbox import Mailbox
from ganviz.live.right_of_way import RightOfWay
from ganviz.loading import all_kept
from ganviz.record.run import Run
from ganviz.record.run_folder import RunFolderError

if TYPE_CHECKING:
    from ganviz.training.trainer import Trainer

FRAMES_PER_SECOND = 30.0
CALL_SECONDS = {"exact": 0.003, "eager": 0.003, "traced": 0.025, "captured": 0.025}
"""How long one call of the trainer may take at full speed: commands and frames wait no longer than this. An
eager step holds Python's lock, which the pictures need. A graph does not, and takes all its steps or one."""
IN_PYTHON = {"eager", "exact"}
"""The ways of playing steps that hold Python's lock."""
SLOW_MOTION = 4.0
"""Steps a second up to which the two players' turns are shown one after the other."""
UNFINISHED_SECONDS = 0.02
"""How long a run that stands still waits for a command before it works on at what is unfinished."""
HEAD_START_CHUNK = 8
HEAD_START_FRAMES_PER_SECOND = 10.0
"""Pictures of the head start, each whole, so that D's map is of the update that is named."""


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
        self._mailbox = mailbox
        self._refused, self._kept, self._rescued = refused, kept, rescued
        self._is_broken = False
        self._commands: queue.SimpleQueue[Command] = queue.SimpleQueue()
        self.right_of_way = RightOfWay()
        self._trainer: Trainer | None = None
        self._before: Trainer | None = None
        self._kept_step = 0
        self._needs: frozenset[str] = frozenset()
        self._playing = False
        self._limit: float | None = None
        self._steps_per_call = 1
        self._next_step = self._next_frame = 0.0
        self._step_shown = -1
        self._counts_shown = (0, 0)
        self._whole_due = False
        self._unfinished = False
        self._rate = 0.0
        self._rate_from = (0.0, 0)

    def send(self, command: Command) -> None:
        """Queue a command; from any thread, returns at once."""
        self._commands.put(command)

    def build(self) -> None:
        """Make the first trainer (this loads torch) and show its first frame."""
        self._reset(self._experiment)

    def turn(self) -> None:
        """Carry out what is queued, then play for one call or wait for a command; to be called for ever."""
        self._drain(wait=0.0 if not self._idle() else UNFINISHED_SECONDS if self._unfinished else 0.05)
        if self._idle():
            if self._unfinished:
                self._look_on()
            if self._trainer is not None and not self._is_broken and self._trainer.has_news(self._needs):
                self._publish()
            return
        now = time.perf_counter()
        tempo = self._tempo
        if tempo is not None and now < self._next_step:
            self._pause_until(self._next_step)
        else:
            slow = tempo is not None and tempo <= SLOW_MOTION  # then a step rests within itself
            with nullcontext() if slow or self._runs_beside(now) else self.right_of_way.given():
                self._play(time.perf_counter())

    def _runs_beside(self, now: float) -> bool:
        """Whether the next call leaves Python's lock to the pictures, so that it need not wait for them."""
        trainer = self._trainer
        assert trainer is not None
        return trainer.backend not in IN_PYTHON and not trainer.measure_due and now < self._next_frame

    @property
    def _tempo(self) -> float | None:
        """Steps a second at most: as chosen, or as the eye can follow in a game that has such a bound."""
        pace = self._trainer.kind.pace if self._trainer else None
        chosen = [limit for limit in (self._limit, pace) if limit is not None]
        return min(chosen, default=None)

    def give_up(self) -> None:
        """Something of ours raised in a call: the run stands still as it was last seen, until a reset."""
        self._playing = False
        self._is_broken = self._trainer is not None
        self._publish()

    def _idle(self) -> bool:
        return not self._playing or self._trainer is None

    def _drain(self, wait: float) -> None:
        try:
            command = self._commands.get(timeout=wait) if wait else self._commands.get_nowait()
            while True:
                self._obey(command)
                command = self._commands.get_nowait()
        except queue.Empty:
            return

    def _obey(self, command: Command) -> None:
        if self._is_broken and isinstance(command, Play | Step | Restore | Keep):
            self._refused(BROKEN)
            return
        try:
            _OBEY[type(command)](self, command)
        except (ExperimentError, RunFolderError) as error:
            self._refused(str(error))

    def _play(self, now: float) -> None:
        trainer = self._trainer
        assert trainer is not None
        # Measuring and showing are calls of their own, so that no frame waits for them and a step together.
        if trainer.measure():
            is_near = self._next_frame - now < 0.5 / FRAMES_PER_SECOND
            if self._tempo is None and is_near and not trainer.measure_due:
                self._next_frame = now  # a frame of this step has what was just measured for the record
            return
        if now >= self._next_frame and self._step_shown != trainer.step_count:
            self._publish(everything=self._whole_due)
            return
        if trainer.step_count == 0 and trainer.head_start(HEAD_START_CHUNK):
            self._show_head_start(now)
            return
        tempo = self._tempo
        if tempo is None:
            count, between = self._steps_per_call, None
        else:
            count = self._steps_due(tempo)
            between = self._between if tempo <= SLOW_MOTION else None
            self._next_step = max(self._next_step + count / tempo, now)
        played = steps = 0
        while played < count and not trainer.measure_due:
            steps = trainer.play(between, count - played)
            if not steps:
                break
            played += steps
        took = time.perf_counter() - now
        if tempo is None and played:
            most = CALL_SECONDS[trainer.backend]
            fitting = round(played * most / max(took, 1e-6))
            self._steps_per_call = max(1, min(trainer.longest_call, fitting))
        self._measure_rate()
        if trainer.diverged:
            self._publish()
        elif played and trainer.finished:
            self._playing = False
            self._publish(everything=True)
        elif between:
            self._publish(phase=self._who_has_moved(), everything=True)

    def _steps_due(self, tempo: float) -> int:
        """Steps of the next call at a tempo: one, but where the game is played at the eye's pace those of a
        frame, up to its end."""
        trainer = self._trainer
        assert trainer is not None
        if trainer.kind.pace is None:
            return 1
        left = trainer.experiment.steps - trainer.step_count
        return max(1, min(int(tempo / FRAMES_PER_SECOND), left if left > 0 else int(tempo)))

    def _show_head_start(self, now: float) -> None:
        trainer = self._trainer
        assert trainer is not None
        if now >= self._next_frame:
            done, total = trainer.counts["d"], trainer.experiment.head_start
            self._publish(phase=f"head start: D update {done:,} of {total:,}", everything=True)
            self._next_frame = time.perf_counter() + 1.0 / HEAD_START_FRAMES_PER_SECOND

    def _between(self) -> None:
        """Half of a slow step: show what D has just done, and hold it for half the beat.

        Where D has not moved, or G has moved with it, one picture after the step shows it all.
        """
        if self._who_has_moved() == "D has moved":
            self._publish(phase="D has moved", everything=True)
            assert self._tempo is not None
            self._pause_until(time.perf_counter() + 0.5 / self._tempo)

    def _who_has_moved(self) -> str:
        """Since the frame before: "D has moved", "G has moved", "D and G have moved", or ""."""
        assert self._trainer is not None
        counts, (d_count, g_count) = self._trainer.counts, self._counts_shown
        return _MOVED[counts["d"] > d_count, counts["g"] > g_count]

    def _pause_until(self, moment: float) -> None:
        """Wait, but not past the next command."""
        while self._commands.empty() and (left := moment - time.perf_counter()) > 0:
            time.sleep(min(left, 0.01))

    def _measure_rate(self) -> None:
        assert self._trainer is not None
        now, (then, step) = time.perf_counter(), self._rate_from
        if now - then > 1.0:
            self._rate = max(0.0, (self._trainer.step_count - step) / (now - then))
            self._rate_from = (now, self._trainer.step_count)

    def _publish(self, phase: str = "", everything: bool = False) -> None:
        """Put a frame into the mailbox; ``everything``: each probe in sight measured anew."""
        trainer = self._trainer
        if trainer is None:
            return
        if self._is_broken:
            self._publish_last()
            return
        # On a common beat, so that calls of some length do not make frames rarer; half a beat away at least,
        # and longer after a whole one, so that the window sees it before the next takes its place.
        beats = 2.5 if everything else 1.5
        self._next_frame = math.floor(time.perf_counter() * FRAMES_PER_SECOND + beats) / FRAMES_PER_SECOND
        self._step_shown = trainer.step_count
        self._counts_shown = (trainer.counts["d"], trainer.counts["g"])
        self._whole_due = self._whole_due and not everything
        self._show(trainer.observe(self._needs, everything), phase)

    def _look_on(self) -> None:
        """A run that stands still: go on with what takes more than one look, and show it."""
        trainer, shown = self._trainer, self._mailbox.latest()[1]
        if trainer is None or shown is None or self._is_broken:
            self._unfinished = False
            return
        frame = trainer.look_on(self._needs)
        if _serials(frame) != _serials(shown.frame):
            self._show(frame, shown.frame.phase)
        self._unfinished = bool(frame.unfinished)

    def _show(self, frame: Frame, phase: str) -> None:
        """Put a look into the mailbox."""
        trainer = self._trainer
        assert trainer is not None
        if frame.status == "diverged":
            self._playing = False  # the look itself may have found it: a way back must not train on
        if self._playing and frame.status == "paused":
            frame = replace(frame, status="training")
        self._unfinished = bool(frame.unfinished) and frame.status != "diverged"
        rate = self._rate if self._playing else 0.0
        frame = replace(
            frame,
            phase=phase,
            steps_per_second=rate,
            kept_step=self._kept_step,
            before=self._before.step_count if self._before else 0,
        )
        self._mailbox.put(Run(trainer.experiment, frame, trainer.history))

    def _publish_last(self) -> None:
        """The last frame once more, standing still: a trainer that raised is not asked again."""
        run = self._mailbox.latest()[1]
        if run is not None:
            still = replace(
                run.frame, status="paused", phase="", steps_per_second=0.0, kept_step=self._kept_step
            )
            self._mailbox.put(replace(run, frame=still))

    # One method a command

    def _on_play(self, command: Play) -> None:
        if self._trainer is not None and not self._trainer.diverged:
            self._playing = True
            self._next_step = time.perf_counter()
            self._rate, self._rate_from = 0.0, (self._next_step, self._trainer.step_count)
            self._publish()
            self._whole_due = True  # the first picture of the run going on is of one step

    def _on_pause(self, command: Pause) -> None:
        self._playing = False
        if self._trainer is not None:
            self._trainer.settle()
        self._publish(everything=True)

    def _on_step(self, command: Step) -> None:
        self._playing = False
        trainer = self._trainer
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
        self._limit = command.steps_per_second
        self._next_step = time.perf_counter()

    def _on_propose(self, command: Propose) -> None:
        if self._trainer is not None and not self._is_broken:
            live = self._trainer.apply(command.experiment)
            another_game = any(change.key == "objective" for change in live)
            if live and self._playing and self._tempo is None:
                self._show_after_a_step(everything=another_game)
            else:
                self._publish(everything=another_game or not self._playing)

    def _show_after_a_step(self, everything: bool) -> None:
        """At full speed the first picture of a change is that of its first step, which is played and recorded
        at once."""
        assert self._trainer is not None
        self._steps_per_call = 1
        self._step_shown, self._next_frame = self._trainer.step_count, 0.0
        self._whole_due = self._whole_due or everything

    def _on_reset(self, command: Reset) -> None:
        self._reset(command.experiment)

    def _reset(self, experiment: Experiment) -> None:
        with all_kept():
            from ganviz.training.trainer import Trainer

        if self._trainer is None or self._is_broken:
            self._trainer = Trainer(experiment)
            self._is_broken = False
        elif self._trainer.step_count - self._kept_step > LONG_RUN:
            begun = Trainer(experiment)  # raises before anything is put aside
            self._before, self._trainer = self._trainer, begun
        else:
            self._trainer.reset(experiment)
        self._kept_step = 0
        self._rate, self._rate_from = 0.0, (time.perf_counter(), 0)
        self._steps_per_call = 1
        self._publish(everything=True)
        give_back()  # of the run before

    def _on_restore(self, command: Restore) -> None:
        if self._trainer is not None and self._trainer.diverged:
            self._trainer.restore()
            self._kept_step = min(self._kept_step, self._trainer.step_count)
            self._publish(everything=True)

    def _on_keep(self, command: Keep) -> None:
        from ganviz.training.checkpoint import keep

        trainer = self._before if command.before else self._trainer
        if trainer is None:
            return
        folder = keep(trainer, command.folder)
        if command.before:
            self._before = None
        else:
            self._kept_step = trainer.step_count
        self._publish(everything=not self._playing)
        self._kept(str(folder))

    def _on_rescue(self, command: Rescue) -> None:
        from ganviz.training.checkpoint import salvage

        trainer, reason = self._trainer, "there is no run yet"
        for folder in command.folders if trainer is not None else ():
            assert trainer is not None
            try:
                salvage(trainer, folder, self._is_broken)
            except Exception as error:  # the next folder may do, and a failing rescue is no second fault
                reason = str(error)
                continue
            self._kept_step = trainer.step_count
            self._rescued(str(folder), "")
            self._publish(everything=not self._playing)
            return
        self._rescued("", reason)

    def _on_look(self, command: Look) -> None:
        fresh = command.needs - self._needs
        self._needs = command.needs
        if fresh and not self._playing:
            self._publish(everything=True)

    def _on_ask(self, command: Ask) -> None:
        if self._trainer is not None and not self._is_broken:
            self._trainer.ask(command.probe, command.question)
            self._unfinished = True


def _serials(frame: Frame) -> dict[str, int]:
    return {key: measurement.serial for key, measurement in frame.measurements.items()}


_MOVED = {
    (False, False): "",
    (True, False): "D has moved",
    (False, True): "G has moved",
    (True, True): "D and G have moved",
}
_OBEY: dict[type, Callable[..., None]] = {
    Play: Conductor._on_play,
    Pause: Conductor._on_pause,
    Step: Conductor._on_step,
    Speed: Conductor._on_speed,
    Propose: Conductor._on_propose,
    Reset: Conductor._on_reset,
    Restore: Conductor._on_restore,
    Keep: Conductor._on_keep,
    Rescue: Conductor._on_rescue,
    Look: Conductor._on_look,
    Ask: Conductor._on_ask,
}
