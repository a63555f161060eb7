"""Phase planes side by side: in each the field of a line, its past, its future, its start and its end.

Painted in one go, without a view for each: a dozen planes have to follow a hand that drags.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QWidget

from ganviz.theory.dirac_methods import GAMES
from ganviz.ui.kept_pictures import KeptPictures
from ganviz.ui.lines import Line, Scene, field_of
from ganviz.ui.own_keys import ARROWS, ENTERS, claim
from ganviz.ui.panels.plane_drawing import Plane, PlaneDrawing
from ganviz.ui.panels.plane_ground import paint_field
from ganviz.ui.theme import LIGHT, Theme

FloatArray = npt.NDArray[np.float64]
BOLD = QFont.Weight.DemiBold
LEAST_REACH, MOST_REACH = 2.0, 10.0
"""How far a plane reaches from its middle: as the papers' figures at least; a line may leave it."""
REACHES = (2.0, 2.5, 3.0, 3.5, 4.0, 5.0, 6.0, 8.0, 10.0)
NEAR = 3.3
"""A line is near up to so many times the start's distance, or 1."""
NUDGE = 0.05
"""How far an arrow key moves the start; ten times as far with Shift."""
BESIDE = 118
"""Pixels, at scale 1, of the words beside a plane, where they stand there."""
AS_LARGE = 0.9
"""Planes are not called smaller as long as they have this share of the other side."""
LOOSE = 110
"""Pixels, at scale 1, between two planes of a row at most: words below need some."""


def reach_of(scene: Scene | None) -> float:
    """How far the planes reach: all lines find room that stay near the start; one that goes far leaves the
    planes, and its sentence says how far."""
    if scene is None:
        return LEAST_REACH
    largest = max(map(abs, scene.start))
    limit = NEAR * max(1.0, largest)
    for line in scene.lines:
        for points in (line.past, line.future):
            if len(points):
                largest = max(largest, min(float(np.abs(points).max()), limit))
    wanted = 1.06 * largest
    return next((each for each in REACHES if each >= wanted), 10.0 * math.ceil(wanted / 10.0))


