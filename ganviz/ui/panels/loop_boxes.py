"""The six lines of the training loop as boxes, each with the number that it gave."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganviz.ui.dressed import Dressed
from ganviz.ui.plotting import font, metrics_of

WIDE, NARROW = 6, 3
BOX_WIDTH = 138
"""Least width of a box in a single row, in pixels at scale 1."""
BOX_HEIGHT, GAP = 37, 8


@dataclass(frozen=True)
class Box:
    """One line of the loop: what is done, the number (and a shorter form of it for a narrow box), and the
    player's colour ("" for nobody's)."""

    what: str
    number: str
    short: str = ""
    colour: str = ""


class LoopBoxes(Dressed, QWidget):
    """Boxes from left to right in one row, or in two rows of three where the panel is narrow."""

    def __init__(self) -> None:
        super().__init__()
        self.boxes: tuple[Box, ...] = ()
        self.at_work = -1
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_boxes(self, boxes: tuple[Box, ...], at_work: int = -1) -> None:
        """Show these, the one of number ``at_work`` framed; nothing is done where all is as before."""
        if (boxes, at_work) != (self.boxes, self.at_work):
            self.boxes, self.at_work = boxes, at_work
            self.setAccessibleName("; ".join(f"{box.what}: {box.number}" for box in boxes))
            self.setToolTip("\n".join(f"{n}. {box.what}: {box.number}" for n, box in enumerate(boxes, 1)))
            self.update()

    @property
    def _columns(self) -> int:
        return WIDE if self.width() >= WIDE * BOX_WIDTH * self._scale else NARROW

    def sizeHint(self) -> QSize:
        rows = WIDE // self._columns
        return QSize(200, round((rows * (BOX_HEIGHT + GAP) - GAP + 6) * self._scale))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        columns, scale = self._columns, self._scale
        gap = GAP * scale
        width = (self.width() - 2 - (columns - 1) * gap) / columns
        for index, box in enumerate(self.boxes):
            row, column = divmod(index, columns)
            left, top = 1 + column * (width + gap), 4 * scale + row * (BOX_HEIGHT * scale + gap)
            self._draw_box(painter, QRectF(left, top, width, BOX_HEIGHT * scale), index, box)
            if column + 1 < columns:
                self._draw_arrow(painter, QPointF(left + width + gap / 2, top + BOX_HEIGHT * scale / 2))
        painter.end()

    def _draw_box(self, painter: QPainter, place: QRectF, index: int, box: Box) -> None:
        theme, scale = self._theme, self._scale
        busy = index == self.at_work
        painter.setPen(QPen(QColor(theme.focus if busy else theme.border), 2 if busy else 1))
        painter.setBrush(QColor(theme.bar))
        painter.drawRect(place)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if box.colour:
            painter.fillRect(QRectF(place.left(), place.top(), 3 * scale, place.height()), QColor(box.colour))
        inner = place.adjusted(8 * scale, 2 * scale, -3 * scale, -2 * scale)
        half = inner.height() / 2
        for text, top, px, weight, colour in (
            (f"{index + 1}  {box.what}", inner.top(), 12, QFont.Weight.Normal, theme.mute),
            (self._fitting(box, inner.width()), inner.top() + half, 13, QFont.Weight.DemiBold, theme.ink),
        ):
            painter.setFont(font(px * scale, weight))
            painter.setPen(QColor(colour))
            shown = metrics_of(px * scale, weight).elidedText(
                text, Qt.TextElideMode.ElideRight, inner.width()
            )
            line = QRectF(inner.left(), top, inner.width(), half)
            painter.drawText(line, int(Qt.AlignmentFlag.AlignVCenter), shown)

    def _fitting(self, box: Box, room: float) -> str:
        wide = metrics_of(13 * self._scale, QFont.Weight.DemiBold).horizontalAdvance(box.number)
        return box.short if box.short and wide > room else box.number

    def _draw_arrow(self, painter: QPainter, at: QPointF) -> None:
        half = 2.5 * self._scale
        painter.setPen(QPen(QColor(self._theme.axis), 1.5))
        for up in (-1, 1):
            painter.drawLine(at + QPointF(half / 2, 0), at + QPointF(-half / 2, up * 1.4 * half))
