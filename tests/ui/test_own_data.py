"""Own data through the real window: drawn, used, undone, saved, opened."""

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFileDialog, QToolButton
from pytestqt.qtbot import QtBot

from ganviz.data.drawing import example, points_of
from ganviz.experiment import Experiment
from ganviz.ui.own_data.draw_dialog import DrawDialog
from ganviz.ui.window import MainWindow

LEFT = Qt.MouseButton.LeftButton


def open_canvas(qtbot: QtBot, window: MainWindow) -> DrawDialog:
    window.actions_by_name["action.draw"].trigger()
    dialog = window.findChildren(DrawDialog)[-1]
    qtbot.waitUntil(dialog.isActiveWindow, timeout=5000)
    return dialog


def stroke(qtbot: QtBot, dialog: DrawDialog, *places: tuple[float, float]) -> None:
    canvas = dialog.canvas
    first, *rest = (canvas.on_screen(place).toPoint() for place in places)
    qtbot.mousePress(canvas, LEFT, pos=first)
    for place in rest:
        qtbot.mouseMove(canvas, place)
        qtbot.wait(30)
    qtbot.mouseRelease(canvas, LEFT, pos=rest[-1] if rest else first)


def test_what_is_drawn_becomes_the_data(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    before = window.choices.experiment
    dialog = open_canvas(qtbot, window)
    assert dialog.drawing.count == 0 and not dialog.use.isEnabled()
    stroke(qtbot, dialog, (-2.0, 1.0), (0.0, 1.0), (2.0, 1.0))
    stroke(qtbot, dialog, (0.0, -1.0))
    drawn = dialog.drawing.points
    assert dialog.count.text() == f"{len(drawn)} points"
    qtbot.mouseClick(dialog.use, LEFT)
    chosen = window.choices.experiment
    assert chosen.data == "drawing"
    np.testing.assert_array_equal(points_of(chosen.drawing), drawn)
    qtbot.waitUntil(lambda: window.pilot.run.experiment == chosen, timeout=20_000)
    file = tmp_path / "drawn.toml"
    window.files.save_to(file)
    np.testing.assert_array_equal(Experiment.load(file).source().points, drawn)
    window.actions_by_name["action.reset"].trigger()
    assert window.choices.experiment.drawing == chosen.drawing
    window.actions_by_name["action.undo"].trigger()
    assert (window.choices.experiment.data, window.choices.experiment.drawing) == (before.data, "")
    window.actions_by_name["action.redo"].trigger()
    assert window.choices.experiment.drawing == chosen.drawing
    again = open_canvas(qtbot, window)
    np.testing.assert_array_equal(again.drawing.points, drawn)
    again.reject()


def test_a_sketch_that_was_left_is_there_again(qtbot: QtBot, window: MainWindow) -> None:
    dialog = open_canvas(qtbot, window)
    stroke(qtbot, dialog, (1.0, 1.0))
    drawn = dialog.drawing.points
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert window.choices.experiment.data == "ring" or window.choices.experiment.drawing == ""
    again = open_canvas(qtbot, window)
    np.testing.assert_array_equal(again.drawing.points, drawn)
    again.reject()


def test_the_buttons_do_what_they_say(qtbot: QtBot, window: MainWindow) -> None:
    dialog = open_canvas(qtbot, window)
    stroke(qtbot, dialog, (-1.0, -1.0))
    first = dialog.drawing.count
    dialog.density.setValue(dialog.density.maximum())
    stroke(qtbot, dialog, (1.0, 1.0))
    assert dialog.drawing.count > 2 * first
    qtbot.mouseClick(dialog.undo, LEFT)
    assert dialog.drawing.count == first and dialog.count.text() == f"{first} points"
    qtbot.mouseClick(dialog.redo, LEFT)
    assert dialog.drawing.count > first
    qtbot.mouseClick(dialog.eraser, LEFT)
    dialog.radius.setValue(dialog.radius.maximum())
    stroke(qtbot, dialog, (1.0, 1.0))
    assert dialog.drawing.count == first
    qtbot.mouseClick(dialog.clear, LEFT)
    assert dialog.drawing.count == 0
    assert not (dialog.clear.isEnabled() or dialog.save.isEnabled() or dialog.use.isEnabled())
    qtbot.keyClick(dialog, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert dialog.drawing.count == first
    dialog.reject()


def test_the_whole_canvas_works_by_keys(qtbot: QtBot, window: MainWindow) -> None:
    dialog = open_canvas(qtbot, window)
    qtbot.waitUntil(dialog.canvas.hasFocus, timeout=5000)
    canvas = dialog.canvas
    size = canvas.radius
    qtbot.keyClick(canvas, Qt.Key.Key_BracketRight)
    assert canvas.radius > size
    qtbot.keyClick(canvas, Qt.Key.Key_Space)
    count = dialog.drawing.count
    assert count > 0
    qtbot.keyClick(canvas, Qt.Key.Key_E)
    assert canvas.erasing and canvas.hasFocus()
    qtbot.keyClick(canvas, Qt.Key.Key_Space)
    assert dialog.drawing.count == 0
    qtbot.keyClick(canvas, Qt.Key.Key_B)
    qtbot.keyClick(canvas, Qt.Key.Key_Space)
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    assert window.choices.experiment.data == "drawing"


def test_points_are_saved_as_csv(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = open_canvas(qtbot, window)
    stroke(qtbot, dialog, (0.5, 0.5), (1.5, 0.5))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "mine"), ""))
    qtbot.mouseClick(dialog.save, LEFT)
    assert dialog.note.text() == "Saved mine.csv"
    with (tmp_path / "mine.csv").open(newline="") as stream:
        header, *rows = csv.reader(stream)
    assert header == ["x1", "x2"]
    np.testing.assert_array_equal(np.array(rows, dtype=float), dialog.drawing.points)
    dialog.save_to(tmp_path / "none" / "there.csv")
    assert dialog.note.text().startswith("there.csv: ") and "accepted: a folder" in dialog.note.text()
    dialog.reject()


def test_a_game_without_data_gives_way(qtbot: QtBot, open_window: Callable[..., MainWindow]) -> None:
    window = open_window(Experiment.preset("dirac"))
    dialog = open_canvas(qtbot, window)
    stroke(qtbot, dialog, (0.0, 0.0))
    dialog.use.click()
    assert (window.choices.experiment.game, window.choices.experiment.data) == ("gan", "drawing")
    qtbot.waitUntil(lambda: window.pilot.run.experiment.game == "gan", timeout=20_000)
    window.actions_by_name["action.undo"].trigger()
    assert window.choices.experiment == Experiment.preset("dirac")


def test_the_settings_show_the_chosen_data(qtbot: QtBot, window: MainWindow) -> None:
    rows = window.form.data_rows
    qtbot.waitUntil(lambda: rows.picture.shown is not None, timeout=20_000)
    assert rows.picture.shown.source.id == window.choices.experiment.data
    for data, dim in (("moons", 2), ("mixture_1d", 1), ("digits", 64), ("drawing", 2)):
        window.desk.propose("data", data)
        qtbot.waitUntil(lambda data=data: rows.picture.shown.source.id == data, timeout=20_000)
        assert rows.picture.shown.samples.shape[1] == dim
        assert not rows.picture.grab().toImage().isNull()
    np.testing.assert_array_equal(window.choices.experiment.source().points, example())
    button = rows.findChild(QToolButton, "action.draw")
    qtbot.mouseClick(button, LEFT, pos=QPoint(5, 5))
    (dialog,) = window.findChildren(DrawDialog)
    dialog.reject()
