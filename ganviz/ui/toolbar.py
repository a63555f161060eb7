"""The tool bar: Train, the steps, reset and seed, speed, and the menu of experiments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel

from ganviz.experiment import SETTINGS, Change, Experiment
from ganviz.ui.bar import FittingBar
from ganviz.ui.buttons import BarButton, Separator
from ganviz.ui.controls import control
from ganviz.ui.fields import NumberField
from ganviz.ui.preset_menu import PresetMenu
from ganviz.ui.speed import SpeedSlider
from ganviz.ui.style import Themed, font
from ganviz.ui.theme import Theme

HEIGHT = 56


def waiting_note(waiting: Sequence[Change]) -> str:
    """What a reset will bring, as the second line of its button: "with seed 42", "2 changes waiting"."""
    if len(waiting) == 1 and waiting[0].key == "seed":
        return f"with seed {waiting[0].new}"
    return f"{len(waiting)} change{'s' if len(waiting) > 1 else ''} waiting" if waiting else ""


class ToolBar(FittingBar):
    """Buttons stand for the window's actions; ``seed``, ``speed`` and ``preset`` are fields of their own.

    Where it is narrow the words beside the fields go, then the longer words on buttons, then those that an
    icon says as well.
    """

    LEVELS = 4

    def __init__(self, actions: Mapping[str, QAction]) -> None:
        super().__init__(HEIGHT)
        self.train = BarButton(actions["action.train"], "play", filled=True, width=124, height=40)
        self.reset = BarButton(actions["action.reset"], "restore")
        self.speed, self.preset, self.seed = SpeedSlider(), PresetMenu(), NumberField(SETTINGS["seed"])
        self.seed.setObjectName("seed")
        self.seed.setButtonSymbols(NumberField.ButtonSymbols.NoButtons)
        self._buttons = [
            self.train,
            BarButton(actions["action.step"], "step-forward"),
            BarButton(actions["action.step_d"]),
            BarButton(actions["action.step_g"]),
            self.reset,
            BarButton(actions["action.new_seed"], "dice-5-outline"),
        ]
        self._labels = [QLabel("seed"), QLabel("Experiment")]
        self._separators = [Separator() for _ in range(3)]
        for name, field in (("speed", self.speed), ("preset", self.preset), ("seed", self.seed)):
            words = control(name)
            field.setToolTip(words.help)
            field.setWhatsThis(words.help)
            field.setAccessibleName(words.title)
            field.setAccessibleDescription(words.help)
        self._lay_out()

    def _lay_out(self) -> None:
        seed_label, preset_label = self._labels
        first, second, third = self._separators
        train, step, step_d, step_g, reset, new_seed = self._buttons
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 0, 14, 0)
        layout.setSpacing(8)
        for widget in (train, step, step_d, step_g, first, reset, new_seed, seed_label, self.seed, second):
            layout.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self.speed, 3, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(third)
        layout.addWidget(preset_label)
        layout.addWidget(self.preset, 2, Qt.AlignmentFlag.AlignVCenter)
        layout.addStretch(1)

    def show_level(self, level: int) -> None:
        """Shorten words in the order of their worth."""
        for label in self._labels:
            label.setVisible(level < 1)
        _, step, step_d, step_g, reset, new_seed = self._buttons
        reset.shorten("Reset" if level >= 2 else None)
        for button, words in ((step, ""), (step_d, "D"), (step_g, "G"), (new_seed, "")):
            button.shorten(words if level >= 3 else None)
        for separator in self._separators:
            separator.setVisible(level < 3)
        layout = self.layout()
        assert layout is not None
        layout.setSpacing(8 if level < 3 else 4)

    def show_training(self, training: bool) -> None:
        """The big button says what it will do."""
        self.train.set_icon("pause" if training else "play")

    def show_experiment(
        self, chosen: Experiment, shipped: Experiment | None, waiting: Sequence[Change]
    ) -> None:
        """Show the seed, the name of the experiment, and what waits for a reset.

        ``shipped``: the preset that it began as; None where it has a file.
        """
        self.seed.show_value(chosen.seed)
        self.preset.show_name(shipped or chosen, shipped is not None)
        note = waiting_note(waiting)
        if note != self.reset.note:
            self.reset.set_note(note, "Reset")
            self.fit()

    def dress(self, theme: Theme, scale: float) -> None:
        """Give every part the colours and this scale of type."""
        themed: tuple[Themed, ...] = (*self._buttons, *self._separators, self.speed, self.seed)
        for widget in themed:
            widget.apply_theme(theme, scale)
        for label in self._labels:
            label.setFont(font(12.5, scale))
            label.setStyleSheet(f"color: {theme.mute}")
        self.seed.setFont(font(13, scale))
        self.seed.setFixedSize(round(58 * scale), round(28 * scale))
        self.preset.set_scale(scale)
        self.preset.setFixedHeight(round(30 * scale))
        self.preset.setMinimumWidth(round(120 * scale))
        self.preset.setMaximumWidth(round(200 * scale))
        self.speed.setMaximumWidth(round(280 * scale))
