"""Joins the window with the dialogs for own data: what was drawn or opened becomes what is trained on."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs
from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QMainWindow

from ganviz.data.drawing import CANVAS_HALF, MOST_POINTS, points_of, text_of
from ganviz.ui.desk import Desk
from ganviz.ui.look import Look
from ganviz.ui.memory import Memory
from ganviz.ui.own_data.draw_dialog import DrawDialog
from ganviz.ui.own_data.dropping import experiment_in
from ganviz.ui.own_data.open_dialog import OpenDialog
from ganviz.ui.own_data.strokes import Drawing


class OwnData(QObject):
    """Opens the dialogs and passes on what they give. ``asked``: what is chosen is to be shown again,
    because something else has to be asked first; ``failed`` carries the traceback of a fault."""

    asked = Signal()
    failed = Signal(str)

    def __init__(self, window: QMainWindow, desk: Desk, look: Look, memory: Memory) -> None:
        super().__init__(window)
        self._window, self._desk, self._look, self._memory = window, desk, look, memory
        self._sketch: Drawing | None = None
        self._began_as = ""

    # ------------------------------------------------------------ drawing

    @Slot()
    def draw(self) -> None:
        """Open the canvas: with the experiment's drawing, or with a sketch of it that was left unused."""
        chosen = self._desk.choices.experiment
        if self._sketch is None or self._began_as != chosen.drawing:
            points = points_of(chosen.drawing)
            half = max(CANVAS_HALF, math.ceil(np.abs(points).max(initial=0.0)))
            self._sketch, self._began_as = Drawing(half, MOST_POINTS, points), chosen.drawing
        dialog = DrawDialog(self._window, self._sketch, self._folder())
        dialog.used.connect(self._use_drawing)
        dialog.apply_theme(self._look.theme, self._look.scale)
        dialog.open()

    @Slot()
    def _use_drawing(self) -> None:
        assert self._sketch is not None
        text = text_of(self._sketch.points)
        self._began_as = text
        self._desk.begin_with("drawing", "data drawn by hand", data="drawing", drawing=text)

    # ------------------------------------------------------------ opening

    @Slot(str, object)
    def propose(self, key: str, value: Any) -> None:
        """A value that was entered in the settings. Own data that nobody has named yet are asked for."""
        chosen = self._desk.choices.experiment
        if (key, value) == ("data", "file") and not chosen.data_path:
            self.asked.emit()
            self.open()
        else:
            self._desk.propose(key, value)

    @Slot()
    def open(self) -> OpenDialog:
        """Ask for a file or folder of data."""
        dialog = OpenDialog(self._window, self._desk.choices.experiment, self._folder())
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

    @Slot(object)
    def _use_file(self, settings: dict[str, Any]) -> None:
        path = Path(settings["data_path"])
        self._memory.write("folder", str(path.parent))
        self._desk.begin_with("data_path", f"the data of {path.name}", **settings)

    def _folder(self) -> str:
        return self._memory.read("folder", platformdirs.user_documents_dir())
