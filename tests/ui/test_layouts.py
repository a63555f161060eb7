"""The named layouts: the table, the edits, and the real window that shows them."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QSettings, Qt, QThread, QTimer
from PySide6.QtGui import QAction, QColor, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QApplication, QMenu, QSplitter, QWidget
from pytestqt.qtbot import QtBot

from ganviz.experiment import GAMES, Experiment
from ganviz.training.probes import BASE, PROBES
from ganviz.ui.layouts import (
    FAMILIES,
    LAYOUTS,
    MOST,
    OF_GAME,
    ONLY_FOR,
    OR,
    Layouts,
    Stage,
    stage_of,
    suits,
)
from ganviz.ui.panels.catalogue import PANELS, not_for
from ganviz.ui.theme import DARK
from ganviz.ui.vacancy import Vacancy
from ganviz.ui.window import MainWindow

LEFT = Qt.MouseButton.LeftButton
SIX = LAYOUTS["overview"].places
PORTRAIT = Stage("portrait", 0)


def of_dim(dim: int) -> Stage:
    """GANs with data of so many coordinates."""
    return Stage("gan", dim)


def on_screen(window: MainWindow) -> list[str]:
    return [panel.key for panel in window.grid.on_screen()]


def choose(window: MainWindow, name: str) -> None:
    """Choose a layout, and wait until its panels are made."""
    window.actions_by_name[f"layout.{name}"].trigger()
    for _ in range(100):  # one panel a turn
        QApplication.processEvents()
    assert window.grid.is_complete


def entry(window: MainWindow, key: str, title: str) -> QAction:
    """An entry of a panel's ⋮ menu, of its sub-menu too, as it is when the menu is open."""
    menu = window.grid.panels[key].menu
    menu.aboutToShow.emit()
    found = [made for part in (menu, *menu.findChildren(QMenu)) for made in part.actions()]
    return next(action for action in found if action.text() == title)


# ------------------------------------------------------------ the table and the edits


def test_every_layout_shows_something_for_all_data_and_never_too_much() -> None:
    layouts = Layouts()
    for name, row in LAYOUTS.items():
        layouts.name = name
        assert len(row.places) <= MOST
        assert len({key for place in row.places for key in place.split(OR)}) >= len(row.places)
        for dim in (1, 2, 64):
            panels = layouts.panels(of_dim(dim))
            assert 2 <= len(panels) <= MOST
            assert len(set(panels)) == len(panels)
            assert set(panels) <= set(PANELS)
            assert all(dim in ONLY_FOR.get(key, (dim,)) for key in panels)
    assert set(ONLY_FOR) <= {
        key for row in LAYOUTS.values() for place in (*row.places, *row.cyclegan) for key in place.split(OR)
    }


def test_dimensions_of_the_data() -> None:
    dims = {"mixture_1d": 1, "ring": 2, "moons": 2, "digits": 64, "glyphs": 28 * 28}
    assert {data: stage_of(Experiment(data=data)).dim for data in dims} == dims


def test_a_place_with_alternatives_takes_the_one_for_the_data(monkeypatch: pytest.MonkeyPatch) -> None:
    for dim, key in enumerate(("line", "plane"), 1):
        monkeypatch.setitem(PANELS, key, PANELS["losses"])
        monkeypatch.setitem(ONLY_FOR, key, (dim,))
    row = replace(LAYOUTS["theory"], places=("nowhere", "line|nowhere|plane", "losses"))
    monkeypatch.setitem(LAYOUTS, "theory", row)
    layouts = Layouts()
    layouts.name = "theory"
    assert layouts.panels(of_dim(1)) == ("line", "losses")
    assert layouts.panels(of_dim(2)) == ("plane", "losses")
    assert layouts.panels(of_dim(64)) == ("losses",)
    layouts.move("plane", 1, of_dim(2))
    assert layouts.panels(of_dim(1)) == ("losses", "line")
    assert layouts.hide("losses", of_dim(1)) == ""
    assert layouts.panels(of_dim(64)) == (
        "line",
    )  # never nothing: the panel itself says that it does not apply
    assert layouts.show("plane", of_dim(2)) == ""
    assert layouts.panels(of_dim(2)) == ("plane",)
    assert layouts.panels(of_dim(1)) == ("line",)
    assert layouts.show("plane", of_dim(1)) == ""
    assert layouts.panels(of_dim(1)) == ("line", "plane")  # named alone it is shown whatever the data are
    assert layouts.panels(of_dim(2)) == ("plane",)


