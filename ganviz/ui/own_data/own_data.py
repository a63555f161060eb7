"""Joins the window with the dialogs for own data: what was drawn or opened becomes what is trained on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs
from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QMainWindow

from ganviz.data.drawing import CANVAS_HALF, MOST_POINTS, points_of, text_of
from ganviz.experiment.pair import FITS_ANY, misfit
from ganviz.ui.desk import Desk
from ganviz.ui.look import Look
from ganviz.ui.memory import Memory
from ganviz.ui.own_data.draw_dialog import DrawDialog
from ganviz.ui.own_data.dropping import experiment_in
from ganviz.ui.own_data.open_dialog import OpenDialog
from ganviz.ui.own_data.sides import SIDES, about, key_of, next_side, of_side, sides_of
from ganviz.ui.own_data.strokes import Drawing
from ganviz.ui.wording import in_words


class OwnData(QObject):
    """Opens the dialogs and passes on what they give. ``asked``: what is chosen is to be shown again,
    because something else has to be asked first; ``failed`` carries the traceback of a fault."""

    asked = Signal()
    failed = Signal(str)

    def __init__(self, window: QMainWindow, desk: Desk, look: Look, memory: Memory) -> None:
        super().__init__(window)
        self._window, self._desk, self._look, self._memory = window, desk, look, memory
        self._sketches: dict[str, tuple[str, Drawing]] = {}

    # ------------------------------------------------------------ drawing

    @Slot()
    def draw(self) -> None:
        """Open the canvas: with the experiment's drawing, or with a sketch of it that was left unused; of X
        and of Y where there are both."""
        chosen = self._desk.choices.experiment
        sketches = {side: self._sketch(side) for side in sides_of(chosen)}
        dialog = DrawDialog(self._window, sketches, next_side(chosen), self._folder())
        dialog.used.connect(self._use_drawings)
        dialog.apply_theme(self._look.theme, self._look.scale)
        dialog.open()

    def _sketch(self, side: str) -> Drawing:
        drawn = getattr(self._desk.choices.experiment, key_of("drawing", side))
        began_as, sketch = self._sketches.get(side, (None, None))
        if sketch is None or began_as != drawn:
            points = points_of(drawn)
            half = max(CANVAS_HALF, math.ceil(np.abs(points).max(initial=0.0)))
            sketch = Drawing(half, MOST_POINTS, points)
            self._sketches[side] = drawn, sketch
        return sketch

    @Slot(object)
    def _use_drawings(self, sides: Sequence[str]) -> None:
        settings: dict[str, Any] = {}
        for side in sides:
            _, sketch = self._sketches[side]
            text = text_of(sketch.points)
            self._sketches[side] = text, sketch
            settings |= of_side({"data": "drawing", "drawing": text}, side)
        self._begin(key_of("drawing", sides[0]), settings)

    def _begin(self, key: str, settings: dict[str, Any]) -> None:
        """Train on these data; another X has a Y that fits it."""
        chosen = self._desk.choices.experiment.model_copy(update=settings)
        line = misfit(chosen)
        if line and key_of("data", "x") in settings and key_of("data", "y") not in settings:
            settings |= {"data_y": FITS_ANY}
            chosen, line = chosen.model_copy(update=settings), ""
        if line:
            self._desk.refused.emit(key, in_words(line))
        else:
            self._desk.begin_with(key, about(chosen), **settings)

    # ------------------------------------------------------------ opening

    @Slot(str, object)
    def propose(self, key: str, value: Any) -> None:
        """A value that was entered in the settings. Own data that nobody has named yet are asked for."""
        chosen = self._desk.choices.experiment
        side = next((side for side in SIDES if key == key_of("data", side)), None)
        if side and value == "file" and not getattr(chosen, key_of("data_path", side)):
            self.asked.emit()
            self._ask(side)
        else:
            self._desk.propose(key, value)

    @Slot()
    def open(self) -> OpenDialog:
        """Ask for a file or folder of data."""
        return self._ask(next_side(self._desk.choices.experiment))

    def _ask(self, side: str) -> OpenDialog:
        dialog = OpenDialog(self._window, self._desk.choices.experiment, side, self._folder())
        dialog.used.connect(self._use_file)
        dialog.failed.connect(self.failed)
        dialog.apply_theme(self._look.theme, self._look.scale)
        dialog.open()
        return dialog

    def drop(self, path: Path) -> None:
        """Open what was dropped on the window: an experiment, the folder of a run, or data."""
        experiment = experiment_in(path)
        if experiment is not None:
            self._desk.files.open_file(str(experiment))
        else:
            self.open().read(path)

    @Slot(str, object)
    def _use_file(self, side: str, settings: dict[str, Any]) -> None:
        key = key_of("data_path", side)
        self._memory.write("folder", str(Path(settings[key]).parent))
        self._begin(key, settings)

    def _folder(self) -> str:
        return self._memory.read("folder", platformdirs.user_documents_dir())
