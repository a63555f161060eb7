"""What is dragged onto the window: an experiment, a run's folder, or data."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData

from ganviz.record.names import OF_A_RUN


def dropped_path(data: QMimeData) -> Path | None:
    """The one file or folder of this machine that is being dragged, or None where it is anything else."""
    urls = data.urls()
    return Path(urls[0].toLocalFile()) if len(urls) == 1 and urls[0].isLocalFile() else None


def experiment_in(path: Path) -> Path | None:
    """The experiment's file that a path is, or that the folder of a run holds; None where it is data."""
    if path.suffix.lower() == ".toml":
        return path
    held = path / OF_A_RUN
    return held if held.is_file() else None
