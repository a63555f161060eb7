"""Joins the named layouts with the grid: what is chosen in menus, keys and panels becomes what is shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction

from ganviz.experiment import Experiment
from ganviz.ui.grid import PanelGrid
from ganviz.ui.layouts import Layouts, stage_of, suits
from ganviz.ui.panels.catalogue import PANELS
from ganviz.ui.placemenu import PlaceMenu

if TYPE_CHECKING:
    from ganviz.ui.panels.base import Panel


class Arrangement(QObject):
    """The layout of one window's grid. ``said`` carries a sentence where something was refused.

    Nothing is shown, and no panel made, before :meth:`restore_state`.
    """

    said = Signal(str)

    def __init__(self, grid: PanelGrid, experiment: Experiment, parent: QObject) -> None:
        super().__init__(parent)
        self.layouts = Layouts()
        self._grid = grid
        self._actions: Mapping[str, QAction] = {}
        self._stage = stage_of(experiment)
        grid.made.connect(self._furnish)

    def take_actions(self, actions: Mapping[str, QAction]) -> None:
        """The window's actions by name; those of layouts and panels are ticked from now on."""
        self._actions = {
            name: made for name, made in actions.items() if name.startswith(("layout.", "show."))
        }
        self._offer()

    def show_experiment(self, experiment: Experiment) -> None:
        """Show the panels that fit the game and the data of a running experiment."""
        stage = stage_of(experiment)
        if stage != self._stage:
            self._stage = stage
            self._offer()
            if self.layouts.panels(stage) != self._grid.keys:
                self._show()

    def _show(self) -> None:
        keys = self.layouts.panels(self._stage)
        self._grid.show_panels(self.layouts.name, keys)
        ticked = {f"layout.{self.layouts.name}", *(f"show.{key}" for key in keys)}
        for name, action in self._actions.items():
            action.setChecked(name in ticked)

    def _offer(self) -> None:
        """Offer the panels that suit the game and the data."""
        for key in PANELS:
            self._actions[f"show.{key}"].setVisible(suits(key, self._stage))

    # ------------------------------------------------------------ what is chosen

    @Slot(QAction)
    def choose_layout(self, action: QAction) -> None:
        """The layout that the action names."""
        self.layouts.name = action.data()
        self._show()

    @Slot(QAction)
    def choose_panel(self, action: QAction) -> None:
        """Show or hide the panel that the action names."""
        change = self.layouts.show if action.isChecked() else self.layouts.hide
        refusal = change(action.data(), self._stage)
        self._show()
        if refusal:
            self.said.emit(refusal)

    @Slot()
    def reset(self) -> None:
        """The layout that is on, as shipped."""
        self.layouts.reset(self._stage)
        self._grid.reset_sizes()
        self._show()

    # ------------------------------------------------------------ what a panel's menu says

    @Slot(object)
    def _furnish(self, panel: Panel) -> None:
        menu = PlaceMenu(panel, self._keys, self._offered)
        menu.replaced.connect(self._replace)
        menu.moved.connect(self._move)
        menu.hidden.connect(self._hide)

    def _keys(self) -> tuple[str, ...]:
        return self._grid.keys

    def _offered(self) -> tuple[str, ...]:
        return tuple(key for key in PANELS if suits(key, self._stage))

    @Slot(str, str)
    def _replace(self, key: str, other: str) -> None:
        self.layouts.replace(key, other, self._stage)
        self._show()

    @Slot(str, int)
    def _move(self, key: str, by: int) -> None:
        self.layouts.move(key, by, self._stage)
        self._show()

    @Slot(str)
    def _hide(self, key: str) -> None:
        self.layouts.hide(key, self._stage)
        self._show()

    # ------------------------------------------------------------ memory

    def save_state(self) -> dict[str, Any]:
        """Layouts, sizes, and what each panel remembers."""
        return {"layouts": self.layouts.save_state(), **self._grid.save_state()}

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Take a state that :meth:`save_state` gave, and show it; what does not fit is passed over."""
        layouts = state.get("layouts")
        self.layouts.restore_state(layouts if isinstance(layouts, dict) else {})
        self._grid.restore_state(state)
        self._show()
