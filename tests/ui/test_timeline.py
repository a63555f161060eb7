"""The timeline: its curve is left alone by words, and may go while it is drawn."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from ganviz.experiment import Experiment
from ganviz.training.trainer import Trainer
from ganviz.ui.theme import LIGHT
from ganviz.ui.timeline import Timeline

SMALL = {"g_width": 16, "d_width": 16, "g_layers": 1, "d_layers": 1, "batch_size": 32}


def test_nothing_is_written_over_the_plot_of_a_score(qtbot: QtBot) -> None:
    trainer = Trainer(Experiment(**SMALL, objective="wasserstein"))  # type: ignore[arg-type]
    trainer.step(30)
    timeline = Timeline()
    qtbot.addWidget(timeline)
    timeline.resize(1200, 58)
    timeline.apply_theme(LIGHT, 1.0)
    timeline.show_run(trainer.run())
    image, area = timeline.grab().toImage(), timeline._area()
    colours = {
        image.pixelColor(x, y).name()
        for x in range(int(area.left()) + 14, int(area.right()) - 4)
        for y in range(int(area.top()) + 1, int(area.bottom()) - 1)
    }
    assert QColor(LIGHT.mute).name() not in colours
    beside = {
        image.pixelColor(x, y).name()
        for x in range(int(area.left()) - 50, int(area.left()) - 2)
        for y in range(int(area.top()), int(area.bottom()))
    }
    assert QColor(LIGHT.mute).name() in beside  # what the two edges stand for


@contextmanager
def painting(image: QImage) -> Iterator[QPainter]:
    """A painter that is ended even if the drawing raises: one that is left alive ends the process."""
    painter = QPainter(image)
    try:
        yield painter
    finally:
        painter.end()


def colours_of(image: QImage) -> set[str]:
    return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}


@pytest.mark.parametrize("within_a_paint", [True, False])
def test_a_line_that_the_thread_has_dropped_is_not_drawn(within_a_paint: bool, qtbot: QtBot) -> None:
    trainer = Trainer(Experiment.preset("dirac").replace(methods=("minimax",)))
    trainer.step(50)
    timeline = Timeline()
    qtbot.addWidget(timeline)
    timeline.resize(600, 58)
    timeline.apply_theme(LIGHT, 1.0)
    run = trainer.run()
    timeline.show_run(run)
    line = timeline._line
    assert line == "minimax" and line in run.history.paths
    assert QColor(LIGHT.minimax).name() in colours_of(timeline.grab().toImage())

    trainer.apply(trainer.experiment.replace(methods=("non_saturating",)))
    assert list(run.history.paths) == ["non_saturating"]  # and the timeline still has the run before it
    line = line if within_a_paint else timeline._line
    column, _ = timeline._quantity(line)
    image = QImage(600, 58, QImage.Format.Format_RGB32)
    image.fill(0)
    with painting(image) as painter:  # not in a paint event, which Qt calls: a fault there ends the process
        timeline._draw_curve(painter, timeline._area(), 50, line, column)
    assert colours_of(image) == {"#000000"}
    assert QColor(LIGHT.minimax).name() not in colours_of(timeline.grab().toImage())

    timeline.show_run(trainer.run())
    assert QColor(LIGHT.non_saturating).name() in colours_of(timeline.grab().toImage())
