"""Files, kept runs, and what is remembered between two starts."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QSettings, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QMessageBox, QStyleOptionComboBox
from pytestqt.qtbot import QtBot

from ganviz.experiment import Experiment
from ganviz.live.commands import Keep
from ganviz.training.checkpoint import keep
from ganviz.training.trainer import Trainer
from ganviz.ui import dialogs
from ganviz.ui.files import kept_folder
from ganviz.ui.grid import PanelGrid
from ganviz.ui.layouts import LAYOUTS
from ganviz.ui.memory import Memory
from ganviz.ui.window import MainWindow


def test_saved_and_opened_again(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    window.desk.propose("modes", 6)
    assert window.head.file.text() == "saturation *"
    file = tmp_path / "six modes.toml"
    window.files.save_to(file)
    assert Experiment.load(file) == window.choices.experiment
    assert window.choices.experiment.name == "six modes"
    assert window.head.file.text() == "six modes.toml"
    assert window.toolbar.preset.currentIndex() == -1
    assert window.toolbar.preset.placeholderText() == "six modes"
    window.actions_by_name["preset.moons"].trigger()
    assert window.choices.path is None
    assert window.toolbar.preset.currentText() == "moons"
    window.files.open_file(str(file))
    assert window.choices.experiment.modes == 6
    assert window.choices.path == file
    qtbot.waitUntil(lambda: window.pilot.run.experiment.modes == 6, timeout=20_000)
    window.desk.propose("sigma", 0.3)
    assert window.head.file.text() == "six modes.toml *"
    window.actions_by_name["action.save"].trigger()
    assert Experiment.load(file).sigma == 0.3
    assert window.head.file.text() == "six modes.toml"
    assert window.memory.recent() == [str(file.resolve())]
    assert [action.text() for action in window.recent.actions()] == ["six modes.toml"]


def test_a_broken_file_is_said_and_changes_nothing(window: MainWindow, tmp_path: Path) -> None:
    chosen = window.choices.experiment
    for name, text in (
        ("broken.toml", "modes = ["),
        ("unknown.toml", "mdoes = 3"),
        ("wrong.toml", "modes = 1000"),
        ("empty.toml", ""),
    ):
        file = tmp_path / name
        file.write_text(text)
        window.files.open_file(str(file))
        assert name in window.verdict.text
        assert "\n" not in window.verdict.text
        assert window.choices.experiment == chosen
    window.files.open_file(str(tmp_path / "absent.toml"))
    assert "absent.toml" in window.verdict.text
    assert window.memory.recent() == []


def test_a_file_that_cannot_be_written_is_said(window: MainWindow, tmp_path: Path) -> None:
    window.files.save_to(tmp_path / "no such folder" / "x.toml")
    assert "no such folder" in window.verdict.text
    assert window.choices.path is None
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_dropped_on_the_window(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    file = tmp_path / "dropped.toml"
    file.write_text(Experiment.preset("gauss1d").to_toml())
    dropped, other = QMimeData(), QMimeData()
    dropped.setUrls([QUrl.fromLocalFile(str(file))])
    other.setUrls([QUrl("https://example.org/dropped.toml")])
    none, left = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
    for data, taken in ((dropped, True), (other, False)):
        enter = QDragEnterEvent(QPoint(50, 50), Qt.DropAction.CopyAction, data, left, none)
        enter.ignore()
        QApplication.sendEvent(window, enter)
        assert enter.isAccepted() is taken
    drop = QDropEvent(QPointF(50, 50), Qt.DropAction.CopyAction, dropped, left, none)
    QApplication.sendEvent(window, drop)
    assert window.choices.experiment.data == "mixture_1d"
    qtbot.waitUntil(lambda: window.pilot.run.experiment.data == "mixture_1d", timeout=20_000)


SMALL = {"g_width": 16, "d_width": 16, "g_layers": 1, "d_layers": 1, "batch_size": 32, "head_start": 0}


@pytest.fixture
def kept_run(tmp_path: Path) -> Path:
    """The folder of a run of 40 steps."""
    chosen = Experiment.preset("saturation").replace(**SMALL, modes=5, measure_every=10, device="cpu")
    trainer = Trainer(chosen)
    trainer.step(40)
    return keep(trainer, tmp_path / "forty steps")


def drop(window: MainWindow, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    none, left = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
    QApplication.sendEvent(
        window, QDragEnterEvent(QPoint(50, 50), Qt.DropAction.CopyAction, data, left, none)
    )
    QApplication.sendEvent(window, QDropEvent(QPointF(50, 50), Qt.DropAction.CopyAction, data, left, none))


@pytest.mark.parametrize("way", ["dropped folder", "opened file"])
def test_a_run_that_was_kept_is_taken_up_again(
    qtbot: QtBot, window: MainWindow, kept_run: Path, way: str
) -> None:
    files = {file.name: file.read_bytes() for file in kept_run.iterdir()}
    window.pilot.play(True)
    qtbot.waitUntil(lambda: window.pilot.run.frame.step >= 5, timeout=60_000)
    if way == "dropped folder":
        drop(window, kept_run)
    else:
        window.files.open_file(str(kept_run / "experiment.toml"))
    qtbot.waitUntil(lambda: window.pilot.run.experiment.modes == 5, timeout=60_000)
    run = window.pilot.run
    assert (run.frame.step, run.frame.status, window.pilot.playing) == (40, "paused", False)
    assert window.keeping.unkept_steps == 0
    assert window.head.file.text() == "forty steps" and "forty steps" in window.verdict.text
    assert [action.text() for action in window.recent.actions()] == ["forty steps"]
    with (kept_run / "metrics.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    np.testing.assert_allclose(run.history.steps.column("d_loss"), [float(row["d_loss"]) for row in rows])
    panel = window.grid.panels["losses"]
    qtbot.waitUntil(lambda: len(panel.export_data().get("d_loss", ())) == 40, timeout=20_000)
    window.pilot.step()
    qtbot.waitUntil(lambda: window.pilot.run.frame.step == 41, timeout=20_000)
    assert {file.name: file.read_bytes() for file in kept_run.iterdir()} == files
    window.actions_by_name["action.reset"].trigger()
    qtbot.waitUntil(lambda: window.pilot.run.frame.step == 0, timeout=20_000)
    assert window.pilot.run.experiment.modes == 5


def test_a_run_s_experiment_is_not_written_over(
    window: MainWindow, kept_run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = kept_run / "experiment.toml"
    before = file.read_bytes()
    window.files.open_file(str(file))
    window.desk.propose("sigma", 0.3)
    asked: list[str] = []
    monkeypatch.setattr(window.files, "save_as", lambda: asked.append("where"))
    window.files.save()
    assert asked == ["where"] and file.read_bytes() == before


def test_of_a_run_without_its_state_the_experiment_begins_anew(
    qtbot: QtBot, window: MainWindow, kept_run: Path
) -> None:
    (kept_run / "checkpoint.safetensors").write_bytes(b"no tensors")
    with qtbot.waitSignal(window.pilot.said, timeout=30_000) as said:
        drop(window, kept_run)
    assert "checkpoint.safetensors: cannot be read" in said.args[0]
    qtbot.waitUntil(lambda: window.pilot.run.experiment.modes == 5, timeout=20_000)
    assert window.pilot.run.frame.step == 0
    (kept_run / "checkpoint.safetensors").unlink()
    drop(window, kept_run)
    assert window.head.file.text() == "experiment.toml"


def test_a_kept_run_is_a_whole_folder(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    window.pilot.play(True)
    qtbot.waitUntil(lambda: window.pilot.run.frame.step >= 10, timeout=60_000)
    window.pilot.play(False)
    qtbot.waitUntil(lambda: window.pilot.run.frame.status == "paused", timeout=10_000)
    steps = window.pilot.run.frame.step
    assert window.keeping.unkept_steps == steps
    folder = tmp_path / "kept"
    with qtbot.waitSignal(window.keeping.said, timeout=30_000) as kept:
        window.pilot.keep(folder)
    assert kept.args[0] == f"Kept in {folder}"
    names = {file.name for file in folder.iterdir()}
    assert {
        "experiment.toml",
        "metrics.csv",
        "events.csv",
        "summary.json",
        "checkpoint.safetensors",
        "dashboard.png",
    } <= names
    with (folder / "metrics.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    assert [int(row["step"]) for row in rows] == list(range(1, steps + 1))
    assert window.keeping.unkept_steps == 0
    with qtbot.waitSignal(window.pilot.said, timeout=30_000) as said:
        window.pilot.keep(folder)
    assert "kept" in said.args[0]


def test_a_long_run_that_gave_way_can_be_kept(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("ganviz.live.runs", "ganviz.ui.keeping"):
        monkeypatch.setattr(f"{module}.LONG_RUN", 20)
    action = window.actions_by_name["action.keep_before"]
    assert not action.isEnabled()
    window.pilot.play(True)
    qtbot.waitUntil(lambda: window.pilot.run.frame.step > 40, timeout=60_000)
    window.pilot.play(False)
    qtbot.waitUntil(lambda: window.pilot.run.frame.status == "paused", timeout=10_000)
    steps, seed = window.pilot.run.frame.step, window.pilot.run.experiment.seed
    window.actions_by_name["action.new_seed"].trigger()
    qtbot.waitUntil(action.isEnabled, timeout=10_000)
    assert f"The run before ({steps:,} steps)" in window.verdict.text
    folder = tmp_path / "before"
    monkeypatch.setattr(window.files, "ask_for_run_folder", lambda: folder)
    with qtbot.waitSignal(window.keeping.said, timeout=30_000):
        action.trigger()
    assert Experiment.load(folder / "experiment.toml").seed == seed
    assert (folder / "dashboard.png").exists() and not action.isEnabled()


@pytest.mark.parametrize(
    ("unkept", "words"), [(9000, "This run has 9,000"), (6000, "The last 6,000 of this")]
)
def test_the_question_names_what_is_in_no_folder(window: MainWindow, unkept: int, words: str) -> None:
    asked = []

    def answer() -> None:
        (box,) = window.findChildren(QMessageBox, "dialog.unkept")
        asked.append(box.text())
        box.reject()

    QTimer.singleShot(0, answer)
    assert dialogs.ask_about_unkept(window, unkept, 9000) is dialogs.Answer.STAY
    assert asked[0].startswith(words)


def test_the_default_folder_names_the_run() -> None:
    folder = kept_folder(Experiment.preset("saturation").replace(seed=7))
    assert folder.parent.name == "ganviz"
    assert folder.name.startswith("saturation-7-")
    assert Keep(folder).folder == folder


def test_layout_and_look_are_remembered(open_window: Callable[..., MainWindow]) -> None:
    first = open_window(ready=False)
    first.look.choose_theme(True)
    first.actions_by_name["action.text_larger"].trigger()
    first.actions_by_name["show.losses"].trigger()
    first.actions_by_name["action.rail"].trigger()
    first.form.groups["schedule"].set_open(False)
    first.close()
    second = open_window(ready=False)
    assert second.look.theme.name == "dark"
    assert second.look.scale == first.look.scale > 1.0
    assert "losses" not in second.grid.keys
    assert second.form.isHidden()
    assert not second.form.groups["schedule"].header.isChecked()
    second.actions_by_name["action.reset_layout"].trigger()
    assert "losses" in second.grid.keys
    assert second.form.groups["schedule"].header.isChecked()


def test_safe_mode_neither_reads_nor_writes(open_window: Callable[..., MainWindow]) -> None:
    first = open_window(ready=False)
    first.look.choose_theme(True)
    first.close()
    safe = open_window(ready=False, safe_mode=True)
    assert safe.look.theme.name == "light"
    safe.actions_by_name["action.text_larger"].trigger()
    safe.close()
    third = open_window(ready=False)
    assert third.look.theme.name == "dark"
    assert third.look.scale == 1.0


OLD_GRID = {
    "shown": ["losses", "samples"], "columns": 3, "outer": [400, 400], "rows": [[1, 2, 3], [4, 5, 6], []],
    "panels": {"losses": {"legend": {"total": True}}},
}  # fmt: skip
"""As the first release wrote it."""


@pytest.mark.parametrize(
    "layout",
    [
        "{not json",
        json.dumps({"rail": True, "groups": {}, "grid": OLD_GRID}),
        json.dumps({"groups": {}, "grid": [1, 2]}),
        json.dumps({"grid": {"layouts": 3, "sizes": {"overview 3+3": [["a"]]}, "panels": {"losses": 7}}}),
        json.dumps({"grid": {"layouts": {"name": ["theory"], "places": {"overview": ["gone", 5], "x": 1}}}}),
        json.dumps({"grid": {"layouts": {"name": "gone", "places": {"overview": []}}}}),
    ],
)
def test_unusable_memory_is_passed_over(open_window: Callable[..., MainWindow], layout: str) -> None:
    settings = QSettings("ganviz", "ganviz")
    settings.setValue("version", 1)
    for key, value in (
        ("scale", '"large"'),
        ("theme", "[1]"),
        ("layout", layout),
        ("geometry", '"AAAA"'),
        ("recent", "{}"),
    ):
        settings.setValue(key, value)
    settings.sync()
    window = open_window(ready=False)
    assert window.look.scale == 1.0
    assert window.memory.recent() == []
    assert window.grid.keys == LAYOUTS["overview"].places


def test_memory_of_another_version_is_not_read() -> None:
    memory = Memory()
    memory.write("scale", 1.5)
    assert memory.read("scale", 1.0) == 1.5
    QSettings("ganviz", "ganviz").setValue("version", 99)
    assert Memory().read("scale", 1.0) == 1.0


def test_safe_mode_opens_what_stored_settings_keep_shut(
    open_window: Callable[..., MainWindow], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stored layout that breaks the window, as one of another release might."""
    open_window(ready=False).close()
    restore = PanelGrid.restore_state

    def breaks(grid: PanelGrid, state: dict[str, object]) -> None:
        if state.get("panels"):
            raise RuntimeError("a layout that no check foresaw")
        restore(grid, state)

    monkeypatch.setattr(PanelGrid, "restore_state", breaks)
    with pytest.raises(RuntimeError, match="no check foresaw"):
        MainWindow(Experiment.preset("saturation"))
    safe = open_window(ready=False, safe_mode=True)
    assert safe.grid.keys == LAYOUTS["overview"].places


def test_a_name_that_is_no_preset_is_shown_as_one(window: MainWindow, tmp_path: Path) -> None:
    """With "…" where it has no room, and not grey, which says that nothing can be done with it."""
    name = "a run of which the name is far too long for the list at the top of the window"
    window.resize(1180, 720)
    file = tmp_path / f"{name}.toml"
    window.files.save_to(file)
    window.files.open_file(str(file))
    combo = window.toolbar.preset
    QApplication.processEvents()
    assert combo.currentIndex() == -1
    option = QStyleOptionComboBox()
    combo.initStyleOption(option)
    assert option.currentText.endswith("…") and option.currentText[:-1].strip() in name
    picture = combo.grab().toImage()
    ink = combo.palette().buttonText().color()
    assert any(
        picture.pixelColor(x, y) == ink for x in range(picture.width() - 30) for y in range(picture.height())
    ), "in the colour of text"
