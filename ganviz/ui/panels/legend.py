"""The row of legend words: a glyph and a word that switches its curve off and on, and choices of one out of
several."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QWidget
from superqt import QFlowLayout

from ganviz.ui.dressed import Dressed
from ganviz.ui.formula import draw_formula, formula_size, spoken
from ganviz.ui.plotting import font
from ganviz.ui.theme import LIGHT, Theme


@dataclass(frozen=True)
class Entry:
    """One legend word: ``key``, its text (or TeX), the glyph's shape, and the group in which it is a choice
    ("" for a toggle)."""

    key: str
    text: str
    glyph: str = "line"
    tex: str = ""
    group: str = ""
    on: bool = True
    tip: str = ""


def _line(painter: QPainter, box: QRectF, colour: QColor, pattern: list[float] | None) -> None:
    pen = QPen(colour, 2.4)
    if pattern:
        pen.setDashPattern(pattern)
    painter.setPen(pen)
    painter.drawLine(QPointF(box.left(), box.center().y()), QPointF(box.right(), box.center().y()))


def _disc(painter: QPainter, box: QRectF, colour: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawEllipse(box.center(), box.height() / 2.6, box.height() / 2.6)


def _ring(painter: QPainter, box: QRectF, colour: QColor) -> None:
    painter.setPen(QPen(colour, 1.6))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(box.center(), box.height() / 2.6, box.height() / 2.6)


def _diamond(painter: QPainter, box: QRectF, colour: QColor) -> None:
    centre, half = box.center(), box.height() / 2
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    corners = ((0, -half), (half, 0), (0, half), (-half, 0))
    painter.drawPolygon(QPolygonF([centre + QPointF(x, y) for x, y in corners]))


def _box(painter: QPainter, box: QRectF, colour: QColor) -> None:
    square = QRectF(box.center().x() - box.height() / 2, box.top(), box.height(), box.height())
    pale = QColor(colour)
    pale.setAlphaF(0.35)
    painter.fillRect(square, pale)
    painter.fillRect(QRectF(square.left(), square.top(), square.width(), 2), colour)


def _arrow(painter: QPainter, box: QRectF, colour: QColor) -> None:
    _line(painter, box.adjusted(0, 0, -2, 0), colour, None)
    tip, half = QPointF(box.right() + 1, box.center().y()), box.height() / 3
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawPolygon(QPolygonF([tip, tip + QPointF(-2 * half, half), tip + QPointF(-2 * half, -half)]))


GLYPHS: dict[str, tuple[float, Callable[[QPainter, QRectF, QColor], None]]] = {
    "line": (18, lambda painter, box, colour: _line(painter, box, colour, None)),
    "dash": (18, lambda painter, box, colour: _line(painter, box, colour, [2.6, 1.4])),
    "dot": (18, lambda painter, box, colour: _line(painter, box, colour, [1.0, 1.5])),
    "disc": (10, _disc),
    "ring": (10, _ring),
    "diamond": (10, _diamond),
    "box": (10, _box),
    "arrow": (18, _arrow),
}
"""Glyphs by name: width at scale 1, and how they are painted."""
CHOICE_WIDTH = 12.0


class LegendButton(Dressed, QAbstractButton):
    """One legend word. On: glyph in its colour, word underlined. Off: grey and struck through; an unchosen
    choice is not struck."""

    def __init__(self, entry: Entry, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entry, self._text, self._tex, self._colour = entry, entry.text, entry.tex, LIGHT.ink
        self.on_paper = False
        """Whether it is painted for a picture: then what cannot be seen in the plot is left out."""
        self.setCheckable(True)
        self.setChecked(entry.on)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._tip = entry.tip
        self._explain()
        self.toggled.connect(self._explain)
        self.setAccessibleName(entry.text or spoken(entry.tex))

    def say(self, text: str, colour: str, tip: str | None = None, tex: str | None = None) -> None:
        """Change word, colour, tooltip or formula; nothing is done where they are as before."""
        if tip is not None and tip != self._tip:
            self._tip = tip
            self._explain()
        said = (text, colour, self._tex if tex is None else tex)
        if said != (self._text, self._colour, self._tex):
            self._text, self._colour, self._tex = said
            self.setAccessibleName(text or spoken(self._tex))
            self.updateGeometry()
            self.update()

    @Slot()
    def _explain(self) -> None:
        """The tooltip: what it is, and what a click does."""
        if self.entry.group:
            does = "Chosen." if self.isChecked() else "Click to choose this."
        else:
            does = "Shown: click to hide it." if self.isChecked() else "Hidden: click to show it."
        self.setToolTip(f"{self._tip} {does}".strip())

    def sizeHint(self) -> QSize:
        glyph = CHOICE_WIDTH if self.entry.group else GLYPHS[self.entry.glyph][0]
        width = glyph * self._scale + 5 + self._formula_width() + self._word_width() + 4
        return QSize(round(width), round(20 * self._scale))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _word_width(self) -> float:
        return QFontMetricsF(font(12.5 * self._scale)).horizontalAdvance(self._text)

    def _formula_width(self) -> float:
        if not self._tex:
            return 0.0
        return formula_size(self._tex, 13.5 * self._scale)[0] + (5 if self._text else 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        choice, on = bool(self.entry.group), self.isChecked()
        # a picture needs no word for what is off, nor for a choice that is the usual one
        if self.on_paper and (not on or (choice and self.entry.on)):
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left = 1.0 if self.on_paper and choice else 1 + self._draw_glyph(painter, on) + 5
        right = self._draw_words(painter, left, on)
        if not self.on_paper:
            self._draw_state(painter, left, right, on)
        painter.end()

    def _draw_words(self, painter: QPainter, left: float, on: bool) -> float:
        """Write formula and word from ``left`` on; returns where they end."""
        theme, scale, middle = self._theme, self._scale, self.height() / 2
        word = QColor(theme.text if on else theme.mute)
        if self._tex:
            draw_formula(painter, left, middle + 4.5 * scale, self._tex, px=13.5 * scale, colour=word.name())
            left += self._formula_width()
        made = font(12.5 * scale)
        metrics = QFontMetricsF(made)
        painter.setFont(made)
        painter.setPen(word)
        painter.drawText(QPointF(left, middle + (metrics.ascent() - metrics.descent()) / 2), self._text)
        return left + self._word_width()

    def _draw_state(self, painter: QPainter, left: float, right: float, on: bool) -> None:
        """On: underlined. Off: struck through, but for a choice. And whether it has the focus."""
        theme, middle = self._theme, self.height() / 2
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        if on:
            painter.setPen(QPen(QColor(theme.ink if self.entry.group else self._colour), 1.5))
            painter.drawLine(QPointF(left, self.height() - 2), QPointF(right, self.height() - 2))
        elif not self.entry.group:
            painter.setPen(QPen(QColor(theme.ref), 1))
            painter.drawLine(QPointF(left, middle + 1), QPointF(right, middle + 1))
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.focus), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))

    def _draw_glyph(self, painter: QPainter, on: bool) -> float:
        theme, scale, middle = self._theme, self._scale, self.height() / 2
        if not self.entry.group:
            width, draw = GLYPHS[self.entry.glyph]
            height = 10 * scale
            draw(
                painter,
                QRectF(1, middle - height / 2, width * scale, height),
                QColor(self._colour if on else theme.ref),
            )
            return width * scale
        radius = 5 * scale
        centre = QPointF(1 + radius, middle)
        painter.setPen(QPen(QColor(theme.mute), 1.4))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(centre, radius, radius)
        if on:
            painter.setBrush(QColor(theme.text))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawEllipse(centre, radius * 0.55, radius * 0.55)
        return CHOICE_WIDTH * scale


class Legend(QWidget):
    """A row of legend words that wraps where the panel is narrow. ``changed`` tells that one was switched."""

    changed = Signal()

    def __init__(self, entries: list[Entry], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons = {entry.key: LegendButton(entry, self) for entry in entries}
        self._flow = layout = QFlowLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(10)
        layout.setVerticalSpacing(0)
        groups: dict[str, QButtonGroup] = {}
        for button in self.buttons.values():
            if button.entry.group:
                groups.setdefault(button.entry.group, QButtonGroup(self)).addButton(button)
            layout.addWidget(button)
            button.toggled.connect(self._switched)

    def _switched(self, _on: bool) -> None:
        self.changed.emit()

    def add(self, widget: QWidget) -> None:
        """Put another widget at the end of the row."""
        self._flow.addWidget(widget)

    def is_on(self, key: str) -> bool:
        """Whether the word is switched on, or the choice chosen."""
        return self.buttons[key].isChecked()

    def show_only(self, keys: set[str]) -> None:
        """Show these words and hide the others, which do not apply."""
        if keys == {key for key, button in self.buttons.items() if not button.isHidden()}:
            return
        for key, button in self.buttons.items():
            button.setVisible(key in keys)
            self._flow.removeWidget(button)  # the layout leaves a gap for what is hidden
        for key, button in self.buttons.items():
            if key in keys:
                self._flow.addWidget(button)
        self._flow.invalidate()
        self.updateGeometry()

    def apply_theme(self, theme: Theme, scale: float) -> None:
        """Hand theme and size to every word."""
        for button in self.buttons.values():
            button.apply_theme(theme, scale)

    def state(self) -> dict[str, bool]:
        """Which words are on."""
        return {key: button.isChecked() for key, button in self.buttons.items()}

    def set_state(self, state: dict[str, bool]) -> None:
        """Switch words as they were; unknown keys are passed over."""
        for key, on in state.items():
            if key in self.buttons and isinstance(on, bool) and (on or not self.buttons[key].entry.group):
                self.buttons[key].setChecked(on)
