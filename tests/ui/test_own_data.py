"""Own data through the real window: drawn, used, undone, saved, opened."""

import csv
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QToolButton
from pytestqt.qtbot import QtBot

from ganviz.data.drawing import example, points_of
from ganviz.data.files.reading import read
from ganviz.experiment import Experiment
from ganviz.ui.own_data.draw_dialog import DrawDialog
from ganviz.ui.own_data.open_dialog import OpenDialog
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
    assert chosen.description == "Began as saturation, with data drawn by hand."
    qtbot.waitUntil(lambda: window.pilot.run.experiment == chosen, timeout=20_000)
    file = tmp_path / "drawn.toml"
    window.files.save_to(file)
    np.testing.assert_array_equal(Experiment.load(file).source().points, drawn)
    window.actions_by_name["action.reset"].trigger()
    assert window.choices.experiment.drawing == chosen.drawing
    window.actions_by_name["action.undo"].trigger()
    assert window.choices.experiment == before
    window.actions_by_name["action.redo"].trigger()
    assert window.choices.experiment.drawing == chosen.drawing
    again = open_canvas(qtbot, window)
    np.testing.assert_array_equal(again.drawing.points, drawn)
    again.reject()


def test_a_drawing_from_elsewhere_is_seen_whole(qtbot: QtBot, open_window: Callable[..., MainWindow]) -> None:
    window = open_window(Experiment(data="drawing", drawing="0,0 -7.5,2 1,1", batch_size=16))
    dialog = open_canvas(qtbot, window)
    assert dialog.drawing.count == 3
    assert dialog.canvas.area().contains(dialog.canvas.on_screen((-7.5, 2.0)))
    dialog.use.click()
    assert window.choices.experiment.drawing == "0,0 -7.5,2 1,1"


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


# ------------------------------------------------------------ opened and dropped


