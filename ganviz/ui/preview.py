"""What is chosen is shown before the run has it: the lines of a game of two numbers follow every slider, and
the hand that drags the start."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Slot

from ganviz.ui.desk import Desk
from ganviz.ui.grid import PanelGrid

if TYPE_CHECKING:
    from ganviz.ui.panels.base import Panel
    from ganviz.ui.panels.portrait_panel import PortraitPanel


class Preview(QObject):
    """Joins what is chosen and where the start is dragged to with the panels that can draw it at once."""

    def __init__(self, desk: Desk, grid: PanelGrid, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._grid = desk, grid
        self._start: tuple[float, float] | None = None
        desk.choices.changed.connect(self.show_chosen)
        grid.made.connect(self._furnish)

    @Slot(object)
    def _furnish(self, panel: Panel) -> None:
        if hasattr(panel, "start_dragged"):  # its class would bring what other games do not need
            portrait = cast("PortraitPanel", panel)
            portrait.start_dragged.connect(self._drag)
            portrait.start_chosen.connect(self._begin_there)
            portrait.start_left.connect(self._leave)
            portrait.preview(self._desk.choices.experiment, self._start)

    @Slot()
    def show_chosen(self) -> None:
        """Draw what is chosen now in the panels on screen."""
        for panel in self._grid.panels.values():
            if (preview := getattr(panel, "preview", None)) is not None:
                preview(self._desk.choices.experiment, self._start)

    @Slot(float, float)
    def _drag(self, theta: float, psi: float) -> None:
        self._start = (theta, psi)
        self.show_chosen()

    @Slot()
    def _leave(self) -> None:
        self._start = None
        self.show_chosen()

    @Slot(float, float)
    def _begin_there(self, theta: float, psi: float) -> None:
        self._start = None
        self._desk.begin_at(theta, psi)
        self.show_chosen()
