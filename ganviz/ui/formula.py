"""Mathematics on screen: TeX set in STIX by ziamath, turned into a picture by Qt, kept for every formula,
size and colour.

ziamath takes a quarter of a second to import, so nothing is set before :func:`enable`, which the window
calls after its first paint. Until then a label keeps about the right size and stays blank.
"""

from __future__ import annotations

import math
import re
import weakref
from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPaintEngine, QPainter, QPaintEvent, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QLabel, QWidget
from shiboken6 import isValid

VECTORS = (QPaintEngine.Type.SVG, QPaintEngine.Type.Pdf)
"""Where a picture made of pixels would look coarse beside the text."""

_enabled = False
_waiting: weakref.WeakSet[QWidget] = weakref.WeakSet()


def enable() -> None:
    """Begin to set formulas, and set those that wait. Called once, after the first paint."""
    global _enabled  # noqa: PLW0603 - one switch for the program, thrown once
    import ziamath

    ziamath.config.svg2 = False  # QtSvg draws SVG 2 pictures empty
    _enabled = True
    for widget in tuple(_waiting):
        if isValid(widget):  # its window may have been closed before a formula was set
            widget.updateGeometry()
            widget.update()
    _waiting.clear()


def is_enabled() -> bool:
    """Whether formulas are being set."""
    return _enabled


def wait_for_formulas(widget: QWidget) -> None:
    """Lay out and paint ``widget`` anew as soon as formulas are set."""
    if not _enabled:
        _waiting.add(widget)


@lru_cache(maxsize=512)
def _renderer(tex: str, px: float, colour: str) -> tuple[QSvgRenderer, float, float, float]:
    """The picture, its width and height, and how far below its top the baseline lies, in pixels."""
    import ziamath

    formula = ziamath.Latex(tex, size=px, color=colour, inline=True)
    renderer = QSvgRenderer(QByteArray(formula.svg().encode()))
    box = renderer.viewBoxF()
    return renderer, box.width(), box.height(), -box.top()


@lru_cache(maxsize=512)
def formula_pixmap(tex: str, px: float, colour: str, device_ratio: float = 1.0) -> QPixmap:
    """The formula as a picture with a clear background, ``px`` high letters, for a screen of that device
    ratio."""
    renderer, width, height, _ = _renderer(tex, px, colour)
    pixmap = QPixmap(max(1, round((width + 1) * device_ratio)), max(1, round((height + 1) * device_ratio)))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter, QRectF(0, 0, width * device_ratio, height * device_ratio))
    painter.end()
    pixmap.setDevicePixelRatio(device_ratio)
    return pixmap


def formula_size(tex: str, px: float) -> tuple[float, float]:
    """Width of the formula, and how far its baseline lies below its top; about right while nothing is set
    yet."""
    if not _enabled:
        letters = sum(character.isalnum() or character in "=()-|<>," for character in tex)
        return 0.5 * px * letters, px
    _, width, _, baseline = _renderer(tex, px, "#000000")
    return width, baseline


def _paint(painter: QPainter, x: float, y: float, tex: str, px: float, colour: str) -> None:  # noqa: PLR0917
    """Paint a formula with its upper left corner there: from the kept picture on a screen, in the pixels of
    what is painted on; as curves into a file of curves."""
    if painter.paintEngine().type() in VECTORS:
        renderer, width, height, _ = _renderer(tex, px, colour)
        renderer.render(painter, QRectF(x, y, width, height))
        return
    device, along = painter.device(), painter.deviceTransform()
    ratio = max(device.devicePixelRatioF() if device else 1.0, math.hypot(along.m11(), along.m12()))
    painter.drawPixmap(round(x), round(y), formula_pixmap(tex, px, colour, round(ratio, 2)))


def draw_formula(  # noqa: PLR0917 - the order of QPainter.drawText, then the look
    painter: QPainter, x: float, baseline: float, tex: str, px: float, colour: str
) -> float:
    """Draw a formula that begins at ``x`` and stands on ``baseline``; returns its width."""
    width, above = formula_size(tex, px)
    if _enabled:
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
        wait_for_formulas(self)
        width, _ = formula_size(self._tex, self._px)
        return QSize(round(width) + 2, round(1.7 * self._px))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        if not _enabled or not self._tex:
            wait_for_formulas(self)
            return
        forms = filter(None, (self._tex, self._short))
        tex = next((tex for tex in forms if formula_size(tex, self._px)[0] <= self.width() + 1), "")
        if not tex:
            return  # a formula cut in half says something else than the formula
        _, width, height, _ = _renderer(tex, self._px, self._colour)
        left, top = self.width() - width - 1, (self.height() - height - 1) / 2
        painter = QPainter(self)
        _paint(painter, left, top, tex, self._px, self._colour)
        painter.end()
