"""Keys and the table of controls, against the real window."""

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLineEdit,
    QPushButton,
    QSlider,
    QWidget,
)
from pytestqt.qtbot import QtBot

from ganviz.ui.controls import CONTROLS, MENUS, RECENT, SEPARATOR
from ganviz.ui.fields import Field
from ganviz.ui.lines_table import LinesTable
from ganviz.ui.own_data.canvas import Canvas
from ganviz.ui.panels.base import Panel
from ganviz.ui.panels.catalogue import PANELS
from ganviz.ui.window import MainWindow

OF_KIND: dict[str, tuple[type[QObject], ...]] = {
    "action": (QAction,),
    "toggle": (QAction,),
    "choice": (QAction, QAbstractButton),
    "slider": (QSlider,),
    "table": (LinesTable,),
    "menu": (QComboBox,),
    "field": Field.__args__,
    "panel": (Panel,),
    "button": (QPushButton,),
    "canvas": (Canvas,),
}
DIALOGS = ("action.draw", "action.open_data")
"""Actions that open dialogs with controls of the table."""


def make_everything(window: MainWindow) -> None:
    """Every panel, and every dialog that has controls of the table."""
    for key in PANELS:
        window.grid.show_panels("overview", [key])
        QApplication.processEvents()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # what stood in its place
    for name in DIALOGS:
        window.actions_by_name[name].trigger()


def test_every_control_of_the_table_is_in_the_window(window: MainWindow) -> None:
    make_everything(window)
    for row in CONTROLS:
        for kind in OF_KIND[row.kind] if row.kind != "field" else (QWidget,):
            found = window.findChildren(kind, row.name)
            assert len(found) == 1, (row.name, kind, found)
            if row.kind == "field":
                assert isinstance(found[0], OF_KIND["field"])
            if kind is QAction:
                assert found[0].shortcuts() == [QKeySequence(key) for key in row.keys]
                assert row.help in found[0].toolTip()


def test_every_control_of_the_window_is_in_the_table(window: MainWindow) -> None:
    make_everything(window)
    named = {row.name for row in CONTROLS}
    prefixes = (
        "layout.",
        "action.",
        "objective.",
        "ablation.",
        "setting.",
        "panel.",
        "show.",
        "preset.",
        "slider.",
        "draw.",
    )
    found = {
        thing.objectName()
        for thing in window.findChildren(QObject)
        if thing.objectName().startswith(prefixes)
    }
    assert found == {name for name in named if name.startswith(prefixes)} | {"action.details"}


def test_no_two_controls_share_a_name_or_a_key() -> None:
    names = [row.name for row in CONTROLS]
    keys = [QKeySequence(key).toString() for row in CONTROLS for key in row.keys]
    assert len(set(names)) == len(names)
    assert len(set(keys)) == len(keys)
    assert all(row.help.endswith(".") and row.title for row in CONTROLS)


def test_every_action_is_in_a_menu(window: MainWindow) -> None:
    in_menus = [name for names in MENUS.values() for name in names if name not in (SEPARATOR, RECENT)]
    assert sorted(in_menus) == sorted(
        row.name for row in CONTROLS if row.kind in ("action", "toggle", "choice")
    )
    shown = [action.text() for action in window.menuBar().actions()]
    assert shown == list(MENUS)


def test_every_control_says_what_it_is(window: MainWindow) -> None:
    bars = (window.head, window.toolbar, window.lossbar, window.form)
    inputs = (QAbstractButton, QComboBox, QSlider, *OF_KIND["field"])
    silent = [
        widget
        for bar in bars
        for widget in bar.findChildren(QWidget)
        if isinstance(widget, inputs) and not isinstance(widget.parent(), inputs) and widget.isVisible()
        if not (widget.toolTip() and widget.accessibleName())
    ]
    assert silent == []


@pytest.mark.parametrize(
    ("number", "objective"),
    [*enumerate(["minimax", "non_saturating", "least_squares", "wasserstein", "hinge", "relativistic"], 1)],
)
def test_number_keys_choose_the_loss(qtbot: QtBot, window: MainWindow, number: int, objective: str) -> None:
    qtbot.keyClick(window, Qt.Key(Qt.Key.Key_0 + number))
    assert window.choices.experiment.objective == objective
    assert window.lossbar.buttons[objective].isChecked()


