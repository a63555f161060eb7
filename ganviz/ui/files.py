"""Experiments as files, and runs as folders: opening, saving, dropping, keeping."""

from __future__ import annotations

import contextlib
from pathlib import Path

import platformdirs
from PySide6.QtCore import QObject, QSaveFile, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from ganviz.experiment import Experiment, ExperimentError
from ganviz.record.names import file_stem, run_name, run_of
from ganviz.ui.choices import Choices
from ganviz.ui.memory import Memory

FILTER = "Experiments (*.toml)"


def write_experiment(experiment: Experiment, path: Path) -> None:
    """Write an experiment as TOML, whole or not at all. Raises ExperimentError with one line where that
    fails.
    """
    file = QSaveFile(str(path))
    if not file.open(QSaveFile.OpenModeFlag.WriteOnly):
        raise ExperimentError(
            f"{path}: {file.errorString()}; accepted: a file in a folder that can be written to"
        )
    file.write(experiment.to_toml(path.parent).encode("utf-8"))
    if not file.commit():
        raise ExperimentError(
            f"{path}: {file.errorString()}; accepted: a file in a folder that can be written to"
        )


def kept_folder(experiment: Experiment) -> Path:
    """Where a run is kept unless another folder is chosen: Documents/ganviz/NAME-SEED-TIME."""
    return Path(platformdirs.user_documents_dir()) / "ganviz" / run_name(experiment.name, experiment.seed)


def shown_name(path: Path) -> str:
    """What a file is called on screen: its name, or that of the run's folder where it is of a run."""
    return (run_of(path) or path).name


class Files(QObject):
    """Opens and writes the chosen experiment. ``opened`` tells that another experiment is chosen now,
    ``run_opened`` that it is the one of the run in the folder that it carries; ``said`` carries a line on
    what cannot be, ``done`` one on what has been done.
    """

    opened = Signal()
    run_opened = Signal(object)
    said = Signal(str)
    done = Signal(str)
    recent_changed = Signal(list)

    def __init__(self, window: QWidget, choices: Choices, memory: Memory) -> None:
        super().__init__(window)
        self._window, self._choices, self._memory = window, choices, memory

    def _folder(self) -> str:
        path = self._choices.path
        return str(path.parent) if path else self._memory.read("folder", platformdirs.user_documents_dir())

    def open(self) -> None:
        """Ask for a file and open it."""
        name, _ = QFileDialog.getOpenFileName(self._window, "Open experiment", self._folder(), FILTER)
        if name:
            self.open_file(name)

    def open_file(self, name: str) -> None:
        """Open this file, and where it is of a run, the run; where it is no experiment, say why and keep what
        is chosen."""
        path = Path(name)
        try:
            experiment = Experiment.load(path)
        except ExperimentError as error:
            self.said.emit(str(error))
            return
        self._choices.begin(experiment, path)
        self._remember(path)
        run = run_of(path)
        if run is None:
            self.opened.emit()
            return
        self.run_opened.emit(run)
        self.done.emit(f"The run {run.name}, as it was kept: Train goes on from there, Reset begins it anew.")

    def save(self) -> None:
        """Write to the experiment's file, or ask for one."""
        if self._choices.path is None or run_of(self._choices.path):  # what a run was is not overwritten
            self.save_as()
        else:
            self.save_to(self._choices.path)

    def save_as(self) -> None:
        """Ask for a file and write to it."""
        proposal = str(Path(self._folder()) / f"{file_stem(self._choices.experiment.name)}.toml")
        name, _ = QFileDialog.getSaveFileName(self._window, "Save experiment", proposal, FILTER)
        if name:
            self.save_to(Path(name if name.lower().endswith(".toml") else f"{name}.toml"))

    def save_to(self, path: Path) -> None:
        """Write to this file; the experiment takes its name where the name can be one."""
        experiment = self._choices.experiment
        if path != self._choices.path:
            try:
                experiment = experiment.replace(name=path.stem)
            except ExperimentError:
                experiment = self._choices.experiment
        try:
            write_experiment(experiment, path)
        except ExperimentError as error:
            self.said.emit(str(error))
            return
        self._choices.written(experiment, path)
        self._remember(path)
        self.done.emit(f"Saved {path}")

    def ask_for_run_folder(self) -> Path | None:
        """Ask where to keep the run; None when cancelled."""
        proposal = kept_folder(self._choices.experiment)
        with contextlib.suppress(OSError):  # then the dialog opens elsewhere
            proposal.parent.mkdir(parents=True, exist_ok=True)
        name, _ = QFileDialog.getSaveFileName(self._window, "Keep this run in a new folder", str(proposal))
        return Path(name) if name else None

    def _remember(self, path: Path) -> None:
        self._memory.write("folder", str(path.parent))
        self.recent_changed.emit(self._memory.remember_file(str(path.resolve())))
