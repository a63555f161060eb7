"""Regularisation in the real window: refused where the user acted, at rest where it has no effect."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from ganviz.experiment import Experiment
from ganviz.ui.window import MainWindow

SMALL = {"g_width": 16, "d_width": 16, "g_layers": 1, "d_layers": 1, "batch_size": 32}
RING = Experiment.preset("ring8").replace(**SMALL)


def enter(qtbot: QtBot, window: MainWindow, key: str, text: str) -> None:
    """Type a value into a field of the form, and Enter."""
    window.form.groups["regularisation"].set_open(True)
    field = window.form.rows[key].field
    field.setFocus()
    field.lineEdit().selectAll()
    qtbot.keyClicks(field.lineEdit(), text)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def press(qtbot: QtBot, window: MainWindow, objective: str) -> None:
    window.actions_by_name[f"objective.{objective}"].trigger()
    qtbot.waitUntil(lambda: window.pilot.run.experiment.objective == objective)


def test_a_contradiction_keeps_the_last_valid_experiment_and_says_why(
    qtbot: QtBot, open_window: Callable[..., MainWindow]
) -> None:
    window = open_window(RING)
    enter(qtbot, window, "r1", "0.5")
    chosen = window.choices.experiment
    enter(qtbot, window, "gradient_penalty", "10")
    row = window.form.rows["gradient_penalty"]
    reason = "one asks for slope 1, the other for slope 0; accepted: WGAN-GP λ = 0 or R1 γ = 0"
    assert window.choices.experiment == chosen and chosen.r1 == 0.5
    assert row.field.lineEdit().text() == "10" and reason in row.field.error and reason in row.toolTip()
    assert reason in window.verdict.text
    enter(qtbot, window, "gradient_penalty", "0")
    assert not row.field.error and reason not in row.toolTip()


def test_a_refused_choice_shows_the_old_value_and_says_why(
    qtbot: QtBot, open_window: Callable[..., MainWindow]
) -> None:
    window = open_window(RING.replace(d_updates=3))
    field = window.form.rows["update_order"].field
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_End)
    assert field.currentData() == "alternating" == window.choices.experiment.update_order
    reason = "accepted: D updates k = 1 and G updates = 1"
    assert reason in window.verdict.text and reason in window.form.rows["update_order"].toolTip()
    qtbot.keyClick(field, Qt.Key.Key_Down)
    assert field.currentData() == "simultaneous" == window.choices.experiment.update_order
    assert reason not in window.verdict.text and reason not in window.form.rows["update_order"].toolTip()


def test_labels_rest_with_a_score_and_act_again(qtbot: QtBot, open_window: Callable[..., MainWindow]) -> None:
    window = open_window(RING.replace(smooth_real=0.9))
    window.form.groups["regularisation"].set_open(True)
    row, other = window.form.rows["smooth_real"], window.form.rows["smooth_fake"]
    assert row.isVisible() and row.label.isEnabled()
    press(qtbot, window, "hinge")
    assert row.isVisible() and not row.label.isEnabled() and "rests" in row.label.text()
    assert row.toolTip().startswith("Rests: no effect with Hinge.")
    assert not other.isVisible(), "what was never switched on is not in the way"
    press(qtbot, window, "minimax")
    assert row.label.isEnabled() and "rests" not in row.label.text() and not row.toolTip().startswith("Rests")
    assert window.choices.experiment.smooth_real == 0.9


def test_no_penalty_puts_a_loss_out_of_reach(qtbot: QtBot, open_window: Callable[..., MainWindow]) -> None:
    window = open_window(RING.replace(gradient_penalty=10.0))
    press(qtbot, window, "wasserstein")
    assert window.choices.experiment.weight_clip == 0.0
    assert "Weight clip c is now 0: the penalty asks for slope 1" in window.verdict.text
    window.actions_by_name["action.undo"].trigger()
    assert window.choices.experiment == RING.replace(gradient_penalty=10.0), "one step of undo"


def test_what_clipping_left_behind_is_said_once(qtbot: QtBot, open_window: Callable[..., MainWindow]) -> None:
    window = open_window(RING.replace(objective="wasserstein"))
    for _ in range(5):
        window.actions_by_name["action.step"].trigger()
    qtbot.waitUntil(lambda: window.pilot.run.frame.step == 5)
    press(qtbot, window, "minimax")
    qtbot.waitUntil(lambda: "Clipping to ±0.01 has flattened D" in window.verdict.text)
    window.verdict.end_message()
    press(qtbot, window, "wasserstein")
    press(qtbot, window, "non_saturating")
    for _ in range(3):
        window.actions_by_name["action.step"].trigger()
    qtbot.waitUntil(lambda: window.pilot.run.frame.step == 8)
    assert "flattened" not in window.verdict.text


@pytest.mark.parametrize("order", ["extragradient", "consensus"])
def test_a_running_game_takes_every_method_live(
    qtbot: QtBot, open_window: Callable[..., MainWindow], order: str
) -> None:
    window = open_window(RING)
    window.actions_by_name["action.train"].trigger()
    methods = {"r1": 0.1, "r2": 0.1, "instance_noise": 0.2, "smooth_real": 0.9, "spectral_norm": "on"}
    for key, value in (methods | {"update_order": order}).items():
        window.desk.propose(key, value)
    qtbot.waitUntil(lambda: window.pilot.run.experiment.update_order == order)
    step = window.pilot.run.frame.step
    qtbot.waitUntil(lambda: window.pilot.run.frame.step > step + 5, timeout=20_000)
    assert window.pilot.run.frame.status != "diverged"
    summary = window.form.groups["regularisation"].header.summary
    assert summary == "R1 0.1, R2 0.1, noise 0.2, α 0.9, spectral"
