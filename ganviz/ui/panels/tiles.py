"""Drawing images as tiles, with what D says of them below; and the ground that panels of tiles share."""

from __future__ import annotations

from abc import abstractmethod

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganviz.theory.objective import sigmoid
from ganviz.ui import formatting
from ganviz.ui.plotting import font, width_of
from ganviz.ui.theme import LIGHT, Theme

UNDER = 24
"""Room below a tile for the bar and the number, in pixels at scale 1."""
GAP = 8
"""Least room between two tiles side by side."""


class Canvas(QWidget):
    """A ground to draw tiles on; ``hint`` stands in its middle where there is nothing to draw."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme, self.scale_factor = LIGHT, 1.0
        self.hint = ""
        self.setMinimumSize(120, 60)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)

    def sizeHint(self) -> QSize:
        return QSize(480, 280)

    def apply_theme(self, theme: Theme, scale: float) -> None:
        """Take colours and sizes anew."""
        self.theme, self.scale_factor = theme, scale
        self.update()

    def px(self, size: float) -> float:
        """A size in pixels at the present scale."""
        return size * self.scale_factor

    @property
    def dark(self) -> bool:
        """Whether the ground is dark, and ink therefore light."""
        return self.theme.name == "dark"

    @abstractmethod
    def paint(self, painter: QPainter) -> None:
        """Draw what there is."""

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self.paint(painter)
        if self.hint:
            painter.setFont(font(self.px(13)))
            painter.setPen(QColor(self.theme.mute))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(QRectF(self.rect()).adjusted(8, 0, -8, 0), int(flags), self.hint)
        painter.end()

    def tile(
        self, painter: QPainter, box: QRectF, image: QImage, *, ring: str = "", width: float = 2.0
    ) -> None:
        """Draw an image in a hairline frame, or in a ``ring`` of this colour; one of another shape than the
        box in its middle."""
        shrink = min(box.width() / image.width(), box.height() / image.height())
        wide, high = shrink * image.width(), shrink * image.height()
        box = QRectF(box.center().x() - wide / 2, box.center().y() - high / 2, wide, high)
        painter.drawImage(box, image)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(ring or self.theme.border), self.px(width) if ring else 1))
        out = self.px(width) / 2 if ring else 0.0
        painter.drawRect(box.adjusted(-out, -out, out, out))

    def score(
        self,
        painter: QPainter,
        box: QRectF,
        output: float,
        *,
        probability: bool,
        colour: str,
        bar: bool = True,
    ) -> None:
        """Below a tile the bar from 0 to 1 with its half marked, and D's number; of a critic the score
        alone."""
        below, theme = box.bottom() + self.px(3), self.theme
        value = float(sigmoid(output)) if probability else output
        if probability and bar:
            painter.fillRect(QRectF(box.left(), below, box.width(), self.px(4)), QColor(theme.grid))
            painter.fillRect(QRectF(box.left(), below, box.width() * value, self.px(4)), QColor(colour))
            painter.fillRect(QRectF(box.center().x(), below - 1, 1, self.px(6)), QColor(theme.ref))
        text = formatting.fixed(value, 2) if probability else formatting.significant(value, 2)
        top = below + self.px(5 if bar else 0)
        self.words(painter, QRectF(box.left() - 12, top, box.width() + 24, self.px(14)), text, colour=colour)

    def words(
        self,
        painter: QPainter,
        box: QRectF,
        text: str,
        *,
        colour: str,
        px: float = 12,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignCenter,
        weight: QFont.Weight = QFont.Weight.Normal,
    ) -> None:
        """Write one line into a box; it may stick out."""
        painter.setFont(font(self.px(px), weight))
        painter.setPen(QColor(colour))
        painter.drawText(box, int(align | Qt.TextFlag.TextDontClip), text)

    def upright(
        self, painter: QPainter, span: tuple[float, float], text: str, *, x: float, colour: str
    ) -> None:
        """Write a word along a vertical line, in the middle of what it spans, from below to above."""
        painter.save()
        painter.translate(x, sum(span) / 2)
        painter.rotate(-90)
        box = QRectF(-60, -12, 120, 24)
        self.words(painter, box, text, colour=colour, px=12.5, weight=QFont.Weight.DemiBold)
        painter.restore()

    def chip(self, painter: QPainter, corner: QPointF, text: str, colour: str) -> None:
        """A letter on a small ground of this colour, its upper left corner here."""
        size = self.px(11)
        wide = max(width_of(text, size, QFont.Weight.Bold) + self.px(5), self.px(14))
        box = QRectF(corner.x(), corner.y(), wide, self.px(14))
        painter.fillRect(box, QColor(colour))
        self.words(painter, box, text, colour=self.theme.panel, px=11, weight=QFont.Weight.Bold)
