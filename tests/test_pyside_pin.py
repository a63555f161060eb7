"""The Qt binding must not lose references to None: PySide6 6.12.0 does on Python < 3.12, and aborts."""

import sys

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

CALLS = 2000


def test_calls_that_return_nothing_keep_the_references_to_none(qtbot: QtBot) -> None:
    label = QLabel()
    qtbot.addWidget(label)
    before = sys.getrefcount(None)
    for _ in range(CALLS):
        label.setText("x")
    assert before - sys.getrefcount(None) < CALLS // 4


@pytest.mark.usefixtures("qapp")
def test_emitting_keeps_the_references_to_true() -> None:
    class Source(QObject):
        told = Signal()

    source = Source()
    before = sys.getrefcount(True)
    for _ in range(CALLS):
        source.told.emit()
    assert before - sys.getrefcount(True) < CALLS // 4


def test_a_plot_survives_500_repaints(qtbot: QtBot) -> None:
    """A live plot is where a lost reference ends the process; the last frame must still be drawn right."""
    plot = pg.PlotWidget()
    qtbot.addWidget(plot)
    plot.resize(300, 200)
    plot.setXRange(0, 100, padding=0)
    plot.setYRange(-1, 1, padding=0)
    curve = plot.plot(pen=pg.mkPen("#ff0000", width=1))
    plot.show()
    x = np.arange(100.0)
    for frame in range(500):
        curve.setData(x, np.sin(0.1 * (x + frame)))
        plot.viewport().repaint()
    drawn = pg.imageToArray(plot.grab().toImage(), copy=True, transpose=False)  # BGRA
    blue, green, red = (drawn[..., channel].astype(int) for channel in range(3))
    assert np.count_nonzero((red > 200) & (green < 60) & (blue < 60)) > 100