def open_dialog(qtbot: QtBot, window: MainWindow, path: Path) -> OpenDialog:
    """Drop a path on the window and wait until it has been read."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    none, left = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
    enter = QDragEnterEvent(QPoint(50, 50), Qt.DropAction.CopyAction, data, left, none)
    enter.ignore()
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(window, QDropEvent(QPointF(50, 50), Qt.DropAction.CopyAction, data, left, none))
    dialog = window.findChildren(OpenDialog)[-1]
    qtbot.waitUntil(dialog.progress.isHidden, timeout=30_000)
    return dialog


def facts(dialog: OpenDialog) -> dict[str, str]:
    cells = [dialog.facts.itemAtPosition(row, column) for row in range(9) for column in (0, 1)]
    words = [cell.widget().text() for cell in cells if cell is not None]
    return dict(zip(words[::2], words[1::2], strict=True))


@pytest.fixture
def images(tmp_path: Path) -> Path:
    """A folder of two classes: 5 red and 3 blue pictures of 20 x 12 pixels."""
    folder = tmp_path / "pictures"
    for name, colour, count in (("red", (255, 0, 0), 5), ("blue", (0, 0, 255), 3)):
        (folder / name).mkdir(parents=True)
        for number in range(count):
            Image.new("RGB", (20, 12), colour).save(folder / name / f"{number}.png")
    return folder


def test_a_folder_of_images_is_looked_at_and_used(qtbot: QtBot, window: MainWindow, images: Path) -> None:
    before = window.choices.experiment
    dialog = open_dialog(qtbot, window, images)
    assert dialog.choices["network"].currentData() == "dcgan"
    assert facts(dialog)["Count"] == "8"
    assert facts(dialog)["Classes"] == "2: blue (3), red (5)"
    form = [dialog.choices[key].currentData() for key in ("image_size", "image_colour")]
    assert form == [16, "colour"]  # 20 x 12 lies nearer to 16 than to 8
    assert dialog.picture.shown.samples.shape == (8, 3 * 16 * 16)
    for key, value in (("image_size", 8), ("image_colour", "grey"), ("image_colour", "colour")):
        field = dialog.choices[key]
        field.setCurrentIndex(field.findData(value))
        field.activated.emit(field.currentIndex())
        qtbot.waitUntil(dialog.progress.isHidden, timeout=30_000)
    shown = dialog.picture.shown.samples.reshape(8, 3, 8, 8)
    np.testing.assert_allclose(shown[:3], np.broadcast_to([[[-1]], [[-1]], [[1]]], (3, 3, 8, 8)))  # blue
    np.testing.assert_allclose(shown[3:], np.broadcast_to([[[1]], [[-1]], [[-1]]], (5, 3, 8, 8)))
    qtbot.mouseClick(dialog.use, LEFT)
    chosen = window.choices.experiment
    rows = window.form.rows
    qtbot.waitUntil(rows["radius"].isHidden, timeout=30_000)  # it is known what was found
    assert rows["data_scale"].isHidden() and not rows["image_size"].isHidden()
    path = rows["data_path"].field
    assert path.text() == str(images) and path.cursorPosition() == len(str(images))
    assert (chosen.data, chosen.data_path) == ("file", str(images))
    assert (chosen.image_size, chosen.image_colour, chosen.network) == (8, "colour", "dcgan")
    qtbot.waitUntil(lambda: window.pilot.run.experiment == chosen, timeout=30_000)
    window.actions_by_name["action.undo"].trigger()
    assert window.choices.experiment == before


def test_points_of_a_table_are_looked_at_and_used(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    points = np.random.default_rng(0).normal(size=(300, 2)) * (40.0, 10.0) + 500.0
    file = tmp_path / "points.csv"
    np.savetxt(file, points, delimiter=";", header="a;b", comments="")
    dialog = open_dialog(qtbot, window, file)
    assert facts(dialog)["Count"] == "300"
    field = dialog.choices["data_scale"]
    assert field.isVisible() and not dialog.choices["image_size"].isVisible()
    assert np.abs(dialog.picture.shown.source.points).max() == pytest.approx(window.choices.experiment.radius)
    field.setCurrentIndex(field.findData("keep"))
    field.activated.emit(field.currentIndex())
    qtbot.waitUntil(dialog.progress.isHidden, timeout=30_000)
    np.testing.assert_allclose(dialog.picture.shown.source.points, points, rtol=1e-6)
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert window.choices.experiment.data_scale == "keep"
    np.testing.assert_allclose(window.choices.experiment.source().points, points, rtol=1e-6)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("bad.csv", b"1,2\n3,nan\n", "bad.csv, line 2, column 2: nan; accepted: "),
        ("bad.png", b"\x89PNG\r\n\x1a\nrubbish", "bad.png"),
        ("empty.npy", b"", "empty.npy"),
        ("none", None, "none"),
    ],
)
def test_a_refusal_stands_in_the_dialog(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, *, name: str, content: bytes | None, words: str
) -> None:
    path = tmp_path / name
    if content is None:
        path.mkdir()
    else:
        path.write_bytes(content)
    before = window.choices.experiment
    dialog = open_dialog(qtbot, window, path)
    assert words in dialog.refusal.text() and "; accepted: " in dialog.refusal.text()
    assert "\n" not in dialog.refusal.text()
    assert dialog.refusal.isVisible() and not dialog.use.isEnabled()
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert dialog.isVisible() and window.choices.experiment == before
    good = tmp_path / "good.csv"
    good.write_text("1,2\n3,4\n")
    dialog.read(good)
    qtbot.waitUntil(dialog.use.isEnabled, timeout=30_000)
    assert not dialog.refusal.isVisible()
    dialog.reject()


def test_reading_can_be_cancelled(
    qtbot: QtBot, window: MainWindow, images: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[float] = []
    begun, ended = threading.Event(), threading.Event()

    def endless(path: Path, size: int, colour: str, tell: Callable[[float], None], fit: bool) -> None:
        begun.set()
        try:
            for number in range(10**9):
                told.append(number)
                tell(min(number / 1000, 0.99))
                time.sleep(0.001)
        finally:
            ended.set()

    monkeypatch.setattr("ganviz.ui.own_data.open_dialog.describe", endless)
    dialog = window.own_data.open()
    dialog.read(images)
    qtbot.waitUntil(lambda: dialog.progress.value() > 2, timeout=30_000)
    window.desk.propose("sigma", 0.3)  # the window answers meanwhile
    assert begun.is_set() and not ended.is_set() and not dialog.use.isEnabled()
    qtbot.mouseClick(dialog.cancel, LEFT)
    assert ended.wait(10) and window.choices.experiment.data == "ring"


def test_the_folder_of_a_run_opens_its_experiment(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / "experiment.toml").write_text(Experiment.preset("moons").to_toml())
    window.own_data.drop(folder)
    assert window.choices.experiment.data == "moons"
    assert not window.findChildren(OpenDialog)


def test_a_file_is_asked_for(
    qtbot: QtBot, window: MainWindow, images: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(images))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(images / "red" / "0.png"), ""))
    button = window.form.data_rows.findChild(QToolButton, "action.open_data")
    qtbot.mouseClick(button, LEFT)
    (dialog,) = window.findChildren(OpenDialog)
    qtbot.mouseClick(dialog.folder, LEFT)
    qtbot.waitUntil(dialog.use.isEnabled, timeout=30_000)
    assert dialog.preview.kind == "images"
    qtbot.mouseClick(dialog.file, LEFT)
    qtbot.waitUntil(dialog.use.isEnabled, timeout=30_000)
    assert dialog.preview.kind == "density"
    dialog.reject()


def test_own_data_without_a_file_are_asked_for(qtbot: QtBot, window: MainWindow) -> None:
    field = window.form.rows["data"].field
    before = field.currentIndex()
    field.setCurrentIndex(field.findData("file"))
    field.activated.emit(field.currentIndex())
    (dialog,) = window.findChildren(OpenDialog)
    assert dialog.isVisible() and field.currentIndex() == before
    assert window.choices.experiment.data == "ring"
    dialog.reject()


def test_convolutions_give_way_to_points(
    qtbot: QtBot, open_window: Callable[..., MainWindow], tmp_path: Path
) -> None:
    window = open_window(Experiment(network="dcgan", data="digits", filters=4, batch_size=16))
    dialog = open_canvas(qtbot, window)
    stroke(qtbot, dialog, (0.0, 0.0))
    dialog.use.click()
    assert (window.choices.experiment.network, window.choices.experiment.data) == ("mlp", "drawing")
    assert "convolutions make images" in window.verdict.text
    window.actions_by_name["action.undo"].trigger()
    assert window.choices.experiment.network == "dcgan"
    file = tmp_path / "points.csv"
    file.write_text("0,0\n1,1\n")
    dialog = open_dialog(qtbot, window, file)
    dialog.use.click()
    assert (window.choices.experiment.network, window.choices.experiment.data) == ("mlp", "file")
    qtbot.waitUntil(lambda: window.pilot.run.experiment.data == "file", timeout=20_000)


def test_the_window_never_reads_a_file_itself(
    qtbot: QtBot, window: MainWindow, images: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    readers: list[str] = []

    def watched(path: Path, wanted: object) -> object:
        readers.append(threading.current_thread().name)
        return read(path, wanted)

    monkeypatch.setattr("ganviz.data.files.reading.read", watched)
    file = tmp_path / "mine.toml"
    base = window.choices.experiment.replace(data="file", data_path=str(images), image_size=16)
    file.write_text(base.to_toml(tmp_path))
    window.files.open_file(str(file))
    qtbot.waitUntil(lambda: window.pilot.run.experiment.data == "file", timeout=30_000)
    qtbot.waitUntil(lambda: window.form.groups["generator"].header.summary != "", timeout=30_000)
    window.desk.propose("image_size", 8)
    window.actions_by_name["action.reset"].trigger()
    qtbot.waitUntil(lambda: window.pilot.run.experiment.image_size == 8, timeout=30_000)
    window.actions_by_name["action.undo"].trigger()
    window.actions_by_name["action.redo"].trigger()
    assert readers and threading.main_thread().name not in readers


def test_a_run_goes_on_when_its_file_is_gone(
    qtbot: QtBot, window: MainWindow, images: Path, tmp_path: Path
) -> None:
    for size in (8, 16, 28):  # more than are kept
        dialog = open_dialog(qtbot, window, images)
        dialog.choices["image_size"].setCurrentIndex(dialog.choices["image_size"].findData(size))
        dialog.choices["image_size"].activated.emit(0)
        qtbot.waitUntil(dialog.use.isEnabled, timeout=30_000)
        if size == 8:
            dialog.use.click()
            qtbot.waitUntil(lambda: window.pilot.run.experiment.data == "file", timeout=30_000)
        else:
            dialog.reject()
    source = window.pilot.run.experiment.source()
    images.rename(tmp_path / "elsewhere")
    window.pilot.play(True)
    qtbot.waitUntil(lambda: window.pilot.run.frame.step > 20, timeout=60_000)
    assert window.pilot.run.experiment.source() is source
    window.actions_by_name["action.reset"].trigger()
    qtbot.waitUntil(lambda: "pictures" in window.verdict.text, timeout=30_000)
    assert "accepted: " in window.verdict.text
