"""Faults on purpose in the real window: where they go, what is saved, and that the window goes on."""

import csv
import json
import logging
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, qCritical
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel
from pytestqt.qtbot import QtBot

from ganviz.experiment import Experiment
from ganviz.training import trainer
from ganviz.training.checkpoint import resume
from ganviz.ui.fault_dialog import FaultDialog
from ganviz.ui.faults import Faults
from ganviz.ui.panels import losses
from ganviz.ui.window import MainWindow

LEFT = Qt.MouseButton.LeftButton
SAVED = "The run so far is saved in "


@pytest.fixture(autouse=True)
def documents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DOCUMENTS_DIR", str(tmp_path / "documents"))
    return tmp_path / "documents"


@pytest.fixture
def guarded(open_window: Callable[..., MainWindow]) -> Iterator[Callable[[], MainWindow]]:
    """Opens the window with its faults caught as the program catches them."""
    opened = []

    def guard() -> MainWindow:
        window = open_window()
        catching = Faults(window).caught()
        catching.__enter__()
        opened.append(catching)
        return window

    yield guard
    for catching in opened:
        catching.__exit__(None, None, None)


def dialogs() -> list[FaultDialog]:
    return [
        found
        for found in QApplication.topLevelWidgets()
        if isinstance(found, FaultDialog) and found.isVisible()
    ]


def dialog(qtbot: QtBot) -> FaultDialog:
    qtbot.waitUntil(lambda: len(dialogs()) == 1, timeout=30_000)
    return dialogs()[0]


def text(shown: FaultDialog, name: str) -> str:
    label = shown.findChild(QLabel, f"fault.{name}")
    assert label is not None
    return label.text()


def saved_in(qtbot: QtBot, shown: FaultDialog) -> Path:
    qtbot.waitUntil(lambda: text(shown, "run").startswith(SAVED), timeout=30_000)
    return Path(text(shown, "run").removeprefix(SAVED))


def press(qtbot: QtBot, shown: FaultDialog, name: str) -> None:
    button = shown.findChild(QAbstractButton, f"fault.{name}")
    assert button is not None
    qtbot.mouseClick(button, LEFT)


def train(window: MainWindow) -> None:
    window.actions_by_name["action.train"].trigger()


def step(window: MainWindow) -> int:
    return window.pilot.run.frame.step


class FaultyPanel(losses.LossesPanel):
    def draw(self, run: object) -> None:
        if run.frame.step > 0:
            raise ValueError("a mistake of this panel")
        super().draw(run)


class FaultyTrainer(trainer.Trainer):
    def play(self, *words: object, **more: object) -> int:
        if self.step_count >= 120:
            raise RuntimeError("a mistake of this trainer")
        return super().play(*words, **more)


