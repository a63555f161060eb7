"""Closing the window while the thread is within a long step: the window goes, the thread follows."""

import threading
from collections.abc import Callable

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from ganviz.live import worker
from ganviz.training import trainer
from ganviz.ui.window import MainWindow


def test_the_window_closes_at_once_and_the_thread_ends_after_its_step(
    qtbot: QtBot, open_window: Callable[..., MainWindow], monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, may_end = threading.Event(), threading.Event()

    class LongStep(trainer.Trainer):
        def play(self, *words: object, **more: object) -> int:
            begun.set()
            may_end.wait(60)
            return super().play(*words, **more)

    monkeypatch.setattr(trainer, "Trainer", LongStep)
    monkeypatch.setattr(worker, "GRACE_SECONDS", 0.05)
    window = open_window(start=True)
    qtbot.waitUntil(begun.is_set, timeout=60_000)
    assert window.close() and not window.isVisible()
    assert not worker.wait_for_leaving(0.0), "the step has not ended"
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not isValid(window), "a deleted window leaves the thread alone"
    may_end.set()
    assert worker.wait_for_leaving(60.0)
