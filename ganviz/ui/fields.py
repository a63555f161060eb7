"""The editors of one setting: a number with steps, a choice, a text. Each says itself what is wrong with its
content.
"""

from __future__ import annotations

import math
from typing import Any

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QLineEdit

from ganviz.experiment import Setting
from ganviz.experiment.data import PATHS
from ganviz.ui.combo import Combo
from ganviz.ui.entry import Entry
from ganviz.ui.style import plain
from ganviz.ui.theme import Theme


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


class NumberField(Entry, QAbstractSpinBox):
    """A whole or decimal number; any text may be typed.

    Arrows step by 1 (whole), along 1-2-5 (logarithmic) or by a tenth of the value's decade; page keys by ten
    of these, or by a decade.
    """

    proposed = Signal(object)
    error_changed = Signal(str)
    mended = Signal()

    def __init__(self, setting: Setting) -> None:
        super().__init__()
        self._setting = setting
        self.begin_entry(setting.default)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setKeyboardTracking(False)
        self.editingFinished.connect(self.enter)

    def line(self) -> QLineEdit:
        """The line in which is typed."""
        return self.lineEdit()

    def words(self, value: float) -> str:
        """The number as a person would type it."""
        return plain(value)

    def parsed(self, text: str) -> Any:
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
        """Leave Space to Train: no number has one. Leave undo to the settings where nothing is typed."""
        taken = self.takes_override(event)
        if taken is not None:
            return taken
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            is_space = event.key() == Qt.Key.Key_Space and not event.modifiers()
            if is_space:
                event.ignore()
                return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter gives the focus back to the window; Escape and Ctrl+Z restore the last valid value."""
        if not self.takes_key(event):
            super().keyPressEvent(event)
            self.after_key(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Enter what was typed; where it is refused, the last valid value comes back."""
        super().focusOutEvent(event)
        self.leave(event)

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

    def paintEvent(self, event: QPaintEvent) -> None:
        """The platform's field, with a frame in the warning colour round a bad content."""
        super().paintEvent(event)
        self.frame_error(event)


class ChoiceField(Combo):
    """One of a few values."""

    proposed = Signal(object)
    error_changed = Signal(str)
    mended = Signal()

    def __init__(self, setting: Setting) -> None:
        super().__init__()
        assert setting.choices is not None
        for value, title in setting.choices.items():
            self.addItem(title, setting.parsed(value))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumContentsLength(8)
        self.error = ""
        self.activated.connect(self._chosen)

    def _chosen(self, index: int) -> None:
        self.proposed.emit(self.itemData(index))

    def show_value(self, value: Any) -> None:
        """Show a valid value."""
        self.setCurrentIndex(self.findData(value))
        if self.error:
            self.show_error("")
            self.mended.emit()

    def show_error(self, message: str) -> None:
        """Keep what is wrong with a choice that does not fit the rest; the owner shows the old value."""
        self.error = message
        self.error_changed.emit(message)

    def apply_theme(self, theme: Theme, scale: float) -> None:
        """Nothing to take: the palette colours it."""


class TextField(Entry, QLineEdit):
    """A free text."""

    proposed = Signal(object)
    error_changed = Signal(str)
    mended = Signal()

    def __init__(self, setting: Setting) -> None:
        super().__init__()
        self.begin_entry(setting.default)
        self.editingFinished.connect(self.enter)

    def line(self) -> QLineEdit:
        """The line in which is typed."""
        return self

    def event(self, event: QEvent) -> bool:
        """Leave undo to the settings where nothing is typed."""
        taken = self.takes_override(event)
        return super().event(event) if taken is None else taken

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter gives the focus back to the window; Escape and Ctrl+Z restore the last valid text."""
        if not self.takes_key(event):
            super().keyPressEvent(event)
            self.after_key(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Enter what was typed; where it is refused, the last valid text comes back."""
        super().focusOutEvent(event)
        self.leave(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The platform's field, with a frame in the warning colour round a bad content."""
        super().paintEvent(event)
        self.frame_error(event)


class PathField(TextField):
    """The path of a file or folder, of which the end is seen."""

    def resting_place(self) -> int:
        """The end."""
        return len(self.text())


Field = NumberField | ChoiceField | TextField


def make_field(setting: Setting) -> Field:
    """The editor that fits a setting's declaration."""
    if setting.choices:
        return ChoiceField(setting)
    if setting.key in PATHS:
        return PathField(setting)
    return TextField(setting) if setting.kind is str else NumberField(setting)
