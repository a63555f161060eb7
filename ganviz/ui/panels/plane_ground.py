"""The ground of a phase plane: the arrows of a field, what bounds it, round ticks."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from pyqtgraph.functions import arrayToQPath
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen

from ganviz.experiment import Experiment
from ganviz.ui.lines import field_of, field_on_grid
from ganviz.ui.panels.arrows import arrow_segments
from ganviz.ui.plotting import blend, font, line_of, width_of
from ganviz.ui.theme import Theme

FloatArray = npt.NDArray[np.float64]
ARROWS = 10
"""Arrows along each side, as in the papers' figures."""
LONGEST = 0.85
"""The longest arrow of a field, as a share of a cell of its grid."""


def write(  # noqa: PLR0917 - where, what and how
    painter: QPainter, x: float, y: float, text: str, px: float, colour: str, *,
    weight: QFont.Weight = QFont.Weight.Normal, middle: bool = False, right: bool = False,
) -> float:  # fmt: skip
    """Write one line whose left end, middle or right end is at (x, y); returns its width."""
    width = width_of(text, px, weight)
    left = x - width / 2 if middle else x - width if right else x
    painter.setFont(font(px, weight))
    painter.setPen(QColor(colour))
    painter.drawText(QPointF(left, y + line_of(px, weight)[1]), text)
    return width


def paint_field(  # noqa: PLR0917 - where, what and how
    painter: QPainter, side: float, reach: float, line: str, experiment: Experiment, theme: Theme,
    scale: float,
) -> None:  # fmt: skip
    """Paint the field of a line into a square of ``side`` pixels that reaches from -reach to reach."""
    middle, share = side / 2.0, side / (2.0 * reach)
    painter.setPen(QPen(QColor(theme.grid), 1))
    painter.drawLine(QPointF(0, middle), QPointF(side, middle))
    painter.drawLine(QPointF(middle, 0), QPointF(middle, side))
    found = field_of(line, experiment)
    tail, way = _arrow_ends(*field_on_grid(*found, reach, ARROWS), reach)
    x, y = arrow_segments(tail, way, 2.0 * reach)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(blend(theme.axis, theme.panel, 0.62), max(1.0, scale)))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(arrayToQPath(middle + x * share, middle - y * share, connect="pairs"))
    bound = dict(found[1]).get("clip", math.inf)
    if bound < reach:
        pen = QPen(QColor(theme.ref), max(1.0, scale))
        pen.setDashPattern([2.0, 3.0])
        painter.setPen(pen)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for y in (middle - bound * share, middle + bound * share):
            painter.drawLine(QPointF(0, y), QPointF(side, y))


def _arrow_ends(at: FloatArray, by: FloatArray, reach: float) -> tuple[FloatArray, FloatArray]:
    """Tails and ways (n, 2) of arrows about their points. Lengths go with the square root of the speed: so
    the direction is seen everywhere."""
    length = np.hypot(*by.T)
    known = np.isfinite(length) & (length > 0.0)
    at, by, length = at[known], by[known], length[known]
    if not len(at):
        return at, at
    longest = LONGEST * 2.0 * reach / ARROWS
    size = np.maximum(longest * np.sqrt(length / length.max()), 0.3 * longest)
    by = by / length[:, None] * size[:, None]
    return at - by / 2, by


def ticks_of(reach: float, width: float) -> list[float]:
    """Round numbers on both sides of 0 that find room on an axis ``width`` pixels long at scale 1."""
    if width < 60:
        return [0.0]
    most = max(1, int(width / 70))
    step = next(step for step in (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, math.inf) if reach / step <= most + 1e-9)
    if math.isinf(step):
        step = reach
    elif step > reach:  # one on each side
        step = max(each for each in (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0) if each <= reach)
    count = int(reach / step + 1e-9)
    return [step * index for index in range(-count, count + 1)]
