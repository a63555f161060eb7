"""A monkey's hands: one random deed at a time on the real window."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QLineEdit,
    QWidget,
)

from ganviz.bench.abuse import mutate
from ganviz.bench.abuse.belongings import make_belongings
from ganviz.bench.abuse.press import press
from ganviz.bench.abuse.valet import Valet
from ganviz.bench.abuse.watch import live
from ganviz.bench.abuse.ways import WAYS, bring_into_form, bring_panel, way_to
from ganviz.ui.actions import WITH_ACTION
from ganviz.ui.controls import CONTROLS
from ganviz.ui.own_data.canvas import Canvas
from ganviz.ui.panels import tiles
from ganviz.ui.panels.picks import mime_of
from ganviz.ui.window import MainWindow

SPARED = frozenset({"action.quit"})
OTHER_CONTROLS = frozenset(control.name for control in CONTROLS if control.kind not in WITH_ACTION)
"""Controls that are widgets only: no action tells that they have been used."""
KEYS = tuple(key for control in CONTROLS if control.name not in SPARED for key in control.keys)
OTHER_KEYS = (
    "Tab",
    "Shift+Tab",
    "Up",
    "Down",
    "PgUp",
    "PgDown",
    "Home",
    "End",
    "Return",
    "Esc",
    "Del",
    "F10",
)
SIZES = ((1180, 720), (1280, 760), (1400, 860), (1600, 1000), (1920, 1080), (2400, 1300))


class Hands:
    """Does what its seed says to a window; :meth:`act` tells in words what it does."""

    def __init__(self, window: MainWindow, seed: int) -> None:
        self.window, self.rng = window, random.Random(seed)
        self.done: set[str] = set()
        """Names of the controls that have been used, in whatever way."""
        self.valet = Valet(self.rng, self._work_in)
        self._tell: Callable[[str], None] = _silent
        self._belongings = make_belongings(Path(tempfile.mkdtemp(prefix="belongings-", dir=".")))
        self._deeds: tuple[tuple[Callable[[], None], int], ...] = (
            (self._trigger, 30),
            (self._press, 15),
            (self._click, 20),
            (self._type, 15),
            (self._choose, 8),
            (self._turn, 4),
            (self._resize, 2),
            (self._slide, 3),
            (self._ask_menu, 3),
            (self._open_or_close, 3),
            (self._carry, 3),
            (self._drop, 2),
            (self._carry, 2),
            (self._use_idle, 8),
        )
        for name, action in window.actions_by_name.items():
            action.triggered.connect(partial(self._note, name))

    def _note(self, name: str, *_: object) -> None:
        self.done.add(name)

    def _note_widget(self, widget: QWidget) -> None:
        """A control that is no action was clicked, typed into or chosen from."""
        at: QObject | None = widget
        while at is not None:
            if at.objectName() in OTHER_CONTROLS:
                self.done.add(at.objectName())
                return
            at = at.parent()

    def idle(self) -> list[str]:
        """The controls of the table that have not been used yet."""
        return [control.name for control in CONTROLS if control.name not in self.done | SPARED]

    def act(self, tell: Callable[[str], None]) -> None:
        """One deed; ``tell`` hears what it is before it is done."""
        deeds, weights = zip(*self._deeds, strict=True)
        self._tell = tell
        self.rng.choices(deeds, weights)[0]()

    def _widgets(self, *kinds: type[QWidget]) -> list[QWidget]:
        found: list[QWidget] = [
            widget for kind in kinds for widget in self.window.findChildren(kind) if widget.isVisible()
        ]
        return found

    def _some(self, *kinds: type[QWidget]) -> QWidget:
        return self.rng.choice(self._widgets(*kinds) or [self.window])

    def _trigger(self) -> None:
        actions = [action for name, action in self.window.actions_by_name.items() if name not in SPARED]
        action = self.rng.choice(actions)
        self._tell(f"trigger {action.objectName()}")
        if action.isEnabled():
            action.trigger()

    def _press(self) -> None:
        key = self.rng.choice(KEYS if self.rng.random() < 0.7 else OTHER_KEYS)
        self._tell(f"press {key}")
        press(QApplication.focusWidget() or self.window, key)

    def _click(self, widget: QWidget | None = None) -> None:
        widget = widget or self._some(QWidget)
        place = QPoint(*(self.rng.randrange(max(1, size)) for size in (widget.width(), widget.height())))
        self._tell(f"click {_name(widget)}")
        self._note_widget(widget)
        kind = self.rng.random()
        if kind < 0.8:
            QTest.mouseClick(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
        elif kind < 0.9:
            QTest.mouseDClick(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
        else:
            QTest.mousePress(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
            QTest.mouseMove(self.window, QPoint(self.rng.randrange(1000), self.rng.randrange(700)))
            QTest.mouseRelease(widget, Qt.MouseButton.LeftButton)

    def _type(self, field: QWidget | None = None) -> None:
        field = field or self._some(QAbstractSpinBox, QLineEdit)
        text = self.rng.choice((mutate.word, mutate.number, mutate.number))(self.rng).replace("\0", "")[:60]
        self._tell(f"type {text!r} into {_name(field)}")
        self._note_widget(field)
        field.setFocus()
        line = field if isinstance(field, QLineEdit) else field.findChild(QLineEdit)
        if isinstance(line, QLineEdit):
            line.selectAll()
            line.insert(text)
            press(line, self.rng.choice(("Return", "Return", "Tab", "Esc", "Ctrl+Z")))

    def _choose(self, combo: Any = None) -> None:
        combo = combo or self._some(QComboBox)
        if isinstance(combo, QComboBox) and combo.count():
            index = self.rng.randrange(combo.count())
            self._tell(f"choose {combo.itemText(index)} in {_name(combo)}")
            self._note_widget(combo)
            combo.setCurrentIndex(index)
            combo.activated.emit(index)
            combo.textActivated.emit(combo.itemText(index))

    def _turn(self) -> None:
        widget = self._some(QWidget)
        self._tell(f"wheel over {_name(widget)}")
        window = self.window.windowHandle()
        if window is not None:
            place = widget.mapTo(self.window, widget.rect().center())
            QTest.wheelEvent(window, place, QPoint(0, self.rng.choice((-120, 120, 480))))

    def _resize(self) -> None:
        size = self.rng.choice(SIZES)
        self._tell(f"resize to {size[0]} x {size[1]}")
        self.window.resize(*size)

    def _slide(self) -> None:
        slider = self.window.toolbar.speed
        value = self.rng.randint(slider.minimum(), slider.maximum())
        self._tell(f"speed {value}")
        self._note_widget(slider)
        slider.setValue(value)

    def _open_or_close(self) -> None:
        """A group of settings."""
        group = self.rng.choice(list(self.window.form.groups.values()))
        self._tell(f"open or close {group.header.objectName()}")
        group.header.click()

    def _use_idle(self) -> None:
        """A control that has not been used yet, so that chance leaves none out."""
        name = self.rng.choice(self.idle() or [""])
        action = self.window.actions_by_name.get(name)
        if action is not None:
            self._tell(f"trigger {name}, never used so far")
            if not action.isEnabled() and name in WAYS:
                WAYS[name](self.window)
            if action.isEnabled():
                action.trigger()
        elif widget := self._find(name):
            self._use(widget)
        elif way := way_to(name):
            self._tell(f"open what has {name}, never used so far")
            way(self.window)
            live(0.1)
            if widget := self._find(name):
                self._use(widget)

    def _find(self, name: str) -> QWidget | None:
        """The widget of this name, brought onto the screen; None where that has not been possible."""
        kind, _, key = name.partition(".")
        if kind in ("setting", "slider", "lines"):
            self._tell(f"bring {name} onto the screen")
            bring_into_form(self.window, key or "methods")
        elif kind == "panel":
            self._tell(f"bring {name} onto the screen")
            bring_panel(self.window, key)
        widget: QWidget | None = self.window.findChild(QWidget, name)
        return widget if widget is not None and widget.isVisible() else None

    def _use(self, widget: QWidget) -> None:
        if isinstance(widget, QComboBox):
            self._choose(widget)
        elif isinstance(widget, Canvas):
            self._draw(widget)
        elif isinstance(widget, QAbstractSpinBox | QLineEdit):
            self._type(widget)
        else:
            self._click(widget)

    def _work_in(self, dialog: QDialog) -> None:
        """Use one of the controls of a dialog that is a workplace of its own."""
        widgets = [widget for widget in dialog.findChildren(QWidget) if widget.objectName() in OTHER_CONTROLS]
        seen = [widget for widget in widgets if widget.isVisible() and widget.isEnabled()]
        if seen:
            self._use(self.rng.choice(seen))

    def _draw(self, canvas: Canvas) -> None:
        """A stroke across the canvas, that may end beside it, or anywhere by keys."""
        self._tell("draw")
        self._note_widget(canvas)
        sides = canvas.width() + 40, canvas.height() + 40
        places = [QPoint(*(self.rng.randrange(-40, side) for side in sides)) for _ in range(5)]
        QTest.mousePress(canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, places[0])
        for place in places:
            QTest.mouseMove(canvas, place)
        if self.rng.random() < 0.9:
            QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, places[-1])
        press(canvas, self.rng.choice(("Space", "Left", "Shift+Up", "E", "B", "[", "]", "Del", "Ctrl+Z")))

    def _drop(self) -> None:
        """A file or folder onto the window."""
        path = self.rng.choice(self._belongings)
        self._tell(f"drop {path.name}")
        self.window.own_data.drop(path.resolve())

    def _carry(self) -> None:
        """A sample onto a panel that takes some: what Qt sends when it is let go there."""
        takers = [widget for widget in self._widgets(tiles.Canvas) if widget.acceptDrops()]
        if not takers:
            return
        widget, number = self.rng.choice(takers), self.rng.randrange(600)
        self._tell(f"drop sample {number} on {_name(widget)}")
        place = QPointF(*(self.rng.randrange(max(1, size)) for size in widget.size().toTuple()))
        held, no_key = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        carried = mime_of(number)
        QApplication.sendEvent(widget, QDropEvent(place, Qt.DropAction.CopyAction, carried, held, no_key))

    def _ask_menu(self) -> None:
        widget = self._some(QWidget)
        self._tell(f"context menu of {_name(widget)}")
        place = widget.rect().center()
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, widget.mapToGlobal(place))
        QApplication.sendEvent(widget, event)


def _silent(_: str) -> None:
    """Before the first deed nobody listens."""


def _name(widget: QWidget) -> str:
    """The nearest name on the way up from a widget."""
    at: QObject | None = widget
    while at is not None and (not at.objectName() or at.objectName().startswith("qt_")):
        at = at.parent()
    return f"{type(widget).__name__} in {at.objectName() if at else 'nothing'}"
