"""What the panels of the games of two numbers share: they draw a scene, and follow what is chosen at once."""

from __future__ import annotations

import time
from abc import abstractmethod

import numpy as np
from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

from ganviz.experiment import Experiment
from ganviz.record.run import Run
from ganviz.ui.line_looks import look_of
from ganviz.ui.lines import Scene, scene_of
from ganviz.ui.panels.base import Panel

Start = tuple[float, float]
SETTLE_MS = 150
"""After so long without a move lines are drawn finely again."""
WORDS_SECONDS = 0.1
"""Under a hand that drags, numbers change at most so often: they take longer than the lines."""


class PortraitPanel(Panel):
    """Draws a :class:`Scene` in :meth:`show_scene`. ``start_dragged``, ``start_chosen`` and ``start_left``
    tell of a hand that moves the start."""

    needs = frozenset({"points"})

    start_dragged = Signal(float, float)
    start_chosen = Signal(float, float)
    start_left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        self._settle = QTimer()
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        super().__init__(parent)
        self._settle.setParent(self)
        self._settle.timeout.connect(self._draw_finely)

    _chosen: Experiment | None = None
    _start: Start | None = None
    _scene: Scene | None = None
    _look: object = None
    _words_due = 0.0
    _stale_words = False

    def draw_quickly(self, quickly: bool) -> None:
        """Draw thin lines without smoothing, as long as they move; nothing to do where there are few."""

    @Slot()
    def _draw_finely(self) -> None:
        self.draw_quickly(False)
        if self._runs and self._stale_words:
            self._draw(self._runs[0], True)

    @abstractmethod
    def show_scene(self, scene: Scene, with_words: bool) -> None:
        """Draw these lines; ``with_words``: the numbers too, which change less often."""

    def preview(self, chosen: Experiment | None, start: Start | None) -> None:
        """Draw what is chosen before the run has it: a moved slider, a dragged start."""
        self._chosen, self._start = chosen, start
        if self._runs and self.isVisible():
            self.draw_quickly(True)
            self._settle.start()
            self._draw(self._runs[0], time.monotonic() >= self._words_due)

    def draw(self, run: Run) -> None:
        if not self._settle.isActive():
            self.draw_quickly(run.frame.flowing)
        self._draw(run, self.text_is_due(run))

    def forget(self) -> None:
        super().forget()
        self._look = None

    def _draw(self, run: Run, with_words: bool) -> None:
        scene = scene_of(run, self._chosen, self._start)
        look = scene.look
        if look == self._look and not (with_words and self._stale_words):
            return
        self._look, self._scene, self._stale_words = look, scene, not with_words
        if with_words:
            self._words_due = time.monotonic() + WORDS_SECONDS
        self.show_scene(scene, with_words)

    def export_data(self) -> dict[str, np.ndarray]:
        data: dict[str, np.ndarray] = {}
        if self._scene is None:
            return data
        for line in self._scene.lines:
            name = look_of(line.id).name
            steps = line.steps
            points = line.past
            if len(line.future) > 1:
                after = self._scene.step + 1 + np.arange(len(line.future) - 1)
                first = 0 if not len(points) else 1
                steps = np.concatenate([steps, after if first else np.r_[self._scene.step, after]])
                points = np.concatenate([points, line.future[first:]])
            data |= {
                f"{name} step": steps,
                f"{name} theta": points[:, 0],
                f"{name} psi": points[:, 1],
                f"{name} radius": np.hypot(*points.T),
            }
        return data
