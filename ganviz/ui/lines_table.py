"""The chooser of lines: methods down, orders of updates across, a box and the line's stroke in each cell."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QLabel, QSizePolicy, QWidget

from ganviz.experiment.portrait import canonical, line_title, method_and_order
from ganviz.theory.dirac import ORDERS
from ganviz.theory.dirac_methods import METHODS, methods_of
from ganviz.ui.controls import control
from ganviz.ui.line_looks import SHORT, draw_sample, look_of
from ganviz.ui.own_keys import ARROWS, ENTERS, claim
from ganviz.ui.style import font
from ganviz.ui.theme import LIGHT, Theme

ROW, CELL = 22, 43
"""Height of a row and width of a cell, in pixels at scale 1."""
TICK = ((0.22, 0.52), (0.43, 0.73), (0.8, 0.28))
"""The corners of a tick in its box."""
HEADS = {"simultaneous": "simult.", "alternating": "altern.", "extragradient": "extra"}
"""What stands above the columns."""
HEAD_HELP = {
    "simultaneous": "Simultaneous: both players move from one point.",
    "alternating": "Alternating: G first, then D against the new G.",
    "extragradient": "Extragradient: both take the field found one step ahead.",
}


class LineBox(QAbstractButton):
    """One line: a box, and its stroke in its colour."""

    def __init__(self, line: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.line, self._look = line, look_of(line)
        self._theme, self._scale = LIGHT, 1.0
        method = METHODS[line.partition("/")[0]]
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setObjectName(f"box.{line}")
        self.setAccessibleName(line_title(line))
        self.setAccessibleDescription(method.sentence)
        self.setToolTip(f"{line_title(line)}. {method.sentence} ({method.source})")
        self.setWhatsThis(method.sentence)

    def apply_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours and the scale of type."""
        self._theme, self._scale = theme, scale
        self.setFixedSize(round(CELL * scale), round(ROW * scale))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(round(CELL * self._scale), round(ROW * self._scale))

    def event(self, event: QEvent) -> bool:
        """Take the arrow keys before the window's commands do."""
        return claim(event, ARROWS) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter ticks, arrow keys go to the cells around; Space belongs to Train."""
        if event.key() in ENTERS:
            self.click()
            return
        table, way = self.parent(), ARROWS.get(event.key())
        if way is not None and isinstance(table, LinesTable):
            table.go_from(self.line, -way[1], way[0])
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme, scale = QPainter(self), self._theme, self._scale
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on, middle, side = self.isChecked(), self.height() / 2, 13 * scale
        box = QRectF(2 * scale, middle - side / 2, side, side)
        edge = theme.focus if self.hasFocus() else theme.ink if on else theme.control_border
        painter.setPen(QPen(QColor(edge), 2 if self.hasFocus() else 1))
        painter.setBrush(QColor(theme.ink if on else theme.control))
        painter.drawRoundedRect(box, 2.5 * scale, 2.5 * scale)
        if on:
            painter.setPen(QPen(QColor(theme.panel), 1.8 * scale))
            tick = [box.topLeft() + QPointF(x, y) * side for x, y in TICK]
            painter.drawPolyline(tick)
        sample = QRectF(box.right() + 4 * scale, 0, self.width() - box.right() - 6 * scale, self.height())
        colour = self._look.colour(theme) if on or self.underMouse() else theme.control_border
        draw_sample(painter, sample, self._look, QColor(colour), 1.5 * scale)
        painter.end()


class LinesTable(QWidget):
    """All lines that a game has. ``proposed`` carries the tuple of those that are ticked."""

    proposed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        words = control("lines")
        self.setObjectName("lines")
        self.setAccessibleName(words.title)
        self.setAccessibleDescription(words.help)
        self.setToolTip(words.help)
        self.setWhatsThis(words.help)
        self._lines: tuple[str, ...] = ()
        self._theme, self._scale = LIGHT, 1.0
        self.boxes: dict[str, LineBox] = {}
        self._names: dict[str, QLabel] = {}
        self._heads = [QLabel(HEADS[order], self) for order in ORDERS]
        grid = self._grid = QGridLayout(self)
        grid.setContentsMargins(19, 4, 0, 2)
        grid.setSpacing(0)
        grid.setColumnStretch(0, 1)
        for column, (order, head) in enumerate(zip(ORDERS, self._heads, strict=True), 1):
            head.setToolTip(HEAD_HELP[order])
            grid.addWidget(head, 0, column)
        for row, (method, info) in enumerate(METHODS.items(), 1):
            name = self._names[method] = QLabel(SHORT[method], self)
            name.setToolTip(f"{info.title}: {info.sentence} ({info.source})")
            name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            grid.addWidget(name, row, 0)
            for column, order in enumerate(ORDERS, 1):
                line = canonical(f"{method}/{order}")
                box = self.boxes[line] = LineBox(line, self)
                box.clicked.connect(self._clicked)
                grid.addWidget(box, row, column)

    def _clicked(self) -> None:
        box = self.sender()
        assert isinstance(box, LineBox)
        kept = tuple(line for line in self._lines if line != box.line)
        chosen = (*kept, box.line) if box.isChecked() else kept
        if chosen:
            self.proposed.emit(chosen)
        else:
            box.setChecked(True)  # a game has one line at least

    def show_lines(self, game: str, lines: tuple[str, ...]) -> None:
        """Tick these lines, and show the methods that the game has."""
        self._lines = lines
        known = methods_of(game)
        for method, name in self._names.items():
            name.setVisible(method in known)
        for line, box in self.boxes.items():
            box.setVisible(line.partition("/")[0] in known)
            box.setChecked(line in lines)

    def go_from(self, line: str, down: int, right: int) -> None:
        """Give the focus to the cell beside this line's."""
        methods = [method for method, name in self._names.items() if not name.isHidden()]
        method, order = method_and_order(line)
        row, column = methods.index(method) + down, ORDERS.index(order) + right
        if 0 <= row < len(methods) and 0 <= column < len(ORDERS):
            there = canonical(f"{methods[row]}/{ORDERS[column]}")
            self.boxes[there].setFocus(Qt.FocusReason.TabFocusReason)

    def apply_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours and the scale of type."""
        self._theme, self._scale = theme, scale
        for head in self._heads:
            head.setFont(font(10.5, scale))
            head.setStyleSheet(f"color: {theme.mute}")
        for name in self._names.values():
            name.setFont(font(11.5, scale, QFont.Weight.Normal))
        for box in self.boxes.values():
            box.apply_theme(theme, scale)
