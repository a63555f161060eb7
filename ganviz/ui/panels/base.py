"""What every panel is: a title with its equation and menu, legend words, a readout, and what is drawn."""

from __future__ import annotations

import time
from abc import abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtGui import (
    QColor,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ganviz.frame import Measurement
from ganviz.record.history import History
from ganviz.record.run import Run
from ganviz.theory.objective import Objective
from ganviz.ui.formula import FormulaLabel
from ganviz.ui.history_plot import NOTHING_YET
from ganviz.ui.panels.catalogue import PANELS
from ganviz.ui.panels.legend import Entry, Legend
from ganviz.ui.panels.menu_button import MenuButton
from ganviz.ui.panels.picks import Picks
from ganviz.ui.panels.veil import Veil
from ganviz.ui.plotting import font
from ganviz.ui.theme import LIGHT, Theme

_NOTHING = {
    "training": "being measured …",
    "diverged": "the run stopped before this was measured",
}
"""What stands in the place of a measurement that there is not, by the run's status."""
TEXT_SECONDS = 0.25
"""While training, numbers change at most four times a second."""
AT_WORK_WIDTH = 4
"""Pixels of the frame around the panel at work in slow motion."""


class Panel(QFrame):
    """A panel draws the runs that it is given and nothing else.

    Subclasses set ``key`` (a key of `PANELS`), ``equation`` (TeX), ``needs`` (probe keys),
    ``legend_entries`` and ``turns`` (how often it is drawn while each of the others has had one turn), and
    define :meth:`build` (add widgets to ``self.body``), :meth:`draw`, :meth:`clear` and :meth:`export_data`.
    """

    key: ClassVar[str]
    equation: ClassVar[str] = ""
    short_equation: ClassVar[str] = ""
    needs: ClassVar[frozenset[str]] = frozenset()
    legend_entries: ClassVar[tuple[Entry, ...]] = ()
    turns: ClassVar[int] = 1

    maximise_requested = Signal(str)
    asked = Signal(str, object)
    """A probe's key, and what its next looks shall answer."""
    picked = Signal(object)
    """`Picks`: a sample was chosen here, for all panels."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title, self.help = PANELS[self.key].title, PANELS[self.key].help
        self.setObjectName(f"panel.{self.key}")
        self.setAccessibleName(self.title)
        self.setWhatsThis(self.help)
        self.theme, self.scale_factor = LIGHT, 1.0
        self._at_work = False
        self._runs: list[Run] = []
        self._seen: dict[str, tuple[object, int]] = {}
        self._due: dict[str, float] = {}
        self._outer = QVBoxLayout(self)
        self._outer.setSpacing(2)
        self._outer.addLayout(self._make_header())
        self.legend = Legend(list(self.legend_entries), self)
        self.legend.changed.connect(self._switched)
        self.legend.setVisible(bool(self.legend_entries))
        self._outer.addWidget(self.legend)
        self.body = QVBoxLayout()
        self.body.setSpacing(0)
        self._outer.addLayout(self.body, 1)
        self.build()
        self._veil = Veil(self)
        self.apply_theme(LIGHT, 1.0)
        self.clear()

    # ------------------------------------------------------------ what subclasses say

    @abstractmethod
    def build(self) -> None:
        """Make the widgets, once."""

    @abstractmethod
    def draw(self, run: Run) -> None:
        """Show what is new in this run."""

    @abstractmethod
    def clear(self) -> None:
        """Back to the empty state: axes and reference lines, no data."""

    @abstractmethod
    def export_data(self) -> dict[str, np.ndarray]:
        """What is drawn, as named arrays; empty before the first run."""

    def make_room(self) -> None:
        """Leave out what has no room; called whenever the size has changed."""

    # ------------------------------------------------------------ runs

    def show_runs(self, runs: Sequence[Run]) -> None:
        """Draw these runs, the first in full; only what has changed since the last call is drawn anew."""
        if not runs:
            self._runs = []
            self.forget()
            self.clear()
            return
        another = not self._runs or runs[0].history is not self._runs[0].history
        self._runs = list(runs)
        if another:
            self.forget()
            self.clear()
        self.draw(runs[0])

    @property
    def drawn_history(self) -> History | None:
        """The record of the run that is drawn, or None."""
        return self._runs[0].history if self._runs else None

    @property
    def nothing_yet(self) -> str:
        """What stands where nothing has been measured: what to do, to wait, or that there is no more to
        come."""
        return _NOTHING.get(self._runs[0].frame.status, NOTHING_YET) if self._runs else NOTHING_YET

    def show_again(self) -> None:
        """Draw everything anew: another theme, another choice."""
        self.forget()
        if self._runs:
            self.draw(self._runs[0])
        else:
            self.clear()

    def forget(self) -> None:
        """Take every measurement as new at the next drawing."""
        self._seen.clear()
        self._due.clear()

    def fresh(self, run: Run, probe: str) -> Measurement | None:
        """The measurement of a probe if it is newer than the one drawn last, else None."""
        found = run.frame.get(probe)
        if found is None or self._seen.get(probe) == (id(run.history), found.serial):
            return None
        self._seen[probe] = (id(run.history), found.serial)
        return found

    def is_due(self, run: Run, what: str, seconds: float) -> bool:
        """Whether ``what`` may change now: every ``seconds``, and in every whole frame."""
        now = time.monotonic()
        if run.frame.flowing and now < self._due.get(what, 0.0):
            return False
        self._due[what] = now + seconds
        return True

    def text_is_due(self, run: Run) -> bool:
        """Whether numbers may change now."""
        return self.is_due(run, "text", TEXT_SECONDS)

    def take_picks(self, picks: Picks) -> None:
        """Follow which samples are chosen; nothing where that makes no difference."""

    def not_applicable(self, sentence: str) -> None:
        """Grey the whole panel and say in one sentence why it shows nothing; "" where it does apply."""
        self._veil.say(sentence)
        self._place_veil()
        self._colour_title()

    def objective(self, run: Run) -> Objective:
        """The objective that is running, with what smoothed labels move."""
        return run.experiment.rules()

    # ------------------------------------------------------------ look and state

    def apply_theme(self, theme: Theme, scale: float) -> None:
        """Take colours and sizes anew; ``scale`` multiplies every pixel size of text and pens."""
        self.theme, self.scale_factor = theme, scale
        self._outer.setContentsMargins(
            round(14 * scale), round(7 * scale), round(10 * scale), round(6 * scale)
        )
        self._colour_title()
        self._title.setFont(font(15 * scale, font(15).Weight.DemiBold))
        self.menu_button.setFont(font(16 * scale, font(15).Weight.Bold))
        self._equation.apply(theme.text, 14 * scale)
        self.legend.apply_theme(theme, scale)
        self._veil.apply_theme(theme, scale)
        for child in self.themed():
            child.apply_theme(theme, scale)
        self.show_again()
        self.update()

    def _colour_title(self) -> None:
        colours = QPalette(self.palette())
        title = self.theme.mute if self._veil.sentence else self.theme.ink
        colours.setColor(QPalette.ColorRole.WindowText, QColor(title))
        colours.setColor(QPalette.ColorRole.ButtonText, QColor(self.theme.text))
        for widget in (self._title, self.menu_button):
            widget.setPalette(colours)

    def themed(self) -> Sequence[Any]:
        """The widgets of the body that take a theme."""
        return ()

    def set_title(self, title: str) -> None:
        """Show another title: the same panel may show another quantity under another objective."""
        self._title.setText(title)

    def set_equation(self, tex: str, short: str = "") -> None:
        """Show another equation beside the title; ``short`` stands in for it where the panel is narrow."""
        self._equation.set_formula(tex, short)

    def save_state(self) -> dict[str, Any]:
        """What the user chose in this panel."""
        return {"legend": self.legend.state()}

    def restore_state(self, state: dict[str, Any]) -> None:
        """Choose again what was chosen; anything unusable is passed over."""
        legend = state.get("legend")
        if isinstance(legend, dict):
            self.legend.set_state(legend)

    def mark_at_work(self, at_work: bool) -> None:
        """Draw the frame that says: look here, this player has just moved."""
        if at_work != self._at_work:
            self._at_work = at_work
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor(self.theme.panel))
        painter.setPen(QPen(QColor(self.theme.border), 1))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        if self._at_work:
            painter.setPen(QPen(QColor(self.theme.focus), 2 * AT_WORK_WIDTH))  # its outer half is cut off
            painter.drawRect(self.rect())
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_veil()
        self.make_room()

    def is_high(self, pixels: float) -> bool:
        """Whether the panel is at least so high at normal text size."""
        return self.height() >= pixels * self.scale_factor

    def _place_veil(self) -> None:
        top = self._title.geometry().bottom() + 2
        self._veil.setGeometry(1, top, self.width() - 2, self.height() - top - 1)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.position().y() <= self._title.geometry().bottom() + 4:
            self.ask_for_full_panel()
            event.accept()

    def _switched(self) -> None:
        self.show_again()

    def _make_header(self) -> QHBoxLayout:
        self._title = QLabel(self.title, self)
        self._title.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self._equation = FormulaLabel(parent=self)
        self._equation.set_formula(self.equation, self.short_equation)
        self._equation.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.menu_button = MenuButton(self)
        self.menu = self.menu_button.entries
        header = QHBoxLayout()
        header.setSpacing(10)
        header.addWidget(self._title)
        header.addWidget(self._equation, 1)
        header.addWidget(self.menu_button)
        return header

    def ask_for_full_panel(self) -> None:
        """Ask to be shown alone, or no longer."""
        self.maximise_requested.emit(self.key)