def test_keys_act_like_their_buttons(qtbot: QtBot, window: MainWindow) -> None:
    def run_is(step: int, d: int, g: int) -> bool:
        frame = window.pilot.run.frame
        return (frame.step, frame.d_count, frame.g_count) == (step, d, g)

    for key, state in (
        (Qt.Key.Key_Right, (1, 1, 1)),
        (Qt.Key.Key_Period, (2, 2, 2)),
        (Qt.Key.Key_D, (2, 3, 2)),
        (Qt.Key.Key_G, (2, 3, 3)),
    ):
        qtbot.keyClick(window, key)
        qtbot.waitUntil(lambda state=state: run_is(*state), timeout=10_000)
    qtbot.keyClick(window, Qt.Key.Key_N)
    assert window.choices.experiment.objective == "non_saturating"
    qtbot.keyClick(window, Qt.Key.Key_N)
    assert window.choices.experiment.objective == "minimax"
    qtbot.keyClick(window, Qt.Key.Key_R)
    qtbot.waitUntil(lambda: run_is(0, 0, 0), timeout=10_000)
    qtbot.keyClick(window, Qt.Key.Key_R, Qt.KeyboardModifier.ShiftModifier)
    assert window.choices.experiment.seed != 0
    speed = window.toolbar.speed.value()
    qtbot.keyClick(window, Qt.Key.Key_BracketLeft)
    assert window.toolbar.speed.value() < speed
    qtbot.keyClick(window, Qt.Key.Key_BracketRight)
    assert window.toolbar.speed.value() == speed
    theme = window.look.theme.name
    qtbot.keyClick(window, Qt.Key.Key_T)
    assert window.look.theme.name != theme


def test_letters_and_digits_belong_to_a_text_field(qtbot: QtBot, window: MainWindow) -> None:
    chosen = window.choices.experiment
    field = window.form.rows["radius"].field
    field.setFocus()
    field.lineEdit().selectAll()
    for character in "2dgnrt5.1":
        qtbot.keyClicks(window.focusWidget(), character)
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Left)
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Right)
    assert field.text() == "2dgnrt5.1"
    assert window.choices.experiment == chosen
    qtbot.wait(100)
    assert window.pilot.run.frame.step == 0


def test_space_trains_whatever_has_the_focus(qtbot: QtBot, window: MainWindow) -> None:
    holders = [
        window,
        window.form.rows["modes"].field,
        window.form.rows["data"].field,
        window.toolbar.preset,
        window.toolbar.speed,
    ]
    for holder in holders:
        holder.setFocus()
        qtbot.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Space)
        qtbot.waitUntil(lambda: window.pilot.playing, timeout=5000)
        window.desk.train()
        assert not window.pilot.playing
    window.form.groups["experiment"].set_open(True)
    name = window.form.rows["name"].field
    assert isinstance(name, QLineEdit)
    name.setFocus()
    qtbot.keyClick(name, Qt.Key.Key_Space)
    assert not window.pilot.playing


def test_no_button_of_the_bars_takes_the_focus(window: MainWindow) -> None:
    for bar in (window.head, window.toolbar, window.lossbar, window.band):
        for found in bar.findChildren(QAbstractButton):
            assert found.focusPolicy() == Qt.FocusPolicy.NoFocus, found.objectName()


def test_enter_and_a_click_beside_leave_a_field(qtbot: QtBot, window: MainWindow) -> None:
    field = window.form.rows["modes"].field
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert not field.hasFocus()
    field.setFocus()
    qtbot.mouseClick(window.timeline, Qt.MouseButton.LeftButton)
    assert not field.hasFocus()


def test_escape_leaves_a_full_panel(qtbot: QtBot, window: MainWindow) -> None:
    window.grid.show_full("samples")
    assert (
        window.actions_by_name["action.all_panels"].isEnabled()
        or qtbot.waitUntil(window.actions_by_name["action.all_panels"].isEnabled, timeout=2000) is None
    )
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert window.grid.full is None


def test_the_list_of_keys_has_every_key(qtbot: QtBot, window: MainWindow) -> None:
    from PySide6.QtWidgets import QDialog, QGridLayout

    window.actions_by_name["action.keys"].trigger()
    dialog = window.findChild(QDialog, "dialog.keys")
    grid = dialog.findChild(QGridLayout)
    places = [grid.getItemPosition(index) for index in range(grid.count())]
    words = {place[:2]: grid.itemAt(index).widget().text() for index, place in enumerate(places)}
    rows = {words[row, 1]: (words[row, 0], words[row, 2]) for row, column in words if column == 1}
    for row in CONTROLS:
        if row.keys:
            assert rows[row.title][1] == row.help
    assert rows["Non-saturating"][0] == "2", "losses by their numbers"
    dialog.close()


def test_macos_moves_only_quit_and_about_into_the_programs_menu(window: MainWindow) -> None:
    """Qt would go by the words, and take "Settings" for the preferences."""
    roles = {name: action.menuRole() for name, action in window.actions_by_name.items()}
    moved = {name for name, role in roles.items() if role is not QAction.MenuRole.NoRole}
    assert moved == {"action.quit", "action.about"}
