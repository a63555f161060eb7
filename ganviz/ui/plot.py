"""One plot: pyqtgraph's view and curves, with axes, reference lines and labels painted around them in one go.

pyqtgraph gives the transform and the fast items. Axes and words are drawn here in plain pixels, because that
is what
the design asks for (left and bottom axis only, words at the right ends) and because laying out axis items
costs more than all curves.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPaintEngine, QPainter, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QGraphicsScene, QWidget

from ganviz.ui.formula import draw_formula, wait_for_formulas
from ganviz.ui.plotting import font, line_of, metrics_of, width_of
from ganviz.ui.theme import LIGHT, Theme

pg.setConfigOptions(imageAxisOrder="row-major", antialias=False)


Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Reference:
    """A dotted line at height ``at`` (or at that x when ``upright``), named at the right edge in TeX or in
    words."""

    at: float
    name: str = ""
    note: str = ""
    colour: str = ""
    upright: bool = False
    dashed: bool = False


@dataclass(frozen=True)
class EndLabel:
    """Words at the right edge beside the end of a curve, at height ``at``."""

    at: float
    text: str
    colour: str
    tex: str = ""
    bold: bool = True
    below: str = ""


@dataclass
class Axis:
    """What an axis shows: its title and its ticks (value, text)."""

    title: str = ""
    ticks: Sequence[tuple[float, str]] = field(default_factory=list)


class Curve(pg.PlotCurveItem):
    """A curve whose bounds are the view's: the plots set their own ranges, so nobody needs the data's, and
    working them out at every repaint costs as much as drawing."""

    def boundingRect(self) -> QRectF:
        view = self.getViewBox()
        return QRectF(view.viewRect()) if view is not None else QRectF()


class Plot(pg.GraphicsView):
    """A view of data coordinates with axes painted around it. Subclasses add to :meth:`below` and
    :meth:`above`.

    ``margins`` are left, top, right, bottom in pixels at scale 1. Set ``x_axis``, ``y_axis``, ``right_axis``,
    ``references``, ``ends`` and ``hint``, then call :meth:`refresh`.
    """

    def __init__(
        self, margins: tuple[int, int, int, int] = (54, 10, 16, 42), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent, background=None)
        self.margins = margins
        self.theme, self.scale_factor = LIGHT, 1.0
        self.x_axis, self.y_axis = Axis(), Axis()
        self.right_axis: Axis | None = None
        self.references: Sequence[Reference] = ()
        self.ends: Sequence[EndLabel] = ()
        self.hint = ""
        self.veil = ""
        self.view = pg.ViewBox(enableMenu=False, enableMouse=False, defaultPadding=0.0)
        self.view.disableAutoRange()
        self.scene().addItem(self.view)
        self.enableMouse(False)
        self.scene().setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)  # a handful of items
        self.setCacheMode(pg.GraphicsView.CacheModeFlag(0))  # else the first background would stay
        self.setViewportUpdateMode(pg.GraphicsView.ViewportUpdateMode.FullViewportUpdate)
        self.setMinimumSize(120, 70)
        # spares painting what lies behind
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._x, self._y = (0.0, 1.0), (0.0, 1.0)
        self._area = QRectF(0, 0, 20, 20)
        self._curves: list[tuple[Any, str, float, Qt.PenStyle]] = []
        self._empty_look: object = None
        self._empty_picture = QPixmap()

    # ------------------------------------------------------------ items

    def curve(
        self, width: float = 2.0, style: Qt.PenStyle = Qt.PenStyle.SolidLine, **options: Any
    ) -> pg.PlotCurveItem:
        """Add a curve. Its colour comes with :meth:`colour_curve`; ``options`` go to pyqtgraph."""
        empty = (
            {"x": [0.0, 1.0], "y": [0.0]} if "stepMode" in options else {}
        )  # steps have one edge more than values
        item = Curve(**({"connect": "finite"} | empty | options))
        self.view.addItem(item, ignoreBounds=True)
        self._curves.append((item, "#000000", width, style))
        return item

    def colour_curve(self, item: pg.PlotCurveItem, colour: str, style: Qt.PenStyle | None = None) -> None:
        """Give a curve its colour, and another line style if one is named; nothing is done where both are as
        before."""
        for index, (known, old_colour, width, old_style) in enumerate(self._curves):
            if known is item and (colour, style or old_style) != (old_colour, old_style):
                self._curves[index] = (item, colour, width, style or old_style)
                self._pen(*self._curves[index])

    def _pen(self, item: pg.PlotCurveItem, colour: str, width: float, style: Qt.PenStyle) -> None:
        pen = pg.mkPen(QColor(colour), width=width * max(1.0, self.scale_factor))
        if style == Qt.PenStyle.DashLine:
            pen.setDashPattern([4.0, 2.4])
        else:
            pen.setStyle(style)
        item.setPen(pen)

    @contextmanager
    def only_inside(self) -> Iterator[None]:
        """Hold back, for a while, what lies outside the axes: for devices that cannot clip."""
        held = []
        for item in self.view.allChildren():
            if isinstance(item, pg.PlotCurveItem | pg.ScatterPlotItem) and not item.opts.get("stepMode"):
                x, y = item.getData()
                if x is not None and len(x):
                    held.append((item, x, y))
                    item.setData(*self._inside(x, y, item.opts.get("connect")))
        try:
            yield
        finally:
            for item, x, y in held:
                item.setData(x, y)

    def _inside(self, x: Array, y: Array, connect: object) -> tuple[Array, Array]:
        (x0, x1), (y0, y1) = self._x, self._y
        inside = (x >= x0) & (x <= x1) & (y >= y0) & (y <= y1)
        if connect == "finite":  # the line breaks where it leaves
            return x, np.where(inside, y, np.nan)
        if connect == "pairs":
            inside = np.repeat(inside[::2] & inside[1::2], 2)
        return x[inside], y[inside]

    # ------------------------------------------------------------ geometry

    def set_range(self, x: tuple[float, float], y: tuple[float, float]) -> None:
        """Show these ends; nothing is done where they are as before."""
        if (x, y) != (self._x, self._y) and x[1] > x[0] and y[1] > y[0]:
            self._x, self._y = x, y
            self.view.setRange(xRange=x, yRange=y, padding=0.0, update=True, disableAutoRange=True)

    @property
    def ranges(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """What is shown: ((x low, x high), (y low, y high))."""
        return self._x, self._y

    def area(self) -> QRectF:
        """Where the data are drawn, in pixels of this widget."""
        return self._area

    def find_area(self) -> QRectF:
        """Work out :meth:`area` for the present size."""
        left, top, right, bottom = (round(margin * self.scale_factor) for margin in self.margins)
        return QRectF(left, top, max(self.width() - left - right, 20), max(self.height() - top - bottom, 20))

    def x_at(self, value: float) -> float:
        """The pixel of one x; quicker than :meth:`to_pixels`."""
        low, high = self._x
        return self._area.left() + (value - low) / (high - low) * self._area.width()

    def y_at(self, value: float) -> float:
        """The pixel of one y; quicker than :meth:`to_pixels`."""
        low, high = self._y
        return self._area.bottom() - (value - low) / (high - low) * self._area.height()

    def to_pixels(self, x: npt.ArrayLike, y: npt.ArrayLike) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
        """Data coordinates as pixels of this widget."""
        area, (x0, x1), (y0, y1) = self.area(), self._x, self._y
        return (
            area.left() + (np.asarray(x, float) - x0) / (x1 - x0) * area.width(),
            area.bottom() - (np.asarray(y, float) - y0) / (y1 - y0) * area.height(),
        )

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        if hasattr(self, "view"):
            self.lay_out()

    def lay_out(self) -> None:
        """Put the view where the data belong."""
        self._area = self.find_area()
        self.view.setGeometry(self._area)

    def apply_theme(self, theme: Theme, scale: float) -> None:
        """Take colours and sizes anew."""
        self.theme, self.scale_factor = theme, scale
        for known in self._curves:
            self._pen(*known)
        self.lay_out()
        self.refresh()

    def refresh(self) -> None:
        """Paint anew."""
        self.viewport().update()

    # ------------------------------------------------------------ painting

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        if painter.paintEngine().type() == QPaintEngine.Type.Raster:
            painter.drawPixmap(0, 0, self._empty(painter.deviceTransform().m11()))
        else:  # a vector file keeps its lines and words
            painter.fillRect(rect, QColor(self.theme.panel))
            self._draw_axes(painter)
        self.below(painter)
        self._draw_references(painter)

    def _empty(self, ratio: float) -> QPixmap:
        """The empty plot with its axes at ``ratio`` dots a pixel: painted when something of it changes and
        copied at every repaint, for words are slow."""
        shown = (self.x_axis, self.y_axis, self.right_axis)
        axes = [(axis.title, list(axis.ticks)) if axis else None for axis in shown]
        place = (self.size().toTuple(), self._area.getRect(), self.ranges, ratio)
        look = (place, axes, self.theme.name, self.scale_factor)
        if look != self._empty_look:
            self._empty_look = look
            self._empty_picture = QPixmap(self.size() * ratio)
            self._empty_picture.setDevicePixelRatio(ratio)
            self._empty_picture.fill(QColor(self.theme.panel))
            with QPainter(self._empty_picture) as painter:
                self._draw_axes(painter)
        return self._empty_picture

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        self._draw_ends(painter)
        self.above(painter)
        if self.veil:
            ground = QColor(self.theme.panel)
            ground.setAlphaF(0.8)
            painter.fillRect(QRectF(self.rect()), ground)
        if self.veil or self.hint:
            self.words(
                painter,
                self.area(),
                self.veil or self.hint,
                13,
                colour=self.theme.mute,
                align=Qt.AlignmentFlag.AlignCenter,
            )

    def below(self, painter: QPainter) -> None:
        """Paint under the curves; nothing here."""

    def above(self, painter: QPainter) -> None:
        """Paint over the curves; nothing here."""

    def px(self, size: float) -> float:
        """A size in pixels at the present scale."""
        return size * self.scale_factor

    def words(
        self,
        painter: QPainter,
        box: QRectF,
        text: str,
        px: float,
        *,
        colour: str,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
        weight: QFont.Weight = QFont.Weight.Normal,
    ) -> float:
        """Write text into a box (it may wrap, and stick out); returns the width of one line of it."""
        painter.setFont(font(self.px(px), weight))
        painter.setPen(QColor(colour))
        painter.drawText(box, int(align | Qt.TextFlag.TextWordWrap | Qt.TextFlag.TextDontClip), text)
        return metrics_of(self.px(px), weight).horizontalAdvance(text)

    def at(
        self, painter: QPainter, x: float, y: float, text: str, px: float, *, colour: str, **options: Any
    ) -> float:
        """Write one line: ``x``, ``y`` is the middle of its left end, or of its right end with
        ``right=True``, or its ``middle``."""
        weight = options.get("weight", QFont.Weight.Normal)
        width = width_of(text, self.px(px), weight)
        height, drop = line_of(self.px(px), weight)
        left = x - width if options.get("right") else x - width / 2 if options.get("middle") else x
        if options.get("inside"):
            left = min(max(left, 2.0), self.width() - width - 2.0)
        painter.setFont(font(self.px(px), weight))
        if ground := options.get("ground"):
            painter.fillRect(QRectF(left - 2, y - height / 2, width + 4, height), QColor(ground))
        painter.setPen(QColor(colour))
        painter.drawText(QPointF(left, y + drop), text)
        return width

    def _draw_references(self, painter: QPainter) -> None:
        area = self.area()
        for reference in self.references:
            x, y = self.x_at(reference.at), self.y_at(reference.at)
            pen = QPen(QColor(reference.colour or self.theme.ref), self.px(2 if reference.dashed else 1))
            pen.setDashPattern([4.0, 3.0] if reference.dashed else [2.0, 3.0])
            painter.setPen(pen)
            if reference.upright and area.left() <= x <= area.right():
                painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
            elif not reference.upright and area.top() - 1 <= y <= area.bottom() + 1:
                painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))

    def _draw_axes(self, painter: QPainter) -> None:
        area, theme = self.area(), self.theme
        tick = self.px(4)
        painter.setPen(QPen(QColor(theme.axis), 1))
        if self.y_axis.ticks:
            painter.drawLine(area.topLeft(), area.bottomLeft())
        if self.x_axis.ticks:
            painter.drawLine(area.bottomLeft(), area.bottomRight())
        if self.right_axis:
            painter.drawLine(area.topRight(), area.bottomRight())
        for value, text in self.x_axis.ticks:
            x = self.x_at(value)
            if area.left() - 1 <= x <= area.right() + 1:
                painter.setPen(QPen(QColor(theme.axis), 1))
                painter.drawLine(QPointF(x, area.bottom()), QPointF(x, area.bottom() + tick))
                for row, line in enumerate(text.split("\n")):
                    y = area.bottom() + self.px(13 + 15 * row)
                    self.at(painter, x, y, line, 12, colour=theme.mute, middle=True, inside=True)
        for axis, edge, side in ((self.y_axis, area.left(), -1), (self.right_axis, area.right(), 1)):
            for value, text in axis.ticks if axis else ():
                y = self.y_at(value)
                if area.top() - 1 <= y <= area.bottom() + 1:
                    painter.setPen(QPen(QColor(theme.axis), 1))
                    painter.drawLine(QPointF(edge, y), QPointF(edge + side * tick, y))
                    self.at(
                        painter,
                        edge + side * (tick + self.px(3)),
                        y,
                        text,
                        12,
                        colour=theme.mute,
                        right=side < 0,
                    )
        self._draw_titles(painter, area)

    def _draw_titles(self, painter: QPainter, area: QRectF) -> None:
        rows = max((text.count("\n") for _, text in self.x_axis.ticks), default=0)
        y = area.bottom() + self.px(29 + 15 * rows)
        if self.x_axis.title and y < self.height():
            self.at(painter, area.center().x(), y, self.x_axis.title, 12, colour=self.theme.mute, middle=True)
        left = area.left() - self.px(self.margins[0] - 9)
        for axis, x in ((self.y_axis, left), (self.right_axis, self.width() - self.px(9))):
            if axis and axis.title:
                painter.save()
                painter.translate(x, area.center().y())
                painter.rotate(-90)
                text = metrics_of(self.px(12)).elidedText(
                    axis.title, Qt.TextElideMode.ElideRight, self.height() - 6
                )
                self.at(painter, 0, 0, text, 12, colour=self.theme.mute, middle=True)
                painter.restore()

    def _draw_ends(self, painter: QPainter) -> None:
        """Names at the right edge, pushed apart where they would cover each other."""
        labels = [
            *self.ends,
            *(
                EndLabel(line.at, line.note, line.colour or self.theme.mute, line.name, bold=False)
                for line in self.references
                if (line.name or line.note) and not line.upright
            ),
        ]
        area = self.area()
        rows: list[list[Any]] = []
        for label in labels:
            y = self.y_at(label.at)
            if math.isfinite(y) and (not label.tex or area.top() - 2 <= y <= area.bottom() + 2):
                height = self.px(30 if label.below else 15)
                rows.append([min(max(y, area.top()), area.bottom()), height, label])
        rows.sort(key=lambda row: row[0])
        _push_apart(rows, area.top() - self.px(6), area.bottom() + self.px(8))
        x = area.right() + self.px(8)
        for y, _, label in rows:
            weight = QFont.Weight.DemiBold if label.bold else QFont.Weight.Normal
            top = y - self.px(8) if label.below else y
            left = x
            if label.tex:
                wait_for_formulas(self.viewport())
                left += draw_formula(
                    painter, x, top + self.px(4.5), label.tex, px=self.px(13), colour=label.colour
                ) + self.px(5)
            if label.text:
                self.at(painter, left, top, label.text, 12, colour=label.colour, weight=weight)
            if label.below:
                self.at(painter, x, top + self.px(15), label.below, 12, colour=label.colour)


def _push_apart(rows: list[list[Any]], top: float, bottom: float) -> None:
    """Move (middle, height, ...) rows, sorted by their middle, so that none covers another; stay above
    ``bottom``."""
    for first, second in pairwise(rows):
        second[0] = max(second[0], first[0] + (first[1] + second[1]) / 2)
    if rows and rows[-1][0] > bottom:
        rows[-1][0] = bottom
        for second, first in zip(rows[::-1], rows[-2::-1], strict=False):
            first[0] = max(min(first[0], second[0] - (first[1] + second[1]) / 2), top)
