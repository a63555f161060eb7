"""The window's middle: bars above, the settings beside the panels, bars below."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QMargins, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget


class Centre(QWidget):
    """Puts these parts from above to below; those of ``middle`` side by side, the last of them the widest."""

    def __init__(self, above: Sequence[QWidget], middle: Sequence[QWidget], below: Sequence[QWidget]) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(QMargins())
        self._column.setSpacing(0)
        for bar in above:
            self._column.addWidget(bar)
        row = QHBoxLayout()
        row.setSpacing(0)
        for part in middle:
            row.addWidget(part)
        row.setStretchFactor(middle[-1], 1)
        self._column.addLayout(row, 1)
        for bar in below:
            self._column.addWidget(bar)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # so that no field has it: letters are commands

    def take_head(self, head: QWidget) -> None:
        """Put the head on top, at the right: the menu bar stands outside the window and has no corner."""
        self._column.insertWidget(0, head, 0, Qt.AlignmentFlag.AlignRight)
