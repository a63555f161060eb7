"""The splitters in which panels stand in rows or columns, and their sizes, which each layout keeps."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import islice
from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from ganviz.ui.shapes import GAP, NARROW, Shape

OWN_SIZES = {"images 2|2": [[58, 42], [69, 31], [50, 50]]}
"""The first sizes of a layout in a shape, where they are not all alike: of the lines, and within each."""


class PanelRows(QWidget):
    """Holds widgets in lines, which are rows or columns. Sizes belong to a layout in one shape, as in
    "overview 3+3"."""

    def __init__(self) -> None:
        super().__init__()
        self._place = ""
        self._count = 0
        self._is_whole = True
        self._sizes: dict[str, Any] = {}
        self._aside = QWidget(self)
        self._aside.hide()
        self._outer = QSplitter()
        self._lines = [QSplitter() for _ in range(max(shape.rows for shape in NARROW.values()))]
        for splitter in (self._outer, *self._lines):
            splitter.setChildrenCollapsible(False)
            splitter.setHandleWidth(GAP)
            splitter.splitterMoved.connect(self.remember_sizes)
        for line in self._lines:
            self._outer.addWidget(line)
        around = QVBoxLayout(self)
        around.setContentsMargins(GAP, GAP, GAP, GAP)
        around.addWidget(self._outer)

    def put(self, layout: str, shape: Shape, widgets: Sequence[QWidget], others: Collection[QWidget]) -> None:
        """Let these widgets of a layout stand in a shape, with the sizes of last time; the ``others`` go."""
        for widget in others:
            if widget.parent() is not self._aside:
                widget.setParent(self._aside)
        along, across = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
        self._outer.setOrientation(along if shape.upright else across)
        rest = iter(widgets)
        for line, count in zip(self._lines, shape.lines, strict=False):
            line.setOrientation(across if shape.upright else along)
            for index, widget in enumerate(islice(rest, count)):
                line.insertWidget(index, widget)
        self._place, self._count = f"{layout} {shape}", len(widgets)
        self._take_sizes(shape)

    def show_only(self, widgets: Collection[QWidget], others: Collection[QWidget]) -> None:
        """Show these widgets, and only the lines in which they stand."""
        for widget in (*widgets, *others):
            widget.setVisible(widget in widgets)
        for line in self._lines:
            line.setVisible(any(map(line.isAncestorOf, widgets)))
        self._is_whole = len(widgets) == self._count

    def replace(self, old: QWidget, new: QWidget) -> None:
        """Put a widget in the place of another, which is deleted."""
        line = old.parent()
        assert isinstance(line, QSplitter)
        line.replaceWidget(line.indexOf(old), new)
        old.deleteLater()

    # ------------------------------------------------------------ sizes

    @Slot()
    def remember_sizes(self) -> None:
        """A handle was dragged: keep the sizes, unless one panel is shown alone."""
        if self._place and self._is_whole:
            self._sizes[self._place] = [self._outer.sizes(), *(line.sizes() for line in self._lines)]

    def _take_sizes(self, shape: Shape) -> None:
        """The sizes of last time, or the first ones."""
        alike = [[1] * len(shape.lines), *([1] * count for count in shape.lines)]
        first = [[1000 * size for size in sizes] for sizes in OWN_SIZES.get(self._place, alike)]
        kept = self._sizes.get(self._place, first)
        for splitter, sizes in zip((self._outer, *self._lines), kept, strict=False):
            splitter.setSizes(sizes)

    def save_sizes(self) -> dict[str, Any]:
        """The sizes of every layout and shape whose handles were dragged."""
        return dict(self._sizes)

    def restore_sizes(self, sizes: dict[str, Any]) -> None:
        """Take what :meth:`save_sizes` gave; what does not fit is passed over."""
        self._sizes = {place: kept for place, kept in sizes.items() if _is_sizes(kept)}

    def forget_sizes(self, layout: str) -> None:
        """The next :meth:`put` of this layout makes all sizes what they were first."""
        self._sizes = {place: kept for place, kept in self._sizes.items() if place.split()[0] != layout}


def _is_sizes(kept: object) -> bool:
    """Whether this is one list of whole numbers a splitter."""
    return isinstance(kept, list) and all(
        isinstance(sizes, list) and all(isinstance(size, int) for size in sizes) for sizes in kept
    )
