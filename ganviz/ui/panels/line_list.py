"""The lines of a game of two numbers by name, each with its stroke and what it does; one of them is
chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QGridLayout, QSizePolicy, QWidget

from ganviz.experiment.portrait import line_title
from ganviz.ui.dressed import Dressed
from ganviz.ui.line_looks import draw_sample, look_of
from ganviz.ui.panels.plane_ground import write
from ganviz.ui.panels.readout import fitting
from ganviz.ui.plotting import metrics_of
from ganviz.ui.theme import LIGHT, Theme

WIDTH, HEIGHT, LOW = 218, 38, 21
"""Pixels of an entry at scale 1; ``LOW``: its height where only names find room."""


class LineButton(Dressed, QAbstractButton):
    """One line: its stroke, its name and a sentence. Checked: in bold, its field is drawn."""

    def __init__(self, line: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.line, self._look = line, look_of(line)
        self._sentence: tuple[str, ...] = ("",)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(line_title(line))
        self.setObjectName(f"line.{line}")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def say(self, sentence: tuple[str, ...]) -> None:
        """What the line does, in several wordings."""
        if sentence != self._sentence:
            self._sentence = sentence
            self.setToolTip(f"{line_title(self.line)}: {sentence[0]}. Click: draw its field.")
            self.setAccessibleDescription(sentence[0])
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(round(WIDTH * self._scale), round(HEIGHT * self._scale))

    def minimumSizeHint(self) -> QSize:
        return QSize(round(WIDTH * self._scale), round(LOW * self._scale))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme, scale = QPainter(self), self._theme, self._scale
        colour = self._look.colour(theme)
        if self.isChecked():
            painter.fillRect(self.rect(), QColor(theme.bar))
            painter.fillRect(0, 0, round(3 * scale), self.height(), QColor(colour))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        has_two = self.height() >= 34 * scale
        y, left = (11 * scale if has_two else self.height() / 2), 50 * scale
        box = QRectF(8 * scale, y - 5 * scale, 34 * scale, 10 * scale)
        draw_sample(painter, box, self._look, QColor(colour), 2.2 * max(scale, 1.0))
        weight = QFont.Weight.DemiBold if self.isChecked() else QFont.Weight.Normal
        room = self.width() - left - 2 * scale
        name = fitting((line_title(self.line), self._look.name), metrics_of(12.5 * scale, weight), room)
        write(painter, left, y, name, 12.5 * scale, colour, weight=weight)
        if has_two:
            words = fitting(self._sentence, metrics_of(12 * scale), room)
            write(painter, left, y + 16 * scale, words, 12 * scale, theme.mute)
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.focus), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        painter.end()


class LineList(QWidget):
    """One button for each line, in a column or, where it lies flat, in rows. ``chosen`` carries the line that
    was clicked."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._theme, self._scale = LIGHT, 1.0
        self.buttons: dict[str, LineButton] = {}
        self._group = QButtonGroup(self)
        self._columns = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(1)
        self._group.buttonClicked.connect(self._clicked)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Ignored)

    @Slot(QAbstractButton)
    def _clicked(self, button: QAbstractButton) -> None:
        assert isinstance(button, LineButton)
        self.chosen.emit(button.line)

    def show_lines(self, lines: Sequence[str], chosen: str, words: Mapping[str, tuple[str, ...]]) -> None:
        """Show these lines, one of them chosen, with what each does."""
        if tuple(lines) != tuple(self.buttons):
            for button in self.buttons.values():
                self._group.removeButton(button)
                self._grid.removeWidget(button)
                button.hide()
                button.deleteLater()
            self.buttons = {line: LineButton(line, self) for line in lines}
            for button in self.buttons.values():
                button.apply_theme(self._theme, self._scale)
                self._group.addButton(button)
            self._place()
        for line, button in self.buttons.items():
            button.setChecked(line == chosen)
            button.say(words[line])

    def rows_in(self, columns: int) -> int:
        """How many rows they take in so many columns."""
        return -(-len(self.buttons) // columns)

    def lie(self, columns: int) -> None:
        """Lie flat, in so many columns; 0: stand in a column as high as there is room."""
        if columns != self._columns:
            self._columns = columns
            self._place()

    def _place(self) -> None:
        stands = self._columns == 0
        for index, button in enumerate(self.buttons.values()):
            self._grid.removeWidget(button)
            self._grid.addWidget(button, *divmod(index, max(self._columns, 1)))
        for row in range(self._grid.rowCount()):
            self._grid.setRowStretch(row, 0)
        self._grid.setRowStretch(len(self.buttons), int(stands))
        policy = QSizePolicy.Policy
        self.setSizePolicy(*((policy.Fixed, policy.Ignored) if stands else (policy.Ignored, policy.Fixed)))

    def apply_theme(self, theme: Theme, scale: float) -> None:
        """Take colours and sizes anew."""
        self._theme, self._scale = theme, scale
        for button in self.buttons.values():
            button.apply_theme(theme, scale)
