"""A button of the bars below the tool bar: a name over a formula, framed in its colour where it is chosen."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QAction, QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton

from ganviz.ui.formula import draw_formula, formula_size
from ganviz.ui.style import font
from ganviz.ui.theme import LIGHT, Theme

EDGE, CORNER, FORMULA_PX = 13, 22, 15.5
"""Left edge of a button's words, room for the number in its corner, height of its formula."""


@dataclass(frozen=True)
class Face:
    """What a button shows: its name over a formula (TeX), in the colour of an objective; ``sentence`` says
    what it is to those who hear it."""

    name: str
    equation: str
    sentence: str
    colour: str


class FaceButton(QAbstractButton):
    """One of several: number key in the corner, name, formula. Checked: tint, 2 px frame, 5 px foot, bold
    name. ``number`` 0: no key.
    """

    def __init__(self, face: Face, number: int, action: QAction) -> None:
        super().__init__()
        self.face, self._number = face, number
        self.setObjectName(action.objectName())
        self.setText(face.name)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setToolTip(action.toolTip())
        self.setWhatsThis(action.whatsThis())
        self.setAccessibleName(f"{face.name}, key {number}" if number else face.name)
        self.setAccessibleDescription(face.sentence)
        self.clicked.connect(action.trigger)
        self._theme, self._scale, self._short = LIGHT, 1.0, 0

    def apply_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours and the scale of type."""
        self._theme, self._scale = theme, scale
        self.updateGeometry()
        self.update()

    def _name_font(self, bold: bool) -> QFont:
        return font(14, self._scale, QFont.Weight.DemiBold if bold else QFont.Weight.Normal)

    def shorten(self, level: int) -> None:
        """0: room around the words; 1: only what they need; 2: the name alone, without the formula."""
        if level != self._short:
            self._short = level
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        """Wide enough for the bold name, so that the bar does not move when another one is chosen."""
        scale = self._scale
        name = QFontMetrics(self._name_font(True)).horizontalAdvance(self.text())
        formula = formula_size(self.face.equation, FORMULA_PX * scale)[0] if self._short < 2 else 0.0
        needed = EDGE * scale + max(name + CORNER * scale, formula + 8 * scale)
        roomy = 56 * scale + max(name, 96 * scale)
        return QSize(round(max(needed, 0.0 if self._short else roomy)), round(50 * scale))

    def minimumSizeHint(self) -> QSize:
        """Names stay, whatever the width."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Background, frame, name, number, formula."""
        painter, theme, scale = QPainter(self), self._theme, self._scale
        active, colour = self.isChecked(), theme.objective(self.face.colour)
        hover = theme.pressed if self.underMouse() else theme.control
        painter.fillRect(self.rect(), QColor(theme.tint(self.face.colour) if active else hover))
        painter.setPen(QPen(QColor(theme.control_border), 1))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        if active:
            painter.setPen(QPen(QColor(colour), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
            foot = round(5 * scale)
            painter.fillRect(0, self.height() - foot, self.width(), foot, QColor(colour))
        painter.setPen(QColor(colour if active else theme.ink))
        painter.setFont(self._name_font(active))
        line = QRect(round(EDGE * scale), round(3 * scale), self.width(), round(21 * scale))
        if self._short == 2:
            line.setHeight(self.height() - round(8 * scale))
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self.text())
        self._paint_words(painter, colour if active else theme.mute)

    def _paint_words(self, painter: QPainter, colour: str) -> None:
        """Number and formula, below and beside the name."""
        theme, scale = self._theme, self._scale
        if self._short < 2:
            px = FORMULA_PX * scale
            draw_formula(painter, EDGE * scale, 38 * scale, self.face.equation, px, colour)
        painter.setPen(QColor(theme.mute))
        painter.setFont(font(11, scale))
        corner = QRect(0, round(3 * scale), self.width() - round(9 * scale), round(15 * scale))
        key = str(self._number)
        painter.drawText(corner, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, key)
