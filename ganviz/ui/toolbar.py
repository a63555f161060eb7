"""The tool bar: Train, the steps, reset and seed, speed, and the menu of experiments."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QWidget

from ganviz.experiment import SETTINGS, Experiment, presets
from ganviz.ui.buttons import BarButton, Separator
from ganviz.ui.controls import control
from ganviz.ui.fields import NumberField
from ganviz.ui.speed import SpeedSlider
from ganviz.ui.style import Themed, font
from ganviz.ui.theme import LIGHT, Theme

HEIGHT = 56
WORDS_NEED = 1300
"""Width of the bar, in pixels at normal text size, below which the words beside its fields go."""


class Bar(QWidget):
    """A strip of fixed height in the bars' colour with a hair line below."""

    def __init__(self, height: int) -> None:
        super().__init__()
        self._height, self._theme, self._scale = height, LIGHT, 1.0

    def apply_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours and the scale of type."""
        self._theme, self._scale = theme, scale
        self.setFixedHeight(round(self._height * scale))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Background and line."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._theme.bar))
        painter.setPen(QPen(QColor(self._theme.hair), 1))
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)


class PresetMenu(QComboBox):
    """The shipped experiments by name. An experiment from a file shows its own name and stands outside the
    list.
    """

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("preset")
        for name in presets():
            self.addItem(name)
            self.setItemData(self.count() - 1, control(f"preset.{name}").help, Qt.ItemDataRole.ToolTipRole)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName("Experiment")
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.textActivated.connect(self.chosen)

    def show_name(self, name: str) -> None:
        """Show which experiment was chosen."""
        self.setPlaceholderText(name)
        self.setCurrentIndex(self.findText(name))


class ToolBar(Bar):
    """Buttons stand for the window's actions; ``seed``, ``speed`` and ``preset`` are fields of their own."""

    def __init__(self, actions: Mapping[str, QAction]) -> None:
        super().__init__(HEIGHT)
        self.train = BarButton(actions["action.train"], "mdi6.play", filled=True, width=124, height=40)
        self.reset = BarButton(actions["action.reset"], "mdi6.restore")
        self.speed, self.preset, self.seed = SpeedSlider(), PresetMenu(), NumberField(SETTINGS["seed"])
        self.seed.setObjectName("seed")
        self.seed.setButtonSymbols(NumberField.ButtonSymbols.NoButtons)
        self._buttons = [
            self.train,
            BarButton(actions["action.step"], "mdi6.step-forward"),
            BarButton(actions["action.step_d"]),
            BarButton(actions["action.step_g"]),
            self.reset,
            BarButton(actions["action.new_seed"], "mdi6.dice-5-outline"),
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

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Words go first where the bar is short."""
        super().resizeEvent(event)
        for label in self._labels:
            label.setVisible(self.width() >= WORDS_NEED * self._scale)

    def show_training(self, training: bool) -> None:
        """The big button says what it will do."""
        self.train.set_icon("mdi6.pause" if training else "mdi6.play")

    def show_experiment(self, chosen: Experiment, preset: Experiment, waiting: int) -> None:
        """Show the seed, the experiment's name, and how many changes wait for a reset."""
        self.seed.show_value(chosen.seed)
        self.preset.show_name(preset.name)
        self.reset.set_note(f"{waiting} change{'s' if waiting > 1 else ''} waiting" if waiting else "")

    def apply_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours and the scale of type."""
        super().apply_theme(theme, scale)
        themed: tuple[Themed, ...] = (*self._buttons, *self._separators, self.speed, self.seed)
        for widget in themed:
            widget.apply_theme(theme, scale)
        for label in self._labels:
            label.setFont(font(12.5, scale))
            label.setStyleSheet(f"color: {theme.mute}")
        self.seed.setFont(font(13, scale))
        self.seed.setFixedSize(round(58 * scale), round(28 * scale))
        self.preset.setFont(font(13, scale))
        self.preset.setFixedHeight(round(30 * scale))
        self.preset.setMinimumWidth(round(120 * scale))
        self.preset.setMaximumWidth(round(190 * scale))
        self.speed.setMaximumWidth(round(280 * scale))
