"""The names at the right edge of a plot: each at the height of its value."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QFont, QPainter, QPen

from ganviz.ui.formula import draw_formula
from ganviz.ui.marks import EndLabel, places

if TYPE_CHECKING:
    from ganviz.ui.plot import Plot


def placed_labels(plot: Plot) -> list[tuple[float, float, EndLabel]]:
    """(height of the value, middle of the label, label) of all that are shown: the ends of the curves first,
    then the reference lines."""
    area = plot.area()
    lines = [
        EndLabel(line.at, line.note, line.colour or plot.theme.mute, line.name, bold=False)
        for line in plot.references
        if (line.name or line.note) and not line.upright
    ]
    found = [
        (min(max(plot.y_at(label.at), area.top()), area.bottom()), label)
        for label in plot.ends
        if math.isfinite(plot.y_at(label.at))
    ]
    found += [
        (plot.y_at(line.at), line)
        for line in lines
        if area.top() - 2 <= plot.y_at(line.at) <= area.bottom() + 2
    ]
    at = places(
        [y for y, _ in found],
        [plot.px(30 if label.below else 15) for _, label in found],
        area.top() - plot.px(14 - 15 * plot.label_rows_above),
        area.bottom() + plot.px(8),
        plot.px(plot.furthest),
    )
    return [(y, middle, label) for (y, label), middle in zip(found, at, strict=True) if middle is not None]


def draw_labels(plot: Plot, painter: QPainter) -> None:
    """Paint the names; a short line leads from the value to a name that had to give way."""
    right, x = plot.area().right(), plot.area().right() + plot.px(8)
    for y, middle, label in placed_labels(plot):
        if abs(middle - y) > plot.px(3):
            painter.setPen(QPen(QColor(label.colour), 1))
            painter.drawLine(QPointF(right + 1, y), QPointF(x - plot.px(2), middle))
        _draw_label(plot, painter, label, x, middle)


def _draw_label(plot: Plot, painter: QPainter, label: EndLabel, x: float, middle: float) -> None:
    weight = QFont.Weight.DemiBold if label.bold else QFont.Weight.Normal
    top = middle - plot.px(8) if label.below else middle
    left = x
    if label.tex:
        base, px = top + plot.px(4.5), plot.px(13)
        left += draw_formula(painter, x, base, label.tex, px=px, colour=label.colour) + plot.px(5)
    if label.text:
        plot.at(painter, left, top, label.text, 12, colour=label.colour, weight=weight)
    if label.below:
        plot.at(painter, x, top + plot.px(15), label.below, 12, colour=label.colour)
