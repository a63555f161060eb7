"""Which set of data is meant, where a game has two: X or Y."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QWidget

from ganviz.experiment import SETTINGS, Experiment
from ganviz.experiment.cyclegan import second
from ganviz.ui.controls import control
from ganviz.ui.own_data.parts import push_button

SIDES = ("x", "y")
OWN = ("file", "drawing")


def sides_of(experiment: Experiment) -> tuple[str, ...]:
    """The sets of data that an experiment has."""
    return SIDES if experiment.has_pair else SIDES[:1]


def next_side(experiment: Experiment) -> str:
    """The side that is offered first: Y where X is of one's own already and Y is not, so that a second set
    makes the pair."""
    is_next = experiment.has_pair and experiment.data in OWN and experiment.data_y not in OWN
    return "y" if is_next else "x"


def key_of(key: str, side: str) -> str:
    """The setting of this side that ``key`` names for X; of both where they share it."""
    return second(key) if side == "y" and second(key) in SETTINGS else key


def about(experiment: Experiment) -> str:
    """The own data of an experiment in words."""
    words = []
    for side, of_side in zip(sides_of(experiment), (experiment, experiment.of_y()), strict=False):
        name = side.upper()
        if of_side.data == "drawing":
            words.append(f"{name if experiment.has_pair else 'data'} drawn by hand")
        elif of_side.data == "file":
            file = of_side.data_path.replace("\\", "/").rstrip("/").rpartition("/")[2]
            words.append(f"{name} from {file}" if experiment.has_pair else f"the data of {file}")
    return " and ".join(words)


class Sides(QWidget):
    """Two buttons, one of them pressed; hidden where there is only one side. ``changed`` carries the side.

    ``prefix`` opens the names of the buttons in the table of controls.
    """

    changed = Signal(str)

    def __init__(self, prefix: str, sides: tuple[str, ...], side: str) -> None:
        super().__init__()
        self.side = side
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self.buttons = {one: push_button(f"{prefix}.{one}", self._choose) for one in SIDES}
        group = QButtonGroup(self)  # auto-exclusive buttons would be so with those beside this widget, too
        for one, button in self.buttons.items():
            button.setCheckable(True)
            button.setChecked(one == side)
            group.addButton(button)
            row.addWidget(button, 1)
        self.setVisible(len(sides) > 1)

    @Slot()
    def _choose(self) -> None:
        chosen = next(one for one, button in self.buttons.items() if button.isChecked())
        if chosen != self.side:
            self.side = chosen
            self.changed.emit(chosen)


def use_words(prefix: str, sides: Sides) -> str:
    """What the button says that makes data of what is shown: whose, where there are two sides."""
    title = control(f"{prefix}.use").title
    return title if sides.isHidden() else f"Use as {sides.side.upper()}"


def of_side(settings: Mapping[str, Any], side: str) -> dict[str, Any]:
    """Settings that were chosen for X as those of this side."""
    return {key_of(key, side): value for key, value in settings.items()}