def test_images_have_places_and_panels_of_their_own() -> None:
    digits, layouts = stage_of(Experiment.preset("digits")), Layouts()
    for name in LAYOUTS:
        layouts.name = name
        for key in layouts.panels(digits):
            assert PANELS[key].images is not False and suits(key, digits)
        for dim in (1, 2):
            assert all(PANELS[key].images is not True for key in layouts.panels(of_dim(dim)))
    assert suits("nearest", digits) and not suits("nearest", of_dim(2)) and not suits("nearest", PORTRAIT)
    assert suits("modes", of_dim(2)) and not suits("modes", digits)
    assert suits("losses", of_dim(2)) and suits("losses", digits)
    for stage, game in ((digits, "gan"), (of_dim(2), "gan"), (PORTRAIT, "dirac")):
        for key in PANELS:
            assert suits(key, stage) == (not_for(key, game, stage.has_images) == "")


def test_edits() -> None:
    layouts = Layouts()
    assert layouts.panels(of_dim(2)) == SIX
    layouts.move("samples", -1, of_dim(2))
    layouts.move("gradient", 1, of_dim(2))
    assert layouts.panels(of_dim(2)) == SIX
    layouts.move("samples", 1, of_dim(2))
    assert layouts.panels(of_dim(2)) == (SIX[1], SIX[0], *SIX[2:])
    layouts.replace("gradient", "bce", of_dim(2))
    assert layouts.panels(of_dim(2)) == (SIX[1], SIX[0], *SIX[2:5], "bce")
    kept = json.loads(json.dumps(layouts.save_state()))
    again = Layouts()
    again.restore_state(kept)
    assert again.panels(of_dim(2)) == layouts.panels(of_dim(2))
    assert list(kept["places"]) == ["overview"]
    layouts.reset(of_dim(2))
    assert layouts.panels(of_dim(2)) == SIX
    refused = layouts.show("bce", of_dim(2))
    assert refused.startswith("Overview shows 6 panels already")
    assert layouts.panels(of_dim(2)) == SIX
    for key in SIX[1:]:
        assert layouts.hide(key, of_dim(2)) == ""
    assert layouts.hide("samples", of_dim(2)).startswith("Samples is the only panel of Overview")
    assert layouts.panels(of_dim(2)) == ("samples",)


def test_the_games_of_two_numbers_have_places_of_their_own() -> None:
    portrait = stage_of(Experiment.preset("dirac"))
    assert portrait == stage_of(Experiment.preset("bilinear")) == ("portrait", 0)
    assert stage_of(Experiment.preset("digits")) == ("images", 64)
    cyclegan = stage_of(Experiment.preset("cyclegan-moons"))
    assert cyclegan == ("cyclegan", 2)
    layouts = Layouts()
    for name, row in LAYOUTS.items():
        layouts.name = name
        for key in layouts.panels(portrait):
            assert "dirac" in PANELS[key].games
        for key in layouts.panels(cyclegan):
            assert "cyclegan" in PANELS[key].games
        for key in row.places:
            assert all("gan" in PANELS[each].games for each in key.split(OR))
    layouts.name = "overview"
    assert layouts.hide("radius", portrait) == ""
    assert layouts.panels(of_dim(2)) == SIX
    again = Layouts()
    again.restore_state(json.loads(json.dumps(layouts.save_state())))
    assert again.panels(portrait) == layouts.panels(portrait) == ("portraits", "eigenvalues")
    again.reset(portrait)
    assert again.panels(portrait) == LAYOUTS["overview"].portrait
    assert set(OF_GAME) == set(GAMES) and set(OF_GAME.values()) < set(FAMILIES)


# ------------------------------------------------------------ the window


def test_each_layout_by_its_key_shows_exactly_its_panels(qtbot: QtBot, window: MainWindow) -> None:
    layouts = Layouts()
    for name, row in reversed(LAYOUTS.items()):
        layouts.name = name
        window.grid.show_full(window.grid.keys[0])
        qtbot.keyClick(window, Qt.Key(QKeySequence(row.key)[0].key()))
        qtbot.waitUntil(lambda: on_screen(window) == list(layouts.panels(of_dim(2))), timeout=5000)
        assert window.grid.full is None
        assert [b.objectName() for b in window.head.buttons.values() if b.isChecked()] == [f"layout.{name}"]
        assert window.actions_by_name[f"layout.{name}"].isChecked()
        ticked = {key for key in PANELS if window.actions_by_name[f"show.{key}"].isChecked()}
        assert ticked == set(layouts.panels(of_dim(2)))
        boxes = [panel.geometry() for panel in window.grid.on_screen()]
        assert all(box.width() >= 350 and box.height() >= 268 for box in boxes)
        area = sum(panel.width() * panel.height() for panel in window.grid.on_screen())
        whole = window.grid.viewport().width() * window.grid.viewport().height()
        assert area > 0.93 * whole  # no hole: what is left are the gaps


