"""What is costly to paint and rarely changes is painted into a picture once, and shown from there."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPaintEngine, QPainter, QPixmap


class KeptPictures:
    """Pictures by their keys, each with the look that it was made for, all on a ``ground`` of one colour."""

    def __init__(self, ground: str) -> None:
        self._ground = ground
        self._pictures: dict[Hashable, tuple[object, QPixmap]] = {}

    def draw(
        self, painter: QPainter, key: Hashable, box: QRectF, look: object, paint: Callable[[QPainter], None]
    ) -> None:
        """Show in a box what ``paint`` draws from (0, 0), anew where its ``look`` is another; straight where
        the painter writes a file of curves."""
        if painter.paintEngine().type() != QPaintEngine.Type.Raster:
            painter.save()
            painter.translate(box.topLeft())
            paint(painter)
            painter.restore()
            return
        ratio = painter.deviceTransform().m11()
        kept = self._pictures.get(key)
        if kept is None or kept[0] != (look, ratio):
            picture = QPixmap(round(box.width() * ratio), round(box.height() * ratio))
            picture.setDevicePixelRatio(ratio)
            picture.fill(QColor(self._ground))
            with QPainter(picture) as own:
                paint(own)
            kept = self._pictures[key] = ((look, ratio), picture)
        painter.drawPixmap(box.topLeft(), kept[1])
