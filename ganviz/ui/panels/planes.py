"""Phase planes side by side: in each the field of a line, its past, its future, its start and its end.

Painted in one go, without a view for each: a dozen planes have to follow a hand that drags.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from pyqtgraph.functions import arrayToQPath
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QKeyEvent,
    QMouseEvent,
    QPaintEngine,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QWidget

from ganviz.ui import formatting
from ganviz.ui.line_looks import Look, draw_mark, look_of
from ganviz.ui.lines import Line, Scene, field_of
from ganviz.ui.own_keys import ARROWS, ENTERS, claim
from ganviz.ui.panels.plane_ground import paint_field, ticks_of, write
from ganviz.ui.panels.readout import fitting
from ganviz.ui.plotting import blend, metrics_of, width_of
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
LOOSE = 110
"""Pixels, at scale 1, between two planes of a row at most: words below need some."""


@dataclass(frozen=True)
class Plane:
    """One plane: the lines in it, of which the first gives the field and the title."""

    lines: tuple[Line, ...]
    title: str
    sentence: tuple[str, ...]
    """What is written below, in several wordings, the longest first."""

    @property
    def first(self) -> Line:
        """The line whose field is drawn."""
        return self.lines[0]


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
        self._grounds: dict[int, tuple[object, QPixmap]] = {}
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
    def reach(self) -> float:
        """Both coordinates go from -reach to reach."""
        return self._reach

    def apply_theme(self, theme: Theme, scale: float) -> None:
        """Take colours and sizes anew."""
        self._theme, self._scale = theme, scale
        self._grounds.clear()
        self.update()

    # ------------------------------------------------------------ where

    def px(self, size: float) -> float:
        """A size in pixels at the present scale."""
        return size * self._scale

    def areas(self) -> list[QRectF]:
        """Where each plane is drawn, squares in pixels of this widget."""
        count = len(self._planes)
        if not count:
            return []
        title, foot = self._title_room, self.px(22)
        left, gap, below = self.px(42), self.px(16), self.px(38)
        width, height = self.width() - left, self.height() - below
        columns, rows = shape_of(count, width, height, gap, title + foot)
        side = max(min(width / columns - gap, height / rows - title - foot), self.px(30))
        pitch_x = min(width / columns, side + self.px(LOOSE))  # the planes stand together, the rest around
        pitch_y = min(height / rows, side + title + foot + gap)
        left += (width - columns * pitch_x) / 2 + (pitch_x - gap - side) / 2
        top = (height - rows * pitch_y) / 2 + title
        found = []
        for index in range(count):
            row, column = divmod(index, columns)
            x, y = left + column * pitch_x, top + row * pitch_y
            found.append(QRectF(round(x), round(y), round(side), round(side)))
        return found

    @property
    def _title_room(self) -> float:
        return self.px(22) if len(self._planes) > 1 else self.px(6)

    def at(self, area: QRectF, theta: float, psi: float) -> QPointF:
        """The pixel of a point in the plane drawn in ``area``."""
        share = area.width() / (2.0 * self._reach)
        return QPointF(area.center().x() + theta * share, area.center().y() - psi * share)

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
        painter = QPainter(self)
        areas = self.areas()
        self._draw_around(painter, areas)
        for index, (area, plane) in enumerate(zip(areas, self._planes, strict=True)):
            painter.save()
            painter.setClipRect(area.adjusted(1, 1, 0, 0))
            self._draw_ground(painter, index, area, plane.first)
            for line in reversed(plane.lines):
                self._draw_line(painter, area, line)
            painter.restore()
        for area, plane in zip(areas, self._planes, strict=True):
            self._draw_words(painter, area, plane, areas)
            self._draw_points(painter, area, plane)
        if self.hasFocus():
            painter.setPen(QPen(QColor(self._theme.focus), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        painter.end()

    def _draw_around(self, painter: QPainter, areas: Sequence[QRectF]) -> None:
        """The paper, the frames and the numbers, from a kept picture where they are as they were."""

        def paint(own: QPainter) -> None:
            own.fillRect(self.rect(), QColor(self._theme.panel))
            for area in areas:
                self._draw_axes(own, area, areas)

        look = (tuple(area.getRect() for area in areas), self.size().toTuple(), self._reach)
        self._from_kept(painter, -1, QRectF(self.rect()), look, paint)

    def _from_kept(
        self, painter: QPainter, key: int, box: QRectF, look: object, paint: Callable[[QPainter], None]
    ) -> None:
        """Paint into a box from a picture that is made anew when its look changes; straight into a file of
        curves."""
        if painter.paintEngine().type() != QPaintEngine.Type.Raster:
            painter.save()
            painter.translate(box.topLeft())
            paint(painter)
            painter.restore()
            return
        ratio = painter.deviceTransform().m11()
        look = (look, ratio, self._theme.name, self._scale)
        kept = self._grounds.get(key)
        if kept is None or kept[0] != look:
            picture = QPixmap(round(box.width() * ratio), round(box.height() * ratio))
            picture.setDevicePixelRatio(ratio)
            picture.fill(QColor(self._theme.panel))
            with QPainter(picture) as own:
                paint(own)
            kept = self._grounds[key] = (look, picture)
        painter.drawPixmap(box.topLeft(), kept[1])

    def _draw_ground(self, painter: QPainter, index: int, area: QRectF, line: Line) -> None:
        """The field of a line."""
        assert self._scene is not None
        experiment, side = self._scene.experiment, area.width()

        def paint(own: QPainter) -> None:
            paint_field(own, side, self._reach, line.id, experiment, self._theme, self._scale)

        self._from_kept(painter, index, area, (field_of(line.id, experiment), self._reach, side), paint)

    def _draw_axes(self, painter: QPainter, area: QRectF, areas: Sequence[QRectF]) -> None:
        """The frame, ticks, and the numbers at the left and the lower edge of all planes."""
        theme = self._theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(theme.axis), 1))
        painter.drawRect(area)
        is_left = not any(other.left() < area.left() - 1 and other.top() == area.top() for other in areas)
        is_low = _is_lowest(area, areas)
        size = self.px(12 if area.width() > self.px(120) else 11)
        for value in ticks_of(self._reach, area.width() / self._scale):
            place = self.at(area, value, value)
            text = formatting.fixed(value, 0 if value == round(value) else 1)
            painter.setPen(QPen(QColor(theme.axis), 1))
            painter.drawLine(
                QPointF(place.x(), area.bottom()), QPointF(place.x(), area.bottom() + self.px(3))
            )
            painter.drawLine(QPointF(area.left() - self.px(3), place.y()), QPointF(area.left(), place.y()))
            if is_low:
                write(painter, place.x(), area.bottom() + self.px(11), text, size, theme.mute, middle=True)
            if is_left:
                write(painter, area.left() - self.px(6), place.y(), text, size, theme.mute, right=True)
        if is_low:
            y = area.bottom() + self.px(26)
            write(painter, area.center().x(), y, "generator  θ", size, theme.mute, middle=True)
        if is_left:
            painter.save()
            painter.translate(area.left() - self.px(34), area.center().y())
            painter.rotate(-90)
            words = "discriminator  ψ" if area.height() > self.px(110) else "ψ"
            write(painter, 0.0, 0.0, words, size, theme.mute, middle=True)
            painter.restore()

    def _draw_words(self, painter: QPainter, area: QRectF, plane: Plane, areas: Sequence[QRectF]) -> None:
        look, theme = look_of(plane.first.id), self._theme
        colour, size = look.colour(theme), self.px(13)
        right = min((other.left() for other in areas if other.left() > area.right()), default=self.width())
        room = right - area.left() - self.px(10)
        if len(self._planes) > 1:
            text = _fitting((plane.title, look.name), size, room)
            write(painter, area.left(), area.top() - self.px(11), text, size, colour, weight=BOLD)
        y = area.bottom() + self.px(42 if _is_lowest(area, areas) else 13)
        if plane.sentence:
            strong, _, rest = _fitting(plane.sentence, self.px(12.5), room).partition(" · ")
            ink = blend(colour, theme.panel, 0.75).name() if plane.first.is_ahead else colour
            x = area.left() + write(painter, area.left(), y, strong, self.px(12.5), ink, weight=BOLD)
            write(painter, x + self.px(6), y, rest, self.px(12.5), theme.text)

    def _draw_line(self, painter: QPainter, area: QRectF, line: Line) -> None:
        """Future light, past bold."""
        look, theme = look_of(line.id), self._theme
        colour = look.colour(theme)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, not self._quick)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        heavy = max(1.0, self._scale) * (2.2 if area.width() > 200 else 1.7)
        for points, ink, width in (
            (line.future, blend(colour, theme.panel, 0.5), 1.0 if self._quick else 0.6 * heavy),
            (line.past, QColor(colour), 1.0 if self._quick else heavy),
        ):
            if len(points) > 1:
                painter.setPen(look.pen(ink, width))
                painter.drawPath(self._path(area, points))

    def _path(self, area: QRectF, points: FloatArray) -> QPainterPath:
        share = area.width() / (2.0 * self._reach)
        near = (
            np.abs(points).max(axis=1) <= 1.5 * self._reach
        )  # strokes far outside cost time and are not seen
        if near.all():
            shown, connect = _worth_drawing(points, 1.2 / share), "all"
        else:
            shown, connect = np.where(near[:, None], points, np.nan), "finite"
        x, y = area.center().x() + shown[:, 0] * share, area.center().y() - shown[:, 1] * share
        return arrayToQPath(x, y, connect=connect)

    def _draw_points(self, painter: QPainter, area: QRectF, plane: Plane) -> None:
        """The rest point, the start, the newest point and the end."""
        assert self._scene is not None
        theme, size = self._theme, self.px(4.5 if area.width() > 200 else 3.6)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QColor(theme.panel)
        centre, arm = area.center(), self.px(5)
        painter.setPen(QPen(QColor(theme.ink), self.px(1.6)))
        painter.drawLine(centre - QPointF(arm, 0), centre + QPointF(arm, 0))
        painter.drawLine(centre - QPointF(0, arm), centre + QPointF(0, arm))
        for line in reversed(plane.lines):
            look = look_of(line.id)
            colour = QColor(look.colour(theme))
            self._draw_end(
                painter, area, line, look, (blend(look.colour(theme), theme.panel, 0.5), size * 0.8)
            )
            if len(line.past):
                place = self.at(area, *line.now.tolist())
                if area.contains(place):
                    draw_mark(painter, place, look, colour, size, ground)
        start = self.at(area, *self._scene.start)
        painter.setPen(QPen(QColor(theme.ink), self.px(2)))
        painter.setBrush(ground)
        painter.drawEllipse(start, size * 1.15, size * 1.15)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if area.width() > self.px(190):
            theta, psi = (formatting.fixed(value, 2).rstrip("0").rstrip(".,") for value in self._scene.start)
            text = f"start ({theta}, {psi})"
            x = start.x() + self.px(9)
            if x + width_of(text, self.px(12)) > area.right():
                x = start.x() - self.px(9) - width_of(text, self.px(12))
            box = QRectF(x - 2, start.y() - self.px(19), width_of(text, self.px(12)) + 4, self.px(15))
            paper = QColor(theme.panel)
            paper.setAlphaF(0.8)
            painter.fillRect(box, paper)
            write(painter, x, start.y() - self.px(12), text, self.px(12), theme.text)

    def _draw_end(
        self, painter: QPainter, area: QRectF, line: Line, look: Look, ink: tuple[QColor, float]
    ) -> None:
        if len(line.future) < 2:
            return
        place = self.at(area, *line.end.tolist())
        if area.contains(place):
            draw_mark(painter, place, look, ink[0], ink[1], QColor(self._theme.panel))


def _fitting(wordings: tuple[str, ...], px: float, room: float) -> str:
    """The longest wording that finds room in bold; the shortest is cut where it does not."""
    found = (text for text in wordings if width_of(text, px, BOLD) <= room)
    return next(found, "") or fitting(wordings[-1], metrics_of(px, BOLD), room)


def _is_lowest(area: QRectF, areas: Sequence[QRectF]) -> bool:
    """Whether no plane stands below: then its numbers stand there."""
    return not any(other.top() > area.top() + 1 and other.left() == area.left() for other in areas)


def _worth_drawing(points: FloatArray, least: float) -> FloatArray:
    """The points (n, 2) that are at least so far along the line from the one before, and both ends: where a
    line crowds, strokes would cost time and run together."""
    along = np.hypot(*np.diff(points, axis=0).T).cumsum()
    kept = np.flatnonzero(np.diff(np.floor(along / least), prepend=-1.0) > 0.0)
    return points[np.unique(np.r_[0, kept + 1, len(points) - 1])]
