"""The runs that the window holds: begun, taken up again, restored, kept and rescued."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from ganviz.experiment import Experiment
from ganviz.live.commands import LONG_RUN
from ganviz.loading import all_kept

if TYPE_CHECKING:
    from ganviz.training.trainer import Trainer


class Runs:
    """``trainer``: the run that is played; ``before``: a long one before it that no folder holds.
    ``kept_step``: up to where a folder holds the present one; ``is_broken``: whether something of ours raised
    in it, so that it cannot go on."""

    def __init__(self) -> None:
        self.trainer: Trainer | None = None
        self.before: Trainer | None = None
        self.kept_step = 0
        self.is_broken = False

    def begin(self, experiment: Experiment) -> None:
        """Begin anew. Raises ExperimentError, and then nothing has changed."""
        with all_kept():
            from ganviz.training.trainer import Trainer

        if self.trainer is None or self.is_broken:
            self.trainer = Trainer(experiment)
            self.is_broken = False
        elif self._is_long:
            begun = Trainer(experiment)  # raises before anything is put aside
            self.before, self.trainer = self.trainer, begun
        else:
            self.trainer.reset(experiment)
        self.kept_step = 0

    def reopen(self, folder: Path) -> None:
        """Take up the run that a folder holds. Raises RunFolderError, and then nothing has changed."""
        with all_kept():
            from ganviz.training.checkpoint import reopen

        reopened = reopen(folder)
        if self._is_long and not self.is_broken:
            self.before = self.trainer
        self.trainer, self.is_broken = reopened, False
        self.kept_step = reopened.step_count

    @property
    def _is_long(self) -> bool:
        """Whether so much of the run is in no folder that another does not simply take its place."""
        return self.trainer is not None and self.trainer.step_count - self.kept_step > LONG_RUN

    def restore(self) -> bool:
        """Go back to the last good state of a run that has diverged. Returns whether it had."""
        if self.trainer is None or not self.trainer.diverged:
            return False
        self.trainer.restore()
        self.kept_step = min(self.kept_step, self.trainer.step_count)
        return True

    def keep(self, folder: Path, before: bool) -> Path | None:
        """Keep the run, or the one ``before`` it, in a folder, which is returned; None where there is no such
        run. Raises RunFolderError."""
        from ganviz.training.checkpoint import keep

        trainer = self.before if before else self.trainer
        if trainer is None:
            return None
        kept = keep(trainer, folder)
        if before:
            self.before = None
        else:
            self.kept_step = trainer.step_count
        return kept

    def rescue(self, folders: Iterable[Path]) -> tuple[str, str]:
        """Keep what can be kept of the run in the first of these folders that takes it: that folder and no
        words, or an empty text and why there is none."""
        from ganviz.training.checkpoint import salvage

        trainer, reason = self.trainer, "there is no run yet"
        for folder in folders if trainer is not None else ():
            assert trainer is not None
            try:
                salvage(trainer, folder, self.is_broken)
            except Exception as error:  # the next folder may do, and a failing rescue is no second fault
                reason = str(error)
                continue
            self.kept_step = trainer.step_count
            return str(folder), ""
        return "", reason