def shape_of(count: int, width: float, height: float, beside: float, over: float) -> tuple[int, int]:
    """(columns, rows) in which ``count`` squares are largest, with this room beside and over each."""

    def side(columns: int) -> float:
        return min(width / columns - beside, height / -(-count // columns) - over)

    columns = max(range(1, max(count, 1) + 1), key=side)
    return columns, -(-count // columns)


class Planes(QWidget):
    """Several planes over one range. ``start_dragged(theta, psi)`` follows the mouse, ``start_chosen`` comes
    when it is let go, ``start_left`` when the drag is given up.
    """

    start_dragged = Signal(float, float)
    start_chosen = Signal(float, float)
    start_left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._scale = LIGHT, 1.0
        self._scene: Scene | None = None
        self._planes: tuple[Plane, ...] = ()
        self._reach = LEAST_REACH
        self._dragging = self._quick = False
        self._nudged: tuple[float, float] | None = None
        self._kept = KeptPictures(LIGHT.panel)
        self.setMinimumSize(120, 90)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAccessibleName("Phase planes: the start")

    def draw_quickly(self, quickly: bool) -> None:
        """Thin lines without smoothing, or fine ones."""
        if quickly != self._quick:
            self._quick = quickly
            self.update()

    def show_planes(self, scene: Scene | None, planes: Sequence[Plane]) -> None:
        """Draw these planes of a scene."""
        self._scene, self._planes = scene, tuple(planes)
        if not (self._dragging or self._nudged):  # the ground stays still under the hand
            self._reach = reach_of(scene)
        words = "; ".join(f"{plane.title}: {plane.sentence[0]}" for plane in self._planes if plane.sentence)
        if scene is not None:
            theta, psi = scene.start
            words = f"Start at theta {theta:g}, psi {psi:g}. {words}"
        self.setAccessibleDescription(words)
        self.update()

    @property
    def _drawing(self) -> PlaneDrawing:
        names = GAMES[self._scene.experiment.game if self._scene else "dirac"].coordinates
        return PlaneDrawing(self._theme, self._scale, self._reach, self._quick, names)

    @property
    def reach(self) -> float:
        """Both coordinates go from -reach to reach."""
        return self._reach

    def apply_theme(self, theme: Theme, scale: float) -> None:
        """Take colours and sizes anew."""
        self._theme, self._scale = theme, scale
        self._kept = KeptPictures(theme.panel)
        self.update()

    # ------------------------------------------------------------ where

    def px(self, size: float) -> float:
        """A size in pixels at the present scale."""
        return size * self._scale

    def areas(self) -> list[QRectF]:
        """Where each plane is drawn, squares in pixels of this widget."""
        return self._arrangement()[0]

    def _arrangement(self) -> tuple[list[QRectF], bool]:
        """The planes' places, and whether their words stand beside them, where they are whole: they do unless
        that makes the planes smaller than words below would."""
        count = len(self._planes)
        if not count:
            return [], False
        left, gap = self.px(42), self.px(16)
        width, height = self.width() - left, self.height() - self.px(38)
        over = self._title_room + (self.px(22) if count > 1 else 0.0)
        aside = gap + self.px(BESIDE)
        ways = [(shape_of(count, width, height, gap, over), gap, over)]
        if count > 1:
            ways.append((shape_of(count, width, height, aside, gap), aside, gap))
        sides = [min(width / columns - x, height / rows - y) for (columns, rows), x, y in ways]
        is_beside = count > 1 and sides[-1] > AS_LARGE * sides[0]
        (columns, rows), across, over = ways[is_beside]
        side = max(sides[is_beside], self.px(30))
        loose = self.px(LOOSE) + (across - gap)
        pitch_x = min(width / columns, side + loose)  # the planes stand together, the rest around
        pitch_y = min(height / rows, side + over + (0.0 if is_beside else gap))
        left += (width - columns * pitch_x) / 2 + (0.0 if is_beside else (pitch_x - gap - side) / 2)
        top = (height - rows * pitch_y) / 2 + (self.px(6) if is_beside else self._title_room)
        found = []
        for index in range(count):
            row, column = divmod(index, columns)
            x, y = left + column * pitch_x, top + row * pitch_y
            found.append(QRectF(round(x), round(y), round(side), round(side)))
        return found, is_beside

    @property
    def _title_room(self) -> float:
        return self.px(22) if len(self._planes) > 1 else self.px(6)

    def at(self, area: QRectF, theta: float, psi: float) -> QPointF:
        """The pixel of a point in the plane drawn in ``area``."""
        return self._drawing.at(area, theta, psi)

    def point_at(self, place: QPointF) -> tuple[float, float] | None:
        """(theta, psi) of a pixel that lies in a plane, else None."""
        for area in self.areas():
            if area.contains(place):
                return self._point(area, place)
        return None

    def _point(self, area: QRectF, place: QPointF) -> tuple[float, float]:
        share = 2.0 * self._reach / area.width()
        theta = (place.x() - area.center().x()) * share
        psi = (area.center().y() - place.y()) * share
        limit = min(self._reach, MOST_REACH)
        step = 0.01 if self._reach < 5.0 else 0.05
        return tuple(  # type: ignore[return-value]
            round(min(max(round(value / step) * step, -limit), limit), 2) for value in (theta, psi)
        )

    # ------------------------------------------------------------ the hand

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click in a plane puts the start there."""
        if event.button() != Qt.MouseButton.LeftButton or self._scene is None:
            super().mousePressEvent(event)
            return
        found = self.point_at(event.position())
        if found is not None:
            self._dragging = True
            self._area = next(area for area in self.areas() if area.contains(event.position()))
            self.start_dragged.emit(*found)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The start follows the mouse."""
        if self._dragging:
            self.start_dragged.emit(*self._point(self._area, event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The start is where the mouse was let go."""
        if self._dragging and event.button() == Qt.MouseButton.LeftButton:
            self._dragging = False
            self.start_chosen.emit(*self._point(self._area, event.position()))

    def event(self, event: QEvent) -> bool:
        """Take the arrow keys before the window's commands do, and Escape while the start is moved."""
        leaves = (Qt.Key.Key_Escape,) if self._nudged or self._dragging else ()
        return claim(event, (*ARROWS, *leaves)) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow keys move the start, Enter begins there, Escape gives it up."""
        step = NUDGE * (10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        way = ARROWS.get(event.key())
        if way is not None and self._scene is not None:
            theta, psi = self._nudged or self._scene.start
            limit = min(self._reach, MOST_REACH)
            moved = (theta + step * way[0], psi + step * way[1])
            self._nudged = tuple(round(min(max(each, -limit), limit), 4) for each in moved)  # type: ignore[assignment]
            assert self._nudged is not None
            self.start_dragged.emit(*self._nudged)
        elif event.key() in ENTERS and self._nudged:
            chosen, self._nudged = self._nudged, None
            self.start_chosen.emit(*chosen)
        elif event.key() == Qt.Key.Key_Escape and (self._nudged or self._dragging):
            self._nudged, self._dragging = None, False
            self.start_left.emit()
        else:
            super().keyPressEvent(event)

    # ------------------------------------------------------------ painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, drawing = QPainter(self), self._drawing
        areas, is_beside = self._arrangement()
        self._draw_around(painter, areas)
        for index, (area, plane) in enumerate(zip(areas, self._planes, strict=True)):
            painter.save()
            painter.setClipRect(area.adjusted(1, 1, 0, 0))
            self._draw_ground(painter, index, area, plane.first)
            for line in reversed(plane.lines):
                drawing.line(painter, area, line)
            painter.restore()
        for area, plane in zip(areas, self._planes, strict=True):
            assert self._scene is not None
            words = drawing.words_beside if is_beside else drawing.words
            words(painter, area, plane, areas, self.width())
            drawing.points(painter, area, plane, self._scene.start)
        if self.hasFocus():
            painter.setPen(QPen(QColor(self._theme.focus), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        painter.end()

    def _draw_around(self, painter: QPainter, areas: Sequence[QRectF]) -> None:
        """The paper, the frames and the numbers, from a kept picture where they are as they were."""

        def paint(own: QPainter) -> None:
            own.fillRect(self.rect(), QColor(self._theme.panel))
            for area in areas:
                self._drawing.axes(own, area, areas)

        look = (
            tuple(area.getRect() for area in areas),
            self.size().toTuple(),
            self._reach,
            self._drawing.names,
        )
        self._kept.draw(painter, -1, QRectF(self.rect()), look, paint)

    def _draw_ground(self, painter: QPainter, index: int, area: QRectF, line: Line) -> None:
        """The field of a line."""
        assert self._scene is not None
        experiment, side = self._scene.experiment, area.width()

        def paint(own: QPainter) -> None:
            paint_field(own, side, self._reach, line.id, experiment, self._theme, self._scale)

        look = (field_of(line.id, experiment), self._reach, side)
        self._kept.draw(painter, index, area, look, paint)
