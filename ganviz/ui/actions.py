"""Qt actions and menus made from the table of controls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from ganviz.ui.controls import CONTROLS, MENUS, PRESET_CONTROLS, RECENT, SEPARATOR, Control
from ganviz.ui.files import shown_name

WITH_ACTION = frozenset({"action", "toggle", "choice"})
"""The kinds of control for which the window has an action."""
_ROLES = {"action.quit": QAction.MenuRole.QuitRole, "action.about": QAction.MenuRole.AboutRole}
"""Entries that macOS moves into the program's own menu. Left to itself it goes by their words, and takes
"Settings", which shows and hides the rail, for the preferences."""


def make_actions(
    window: QWidget,
    handlers: Mapping[str, Callable[..., object]],
    groups: Mapping[str, Callable[[QAction], object]],
) -> dict[str, QAction]:
    """One action for every control that is one. All handlers are bound methods.

    ``handlers``, by the name after ``action.``, take no argument (a toggle's: a bool). ``groups``, by the
    word before the dot (``objective``), take the action itself, whose ``data()`` is the word after it. A
    control that neither of them has raises KeyError: no menu entry does nothing.
    """
    made_groups = {}
    choices = {row.name.partition(".")[0] for row in CONTROLS if row.kind == "choice"}
    for prefix, handler in groups.items():
        group = made_groups[prefix] = QActionGroup(window)
        exclusive = prefix in choices
        group.setExclusionPolicy(
            QActionGroup.ExclusionPolicy.Exclusive if exclusive else QActionGroup.ExclusionPolicy.None_
        )
        group.triggered.connect(handler)
    actions = {}
    for control in CONTROLS:
        if control.kind not in WITH_ACTION:
            continue
        action = actions[control.name] = _action(window, control)
        prefix, _, rest = control.name.partition(".")
        action.setData(rest)
        if prefix == "action":
            # triggered, not toggled: a check mark that the program sets must not act.
            action.triggered.connect(handlers[rest])
        else:
            made_groups[prefix].addAction(action)
    return actions


def _action(window: QWidget, control: Control) -> QAction:
    action = QAction(control.title, window)
    action.setObjectName(control.name)
    action.setMenuRole(_ROLES.get(control.name, QAction.MenuRole.NoRole))
    action.setShortcuts([QKeySequence(key) for key in control.keys])
    keys = (
        f"  ({QKeySequence(control.keys[0]).toString(QKeySequence.SequenceFormat.NativeText)})"
        if control.keys
        else ""
    )
    if isinstance(control.words, str):
        _say(action, control.words, keys)
    action.setCheckable(control.kind != "action")
    window.addAction(action)
    return action


def _say(action: QAction, help: str, keys: str = "") -> None:
    action.setToolTip(f"{help}{keys}")
    action.setWhatsThis(help)


def say_presets(actions: Mapping[str, QAction]) -> None:
    """Give the actions of the shipped experiments their help, for which all their files are read."""
    for control in PRESET_CONTROLS:
        _say(actions[control.name], control.help)


class RecentMenu(QMenu):
    """The files opened lately. ``opened`` carries the one that was chosen."""

    opened = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__("Open &recent", parent)
        self.setObjectName("menu.recent")
        self.triggered.connect(self._chosen)
        self.show_files([])

    def show_files(self, files: list[str]) -> None:
        """List these files, the newest first."""
        self.clear()
        for file in files:
            entry = self.addAction(shown_name(Path(file)))
            entry.setData(file)
            entry.setToolTip(file)
        self.setEnabled(bool(files))

    def _chosen(self, action: QAction) -> None:
        self.opened.emit(action.data())


def fill_menus(bar: QMenuBar, actions: Mapping[str, QAction], recent: RecentMenu) -> None:
    """Build the menu bar from the table of menus."""
    for title, names in MENUS.items():
        menu = bar.addMenu(title)
        menu.setToolTipsVisible(True)
        menu.setObjectName(f"menu.{title.replace('&', '').lower()}")
        for name in names:
            if name == SEPARATOR:
                menu.addSeparator()
            elif name == RECENT:
                menu.addMenu(recent)
            else:
                menu.addAction(actions[name])
