"""The complex plane with eigenvalues in it: the unit circle or the left half is shaded, a small picture shows
the whole plane where the view is near."""

from __future__ import annotations

import cmath
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPen, QResizeEvent

from ganviz.ui import formatting
from ganviz.ui.line_looks import Look, draw_mark
from ganviz.ui.plot import Axis, Plot
from ganviz.ui.plotting import ticks_between, width_of

BOLD = QFont.Weight.DemiBold
SAME = 1e-9
"""Eigenvalues nearer to each other than this have one label."""
LEAST_SPAN = 0.02
FARTHEST = 1e4
DIRECTIONS = [(1, 0), (-1, 0), (0, -1.2), (0, 1.2), (0.8, -1), (-0.8, -1), (0.8, 1), (-0.8, 1)]
DISTANCES = (11, 24, 42, 64, 92, 126, 166)
CLEARLY = 1.2
"""A label belongs to its mark where every other mark is so many times as far away."""


@dataclass(frozen=True)
class Pair:
    """Both eigenvalues of one line; NaN where there are none."""

    line: str
    look: Look
    values: tuple[complex, complex]

    @property
    def is_known(self) -> bool:
        """Whether there are eigenvalues."""
        return not any(map(cmath.isnan, self.values))

    @property
    def upper(self) -> list[complex]:
        """Those in the upper half: of conjugates the one, of two real ones both, of a double one it."""
        first, second = self.values
        if abs(first.imag) > SAME * max(abs(first), 1e-12):
            return [complex(first.real, abs(first.imag))]
        return [first] if abs(first - second) < SAME else [first, second]


@dataclass
class Spot:
    """One place in the plane and the lines that have an eigenvalue there."""

    value: complex
    pairs: list[Pair]

    @property
    def marks(self) -> list[Look]:
        """The different marks of these lines, drawn around each other."""
        return list({(p.look.family, p.look.has_penalty, p.look.order): p.look for p in self.pairs}.values())


def spots_of(pairs: Sequence[Pair]) -> list[Spot]:
    """The places of all known eigenvalues in the upper half."""
    found: list[Spot] = []
    for pair in pairs:
        for value in pair.upper if pair.is_known else ():
            if not abs(value) < FARTHEST:
                continue
            same = next((spot for spot in found if abs(spot.value - value) < SAME), None)
            if same is None:
                found.append(Spot(value, [pair]))
            else:
                same.pairs.append(pair)
    return found


def modulus_words(value: complex, of_step: bool) -> str:
    """The number that decides: |lambda| of a step, the real part of the field."""
    if of_step:
        size = abs(value)
        return f"|λ| = {formatting.fixed(size, 6 if abs(size - 1.0) < 1e-4 and size != 1.0 else 4)}"
    return f"Re λ = {formatting.fixed(value.real, 4)}"


