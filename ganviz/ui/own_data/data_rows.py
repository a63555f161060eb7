"""What stands below the choice of the data in the settings: what they look like, and the ways to own data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from ganviz.data import SOURCES
from ganviz.data.derived import DERIVED
from ganviz.data.files.contents import Tell
from ganviz.data.own import kept
from ganviz.experiment import Experiment
from ganviz.experiment.pair import source_of
from ganviz.live.errand import Errand
from ganviz.ui.controls import control
from ganviz.ui.own_data.sides import sides_of
from ganviz.ui.own_data.source_picture import Glance, SourcePicture, glance
from ganviz.ui.style import font
from ganviz.ui.theme import Theme
from ganviz.ui.wording import in_words

HEIGHT = 104
WORDS = {"action.open_data": "Open…", "action.draw": "Draw…"}
"""What the buttons say, by the names of the window's actions."""


class DataRows(QWidget):
    """A picture of the chosen data of X or, as ``side``, of Y; below that of X buttons. ``asked`` carries the
    name of the action that is wanted, ``looked`` the experiment whose data are at hand from now on,
    ``failed`` the traceback of a fault."""

    asked = Signal(str)
    looked = Signal(object)
    failed = Signal(str)

    def __init__(self, side: str = "x") -> None:
        super().__init__()
        self._side = side
        self.picture = SourcePicture(HEIGHT)
        self.picture.setToolTip(f"Some samples of the chosen data{' of Y' if side == 'y' else ''}.")
        self._experiment: Experiment | None = None
        self._shown: tuple[Any, ...] = ()
        self._errand: Errand | None = None
        self._buttons = [self._button(name) for name in WORDS] if side == "x" else []
        row = QHBoxLayout()
        row.setSpacing(6)
        for button in self._buttons:
            row.addWidget(button, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(22, 4, 4, 4)
        layout.setSpacing(6)
        layout.addWidget(self.picture)
        layout.addLayout(row)

    def _button(self, name: str) -> QToolButton:
        button, words = QToolButton(), control(name)
        button.setText(WORDS[name])
        button.setObjectName(name)
        button.setToolTip(words.help)
        button.setWhatsThis(words.help)
        button.setAccessibleName(words.title)
        button.setAccessibleDescription(words.help)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        policy = button.sizePolicy()
        policy.setHorizontalPolicy(policy.Policy.Expanding)
        button.setSizePolicy(policy)
        button.clicked.connect(self._ask)
        return button

    @Slot()
    def _ask(self) -> None:
        self.asked.emit(self.sender().objectName())

    # ------------------------------------------------------------ the picture

    def show_experiment(self, experiment: Experiment) -> None:
        """Show what the data of an experiment look like, as soon as it is seen; nothing of a side that it
        does not have. A picture that nobody sees lets other data go: 60,000 images take 47 MB."""
        self._experiment = experiment
        self.setVisible(self._side in sides_of(experiment))
        if self.isVisible():
            self._look()
        elif self.isHidden() or _key(experiment, self._side) != self._shown:
            self._let_go()

    def _let_go(self) -> None:
        self._shown = ()
        self.picture.show_glance(None)

    def showEvent(self, event: QShowEvent) -> None:
        """It is seen now."""
        super().showEvent(event)
        self._look()

    def _look(self) -> None:
        """Ask for samples of the chosen data, where they are others than those on show: beside the window,
        because data may have to be drawn or read first."""
        chosen, side = self._experiment, self._side
        if chosen is None or self._errand is not None or not self.isVisible():
            return
        if _key(chosen, side) == self._shown:
            return
        self._shown = _key(chosen, side)

        def work(tell: Tell) -> Glance:
            read = _read_for(chosen, side)
            if read.data == "file":
                kept(Path(read.data_path), read.image_size, read.image_colour, tell)
            return glance(source_of(chosen, side))

        self._errand = Errand(work, self)
        self._errand.done.connect(self._show)
        self._errand.progressed.connect(self._show_progress)
        self._errand.refused.connect(self._show_refusal)
        self._errand.failed.connect(self.failed)
        self._errand.finished.connect(self._finished)
        self._errand.start(Errand.Priority.LowPriority)

    @Slot(object)
    def _show(self, seen: Glance) -> None:
        if self.isVisible():
            self.picture.show_glance(seen)
        else:
            self._let_go()
        if self._experiment is not None:
            self.looked.emit(self._experiment)

    @Slot(float)
    def _show_progress(self, share: float) -> None:
        self.picture.show_glance(None, f"Reading… {share:.0%}")

    @Slot(str)
    def _show_refusal(self, line: str) -> None:
        self.picture.show_glance(None, in_words(line))

    @Slot()
    def _finished(self) -> None:
        """Look again where something else was chosen meanwhile."""
        if self._errand is not None:
            self._errand.deleteLater()
            self._errand = None
            self._look()

    def close_errand(self) -> None:
        """The window closes."""
        self._experiment = None
        if self._errand is not None:
            self._errand.close()

    def apply_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours and the scale of type."""
        self.picture.apply_theme(theme, scale)
        for button in self._buttons:
            button.setFont(font(12, scale))
            button.setFixedHeight(round(26 * scale))


def _read_for(experiment: Experiment, side: str) -> Experiment:
    """The experiment whose X is what has to be read for this side: Y itself, or X where Y is made of it."""
    return experiment.of_y() if side == "y" and experiment.data_y not in DERIVED else experiment


def _key(experiment: Experiment, side: str) -> tuple[Any, ...]:
    """All on which the samples depend."""
    read = _read_for(experiment, side)
    made = (experiment.data_y, experiment.turn) if side == "y" else ()
    return (*made, read.data, *(getattr(read, name) for name in sorted(SOURCES[read.data].parameters)))
