"""Keys that a part of the window has for itself while it has the focus, before the window's commands."""

from __future__ import annotations

from collections.abc import Container

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent

ARROWS: dict[int, tuple[int, int]] = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}
"""Arrow keys to directions, to the right and upwards."""
HANDLE_KEYS = (
    *ARROWS,
    Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown,
)  # fmt: skip
"""The keys that move the handle of a slider; with Shift or Ctrl they are the window's."""
WINDOW_S = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier
ENTERS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def claim(event: QEvent, keys: Container[int], but_with: Qt.KeyboardModifier | None = None) -> bool:
    """Whether the window asks to have one of these keys: it is then refused. Not so ``but_with`` one of these
    modifiers."""
    if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.ShortcutOverride:
        return False
    if event.key() not in keys or (but_with is not None and event.modifiers() & but_with):
        return False
    event.accept()
    return True
