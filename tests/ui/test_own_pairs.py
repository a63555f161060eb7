"""Own data for X and for Y through the real window: drawn, opened, saved, refused."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ganviz.data.drawing import points_of
from ganviz.experiment import Experiment
from ganviz.ui.own_data.draw_dialog import DrawDialog
from ganviz.ui.own_data.open_dialog import OpenDialog
from ganviz.ui.window import MainWindow

LEFT = Qt.MouseButton.LeftButton
SMALL = {"g_width": 16, "d_width": 16, "g_layers": 1, "d_layers": 1, "batch_size": 16}


@pytest.fixture
def window(open_window: Callable[..., MainWindow]) -> MainWindow:
    """A CycleGAN of two moons and the same, turned."""
    return open_window(Experiment.preset("cyclegan-moons").replace(**SMALL))


def open_canvas(qtbot: QtBot, window: MainWindow) -> DrawDialog:
    window.actions_by_name["action.draw"].trigger()
    dialog = window.findChildren(DrawDialog)[-1]
    qtbot.waitUntil(dialog.isActiveWindow, timeout=5000)
    return dialog


def spray(qtbot: QtBot, dialog: DrawDialog, place: tuple[float, float]) -> np.ndarray:
    qtbot.mouseClick(dialog.canvas, LEFT, pos=dialog.canvas.on_screen(place).toPoint())
    return dialog.drawing.points


def drop(qtbot: QtBot, window: MainWindow, path: Path) -> OpenDialog:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    none, left = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
    enter = QDragEnterEvent(QPoint(50, 50), Qt.DropAction.CopyAction, data, left, none)
    QApplication.sendEvent(window, enter)
    QApplication.sendEvent(window, QDropEvent(QPointF(50, 50), Qt.DropAction.CopyAction, data, left, none))
    dialog = window.findChildren(OpenDialog)[-1]
    qtbot.waitUntil(dialog.progress.isHidden, timeout=30_000)
    return dialog


def images(folder: Path, name: str, low: int) -> Path:
    path = folder / f"{name}.npy"
    np.save(path, np.random.default_rng(low).integers(low, low + 100, (30, 8, 8), dtype=np.uint8))
    return path


def test_two_drawings_become_a_pair(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    before = window.choices.experiment
    dialog = open_canvas(qtbot, window)
    assert dialog.sides.isVisible() and dialog.sides.side == "x"
    of_x = spray(qtbot, dialog, (-1.0, 1.0))
    qtbot.mouseClick(dialog.sides.buttons["y"], LEFT)
    assert dialog.drawing.count == 0 and not dialog.use.isEnabled()
    assert dialog.brush.isChecked() and not dialog.eraser.isChecked()
    of_y = spray(qtbot, dialog, (1.0, -1.0))
    qtbot.mouseClick(dialog.undo, LEFT)
    assert dialog.drawing.count == 0
    qtbot.mouseClick(dialog.redo, LEFT)
    qtbot.mouseClick(dialog.sides.buttons["x"], LEFT)
    np.testing.assert_array_equal(dialog.drawing.points, of_x)
    qtbot.mouseClick(dialog.use, LEFT)
    chosen = window.choices.experiment
    assert (chosen.data, chosen.data_y) == ("drawing", "drawing")
    np.testing.assert_array_equal(points_of(chosen.drawing), of_x)
    np.testing.assert_array_equal(points_of(chosen.drawing_y), of_y)
    assert chosen.description == "Began as cyclegan-moons, with X drawn by hand and Y drawn by hand."
    qtbot.waitUntil(lambda: window.pilot.run.experiment == chosen, timeout=20_000)
    seen = window.pilot.run.frame.together["samples"]
    assert np.linalg.norm(seen["x"].mean(axis=0) - [-1.0, 1.0]) < 0.3
    assert np.linalg.norm(seen["y"].mean(axis=0) - [1.0, -1.0]) < 0.3
    file = tmp_path / "pair.toml"
    window.files.save_to(file)
    assert Experiment.load(file).drawing_y == chosen.drawing_y
    window.actions_by_name["action.reset"].trigger()
    assert window.choices.experiment.drawing_y == chosen.drawing_y
    window.actions_by_name["action.undo"].trigger()
    assert window.choices.experiment == before


def test_y_alone_is_drawn(qtbot: QtBot, window: MainWindow) -> None:
    dialog = open_canvas(qtbot, window)
    qtbot.mouseClick(dialog.sides.buttons["y"], LEFT)
    spray(qtbot, dialog, (0.0, 0.0))
    qtbot.mouseClick(dialog.use, LEFT)
    chosen = window.choices.experiment
    assert (chosen.data, chosen.data_y, chosen.drawing) == ("moons", "drawing", "")
    again = open_canvas(qtbot, window)
    qtbot.mouseClick(again.sides.buttons["y"], LEFT)
    np.testing.assert_array_equal(again.drawing.points, points_of(chosen.drawing_y))
    again.reject()


def test_a_gan_has_one_side(qtbot: QtBot, open_window: Callable[..., MainWindow], tmp_path: Path) -> None:
    window = open_window(Experiment(**SMALL))
    dialog = open_canvas(qtbot, window)
    assert not dialog.sides.isVisible()
    dialog.reject()
    opened = drop(qtbot, window, images(tmp_path, "x", 0))
    assert not opened.sides.isVisible()
    opened.reject()


def test_two_files_become_a_pair(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    first = drop(qtbot, window, images(tmp_path, "first", 0))
    assert first.sides.isVisible() and first.sides.side == "x"
    size = first.choices["image_size"]
    size.setCurrentIndex(size.findData(8))
    size.activated.emit(size.currentIndex())
    qtbot.waitUntil(first.progress.isHidden, timeout=30_000)
    first.use.click()
    chosen = window.choices.experiment
    assert (chosen.data, chosen.data_y) == ("file", "inverted"), "images cannot be turned"
    second = drop(qtbot, window, images(tmp_path, "second", 150))
    assert second.sides.side == "y", "the one that makes the pair"
    second.use.click()
    chosen = window.choices.experiment
    assert (chosen.data, chosen.data_y, chosen.image_size) == ("file", "file", 8)
    assert (Path(chosen.data_path).name, Path(chosen.data_path_y).name) == ("first.npy", "second.npy")
    assert chosen.description == "Began as cyclegan-moons, with X from first.npy and Y from second.npy."
    qtbot.waitUntil(lambda: window.pilot.run.experiment == chosen, timeout=30_000)
    seen = window.pilot.run.frame.together["samples"]
    assert seen["x"].mean() < 0.0 < seen["y"].mean()


def test_a_file_takes_the_side_that_was_pressed(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    table = tmp_path / "points.csv"
    table.write_text("0,0\n10,10\n10,0\n")
    window.desk.propose("radius_y", 5.0)
    dialog = drop(qtbot, window, table)
    assert np.abs(dialog.picture.shown.source.points).max() == pytest.approx(window.choices.experiment.radius)
    qtbot.mouseClick(dialog.sides.buttons["y"], LEFT)
    qtbot.waitUntil(dialog.use.isEnabled, timeout=30_000)
    assert np.abs(dialog.picture.shown.source.points).max() == pytest.approx(5.0), "Y has its own radius"
    qtbot.mouseClick(dialog.use, LEFT)
    chosen = window.choices.experiment
    assert (chosen.data, chosen.data_y, chosen.data_path) == ("moons", "file", "")
    assert chosen.data_path_y == str(table)


def test_own_data_of_y_without_a_file_are_asked_for(qtbot: QtBot, window: MainWindow) -> None:
    window.own_data.propose("data_y", "file")
    (dialog,) = window.findChildren(OpenDialog)
    assert dialog.sides.side == "y" and window.choices.experiment.data_y == "turned"
    dialog.reject()


def test_a_pair_of_two_shapes_is_refused_in_one_line(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    dialog = drop(qtbot, window, images(tmp_path, "second", 0))
    qtbot.mouseClick(dialog.sides.buttons["y"], LEFT)
    qtbot.waitUntil(dialog.use.isEnabled, timeout=30_000)
    dialog.use.click()
    said = "2 coordinates against images of 1 × 8 × 8; accepted: two of one shape"
    qtbot.waitUntil(lambda: said in window.verdict.text, timeout=30_000)
    assert "\n" not in window.verdict.text


def test_the_form_says_whose_data_they_are(window: MainWindow) -> None:
    rows = window.form.rows
    assert rows["data"].label.text() == "Data of X" and rows["data_y"].label.text() == "Data of Y"
    assert rows["data"].field.accessibleName() == "Data of X"
    header = window.form.groups["data"].header
    assert header.summary == "Two moons | X, turned"
    window.desk.propose("game", "gan")
    assert header.summary == "Two moons"
    assert rows["data"].label.text() == "Data" and rows["data"].field.accessibleName() == "Data"