def test_the_switch_and_the_view_menu_choose_too(qtbot: QtBot, window: MainWindow) -> None:
    button = window.findChild(QAbstractButton, "layout.dynamics")
    qtbot.mouseClick(button, LEFT)
    assert window.grid.keys == LAYOUTS["dynamics"].places
    qtbot.mouseClick(button, LEFT)  # once more changes nothing
    assert button.isChecked()
    assert window.grid.keys == LAYOUTS["dynamics"].places


def test_a_panel_is_made_when_it_is_first_shown(open_window: Callable[..., MainWindow]) -> None:
    window = open_window(ready=False)
    assert sorted(window.grid.panels) == sorted(SIX)
    choose(window, "theory")
    assert set(window.grid.panels) == set(SIX) | set(window.grid.keys)
    made = window.grid.panels["losses"]
    choose(window, "overview")
    assert window.grid.panels["losses"] is made
    choose(window, "images")
    window.close()
    second = open_window(ready=False)
    assert sorted(second.grid.panels) == sorted(LAYOUTS["images"].places)


def test_panels_come_one_a_turn_after_the_first_paint(qtbot: QtBot) -> None:
    window = MainWindow(Experiment.preset("saturation"), safe_mode=True, ask_on_close=False)
    places = [window.findChild(QWidget, f"vacancy.{key}") for key in SIX]
    made: list[int] = []
    window.first_painted.connect(lambda: made.append(len(window.grid.panels)))
    window.grid.made.connect(lambda panel: QTimer.singleShot(0, lambda: made.append(len(window.grid.panels))))
    window.show()
    boxes = [place.geometry() for place in places]
    qtbot.waitUntil(lambda: window.grid.is_complete and len(made) == 7, timeout=60_000)
    assert made[:3] == [0, 1, 2]
    assert [window.grid.panels[key].geometry() for key in SIX] == boxes
    assert window.grid.findChild(Vacancy) is None
    window.close()


