"""The tempo of a run: how many steps the next call has, when it may begin, how many a second are played."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from ganviz.live.showing import FRAMES_PER_SECOND

if TYPE_CHECKING:
    from ganviz.training.trainer import Trainer

CALL_SECONDS = {"exact": 0.003, "eager": 0.003, "traced": 0.025, "captured": 0.025}
"""How long one call of the trainer may take at full speed: commands and frames wait no longer than this. An
eager step holds Python's lock, which the pictures need. A graph does not, and takes all its steps or one."""
SLOW_MOTION = 4.0
"""Steps a second up to which the two players' turns are shown one after the other."""


class Tempo:
    """At full speed a call has as many steps as it may take time for; at ``limit`` steps a second, or at the
    pace of a game that the eye can follow, each call waits for its moment."""

    def __init__(self) -> None:
        self.limit: float | None = None
        self.next_step = 0.0
        self.rate = 0.0
        self._rate_from = (0.0, 0)
        self._steps_per_call = 1

    def of(self, trainer: Trainer) -> float | None:
        """Steps a second at most: as chosen, or as the eye can follow in a game that has such a bound."""
        chosen = [limit for limit in (self.limit, trainer.kind.pace) if limit is not None]
        return min(chosen, default=None)

    def is_slow(self, trainer: Trainer) -> bool:
        """Whether the players' turns are shown one after the other: then a step rests within itself."""
        tempo = self.of(trainer)
        return tempo is not None and tempo <= SLOW_MOTION

    def at_once(self) -> None:
        """The next step waits for nothing."""
        self.next_step = time.perf_counter()

    def count_from(self, step: int) -> None:
        """The rate is of what is played from now on."""
        self.rate, self._rate_from = 0.0, (time.perf_counter(), step)

    def one_by_one(self) -> None:
        """Nothing is known of how long a step takes: the next call has one."""
        self._steps_per_call = 1

    def next_call(self, trainer: Trainer, now: float) -> int:
        """How many steps the call has that begins ``now``; the one after it waits for its moment."""
        tempo = self.of(trainer)
        if tempo is None:
            return self._steps_per_call
        count = _steps_due(trainer, tempo)
        self.next_step = max(self.next_step + count / tempo, now)
        return count

    def took(self, trainer: Trainer, played: int, seconds: float) -> None:
        """A call has played so many steps in this time."""
        if self.of(trainer) is None and played:
            fitting = round(played * CALL_SECONDS[trainer.backend] / max(seconds, 1e-6))
            self._steps_per_call = max(1, min(trainer.longest_call, fitting))
        now, (then, step) = time.perf_counter(), self._rate_from
        if now - then > 1.0:
            self.rate = max(0.0, (trainer.step_count - step) / (now - then))
            self._rate_from = (now, trainer.step_count)


def _steps_due(trainer: Trainer, tempo: float) -> int:
    """Steps of the next call at a tempo: one, but where the game is played at the eye's pace those of a
    frame, up to its end."""
    if trainer.kind.pace is None:
        return 1
    left = trainer.experiment.steps - trainer.step_count
    return max(1, min(int(tempo / FRAMES_PER_SECOND), left if left > 0 else int(tempo)))
