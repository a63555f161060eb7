"""While it trains the panels of the real window take turns, one a frame."""

import gc
import weakref
from collections import Counter
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from ganviz.record.history import History
from ganviz.record.run import Run
from ganviz.ui.turns import one_round
from ganviz.ui.window import MainWindow


@pytest.fixture
def drawn(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The keys of the panels that are drawn from now on, in order; the window's own frames are held back."""
    window.pilot.follow(False)
    keys: list[str] = []
    for key, panel in window.grid.panels.items():
        show = panel.show_runs
        monkeypatch.setattr(
            panel, "show_runs", lambda runs, key=key, show=show: (keys.append(key), show(runs))
        )
    return keys


def training(window: MainWindow) -> Run:
    assert window.pilot.run is not None
    run = window.pilot.run
    return replace(run, frame=replace(run.frame, status="training", whole=False))


def test_in_a_round_each_panel_has_its_turns_and_movement_has_two(
    window: MainWindow, drawn: list[str]
) -> None:
    turns = one_round(window.grid.on_screen())
    for count in range(1, len(turns) + 1):
        window.grid.show_run(training(window))
        assert len(drawn) == count, "one panel a frame"
    assert Counter(drawn) == dict.fromkeys(window.grid.keys, 1) | {"samples": 2}
    first, second = (index for index, key in enumerate(drawn) if key == "samples")
    assert 2 <= second - first <= len(turns) - 2, "spread over the round"


def still(window: MainWindow) -> Run:
    run = training(window)
    return replace(run, frame=replace(run.frame, whole=True))


def test_a_frame_that_stands_still_is_drawn_in_all_panels_one_a_turn(
    qtbot: QtBot, window: MainWindow, drawn: list[str]
) -> None:
    window.grid.show_run(still(window))
    assert drawn == [window.grid.on_screen()[0].key], "the others wait for the window to answer"
    qtbot.waitUntil(lambda: len(drawn) >= len(window.grid.keys))
    qtbot.wait(50)
    assert sorted(drawn) == sorted(window.grid.keys), "each of them once"


def test_frames_that_follow_at_once_keep_no_panel_waiting(window: MainWindow, drawn: list[str]) -> None:
    for _ in window.grid.keys:
        window.grid.show_run(still(window))
    assert sorted(drawn) == sorted(window.grid.keys)


def test_panels_that_have_moved_are_painted_again(qtbot: QtBot, window: MainWindow) -> None:
    panels = window.grid.on_screen()
    window.resize(window.width() + 300, window.height() + 200)
    qtbot.waitUntil(lambda: all(panel.updatesEnabled() for panel in panels))
    window.grid.show_full("losses")
    qtbot.waitUntil(lambda: all(panel.updatesEnabled() for panel in panels))
    window.grid.show_full(None)
    qtbot.waitUntil(lambda: all(panel.updatesEnabled() for panel in panels))


def test_a_panel_alone_has_every_frame(qtbot: QtBot, window: MainWindow, drawn: list[str]) -> None:
    window.grid.show_full("losses")
    qtbot.waitUntil(lambda: [panel.key for panel in window.grid.on_screen()] == ["losses"])
    drawn.clear()
    for _ in range(5):
        window.grid.show_run(training(window))
    assert drawn == ["losses"] * 5


def test_hidden_panels_let_go_of_a_run_that_has_ended(qtbot: QtBot, window: MainWindow) -> None:
    """Each would hold another run's record, megabytes of it, as long as the window is open."""
    records: list[weakref.ref[History]] = []
    for layout in ("layout.theory", "layout.overview", "layout.theory"):
        window.actions_by_name[layout].trigger()
        window.actions_by_name["action.reset"].trigger()
        qtbot.waitUntil(lambda: window.pilot.run is not None and window.grid.is_at_rest)
        qtbot.wait(200)
        assert window.pilot.run is not None
        records.append(weakref.ref(window.pilot.run.history))
    shown = window.pilot.run.history
    qtbot.waitUntil(
        lambda: all(panel.drawn_history in (None, shown) for panel in window.grid.panels.values())
    )
    hidden = [panel for panel in window.grid.panels.values() if not panel.isVisible()]
    assert hidden and all(panel.drawn_history is None for panel in hidden)
    gc.collect()
    assert [record() for record in records] == [None, None, shown]
