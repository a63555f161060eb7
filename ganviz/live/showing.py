"""What the window sees of a run: looks at the trainer, put into the mailbox on a common beat."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from ganviz.frame import Frame
from ganviz.live.mailbox import Mailbox
from ganviz.record.run import Run

if TYPE_CHECKING:
    from ganviz.training.trainer import Trainer

FRAMES_PER_SECOND = 30.0
HEAD_START_FRAMES_PER_SECOND = 10.0
"""Pictures of the head start, each whole, so that D's map is of the update that is named."""


class Showing:
    """Knows when the next frame is due and what the last one showed. ``marked`` enters into a look what the
    trainer does not know: its phase, in words, and what the run is about to do."""

    def __init__(self, mailbox: Mailbox, marked: Callable[[Frame, str], Frame]) -> None:
        self.needs: frozenset[str] = frozenset()
        self.next_frame = 0.0
        self.unfinished = False
        """Whether another look would go on with something."""
        self._mailbox, self._marked = mailbox, marked
        self._step_shown = -1
        self._counts_shown = (0, 0)
        self._whole_due = False

    def look(self, trainer: Trainer, phase: str = "", everything: bool = False) -> None:
        """Show the game as it is; ``everything``: each probe in sight measured anew."""
        # On a common beat, so that calls of some length do not make frames rarer; half a beat away at least,
        # and longer after a whole one, so that the window sees it before the next takes its place.
        beats = 2.5 if everything else 1.5
        self.next_frame = math.floor(time.perf_counter() * FRAMES_PER_SECOND + beats) / FRAMES_PER_SECOND
        self._step_shown = trainer.step_count
        self._counts_shown = (trainer.counts["d"], trainer.counts["g"])
        self._whole_due = self._whole_due and not everything
        self._put(trainer, trainer.observe(self.needs, everything), phase)

    def look_on(self, trainer: Trainer) -> None:
        """A run that stands still: go on with what takes more than one look, and show it."""
        shown = self._mailbox.latest()[1]
        if shown is None:
            self.unfinished = False
            return
        frame = trainer.look_on(self.needs)
        if _serials(frame) != _serials(shown.frame):
            self._put(trainer, frame, shown.frame.phase)
        self.unfinished = bool(frame.unfinished)

    def last_again(self, kept_step: int) -> None:
        """The last frame once more, standing still: a trainer that raised is not asked again."""
        run = self._mailbox.latest()[1]
        if run is not None:
            still = replace(run.frame, status="paused", phase="", steps_per_second=0.0, kept_step=kept_step)
            self._mailbox.put(replace(run, frame=still))

    def look_if_due(self, trainer: Trainer, now: float) -> bool:
        """Show a step that has not been shown, if it is time. Returns whether it was."""
        due = now >= self.next_frame and self._step_shown != trainer.step_count
        if due:
            self.look(trainer, everything=self._whole_due)
        return due

    def head_start(self, trainer: Trainer, now: float) -> None:
        """Show how far D is before step 1, if it is time."""
        if now >= self.next_frame:
            done, total = trainer.counts["d"], trainer.experiment.head_start
            self.look(trainer, f"head start: D update {done:,} of {total:,}", everything=True)
            self.next_frame = time.perf_counter() + 1.0 / HEAD_START_FRAMES_PER_SECOND

    def bring_forward(self, now: float) -> None:
        """A frame that is nearly due is due: it has what was just measured for the record."""
        if self.next_frame - now < 0.5 / FRAMES_PER_SECOND:
            self.next_frame = now

    def after_a_step(self, trainer: Trainer, everything: bool) -> None:
        """The next step is shown as soon as it is played."""
        self._step_shown, self.next_frame = trainer.step_count, 0.0
        self._whole_due = self._whole_due or everything

    def whole_next(self) -> None:
        """The next frame that falls due is of one step."""
        self._whole_due = True

    def who_has_moved(self, trainer: Trainer) -> str:
        """Since the frame before: "D has moved", "G has moved", "D and G have moved", or ""."""
        counts, (d_count, g_count) = trainer.counts, self._counts_shown
        return _MOVED[counts["d"] > d_count, counts["g"] > g_count]

    def _put(self, trainer: Trainer, frame: Frame, phase: str) -> None:
        self.unfinished = bool(frame.unfinished) and frame.status != "diverged"
        self._mailbox.put(Run(trainer.experiment, self._marked(frame, phase), trainer.history))


def _serials(frame: Frame) -> dict[str, int]:
    return {key: measurement.serial for key, measurement in frame.measurements.items()}


_MOVED = {
    (False, False): "",
    (True, False): "D has moved",
    (False, True): "G has moved",
    (True, True): "D and G have moved",
}
