"""A small picture of what a data source gives: some of its images, its points in the plane, or a
histogram."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganviz.data import Source
from ganviz.ui.panels.pictures import pictures
from ganviz.ui.style import font
from ganviz.ui.theme import LIGHT, Theme

Array = npt.NDArray[np.float64]
IMAGES, POINTS, BINS = 24, 500, 48


@dataclass(frozen=True)
class Glance:
    """A few samples of a source, (n, dim), and the source."""

    source: Source
    samples: Array


def glance(source: Source, count: int = 0) -> Glance:
    """The first images of a finite set, or samples that are the same at every call."""
    number = count or (IMAGES if source.image_shape else POINTS)
    if source.image_shape and source.count:
        samples = source.rows(np.linspace(0, source.count - 1, min(number, source.count)).astype(np.intp))
    else:
        samples = source.sample(np.random.default_rng(0), number)
    return Glance(source, samples.astype(np.float64))


class SourcePicture(QWidget):
    """Shows a glance at a source, or a line of words while there is none."""

    def __init__(self, height: int, words_px: float = 12) -> None:
        super().__init__()
        self._words_px = words_px
        self._height, self._theme, self._scale = height, LIGHT, 1.0
        self._glance: Glance | None = None
        self._tiles: list[QImage] = []
        self.words = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    @property
    def shown(self) -> Glance | None:
        """What is shown now."""
        return self._glance

    def show_glance(self, glance: Glance | None, words: str = "") -> None:
        """Show a glance; or, where it is None, the words."""
        self._glance, self.words = glance, words
        self._make_tiles()
        self.update()

    def _make_tiles(self) -> None:
        seen, self._tiles = self._glance, []
        if seen is not None and seen.source.image_shape is not None:
            self._tiles = pictures(seen.samples, seen.source, dark=self._theme.name == "dark")

    def apply_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours and the scale of type."""
        self._theme, self._scale = theme, scale
        self._make_tiles()
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """As high as was asked for."""
        return QSize(round(220 * self._scale), round(self._height * self._scale))

    def minimumSizeHint(self) -> QSize:
        """The same height, narrower."""
        return QSize(round(120 * self._scale), round(self._height * self._scale))

    # ------------------------------------------------------------ painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Images, points, bars, or words."""
        painter = QPainter(self)
        room = QRectF(self.rect())
        if self._glance is None:
            self._paint_words(painter, room)
        elif self._tiles:
            self._paint_tiles(painter, room)
        elif self._glance.source.dim == 2:
            self._paint_plane(painter, room)
        else:
            self._paint_line(painter, room)
        painter.end()

    def _paint_words(self, painter: QPainter, room: QRectF) -> None:
        """Words in a dashed frame: here something can be put."""
        pen = QPen(QColor(self._theme.control_border), 2)
        pen.setDashPattern([4, 4])
        painter.setPen(pen)
        painter.drawRect(room.adjusted(1, 1, -1, -1))
        painter.setPen(QColor(self._theme.mute))
        painter.setFont(font(self._words_px, self._scale))
        inside = room.adjusted(*(side * self._scale for side in (12, 6, -12, -6)))
        painter.drawText(inside, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self.words)

    def _paint_tiles(self, painter: QPainter, room: QRectF) -> None:
        """As many images as fit, as large as they fit."""
        gap = 3 * self._scale
        columns, side = _tiling(len(self._tiles), room.width(), room.height(), gap)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, side < self._tiles[0].width())
        painter.setPen(QPen(QColor(self._theme.border), 1))
        rows = -(-len(self._tiles) // columns)
        left = (room.width() - columns * (side + gap) + gap) / 2
        top = (room.height() - rows * (side + gap) + gap) / 2
        for index, tile in enumerate(self._tiles):
            row, column = divmod(index, columns)
            place = QRectF(round(left + column * (side + gap)), round(top + row * (side + gap)), side, side)
            painter.drawImage(place, tile)
            painter.drawRect(place)

    def _paint_plane(self, painter: QPainter, room: QRectF) -> None:
        """Points in the square in which the source lies."""
        assert self._glance is not None
        (x0, x1), (y0, y1) = self._glance.source.extent[:2]
        scale = min((room.width() - 2) / (x1 - x0), (room.height() - 2) / (y1 - y0))
        area = QRectF(0, 0, (x1 - x0) * scale, (y1 - y0) * scale)
        area.moveCenter(room.center())
        painter.fillRect(area, QColor(self._theme.panel))
        painter.save()
        painter.setClipRect(area)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(QColor(self._theme.real), max(1.6, area.width() / 70))
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        places = [
            QPointF(area.left() + (x - x0) * scale, area.bottom() - (y - y0) * scale)
            for x, y in self._glance.samples.tolist()
        ]
        painter.drawPoints(QPolygonF(places))
        painter.restore()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(self._theme.border), 1))
        painter.drawRect(area)

    def _paint_line(self, painter: QPainter, room: QRectF) -> None:
        """A histogram of numbers."""
        assert self._glance is not None
        low, high = self._glance.source.extent[0]
        counts = np.histogram(self._glance.samples[:, 0], bins=BINS, range=(low, high))[0]
        area = room.adjusted(1, 4 * self._scale, -1, -1)
        painter.fillRect(area, QColor(self._theme.panel))
        wide = area.width() / BINS
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.real))
        for index, count in enumerate(counts.tolist()):
            high_ = 0.95 * area.height() * count / max(int(counts.max()), 1)
            painter.drawRect(QRectF(area.left() + index * wide, area.bottom() - high_, wide + 0.5, high_))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(self._theme.border), 1))
        painter.drawRect(area)
        painter.setPen(QPen(QColor(self._theme.axis), 1))
        painter.drawLine(area.bottomLeft(), area.bottomRight())


def _tiling(count: int, width: float, height: float, gap: float) -> tuple[int, float]:
    """(columns, side) of ``count`` squares as large as they can be in a rectangle."""
    best = (1, 1.0)
    for columns in range(1, count + 1):
        rows = -(-count // columns)
        side = min((width - (columns - 1) * gap) / columns, (height - (rows - 1) * gap) / rows) - 1
        if side > best[1]:
            best = (columns, side)
    return best[0], float(int(best[1]))
