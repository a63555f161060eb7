"""Drop-down lists that say with "…" where a text has no room, and leave the wheel to what scrolls."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter

MARGIN = 2
"""Kept free by the style around the text."""


class Combo(QComboBox):
    """A list of which one entry is chosen; it may be narrower than its longest entry."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)

    def text_room(self) -> int:
        """Width that a text has, in pixels."""
        option = QStyleOptionComboBox()
        super().initStyleOption(option)
        field = QStyle.SubControl.SC_ComboBoxEditField
        place = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, field, self)
        return place.width() - MARGIN

    def initStyleOption(self, option: QStyleOptionComboBox) -> None:
        """What is drawn: the chosen text, with "…" where it has no room."""
        super().initStyleOption(option)
        text = option.currentText if self.currentIndex() >= 0 else self.placeholderText()
        metrics = QFontMetrics(self.font())
        option.currentText = metrics.elidedText(text, Qt.TextElideMode.ElideRight, self.text_room())

    def paintEvent(self, event: QPaintEvent) -> None:
        """What is none of the list is drawn as an entry is: Qt would draw it whole and grey."""
        if self.currentIndex() >= 0:
            super().paintEvent(event)
            return
        painter, option = QStylePainter(self), QStyleOptionComboBox()
        self.initStyleOption(option)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Turn the wheel only where the list has the focus; else the rail scrolls."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
