"""The real window, driven as a person drives it."""

import gc
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt, QThread
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from ganviz.experiment import Experiment, presets
from ganviz.theory.objectives import OBJECTIVES
from ganviz.ui.preset_menu import DESCRIPTION
from ganviz.ui.window import MainWindow

LEFT = Qt.MouseButton.LeftButton


def button(window: MainWindow, name: str) -> QAbstractButton:
    found = window.findChild(QAbstractButton, name)
    assert found is not None, name
    return found


def step(window: MainWindow) -> int:
    return window.pilot.run.frame.step if window.pilot.run else -1


def status(window: MainWindow) -> str:
    return window.pilot.run.frame.status if window.pilot.run else ""


def train_for(qtbot: QtBot, window: MainWindow, steps: int) -> None:
    """Press Train, wait for that many steps, press Pause, wait until it has stopped."""
    qtbot.mouseClick(button(window, "action.train"), LEFT)
    qtbot.waitUntil(lambda: step(window) >= steps, timeout=60_000)
    qtbot.mouseClick(button(window, "action.train"), LEFT)
    qtbot.waitUntil(lambda: status(window) == "paused", timeout=10_000)


def test_the_first_frame_shows_data_before_training(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: window.pilot.run.frame.get("samples") is not None, timeout=10_000)
    assert step(window) == 0
    assert status(window) == "paused"
    assert window.pilot.run.frame.get("samples")["real"].shape == (500, 2)
    assert button(window, "action.train").text() == "Train"


