"""The axes of a plot, painted: lines, the ticks that find room, titles, reference lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QPainter, QPen

from ganviz.ui.marks import Axis, Tick, roomy_marks, roomy_ticks
from ganviz.ui.plotting import width_of

if TYPE_CHECKING:
    from ganviz.ui.plot import Plot

TICK, GAP = 4, 3
"""Length of a tick and the room between it and its number, in pixels at scale 1."""
TITLE = 20
"""Room for a title along an upright axis."""
LINE = 15


def room_beside(plot: Plot, axis: Axis | None) -> float:
    """The pixels that an upright axis needs for its title and its widest number."""
    if axis is None:
        return 0.0
    numbers = [width_of(text, plot.px(12)) for _, text in (*axis.ticks, *axis.marks)]
    return plot.px(TICK + GAP) + max(numbers, default=0.0) + plot.px(TITLE if axis.title else 2)


def upright_ticks(plot: Plot, axis: Axis) -> list[Tick]:
    """The ticks and marks of an upright axis that lie in the plot and find room."""
    area = plot.area()

    def inside(ticks: list[Tick]) -> list[Tick]:
        return [tick for tick in ticks if area.top() - 1 <= plot.y_at(tick[0]) <= area.bottom() + 1]

    def boxes(ticks: list[Tick]) -> list[tuple[float, float]]:
        return [(plot.y_at(value), plot.px(LINE)) for value, _ in ticks]

    marks, ticks = inside(list(axis.marks)), inside(list(axis.ticks))
    kept = [marks[index] for index in roomy_marks(marks, boxes(marks))]
    return [*kept, *roomy_ticks(ticks, boxes(ticks), boxes(kept))]


def level_ticks(plot: Plot, axis: Axis) -> list[Tick]:
    """The ticks of the lower axis that find room; a number may have a second line."""
    area = plot.area()
    ticks = [tick for tick in axis.ticks if area.left() - 1 <= plot.x_at(tick[0]) <= area.right() + 1]
    boxes = []
    for value, text in ticks:
        width = max(width_of(line, plot.px(12)) for line in text.split("\n"))
        middle = min(max(plot.x_at(value), 2.0 + width / 2), plot.width() - 2.0 - width / 2)
        boxes.append((middle, width + plot.px(6)))
    return roomy_ticks(ticks, boxes)


def draw_axes(plot: Plot, painter: QPainter) -> None:
    """Paint the lines of the axes, their ticks and their titles."""
    area, colour = plot.area(), QColor(plot.theme.axis)
    painter.setPen(QPen(colour, 1))
    if plot.y_axis.ticks:
        painter.drawLine(area.topLeft(), area.bottomLeft())
    if plot.x_axis.ticks:
        painter.drawLine(area.bottomLeft(), area.bottomRight())
    if plot.right_axis:
        painter.drawLine(area.topRight(), area.bottomRight())
    for value, text in level_ticks(plot, plot.x_axis):
        x = plot.x_at(value)
        painter.setPen(QPen(colour, 1))
        painter.drawLine(QPointF(x, area.bottom()), QPointF(x, area.bottom() + plot.px(TICK)))
        for row, line in enumerate(text.split("\n")):
            y = area.bottom() + plot.px(13 + LINE * row)
            plot.at(painter, x, y, line, 12, colour=plot.theme.mute, middle=True, inside=True)
    for axis, edge, side in ((plot.y_axis, area.left(), -1), (plot.right_axis, area.right(), 1)):
        if axis is not None:
            _draw_upright(plot, painter, axis, edge, side)
    _draw_titles(plot, painter)


def _draw_upright(plot: Plot, painter: QPainter, axis: Axis, edge: float, side: int) -> None:
    """The ticks of an upright axis at ``edge``, to the left of it (-1) or to the right (1)."""
    for value, text in upright_ticks(plot, axis):
        y, tick = plot.y_at(value), plot.px(TICK)
        painter.setPen(QPen(QColor(plot.theme.axis), 1))
        painter.drawLine(QPointF(edge, y), QPointF(edge + side * tick, y))
        x = edge + side * (tick + plot.px(GAP))
        plot.at(painter, x, y, text, 12, colour=plot.theme.mute, right=side < 0)


def _draw_titles(plot: Plot, painter: QPainter) -> None:
    area, colour = plot.area(), plot.theme.mute
    rows = max((text.count("\n") for _, text in plot.x_axis.ticks), default=0)
    y = area.bottom() + plot.px(29 + LINE * rows)
    if plot.x_axis.title and y < plot.height():
        text = _fitting(plot, plot.x_axis, plot.width() - 4.0)
        plot.at(painter, area.center().x(), y, text, 12, colour=colour, middle=True, inside=True)
    left = area.left() - plot.left_room + plot.px(9)
    for axis, x in ((plot.y_axis, left), (plot.right_axis, plot.width() - plot.px(9))):
        if axis and axis.title:
            room = area.bottom() - 2.0
            text = _fitting(plot, axis, room)
            half = width_of(text, plot.px(12)) / 2
            painter.save()
            # beside the middle of the axis, but neither above the plot's edge nor below the axis
            painter.translate(x, min(max(area.center().y(), 2.0 + half), area.bottom() - half))
            painter.rotate(-90)
            plot.at(painter, 0, 0, text, 12, colour=colour, middle=True)
            painter.restore()


def _fitting(plot: Plot, axis: Axis, room: float) -> str:
    """The title, or the shorter one, or nothing where neither finds room."""
    shown = (text for text in (axis.title, axis.short) if text and width_of(text, plot.px(12)) <= room)
    return next(shown, "")


def draw_references(plot: Plot, painter: QPainter) -> None:
    """Paint the dotted lines; their names stand at the right edge, see `plot_labels`."""
    area = plot.area()
    for reference in plot.references:
        x, y = plot.x_at(reference.at), plot.y_at(reference.at)
        pen = QPen(QColor(reference.colour or plot.theme.ref), plot.px(2 if reference.dashed else 1))
        pen.setDashPattern([4.0, 3.0] if reference.dashed else [2.0, 3.0])
        painter.setPen(pen)
        if reference.upright and area.left() <= x <= area.right():
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        elif not reference.upright and area.top() - 1 <= y <= area.bottom() + 1:
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
