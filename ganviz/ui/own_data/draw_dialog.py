"""The dialog in which data are drawn: the canvas, the brush, and the ways back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from PySide6.QtCore import QSaveFile, Qt, Signal, Slot
from PySide6.QtGui import QFont, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ganviz.ui import formatting
from ganviz.ui.controls import control
from ganviz.ui.own_data.canvas import Canvas
from ganviz.ui.own_data.parts import beside, dress, named, push_button
from ganviz.ui.own_data.sides import Sides, use_words
from ganviz.ui.own_data.strokes import Drawing
from ganviz.ui.style import font
from ganviz.ui.theme import Theme
from ganviz.ui.value_slider import FlatSlider

STOPS = 24
SIZES = (0.01, 0.5)
"""Radius of the brush in shares of the square's half side: at the ends of its slider."""
RATES = (10.0, 2000.0)
"""Points a second, likewise."""
FIRST_SIZE, FIRST_RATE = 12, 12
COLUMN = 236
"""Width of the column of controls, in pixels at scale 1."""
FILTER = "Points (*.csv)"


def stop_value(ends: tuple[float, float], stop: int) -> float:
    """The value at a stop of a slider from the first of ``ends`` to the second, in equal ratios, with two
    digits."""
    low, high = ends
    return float(f"{low * (high / low) ** (stop / STOPS):.2g}")


