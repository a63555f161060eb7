"""The grid of panels: splitters in two rows of up to three, or rows of up to two that scroll where the window
is small.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QSplitter, QVBoxLayout, QWidget

from ganviz.record.run import Run
from ganviz.ui.panels import load
from ganviz.ui.theme import LIGHT, Theme
from ganviz.ui.turns import Turns
from ganviz.ui.vacancy import Vacancy

if (
    TYPE_CHECKING
):  # the plots take longer to load than the rest of the window: they come after its first paint
    from ganviz.ui.panels.base import Panel
    from ganviz.ui.panels.picks import Picks

GAP = 8


@dataclass(frozen=True)
class Shape:
    """The number of panels in each row, or in each column where it is ``upright``."""

    lines: tuple[int, ...]
    upright: bool = False

    @property
    def columns(self) -> int:
        """Panels side by side, at most."""
        return len(self.lines) if self.upright else max(self.lines)

    @property
    def rows(self) -> int:
        """Panels one above the other, at most."""
        return max(self.lines) if self.upright else len(self.lines)

    def __str__(self) -> str:
        return ("|" if self.upright else "+").join(map(str, self.lines))


WIDE = {
    1: Shape((1,)), 2: Shape((2,)), 3: Shape((1, 2), upright=True),
    4: Shape((2, 2)), 5: Shape((2, 3)), 6: Shape((3, 3)),
}  # fmt: skip
"""How so many panels stand."""
NARROW = WIDE | {3: Shape((1, 2)), 5: Shape((1, 2, 2)), 6: Shape((2, 2, 2))}
"""The same where the window is small; the rows scroll."""
OWN_SHAPES = {("images", 4): Shape((2, 2), upright=True)}
"""Layouts that stand in a way of their own with so many panels, where there is room for it."""
OWN_SIZES = {"images 2|2": [[58, 42], [69, 31], [50, 50]]}
"""The first sizes of a layout in a shape, where they are not all alike: of the lines, and within each."""
LEAST_WIDTH, LEAST_HEIGHT = 350, 268
"""The smallest panel that can still be read, in pixels at normal text size."""
LEAP = 60
"""A change of the size by more pixels at once is no hand that draws an edge: then panels may stay blank
for a moment."""
SCROLLED_HEIGHT = 340
"""Height of a row where rows scroll: there every panel has room for its readout."""


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
        self._sizes: dict[str, Any] = {}
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
        self._content = QWidget()
        self._aside = QWidget(self._content)
        self._aside.hide()
        self._outer = QSplitter()
        self._lines = [QSplitter() for _ in range(max(shape.rows for shape in NARROW.values()))]
        for splitter in (self._outer, *self._lines):
            splitter.setChildrenCollapsible(False)
            splitter.setHandleWidth(GAP)
            splitter.splitterMoved.connect(self._remember_sizes)
        for line in self._lines:
            self._outer.addWidget(line)
        around = QVBoxLayout(self._content)
        around.setContentsMargins(GAP, GAP, GAP, GAP)
        around.addWidget(self._outer)
        self.setWidget(self._content)
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
    def is_at_rest(self) -> bool:
        """Whether every panel of the layout is made, has its look and shows the last run."""
        return self.is_complete and not self._stale() and not self._turns.is_busy

    @Slot()
    def _take_turn(self) -> None:
        """One thing that is due: make a panel of this layout, give one the look that was chosen since, paint
        one that has moved, or draw the run in one."""
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

    def _fill_vacancy(self, key: str) -> None:
        vacancy, panel = self._widgets[key], self._make(key)
        line = vacancy.parent()
        assert isinstance(line, QSplitter)
        line.replaceWidget(line.indexOf(vacancy), panel)
        vacancy.deleteLater()

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

    def _fitting_shape(self) -> Shape:
        """How the panels stand in the room that there is."""
        count, room = len(self._keys), self.viewport().size()
        shape = OWN_SHAPES.get((self._layout_name, count), WIDE[count])
        wide = room.width() >= shape.columns * (LEAST_WIDTH * self._scale + GAP) + GAP
        high = room.height() >= self._least_height(shape.rows)
        return shape if (wide and high) or not self._has_room else NARROW[count]

    def _least_height(self, rows: int) -> int:
        return rows * round(LEAST_HEIGHT * self._scale) + (rows + 1) * GAP

    def _arrange(self) -> None:
        """Put the panels where they belong for the room that there is."""
        if not self._keys:
            return
        shape = self._fitting_shape()
        place = (self._layout_name, self._keys, shape)
        if place != self._place:
            self.rest()
            self._place = place
            self._fill(shape)
            self._take_sizes(shape)
        for key, widget in self._widgets.items():
            widget.setVisible(key in self._keys and self._full in (None, key))
        shown = [self._full] if self._full else self._keys
        for line in self._lines:
            line.setVisible(any(line.isAncestorOf(self._widgets[key]) for key in shown))
        self._content.setMinimumHeight(self._content_height(shape))

    def _content_height(self, shape: Shape) -> int:
        """What the rows need: where they do not all fit they scroll, and then each is as high as it should
        be."""
        rows = 1 if self._full else shape.rows
        least = self._least_height(rows)
        if rows == 1 or self.viewport().height() >= least:
            return least
        return rows * round(SCROLLED_HEIGHT * self._scale) + (rows + 1) * GAP

    def _fill(self, shape: Shape) -> None:
        for key, widget in self._widgets.items():
            if key not in self._keys and widget.parent() is not self._aside:
                widget.setParent(self._aside)
        along, across = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
        self._outer.setOrientation(along if shape.upright else across)
        keys = iter(self._keys)
        for line, count in zip(self._lines, shape.lines, strict=False):
            line.setOrientation(across if shape.upright else along)
            for index, key in enumerate(islice(keys, count)):
                line.insertWidget(index, self._widgets[key])

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

    # ------------------------------------------------------------ sizes and state

    @Slot()
    def _remember_sizes(self) -> None:
        """A handle was dragged: sizes belong to a layout in one shape, "overview 3+3"."""
        if self._place and self._full is None:
            sizes = [self._outer.sizes(), *(line.sizes() for line in self._lines)]
            self._sizes[f"{self._layout_name} {self._place[2]}"] = sizes

    def _take_sizes(self, shape: Shape) -> None:
        """The sizes of last time, or the first ones."""
        place = f"{self._layout_name} {shape}"
        alike = [[1] * len(shape.lines), *([1] * count for count in shape.lines)]
        first = [[1000 * size for size in sizes] for sizes in OWN_SIZES.get(place, alike)]
        kept = self._sizes.get(place, first)
        for splitter, sizes in zip((self._outer, *self._lines), kept, strict=False):
            splitter.setSizes(sizes)

    def save_state(self) -> dict[str, Any]:
        """Sizes, and what each panel remembers."""
        made = {key: panel.save_state() for key, panel in self.panels.items()}
        return {"sizes": dict(self._sizes), "panels": self._kept | made}

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Take a state that :meth:`save_state` gave, before anything is shown; what does not fit is passed
        over.
        """
        sizes, panels = state.get("sizes"), state.get("panels")
        if isinstance(sizes, dict):
            self._sizes = {place: kept for place, kept in sizes.items() if _is_sizes(kept)}
        if isinstance(panels, dict):
            self._kept = {key: kept for key, kept in panels.items() if isinstance(kept, dict)}

    def reset_sizes(self) -> None:
        """Forget the sizes of the layout that is shown; the next :meth:`show_panels` makes them alike."""
        self._sizes = {
            place: kept for place, kept in self._sizes.items() if place.split()[0] != self._layout_name
        }
        self._place = None

    def apply_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours and the scale of type."""
        self._theme, self._scale = theme, scale
        self._apply()


def _is_sizes(kept: object) -> bool:
    """Whether this is one list of whole numbers a splitter."""
    return isinstance(kept, list) and all(
        isinstance(sizes, list) and all(isinstance(size, int) for size in sizes) for sizes in kept
    )
