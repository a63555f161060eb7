"""Arithmetic in the space of latents: what G makes of a - b + c (Radford et al. 2016, figure 7)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QWidget

from ganviz.record.run import Run
from ganviz.ui.panels.arithmetic_slots import MOST, ResultView, Sign, SlotView
from ganviz.ui.panels.base import Panel
from ganviz.ui.panels.picks import Picks
from ganviz.ui.panels.pictures import pictures

WIDE = 1.6
"""Times as wide as high, from which on the result stands beside the slots and not below them."""
NAMES = ("a", "b", "c")
HINT = "Drag samples into a, b and c,\nor choose a sample and click a slot."


class ArithmeticPanel(Panel):
    """See the module."""

    key = "arithmetic"
    equation = r"G(\bar z_a-\bar z_b+\bar z_c)"
    needs = frozenset({"arithmetic", "samples"})

    def build(self) -> None:
        self.slots = {name: SlotView(name) for name in NAMES}
        self.result = ResultView()
        self.signs = [Sign(sign, self.slots["a"]) for sign in "−+="]
        row = QHBoxLayout()
        row.setSpacing(0)
        for slot, sign in zip(self.slots.values(), self.signs, strict=True):
            slot.changed.connect(self._changed)
            row.addWidget(slot, 10)
            row.addWidget(sign, 2)
        self._both = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._both.setSpacing(0)
        self._both.addLayout(row, 10)
        self._both.addWidget(self.result, 9)
        self.body.addLayout(self._both, 1)
        self._asked_of: object = None
        self._data: dict[str, np.ndarray] = {}

    def themed(self) -> Sequence[QWidget]:
        return [*self.slots.values(), *self.signs, self.result]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_wide = self.width() > WIDE * self.height()
        way = QBoxLayout.Direction.LeftToRight if is_wide else QBoxLayout.Direction.TopToBottom
        if way != self._both.direction():
            self._both.setDirection(way)
            self._outer.activate()

    @property
    def numbers(self) -> tuple[tuple[int, ...], ...]:
        """The samples in each slot."""
        return tuple(slot.numbers for slot in self.slots.values())

    def clear(self) -> None:
        self._data, self._asked_of = {}, None
        for slot in self.slots.values():
            slot.show_images([], None, 0.0, True)
        self.result.show_images([], None, 0.0, True)
        self.result.hint = self.nothing_yet

    def take_picks(self, picks: Picks) -> None:
        for slot in self.slots.values():
            slot.chosen = picks.sample

    @Slot(object)
    def _changed(self, _numbers: object) -> None:
        self.asked.emit(self.key, self.numbers)
        self.show_again()

    def draw(self, run: Run) -> None:
        if any(self.numbers) and self._asked_of is not run.history:  # a new run knows of no choice
            self._asked_of = run.history
            self.asked.emit(self.key, self.numbers)
        samples, seen = self.fresh(run, "samples"), self.fresh(run, "arithmetic")
        if seen is None and samples is None:
            return
        seen, samples = run.frame.get("arithmetic"), run.frame.get("samples")
        if seen is None or samples is None:
            return
        self.result.hint = "" if all(self.numbers) else HINT
        source, dark = run.experiment.source(), self.result.dark
        is_probability = self.objective(run).is_probability
        fakes, means = np.asarray(samples["fake"], float), np.asarray(seen["means"], float)
        outputs = np.asarray(seen["means_output"], float)
        is_answer = tuple(seen["slots"]) == self.numbers
        for row, slot in enumerate(self.slots.values()):
            known = [number for number in slot.numbers if number < len(fakes)]
            mean = pictures(means[row : row + 1], source, dark=dark)[0] if seen["slots"][row] else None
            small = pictures(fakes[known], source, dark=dark) if known else []
            slot.show_images(small, mean if is_answer else None, float(outputs[row]), is_probability)
        if "around" not in seen or not is_answer:
            self.result.show_images([], None, 0.0, True)
            return
        around = np.asarray(seen["around"], float)
        pixels = np.asarray(seen["pixels"], float)
        self.result.show_images(
            pictures(around, source, dark=dark), pictures(pixels[None], source, dark=dark)[0],
            float(seen["around_output"][4]), is_probability,
        )  # fmt: skip
        self._data = {"around": around, "around_output": np.asarray(seen["around_output"])}
        self._data |= {"means": means, "means_output": outputs, "pixels": pixels[None]}
        self._data |= {f"slot_{name}": np.array(slot.numbers) for name, slot in self.slots.items()}

    def export_data(self) -> dict[str, np.ndarray]:
        return dict(self._data)

    def save_state(self) -> dict[str, Any]:
        return super().save_state() | {"slots": [list(numbers) for numbers in self.numbers]}

    def restore_state(self, state: dict[str, Any]) -> None:
        super().restore_state(state)
        kept = state.get("slots")
        if not isinstance(kept, list) or len(kept) != len(NAMES):
            return
        for slot, numbers in zip(self.slots.values(), kept, strict=True):
            if isinstance(numbers, list) and all(type(n) is int and n >= 0 for n in numbers):
                slot.put(tuple(numbers[:MOST]))
