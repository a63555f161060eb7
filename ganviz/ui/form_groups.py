"""A group of the settings form: a header that opens and closes it, and a summary of what is in it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QIcon, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QFrame, QSizePolicy, QVBoxLayout, QWidget

from ganviz.experiment import GROUPS, SETTINGS, Experiment, ExperimentError
from ganviz.ui.controls import NOT_IN_FORM
from ganviz.ui.form_rows import Row
from ganviz.ui.icons import icon
from ganviz.ui.own_keys import ENTERS
from ganviz.ui.style import font, plain
from ganviz.ui.theme import LIGHT, Theme

HEADER_HEIGHT = 30
OPEN_AT_FIRST = frozenset({"game", "data", "generator", "discriminator", "schedule"})


def weights(inputs: int, width: int, layers: int, outputs: int) -> int:
    """Weights and biases of a fully connected network with ``layers`` hidden layers of ``width`` units."""
    sizes = [inputs, *([width] * layers), outputs]
    return sum((before + 1) * after for before, after in pairwise(sizes))


def _g_inputs(experiment: Experiment) -> int:
    """Coordinates of what G starts from: noise, or in a CycleGAN a sample."""
    return _dim(experiment) if experiment.game == "cyclegan" else experiment.latent_dim


def _dim(experiment: Experiment) -> int:
    """Coordinates of a sample. ExperimentError where they are not known before a file has been read."""
    source = experiment.source_at_hand()
    if source is None:
        raise ExperimentError("not read yet")
    return source.dim


def _of_each(experiment: Experiment, count: int) -> str:
    """The weights of a kind of player, of which a CycleGAN has two; the filters of convolutions."""
    if experiment.network == "dcgan":
        return f"{experiment.filters} filters"
    return f"2 × {count:,}" if experiment.game == "cyclegan" else f"{count:,} weights"


def _sets(experiment: Experiment) -> list[tuple[str, str]]:
    """Id and path of the data; of X and of Y where there are both."""
    of_x = (experiment.data, experiment.data_path)
    return [of_x, (experiment.data_y, experiment.data_path_y)] if experiment.has_pair else [of_x]


def _acting(experiment: Experiment) -> str:
    """What regularises now, in short."""
    words = []
    for key, short in SHORT.items():
        if experiment.acts(key):
            value = getattr(experiment, key)
            words.append(short if isinstance(value, str) else f"{short} {plain(value)}")
    return ", ".join(words)


SHORT = {
    "weight_clip": "clip", "gradient_penalty": "GP", "r1": "R1", "r2": "R2", "dragan": "DRAGAN",
    "instance_noise": "noise", "smooth_real": "α", "smooth_fake": "β", "spectral_norm": "spectral",
}  # fmt: skip
"""The shortest names of what can be switched on in the group Regularisation."""

SUMMARIES: dict[str, Callable[[Experiment], str]] = {
    "experiment": lambda e: e.name,
    "game": lambda e: (SETTINGS["game"].choices or {})[e.game],
    "data": lambda e: " | ".join(
        (id == "file" and Path(path).name) or (SETTINGS["data_y"].choices or {})[id] for id, path in _sets(e)
    ),
    "generator": lambda e: _of_each(e, weights(_g_inputs(e), e.g_width, e.g_layers, _dim(e))),
    "discriminator": lambda e: _of_each(e, weights(_dim(e), e.d_width, e.d_layers, 1)),
    "schedule": lambda e: f"{e.d_updates} D, {e.g_updates} G a step",
    "regularisation": lambda e: _acting(e) or "none",
    "measurement": lambda e: f"every {e.measure_every} steps",
    "device": lambda e: f"{e.device}, {e.seed}",
}
"""One short text for each group. Keys are those of ``GROUPS``."""


def summary(group: str, experiment: Experiment) -> str:
    """What is shown at the right of a group's header; nothing where it hangs on data that are not read."""
    try:
        return SUMMARIES[group](experiment)
    except ExperimentError:
        return ""


