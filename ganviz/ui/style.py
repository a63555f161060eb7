"""What the window's own widgets share when they draw: fonts in pixels, boxes and lines, numbers in words."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen
from PySide6.QtWidgets import QApplication

from ganviz.ui.theme import Theme

BASE_PX = 13.0
SCALE_STEP = 1.1
SCALE_RANGE = (0.7, 2.2)
STROKE = 8
"""Points by which a stroke goes on."""


class Themed(Protocol):
    """Whatever takes a theme and a scale of type."""

    def apply_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours and the scale of type."""


def font(px: float, scale: float = 1.0, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """The platform's interface font, ``px`` high at normal size, with digits of equal width."""
    made = QFont(QApplication.font())
    made.setPixelSize(max(6, round(px * scale)))
    made.setWeight(weight)
    made.setFeature(QFont.Tag("tnum"), 1)
    return made


def zigzag(painter: QPainter, x: npt.ArrayLike, y: npt.ArrayLike, pen: QPen) -> None:
    """A line through the points ``x``, ``y`` (n,) in pixels, with gaps where they are not finite.

    It is drawn in short strokes, of which a dashed one goes on with the dashes of the one before: Qt finds
    out where a stroke crosses itself, which takes 26 ms for 800 noisy points at once, and 2 ms so. ``pen`` is
    to be opaque.
    """
    x, y = np.asarray(x, float), np.asarray(y, float)
    is_solid = pen.style() == Qt.PenStyle.SolidLine
    if is_solid:
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)  # closes the corners between strokes
    finite = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    for part in np.split(finite, np.flatnonzero(np.diff(finite) > 1) + 1):
        along = np.hypot(np.diff(x[part]), np.diff(y[part])).cumsum() / max(pen.widthF(), 1.0)
        points = [QPointF(*point) for point in zip(x[part].tolist(), y[part].tolist(), strict=True)]
        for start in range(0, len(part) - 1, STROKE):
            if not is_solid:
                pen.setDashOffset(along[start - 1] if start else 0.0)
            painter.setPen(pen)
            painter.drawPolyline(points[start : start + STROKE + 1])


def box(
    painter: QPainter, rect: QRectF, fill: str, border: str, *, width: float = 1.0, radius: float = 4.0
) -> None:
    """A flat rounded rectangle whose border lies inside ``rect``."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(border), width) if width else Qt.PenStyle.NoPen)
    painter.setBrush(QColor(fill))
    inset = width / 2
    painter.drawRoundedRect(rect.adjusted(inset, inset, -inset, -inset), radius, radius)


def plain(value: float) -> str:
    """A number as a person would type it: 256, 0.001, 1e-05; decimals with at most six digits."""
    return str(value) if isinstance(value, int) else f"{value:.6g}"


def clock(seconds: float) -> str:
    """Elapsed time as minutes:seconds.tenths, or hours:minutes:seconds from an hour on."""
    minutes, rest = divmod(max(seconds, 0.0), 60.0)
    if minutes < 60:
        return f"{int(minutes)}:{int(rest * 10) / 10:04.1f}"
    return f"{int(minutes // 60)}:{int(minutes % 60):02}:{int(rest):02}"
