"""Keys pressed by their names, as "Ctrl+Z"."""

from __future__ import annotations

from PySide6.QtCore import QKeyCombination
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget


def press(widget: QWidget, key: str) -> None:
    """Press a key, with the modifiers that stand before it, in a widget."""
    combination: QKeyCombination = QKeySequence(key)[0]  # type: ignore[index]
    QTest.keyClick(widget, combination.key(), combination.keyboardModifiers())
