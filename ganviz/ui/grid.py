"""The grid of panels: splitters in two rows of three, or three rows of two that scroll where the window is
small.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QSplitter, QVBoxLayout, QWidget

from ganviz.record.run import Run
from ganviz.ui.panels import FIRST
from ganviz.ui.panels.base import Panel
from ganviz.ui.theme import Theme

GAP = 8
WIDE, NARROW = 3, 2
TURNS = 4
"""While training each panel is drawn in every fourth frame: seven or eight times a second at thirty
frames."""
AT_WORK = {
    "D has moved": ("outputs",),
    "G has moved": ("samples",),
    "D and G have moved": ("outputs", "samples"),
}
"""The panels with a frame in slow motion: where the player whose turn it was can be seen at work."""
LEAST_WIDTH, LEAST_HEIGHT = 350, 268
"""The smallest panel that can still be read, in pixels at normal text size."""


class PanelGrid(QScrollArea):
    """Holds every panel, shows the chosen ones, or one of them alone. ``shown_changed`` tells when another
    set is on screen.
    """

    shown_changed = Signal()

    def __init__(self, panels: Mapping[str, Panel]) -> None:
        super().__init__()
        self.panels = dict(panels)
        self._shown = self._first()
        self._full: str | None = None
        self._columns = 0
        self._scale = 1.0
        self._turn = 0
        self._tell = QTimer(self)
        self._tell.setSingleShot(True)
        self._tell.setInterval(0)
        self._tell.timeout.connect(self.shown_changed)
        self._content = QWidget()
        self._outer = QSplitter(Qt.Orientation.Vertical)
        self._rows = [QSplitter(Qt.Orientation.Horizontal) for _ in range(-(-len(self.panels) // NARROW))]
        for splitter in (self._outer, *self._rows):
            splitter.setChildrenCollapsible(False)
            splitter.setHandleWidth(GAP)
        for row in self._rows:
            self._outer.addWidget(row)
        around = QVBoxLayout(self._content)
        around.setContentsMargins(GAP, GAP, GAP, GAP)
        around.addWidget(self._outer)
        self.setWidget(self._content)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        for panel in self.panels.values():
            panel.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
            panel.maximise_requested.connect(self._toggle_full)
        self._arrange(WIDE)
        self._apply()

    # ------------------------------------------------------------ which panels

    @property
    def full(self) -> str | None:
        """The key of the panel that is shown alone, or None."""
        return self._full

    def is_shown(self, key: str) -> bool:
        """Whether the panel is among the chosen ones."""
        return key in self._shown

    def _first(self) -> set[str]:
        return {key for key in FIRST if key in self.panels}

    def show_panel(self, key: str, shown: bool) -> None:
        """Put a panel among the chosen ones or take it out."""
        (self._shown.add if shown else self._shown.discard)(key)
        self._apply()

    def show_full(self, key: str | None) -> None:
        """Show one panel alone, or all the chosen ones again with None."""
        self._full = key
        self._apply()

    @Slot(str)
    def _toggle_full(self, key: str) -> None:
        self.show_full(None if self._full == key else key)

    def on_screen(self) -> list[Panel]:
        """The panels of which at least a part can be seen."""
        if self.window().isMinimized():
            return []
        return [
            panel
            for panel in self.panels.values()
            if panel.isVisible() and not panel.visibleRegion().isEmpty()
        ]

    def needs(self) -> frozenset[str]:
        """The probes that the panels on screen draw from."""
        return frozenset().union(*(panel.needs for panel in self.on_screen()))

    def show_run(self, run: Run) -> int:
        """Draw a run in the panels on screen; returns how many of them had their turn.

        While it trains the panels take turns, so that no frame is long; one that stands still is drawn whole.
        """
        panels = self.on_screen()
        at_work = AT_WORK.get(run.frame.phase, ()) if run.frame.status == "training" else ()
        for panel in self.panels.values():
            panel.mark_at_work(panel.key in at_work)
        turns = TURNS if run.frame.flowing and len(panels) >= TURNS else 1
        self._turn = (self._turn + 1) % turns
        for panel in panels[self._turn :: turns]:
            panel.show_runs([run])
        return len(panels[self._turn :: turns])

    def _apply(self) -> None:
        for key, panel in self.panels.items():
            panel.setVisible(key == self._full if self._full else key in self._shown)
        for row in self._rows:
            row.setVisible(self._has_panel(row))
        self._arrange(self._fitting_columns())
        self._tell_when_laid_out()

    # ------------------------------------------------------------ where

    def _has_panel(self, row: QSplitter) -> bool:
        return any(row.indexOf(panel) >= 0 and not panel.isHidden() for panel in self.panels.values())

    def _fitting_columns(self) -> int:
        room = self.viewport().size()
        wide = room.width() >= WIDE * LEAST_WIDTH * self._scale + 4 * GAP
        high = room.height() >= 2 * LEAST_HEIGHT * self._scale + 3 * GAP
        return WIDE if wide and high else NARROW

    def _arrange(self, columns: int) -> None:
        """Put the panels into rows of ``columns``."""
        if columns != self._columns:
            self._columns = columns
            for index, panel in enumerate(self.panels.values()):
                self._rows[index // columns].addWidget(panel)
            for row in self._rows:
                row.setSizes([1000] * row.count())
                row.setVisible(self._has_panel(row))
            self._outer.setSizes([1000 if row.count() else 0 for row in self._rows])
        rows = sum(not row.isHidden() for row in self._rows if row.count())
        least = round(LEAST_HEIGHT * self._scale)
        height = rows * least + (rows + 1) * GAP if self._full is None else least
        self._content.setMinimumHeight(height if columns == NARROW else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose two or three columns for the new size."""
        super().resizeEvent(event)
        if self.viewport().size() != QSize(0, 0):
            self._arrange(self._fitting_columns())
            self._tell_when_laid_out()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Other panels come into view."""
        super().scrollContentsBy(dx, dy)
        self._tell_when_laid_out()

    def _tell_when_laid_out(self) -> None:
        """What can be seen is known only after Qt has laid the panels out."""
        self._tell.start()

    # ------------------------------------------------------------ state

    def save_state(self) -> dict[str, Any]:
        """Chosen panels, sizes, and what each panel remembers."""
        return {
            "shown": sorted(self._shown),
            "columns": self._columns,
            "outer": self._outer.sizes(),
            "rows": [row.sizes() for row in self._rows],
            "panels": {key: panel.save_state() for key, panel in self.panels.items()},
        }

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Take a state that :meth:`save_state` gave; what does not fit is passed over."""
        self._shown = {key for key in state.get("shown", ()) if key in self.panels} or self._first()
        for key, kept in dict(state.get("panels", {})).items():
            if key in self.panels and isinstance(kept, dict):
                self.panels[key].restore_state(kept)
        self._apply()
        if state.get("columns") == self._columns:
            self._outer.setSizes([int(size) for size in state.get("outer", [])])
            for row, sizes in zip(self._rows, state.get("rows", []), strict=False):
                row.setSizes([int(size) for size in sizes])

    def reset_layout(self) -> None:
        """The first panels, in their first places and sizes."""
        self._full, self._shown, self._columns = None, self._first(), 0
        self._apply()
        self.verticalScrollBar().setValue(0)

    def apply_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours and the scale of type."""
        self._scale = scale
        self._arrange(self._fitting_columns())
        for panel in self.panels.values():
            panel.apply_theme(theme, scale)
