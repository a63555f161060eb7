"""What both dialogs are made of: controls that are named by the table of controls, and their looks."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from ganviz.ui.controls import control
from ganviz.ui.style import font
from ganviz.ui.theme import Theme

BUTTON = 38
"""Height of a button in pixels at scale 1: to be hit on a projector."""


def named(widget: QWidget, name: str) -> None:
    """Give a widget the name and the words that the table of controls has for it."""
    words = control(name)
    widget.setObjectName(name)
    widget.setToolTip(words.help)
    widget.setWhatsThis(words.help)
    widget.setAccessibleName(words.title)
    widget.setAccessibleDescription(words.help)


def push_button(name: str, deed: Callable[[], object]) -> QPushButton:
    """A button of the table of controls. A click leaves the focus where it is."""
    button = QPushButton(control(name).title)
    named(button, name)
    button.setAutoDefault(False)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.clicked.connect(deed)
    return button


def dress(buttons: Iterable[QPushButton], main: QPushButton, theme: Theme, scale: float) -> None:
    """Give buttons their size, and the main one and those that are pressed the filled look."""
    filled = f"{{ background: {theme.ink}; color: {theme.panel}; border: 2px solid {theme.ink}; }}"
    focus = f"QPushButton:focus {{ border: 2px solid {theme.focus} }}"
    for button in buttons:
        is_main = button is main
        button.setFont(font(14, scale, QFont.Weight.DemiBold if is_main else QFont.Weight.Normal))
        button.setMinimumHeight(round(BUTTON * scale))
        if is_main or button.isCheckable():
            button.setStyleSheet(f"QPushButton:{'enabled' if is_main else 'checked'} {filled} {focus}")


def beside(*widgets: QWidget) -> QHBoxLayout:
    """Widgets side by side, equally wide."""
    row = QHBoxLayout()
    row.setSpacing(8)
    for widget in widgets:
        row.addWidget(widget, 1)
    return row
