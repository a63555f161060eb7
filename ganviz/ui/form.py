"""The settings rail: a form made from the experiment's declarations, in collapsible groups with a summary
each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from ganviz.data.own import idle_settings
from ganviz.experiment import GROUPS, PORTRAIT_GAMES, Experiment
from ganviz.theory.objectives import OBJECTIVES
from ganviz.ui.form_about import About
from ganviz.ui.form_groups import OPEN_AT_FIRST, Group, summary
from ganviz.ui.form_rows import Row
from ganviz.ui.icons import picture
from ganviz.ui.lines_table import LinesTable
from ganviz.ui.own_data.data_rows import DataRows
from ganviz.ui.own_data.sides import key_of, sides_of
from ganviz.ui.style import font
from ganviz.ui.theme import LIGHT, Theme

RAIL_WIDTH = 262
ORDER = (*(group for group in GROUPS if group != "experiment"), "experiment")
"""Groups from top to bottom: what the experiment is called comes last."""


def _idle(chosen: Experiment, side: str) -> frozenset[str]:
    """The settings that do nothing with the own data of this side, by the names of X's."""
    of_side = chosen if side == "x" else chosen.of_y()
    source = of_side.source_at_hand() if of_side.data == "file" else None
    return idle_settings(source) if source is not None else frozenset()


