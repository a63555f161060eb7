"""What the controls do: every click and key ends here as a choice of settings or a command to the thread. No
widgets.
"""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction

from ganviz.experiment import SETTINGS, Experiment, ExperimentError
from ganviz.experiment.refusals import with_changes, with_objective
from ganviz.ui.choices import Choices
from ganviz.ui.files import Files
from ganviz.ui.memory import Memory
from ganviz.ui.pilot import Pilot
from ganviz.ui.wording import in_words


class Desk(QObject):
    """Choices, files and pilot, and the deeds that join them. ``refused(key, line)`` tells of a value that
    cannot be used, ``said`` of one that was changed on the way.
    """

    refused = Signal(str, str)
    said = Signal(str)

    def __init__(self, choices: Choices, pilot: Pilot, files: Files, parent: QObject) -> None:
        super().__init__(parent)
        self.choices, self.pilot, self.files = choices, pilot, files
        choices.changed.connect(self._propose_chosen)
        files.opened.connect(self.reset)
        files.run_opened.connect(self.reopen)

    @Slot()
    def _propose_chosen(self) -> None:
        self.pilot.propose(self.choices.experiment)

    # ------------------------------------------------------------ when to run

    @Slot()
    def train(self) -> None:
        """Train, or pause."""
        self.pilot.play(not self.pilot.playing)

    @Slot()
    def step(self) -> None:
        """One whole step."""
        self.pilot.step()

    @Slot()
    def step_d(self) -> None:
        """One update of the discriminator."""
        self.pilot.step("d")

    @Slot()
    def step_g(self) -> None:
        """One update of the generator."""
        self.pilot.step("g")

    @Slot()
    def reset(self) -> None:
        """Begin anew with what is chosen."""
        self.pilot.reset(self.choices.experiment)

    @Slot(object)
    def reopen(self, folder: Path) -> None:
        """Take up the run in this folder, whose experiment is chosen."""
        self.pilot.reopen(folder, self.choices.experiment)

    @Slot()
    def restore(self) -> None:
        """Back to the last good state after a divergence."""
        self.pilot.restore()

    # ------------------------------------------------------------ what to run

    @Slot(str, object)
    def propose(self, key: str, value: Any) -> None:
        """Choose a value for a setting, if it can be used here."""
        try:
            if key == "device":
                _check_device(self.choices.experiment.replace(device=value))
            self.choices.set(key, value)
        except ExperimentError as error:
            self.refused.emit(key, in_words(str(error)))

    @Slot(object)
    def propose_seed(self, value: Any) -> None:
        """Choose a seed; it waits for the next reset."""
        self.propose("seed", value)

    def begin_at(self, theta: float, psi: float) -> None:
        """Begin a game of two numbers anew from another start, as one gesture."""
        moved = self.choices.experiment.replace(start_theta=theta, start_psi=psi)
        self.choices.take(moved, "start_theta")
        self.reset()

    def begin_with(self, key: str, about: str, **changes: Any) -> None:
        """Begin anew with other data, as one gesture that was made at the setting ``key``. A game that has no
        data gives way to one that has, convolutions to layers for points, and the description of a shipped
        experiment, which is of other data, to words ``about`` these."""
        chosen, shipped = self.choices.experiment, self.choices.baseline
        beginning = f"Began as {shipped.name}, with "
        is_ours = chosen.description == shipped.description or chosen.description.startswith(beginning)
        if self.choices.path is None and is_ours:
            changes["description"] = f"{beginning}{about}."
        if chosen.game not in SETTINGS["data"].games:
            changes["game"] = SETTINGS["game"].default
        try:
            experiment, given_way = with_changes(chosen, **changes)
        except ExperimentError as error:
            self.refused.emit(key, in_words(str(error)))
            return
        self.choices.take(experiment, key)
        self.reset()
        if given_way:
            self.said.emit(in_words(given_way))

    @Slot()
    def new_seed(self) -> None:
        """Draw a seed and begin anew from it."""
        seed = random.SystemRandom().randrange(1000)
        self.choices.set("seed", seed if seed != self.choices.experiment.seed else seed + 1)
        self.reset()

    @Slot(QAction)
    def choose_objective(self, action: QAction) -> None:
        """The objective that the action names, from the next step on."""
        self._play(action.data())

    @Slot(QAction)
    def choose_terms(self, action: QAction) -> None:
        """The terms of a CycleGAN that the action names, from the next step on."""
        self.propose("ablation", action.data())

    @Slot()
    def flip(self) -> None:
        """Change between minimax and non-saturating."""
        is_minimax = self.choices.experiment.objective == "minimax"
        self._play("non_saturating" if is_minimax else "minimax")

    def _play(self, objective: str) -> None:
        experiment, given_way = with_objective(self.choices.experiment, objective)
        self.choices.take(experiment, "objective")
        if given_way:
            self.said.emit(in_words(given_way))

    @Slot(QAction)
    def choose_preset(self, action: QAction) -> None:
        """The shipped experiment that the action names."""
        self.begin_preset(action.data())

    @Slot(str)
    def begin_preset(self, name: str) -> None:
        """Take a shipped experiment with all its settings and begin anew."""
        self.choices.begin(Experiment.preset(name))
        self.reset()

    @Slot()
    def undo(self) -> None:
        """Take back the last choice."""
        self.choices.stack.undo()

    @Slot()
    def redo(self) -> None:
        """Make it again."""
        self.choices.stack.redo()


def _check_device(experiment: Experiment) -> None:
    """Raises ExperimentError where this machine has no such device: said at once, not at the next reset."""
    from ganviz.training.device import choose

    choose(experiment)


def make_desk(
    parent: Any, experiment: Experiment, baseline: Experiment | None, path: Path | None, memory: Memory
) -> Desk:
    """The desk of a window, with everything on it; all of it belongs to ``parent``."""
    choices = Choices(experiment, baseline, path, parent)
    return Desk(choices, Pilot(experiment, parent), Files(parent, choices, memory), parent)
