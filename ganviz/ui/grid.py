"""The grid of panels: makes those of a layout, gives them their look and draws the run in them, in turns."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy

from ganviz.record.run import Run
from ganviz.ui.panel_rows import PanelRows
from ganviz.ui.panels.catalogue import load
from ganviz.ui.shapes import Shape, height_of, shape_for
from ganviz.ui.theme import LIGHT, Theme
from ganviz.ui.turns import Turns
from ganviz.ui.vacancy import Vacancy

if (
    TYPE_CHECKING
):  # the plots take longer to load than the rest of the window: they come after its first paint
    from ganviz.ui.panels.base import Panel
    from ganviz.ui.panels.picks import Picks

LEAP = 60
"""A change of the size by more pixels at once is no hand that draws an edge: then panels may stay blank
for a moment."""


class PanelGrid(QScrollArea):
    """Shows the panels of a layout, or one of them alone. A panel is made when it is first shown.

    ``shown_changed`` tells when another set is on screen, ``made`` carries each panel once, when it is made,
    ``asked`` what a panel wants to know of a probe.
    ``panels`` holds those that have been made.
    """

    shown_changed = Signal()
    made = Signal(object)
    asked = Signal(str, object)
    _loaded = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.panels: dict[str, Panel] = {}
        self._widgets: dict[str, Panel | Vacancy] = {}
        self._begun = False
        self._keys: tuple[str, ...] = ()
        self._layout_name = ""
        self._full: str | None = None
        self._place: tuple[str, tuple[str, ...], Shape] | None = None
        self._has_room = False
        self._kept: dict[str, dict[str, Any]] = {}
        self._picks: Picks | None = None
        self._theme, self._scale = LIGHT, 1.0
        self._turns = Turns()
        self._tell = QTimer(self)
        self._tell.setSingleShot(True)
        self._tell.setInterval(0)
        self._tell.timeout.connect(self.shown_changed)
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.setInterval(0)
        self._turn.timeout.connect(self._take_turn)
        self._loaded.connect(self._begin_making, Qt.ConnectionType.QueuedConnection)
        self.rows = PanelRows()
        self.setWidget(self.rows)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    # ------------------------------------------------------------ which panels

    @property
    def full(self) -> str | None:
        """The key of the panel that is shown alone, or None."""
        return self._full

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the layout's panels, in order."""
        return self._keys

    def show_panels(self, layout: str, keys: Sequence[str]) -> None:
        """Show these panels in this order, with the sizes that they last had in the layout of this name."""
        for key in keys:
            if key not in self._widgets:
                self._widgets[key] = Vacancy(key)
        self._layout_name, self._keys, self._full = layout, tuple(keys), None
        self._apply()
        self.verticalScrollBar().setValue(0)

    def show_full(self, key: str | None) -> None:
        """Show one panel alone, or all of the layout again with None."""
        self._full = key
        self.rest()
        self._apply()

    @Slot(str)
    def _toggle_full(self, key: str) -> None:
        self.show_full(None if self._full == key else key)

    def begin(self) -> None:
        """From now on make the panels that are shown, one a turn of the event loop: the window answers
        meanwhile. Until then, and until its turn, a :class:`Vacancy` holds each one's place.

        Their modules load in a thread first, because the plots' library alone takes a third of a second.
        """
        threading.Thread(target=self._load, args=(self._keys,), name="load panels").start()

    def _load(self, keys: Sequence[str]) -> None:
        # What cannot be loaded is asked for again by the window's own thread, which can say so.
        with suppress(Exception):
            for key in keys:
                load(key)
        with suppress(RuntimeError):  # the window has been closed and deleted meanwhile
            self._loaded.emit()

    @Slot()
    def _begin_making(self) -> None:
        self._begun = True
        self._turn.start()

    @property
    def is_complete(self) -> bool:
        """Whether every panel of the layout is made."""
        return all(key in self.panels for key in self._keys)

    @property
    def is_dressed(self) -> bool:
        """Whether every panel that is made has its look and is painted."""
        return not self._stale()

    @property
    def is_at_rest(self) -> bool:
        """Whether every panel of the layout is made, has its look and shows the last run."""
        return self.is_complete and self.is_dressed and not self._turns.is_busy

    @Slot()
    def _take_turn(self) -> None:
        """One thing that is due: make a panel of this layout, give one the look that was chosen since, paint
        one that has moved, or draw the run in one. None while the window keeps its picture."""
        if not self.updatesEnabled():
            return
        missing = [key for key in self._keys if key not in self.panels]
        if missing and self._begun:
            self._fill_vacancy(missing[0])
            if self.is_complete:
                self._tell_when_laid_out()
        elif stale := self._stale():
            if self._is_stale(stale[0]):
                stale[0].apply_theme(self._theme, self._scale)
            stale[0].setUpdatesEnabled(True)
        else:
            self._turns.take()
        if (self._begun and not self.is_complete) or self._stale() or self._turns.is_busy:
            self._turn.start()

    @Slot()
    def go_on(self) -> None:
        """The window is painted again: turns that waited come now."""
        self._turn.start()

    def _fill_vacancy(self, key: str) -> None:
        vacancy, panel = self._widgets[key], self._make(key)
        self.rows.replace(vacancy, panel)

    def _stale(self) -> list[Panel]:
        """The panels that have not the chosen look yet or are not painted, those of this layout first."""
        found = [
            panel for panel in self.panels.values() if self._is_stale(panel) or not panel.updatesEnabled()
        ]
        return sorted(found, key=lambda panel: panel.key not in self._keys)

    def _is_stale(self, widget: Panel | Vacancy) -> bool:
        return (widget.theme, widget.scale_factor) != (self._theme, self._scale)

    def _make(self, key: str) -> Panel:
        panel = self.panels[key] = self._widgets[key] = load(key)()
        panel.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        panel.apply_theme(self._theme, self._scale)
        panel.maximise_requested.connect(self._toggle_full)
        panel.asked.connect(self.asked)
        panel.picked.connect(self._take_picks)
        if self._picks is not None:
            panel.take_picks(self._picks)
        panel.restore_state(self._kept.get(key, {}))
        self.made.emit(panel)
        return panel

    @Slot(object)
    def _take_picks(self, picks: Picks) -> None:
        """Tell every panel which samples are chosen."""
        self._picks = picks
        for panel in self.panels.values():
            panel.take_picks(picks)

    def on_screen(self) -> list[Panel]:
        """The panels of which at least a part can be seen."""
        if self.window().isMinimized():
            return []
        shown = [self.panels[key] for key in self._keys if key in self.panels]
        return [panel for panel in shown if panel.isVisible() and not panel.visibleRegion().isEmpty()]

    def needs(self) -> frozenset[str]:
        """The probes that the panels on screen draw from."""
        return frozenset().union(*(panel.needs for panel in self.on_screen()))

    def show_run(self, run: Run) -> None:
        """Draw a run in the panels on screen, which take turns."""
        self._turns.mark_at_work(run, self.panels.values())
        self._turns.show_run(run, self.on_screen())
        self._turns.let_go(self.panels.values())
        if self._turns.is_busy:
            self._turn.start()

    def _apply(self) -> None:
        """Show what is to be shown; where it is seen, panels take a new look one a turn of the event loop."""
        for widget in filter(self._is_stale, map(self._widgets.__getitem__, self._keys)):
            if isinstance(widget, Vacancy) or not self.isVisible():
                widget.apply_theme(self._theme, self._scale)
            else:
                widget.setUpdatesEnabled(False)  # all painted at once, and then again, would take long
        self._arrange()
        self._tell_when_laid_out()
        if self._begun:
            self._turn.start()

    def rest(self) -> None:
        """Let panels that move far be painted one a turn, when they have come to rest: all at once, and at
        every step on the way, would take long."""
        if self._begun and self.isVisible():
            for panel in filter(None, map(self.panels.get, self._keys)):
                panel.setUpdatesEnabled(False)
            self._turn.start()

    # ------------------------------------------------------------ where

    def _arrange(self) -> None:
        """Put the panels where they belong for the room that there is."""
        if not self._keys:
            return
        room = self.viewport().size() if self._has_room else None
        shape = shape_for(self._layout_name, len(self._keys), room, self._scale)
        place = (self._layout_name, self._keys, shape)
        if place != self._place:
            self.rest()
            self._place = place
            self.rows.put(self._layout_name, shape, *self._parted(self._keys))
        self.rows.show_only(*self._parted((self._full,) if self._full else self._keys))
        rows = 1 if self._full else shape.rows
        self.rows.setMinimumHeight(height_of(rows, self.viewport().height(), self._scale))

    def _parted(self, keys: Sequence[str]) -> tuple[list[Panel | Vacancy], list[Panel | Vacancy]]:
        """The widgets of these keys in order, and the others."""
        others = [widget for key, widget in self._widgets.items() if key not in keys]
        return [self._widgets[key] for key in keys], others

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose the rows for the new size."""
        super().resizeEvent(event)
        if self.viewport().size() != QSize(0, 0):
            grown = event.size() - event.oldSize()
            if max(abs(grown.width()), abs(grown.height())) > LEAP:
                self.rest()
            self._has_room = True
            self._arrange()
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
        """Sizes, and what each panel remembers."""
        made = {key: panel.save_state() for key, panel in self.panels.items()}
        return {"sizes": self.rows.save_sizes(), "panels": self._kept | made}

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Take a state that :meth:`save_state` gave, before anything is shown; what does not fit is passed
        over.
        """
        sizes, panels = state.get("sizes"), state.get("panels")
        if isinstance(sizes, dict):
            self.rows.restore_sizes(sizes)
        if isinstance(panels, dict):
            self._kept = {key: kept for key, kept in panels.items() if isinstance(kept, dict)}

    def reset_sizes(self) -> None:
        """Forget the sizes of the layout that is shown; the next :meth:`show_panels` makes them alike."""
        self.rows.forget_sizes(self._layout_name)
        self._place = None

    def apply_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours and the scale of type."""
        self._theme, self._scale = theme, scale
        self._apply()
