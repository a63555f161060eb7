"""What is chosen, wherever the window shows it: the form, the bars, what waits for a reset, the title."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from ganviz.experiment import Experiment, waiting
from ganviz.ui.files import shown_name

if TYPE_CHECKING:
    from ganviz.ui.window import MainWindow


class Chosen(QObject):
    """Brings one window up to date."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._refusal = ""

    @Slot()
    def show(self) -> None:
        """Another choice has been made, or taken back, or kept in a file."""
        window, choices = self._window, self._window.choices
        chosen, verdict = choices.experiment, window.verdict
        if self._refusal and verdict.text == self._refusal:
            verdict.end_message()  # whatever was refused, another choice has been made since
        window.form.show_experiment(chosen, choices.baseline)
        window.lossbar.show_objective(chosen.objective)
        window.termsbar.show_terms(chosen.ablation)
        self._offer_losses(chosen)
        for key in ("objective", "ablation"):
            window.actions_by_name[f"{key}.{getattr(chosen, key)}"].setChecked(True)
        self.show_waiting()
        name = shown_name(choices.path) if choices.path else chosen.name
        mark = " *" if choices.is_modified else ""
        path = choices.path or "a shipped experiment, not yet a file"
        window.head.show_file(f"{name}{mark}", str(path))
        window.setWindowTitle(f"{name}{mark} – ganviz")

    def _offer_losses(self, chosen: Experiment) -> None:
        """The losses of a GAN, or the terms of a CycleGAN; a game of two numbers has neither to choose."""
        window = self._window
        losses, terms = chosen.applies("objective"), chosen.applies("ablation")
        if (window.lossbar.isHidden(), window.termsbar.isHidden()) != (not losses, not terms):
            window.grid.rest()  # every panel is about to get another height
            window.lossbar.setVisible(losses)
            window.termsbar.setVisible(terms)
        for name, action in window.actions_by_name.items():
            if name.startswith("objective.") or name in ("action.flip", "action.more_losses"):
                action.setEnabled(losses)
            elif name.startswith("ablation."):
                action.setEnabled(terms)

    def show_waiting(self) -> None:
        """The tool bar's fields, and on Reset what the running experiment has not yet."""
        choices, run = self._window.choices, self._window.pilot.run
        changes = waiting(run.experiment, choices.experiment) if run else []
        baseline = None if choices.path else choices.baseline
        self._window.toolbar.show_experiment(choices.experiment, baseline, changes)

    @Slot(str, str)
    def show_refused(self, key: str, line: str) -> None:
        """A value of the setting ``key`` cannot be used: say so beside it and below."""
        form, seed, choices = self._window.form, self._window.toolbar.seed, self._window.choices
        form.show_experiment(choices.experiment, choices.baseline)
        if key == "seed" and seed.edited:
            seed.show_error(line)
        else:
            form.show_error(key, line)
        self._refusal = line
        self._window.verdict.show_message(line)
