"""The path-angle: which way the field of the game points along the line through two recorded states."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QColor, QMouseEvent, QPalette
from PySide6.QtWidgets import QGridLayout, QLabel, QSlider

from ganviz.frame import Measurement
from ganviz.record.run import Run
from ganviz.theory.path_angle import Reading, read
from ganviz.ui import formatting
from ganviz.ui.own_keys import HANDLE_KEYS, WINDOW_S, claim
from ganviz.ui.panels.base import Panel
from ganviz.ui.panels.legend import Entry
from ganviz.ui.panels.readout import Piece, Readout
from ganviz.ui.panels.weight_path import NAMES, colour_of
from ganviz.ui.plot import Axis, Plot, Reference
from ganviz.ui.plotting import decade_ticks, decades_of, font

Array = npt.NDArray[np.float64]
ENDS = (-0.1, 1.1)
SUFFIX = {"both": "", "g": "_g", "d": "_d"}
MOST_DECADES = 12
KINDS = {
    "attraction": ("Attraction", "the sign changes at w′: from both sides the field leads to it"),
    "rotation": ("Rotation", "a bump, no change of sign at w′: the field leads past it, round"),
    "both": ("Attraction and rotation", "a bump, then the sign changes at w′: round and towards it"),
    "repulsion": ("Repulsion", "the sign changes at w′, from − to +: the field leads away"),
    "passed": ("Attraction, passed", "the sign changes before w′: the field leads back to there"),
    "onward": ("Still on the way", "neither is told yet: the field leads on past w′"),
    "backward": ("On the way back", "neither is told: the field leads back to w"),
    "across": ("Across", "at w′ the field stands at right angles to the path"),
}
HELP = {
    "from": "The first of the two states: w, a step of which the weights are recorded. By itself it is the "
    "start; of weights that go round, ⅓ of a turn before w′. A double-click gives it back. A path that still "
    "goes straight on tells neither attraction nor rotation: train on, or choose states further apart.",
    "to": "The second of the two states: w′. At the right end it follows the newest one.",
}


class StateSlider(QSlider):
    """Chooses one of the recorded states. The arrow keys are its own where it has the focus. ``given_back``:
    a double-click, after which nobody has chosen."""

    given_back = Signal()

    def __init__(self, end: str) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setObjectName(f"path_angle.{end}")
        self.setAccessibleName(f"Path-angle: {end} state")
        self.setToolTip(HELP[end])
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setRange(0, 1)

    def event(self, event: QEvent) -> bool:
        """Keep the window from taking the keys that move the handle."""
        return claim(event, HANDLE_KEYS, but_with=WINDOW_S) or super().event(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.given_back.emit()


class PathAnglePanel(Panel):
    """See the module."""

    key = "path_angle"
    equation = r"\cos\angle(v(w_\alpha),\,w'-w),\ \ w_\alpha=\alpha w'+(1-\alpha)w"
    short_equation = r"\cos\angle(v(w_\alpha),\,w'-w)"
    needs = frozenset({"path_angle"})
    legend_entries = (
        Entry("both", "G and D"),
        Entry("g", "G alone", "dash", on=False),
        Entry("d", "D alone", on=False),
    )

    def build(self) -> None:
        self.readout = Readout()
        self.readout.set_height(62)
        self.cosine, self.norm = Plot(margins=(66, 8, 56, 22)), Plot(margins=(66, 6, 56, 40))
        styles = {"g": Qt.PenStyle.DashLine}
        self.curves = {
            plot: {name: plot.curve(2.0, styles.get(name, Qt.PenStyle.SolidLine)) for name in NAMES}
            for plot in (self.cosine, self.norm)
        }
        self.sliders = {end: StateSlider(end) for end in HELP}
        self.labels = {end: QLabel() for end in self.sliders}
        grid = QGridLayout()
        grid.setVerticalSpacing(0)
        for row, (end, slider) in enumerate(self.sliders.items()):
            slider.valueChanged.connect(self._choose_first if end == "from" else self._choose_second)
            slider.given_back.connect(self._give_back)
            grid.addWidget(self.labels[end], row, 0)
            grid.addWidget(slider, row, 1)
        grid.setColumnStretch(1, 1)
        self.body.addWidget(self.readout)
        self.body.addWidget(self.cosine, 3)
        self.body.addWidget(self.norm, 2)
        self.body.addLayout(grid)
        self._states: Array = np.zeros(0)
        self._chosen: tuple[int | None, int | None] = (None, None)
        self._data: dict[str, np.ndarray] = {}

    def themed(self) -> tuple[Readout, Plot, Plot]:
        for label in self.labels.values():
            label.setFont(font(12 * self.scale_factor))
            label.setMinimumWidth(round(176 * self.scale_factor))
            colours = QPalette(label.palette())
            colours.setColor(QPalette.ColorRole.WindowText, QColor(self.theme.text))
            label.setPalette(colours)
        return self.readout, self.cosine, self.norm

    def make_room(self) -> None:
        has_room = self.is_high(300)
        if has_room == self.norm.isHidden():
            self.norm.setVisible(has_room)
            self.show_again()

    def clear(self) -> None:
        self._states, self._chosen, self._data = np.zeros(0), (None, None), {}
        for curves in self.curves.values():
            for curve in curves.values():
                curve.setData([], [])
        self._move_sliders(None)
        self._fit(np.zeros(0))
        self.readout.say((Piece("–", self.theme.mute),), self.nothing_yet)

    def draw(self, run: Run) -> None:
        seen = self.fresh(run, "path_angle")
        if seen is None:
            return
        alpha = np.asarray(seen["alpha"], float)
        self._data = {"alpha": alpha}
        shown = []
        for name, suffix in SUFFIX.items():
            cosine = np.asarray(seen[f"cosine{suffix}"], float)
            norm = np.asarray(seen[f"norm{suffix}"], float)
            logs = np.log10(norm, out=np.full(len(norm), math.nan), where=norm > 0.0)
            is_on = self.legend.is_on(name)
            for plot, values in ((self.cosine, cosine), (self.norm, logs)):
                known = np.isfinite(values)
                curve = self.curves[plot][name]
                curve.setData(alpha[known], values[known])
                curve.setVisible(is_on)
            if is_on:
                shown.append(logs[np.isfinite(logs)])
            self._data |= {f"cosine{suffix}": cosine, f"norm{suffix}": norm}
        self._fit(np.concatenate([np.zeros(0), *shown]))
        self._move_sliders(seen)
        self._say(seen, read(alpha, np.asarray(seen["cosine"], float)))

    def export_data(self) -> dict[str, np.ndarray]:
        return dict(self._data)

    # ------------------------------------------------------------ the two states

    @Slot(int)
    def _choose_first(self, row: int) -> None:
        if len(self._states):
            self._ask(int(self._states[row]), self._chosen[1])

    @Slot(int)
    def _choose_second(self, row: int) -> None:
        if len(self._states):
            is_newest = row >= len(self._states) - 1
            self._ask(self._chosen[0], None if is_newest else int(self._states[row]))

    @Slot()
    def _give_back(self) -> None:
        """Look again at the two states that are shown where nobody has chosen."""
        if len(self._states):
            self._ask(None, None)

    def _ask(self, first: int | None, second: int | None) -> None:
        """Ask for the line through these two states."""
        self._chosen = first, second
        at = [int(self._states[slider.value()]) for slider in self.sliders.values()]
        self._name_ends(at[0], at[1])
        self.asked.emit("path_angle", self._chosen)

    def _move_sliders(self, seen: Measurement | None) -> None:
        """Follow the recorded states, unless a hand is on a slider."""
        for slider in self.sliders.values():
            slider.setEnabled(seen is not None)
        if seen is None or any(slider.isSliderDown() for slider in self.sliders.values()):
            if seen is None:
                self._name_ends(None, None)
            return
        self._states = np.asarray(seen["states"])
        last = len(self._states) - 1
        at = {"from": self._row(int(seen["start"]) if self._chosen[0] is None else self._chosen[0])}
        at["to"] = last if self._chosen[1] is None else self._row(self._chosen[1])
        for end, slider in self.sliders.items():
            slider.blockSignals(True)
            slider.setRange(0, last)
            slider.setPageStep(max(1, last // 10))
            slider.setValue(at[end])
            slider.blockSignals(False)
        self._name_ends(int(seen["start"]), int(seen["stop"]), bool(seen["turning"]))

    def _row(self, step: int) -> int:
        return int(np.argmin(np.abs(self._states - step)))

    def _name_ends(self, start: int | None, stop: int | None, turning: bool = False) -> None:
        newest = " (newest)" if self._chosen[1] is None and stop is not None else ""
        earlier = " (⅓ turn before)" if self._chosen[0] is None and turning else ""
        for end, letter, step, more in (("from", "w", start, earlier), ("to", "w′", stop, newest)):
            shown = "–" if step is None else f"step {formatting.fixed(float(step), 0)}"
            self.labels[end].setText(f"{letter}: {shown}{more}")

    # ------------------------------------------------------------ drawing

    def _fit(self, logs: Array) -> None:
        theme = self.theme
        for plot, curves in self.curves.items():
            for name, curve in curves.items():
                plot.colour_curve(curve, colour_of(theme, name))
            states = (Reference(0.0, upright=True), Reference(1.0, upright=True))
            plot.references = (*states, Reference(0.0, note="across")) if plot is self.cosine else states
        for name, button in self.legend.buttons.items():
            button.say(button.entry.text, colour_of(theme, name))
        ticks = [(-1.0, "−1"), (0.0, "0"), (1.0, "1")]
        self.cosine.x_axis, self.cosine.y_axis = Axis("", []), Axis("cosine", ticks)
        self.cosine.set_range(ENDS, (-1.05, 1.05))
        low, high = decades_of(logs, MOST_DECADES)
        self.norm.y_axis = Axis("‖v‖, log", decade_ticks(low, high, 4), "‖v‖")
        places = [(0.0, "0\nw"), (0.5, "½"), (1.0, "1\nw′")]
        self.norm.x_axis = Axis("α", places)
        if self.norm.isHidden():
            self.cosine.x_axis = self.norm.x_axis
        self.norm.set_range(ENDS, (float(low), float(max(high, low + 1))))
        for plot in self.curves:
            plot.refresh()

    def _say(self, seen: Measurement, reading: Reading) -> None:
        batch = f"field on {seen['rows']} fixed reals and fakes"
        if "unfinished" in seen and not reading.kind:
            self.readout.say((Piece("measuring …", self.theme.mute),), batch)
            return
        title, words = KINDS.get(reading.kind, ("–", "too little is known"))
        before, after, peak = (
            formatting.fixed(value, 2) for value in (reading.before, reading.after, reading.peak)
        )
        most = f"{peak} at α = {formatting.fixed(reading.at, 2)}"
        if reading.kind == "passed":
            most = f"0 at α = {formatting.fixed(reading.turn, 2)}"
        where = f"cosine {before} before w′, {after} behind; {most}"
        self.readout.say(
            (Piece(title, self.theme.ink),),
            (f"{words}: {where}", f"{words}", where),
            (
                f"above 0: both players move on from w to w′; {batch}",
                f"above 0: on from w to w′; {batch}",
                batch,
            ),
        )
