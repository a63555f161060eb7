"""Image samples: one row of reals, rows of fakes from fixed noise, and under each what D says of it."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganviz.data.base import Source
from ganviz.theory.objective import sigmoid
from ganviz.ui import formatting
from ganviz.ui.panels.pictures import Array, pictures
from ganviz.ui.plotting import font
from ganviz.ui.theme import LIGHT, Theme

TILE = 38
UNDER = 22
"""Room below an image for the bar and the number."""
MOST_COLUMNS, MOST_ROWS = 12, 5


class ImageGrid(QWidget):
    """As many fakes as fit, at most 5 × 12, and a row of reals above."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._scale = LIGHT, 1.0
        self._tiles: dict[str, list[QImage]] = {"real": [], "fake": []}
        self._outputs: dict[str, Array] = {"real": np.zeros(0), "fake": np.zeros(0)}
        self._probability = True
        self.hint = ""
        self.setMinimumSize(160, 120)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        return QSize(480, 280)

    def apply_theme(self, theme: Theme, scale: float) -> None:
        """Take colours and sizes anew."""
        self._theme, self._scale = theme, scale
        self.update()

    def show_images(
        self, images: dict[str, Array], outputs: dict[str, Array], source: Source, probability: bool
    ) -> None:
        """Show images (n, dim) of a source under "real" and "fake", and D's outputs (n,) on them."""
        self._probability = probability
        self._outputs = {
            name: np.asarray(values[: MOST_COLUMNS * MOST_ROWS], float) for name, values in outputs.items()
        }
        for name, values in images.items():
            shown = values[: MOST_COLUMNS * MOST_ROWS]
            self._tiles[name] = pictures(shown, source, dark=self._theme.name == "dark")
        self.update()

    def clear(self) -> None:
        """Show nothing."""
        self._tiles = {"real": [], "fake": []}
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        scale, left = self._scale, 30 * self._scale
        columns = max(1, min(MOST_COLUMNS, int((self.width() - left) / ((TILE + 8) * scale))))
        rows = max(1, min(MOST_ROWS, int(self.height() / ((TILE + UNDER) * scale)) - 1))
        width, height = (self.width() - left) / columns, self.height() / (rows + 1)
        side = max(8.0, min(width - 8 * scale, height - UNDER * scale))
        for row in range(rows + 1):
            name = "real" if row == 0 else "fake"
            colour = self._theme.real if row == 0 else self._theme.fake
            for column in range(columns):
                index = column if row == 0 else (row - 1) * columns + column
                if index < len(self._tiles[name]):
                    corner = QPointF(left + column * width + (width - side) / 2, row * height + 2)
                    self._draw_tile(
                        painter,
                        corner,
                        side=side,
                        image=self._tiles[name][index],
                        output=float(self._outputs[name][index]),
                        colour=colour,
                    )
        if self._tiles["fake"]:
            self._draw_names(painter, height, rows)
        if self.hint:
            painter.setFont(font(13 * scale))
            painter.setPen(QColor(self._theme.mute))
            painter.drawText(QRectF(self.rect()), int(Qt.AlignmentFlag.AlignCenter), self.hint)
        painter.end()

    def _draw_tile(
        self, painter: QPainter, corner: QPointF, *, side: float, image: QImage, output: float, colour: str
    ) -> None:
        scale, theme = self._scale, self._theme
        box = QRectF(corner.x(), corner.y(), side, side)
        painter.drawImage(box, image)
        painter.setPen(QPen(QColor(theme.border), 1))
        painter.drawRect(box)
        below = box.bottom() + 3 * scale
        if self._probability:
            score = float(sigmoid(output))
            painter.fillRect(QRectF(box.left(), below, side, 4 * scale), QColor(theme.grid))
            painter.fillRect(QRectF(box.left(), below, side * score, 4 * scale), QColor(colour))
            painter.fillRect(QRectF(box.center().x(), below - 1, 1, 6 * scale), QColor(theme.ref))
        painter.setFont(font(11 * scale))
        painter.setPen(QColor(colour))
        text = formatting.fixed(score, 2) if self._probability else formatting.significant(output, 2)
        words = QRectF(box.left() - 8, below + 4 * scale, side + 16, 13 * scale)
        painter.drawText(words, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip), text)

    def _draw_names(self, painter: QPainter, height: float, rows: int) -> None:
        painter.setFont(font(12.5 * self._scale, font(12).Weight.DemiBold))
        spans = (
            ("real", self._theme.real, 0.0, height),
            ("fake", self._theme.fake, height, height * (rows + 1)),
        )
        for name, colour, top, bottom in spans:
            painter.save()
            painter.translate(12 * self._scale, (top + bottom) / 2)
            painter.rotate(-90)
            painter.setPen(QColor(colour))
            painter.drawText(QRectF(-60, -12, 120, 24), int(Qt.AlignmentFlag.AlignCenter), name)
            painter.restore()
        painter.setPen(QPen(QColor(self._theme.hair), 1))
        painter.drawLine(QPointF(0, height - 2), QPointF(self.width(), height - 2))
