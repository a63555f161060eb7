"""One phase plane as it is drawn: axes, lines with their past and future, start and end, the words around."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from pyqtgraph.functions import arrayToQPath
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen

from ganviz.ui import formatting
from ganviz.ui.line_looks import Look, draw_mark, look_of
from ganviz.ui.lines import Line
from ganviz.ui.panels.plane_ground import ticks_of, write
from ganviz.ui.panels.readout import fitting
from ganviz.ui.plotting import blend, metrics_of, width_of
from ganviz.ui.style import zigzag
from ganviz.ui.theme import Theme

FloatArray = npt.NDArray[np.float64]
BOLD = QFont.Weight.DemiBold
JOINT = 30
"""Pixels, at scale 1, between two planes that are nearer to each other than two numbers need."""


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


@dataclass(frozen=True)
class PlaneDrawing:
    """Draws planes, squares in pixels, of which both coordinates go from -reach to reach; ``quick``: with
    thin lines, without smoothing; ``names``: what stands at both axes."""

    theme: Theme
    scale: float
    reach: float
    quick: bool
    names: tuple[str, str]

    def px(self, size: float) -> float:
        """A size in pixels at this scale."""
        return size * self.scale

    def at(self, area: QRectF, theta: float, psi: float) -> QPointF:
        """The pixel of a point in the plane drawn in ``area``."""
        share = area.width() / (2.0 * self.reach)
        return QPointF(area.center().x() + theta * share, area.center().y() - psi * share)

    def axes(self, painter: QPainter, area: QRectF, areas: Sequence[QRectF]) -> None:
        """The frame, ticks, and the numbers at the left and the lower edge of all planes."""
        theme = self.theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(theme.axis), 1))
        painter.drawRect(area)
        is_left = not any(other.left() < area.left() - 1 and other.top() == area.top() for other in areas)
        is_low = _is_lowest(area, areas)
        # two numbers at one joint would run together: the left plane's stands for both
        is_joined = any(0.0 < area.left() - other.right() < self.px(JOINT) for other in areas)
        size = self.px(12 if area.width() > self.px(120) else 11)
        for value in ticks_of(self.reach, area.width() / self.scale):
            place = self.at(area, value, value)
            text = formatting.fixed(value, 0 if value == round(value) else 1)
            painter.setPen(QPen(QColor(theme.axis), 1))
            painter.drawLine(
                QPointF(place.x(), area.bottom()), QPointF(place.x(), area.bottom() + self.px(3))
            )
            painter.drawLine(QPointF(area.left() - self.px(3), place.y()), QPointF(area.left(), place.y()))
            if is_low and not (is_joined and value < -0.98 * self.reach):
                write(painter, place.x(), area.bottom() + self.px(11), text, size, theme.mute, middle=True)
            if is_left:
                write(painter, area.left() - self.px(6), place.y(), text, size, theme.mute, right=True)
        if is_low:
            y = area.bottom() + self.px(26)
            write(painter, area.center().x(), y, self.names[0], size, theme.mute, middle=True)
        if is_left:
            painter.save()
            painter.translate(area.left() - self.px(34), area.center().y())
            painter.rotate(-90)
            is_long = width_of(self.names[1], size) > area.height()
            words = self.names[1].rpartition("  ")[2] if is_long else self.names[1]
            write(painter, 0.0, 0.0, words, size, theme.mute, middle=True)
            painter.restore()

    def words(
        self, painter: QPainter, area: QRectF, plane: Plane, areas: Sequence[QRectF], width: float
    ) -> None:
        """The title above where there are several planes, and the sentence below, as far as there is room up
        to ``width``."""
        look, theme = look_of(plane.first.id), self.theme
        colour, size = look.colour(theme), self.px(13)
        right = min((other.left() for other in areas if other.left() > area.right()), default=width)
        room = right - area.left() - self.px(10)
        if len(areas) > 1:
            text = _fitting((plane.title, look.name), size, room)
            write(painter, area.left(), area.top() - self.px(11), text, size, colour, weight=BOLD)
        y = area.bottom() + self.px(42 if _is_lowest(area, areas) else 13)
        if plane.sentence:
            strong, _, rest = _fitting(plane.sentence, self.px(12.5), room).partition(" · ")
            ink = blend(colour, theme.panel, 0.75).name() if plane.first.is_ahead else colour
            x = area.left() + write(painter, area.left(), y, strong, self.px(12.5), ink, weight=BOLD)
            write(painter, x + self.px(6), y, rest, self.px(12.5), theme.text)

    def words_beside(
        self, painter: QPainter, area: QRectF, plane: Plane, areas: Sequence[QRectF], width: float
    ) -> None:
        """Title and sentence at the right of a plane, in lines, as far as there is room up to ``width``."""
        look, theme, size = look_of(plane.first.id), self.theme, self.px(12.5)
        colour, x = look.colour(theme), area.right() + self.px(10)
        right = min((other.left() for other in areas if other.left() > area.right()), default=width)
        room, line = right - x - self.px(6), self.px(18)
        parts = [wording.partition(" · ") for wording in plane.sentence]
        strong = _fitting(tuple(part[0] for part in parts), size, room) if parts else ""
        rest = _fitting(tuple(part[2] for part in parts if part[2]) or ("",), size, room)
        ink = blend(colour, theme.panel, 0.75).name() if plane.first.is_ahead else colour
        y = area.top() + self.px(9)
        title = _fitting((plane.title, look.name), size, room)
        write(painter, x, y, title, size, colour, weight=BOLD)
        write(painter, x, y + 1.3 * line, strong, size, ink, weight=BOLD)
        write(painter, x, y + 2.3 * line, rest, size, theme.text)

    def line(self, painter: QPainter, area: QRectF, line: Line) -> None:
        """Future light, past bold."""
        look, theme = look_of(line.id), self.theme
        colour = look.colour(theme)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, not self.quick)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        heavy = max(1.0, self.scale) * (2.2 if area.width() > 200 else 1.7)
        for points, ink, width in (
            (line.future, blend(colour, theme.panel, 0.5), 1.0 if self.quick else 0.6 * heavy),
            (line.past, QColor(colour), 1.0 if self.quick else heavy),
        ):
            if len(points) > 1:
                x, y = self._pixels(area, points)
                if self.quick:
                    painter.setPen(look.pen(ink, width))
                    painter.drawPath(arrayToQPath(x, y, connect="finite"))
                else:
                    zigzag(painter, x, y, look.pen(ink, width))

    def _pixels(self, area: QRectF, points: FloatArray) -> tuple[FloatArray, FloatArray]:
        """x and y (m,) of what is worth drawing of a line (n, 2); far beyond the plane not a number."""
        share = area.width() / (2.0 * self.reach)
        near = (
            np.abs(points).max(axis=1) <= 1.5 * self.reach
        )  # strokes far outside cost time and are not seen
        shown = _worth_drawing(points, 1.2 / share) if near.all() else np.where(near[:, None], points, np.nan)
        return area.center().x() + shown[:, 0] * share, area.center().y() - shown[:, 1] * share

    def points(self, painter: QPainter, area: QRectF, plane: Plane, start: tuple[float, float]) -> None:
        """The rest point, the start, the newest point and the end."""
        theme, size = self.theme, self.px(4.5 if area.width() > 200 else 3.6)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        centre, arm = area.center(), self.px(5)
        painter.setPen(QPen(QColor(theme.ink), self.px(1.6)))
        painter.drawLine(centre - QPointF(arm, 0), centre + QPointF(arm, 0))
        painter.drawLine(centre - QPointF(0, arm), centre + QPointF(0, arm))
        for line in reversed(plane.lines):
            look = look_of(line.id)
            colour = QColor(look.colour(theme))
            self._end(painter, area, line, look, (blend(look.colour(theme), theme.panel, 0.5), size * 0.8))
            if len(line.past):
                place = self.at(area, *line.now.tolist())
                if area.contains(place):
                    draw_mark(painter, place, look, colour, size, QColor(theme.panel))
        self._start(painter, area, start, size)

    def _start(self, painter: QPainter, area: QRectF, at: tuple[float, float], size: float) -> None:
        """A ring where the lines start, and in a large plane the numbers."""
        theme, start = self.theme, self.at(area, *at)
        painter.setPen(QPen(QColor(theme.ink), self.px(2)))
        painter.setBrush(QColor(theme.panel))
        painter.drawEllipse(start, size * 1.15, size * 1.15)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if area.width() > self.px(190):
            theta, psi = (formatting.fixed(value, 2).rstrip("0").rstrip(".,") for value in at)
            text = f"start ({theta}, {psi})"
            x = start.x() + self.px(9)
            if x + width_of(text, self.px(12)) > area.right():
                x = start.x() - self.px(9) - width_of(text, self.px(12))
            box = QRectF(x - 2, start.y() - self.px(19), width_of(text, self.px(12)) + 4, self.px(15))
            paper = QColor(theme.panel)
            paper.setAlphaF(0.8)
            painter.fillRect(box, paper)
            write(painter, x, start.y() - self.px(12), text, self.px(12), theme.text)

    def _end(
        self, painter: QPainter, area: QRectF, line: Line, look: Look, ink: tuple[QColor, float]
    ) -> None:
        if len(line.future) < 2:
            return
        place = self.at(area, *line.end.tolist())
        if area.contains(place):
            draw_mark(painter, place, look, ink[0], ink[1], QColor(self.theme.panel))


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
