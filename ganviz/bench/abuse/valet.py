"""A monkey's valet: answers the menus and dialogs that open, because one that waits lets nothing else run."""

from __future__ import annotations

import random
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtGui import QDrag
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QLineEdit, QMenu, QWidget

from ganviz.bench.abuse.press import press
from ganviz.ui.own_data.draw_dialog import DrawDialog
from ganviz.ui.own_data.open_dialog import OpenDialog

NAMES = (
    "a",
    "b.toml",
    "ring8",
    "none/there",
    "x" * 300,
    "…",
    " ",
    "run 1",
    ".",
    "..",
    "a.csv",
    "b.svg",
    "c.png",
)
TRIES = 3
LONG_TRIES = 15
"""For a dialog that is a workplace of its own."""


class Valet(QObject):
    """Menus are used or left, files get names, questions get answers, all from a timer; ``work_in`` does
    something in a dialog that is a workplace of its own."""

    def __init__(self, rng: random.Random, work_in: Callable[[QDialog], None]) -> None:
        super().__init__()
        self._rng, self._work_in = rng, work_in
        self._seen: tuple[int, int] = (0, 0)
        self._serving = True
        self._serve()

    def stop(self) -> None:
        """Answer no more."""
        self._serving = False

    @Slot()
    def _serve(self) -> None:
        if not self._serving:
            return
        # A new timer each time: one whose slot has opened the next dialog does not fire for that one.
        QTimer.singleShot(15, self._serve)
        if QApplication.platformName() != "offscreen":  # there a drag ends by itself, and cancel() complains
            QDrag.cancel()  # elsewhere it waits for a hand that lets go
        popup = QApplication.activePopupWidget()
        if popup is not None:
            self._serve_popup(popup)
            return
        asking = QApplication.activeModalWidget()
        open_ones = [w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog) and w.isVisible()]
        if isinstance(asking, QDialog):
            self._serve_dialog(asking)
        elif open_ones and self._rng.random() < 0.1:
            self._serve_dialog(open_ones[0])

    def _tries(self, widget: QWidget) -> int:
        key, tries = self._seen
        self._seen = (id(widget), tries + 1 if key == id(widget) else 1)
        return self._seen[1]

    def _serve_popup(self, popup: QWidget) -> None:
        if self._tries(popup) > TRIES or self._rng.random() < 0.3:
            popup.close()
        elif isinstance(popup, QMenu) and popup.actions():
            press(popup, self._rng.choice(("Down", "Down", "Right", "Return", "Esc")))
        else:
            press(popup, self._rng.choice(("Down", "Up", "Return", "Esc")))

    def _serve_dialog(self, dialog: QDialog) -> None:
        is_workplace = isinstance(dialog, DrawDialog | OpenDialog)
        if self._tries(dialog) > (LONG_TRIES if is_workplace else TRIES):
            dialog.reject()
        elif is_workplace and self._rng.random() < 0.8:
            self._work_in(dialog)
        elif isinstance(dialog, QFileDialog) and self._rng.random() < 0.6:
            line = dialog.findChild(QLineEdit)
            if isinstance(line, QLineEdit):
                line.setText(self._rng.choice(NAMES))
                press(line, "Return")
        else:
            press(dialog, self._rng.choice(("Return", "Esc", "Tab")))
