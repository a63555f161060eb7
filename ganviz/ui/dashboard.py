"""The dashboard: the real panels of the window, drawn into a PNG where there is no screen."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from ganviz.experiment import GAMES
from ganviz.record.run import Run

if sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QGridLayout, QVBoxLayout, QWidget

from ganviz.training.verdict import judge
from ganviz.ui import formatting
from ganviz.ui.layouts import FAMILIES, FIRST, LAYOUTS
from ganviz.ui.panels import load
from ganviz.ui.panels.export import write_whole
from ganviz.ui.panels.paper import on_paper
from ganviz.ui.plotting import font
from ganviz.ui.theme import LIGHT, Theme, palette

COLUMNS = 3
HEADER = 44

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
        played = f"{chosen.objective}   seed {chosen.seed}" if has_objective else GAMES[chosen.game]
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
    board = _board(runs, theme, size)
    image = QImage(board.size(), QImage.Format.Format_RGB32)
    with on_paper(board):
        board.render(image)
    held = QByteArray()
    buffer = QBuffer(held)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    board.deleteLater()
    write_whole(Path(path), bytes(held.data()))


def _board(runs: Sequence[Run], theme: Theme, size: tuple[int, int]) -> QWidget:
    board = QWidget()
    board.setPalette(palette(theme))
    board.setAutoFillBackground(True)
    outer = QVBoxLayout(board)
    outer.setContentsMargins(8, 0, 8, 8)
    outer.addWidget(_Header(runs[0], theme))
    grid = QGridLayout()
    grid.setSpacing(8)
    outer.addLayout(grid, 1)
    board.resize(*size)
    panels = []
    keys = LAYOUTS[FIRST].of(FAMILIES[runs[0].experiment.game])
    for index, key in enumerate(keys):
        panel = load(key)(board)
        panels.append(panel)
        grid.addWidget(panel, index // COLUMNS, index % COLUMNS)
    for column in range(COLUMNS):
        grid.setColumnStretch(column, 1)
    for row in range(-(-len(keys) // COLUMNS)):
        grid.setRowStretch(row, 1)
    for panel in panels:
        panel.apply_theme(theme, 1.0)
        panel.show_runs(runs)
    return board