def test_a_panel_that_raises_rests_and_the_others_go_on(
    qtbot: QtBot, guarded: Callable[[], MainWindow], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(losses, "LossesPanel", FaultyPanel)
    window = guarded()
    train(window)
    shown = dialog(qtbot)
    assert text(shown, "happened") == "ValueError: a mistake of this panel\nWhile the panel Losses was drawn."
    folder = saved_in(qtbot, shown)
    kept, _ = resume(folder)
    assert kept.step_count > 0
    assert "a mistake of this panel" in (folder / "fault.txt").read_text(encoding="utf-8")
    reached = step(window)
    qtbot.waitUntil(lambda: step(window) > reached + 50, timeout=30_000)
    assert dialogs() == [shown], "one dialog"
    press(qtbot, shown, "go_on")
    assert dialogs() == []
    window.actions_by_name["action.reset"].trigger()  # the panel is tried again, and fails again
    qtbot.waitUntil(lambda: window.verdict.text.startswith("The same fault again, 2 times: "), timeout=30_000)
    assert dialogs() == [], "what has been on show is not shown again"
    train(window)
    qtbot.waitUntil(lambda: window.pilot.run.frame.status == "paused", timeout=10_000)


def test_a_trainer_that_raises_stands_still_until_a_reset(
    qtbot: QtBot, guarded: Callable[[], MainWindow], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trainer, "Trainer", FaultyTrainer)
    window = guarded()
    window.desk.propose("g_learning_rate", 0.003)
    train(window)
    shown = dialog(qtbot)
    assert text(shown, "happened") == "RuntimeError: a mistake of this trainer"
    folder = saved_in(qtbot, shown)
    assert json.loads((folder / "summary.json").read_text())["step"] == 120
    with (folder / "metrics.csv").open() as stream:
        assert [int(row["step"]) for row in csv.DictReader(stream)] == list(range(1, 121))
    monkeypatch.undo()
    kept, _ = resume(folder)
    assert kept.step_count == 100, "the last state that was kept before the fault"
    press(qtbot, shown, "copy")
    copied = QApplication.clipboard().text()
    for word in ("ganviz 0.", "torch 2.", "PySide6", 'objective = "minimax"', "g_learning_rate", "Traceback"):
        assert word in copied
    assert "a mistake of this trainer" in copied
    qtbot.waitUntil(lambda: window.actions_by_name["action.train"].text() == "Train", timeout=10_000)
    train(window)
    qtbot.waitUntil(
        lambda: window.verdict.text.startswith("This run failed and cannot go on"), timeout=10_000
    )
    window.actions_by_name["action.reset"].trigger()
    qtbot.waitUntil(lambda: step(window) == 0, timeout=10_000)
    train(window)
    qtbot.waitUntil(lambda: step(window) > 130, timeout=30_000)
    press(qtbot, shown, "go_on")
    train(window)
    qtbot.waitUntil(lambda: window.pilot.run.frame.status == "paused", timeout=10_000)


def test_close_ganviz_closes_the_window(qtbot: QtBot, guarded: Callable[[], MainWindow]) -> None:
    window = guarded()
    window.failed.emit("RuntimeError: nothing in particular")
    shown = dialog(qtbot)
    assert not shown.run.isVisible(), "before the first step there is nothing to save"
    press(qtbot, shown, "close")
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=10_000)


def test_threads_and_qt_lead_to_the_same_dialog(
    qtbot: QtBot, guarded: Callable[[], MainWindow], caplog: pytest.LogCaptureFixture
) -> None:
    guarded()

    def fail() -> None:
        raise OSError("in a thread")

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    shown = dialog(qtbot)
    assert text(shown, "happened") == "OSError: in a thread"
    for _ in range(30):
        qCritical("Qt gives up")
    qtbot.waitUntil(lambda: text(shown, "others").startswith("Since then 30 more faults"), timeout=10_000)
    assert shown.report.toPlainText().count("Qt gives up") == 1
    assert dialogs() == [shown]
    told = [record for record in caplog.records if record.name == "ganviz.ui.faults"]
    assert len(told) == 3, "in the log once, then at the tenth time"
    shown.close()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the folders of Linux")
def test_where_no_folder_can_be_written_it_is_said(
    qtbot: QtBot,
    guarded: Callable[[], MainWindow],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    window = guarded()
    window.actions_by_name["action.step"].trigger()
    qtbot.waitUntil(lambda: step(window) == 1, timeout=10_000)
    file = tmp_path / "file"
    file.write_text("not a folder")
    monkeypatch.setenv("XDG_DOCUMENTS_DIR", str(file))
    window.failed.emit("RuntimeError: first")
    shown = dialog(qtbot)
    assert "/ganviz/runs/" in str(saved_in(qtbot, shown)), "the second folder"
    press(qtbot, shown, "go_on")
    window.actions_by_name["action.step"].trigger()
    qtbot.waitUntil(lambda: step(window) == 2, timeout=10_000)
    monkeypatch.setenv("XDG_DATA_HOME", str(file))
    monkeypatch.setattr(tempfile, "tempdir", str(file))
    window.failed.emit("RuntimeError: second")
    shown = dialog(qtbot)
    qtbot.waitUntil(lambda: text(shown, "run").startswith("The run could not be saved: "), timeout=10_000)
    assert str(file) in text(shown, "run")
    shown.close()


def test_hooks_are_given_back(qtbot: QtBot, open_window: Callable[..., MainWindow]) -> None:
    before = sys.excepthook, threading.excepthook, list(logging.getLogger("qt").handlers)
    with Faults(open_window(Experiment.preset("moons"))).caught():
        assert sys.excepthook != before[0]
    assert (sys.excepthook, threading.excepthook, list(logging.getLogger("qt").handlers)) == before