class DrawDialog(QDialog):
    """Draws in ``drawings``, one a side, of which that of ``side`` is shown first. ``used`` carries the sides
    whose points shall be the experiment's data: the one on show, and the other where it was drawn in. Keeps
    the window waiting until it is closed.
    """

    used = Signal(object)

    def __init__(self, parent: QWidget, drawings: Mapping[str, Drawing], side: str, folder: str) -> None:
        super().__init__(parent)
        self.setObjectName("dialog.draw")
        self.setWindowTitle("Draw data")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._drawings, self._folder = drawings, folder
        self._opened = {one: drawing.points for one, drawing in drawings.items()}
        self.sides = Sides("draw", tuple(drawings), side)
        self.sides.changed.connect(self._change_side)
        self.canvas = Canvas(self.drawing)
        self.canvas.changed.connect(self._follow)
        self.brush = push_button("draw.brush", self._choose_tool)
        self.eraser = push_button("draw.erase", self._choose_tool)
        for button in (self.brush, self.eraser):
            button.setCheckable(True)
            button.setAutoExclusive(True)
        self.brush.setChecked(True)
        self.undo = push_button("draw.undo", self._undo)
        self.redo = push_button("draw.redo", self._redo)
        self.clear = push_button("draw.clear", self._clear)
        self.save = push_button("draw.save", self._ask_for_file)
        self.cancel = push_button("draw.cancel", self.reject)
        self.use = push_button("draw.use", self._use)
        self.use.setDefault(True)
        self.radius = self._slider("draw.size", FIRST_SIZE)
        self.density = self._slider("draw.density", FIRST_RATE)
        self.radius_words, self.density_words = QLabel(), QLabel()
        self.count, self.note = QLabel(), QLabel()
        self.note.setWordWrap(True)
        named(self.canvas, "draw.canvas")
        self.use.setText(use_words("draw", self.sides))
        self._lay_out()
        self._add_keys()
        self._take_brush()
        self._follow()
        self.canvas.setFocus()

    @property
    def drawing(self) -> Drawing:
        """The points on show."""
        return self._drawings[self.sides.side]

    # ------------------------------------------------------------ building

    def _slider(self, name: str, stop: int) -> FlatSlider:
        slider = FlatSlider(STOPS, thick=1.5)
        named(slider, name)
        slider.setPageStep(4)
        slider.setValue(stop)
        slider.valueChanged.connect(self._take_brush)
        return slider

    def _lay_out(self) -> None:
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addWidget(self.sides)
        column.addLayout(beside(self.brush, self.eraser))
        for words, slider in ((self.radius_words, self.radius), (self.density_words, self.density)):
            column.addSpacing(6)
            column.addWidget(words)
            column.addWidget(slider)
        column.addSpacing(10)
        column.addLayout(beside(self.undo, self.redo))
        column.addLayout(beside(self.clear, self.save))
        column.addSpacing(10)
        column.addWidget(self.count)
        column.addWidget(self.note)
        column.addStretch(1)
        column.setContentsMargins(0, 0, 0, 0)
        tools, area, self._side = QWidget(), QScrollArea(), QWidget()
        tools.setLayout(column)
        area.setWidget(tools)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        whole = QVBoxLayout(self._side)
        whole.setContentsMargins(0, 8, 0, 0)
        whole.addWidget(area, 1)  # scrolls where the window is small and the type large
        whole.addWidget(self.use)
        whole.addWidget(self.cancel)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 10, 16, 12)
        layout.setSpacing(14)
        layout.addWidget(self.canvas, 1)
        layout.addWidget(self._side)

    def _add_keys(self) -> None:
        """Letters for the tools, brackets for the size, the usual keys for the ways back."""
        keys: tuple[tuple[QKeySequence | QKeySequence.StandardKey, Callable[[], object]], ...] = (
            (QKeySequence("B"), self.brush.click),
            (QKeySequence("E"), self.eraser.click),
            (QKeySequence("["), self._smaller),
            (QKeySequence("]"), self._larger),
            (QKeySequence.StandardKey.Undo, self.undo.click),
            (QKeySequence("Ctrl+Shift+Z"), self.redo.click),
            (QKeySequence("Ctrl+Y"), self.redo.click),
            (QKeySequence.StandardKey.Save, self.save.click),
            (QKeySequence("Del"), self.clear.click),
        )
        for key, deed in keys:
            QShortcut(key, self).activated.connect(deed)

    def apply_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours and the scale of type."""
        self.canvas.apply_theme(theme, scale)
        self._side.setFixedWidth(round(COLUMN * scale))
        dress(self.findChildren(QPushButton), self.use, theme, scale)
        for slider in (self.radius, self.density):
            slider.apply_theme(theme, scale)
        for words in (self.radius_words, self.density_words):
            words.setFont(font(13, scale))
        self.count.setFont(font(24, scale, QFont.Weight.DemiBold))
        self.note.setFont(font(12.5, scale))
        self.note.setStyleSheet(f"color: {theme.mute}")
        self._fit(scale)

    def _fit(self, scale: float) -> None:
        """As high as it is good to draw in, and as the window has room for."""
        parent = self.parentWidget()
        assert parent is not None
        height = min(round(700 * scale), round(0.94 * parent.height()))
        beside = round((COLUMN + 40) * scale)
        self.resize(min(height + beside, round(0.96 * parent.width())), height)

    # ------------------------------------------------------------ brush

    @Slot()
    def _choose_tool(self) -> None:
        self.canvas.end_stroke()
        self.canvas.erasing = self.eraser.isChecked()
        self.canvas.update()

    @Slot()
    def _take_brush(self) -> None:
        half = self.drawing.half
        radius = stop_value(SIZES, self.radius.value()) * half
        self.canvas.radius = radius
        self.canvas.rate = stop_value(RATES, self.density.value())
        self.radius_words.setText(f"Brush radius  {formatting.significant(radius)}")
        self.density_words.setText(f"Density  {formatting.fixed(self.canvas.rate, 0)} points a second")
        self.canvas.update()

    @Slot()
    def _smaller(self) -> None:
        self.radius.setValue(self.radius.value() - 1)

    @Slot()
    def _larger(self) -> None:
        self.radius.setValue(self.radius.value() + 1)

    # ------------------------------------------------------------ the points

    @Slot()
    def _follow(self) -> None:
        """Show the count, and offer what can be done with it."""
        drawing = self.drawing
        number = formatting.fixed(drawing.count, 0)
        self.count.setText(f"{number} point{'' if drawing.count == 1 else 's'}")
        most = formatting.fixed(drawing.most, 0)
        self.note.setText(
            f"{most} is the most that a drawing holds: erase some to draw on."
            if drawing.is_full
            else f"At most {most}. A sample is one of them, moved a little: see the setting Spread σ."
        )
        self.canvas.setAccessibleDescription(f"{number} points. {control('draw.canvas').help}")
        idle = not self.canvas.is_drawing
        self.undo.setEnabled(drawing.can_undo and idle)
        self.redo.setEnabled(drawing.can_redo and idle)
        for button in (self.clear, self.save, self.use):
            button.setEnabled(drawing.count > 0)

    @Slot()
    def _undo(self) -> None:
        self.canvas.end_stroke()
        self.drawing.undo()
        self.canvas.show_drawing()

    @Slot()
    def _redo(self) -> None:
        self.canvas.end_stroke()
        self.drawing.redo()
        self.canvas.show_drawing()

    @Slot()
    def _clear(self) -> None:
        self.canvas.end_stroke()
        self.drawing.clear()
        self.canvas.show_drawing()

    @Slot()
    def _change_side(self) -> None:
        self.canvas.show_other(self.drawing)
        self._take_brush()
        self.use.setText(use_words("draw", self.sides))

    @Slot()
    def _use(self) -> None:
        self.canvas.end_stroke()
        shown, others = self.sides.side, (side for side in self._drawings if side != self.sides.side)
        drawn = [side for side in others if self._is_drawn_in(side)]
        self.used.emit([shown, *drawn])
        self.accept()

    def _is_drawn_in(self, side: str) -> bool:
        drawing = self._drawings[side]
        return drawing.count > 0 and not np.array_equal(drawing.points, self._opened[side])

    # ------------------------------------------------------------ as a file

    @Slot()
    def _ask_for_file(self) -> None:
        self.canvas.end_stroke()
        proposal = str(Path(self._folder) / "drawing.csv")
        name, _ = QFileDialog.getSaveFileName(self, "Save the points", proposal, FILTER)
        if name:
            self.save_to(Path(name if name.lower().endswith(".csv") else f"{name}.csv"))

    def save_to(self, path: Path) -> None:
        """Write the points to this file, whole or not at all, and say what became of it."""
        file = QSaveFile(str(path))
        text = self.drawing.to_csv().encode()
        if file.open(QSaveFile.OpenModeFlag.WriteOnly) and file.write(text) == len(text) and file.commit():
            self.note.setText(f"Saved {path.name}")
        else:
            self.note.setText(f"{path.name}: {file.errorString()}; accepted: a folder that can be written to")
