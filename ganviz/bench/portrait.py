"""How soon the window follows a hand: the start of a game of two numbers is dragged, then its penalty, with
twelve methods of 500 steps each on screen."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator

import numpy as np
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QSlider, QWidget

from ganviz.bench.stage import wait
from ganviz.bench.table import Row
from ganviz.experiment import Experiment
from ganviz.theory.dirac_methods import METHODS
from ganviz.ui.panels.planes import Planes
from ganviz.ui.window import MainWindow

LINES = tuple(METHODS)[:12]
STEPS = 500
MOVES = 40
"""Places that the hand goes to in one drag."""
GOAL, AIM = 50.0, 33.0
"""Milliseconds from a move of the hand to the picture of it."""
_LEFT = Qt.MouseButton.LeftButton


def drags(rounds: int) -> list[Row]:
    """Drag the start, then the slider of the penalty, in so many rounds each."""
    app = QApplication.instance() or QApplication([])
    app.setStyle("Fusion")  # type: ignore[attr-defined]
    experiment = Experiment.preset("dirac").replace(methods=LINES, steps=STEPS)
    window = MainWindow(experiment, safe_mode=True, ask_on_close=False)
    window.resize(1600, 1000)
    window.show()
    try:
        wait(lambda: window.pilot.run is not None and window.grid.is_complete)
        _rest()
        planes = window.grid.panels["portraits"].findChild(Planes)
        slider = window.findChild(QSlider, "slider.gamma")
        assert planes is not None and slider is not None
        hands: dict[str, tuple[QWidget, Callable[[], Iterator[QPointF]]]] = {
            "drag of the start to the picture": (planes, lambda: _around(planes)),
            "drag of the penalty to the picture": (slider, lambda: _along(slider)),
        }
        return [_row(question, *hand, rounds) for question, hand in hands.items()]
    finally:
        window.close()


def _row(question: str, widget: QWidget, way: Callable[[], Iterator[QPointF]], rounds: int) -> Row:
    waits, own = 1e3 * np.concatenate([_drag(widget, list(way())) for _ in range(rounds)], axis=1)
    p50, p99 = np.percentile(waits, [50, 99])
    spread = f"median {p50:.3g} of {len(waits)} moves, {own.mean():.3g} ms of processor; "
    spread += f"{len(LINES)} lines of {STEPS} steps"
    return Row(f"{question}, 99th percentile", float(p99), "ms", "at most", GOAL, AIM, spread)


def _drag(widget: QWidget, places: list[QPointF]) -> np.ndarray:
    """(2, moves): seconds from each move of a pressed mouse until everything is painted that it changed, and
    processor seconds of the window's thread."""
    _send(widget, QEvent.Type.MouseButtonPress, places[0])
    QApplication.processEvents()
    waits: list[tuple[float, float]] = []
    for place in places:
        own, started = time.thread_time(), time.perf_counter()
        _send(widget, QEvent.Type.MouseMove, place)
        QApplication.processEvents()
        waits.append((time.perf_counter() - started, time.thread_time() - own))
    _send(widget, QEvent.Type.MouseButtonRelease, places[-1])
    _rest()
    return np.array(waits).T


def _send(widget: QWidget, kind: QEvent.Type, place: QPointF) -> None:
    held = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else _LEFT
    button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else _LEFT
    where = QPointF(widget.mapToGlobal(place.toPoint()))
    event = QMouseEvent(kind, place, where, button, held, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(widget, event)


def _around(planes: Planes) -> Iterator[QPointF]:
    """A circle in the first plane."""
    area = planes.areas()[0]
    for turn in range(MOVES):
        angle = 2.0 * math.pi * turn / MOVES
        yield area.center() + QPointF(math.cos(angle), math.sin(angle)) * (0.3 * area.width())


def _along(slider: QWidget) -> Iterator[QPointF]:
    """From left to right and back."""
    for turn in range(MOVES):
        share = 0.5 - 0.5 * math.cos(2.0 * math.pi * turn / MOVES)
        yield QPointF(10.0 + share * (slider.width() - 20.0), slider.height() / 2.0)


def _rest() -> None:
    """Let the window live for half a second."""
    end = time.monotonic() + 0.5
    wait(lambda: time.monotonic() >= end)