def test_train_and_pause(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.mouseClick(button(window, "action.train"), LEFT)
    assert button(window, "action.train").text() == "Pause"
    qtbot.waitUntil(lambda: step(window) >= 20, timeout=60_000)
    qtbot.mouseClick(button(window, "action.train"), LEFT)
    qtbot.waitUntil(lambda: status(window) == "paused", timeout=10_000)
    assert button(window, "action.train").text() == "Train"
    stopped = step(window)
    assert window.pilot.run.history.last_step == stopped
    qtbot.wait(200)
    assert step(window) == stopped
    assert window.frames > 0


def test_single_steps(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.mouseClick(button(window, "action.step"), LEFT)
    qtbot.waitUntil(lambda: step(window) == 1, timeout=10_000)
    qtbot.mouseClick(button(window, "action.step_d"), LEFT)
    qtbot.waitUntil(lambda: window.pilot.run.frame.d_count == 2, timeout=10_000)
    qtbot.mouseClick(button(window, "action.step_g"), LEFT)
    qtbot.waitUntil(lambda: window.pilot.run.frame.g_count == 2, timeout=10_000)
    assert step(window) == 1


def test_the_objective_changes_while_training_and_is_recorded(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.mouseClick(button(window, "action.train"), LEFT)
    qtbot.waitUntil(lambda: step(window) >= 5, timeout=60_000)
    qtbot.mouseClick(button(window, "objective.non_saturating"), LEFT)
    qtbot.waitUntil(lambda: window.pilot.run.experiment.objective == "non_saturating", timeout=10_000)
    history = window.pilot.run.history
    event = history.events[-1]
    assert (event.key, event.old, event.new) == ("objective", "minimax", "non_saturating")
    qtbot.waitUntil(lambda: history.last_step > event.step, timeout=10_000)
    steps, objectives = history.steps.column("step"), history.steps.column("objective")
    names = list(OBJECTIVES)
    assert names[objectives[steps == event.step + 1][0]] == "non_saturating"
    assert names[objectives[steps == event.step][0]] == "minimax"
    assert window.lossbar.buttons["non_saturating"].isChecked()
    assert not window.lossbar.buttons["minimax"].isChecked()


def test_reset_gives_the_same_run_again_and_keeps_the_objective(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.mouseClick(button(window, "objective.hinge"), LEFT)
    qtbot.mouseClick(button(window, "action.step"), LEFT)
    qtbot.waitUntil(lambda: step(window) == 1, timeout=10_000)
    first = window.pilot.run
    qtbot.mouseClick(button(window, "action.reset"), LEFT)
    qtbot.waitUntil(lambda: step(window) == 0, timeout=10_000)
    assert window.pilot.run.experiment.objective == "hinge"
    qtbot.mouseClick(button(window, "action.step"), LEFT)
    qtbot.waitUntil(lambda: step(window) == 1, timeout=10_000)
    again = window.pilot.run
    assert again.history is not first.history
    assert again.history.steps.last("d_loss") == first.history.steps.last("d_loss")
    assert again.experiment.objective == "hinge"


def test_a_new_seed_is_shown_and_gives_another_run(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.mouseClick(button(window, "action.step"), LEFT)
    qtbot.waitUntil(lambda: step(window) == 1, timeout=10_000)
    before = window.pilot.run.history.steps.last("d_loss")
    qtbot.mouseClick(button(window, "action.new_seed"), LEFT)
    seed = window.choices.experiment.seed
    assert seed != 0
    assert window.toolbar.seed.text() == str(seed)
    qtbot.waitUntil(lambda: step(window) == 0 and window.pilot.run.experiment.seed == seed, timeout=10_000)
    qtbot.mouseClick(button(window, "action.step"), LEFT)
    qtbot.waitUntil(lambda: step(window) == 1, timeout=10_000)
    assert window.pilot.run.history.steps.last("d_loss") != before


def test_undo_and_redo_restore_settings_not_weights(qtbot: QtBot, window: MainWindow) -> None:
    train_for(qtbot, window, 3)
    reached = step(window)
    window.desk.propose("d_learning_rate", 0.01)
    window.actions_by_name["objective.hinge"].trigger()
    qtbot.waitUntil(lambda: window.pilot.run.experiment.objective == "hinge", timeout=10_000)
    window.actions_by_name["action.undo"].trigger()
    window.actions_by_name["action.undo"].trigger()
    assert window.choices.experiment.objective == "minimax"
    assert window.choices.experiment.d_learning_rate == 0.001
    assert window.lossbar.buttons["minimax"].isChecked()
    qtbot.waitUntil(lambda: window.pilot.run.experiment.d_learning_rate == 0.001, timeout=10_000)
    assert window.pilot.run.experiment.objective == "minimax"
    window.actions_by_name["action.redo"].trigger()
    qtbot.waitUntil(lambda: window.pilot.run.experiment.d_learning_rate == 0.01, timeout=10_000)
    assert step(window) == reached
    assert not window.actions_by_name["objective.hinge"].isChecked()


def test_changes_of_one_setting_in_a_row_are_one_undo(window: MainWindow) -> None:
    for radius in (2.1, 2.2, 2.3):
        window.desk.propose("radius", radius)
    assert window.choices.stack.count() == 1
    window.actions_by_name["action.undo"].trigger()
    assert window.choices.experiment.radius == 2.0


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_the_menu_says_what_each_experiment_shows(qtbot: QtBot, window: MainWindow) -> None:
    menu = window.toolbar.preset
    menu.showPopup()
    for index, name in enumerate(presets()):
        description = Experiment.preset(name).description
        assert menu.itemData(index, DESCRIPTION) == description
        assert description in window.actions_by_name[f"preset.{name}"].toolTip()
    assert Experiment.preset("saturation").description in menu.toolTip()
    view = menu.view()
    picture, seen = view.grab().toImage(), view.viewport().rect()
    rows = [view.visualRect(menu.model().index(index, 0)) for index in range(menu.count())]
    shown = [row for row in rows if seen.contains(row)]
    fill_the_screen = rows[-1].bottom() > menu.screen().availableGeometry().height() - 20
    assert shown == rows or (fill_the_screen and len(shown) >= 10), "as many as there is room for"
    for row in shown[1:]:
        colours = {picture.pixel(x, row.bottom() - 14) for x in range(0, 300)}
        assert len(colours) > 3, "the description is painted under the name"
    menu.hidePopup()


def test_a_waiting_change_is_counted_on_reset(qtbot: QtBot, window: MainWindow) -> None:
    window.desk.propose("radius", 3.0)
    window.desk.propose("g_learning_rate", 0.1)
    assert window.toolbar.reset.note == "1 change waiting"
    assert window.pilot.run.experiment.radius == 2.0
    window.desk.propose("sigma", 0.2)
    assert window.toolbar.reset.note == "2 changes waiting"
    qtbot.mouseClick(button(window, "action.reset"), LEFT)
    qtbot.waitUntil(lambda: window.pilot.run.experiment.radius == 3.0, timeout=10_000)
    assert window.toolbar.reset.note == ""
    window.desk.propose("seed", 42)
    assert window.toolbar.reset.note == "with seed 42"
    assert window.toolbar.reset.accessibleName() == "Reset, with seed 42"


def test_a_preset_takes_its_own_objective_and_begins_anew(qtbot: QtBot, window: MainWindow) -> None:
    train_for(qtbot, window, 2)
    window.actions_by_name["preset.gauss1d"].trigger()
    assert window.choices.experiment == Experiment.preset("gauss1d")
    assert window.lossbar.buttons["non_saturating"].isChecked()
    assert window.toolbar.preset.currentText() == "gauss1d"
    qtbot.waitUntil(lambda: window.pilot.run.experiment.data == "mixture_1d", timeout=30_000)
    assert step(window) == 0
    assert window.pilot.run.frame.get("samples")["real"].shape == (500, 1)


@pytest.mark.parametrize("preset", ["digits", "grid25"])
def test_other_experiments_are_drawn(
    qtbot: QtBot, open_window: Callable[..., MainWindow], preset: str
) -> None:
    window = open_window(Experiment.preset(preset))
    qtbot.mouseClick(button(window, "action.step"), LEFT)
    qtbot.waitUntil(lambda: step(window) == 1, timeout=30_000)
    assert window.choices.baseline.name == preset


def test_speed_limits_the_steps(qtbot: QtBot, window: MainWindow) -> None:
    window.toolbar.speed.setValue(0)
    assert window.toolbar.speed.speed == 1.0
    qtbot.mouseClick(button(window, "action.train"), LEFT)
    qtbot.waitUntil(lambda: step(window) >= 1, timeout=20_000)
    qtbot.wait(1500)
    assert step(window) <= 4
    qtbot.mouseClick(button(window, "action.train"), LEFT)
    qtbot.waitUntil(lambda: status(window) == "paused", timeout=10_000)


def test_hidden_panels_are_neither_measured_nor_drawn(qtbot: QtBot, window: MainWindow) -> None:
    for key in window.grid.keys:
        if key != "losses":
            window.actions_by_name[f"show.{key}"].trigger()
    assert [panel.key for panel in window.grid.on_screen()] == ["losses"]
    with qtbot.waitSignal(window.grid.shown_changed, timeout=5000):
        pass
    qtbot.mouseClick(button(window, "action.step"), LEFT)
    qtbot.waitUntil(lambda: step(window) == 1, timeout=10_000)
    assert set(window.pilot.run.frame.measurements) <= window.grid.panels["losses"].needs
    window.actions_by_name["show.samples"].trigger()
    qtbot.waitUntil(lambda: window.pilot.run.frame.get("samples") is not None, timeout=10_000)


def test_a_divergence_is_said_and_can_be_left(qtbot: QtBot, window: MainWindow) -> None:
    window.desk.propose("g_optimizer", "sgd")
    window.desk.propose("g_gradient_clip", 0.0)
    window.desk.propose("g_learning_rate", 100.0)
    window.desk.propose("d_optimizer", "sgd")
    window.desk.propose("d_learning_rate", 100.0)
    window.actions_by_name["objective.least_squares"].trigger()
    qtbot.mouseClick(button(window, "action.train"), LEFT)
    qtbot.waitUntil(lambda: status(window) == "diverged", timeout=60_000)
    qtbot.waitUntil(window.band.isVisible, timeout=5000)
    assert window.band.text.startswith("Stopped at step")
    assert window.band.text.endswith("Try a smaller learning rate: G's is 100, D's is 100.")
    assert window.verdict.text == "Diverged: the panels keep the last finite look.", "the cause is said once"
    window.actions_by_name["action.train"].trigger()
    assert "go back to step" in window.verdict.text and "G's is 100" in window.verdict.text
    assert button(window, "action.train").text() == "Train"
    restore = window.actions_by_name["action.restore"]
    assert restore.isEnabled()
    assert restore.text() == f"Back to step {window.pilot.run.frame.restore_step:,}"
    restore.trigger()
    qtbot.waitUntil(lambda: status(window) == "paused", timeout=10_000)
    assert not window.band.isVisible()
    assert "settings unchanged" in window.verdict.text


def test_light_and_dark_paint_their_own_colours(qtbot: QtBot, window: MainWindow) -> None:
    for name, panel in (("light", "#FFFFFF"), ("dark", "#1D2126")):
        window.look.apply(name, 1.0)
        assert not window.updatesEnabled()  # the old picture stays until all but the panels has the new look
        qtbot.waitUntil(lambda: window.grid.is_at_rest)
        assert window.updatesEnabled() and window.form.is_dressed
        image = window.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
        colours = {image.pixel(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)}
        assert QColor(panel).rgb() in colours
        assert QColor(window.look.theme.minimax).rgb() in colours
        assert len(colours) > 50


def test_text_scales_and_comes_back(window: MainWindow) -> None:
    height = window.toolbar.height()
    window.actions_by_name["action.text_larger"].trigger()
    assert window.toolbar.height() == round(56 * 1.1)
    window.actions_by_name["action.text_normal"].trigger()
    assert window.toolbar.height() == height == 56


def test_a_small_window_gives_its_room_to_the_panels(qtbot: QtBot, window: MainWindow) -> None:
    assert window.form.isVisible()
    window.resize(1180, 720)
    qtbot.waitUntil(lambda: not window.form.isVisible(), timeout=5000)
    first, second, third = list(window.grid.panels.values())[:3]
    assert third.mapTo(window, third.rect().topLeft()).y() > second.mapTo(window, second.rect().topLeft()).y()
    assert first.height() >= 260
    assert window.grid.verticalScrollBar().maximum() > 0
    window.actions_by_name["action.rail"].trigger()
    assert window.form.isVisible()


def test_a_full_panel_and_back(qtbot: QtBot, window: MainWindow) -> None:
    panel = window.grid.panels["losses"]
    before = panel.size()
    qtbot.mouseDClick(panel, LEFT, pos=panel.rect().topLeft() + panel.rect().topLeft().__class__(30, 14))
    qtbot.waitUntil(lambda: panel.width() > 2 * before.width(), timeout=5000)
    assert [shown.key for shown in window.grid.on_screen()] == ["losses"]
    window.actions_by_name["action.all_panels"].trigger()
    qtbot.waitUntil(lambda: panel.size() == before, timeout=5000)


def test_closing_while_training_leaves_no_thread(
    qtbot: QtBot, open_window: Callable[..., MainWindow]
) -> None:
    """Four times at each of twelve moments of loading, training and resetting."""
    experiment = Experiment.preset("saturation").replace(
        g_width=4, d_width=4, g_layers=1, d_layers=1, batch_size=8
    )
    for number in range(48):
        window = open_window(
            experiment, ready=number % 4 == 0, whole=number % 2 == 0, start=True, safe_mode=True
        )
        if number % 4 == 0:
            qtbot.waitUntil(lambda window=window: window.pilot.playing, timeout=30_000)
        if number % 3 == 0:
            window.desk.reset()
        window.close()
        assert not window.isVisible()
        window.deleteLater()
        QApplication.processEvents()
    running = [thread for thread in gc.get_objects() if type(thread).__name__ == "TrainingThread"]
    assert not [thread for thread in running if _is_running(thread)]


def _is_running(thread: QThread) -> bool:
    return isValid(thread) and thread.isRunning()
