"""The dashboard: the real panels of the window, drawn into a PNG where there is no screen."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from ganviz.experiment import GAMES
from ganviz.experiment.declaration import NETWORK_GAMES
from ganviz.record.run import Run

if sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPaintEvent, QRegion
from PySide6.QtWidgets import QApplication, QGridLayout, QVBoxLayout, QWidget

from ganviz.training.verdict import judge
from ganviz.ui import formatting
from ganviz.ui.layouts import Layouts, stage_of
from ganviz.ui.panels.base import Panel
from ganviz.ui.panels.catalogue import load
from ganviz.ui.panels.export import write_whole
from ganviz.ui.panels.paper import on_paper
from ganviz.ui.plotting import font
from ganviz.ui.theme import LIGHT, Theme, palette

COLUMNS = {1: 1, 2: 2, 4: 2}
"""How many panels stand side by side, by how many there are; else three."""
HEADER = 44
PNG_QUALITY = 80
"""Qt's measure of how little it tries to pack: 8 % more bytes than by default in half the time."""

_application: QApplication | None = None
"""Kept while the program lives: Qt aborts where its application is collected too early."""


class _Header(QWidget):
    """One line: the experiment, the verdict, step and seed."""

    def __init__(self, run: Run, theme: Theme) -> None:
        super().__init__()
        self._run, self._theme = run, theme
        self.setFixedHeight(HEADER)

    def paintEvent(self, event: QPaintEvent) -> None:
        run, theme = self._run, self._theme
        verdict = judge(run)
        step = formatting.fixed(run.frame.step, 0)
        chosen = run.experiment
        has_objective = chosen.applies("objective")
        played = chosen.objective if has_objective else GAMES[chosen.game]
        if chosen.game in NETWORK_GAMES:
            played = f"{played}   seed {chosen.seed}"
        right = f"{played}   step {step}"
        painter = QPainter(self)
        mark = theme.objective(chosen.objective) if has_objective else theme.mute
        painter.fillRect(QRect(0, 6, 6, HEADER - 12), QColor(mark))
        box = QRectF(18, 0, self.width() - 26, HEADER)
        x = 0.0
        for text, made, colour in (
            (run.experiment.name, font(17, QFont.Weight.DemiBold), theme.ink),
            (f"{verdict.headline}: {verdict.text}", font(15), theme.text),
        ):
            painter.setFont(made)
            painter.setPen(QColor(colour))
            room = box.width() - x - QFontMetricsF(font(14)).horizontalAdvance(right) - 24
            shown = QFontMetricsF(made).elidedText(text, Qt.TextElideMode.ElideRight, room)
            painter.drawText(box.adjusted(x, 0, 0, 0), int(Qt.AlignmentFlag.AlignVCenter), shown)
            x += QFontMetricsF(made).horizontalAdvance(shown) + 24
        painter.setFont(font(14))
        painter.setPen(QColor(theme.mute))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), right)
        painter.end()


def draw(runs: Sequence[Run], path: Path, theme: Theme = LIGHT, size: tuple[int, int] = (1600, 900)) -> None:
    """Draw the panels for ``runs`` (at least one) into the PNG ``path``, ``size`` pixels wide and high.

    Makes a QApplication where there is none. ValueError without a run; OSError where the file cannot be
    written.
    """
    global _application  # noqa: PLW0603 - see above
    if not runs:
        raise ValueError("dashboard: no run to draw; accepted: one or more")
    if QApplication.instance() is None:
        _application = QApplication([])
    for _ in drawing(runs, path, theme, size):
        pass


def drawing(
    runs: Sequence[Run], path: Path, theme: Theme = LIGHT, size: tuple[int, int] = (1600, 900)
) -> Iterator[None]:
    """The same in small pieces of work: a window that does one a turn of the event loop answers meanwhile."""
    board = _Board(runs[0], theme, size)
    try:
        yield from board.fill(runs)
        image = QImage(board.size(), QImage.Format.Format_RGB32)
        board.render(image, QPoint(), QRegion(), QWidget.RenderFlag.DrawWindowBackground)
        yield
        with on_paper(board):
            for part in (board.header, *board.panels):
                part.render(image, part.pos())
                yield
    finally:
        board.deleteLater()
    held = QByteArray()
    buffer = QBuffer(held)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG", PNG_QUALITY)  # type: ignore[call-overload]
    yield
    write_whole(Path(path), bytes(held.data()))


class _Board(QWidget):
    """The sheet that is drawn: a header, and a grid for the panels."""

    def __init__(self, run: Run, theme: Theme, size: tuple[int, int]) -> None:
        super().__init__()
        self.setPalette(palette(theme))
        self.setAutoFillBackground(True)
        self._theme = theme
        self._keys = Layouts().panels(stage_of(run.experiment))
        self.header, self._grid = _Header(run, theme), QGridLayout()
        self.panels: list[Panel] = []
        outer = QVBoxLayout(self)
        outer.setContentsMargins(8, 0, 8, 8)
        outer.addWidget(self.header)
        outer.addLayout(self._grid, 1)
        self._grid.setSpacing(8)
        self._columns = COLUMNS.get(len(self._keys), 3)
        for column in range(self._columns):
            self._grid.setColumnStretch(column, 1)
        for row in range(-(-len(self._keys) // self._columns)):
            self._grid.setRowStretch(row, 1)
        self.resize(*size)

    def fill(self, runs: Sequence[Run]) -> Iterator[None]:
        """Make the panels and draw the runs in them, in small pieces of work."""
        for index, key in enumerate(self._keys):
            self.panels.append(load(key)(self))
            self._grid.addWidget(self.panels[-1], index // self._columns, index % self._columns)
            yield
        for panel in self.panels:
            panel.apply_theme(self._theme, 1.0)
            yield
            panel.show_runs(runs)
            yield