class Header(QAbstractButton):
    """A group's title with a chevron and a summary; a click opens and closes the group."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.setText(title)
        self.setCheckable(True)
        self.setAccessibleName(f"{title}: settings")
        self.setToolTip(f"Opens and closes the group {title}.")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.summary, self._theme, self._scale = "", LIGHT, 1.0

    def set_summary(self, text: str) -> None:
        """The short text at the right."""
        if text != self.summary:
            self.summary = text
            self.setAccessibleDescription(text)
            self.update()

    def apply_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours and the scale of type."""
        self._theme, self._scale = theme, scale
        self.setFixedHeight(round(HEADER_HEIGHT * scale))
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens and closes; Space belongs to Train."""
        if event.key() in ENTERS:
            self.click()
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        """One line, as wide as there is room."""
        return QSize(0, round(HEADER_HEIGHT * self._scale))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Chevron, title, summary."""
        painter = QPainter(self)
        theme, scale = self._theme, self._scale
        side = round(18 * scale)
        chevron: QIcon = icon("chevron-down" if self.isChecked() else "chevron-right", theme.text)
        chevron.paint(painter, QRect(round(6 * scale), (self.height() - side) // 2, side, side))
        painter.setPen(QColor(theme.ink))
        painter.setFont(font(13, scale, QFont.Weight.DemiBold))
        words = QRect(round(28 * scale), 0, self.width(), self.height())
        taken = painter.boundingRect(
            words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text()
        )
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())
        painter.setPen(QColor(theme.mute))
        painter.setFont(font(12, scale))
        room = self.width() - taken.right() - round(26 * scale)
        short = painter.fontMetrics().elidedText(self.summary, Qt.TextElideMode.ElideRight, room)
        right = QRect(0, 0, self.width() - round(12 * scale), self.height())
        painter.drawText(right, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, short)
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.focus), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))


class Group(QWidget):
    """A header and the rows under it: ``settings`` are the keys of all, ``rows`` those that have been made,
    from top to bottom.
    """

    def __init__(self, key: str) -> None:
        super().__init__()
        self.key, self.header, self.body = key, Header(GROUPS[key]), QWidget()
        self.header.setObjectName(f"group.{key}")
        self.settings = tuple(s.key for s in SETTINGS.values() if s.group == key and s.key not in NOT_IN_FORM)
        self.rows: dict[str, Row] = {}
        self._below: dict[str, QWidget] = {}
        self._inner = QVBoxLayout(self.body)
        self._inner.setContentsMargins(0, 0, 0, 8)
        self._inner.setSpacing(0)
        self._line = QFrame()
        self._line.setFixedHeight(1)
        self._line.setAutoFillBackground(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.header)
        layout.addWidget(self.body)
        layout.addWidget(self._line)
        self.header.toggled.connect(self.body.setVisible)
        self.set_open(key in OPEN_AT_FIRST)

    def make(self, wanted: Callable[[str], bool]) -> list[Row]:
        """Make the rows of these settings that are missing, each in its place; returns them."""
        made = []
        before: QWidget = self.header
        for key in self.settings:
            if key not in self.rows and wanted(key):
                row = self.rows[key] = Row(SETTINGS[key])
                self._inner.insertWidget(self._inner.indexOf(before) + 1, row)
                made.append(row)
            if key in self.rows:
                before = self._below.get(key, self.rows[key])
        if made:
            self.rows = {key: self.rows[key] for key in self.settings if key in self.rows}
            self._order_by_tab()
        return made

    def _order_by_tab(self) -> None:
        """Tab goes from row to row, whenever they were made."""
        before: QWidget = self.header
        for row in self.rows.values():
            for stop in row.stops:
                QWidget.setTabOrder(before, stop)
                before = stop

    def add_below(self, key: str, widget: QWidget) -> None:
        """Put a widget under the row of a setting."""
        self.make(lambda other: other == key)
        self._below[key] = widget
        self._inner.insertWidget(self._inner.indexOf(self.rows[key]) + 1, widget)

    def set_open(self, open_: bool) -> None:
        """Open or close the group."""
        self.header.setChecked(open_)
        self.body.setVisible(open_)

    def apply_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours and the scale of type."""
        colours = self._line.palette()
        colours.setColor(self._line.backgroundRole(), QColor(theme.border))
        self._line.setPalette(colours)
        self.header.apply_theme(theme, scale)
        for row in self.rows.values():
            row.apply_theme(theme, scale)
