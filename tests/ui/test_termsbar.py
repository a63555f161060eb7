"""The bar of a CycleGAN's terms in the real window."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from ganviz.experiment import Experiment
from ganviz.experiment.cyclegan import ABLATIONS
from ganviz.ui.facebutton import FaceButton
from ganviz.ui.window import MainWindow

SMALL = {"g_width": 16, "d_width": 16, "g_layers": 1, "d_layers": 1, "batch_size": 32}
MOONS = Experiment.preset("cyclegan-moons").replace(**SMALL)


def test_one_click_and_one_key_change_the_terms_live(
    qtbot: QtBot, open_window: Callable[..., MainWindow]
) -> None:
    window = open_window(MOONS)
    assert window.termsbar.isVisible() and not window.lossbar.isVisible()
    assert window.termsbar.buttons["cycle"].isChecked()
    window.desk.step()
    qtbot.waitUntil(lambda: window.pilot.run.frame.step == 1, timeout=10_000)
    qtbot.mouseClick(window.termsbar.buttons["gan"], Qt.MouseButton.LeftButton)
    assert window.choices.experiment.ablation == "gan"
    qtbot.waitUntil(lambda: window.pilot.run.experiment.ablation == "gan", timeout=10_000)
    assert [event.key for event in window.pilot.run.history.events] == ["ablation"]
    qtbot.keyClick(window, Qt.Key.Key_9)
    assert window.choices.experiment.ablation == "identity"
    assert window.termsbar.buttons["identity"].isChecked()
    assert not window.form.rows["identity_weight"].isHidden()
    window.desk.propose("ablation", "gan")
    assert window.form.rows["cycle_weight"].isHidden()
    qtbot.keyClick(window, Qt.Key.Key_1)  # losses are another game's
    assert window.choices.experiment.objective == MOONS.objective
    window.desk.undo()
    assert window.choices.experiment.ablation == "cycle"  # one choice after the other is one to undo


def test_other_games_have_no_terms(qtbot: QtBot, open_window: Callable[..., MainWindow]) -> None:
    window = open_window()
    assert not window.termsbar.isVisible() and window.lossbar.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_7)
    assert window.choices.experiment.ablation == "cycle"
    window.desk.begin_preset("cyclegan-1d")
    assert window.termsbar.isVisible() and not window.lossbar.isVisible()
    qtbot.waitUntil(lambda: window.pilot.run.experiment.game == "cyclegan", timeout=30_000)
    qtbot.waitUntil(
        lambda: set(window.grid.panels) >= {"maps", "cycle", "marginals", "players"}, timeout=30_000
    )


def test_the_bar_has_room_at_the_least_width(qtbot: QtBot, open_window: Callable[..., MainWindow]) -> None:
    window = open_window(MOONS)
    window.resize(1180, 720)
    qtbot.wait(50)
    bar = window.termsbar
    for button in bar.findChildren(FaceButton):
        assert button.isVisible() and button.width() >= button.sizeHint().width()
        assert bar.rect().contains(button.geometry())
    for label in bar.findChildren(QLabel):
        assert not label.isVisible() or label.width() >= label.sizeHint().width()
    assert list(bar.buttons) == list(ABLATIONS)


def test_a_pair_that_does_not_fit_is_said_and_the_run_stays(
    qtbot: QtBot, open_window: Callable[..., MainWindow]
) -> None:
    window = open_window(MOONS)
    window.desk.propose("data_y", "mixture_1d")
    window.desk.reset()
    words = (
        "Data of Y: points of 1 coordinate (1-D Gaussians), but X has points of 2 coordinates (Two moons); "
        "accepted: points of 2 coordinates, or X, inverted"
    )
    qtbot.waitUntil(lambda: words in window.verdict.text, timeout=10_000)
    assert window.pilot.run.experiment.data_y == "turned"


@pytest.mark.parametrize("width", [1560, 1600, 1660])
def test_the_bar_has_room_when_only_the_type_grows(
    qtbot: QtBot, open_window: Callable[..., MainWindow], width: int
) -> None:
    """Without another width of the window, which would have it laid out again."""
    window = open_window(MOONS)
    window.resize(width, 960)
    qtbot.wait(50)
    window.look.apply("dark", 2.2)
    qtbot.waitUntil(lambda: window.look.scale == 2.2)
    for button in window.termsbar.findChildren(FaceButton):
        assert button.width() >= button.sizeHint().width(), button.text()
