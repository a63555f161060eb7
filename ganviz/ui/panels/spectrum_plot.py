"""The complex plane with eigenvalues: where they lie, what attracts, and how a penalty moves them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from pyqtgraph.functions import arrayToQPolygonF
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen

from ganviz.ui import formatting
from ganviz.ui.plot import Axis, Plot
from ganviz.ui.plotting import Span, blend, ticks_between, width_of
from ganviz.ui.theme import Theme

Complex = npt.NDArray[np.complex128]
Array = npt.NDArray[np.float64]

NONE: Complex = np.zeros(0, np.complex128)
MARGIN = 0.08
"""Room around the eigenvalues, as a share of their reach."""
INSET = 74
"""Side of the small picture of the whole plane, at scale 1."""
WHOLE = 1.3
"""How far the small picture reaches from 0."""
STILL = 0.004
"""Ways shorter than this share of the picture are not drawn: the two marks cover each other."""


class EigenvaluePlot(Plot):
    """Eigenvalues now (filled) and under the other penalty (hollow), with the ways between them.

    In the view of the field the half plane Re < 0 is shaded, in that of a step the unit disc: there both
    mean that the game comes nearer to rest.
    """

    def __init__(self) -> None:
        super().__init__(margins=(58, 10, 16, 42))
        self.ways = self.curve(1.0, antialias=True)
        self.marks = {name: pg.ScatterPlotItem(pxMode=True, symbol="o") for name in ("other", "now")}
        for item in self.marks.values():
            self.view.addItem(item, ignoreBounds=True)
        self.of_step = False
        self._colour = ""
        self._spans = Span(), Span()
        self._shown: Complex = NONE

    def forget(self) -> None:
        """No eigenvalues, and no axes from before."""
        for span in self._spans:
            span.forget()
        self.draw_eigenvalues(NONE, NONE, NONE[None], of_step=self.of_step, on={"now": True, "other": True})

    def apply_theme(self, theme: Theme, scale: float) -> None:
        super().apply_theme(theme, scale)
        self.paint_marks(self._colour or theme.ink)

    def paint_marks(self, colour: str) -> None:
        """Give the marks their colour."""
        self._colour = colour
        edge = QColor(self.theme.panel)
        self.marks["now"].setBrush(QColor(colour))
        self.marks["now"].setPen(pg.mkPen(edge, width=0.8))
        self.marks["now"].setSize(8.0 * self.scale_factor)
        self.marks["other"].setBrush(None)
        self.marks["other"].setPen(pg.mkPen(QColor(colour), width=1.4))
        self.marks["other"].setSize(8.5 * self.scale_factor)
        self.colour_curve(self.ways, blend(colour, self.theme.panel, 0.55).name())

    def draw_eigenvalues(
        self, now: Complex, other: Complex, path: Complex, *, of_step: bool, on: dict[str, bool]
    ) -> None:
        """Draw eigenvalues (k,), (m,) and the ways (parts, k) between them; ``on``: what is shown."""
        if of_step != self.of_step:
            self.of_step = of_step
            for span in self._spans:
                span.forget()
        for name, values in (("now", now), ("other", other)):
            self.marks[name].setVisible(on[name])
            self.marks[name].setData(values.real, values.imag)
        shown = [values for name, values in (("now", now), ("other", other)) if on[name]]
        self._shown = np.concatenate(shown or [NONE])
        self._fit()
        both = on["now"] and on["other"] and path.size > 0
        self.ways.setVisible(both)
        if both:
            reach = self.ranges[0][1] - self.ranges[0][0], self.ranges[1][1] - self.ranges[1][0]
            way = path[:, np.isfinite(path).all(axis=0)]
            long = np.hypot(np.ptp(way.real, axis=0) / reach[0], np.ptp(way.imag, axis=0) / reach[1]) > STILL
            gap = np.full((1, int(long.sum())), np.nan)
            parts = (np.concatenate([part[:, long], gap]).T.ravel() for part in (way.real, way.imag))
            self.ways.setData(*parts)
        name = "step" if of_step else "field"
        self.x_axis.title, self.y_axis.title = f"Re λ of the {name}", "Im λ"
        self.refresh()

    def _fit(self) -> None:
        """Ends that hold all eigenvalues and the border: the imaginary axis, or the nearest point of the
        circle."""
        known = self._shown[np.isfinite(self._shown)]
        border = 1.0 if self.of_step else 0.0
        real = np.r_[known.real, border] if len(known) else np.array([border - 1.0, border + 1.0])
        imag = np.r_[known.imag, 0.0] if len(known) else np.array([-1.0, 1.0])
        ends = []
        least = 0.12 * max(np.ptp(real), np.ptp(imag), 1e-6)  # neither axis much finer than the other
        for span, values in zip(self._spans, (real, imag), strict=True):
            half = max(np.ptp(values) / 2, least) * (1 + 2 * MARGIN)
            middle = (values.max() + values.min()) / 2
            ends.append(span.around(middle - half, middle + half))
        self.set_range(*ends)
        self.x_axis = Axis("", ticks_between(*ends[0]))
        self.y_axis = Axis("", ticks_between(*ends[1]))

    # ------------------------------------------------------------ painting

    def below(self, painter: QPainter) -> None:
        area, (x, y) = self.area(), self.ranges
        shade = blend(self.theme.ref, self.theme.panel, 0.14)
        painter.save()
        painter.setClipRect(area)
        painter.setPen(QPen(QColor(self.theme.grid), 1))
        painter.drawLine(QPointF(area.left(), self.y_at(0.0)), QPointF(area.right(), self.y_at(0.0)))
        if self.of_step:
            painter.drawLine(QPointF(self.x_at(0.0), area.top()), QPointF(self.x_at(0.0), area.bottom()))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(self.theme.ink), self.px(1.2)))
            painter.setBrush(shade)
            painter.drawPolygon(arrayToQPolygonF(*self.to_pixels(*disc(*y))))
            painter.setBrush(Qt.BrushStyle.NoBrush)
        else:
            edge = min(max(self.x_at(0.0), area.left()), area.right())
            painter.fillRect(QRectF(area.left(), area.top(), edge - area.left(), area.height()), shade)
            if x[0] <= 0.0 <= x[1]:
                painter.setPen(QPen(QColor(self.theme.ink), self.px(1.2)))
                painter.drawLine(QPointF(edge, area.top()), QPointF(edge, area.bottom()))
        painter.restore()

    def above(self, painter: QPainter) -> None:
        if not len(self._shown):
            return
        area, mute = self.area(), self.theme.mute
        names = ("inside", "outside") if self.of_step else ("Re < 0", "Re > 0")
        sides = f"{names[0]}: comes nearer", f"{names[1]}: leaves"
        bold = QFont.Weight.DemiBold
        room, y = self.px(10), area.top() + self.px(10)
        border = self.x_at(1.0 if self.of_step else 0.0)
        left, right = (width_of(text, self.px(12), bold) + 2 * room for text in sides)
        if border - area.left() > left:
            self.at(painter, area.left() + room, y, sides[0], 12, colour=mute, weight=bold)
        if area.right() - border > right:
            self.at(painter, area.right() - room, y, sides[1], 12, colour=mute, weight=bold, right=True)
        if self.of_step and min(np.ptp(self.ranges[0]), np.ptp(self.ranges[1])) < WHOLE:
            self._draw_whole_plane(painter)

    def _draw_whole_plane(self, painter: QPainter) -> None:
        """The unit circle small, and the part of the plane that is shown: in the corner with the fewest
        marks."""
        area, side, gap = self.area(), self.px(INSET), self.px(8)
        if area.width() < 3.2 * side or area.height() < 2.2 * side:
            return
        left, right = area.left() + gap, area.right() - gap - side
        corners = [QRectF(x, area.bottom() - gap - side, side, side) for x in (left, right)]
        corners += [QRectF(x, area.top() + gap + self.px(28), side, side) for x in (left, right)]
        x, y = self.to_pixels(self._shown.real, self._shown.imag)

        def covered(one: QRectF) -> int:
            return sum(one.adjusted(-4, -4, 4, 4).contains(QPointF(*at)) for at in zip(x, y, strict=True))

        box = min(corners, key=covered)
        painter.fillRect(box, QColor(self.theme.panel))
        painter.setPen(QPen(QColor(self.theme.border), 1))
        painter.drawRect(box)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(self.theme.ink), 1))
        unit = side / (2 * WHOLE)
        painter.drawEllipse(box.center(), unit, unit)
        (x0, x1), (y0, y1) = self.ranges
        at = QRectF(
            QPointF(box.center().x() + x0 * unit, box.center().y() - y1 * unit),
            QPointF(box.center().x() + x1 * unit, box.center().y() - y0 * unit),
        )
        if at.width() < 6:
            at = QRectF(at.center().x() - 3, at.center().y() - 3, 6, 6)
        painter.setPen(QPen(QColor(self.theme.focus), self.px(1.5)))
        painter.drawRect(at.intersected(box))
        self.at(painter, box.left(), box.top() - self.px(8), "whole plane", 12, colour=self.theme.mute)


def disc(low: float, high: float, points: int = 200) -> tuple[Array, Array]:
    """The outline (x, y) of that part of the unit disc that lies between two heights."""
    y = np.linspace(max(low, -1.0), min(high, 1.0), points)
    x = np.sqrt(np.maximum(1.0 - y * y, 0.0))
    return np.r_[x, -x[::-1]], np.r_[y, y[::-1]]


def number(value: float) -> str:
    """A part of an eigenvalue: signed, two digits that mean something."""
    text = formatting.significant(value, 2)
    return f"+{text}" if value > 0 else text
