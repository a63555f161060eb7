"""The speed slider: steps a second on a logarithmic scale, from slow motion to as fast as the machine can."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSlider

from ganviz.ui.dressed import Dressed
from ganviz.ui.style import font

SLOWEST, MIDDLE = 1.0, 30.0
STOPS = 40
"""Positions of the slider; the last one is full speed. Position 0 is 1 a second, the middle 30 a second."""


def speed_at(position: int) -> float | None:
    """Steps a second at a position of the slider; None is full speed."""
    if position >= STOPS:
        return None
    value = SLOWEST * (MIDDLE / SLOWEST) ** (2.0 * position / STOPS)
    return float(f"{value:.2g}") if value < 10 else float(round(value))


def speed_words(value: float | None) -> str:
    """A speed as it is shown: "1 / s", "max"."""
    return "max" if value is None else f"{value:g} / s"


class SpeedSlider(Dressed, QSlider):
    """The slider with its own scale and value. ``speed_changed`` carries steps a second, or None for full
    speed.
    """

    speed_changed = Signal(object)

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setObjectName("speed")
        self.setRange(0, STOPS)
        self.setPageStep(STOPS // 8)
        self.setValue(STOPS)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.valueChanged.connect(self._tell)

    @property
    def speed(self) -> float | None:
        """Steps a second; None is full speed."""
        return speed_at(self.value())

    def _tell(self) -> None:
        self.setAccessibleDescription(speed_words(self.speed))
        self.speed_changed.emit(self.speed)

    def sizeHint(self) -> QSize:
        """Room for the words above and below the line."""
        return QSize(round(250 * self._scale), round(50 * self._scale))

    def minimumSizeHint(self) -> QSize:
        """Short enough for the smallest window."""
        return QSize(round(130 * self._scale), round(50 * self._scale))

    def _ends(self) -> tuple[float, float]:
        return 9.0 * self._scale, self.width() - 9.0 * self._scale

    def _jump(self, x: float) -> None:
        left, right = self._ends()
        self.setValue(round(STOPS * (x - left) / (right - left)))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The handle goes to where the mouse is."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._jump(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The handle follows the mouse."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._jump(event.position().x())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Title and value above, the line with its handle, three marks below."""
        painter, theme, scale = QPainter(self), self._theme, self._scale
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left, right = self._ends()
        middle = 25.0 * scale
        top = QRect(0, 0, self.width(), round(17 * scale))
        bottom = QRect(0, self.height() - round(15 * scale), self.width(), round(15 * scale))
        painter.setPen(QColor(theme.mute))
        painter.setFont(font(12.5, scale))
        painter.drawText(top, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, "Speed")
        painter.setFont(font(11, scale))
        marks = [("slow motion", "AlignLeft"), ("30 / s", "AlignHCenter"), ("max", "AlignRight")]
        if self.width() < 190 * scale:
            del marks[1]
        for words, side in marks:
            painter.drawText(bottom, Qt.AlignmentFlag[side] | Qt.AlignmentFlag.AlignVCenter, words)
        painter.setPen(QColor(theme.ink))
        painter.setFont(font(12.5, scale, QFont.Weight.DemiBold))
        painter.drawText(
            top, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, speed_words(self.speed)
        )
        painter.setPen(QPen(QColor(theme.ink), 2 * scale))
        painter.drawLine(QPointF(left, middle), QPointF(right, middle))
        painter.setPen(QPen(QColor(theme.mute), 1))
        for share in (0.25, 0.5, 0.75):
            x = left + share * (right - left)
            painter.drawLine(QPointF(x, middle + 3 * scale), QPointF(x, middle + 6 * scale))
        painter.setPen(QPen(QColor(theme.focus if self.hasFocus() else theme.ink), 2 * scale))
        painter.setBrush(QColor(theme.bar))
        x = left + self.value() / STOPS * (right - left)
        painter.drawEllipse(QPointF(x, middle), 7 * scale, 7 * scale)
