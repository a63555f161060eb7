"""The canvas: a square of the plane on which the mouse, a pen or the keyboard sprays points."""

from __future__ import annotations

import time

import numpy as np
from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetricsF,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganviz.ui.own_data.points_layer import PointsLayer, Square
from ganviz.ui.own_data.strokes import Drawing, Place
from ganviz.ui.own_keys import ARROWS
from ganviz.ui.plotting import ticks_between
from ganviz.ui.style import font
from ganviz.ui.theme import LIGHT, Theme

TICK_MS = 16
LONGEST_TICK = 0.1
"""Seconds that one tick may count for: a window that was deaf does not pour points out afterwards."""
PUFF_SECONDS = 0.06
"""A press is worth this much spray at once, so that a click leaves points."""
STEP, LEAP = 0.02, 0.1
"""By how much the arrow keys move the brush, alone and with Shift, in shares of the square's half side."""


class Canvas(QWidget):
    """Draws in a :class:`Drawing`. ``changed``: points came, went, or a stroke ended.

    ``erasing``: whether the brush rubs out. ``radius``: of the brush, in data units. ``rate``: points a
    second while it sprays. Keys: arrows move the brush, Space held sprays.
    """

    changed = Signal()

    def __init__(self, drawing: Drawing) -> None:
        super().__init__()
        self.drawing = drawing
        self.erasing, self.radius, self.rate = False, drawing.half / 8.0, 150.0
        self._theme, self._scale = LIGHT, 1.0
        self._layer = PointsLayer()
        self._place: Place = (0.0, 0.0)
        self._path: list[Place] = []
        self._last = 0.0
        self._over = False
        self._tick = QTimer(self)
        self._tick.setTimerType(Qt.TimerType.PreciseTimer)
        self._tick.setInterval(TICK_MS)
        self._tick.timeout.connect(self._spray)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setCursor(Qt.CursorShape.CrossCursor)

    @property
    def is_drawing(self) -> bool:
        """Whether a stroke is being made."""
        return bool(self._path)

    def sizeHint(self) -> QSize:
        """Room for a square that a class can see."""
        return QSize(620, 620)

    def minimumSizeHint(self) -> QSize:
        """What fits in the smallest window."""
        return QSize(300, 300)

    # ------------------------------------------------------------ places

    def area(self) -> QRectF:
        """The square on the screen that shows the square of the plane."""
        left, below, rest = 34 * self._scale, 26 * self._scale, 8 * self._scale
        side = max(10.0, min(self.width() - left - rest, self.height() - below - rest))
        x = left + (self.width() - left - rest - side) / 2
        return QRectF(round(x), round(rest), round(side), round(side))

    def square(self) -> Square:
        """That square, to go from the plane to the screen and back."""
        return Square(self.area(), self.drawing.half)

    def on_screen(self, place: Place) -> QPointF:
        """Where a place of the plane is in the widget."""
        return self.square().on_screen(place)

    def in_plane(self, position: QPointF) -> Place:
        """The place of the plane at a position in the widget."""
        return self.square().in_plane(position)

    # ------------------------------------------------------------ strokes

    def _begin(self, place: Place) -> None:
        self.drawing.begin()
        self._place, self._path = place, [place]
        self._last = time.perf_counter() - PUFF_SECONDS
        if self.erasing:
            self._rub()
        else:
            self._spray()
            self._tick.start()

    def _go(self, place: Place) -> None:
        """The brush moves, drawing or not."""
        self._place = place
        if self._path:
            self._path.append(place)
            if self.erasing:
                self._rub()
        self.update()

    def end_stroke(self) -> None:
        """The hand lets go, or something took the brush out of it."""
        if not self._path:
            return
        if not self.erasing:
            self._spray()
        self._tick.stop()
        self._path = []
        if self.drawing.end():
            self.changed.emit()

    @Slot()
    def _spray(self) -> None:
        now = time.perf_counter()
        amount = self.rate * min(now - self._last, LONGEST_TICK)
        self._last = now
        made = self.drawing.spray(self._path, self.radius, amount)
        self._path = self._path[-1:]
        if len(made):
            self._layer.add(self.square(), made)
            self.update()
            self.changed.emit()

    def _rub(self) -> None:
        path, self._path = self._path, self._path[-1:]
        if self.drawing.erase(path, self.radius):
            self._layer.repair(self.square(), self.drawing.points, path, self.radius)
            self.update()
            self.changed.emit()

    def show_other(self, drawing: Drawing) -> None:
        """Draw in another drawing from now on."""
        self.end_stroke()
        self.drawing = drawing
        self.show_drawing()

    def show_drawing(self) -> None:
        """Paint all points anew: others than before are there."""
        self._layer.forget()
        self.update()
        self.changed.emit()

    # ------------------------------------------------------------ hands

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A stroke begins where the mouse is."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._begin(self.in_plane(event.position()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The brush follows the mouse."""
        self._over = True
        self._go(self.in_plane(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The stroke ends."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.end_stroke()

    def leaveEvent(self, event: QEvent) -> None:
        """No brush is shown where there is no mouse."""
        self._over = False
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move the brush, Space draws while it is held."""
        way = ARROWS.get(event.key())
        if way is not None:
            leap = LEAP if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else STEP
            self._over = True
            x, y = self._place
            self._go((self._moved(x, way[0] * leap), self._moved(y, way[1] * leap)))
        elif event.key() == Qt.Key.Key_Space:
            if not event.isAutoRepeat() and not self._path:
                self._over = True
                self._begin(self._place)
        else:
            super().keyPressEvent(event)

    def _moved(self, old: float, by: float) -> float:
        half = self.drawing.half
        return float(np.clip(old + by * half, -half, half))

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """The stroke of a held Space ends with it."""
        if event.key() == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self.end_stroke()
        else:
            super().keyReleaseEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The brush shows where it is."""
        self._over = True
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """A stroke ends with the focus: the release would go elsewhere."""
        self.end_stroke()
        super().focusOutEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing sprays unseen."""
        self.end_stroke()
        super().hideEvent(event)

    # ------------------------------------------------------------ the picture

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another size has its own layer of points."""
        self._layer.forget()
        super().resizeEvent(event)

    def apply_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours and the scale of type."""
        self._theme, self._scale = theme, scale
        self._layer.dress(theme.real, scale)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground, axes, points, brush."""
        painter, theme, area = QPainter(self), self._theme, self.area()
        painter.fillRect(area, QColor(theme.panel))
        self._paint_axes(painter, area)
        painter.save()
        painter.setClipRect(area)
        layer = self._layer.picture(self.square(), self.drawing, self.size(), self.devicePixelRatioF())
        painter.drawPixmap(0, 0, layer)
        if not self.drawing.count and not self._path:
            self._paint_hint(painter, area)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._over or self.hasFocus():
            self._paint_brush(painter)
        painter.restore()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        focused = self.hasFocus()
        painter.setPen(QPen(QColor(theme.focus if focused else theme.axis), 2 if focused else 1))
        painter.drawRect(area)
        painter.end()

    def _paint_axes(self, painter: QPainter, area: QRectF) -> None:
        """The two zero lines, and ticks outside."""
        theme, half = self._theme, self.drawing.half
        zero = self.on_screen((0.0, 0.0))
        painter.setPen(QPen(QColor(theme.hair), 1))
        painter.drawLine(QLineF(area.left(), zero.y(), area.right(), zero.y()))
        painter.drawLine(QLineF(zero.x(), area.top(), zero.x(), area.bottom()))
        painter.setFont(font(12, self._scale))
        metrics, reach = QFontMetricsF(painter.font()), 4 * self._scale
        for value, words in ticks_between(-half, half, 6):
            at = self.on_screen((value, value))
            painter.setPen(QPen(QColor(theme.axis), 1))
            painter.drawLine(QLineF(at.x(), area.bottom(), at.x(), area.bottom() + reach))
            painter.drawLine(QLineF(area.left(), at.y(), area.left() - reach, at.y()))
            painter.setPen(QColor(theme.mute))
            wide = metrics.horizontalAdvance(words)
            painter.drawText(QPointF(at.x() - wide / 2, area.bottom() + reach + metrics.ascent() + 1), words)
            left = area.left() - reach - wide - 3 * self._scale
            painter.drawText(QPointF(left, at.y() + metrics.capHeight() / 2), words)

    def _paint_hint(self, painter: QPainter, area: QRectF) -> None:
        painter.setPen(QColor(self._theme.mute))
        painter.setFont(font(15, self._scale))
        words = "Hold the mouse and draw.\nKeyboard: arrows move the brush, Space sprays."
        upper = QRectF(area.left(), area.top(), area.width(), area.height() / 2)
        upper.adjust(*(side * self._scale for side in (12, 0, -12, -14)))
        painter.drawText(upper, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, words)

    def _paint_brush(self, painter: QPainter) -> None:
        """A ring as large as the brush: whole while it sprays, dashed while it rubs out."""
        theme = self._theme
        pen = QPen(QColor(theme.ink if self.erasing else theme.focus), 2 * self._scale)
        if self.erasing:
            pen.setDashPattern([3, 3])
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        reach = self.radius * self.square().unit
        painter.drawEllipse(self.on_screen(self._place), reach, reach)
