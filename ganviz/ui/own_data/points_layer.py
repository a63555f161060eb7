"""The picture of many points: each is painted once, and where points have gone only that place is painted
anew."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap, QPolygonF

from ganviz.ui.own_data.strokes import Drawing, Place, Points

POINT = 5.0
"""Diameter of a point in pixels at scale 1."""


@dataclass(frozen=True)
class Square:
    """The square of the plane about (0, 0) that reaches ``half`` data units to each side, and the ``area`` of
    a widget that shows it."""

    area: QRectF
    half: float

    @property
    def unit(self) -> float:
        """Pixels of one data unit."""
        return self.area.width() / (2.0 * self.half)

    def on_screen(self, place: Place) -> QPointF:
        """Where a place of the plane is in the widget."""
        middle, unit = self.area.center(), self.unit
        return QPointF(middle.x() + place[0] * unit, middle.y() - place[1] * unit)

    def in_plane(self, position: QPointF) -> Place:
        """The place of the plane at a position in the widget."""
        middle, unit = self.area.center(), self.unit
        return ((position.x() - middle.x()) / unit, (middle.y() - position.y()) / unit)


class PointsLayer:
    """A transparent picture of points in one colour; none until it is asked for."""

    def __init__(self) -> None:
        self._picture, self._dot = QPixmap(), QPixmap()
        self._colour, self._scale = "black", 1.0

    def dress(self, colour: str, scale: float) -> None:
        """Take the colour of the points and the scale of their size."""
        self._colour, self._scale = colour, scale
        self.forget()

    def forget(self) -> None:
        """Make the picture anew when it is asked for: other points, or another size."""
        self._picture = QPixmap()

    def picture(self, square: Square, drawing: Drawing, size: QSize, ratio: float) -> QPixmap:
        """The picture of a drawing's points, as large as the widget, with ``ratio`` pixels to one of it."""
        if self._picture.isNull():
            self._dot = self._make_dot(ratio)
            self._picture = QPixmap(size * ratio)
            self._picture.setDevicePixelRatio(ratio)
            self._picture.fill(Qt.GlobalColor.transparent)
            self.add(square, drawing.points)
        return self._picture

    def add(self, square: Square, points: Points, cleared: QRectF | None = None) -> None:
        """Paint some points (n, 2), after a part of the picture was ``cleared``."""
        if self._picture.isNull():
            return
        painter = QPainter(self._picture)
        if cleared is not None:
            painter.setClipRect(cleared)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
            painter.fillRect(cleared, Qt.GlobalColor.transparent)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        half = self._dot.deviceIndependentSize() / 2
        corner = QPointF(half.width(), half.height())
        for x, y in points.tolist():  # one after the other: together they would be one path, and slow
            painter.drawPixmap(square.on_screen((x, y)) - corner, self._dot)
        painter.end()

    def repair(self, square: Square, points: Points, path: Sequence[Place], radius: float) -> None:
        """Paint anew what lies within a ``radius`` in data units round a path along which points have gone;
        ``points`` are all that are left."""
        reach = radius * square.unit + POINT * self._scale
        around = QPolygonF([square.on_screen(place) for place in path]).boundingRect()
        around = QRectF(around.adjusted(-reach, -reach, reach, reach).toAlignedRect())
        (x0, y1), (x1, y0) = map(square.in_plane, (around.topLeft(), around.bottomRight()))
        slack = POINT * self._scale / square.unit
        low, high = np.array((x0, y0)) - slack, np.array((x1, y1)) + slack
        self.add(square, points[np.all((points >= low) & (points <= high), axis=1)], around)

    def _make_dot(self, ratio: float) -> QPixmap:
        """One point, drawn once and put wherever it is wanted."""
        side = math.ceil(POINT * self._scale * ratio) + 2
        dot = QPixmap(side, side)
        dot.fill(Qt.GlobalColor.transparent)
        painter = QPainter(dot)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._colour))
        reach = POINT * self._scale * ratio / 2
        painter.drawEllipse(QPointF(side / 2, side / 2), reach, reach)
        painter.end()
        dot.setDevicePixelRatio(ratio)
        return dot
