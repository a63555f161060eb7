"""Own data for X and for Y through the real window: drawn, opened, saved, refused."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QRect, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLabel
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


def test_a_y_that_does_not_fit_is_refused_before_it_is_used(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    dialog = drop(qtbot, window, images(tmp_path, "second", 0))
    assert dialog.use.text() == "Use as X" and dialog.use.isEnabled()
    qtbot.mouseClick(dialog.sides.buttons["y"], LEFT)
    qtbot.waitUntil(dialog.progress.isHidden, timeout=30_000)
    assert dialog.use.text() == "Use as Y" and not dialog.use.isEnabled()
    assert dialog.refusal.text() == (
        "Data of Y: images of 8 × 8 in grey (second.npy), but X has points of 2 coordinates (Two moons); "
        "accepted: points of 2 coordinates, or X, inverted; or these as X"
    )
    qtbot.mouseClick(dialog.sides.buttons["x"], LEFT)
    qtbot.waitUntil(dialog.use.isEnabled, timeout=30_000)
    assert not dialog.refusal.isVisible(), "as X it can be used: Y gives way"
    dialog.reject()


def test_another_x_has_a_y_that_fits_it(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    window.desk.propose("data_y", "ring")
    dialog = drop(qtbot, window, images(tmp_path, "first", 0))
    said = [label.text() for label in dialog.findChildren(QLabel)]
    assert "Y as it is does not fit these data: it becomes X, inverted." in said
    dialog.use.click()
    chosen = window.choices.experiment
    assert (chosen.data, chosen.data_y) == ("file", "inverted")
    qtbot.waitUntil(lambda: window.pilot.run.experiment == chosen, timeout=30_000)
    canvas = open_canvas(qtbot, window)
    qtbot.mouseClick(canvas.sides.buttons["y"], LEFT)
    assert canvas.use.text() == "Use as Y"
    spray(qtbot, canvas, (0.0, 0.0))
    canvas.use.click()
    assert window.choices.experiment == chosen, "points are no Y of images"
    assert window.verdict.text.startswith("Data of Y: points of 2 coordinates (Drawing), but X has images")


def test_images_of_y_come_in_the_size_of_x(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    window.desk.propose("data_y", "inverted")
    window.desk.propose("data", "digits")
    large = tmp_path / "large.npy"
    np.save(large, np.random.default_rng(0).integers(0, 255, (20, 28, 28, 3), dtype=np.uint8))
    dialog = drop(qtbot, window, large)
    assert dialog.picture.shown.source.image_shape == (3, 28, 28)
    qtbot.mouseClick(dialog.sides.buttons["y"], LEFT)
    qtbot.waitUntil(dialog.use.isEnabled, timeout=30_000)
    assert dialog.picture.shown.source.image_shape == (1, 8, 8)
    dialog.use.click()
    chosen = window.choices.experiment
    assert (chosen.data, chosen.data_y, chosen.image_size) == ("digits", "file", 8)


@pytest.mark.parametrize("scale", [1.0, 2.2])
def test_the_buttons_stay_inside_the_least_window(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, scale: float
) -> None:
    window.resize(1180, 720)
    window.look.apply("dark", scale)
    opened = drop(qtbot, window, images(tmp_path, "first", 0))
    assert opened.height() <= 720 and opened.width() <= 1180
    for button in (opened.file, opened.cancel, opened.use, *opened.sides.buttons.values()):
        assert opened.rect().contains(QRect(button.mapTo(opened, QPoint()), button.size()))
    opened.reject()
    canvas = open_canvas(qtbot, window)
    assert canvas.height() <= 720 and canvas.width() <= 1180
    for button in (canvas.use, canvas.cancel):
        assert canvas.rect().contains(QRect(button.mapTo(canvas, QPoint()), button.size()))
        assert button.height() >= button.sizeHint().height()
    assert canvas.note.height() >= canvas.note.heightForWidth(canvas.note.width())
    canvas.reject()


def test_the_settings_picture_both_sides(qtbot: QtBot, window: MainWindow) -> None:
    of_x, of_y = window.form.data_rows, window.form.data_rows_y
    window.resize(1600, 1000)
    for data_y, id in (("ring", "ring"), ("turned", "turned"), ("inverted", "inverted")):
        window.desk.propose("data_y", data_y)
        qtbot.waitUntil(lambda id=id: of_y.picture.shown and of_y.picture.shown.source.id == id, timeout=9000)
        assert of_x.picture.shown.source.id == "moons"
    seen = of_x.picture.shown.samples, of_y.picture.shown.samples
    np.testing.assert_allclose(seen[0], -seen[1])
    window.desk.propose("game", "gan")
    assert of_x.isVisible() and not of_y.isVisible()


def test_the_form_says_whose_data_they_are(window: MainWindow) -> None:
    rows = window.form.rows
    assert rows["data"].label.text() == "Data of X" and rows["data_y"].label.text() == "Data of Y"
    assert rows["data"].field.accessibleName() == "Data of X"
    header = window.form.groups["data"].header
    assert header.summary == "Two moons | X, turned"
    window.desk.propose("game", "gan")
    assert header.summary == "Two moons"
    assert rows["data"].label.text() == "Data" and rows["data"].field.accessibleName() == "Data"


def test_settings_that_do_nothing_with_images_of_a_pair_are_hidden(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    rows = window.form.rows
    assert not rows["radius"].isHidden()
    drop(qtbot, window, images(tmp_path, "first", 0)).use.click()
    drop(qtbot, window, images(tmp_path, "second", 100)).use.click()
    chosen = window.choices.experiment
    qtbot.waitUntil(lambda: window.pilot.run.experiment == chosen, timeout=30_000)
    assert chosen.data_y == "file"
    for key in ("radius", "radius_y", "data_scale"):
        assert rows[key].isHidden(), key
    for key in ("image_size", "image_colour", "data_path", "data_path_y"):
        assert not rows[key].isHidden(), key


def test_data_that_nobody_sees_are_let_go(qtbot: QtBot, window: MainWindow) -> None:
    of_x, of_y = window.form.data_rows.picture, window.form.data_rows_y.picture
    window.desk.begin_preset("cyclegan-moons")
    qtbot.waitUntil(lambda: of_y.shown is not None, timeout=20_000)
    window.desk.begin_preset("moons")
    assert of_y.shown is None, "the game has no Y"
    qtbot.waitUntil(lambda: of_x.shown.source.id == "moons", timeout=20_000)
    window.desk.begin_preset("cyclegan-moons")
    qtbot.waitUntil(lambda: of_y.shown is not None, timeout=20_000)
    window.form.groups["data"].header.click()
    assert of_x.shown is not None, "it is still that of the experiment"
    window.desk.begin_preset("grid25")
    assert of_x.shown is None
    window.form.groups["data"].header.click()
    qtbot.waitUntil(lambda: of_x.shown is not None and of_x.shown.source.id == "grid", timeout=20_000)
