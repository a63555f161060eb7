"""What a panel's ⋮ menu says about its place in the layout: show another one instead, move, hide."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction

from ganviz.ui.panels.catalogue import PANELS

if TYPE_CHECKING:
    from ganviz.ui.panels.base import Panel


class PlaceMenu(QObject):
    """Adds its entries to the menu of ``panel`` and tells what was chosen: ``replaced(key, other)``,
    ``moved(key, by)`` with ``by`` -1 or 1, ``hidden(key)``.

    ``shown`` gives the keys of the layout's panels, in order, whenever the menu opens; ``offered`` those of
    all that can stand there.
    """

    replaced = Signal(str, str)
    moved = Signal(str, int)
    hidden = Signal(str)

    def __init__(
        self, panel: Panel, shown: Callable[[], Sequence[str]], offered: Callable[[], Sequence[str]]
    ) -> None:
        super().__init__(panel)
        self._key, self._shown, self._offered = panel.key, shown, offered
        menu = panel.menu
        menu.setToolTipsVisible(True)
        menu.addSeparator()
        self.instead = menu.addMenu("Show instead")
        self.instead.setToolTipsVisible(True)
        for key, info in PANELS.items():
            entry = self.instead.addAction(info.title)
            entry.setData(key)
            entry.setToolTip(info.help)
        self.left, self.right = menu.addAction("Move left"), menu.addAction("Move right")
        self.left.setToolTip("One place nearer to the beginning.")
        self.right.setToolTip("One place nearer to the end.")
        self.hide = menu.addAction("Hide")
        self.hide.setToolTip("Takes the panel out of this layout; View brings it back.")
        self.instead.triggered.connect(self._replace)
        self.left.triggered.connect(self._move_left)
        self.right.triggered.connect(self._move_right)
        self.hide.triggered.connect(self._hide)
        menu.aboutToShow.connect(self.refresh)

    @Slot()
    def refresh(self) -> None:
        """Offer what can be done now."""
        shown = list(self._shown())
        others = set(self._offered()) - set(shown)
        for entry in self.instead.actions():
            entry.setVisible(entry.data() in others)
        self.instead.setEnabled(bool(others))
        self.left.setEnabled(shown[0] != self._key)
        self.right.setEnabled(shown[-1] != self._key)
        self.hide.setEnabled(len(shown) > 1)

    @Slot(QAction)
    def _replace(self, entry: QAction) -> None:
        self.replaced.emit(self._key, entry.data())

    @Slot()
    def _move_left(self) -> None:
        self.moved.emit(self._key, -1)

    @Slot()
    def _move_right(self) -> None:
        self.moved.emit(self._key, 1)

    @Slot()
    def _hide(self) -> None:
        self.hidden.emit(self._key)
