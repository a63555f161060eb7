"""Mathematics on screen: outlines of formulas, turned into pictures by Qt in any size and colour."""

from __future__ import annotations

import math
import re
from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPaintEngine, QPainter, QPaintEvent, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QLabel, QWidget

from ganviz.ui.typeset import LETTERS, outline

VECTORS = (QPaintEngine.Type.SVG, QPaintEngine.Type.Pdf)
"""Where a picture made of pixels would look coarse beside the text."""
MARGIN = 1.0
"""Pixels around the ink: what antialiasing softens lies within."""


@lru_cache(maxsize=512)
def _renderer(tex: str, colour: str) -> QSvgRenderer:
    """The picture of the ink."""
    return QSvgRenderer(QByteArray(outline(tex).svg(colour)))


def _box(tex: str, px: float) -> tuple[float, float, float]:
    """Width and height of a formula with its margin, and how far below its top the base line lies, in
    pixels."""
    _, top, width, height = (number * px / LETTERS for number in outline(tex).box)
    return width + 2 * MARGIN, height + 2 * MARGIN, MARGIN - top


def _render(painter: QPainter, x: float, y: float, tex: str, px: float, colour: str) -> None:  # noqa: PLR0917
    width, height, _ = _box(tex, px)
    box = QRectF(x, y, width, height).adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
    _renderer(tex, colour).render(painter, box)


@lru_cache(maxsize=512)
def formula_pixmap(tex: str, px: float, colour: str, device_ratio: float = 1.0) -> QPixmap:
    """The formula as a picture with a clear background, ``px`` high letters, for a screen of that device
    ratio."""
    width, height, _ = _box(tex, px)
    pixmap = QPixmap(max(1, round((width + 1) * device_ratio)), max(1, round((height + 1) * device_ratio)))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.scale(device_ratio, device_ratio)
    _render(painter, 0, 0, tex, px, colour)
    painter.end()
    pixmap.setDevicePixelRatio(device_ratio)
    return pixmap


def formula_size(tex: str, px: float) -> tuple[float, float]:
    """Width of the formula, and how far its baseline lies below its top."""
    width, _, baseline = _box(tex, px)
    return width, baseline


def _paint(painter: QPainter, x: float, y: float, tex: str, px: float, colour: str) -> None:  # noqa: PLR0917
    """Paint a formula with its upper left corner there: from the kept picture on a screen, in the pixels of
    what is painted on; as curves into a file of curves."""
    if painter.paintEngine().type() in VECTORS:
        _render(painter, x, y, tex, px, colour)
        return
    device, along = painter.device(), painter.deviceTransform()
    ratio = max(device.devicePixelRatioF() if device else 1.0, math.hypot(along.m11(), along.m12()))
    painter.drawPixmap(round(x), round(y), formula_pixmap(tex, px, colour, round(ratio, 2)))


def draw_formula(  # noqa: PLR0917 - the order of QPainter.drawText, then the look
    painter: QPainter, x: float, baseline: float, tex: str, px: float, colour: str
) -> float:
    """Draw a formula that begins at ``x`` and stands on ``baseline``; returns its width."""
    width, above = formula_size(tex, px)
    _paint(painter, x, baseline - above, tex, px, colour)
    return width


def spoken(tex: str) -> str:
    """A formula in plain letters, for those who have the window read out: "-log D", "p_data"."""
    return re.sub(r"[{}]|\\(math(rm|bb)|[,!; ])?", "", tex).strip()


class FormulaLabel(QLabel):
    """A label that shows one formula, or a short form of it where the room is too small for the whole."""

    def __init__(self, tex: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tex, self._short, self._px, self._colour = tex, "", 14.0, "#15191E"
        self.setAccessibleName(spoken(tex))

    def set_formula(self, tex: str, short: str = "") -> None:
        """Show this TeX instead."""
        if (tex, short) != (self._tex, self._short):
            self._tex, self._short = tex, short
            self.setAccessibleName(spoken(tex))
            self.updateGeometry()
            self.update()

    def apply(self, colour: str, px: float) -> None:
        """Set colour (a name that Qt knows) and letter size in pixels."""
        self._colour, self._px = QColor(colour).name(), px
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        width, _ = formula_size(self._tex, self._px)
        return QSize(round(width) + 2, round(1.7 * self._px))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        forms = filter(None, (self._tex, self._short))
        tex = next((tex for tex in forms if formula_size(tex, self._px)[0] <= self.width() + 1), "")
        if not tex:
            return  # a formula cut in half says something else than the formula
        width, height, _ = _box(tex, self._px)
        left, top = self.width() - width - 1, (self.height() - height - 1) / 2
        painter = QPainter(self)
        _paint(painter, left, top, tex, self._px, self._colour)
        painter.end()
