"""A piece of work beside the window."""

from threading import Event

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from ganviz.data.files.contents import Tell
from ganviz.live.errand import Errand
from ganviz.live.worker import wait_for_leaving


def test_work_that_is_dropped_ends_by_itself_and_says_nothing(qtbot: QtBot) -> None:
    began, goes_on, said = Event(), Event(), []

    def work(tell: Tell) -> str:
        began.set()
        goes_on.wait(20.0)
        return "found"

    owner = QObject()
    errand = Errand(work, owner)
    errand.done.connect(said.append)
    errand.start()
    assert began.wait(20.0)
    errand.drop()
    assert errand.isRunning() and errand.parent() is None
    goes_on.set()
    assert wait_for_leaving(20.0) and errand.isFinished()
    qtbot.wait(20)
    assert said == []


def test_work_is_told_that_it_is_no_longer_wanted(qtbot: QtBot) -> None:
    began, shares = Event(), []

    def work(tell: Tell) -> None:
        while True:
            tell(len(shares) / 1e9)
            shares.append(1)
            began.set()

    owner = QObject()
    errand = Errand(work, owner)
    errand.start()
    assert began.wait(20.0)
    errand.drop()
    assert wait_for_leaving(20.0) and errand.isFinished()
