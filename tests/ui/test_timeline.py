"""The timeline: its curve is left alone by words."""

from PySide6.QtGui import QColor
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