def test_hidden_panels_are_not_measured(
    qtbot: QtBot, open_window: Callable[..., MainWindow], monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: Counter[str] = Counter()

    def counting(key: str, measure: Callable) -> Callable:
        def counted(*arguments: object) -> object:
            calls[key] += 1
            return measure(*arguments)

        return counted

    for key, probe in PROBES.items():
        monkeypatch.setitem(PROBES, key, replace(probe, measure=counting(key, probe.measure)))
    window = open_window()

    def probes(layout: str) -> set[str]:
        choose(window, layout)
        qtbot.waitUntil(lambda: window.grid.is_at_rest, timeout=30_000)  # while panels are made, they move
        window.grid.verticalScrollBar().setValue(0)
        qtbot.wait(300)  # laid out and told
        return set(window.grid.needs())  # of what is in sight: a small screen has to scroll

    theory, shown = probes("theory"), probes("dynamics")
    others = theory - shown - set(BASE)
    assert others  # something is there to be left out
    choose(window, "theory")
    qtbot.waitUntil(lambda: others <= set(window.pilot.run.frame.measurements), timeout=30_000)
    assert others <= set(calls)
    choose(window, "dynamics")
    qtbot.waitUntil(lambda: set(window.pilot.run.frame.measurements) <= shown, timeout=30_000)
    calls.clear()
    window.desk.train()
    first = window.pilot.run.frame.step
    qtbot.waitUntil(lambda: window.pilot.run.frame.step > first + 100, timeout=60_000)
    assert set(calls) <= shown | set(BASE)
    choose(window, "theory")
    qtbot.waitUntil(lambda: all(calls[key] for key in others), timeout=30_000)


def test_an_edited_layout_is_remembered_and_reset(
    qtbot: QtBot, open_window: Callable[..., MainWindow]
) -> None:
    first = open_window(ready=False)
    first.actions_by_name["show.saturation"].trigger()
    entry(first, "samples", "Move right").trigger()
    entry(first, "divergence", PANELS["bce"].title).trigger()
    entry(first, "gradient", "Hide").trigger()
    edited = ("outputs", "samples", "losses", "bce")
    assert first.grid.keys == edited
    qtbot.waitUntil(lambda: on_screen(first) == list(edited), timeout=5000)
    choose(first, "dynamics")
    first.close()
    second = open_window(ready=False)
    assert second.grid.keys == LAYOUTS["dynamics"].places
    assert second.actions_by_name["layout.dynamics"].isChecked()
    choose(second, "overview")
    assert second.grid.keys == edited
    second.actions_by_name["action.reset_layout"].trigger()
    assert second.grid.keys == SIX
    second.close()
    assert open_window(ready=False).grid.keys == SIX


def test_the_panels_menu_offers_what_can_be_done(window: MainWindow) -> None:
    assert not entry(window, "samples", "Move left").isEnabled()
    assert entry(window, "samples", "Move right").isEnabled()
    assert not entry(window, "gradient", "Move right").isEnabled()
    of_points = {key for key, info in PANELS.items() if "gan" in info.games and not info.images}
    titles = {PANELS[key].title for key in of_points.difference(SIX)}
    instead = entry(window, "samples", "Show instead").menu()
    assert {action.text() for action in instead.actions() if action.isVisible()} == titles
    for key in SIX[1:]:
        window.actions_by_name[f"show.{key}"].trigger()
    assert not entry(window, "samples", "Hide").isEnabled()


def test_a_menu_that_was_open_when_its_panel_left_changes_nothing(window: MainWindow) -> None:
    entries = [entry(window, "gradient", name) for name in ("Hide", "Move left", "Move right")]
    other = next(
        action
        for action in entry(window, "gradient", "Show instead").menu().actions()
        if action.data() == "bce"
    )
    window.actions_by_name["show.gradient"].trigger()
    for action in (*entries, other):
        action.trigger()
    assert window.grid.keys == tuple(key for key in SIX if key != "gradient")


def test_a_seventh_panel_and_an_empty_layout_are_refused_in_words(window: MainWindow) -> None:
    window.actions_by_name["show.bce"].trigger()
    assert window.grid.keys == SIX
    assert not window.actions_by_name["show.bce"].isChecked()
    assert window.verdict.text.startswith("Overview shows 6 panels already")
    for key in SIX:
        window.actions_by_name[f"show.{key}"].trigger()
    assert window.grid.keys == SIX[-1:]
    assert window.actions_by_name[f"show.{SIX[-1]}"].isChecked()
    assert window.verdict.text.startswith("Generator gradient is the only panel")


def drag(qtbot: QtBot, splitter: QSplitter, by: QPoint) -> None:
    handle = splitter.handle(1)
    start = handle.rect().center()
    qtbot.mousePress(handle, LEFT, pos=start)
    qtbot.mouseMove(handle, start + by)
    qtbot.mouseRelease(handle, LEFT, pos=start + by)


def test_each_layout_keeps_its_own_sizes(qtbot: QtBot, open_window: Callable[..., MainWindow]) -> None:
    first = open_window(ready=False)
    samples = first.grid.panels["samples"]
    alike = samples.size()
    drag(qtbot, samples.parent(), QPoint(120, 0))
    drag(qtbot, samples.parent().parent(), QPoint(0, 60))
    dragged = samples.size()
    assert dragged.width() > alike.width() + 60
    assert dragged.height() > alike.height() + 30
    choose(first, "dynamics")
    qtbot.waitUntil(
        lambda: abs(samples.width() - first.grid.panels["weight_path"].width()) <= 2, timeout=5000
    )
    choose(first, "overview")
    qtbot.waitUntil(lambda: samples.size() == dragged, timeout=5000)
    first.grid.show_full("losses")
    first.close()
    second = open_window(ready=False)
    second.resize(first.size())  # a restored window keeps inside the test's small screen
    again = second.grid.panels["samples"]
    qtbot.waitUntil(lambda: (again.size() - dragged).width() in range(-2, 3), timeout=5000)
    assert (again.size() - dragged).height() in range(-2, 3)
    second.actions_by_name["action.reset_layout"].trigger()
    qtbot.waitUntil(lambda: (again.size() - alike).width() in range(-2, 3), timeout=5000)


def test_the_sizes_of_a_small_window_are_its_own(qtbot: QtBot, window: MainWindow) -> None:
    samples = window.grid.panels["samples"]
    drag(qtbot, samples.parent(), QPoint(120, 0))
    dragged = samples.size()
    window.resize(1180, 720)
    qtbot.waitUntil(lambda: abs(samples.width() - window.grid.panels["outputs"].width()) <= 2, timeout=5000)
    assert window.grid.verticalScrollBar().maximum() > 0
    window.resize(1600, 1000)
    qtbot.waitUntil(lambda: (samples.size() - dragged).width() in range(-2, 3), timeout=5000)


def test_the_layout_follows_the_data_of_the_run(
    qtbot: QtBot, open_window: Callable[..., MainWindow], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(
        LAYOUTS, "theory", replace(LAYOUTS["theory"], places=("samples", "saturation|outputs", "losses"))
    )
    monkeypatch.setitem(ONLY_FOR, "saturation", (2,))
    window = open_window()
    choose(window, "theory")
    assert window.grid.keys == ("samples", "saturation", "losses")
    window.actions_by_name["preset.gauss1d"].trigger()
    qtbot.waitUntil(lambda: window.grid.keys == ("samples", "outputs", "losses"), timeout=30_000)
    assert not window.actions_by_name["show.saturation"].isChecked()
    window.actions_by_name["preset.ring8"].trigger()
    qtbot.waitUntil(lambda: window.grid.keys == ("samples", "saturation", "losses"), timeout=30_000)


def test_fifty_changes_of_layout_while_training(qtbot: QtBot, open_window: Callable[..., MainWindow]) -> None:
    failed: list[str] = []
    window = open_window()
    window.failed.connect(failed.append)
    before = len(window.findChildren(QThread))
    window.desk.train()
    qtbot.waitUntil(lambda: window.pilot.run.frame.step > 5, timeout=60_000)
    names = list(LAYOUTS)
    for number in range(50):
        choose(window, names[number % len(names)])
        reached = window.pilot.run.frame.step
        qtbot.waitUntil(lambda reached=reached: window.pilot.run.frame.step > reached, timeout=30_000)
    assert window.pilot.playing
    assert failed == []
    assert len(window.findChildren(QThread)) == before
    assert len(window.grid.panels) <= len(PANELS)


def looks(window: MainWindow, key: str) -> tuple[str, float]:
    panel = window.grid.panels[key]
    return panel.theme.name, panel.scale_factor


def test_a_panel_made_late_has_the_look_of_the_others(qtbot: QtBot, window: MainWindow) -> None:
    window.look.apply("dark", 1.21)
    choose(window, "theory")
    assert {looks(window, key) for key in window.grid.keys} == {("dark", 1.21)}
    window.look.apply("light", 1.0)
    choose(window, "overview")
    qtbot.waitUntil(lambda: {looks(window, key) for key in window.grid.panels} == {("light", 1.0)})


def test_a_new_look_reaches_panels_and_settings_one_a_turn(qtbot: QtBot, window: MainWindow) -> None:
    """All in one turn would make the window deaf for a quarter of a second."""
    heights = {row: row.height() for row in window.form.rows.values()}
    window.actions_by_name["action.text_larger"].trigger()
    new = window.look.scale
    shown = [panel for panel in window.grid.panels.values() if panel.scale_factor == new]
    grown = [row for row, height in heights.items() if row.height() != height]
    assert not shown and len(grown) < len(heights) / 2
    qtbot.waitUntil(lambda: all(panel.scale_factor == new for panel in window.grid.panels.values()))
    qtbot.waitUntil(lambda: all(row.height() > height for row, height in heights.items()))


def test_a_copied_picture_is_that_of_the_new_look(qtbot: QtBot, window: MainWindow) -> None:
    QApplication.clipboard().clear()
    window.look.apply("dark", 1.21)
    window.actions_by_name["action.copy_window"].trigger()
    qtbot.waitUntil(lambda: not QApplication.clipboard().image().isNull())
    picture = QApplication.clipboard().image()
    assert picture.size() == window.size() * window.devicePixelRatioF()
    panels = [window.grid.panels[key] for key in window.grid.keys]
    corners = [panel.mapTo(window, QPoint(5, 12)) for panel in panels]
    seen = [corner * window.devicePixelRatioF() for corner in corners if window.rect().contains(corner)]
    assert len(seen) > 2
    assert {picture.pixelColor(corner).rgb() for corner in seen} == {QColor(DARK.panel).rgb()}


def test_what_a_panel_remembers_waits_until_it_is_made(open_window: Callable[..., MainWindow]) -> None:
    first = open_window(ready=False)
    first.grid.panels["losses"].restore_state({"legend": {"total": True}})
    kept = first.grid.panels["losses"].save_state()
    choose(first, "theory")
    first.close()
    second = open_window(ready=False)
    assert "losses" not in second.grid.panels
    second.close()
    third = open_window(ready=False)
    choose(third, "overview")
    assert third.grid.panels["losses"].save_state() == kept
    assert json.loads(str(QSettings("ganviz", "ganviz").value("layout")))["grid"]["panels"]["losses"] == kept
