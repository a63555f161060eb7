"""One plot: pyqtgraph's view and curves, with axes, reference lines and labels painted around them in one go.

pyqtgraph gives the transform and the fast items. Axes and words are drawn here in plain pixels, because that
is what the design asks for (left and bottom axis only, words at the right ends) and because laying out axis
items costs more than all curves.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPaintEngine, QPainter, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QGraphicsScene, QWidget

from ganviz.ui.marks import Axis, EndLabel, Reference
from ganviz.ui.plot_axes import draw_axes, draw_references, room_beside
from ganviz.ui.plot_labels import draw_labels
from ganviz.ui.plotting import font, line_of, metrics_of, width_of
from ganviz.ui.style import zigzag
from ganviz.ui.theme import LIGHT, Theme

__all__ = ["Axis", "EndLabel", "Plot", "Reference"]

pg.setConfigOptions(imageAxisOrder="row-major", antialias=False)


class Curve(pg.PlotCurveItem):
    """A curve whose bounds are the view's: the plots set their own ranges, so nobody needs the data's, and
    working them out at every repaint costs as much as drawing."""

    def boundingRect(self) -> QRectF:
        view = self.getViewBox()
        return QRectF(view.viewRect()) if view is not None else QRectF()

    def paint(self, painter: QPainter, *rest: Any) -> None:
        """A dashed curve of many values is drawn in short strokes; pyqtgraph does so with solid ones."""
        pen, (x, y) = self.opts["pen"], self.getData()
        is_dashed = pen.style() != Qt.PenStyle.SolidLine and not self.opts["antialias"]
        is_one_line = self.opts["connect"] == "finite" and not self.opts["stepMode"]
        if x is None or not (is_dashed and is_one_line):
            super().paint(painter, *rest)
            return
        to_plot = self.sceneTransform()
        painter.save()
        painter.setTransform(to_plot.inverted()[0] * painter.transform())
        stroke = QPen(pen)
        stroke.setCosmetic(False)
        zigzag(painter, to_plot.m11() * x + to_plot.dx(), to_plot.m22() * y + to_plot.dy(), stroke)
        painter.restore()


class Plot(pg.GraphicsView):
    """A view of data coordinates with axes painted around it. Subclasses add to :meth:`below` and
    :meth:`above`.

    ``margins`` are left, top, right, bottom in pixels at scale 1, the least that there are. Set ``x_axis``,
    ``y_axis``, ``right_axis``, ``references``, ``ends`` and ``hint``, then call :meth:`refresh`.
    """

    furthest = 26.0
    """No name stands further from its value than this, in pixels at scale 1: it is left out instead."""

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
        self.label_rows_above = 0  # lines at the right edge above the plot, which the names leave free
        self.view = pg.ViewBox(enableMenu=False, enableMouse=False, defaultPadding=0.0)
        self.view.disableAutoRange()
        self.scene().addItem(self.view)
        self.enableMouse(False)
        self.scene().setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)  # a handful of items
        self.setCacheMode(pg.GraphicsView.CacheModeFlag(0))  # else the first background would stay
        self.setViewportUpdateMode(pg.GraphicsView.ViewportUpdateMode.FullViewportUpdate)
        self.setMinimumSize(120, 70)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # nothing in it can be operated by keys
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
        """Work out :meth:`area` for the present size: beside it the widest numbers of the axes find room."""
        _, top, right, bottom = (round(margin * self.scale_factor) for margin in self.margins)
        left = self.left_room
        right = max(right, math.ceil(room_beside(self, self.right_axis)))
        return QRectF(left, top, max(self.width() - left - right, 20), max(self.height() - top - bottom, 20))

    @property
    def left_room(self) -> int:
        """The pixels that are kept for the left axis."""
        return max(round(self.px(self.margins[0])), math.ceil(room_beside(self, self.y_axis)))

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
        if self.find_area() != self._area:  # the numbers of an axis have become wider
            self.lay_out()
        self.viewport().update()

    # ------------------------------------------------------------ painting

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        if painter.paintEngine().type() == QPaintEngine.Type.Raster:
            painter.drawPixmap(0, 0, self._empty(painter.deviceTransform().m11()))
        else:  # a vector file keeps its lines and words
            painter.fillRect(rect, QColor(self.theme.panel))
            draw_axes(self, painter)
        self.below(painter)
        draw_references(self, painter)

    def _empty(self, ratio: float) -> QPixmap:
        """The empty plot with its axes at ``ratio`` dots a pixel: painted when something of it changes and
        copied at every repaint, for words are slow."""
        shown = (self.x_axis, self.y_axis, self.right_axis)
        axes = [(axis.title, list(axis.ticks), list(axis.marks)) if axis else None for axis in shown]
        place = (self.size().toTuple(), self._area.getRect(), self.ranges, ratio)
        look = (place, axes, self.theme.name, self.scale_factor)
        if look != self._empty_look:
            self._empty_look = look
            self._empty_picture = QPixmap(self.size() * ratio)
            self._empty_picture.setDevicePixelRatio(ratio)
            self._empty_picture.fill(QColor(self.theme.panel))
            with QPainter(self._empty_picture) as painter:
                draw_axes(self, painter)
        return self._empty_picture

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        draw_labels(self, painter)
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
