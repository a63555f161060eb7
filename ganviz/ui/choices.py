"""What was chosen: the experiment in the controls, what it is compared with, and the way back.

The chosen experiment and the running one are two things: a live setting of the chosen one acts at the next
step, the others wait for a reset. Undo goes through experiments as wholes; it never touches weights.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from ganviz.experiment import SETTINGS, Experiment

MERGE_SECONDS = 1.0
"""Changes of one setting that follow each other within this time are one step of undo."""
UNDO_LIMIT = 500
"""Steps of undo; each holds two experiments."""


@dataclass(frozen=True)
class Chosen:
    """An experiment, the preset or file that its blue dots compare it with, and its file if any."""

    experiment: Experiment
    baseline: Experiment
    path: Path | None = None


class _Choice(QUndoCommand):
    """One change of what is chosen."""

    def __init__(self, choices: Choices, old: Chosen, new: Chosen, text: str, key: str) -> None:
        super().__init__(text)
        self._choices, self._old, self._new = choices, old, new
        self._key, self._when = key, time.monotonic()

    def id(self) -> int:
        """One number for all, so that Qt asks :meth:`mergeWith`."""
        return 1

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Join a later change of the same setting that came soon after."""
        if not isinstance(other, _Choice) or not self._key or other._key != self._key:
            return False
        if other._when - self._when > MERGE_SECONDS:
            return False
        self._new, self._when = other._new, other._when
        self.setObsolete(self._new.experiment == self._old.experiment)
        return True

    def redo(self) -> None:
        """Choose the new one."""
        self._choices._take(self._new)

    def undo(self) -> None:
        """Choose the old one again."""
        self._choices._take(self._old)


class Choices(QObject):
    """Holds the chosen experiment and its undo stack. ``changed`` tells when another one is chosen or a file
    is written.
    """

    changed = Signal()

    def __init__(
        self,
        experiment: Experiment,
        baseline: Experiment | None = None,
        path: Path | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._chosen = Chosen(experiment, baseline or experiment, path)
        self._saved = experiment
        self.stack = QUndoStack(self)
        self.stack.setUndoLimit(UNDO_LIMIT)

    @property
    def experiment(self) -> Experiment:
        """The chosen experiment."""
        return self._chosen.experiment

    @property
    def baseline(self) -> Experiment:
        """The preset or file that the chosen experiment began as."""
        return self._chosen.baseline

    @property
    def path(self) -> Path | None:
        """The file of the chosen experiment, or None."""
        return self._chosen.path

    @property
    def is_modified(self) -> bool:
        """Whether the chosen experiment differs from its file or preset as last read or written."""
        return self.experiment != self._saved

    def set(self, key: str, value: Any) -> None:
        """Choose another value for one setting. Raises ExperimentError, and nothing changes, where it cannot
        be used.
        """
        self.take(self.experiment.replace(**{key: value}), key)

    def take(self, experiment: Experiment, key: str) -> None:
        """Choose an experiment that a change of the setting ``key`` has led to."""
        if experiment != self.experiment:
            self._push(Chosen(experiment, self.baseline, self.path), SETTINGS[key].title, key)

    def begin(self, experiment: Experiment, path: Path | None = None) -> None:
        """Choose another experiment as a whole, from a preset or a file; it becomes the baseline."""
        self._saved = experiment
        self._push(Chosen(experiment, experiment, path), experiment.name, "")

    def written(self, experiment: Experiment, path: Path) -> None:
        """Note that ``experiment`` is now in the file ``path``."""
        self._saved = experiment
        self._chosen = Chosen(experiment, self.baseline, path)
        self.changed.emit()

    def _push(self, new: Chosen, text: str, key: str) -> None:
        self.stack.push(_Choice(self, self._chosen, new, text, key))

    def _take(self, chosen: Chosen) -> None:
        self._chosen = chosen
        self.changed.emit()
