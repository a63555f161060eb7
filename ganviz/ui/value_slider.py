"""A slider beside a number: it moves through the setting's range while the hand drags it."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QSlider

from ganviz.experiment import Setting
from ganviz.ui.theme import LIGHT, Theme

STOPS = 400
HEIGHT = 20


def value_at(setting: Setting, position: int) -> float:
    """The setting's value at a position from 0 to `STOPS`: by decades where it is logarithmic, else in
    squares, so that small values have more room; rounded to what a hand can mean."""
    low, high = setting.minimum, setting.maximum
    assert low is not None and high is not None
    share = position / STOPS
    if setting.log:
        return min(max(float(f"{low * (high / low) ** share:.2g}"), low), high)
    value = low + (high - low) * share**2
    return min(max(round(value, 2 if value < 2.0 else 1), low), high)


def position_of(setting: Setting, value: float) -> int:
    """The position nearest to a value."""
    low, high = setting.minimum, setting.maximum
    assert low is not None and high is not None
    inside = min(max(value, low), high)
    if setting.log:
        return round(STOPS * math.log(inside / low) / math.log(high / low))
    return round(STOPS * math.sqrt((inside - low) / (high - low)))


class FlatSlider(QSlider):
    """A line and a round handle that goes to where it is clicked; ``stops`` steps long, ``thick`` times as
    thick as beside a field."""

    def __init__(self, stops: int, thick: float = 1.0) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._theme, self._scale, self._thick = LIGHT, 1.0, thick
        self._held = False
        self.setRange(0, stops)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def apply_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours and the scale of type."""
        self._theme, self._scale = theme, scale
        self.setFixedHeight(round(HEIGHT * scale * self._thick))
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(80, round(HEIGHT * self._scale * self._thick))

    def _ends(self) -> tuple[float, float]:
        end = 9.0 * self._scale * self._thick
        return end, self.width() - end

    def _jump(self, x: float) -> None:
        left, right = self._ends()
        self.setValue(round(self.maximum() * (x - left) / max(right - left, 1.0)))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The handle goes to where the mouse is."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._held = True
            self._jump(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The handle follows the mouse."""
        if self._held:
            self._jump(event.position().x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The hand lets go."""
        self._held = False

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Turn the wheel only where the slider has the focus; else what is around it scrolls."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The line and its handle."""
        painter, theme, scale = QPainter(self), self._theme, self._scale * self._thick
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        (left, right), middle = self._ends(), self.height() / 2
        x = left + self.value() / max(self.maximum(), 1) * (right - left)
        painter.setPen(QPen(QColor(theme.control_border), 3 * scale))
        painter.drawLine(QPointF(left, middle), QPointF(right, middle))
        painter.setPen(QPen(QColor(theme.ink), 3 * scale))
        painter.drawLine(QPointF(left, middle), QPointF(x, middle))
        painter.setPen(QPen(QColor(theme.focus if self.hasFocus() else theme.ink), 2 * scale))
        painter.setBrush(QColor(theme.bar))
        painter.drawEllipse(QPointF(x, middle), 6 * scale, 6 * scale)
        painter.end()


class ValueSlider(FlatSlider):
    """Moves through the range of a setting; ``moved`` carries the value at each new position that the hand or
    a key chooses."""

    moved = Signal(object)

    def __init__(self, setting: Setting) -> None:
        super().__init__(STOPS)
        self._setting = setting
        self.setObjectName(f"slider.{setting.key}")
        self.setAccessibleName(f"{setting.title}: slider")
        self.setSingleStep(4)
        self.setPageStep(STOPS // 10)
        self.valueChanged.connect(self._tell)

    @Slot(int)
    def _tell(self, position: int) -> None:
        self.moved.emit(value_at(self._setting, position))

    def show_value(self, value: float) -> None:
        """Stand where this value is, unless the hand holds the handle."""
        if not self._held and value_at(self._setting, self.value()) != value:
            self.blockSignals(True)
            self.setValue(position_of(self._setting, value))
            self.blockSignals(False)
            self.update()
