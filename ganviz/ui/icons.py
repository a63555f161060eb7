"""The icons: glyphs of the Material Design font that comes with qtawesome. That library itself loads
every name of Qt, which takes longer than making the window does, for the nine glyphs used here.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QIcon, QIconEngine, QPainter, QPixmap

GLYPHS = {
    "alert-outline": 0xF002A,
    "chevron-down": 0xF0140,
    "chevron-left": 0xF0141,
    "chevron-right": 0xF0142,
    "dice-5-outline": 0xF114E,
    "pause": 0xF03E4,
    "play": 0xF040A,
    "restore": 0xF099B,
    "step-forward": 0xF04D7,
}
"""Where the font has them, by their names in the set."""
SHARE = 0.875
"""Height of the glyph in that of the icon, so that no part of it is cut off."""


@lru_cache(maxsize=256)
def icon(name: str, colour: str) -> QIcon:
    """The icon of this name, a key of `GLYPHS`, in one colour."""
    return QIcon(_Engine(chr(GLYPHS[name]), colour))


def picture(name: str, colour: str, side: int) -> QPixmap:
    """The icon of this name as a picture of ``side`` pixels, as fine as the finest screen. Kept, because a
    form has fifty of the same."""
    finest = max(screen.devicePixelRatio() for screen in QGuiApplication.screens())
    return _picture(name, colour, side, finest)


@lru_cache(maxsize=256)
def _picture(name: str, colour: str, side: int, ratio: float) -> QPixmap:
    return icon(name, colour).pixmap(side)


@lru_cache(maxsize=1)
def _family() -> str:
    """The name under which Qt has the font of the glyphs."""
    found = find_spec("qtawesome")
    assert found is not None and found.origin is not None
    (file,) = Path(found.origin).parent.glob("fonts/materialdesignicons6-*.ttf")
    return QFontDatabase.applicationFontFamilies(QFontDatabase.addApplicationFont(str(file)))[0]


class _Engine(QIconEngine):
    """Draws one glyph at any size."""

    def __init__(self, glyph: str, colour: str) -> None:
        super().__init__()
        self._glyph, self._colour = glyph, colour

    def clone(self) -> QIconEngine:
        return _Engine(self._glyph, self._colour)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        painter.save()
        font = QFont(_family())
        font.setPixelSize(max(1, round(SHARE * rect.height())))
        painter.setFont(font)
        painter.setPen(QColor(self._colour))
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), self._glyph)
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        made = QPixmap(size)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return made