class EigenPlane(Plot):
    """Marks of all lines with their names, in a view of equal scales on both axes."""

    def __init__(self) -> None:
        super().__init__(margins=(60, 8, 14, 58))
        self._pairs: tuple[Pair, ...] = ()
        self._spots: list[Spot] = []
        self._of_step = True
        self._foot = "none yet"
        self.x_axis, self.y_axis = Axis("Re λ"), Axis("Im λ")
        self.setAccessibleName("Eigenvalues")

    def show_pairs(self, pairs: Sequence[Pair], of_step: bool, foot: str) -> None:
        """Show these eigenvalues, of one step or of the field; nothing is done where they are as before."""
        if (tuple(pairs), of_step, foot) == (self._pairs, self._of_step, self._foot):
            return
        self._pairs, self._of_step, self._foot = tuple(pairs), of_step, foot
        self._spots = spots_of(pairs)
        self.hint = "" if self._spots or not pairs else foot
        self._fit()
        words = [
            f"{', '.join(pair.look.name for pair in spot.pairs)}: {modulus_words(spot.value, of_step)}"
            for spot in self._spots
        ]
        self.setAccessibleDescription("; ".join([*words, foot]))
        self.setToolTip("\n".join([*words, foot]))
        self.refresh()

    def _fit(self) -> None:
        """A view that holds all marks and the nearest piece of what divides the plane."""
        wanted = [spot.value for spot in self._spots] or [1j if not self._of_step else 1.0 + 0.1j]
        if self._of_step:
            wanted += [value / abs(value) for value in wanted if abs(value) > 1e-12]
        else:
            wanted += [0j, *(complex(0.0, value.imag) for value in wanted)]
        low_x, high_x = min(v.real for v in wanted), max(v.real for v in wanted)
        low_y, high_y = min(v.imag for v in wanted), max(v.imag for v in wanted)
        area = self.find_area()
        span_x = max(1.9 * (high_x - low_x), LEAST_SPAN)
        span_y = max(1.7 * (high_y - low_y), LEAST_SPAN)
        per_pixel = max(span_x / area.width(), span_y / area.height())
        middle_x, middle_y = (low_x + high_x) / 2, (low_y + high_y) / 2
        half_x, half_y = per_pixel * area.width() / 2, per_pixel * area.height() / 2
        x, y = (middle_x - half_x, middle_x + half_x), (middle_y - half_y, middle_y + half_y)
        self.x_axis = Axis("Re λ", ticks_between(*x))
        self.y_axis = Axis("Im λ", ticks_between(*y))
        self.set_range(x, y)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Both axes keep one scale."""
        super().resizeEvent(event)
        if hasattr(self, "_spots"):
            self._fit()

    # ------------------------------------------------------------ painting

    def below(self, painter: QPainter) -> None:
        area, theme = self.area(), self.theme
        painter.save()
        painter.setClipRect(area)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(QColor(theme.ink), self.px(1.4))
        if self._of_step:
            centre = QPointF(self.x_at(0.0), self.y_at(0.0))
            radius = self.x_at(1.0) - self.x_at(0.0)
            painter.setPen(pen)
            painter.setBrush(QColor(theme.grid))
            painter.drawEllipse(centre, radius, radius)
        else:
            border = self.x_at(0.0)
            painter.fillRect(
                QRectF(area.left(), area.top(), border - area.left(), area.height()), QColor(theme.grid)
            )
            painter.setPen(pen)
            painter.drawLine(QPointF(border, area.top()), QPointF(border, area.bottom()))
        painter.setPen(QPen(QColor(theme.axis), 1))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        level = self.y_at(0.0)
        if area.top() < level < area.bottom():
            painter.drawLine(QPointF(area.left(), level), QPointF(area.right(), level))
        painter.restore()

    def above(self, painter: QPainter) -> None:
        area = self.area()
        taken = self._draw_sides(painter)
        if self._of_step and (inset := self._inset_box()) is not None:
            self._draw_inset(painter, inset)
            taken.append(inset)
        marks = self._marks()
        size = self.px(5)
        sizes = [size + self.px(3.5) * (len(spot.marks) - 1) for spot in self._spots]
        taken += [QRectF(m.x() - s, m.y() - s, 2 * s, 2 * s) for m, s in zip(marks, sizes, strict=True)]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for spot, mark, far in zip(self._spots, marks, sizes, strict=True):
            self._draw_label(painter, spot, mark, taken, far - size)
        for spot, mark in zip(self._spots, marks, strict=True):
            for index, look in reversed(list(enumerate(spot.marks))):
                colour, ground = QColor(look.colour(self.theme)), QColor(self.theme.panel)
                around = replace(look, has_penalty=True) if index else look
                draw_mark(painter, mark, around, colour, size + self.px(3.5) * index, ground)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        if self._foot and not self.hint:
            y = area.bottom() + self.px(47)
            self.at(painter, area.left(), y, self._foot, 12, colour=self.theme.mute, inside=True)

    def _draw_sides(self, painter: QPainter) -> list[QRectF]:
        """Name both sides in the upper corners, where the view has them; returns what they cover."""
        area, covered = self.area(), []
        inside, outside = (
            ("inside: converges", "outside: diverges")
            if self._of_step
            else ("Re < 0: attracts", "Re > 0: repels")
        )
        y, gap = area.top() + self.px(12), self.px(8)
        corners = ((complex(self.ranges[0][0], self.ranges[1][1]), False),
                   (complex(self.ranges[0][1], self.ranges[1][1]), True))  # fmt: skip
        for corner, right in corners:
            stable = abs(corner) < 1.0 if self._of_step else corner.real < 0.0
            words = inside if stable else outside
            x = area.right() - gap if right else area.left() + gap
            width = width_of(words, self.px(12.5), BOLD)
            self.at(painter, x, y, words, 12.5, colour=self.theme.mute, weight=BOLD, right=right)
            covered.append(QRectF(x - width if right else x, y - self.px(9), width, self.px(18)))
        return covered

    def _marks(self) -> list[QPointF]:
        return [QPointF(self.x_at(spot.value.real), self.y_at(spot.value.imag)) for spot in self._spots]

    def _draw_label(
        self, painter: QPainter, spot: Spot, mark: QPointF, taken: list[QRectF], beyond: float
    ) -> None:
        """Names and number beside a mark, ``beyond`` pixels larger than most, where nothing else stands; a
        line leads to one far away or near to one of the other marks."""
        names = [(pair.look.name, pair.look.colour(self.theme)) for pair in spot.pairs[:4]]
        if len(spot.pairs) > 4:
            names.append((f"and {len(spot.pairs) - 4} more", self.theme.mute))
        number = modulus_words(spot.value, self._of_step)
        px, line = self.px(12.5), self.px(15)
        width = max(width_of(text, px, BOLD) for text in (*(name for name, _ in names), number))
        boxes = self._free_boxes(mark, (width + 4, line * (len(names) + 1)), taken, beyond)
        if not boxes:
            return
        others = [other for other in self._marks() if other != mark]
        own = [box for box in boxes if _belongs(box, mark, others)] or boxes
        beside = (box for box in own if _distance(box, mark) < self.px(30) and self._on_one_side(box))
        box = next(beside, own[0])
        taken.append(box)
        if _distance(box, mark) > self.px(15) or not _belongs(box, mark, others):
            painter.setPen(QPen(QColor(self.theme.axis), 1))
            painter.drawLine(mark, _nearest_in(box, mark))
        right = box.center().x() < mark.x()
        x, y = (box.right() - 2 if right else box.left() + 2), box.top() + line / 2
        for text, colour in names:
            self.at(painter, x, y, text, 12.5, colour=colour, weight=BOLD, right=right)
            y += line
        self.at(painter, x, y, number, 12.5, colour=self.theme.text, right=right)

    def _on_one_side(self, box: QRectF) -> bool:
        """Whether what divides the plane passes a box by."""
        area, ((x0, x1), (y0, y1)) = self.area(), self.ranges
        corners = (box.topLeft(), box.topRight(), box.bottomLeft(), box.bottomRight())
        inside = set()
        for corner in corners:
            re = x0 + (corner.x() - area.left()) / area.width() * (x1 - x0)
            im = y1 - (corner.y() - area.top()) / area.height() * (y1 - y0)
            inside.add(math.hypot(re, im) < 1.0 if self._of_step else re < 0.0)
        return len(inside) == 1

    def _free_boxes(
        self, mark: QPointF, size: tuple[float, float], taken: Sequence[QRectF], beyond: float
    ) -> list[QRectF]:
        """Where a label of this size finds room about a mark, the nearest first."""
        found = []
        width, height = size
        area = self.area().adjusted(3, 2, -2, -2)
        for distance in DISTANCES:
            for along, down in DIRECTIONS:
                far = self.px(distance) + beyond
                x, y = mark.x() + along * far, mark.y() + down * far
                left = x if along > 0 else x - width if along < 0 else x - width / 2
                top = y - height / 2 if down == 0 else y if down > 0 else y - height
                box = QRectF(left, top, width, height)
                if area.contains(box) and not any(box.intersects(other) for other in taken):
                    found.append(box)
        return found

    # ------------------------------------------------------------ the whole plane

    def _inset_box(self) -> QRectF | None:
        """Where the small picture of the whole plane stands; None where the view shows it all."""
        (x0, x1), (y0, y1) = self.ranges
        if (x0 <= -1.0 and x1 >= 1.0 and y1 >= 1.0) or (x1 - x0) * (y1 - y0) > 2.0:
            return None
        area, side = self.area(), self.px(92)
        if area.width() < 3 * side or area.height() < 2 * side:
            return None
        gap = self.px(8)
        marks = self._marks()
        places = (
            QRectF(area.left() + gap, area.bottom() - gap - side, side, side),
            QRectF(area.right() - gap - side, area.bottom() - gap - side, side, side),
        )
        free = (p for p in places if not any(p.adjusted(-8, -8, 8, 8).contains(mark) for mark in marks))
        return next(free, None)

    def _draw_inset(self, painter: QPainter, box: QRectF) -> None:
        theme, (x0, x1), (y0, y1) = self.theme, *self.ranges
        painter.fillRect(box, QColor(theme.panel))
        painter.setPen(QPen(QColor(theme.border), 1))
        painter.drawRect(box)
        self.at(
            painter, box.left() + self.px(5), box.top() + self.px(9), "whole plane", 11, colour=theme.mute
        )
        reach = max(1.25, *(abs(value) for value in (x0, x1, y0, y1)))
        centre, share = box.center() + QPointF(0, self.px(6)), (box.width() / 2 - self.px(10)) / reach
        painter.setPen(QPen(QColor(theme.grid), 1))
        painter.drawLine(QPointF(box.left(), centre.y()), QPointF(box.right(), centre.y()))
        painter.drawLine(QPointF(centre.x(), box.top() + self.px(16)), QPointF(centre.x(), box.bottom()))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.ink), 1.2))
        path = QPainterPath()
        path.addEllipse(centre, share, share)
        painter.drawPath(path)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(QColor(theme.focus), self.px(1.6)))
        view = QRectF(centre.x() + x0 * share, centre.y() - y1 * share, (x1 - x0) * share, (y1 - y0) * share)
        least = self.px(8)  # a very near view is still to be seen
        wide, high = max(least - view.width(), 0.0) / 2, max(least - view.height(), 0.0) / 2
        painter.drawRect(view.adjusted(-wide, -high, wide, high).intersected(box))


def _nearest_in(box: QRectF, mark: QPointF) -> QPointF:
    """The point of a box that is nearest to a mark."""
    return QPointF(min(max(mark.x(), box.left()), box.right()), min(max(mark.y(), box.top()), box.bottom()))


def _distance(box: QRectF, mark: QPointF) -> float:
    away = _nearest_in(box, mark) - mark
    return math.hypot(away.x(), away.y())


def _belongs(box: QRectF, mark: QPointF, others: Sequence[QPointF]) -> bool:
    """Whether a label in this box is read as that of its mark: it is clearly nearer to it than to others."""
    own = _distance(box, mark)
    return all(_distance(box, other) >= CLEARLY * own for other in others)
