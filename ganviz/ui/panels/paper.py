"""A picture shows what was measured: nothing that can only be clicked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QWidget,
)

from ganviz.ui.panels.legend import LegendButton

CONTROLS = (QAbstractButton, QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit)


class _Blank(QObject):
    """Keeps widgets from being painted; they keep their places."""

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        return event.type() == QEvent.Type.Paint


@contextmanager
def on_paper(widget: QWidget) -> Iterator[None]:
    """Show ``widget`` for a while without its controls. Of the legend only glyph and word remain of what is
    drawn, and the name of a choice that is not the usual one."""
    children = [child for child in widget.findChildren(QWidget) if isinstance(child, CONTROLS)]
    words = [child for child in children if isinstance(child, LegendButton)]
    others = [child for child in children if not isinstance(child, LegendButton)]
    blank = _Blank()
    for word in words:
        word.on_paper = True
    for other in others:
        other.installEventFilter(blank)
    try:
        yield
    finally:
        for word in words:
            word.on_paper = False
        for other in others:
            other.removeEventFilter(blank)