class Form(QWidget):
    """All groups in a scrolling rail. A row is made when it is first seen; the others after :meth:`begin`,
    one group a turn of the event loop, or when ``rows`` is asked for.

    ``proposed(key, value)`` carries what was entered; the owner answers with :meth:`show_experiment`, or
    :meth:`show_error` where it could not be used. ``mended``: a refused text was corrected or taken back.
    ``hide_asked``: the button that hides the rail was pressed.
    """

    proposed = Signal(str, object)
    mended = Signal()
    hide_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("rail")
        self._shown: tuple[Experiment, Experiment] | None = None
        self._idle: frozenset[str] = frozenset()
        self._theme, self._scale = LIGHT, 1.0
        self._stale: list[Group] = []
        self.has_begun = False
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.setInterval(0)
        self._turn.timeout.connect(self._take_turn)
        self.groups = {key: Group(key) for key in ORDER}
        self.lines = LinesTable()
        self.lines.proposed.connect(self._propose_lines)
        self.groups["game"].add_below("game", self.lines)
        self.data_rows = DataRows()
        self.data_rows.looked.connect(self._show_again)
        self.groups["data"].add_below("data", self.data_rows)
        self.data_rows_y = DataRows("y")
        self.groups["data"].add_below("data_y", self.data_rows_y)
        self.about = About()
        self.about.hide_asked.connect(self.hide_asked)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.about)
        for group in self.groups.values():
            column.addWidget(group)
        column.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setWidget(content)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        for part in (content, self._scroll.viewport()):
            part.setAutoFillBackground(False)
        self._legend = [
            (QLabel(), QLabel("takes effect at the next reset")),
            (QLabel("●"), QLabel("differs from the preset")),
        ]
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 2, 8)
        layout.setSpacing(4)
        layout.addWidget(self._scroll, 1)
        for mark, words in self._legend:
            line = QHBoxLayout()
            line.setContentsMargins(12, 0, 8, 0)
            line.setSpacing(8)
            mark.setAlignment(Qt.AlignmentFlag.AlignCenter)
            line.addWidget(mark)
            line.addWidget(words, 1)
            layout.addLayout(line)
        for group in self.groups.values():
            for row in group.rows.values():
                self._connect(row)
            group.header.toggled.connect(self._make_seen)

    # ------------------------------------------------------------ rows

    @property
    def rows(self) -> dict[str, Row]:
        """Every row by its setting's key."""
        for group in self.groups.values():
            self._make(group, lambda _: True)
        return dict(self._made())

    @property
    def is_dressed(self) -> bool:
        """Whether every row that is made has its look."""
        return not self._stale

    @property
    def is_complete(self) -> bool:
        """Whether every row is made and has its look."""
        return self.is_dressed and self._unmade() is None

    def begin(self) -> None:
        """From now on make the rows that are not seen yet."""
        self.has_begun = True
        self._turn.start()

    def _made(self) -> Iterator[tuple[str, Row]]:
        for group in self.groups.values():
            yield from group.rows.items()

    def _unmade(self) -> Group | None:
        return next((group for group in self.groups.values() if len(group.rows) < len(group.settings)), None)

    def _make(self, group: Group, wanted: Callable[[str], bool]) -> None:
        for row in group.make(wanted):
            self._connect(row)
            row.apply_theme(self._theme, self._scale)
            if self._shown is not None:
                self._show_row(row)

    def _connect(self, row: Row) -> None:
        row.field.proposed.connect(self._propose)
        row.field.mended.connect(self.mended)
        row.dot.clicked.connect(self._restore)

    @Slot()
    def _make_seen(self) -> None:
        """Make what is missing in the open groups."""
        if self._shown is not None:
            chosen, _ = self._shown
            for group in self.groups.values():
                if group.header.isChecked():
                    self._make(group, lambda key: self._has_place(key, chosen))

    def _row_of(self, child: Any) -> Row:
        return next(row for _, row in self._made() if child in (row.field, row.dot))

    # ------------------------------------------------------------ what is chosen

    def _propose(self, value: Any) -> None:
        self.proposed.emit(self._row_of(self.sender()).setting.key, value)

    def _propose_lines(self, lines: Any) -> None:
        self.proposed.emit("methods", lines)

    def _restore(self) -> None:
        row = self._row_of(self.sender())
        if self._shown is not None:
            _, preset = self._shown
            self.proposed.emit(row.setting.key, getattr(preset, row.setting.key))

    def show_experiment(self, chosen: Experiment, preset: Experiment) -> None:
        """Show every chosen value; hide the settings that have no effect with the others as they are, but for
        those that were switched on: they say that they rest.
        """
        made = [row for _, row in self._made()]
        self._shown = chosen, preset
        self.about.show_experiment(chosen)
        self._idle = frozenset(key_of(key, side) for side in sides_of(chosen) for key in _idle(chosen, side))
        self._make_seen()
        for row in made:
            if self._has_place(row.setting.key, chosen) or not row.isHidden():
                self._show_row(row)  # others are filled in when they appear
        for rows in (self.data_rows, self.data_rows_y):
            rows.show_experiment(chosen)
        has_lines = chosen.game in PORTRAIT_GAMES
        self.lines.setVisible(has_lines)
        if has_lines:
            self.lines.show_lines(chosen.game, chosen.methods)
        for group in self.groups.values():
            group.setVisible(any(chosen.applies(key) for key in group.settings))
        for key, group in self.groups.items():
            group.header.set_summary(summary(key, chosen))

    def _has_place(self, key: str, chosen: Experiment) -> bool:
        return chosen.rests(key) or (chosen.applies(key) and key not in self._idle)

    def _show_row(self, row: Row) -> None:
        """Fill a row in, or hide it where it has no place."""
        assert self._shown is not None
        (chosen, preset), key = self._shown, row.setting.key
        row.setVisible(self._has_place(key, chosen))
        rests = chosen.rests(key)
        row.show_title(chosen.title(key))
        row.show_rest(f"Rests: no effect with {OBJECTIVES[chosen.objective].name}." if rests else "")
        row.show_value(getattr(chosen, key), getattr(preset, key))

    @Slot(object)
    def _show_again(self, chosen: Experiment) -> None:
        """The chosen file has been read, and some of what is shown hangs on that."""
        if self._shown is not None and chosen.data == "file":
            self.show_experiment(chosen, self._shown[1])

    def show_error(self, key: str, message: str) -> None:
        """The field of ``key`` says what is wrong with its content."""
        row = self.rows.get(key)
        if row is not None:
            row.field.show_error(message)

    def close_errands(self) -> None:
        """The window closes."""
        for rows in (self.data_rows, self.data_rows_y):
            rows.close_errand()

    def save_state(self) -> dict[str, bool]:
        """Which groups are open."""
        return {key: group.header.isChecked() for key, group in self.groups.items()}

    def restore_state(self, state: dict[str, bool]) -> None:
        """Open and close groups as they were."""
        for key, group in self.groups.items():
            group.set_open(bool(state.get(key, key in OPEN_AT_FIRST)))

    def apply_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours and the scale of type."""
        self._theme, self._scale = theme, scale
        self.setFixedWidth(round(RAIL_WIDTH * scale))
        self._scroll.verticalScrollBar().setStyleSheet(
            "QScrollBar { background: transparent; width: 10px; margin: 0 }"
            f"QScrollBar::handle {{ background: {theme.control_border}; border-radius: 3px }}"
            "QScrollBar::handle { margin: 2px; min-height: 30px }"
            "QScrollBar::add-line, QScrollBar::sub-line { height: 0 }"
            "QScrollBar::add-page, QScrollBar::sub-page { background: none }"
        )
        self.about.apply_theme(theme, scale)
        self.lines.apply_theme(theme, scale)
        for rows in (self.data_rows, self.data_rows_y):
            rows.apply_theme(theme, scale)
        self._stale = sorted(self.groups.values(), key=lambda group: not group.body.isVisible())
        if self.isVisible():
            self._turn.start()
        else:
            self._take_turn()
        (mark, _), (dot, _) = self._legend
        mark.setPixmap(picture("restore", theme.mute, round(13 * scale)))
        dot.setStyleSheet(f"color: {theme.focus}")
        for sign, words in self._legend:
            sign.setFixedWidth(round(16 * scale))
            words.setFont(font(12, scale))
            words.setStyleSheet(f"color: {theme.mute}")

    @Slot()
    def _take_turn(self) -> None:
        """Give the next group the look; where it is seen one a turn of the event loop, which answers
        meanwhile. Then make the rows of the next group that has not all."""
        while self._stale:
            self._stale.pop(0).apply_theme(self._theme, self._scale)
            if self._stale and self.isVisible():
                self._turn.start()
                return
        group = self._unmade()
        if self.has_begun and group is not None:
            self._make(group, lambda _: True)
            self._turn.start()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The bars' colour, with a line at the right."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._theme.bar))
        painter.setPen(QPen(QColor(self._theme.border), 1))
        painter.drawLine(self.width() - 1, 0, self.width() - 1, self.height())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click beside the fields takes the focus out of them."""
        focused = self.focusWidget()
        if focused is not None:
            focused.clearFocus()
        super().mousePressEvent(event)
