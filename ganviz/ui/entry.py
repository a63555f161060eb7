"""What every field has in which one types: the last valid value, what is wrong with the text, ways back."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLineEdit

from ganviz.ui.own_keys import ENTERS
from ganviz.ui.theme import LIGHT, Theme

STAYS_IN_WINDOW = frozenset({Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason})
"""Ways of losing the focus after which one comes back to the same field."""
_WAYS_BACK = (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)


class Entry:
    """A field of typed text, mixed into a Qt widget that has the signals ``proposed(object)``,
    ``error_changed(str)`` and ``mended()``.

    Whatever was typed is proposed; the owner answers with :meth:`show_value` or :meth:`show_error`. A refused
    text stays while the field has the focus, so that it can be corrected; Escape, Ctrl+Z or leaving the field
    bring the last valid value back. ``mended`` tells that a refused text was corrected or taken back.
    """

    proposed: Any
    error_changed: Any
    mended: Any

    def begin_entry(self, value: Any) -> None:
        """Called once, when the widget is made."""
        self._value, self._error, self._theme = value, "", LIGHT

    def line(self: Any) -> QLineEdit:
        """The line in which is typed."""
        raise NotImplementedError

    def resting_place(self) -> int:
        """Where the cursor rests: of a text that is too long this end is seen."""
        return 0

    def words(self, value: Any) -> str:
        """A value as the field shows it."""
        return str(value)

    def parsed(self, text: str) -> Any:
        """A text as the value that it stands for; what stands for none stays text, to be refused."""
        return text

    @property
    def error(self) -> str:
        """What is wrong with the content, or empty."""
        return self._error

    @property
    def edited(self) -> bool:
        """Whether the text is another than that of the last valid value."""
        return bool(self.line().text() != self.words(self._value))

    def show_value(self: Any, value: Any) -> None:
        """Show a valid value. What is being typed, or was refused, stays until the value itself changes."""
        if value == self._value and self.edited and (self._error or self.hasFocus()):
            return
        self._value = value
        self.mend()

    def show_error(self: Any, message: str) -> None:
        """Keep the text, say what is wrong with it."""
        if message != self._error:
            self._error = message
            self.setProperty("error", message)
            self.error_changed.emit(message)
            self.update()

    def mend(self) -> None:
        """Show the last valid value, and tell the owner where that ends an error."""
        was_wrong = bool(self._error)
        self._restore()
        if was_wrong:
            self.mended.emit()

    def _restore(self) -> None:
        self.show_error("")
        if self.edited:
            self.line().setText(self.words(self._value))
            self.line().setCursorPosition(self.resting_place())

    def enter(self) -> None:
        """Propose what was typed."""
        entered = self.parsed(self.line().text().strip())
        if entered == self._value:
            self.mend()
        else:
            self.proposed.emit(entered)

    def leave(self, event: QFocusEvent) -> None:
        """After the focus has gone: the last valid value comes back; what was wrong has been said."""
        if self._error and event.reason() not in STAYS_IN_WINDOW:
            self._restore()

    def takes_override(self, event: QEvent) -> bool | None:
        """Whether a shortcut's key belongs to the text: True, False, or None for the widget to decide.

        Undo does while a text is typed that is not yet entered; after that it undoes settings.
        """
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.ShortcutOverride:
            return None
        if not any(event.matches(key) for key in _WAYS_BACK):
            return None
        event.setAccepted(self.edited)
        return self.edited

    def takes_key(self: Any, event: QKeyEvent) -> bool:
        """Escape restores the last valid value and leaves; Ctrl+Z restores it and stays."""
        if event.key() == Qt.Key.Key_Escape:
            self.mend()
            self.clearFocus()
            return True
        if event.matches(QKeySequence.StandardKey.Undo) and self.edited:
            self.mend()
            return True
        return False

    def after_key(self: Any, event: QKeyEvent) -> None:
        """Enter gives the focus back to the window, unless the text was refused."""
        if event.key() in ENTERS and not self._error:
            self.clearFocus()

    def apply_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours."""
        self._theme = theme

    def frame_error(self: Any, event: QPaintEvent) -> None:
        """A frame in the warning colour round a bad content."""
        if self._error:
            painter = QPainter(self)
            painter.setPen(QPen(QColor(self._theme.warning), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
