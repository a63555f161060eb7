"""The editors of one setting: a number with steps, a choice, a text. Each says itself what is wrong with its
content.
"""

from __future__ import annotations

import math
from typing import Any

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QLineEdit, QWidget

from ganviz.experiment import Setting
from ganviz.ui.style import plain
from ganviz.ui.theme import LIGHT, Theme


def decade_step(
    value: float, steps: int, minimum: float, maximum: float, smallest: float | None = None
) -> float:
    """``value`` moved along 1, 2, 5, 10, ... by ``steps`` (ten of them: one decade for each), kept in the
    range.

    A value between two of them goes to the next one in the direction of the step. Where ``smallest`` is
    given, 0 comes below it.
    """
    if smallest is not None:
        if steps < 0 and value <= smallest:
            return 0.0
        if value == 0.0:
            return decade_step(smallest, steps - 1, smallest, maximum)
        return decade_step(value, steps, smallest, maximum)
    if abs(steps) >= 10:
        moved = value * 10.0 ** math.copysign(abs(steps) // 10, steps)
        return min(max(float(f"{moved:.6g}"), minimum), maximum)
    for _ in range(abs(steps)):
        exponent = math.floor(math.log10(value) + 1e-9)
        ladder = [
            factor * 10.0**power for power in (exponent - 1, exponent, exponent + 1) for factor in (1, 2, 5)
        ]
        if steps > 0:
            value = next(rung for rung in ladder if rung > value * (1 + 1e-9))
        else:
            value = next(rung for rung in reversed(ladder) if rung < value * (1 - 1e-9))
    return min(max(float(f"{value:.6g}"), minimum), maximum)


class NumberField(QAbstractSpinBox):
    """A whole or decimal number. Any text may be typed; ``proposed`` carries what was entered, number or not.

    The owner answers with :meth:`show_value` or :meth:`show_error`. Arrows step by 1 (whole), along 1-2-5
    (logarithmic) or by a tenth of the value's decade; page keys by ten of these, or by a decade.
    """

    proposed = Signal(object)

    def __init__(self, setting: Setting) -> None:
        super().__init__()
        self._setting, self._value, self._error = setting, setting.default, ""
        self._theme = LIGHT
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setKeyboardTracking(False)
        self.editingFinished.connect(self._enter)

    def show_value(self, value: float) -> None:
        """Show a valid value. What is being typed, or was refused, stays until the value itself changes."""
        if value == self._value and (self._error or self.hasFocus()):
            return
        self._value = value
        self._restore()

    def _restore(self) -> None:
        self._set_error("")
        self.lineEdit().setText(plain(self._value))

    def show_error(self, message: str) -> None:
        """Keep the text, say what is wrong with it."""
        self._set_error(message)

    @property
    def error(self) -> str:
        """What is wrong with the content, or empty."""
        return self._error

    def _set_error(self, message: str) -> None:
        if message != self._error:
            self._error = message
            self.setProperty("error", message)
            self.update()

    def _enter(self) -> None:
        entered = self._parsed(self.lineEdit().text().strip())
        if entered == self._value:
            self._restore()
        else:
            self.proposed.emit(entered)

    def _parsed(self, text: str) -> Any:
        """The text as the setting's type; what is no number stays text, for the experiment to refuse."""
        try:
            return self._setting.kind(text.replace("−", "-").replace(",", "."))
        except ValueError:
            return text

    def stepBy(self, steps: int) -> None:
        """Propose the next value up or down."""
        low, high = self._setting.minimum, self._setting.maximum
        assert low is not None and high is not None
        value = float(self._value)
        if self._setting.log:
            moved = decade_step(value, steps, low, high, self._setting.smallest)
        elif self._setting.kind is int:
            moved = min(max(value + steps, low), high)
        else:
            unit = 0.1 if value == 0 else 10.0 ** (math.floor(math.log10(abs(value)) + 1e-9) - 1)
            moved = min(max(float(f"{value + steps * unit:.6g}"), low), high)
        self.proposed.emit(self._setting.kind(moved))

    def stepEnabled(self) -> QAbstractSpinBox.StepEnabledFlag:
        """Both arrows, except at the ends of the range."""
        flags = QAbstractSpinBox.StepEnabledFlag.StepNone
        if self._setting.minimum is not None and self._value > self._setting.minimum:
            flags |= QAbstractSpinBox.StepEnabledFlag.StepDownEnabled
        if self._setting.maximum is not None and self._value < self._setting.maximum:
            flags |= QAbstractSpinBox.StepEnabledFlag.StepUpEnabled
        return flags

    def event(self, event: QEvent) -> bool:
        """Leave Space to Train: no number has one."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            is_space = event.key() == Qt.Key.Key_Space and not event.modifiers()
            if is_space:
                event.ignore()
                return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter gives the focus back to the window; Escape restores the last valid value."""
        if event.key() == Qt.Key.Key_Escape:
            self._restore()
            self.clearFocus()
            return
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not self._error:
            self.clearFocus()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Turn the wheel only where the field has the focus; else the rail scrolls."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def minimumSizeHint(self) -> QSize:
        """Room for seven digits."""
        return QSize(
            QFontMetrics(self.font()).horizontalAdvance("0.00000") + 34, super().minimumSizeHint().height()
        )

    def apply_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours and the scale of type."""
        self._theme = theme

    def paintEvent(self, event: QPaintEvent) -> None:
        """The platform's field, with a frame in the warning colour round a bad content."""
        super().paintEvent(event)
        _frame_error(self, self._theme, self._error)


class ChoiceField(QComboBox):
    """One of a few values."""

    proposed = Signal(object)

    def __init__(self, setting: Setting) -> None:
        super().__init__()
        assert setting.choices is not None
        for value, title in setting.choices.items():
            self.addItem(title, value)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self.error = ""
        self.activated.connect(self._chosen)

    def _chosen(self, index: int) -> None:
        self.proposed.emit(self.itemData(index))

    def show_value(self, value: Any) -> None:
        """Show a valid value."""
        self.setCurrentIndex(self.findData(value))

    def show_error(self, message: str) -> None:
        """A choice of the list that does not fit the rest: the owner says why and shows the old value."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Turn the wheel only where the field has the focus."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def apply_theme(self, theme: Theme, scale: float) -> None:
        """Nothing to take: the palette colours it."""


class TextField(QLineEdit):
    """A free text."""

    proposed = Signal(object)

    def __init__(self, setting: Setting) -> None:
        super().__init__()
        self._value, self.error, self._theme = str(setting.default), "", LIGHT
        self.editingFinished.connect(self._enter)

    def _enter(self) -> None:
        if self.text() == self._value:
            self._restore()
        else:
            self.proposed.emit(self.text())

    def show_value(self, value: Any) -> None:
        """Show a valid text. What is being typed, or was refused, stays until the value itself changes."""
        if value == self._value and (self.error or self.hasFocus()):
            return
        self._value = str(value)
        self._restore()

    def _restore(self) -> None:
        self.error = ""
        if self.text() != self._value:
            self.setText(self._value)
            self.setCursorPosition(0)
        self.update()

    def show_error(self, message: str) -> None:
        """Keep the text, say what is wrong with it."""
        self.error = message
        self.setProperty("error", message)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter gives the focus back to the window; Escape restores the last valid text."""
        if event.key() == Qt.Key.Key_Escape:
            self._restore()
            self.clearFocus()
            return
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not self.error:
            self.clearFocus()

    def apply_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours."""
        self._theme = theme

    def paintEvent(self, event: QPaintEvent) -> None:
        """The platform's field, with a frame in the warning colour round a bad content."""
        super().paintEvent(event)
        _frame_error(self, self._theme, self.error)


Field = NumberField | ChoiceField | TextField


def make_field(setting: Setting) -> Field:
    """The editor that fits a setting's declaration."""
    if setting.choices:
        return ChoiceField(setting)
    return TextField(setting) if setting.kind is str else NumberField(setting)


def _frame_error(widget: QWidget, theme: Theme, error: str) -> None:
    if not error:
        return
    painter = QPainter(widget)
    painter.setPen(QPen(QColor(theme.warning), 2))
    painter.drawRect(widget.rect().adjusted(1, 1, -1, -1))
