"""Where a panel's picture or numbers go: asking for a file, and saying why it could not be written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import platformdirs
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget


class _Folder:
    """The folder of the file saved last, in this process."""

    last: Path | None = None


def proposed_folder() -> Path:
    """The folder used last, or the user's documents, or the home folder where there are none."""
    documents = Path(platformdirs.user_documents_dir())
    found = (folder for folder in (_Folder.last, documents) if folder is not None and folder.is_dir())
    return next(found, Path.home())


def ask_for_file(parent: QWidget, title: str, name: str, kinds: str) -> Path | None:
    """Ask where to save; None when cancelled.

    ``name`` is proposed, and its suffix is given to a name without one. ``kinds`` is a filter of Qt's.
    """
    dialog = QFileDialog(parent, title, str(proposed_folder() / name), kinds)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(Path(name).suffix.removeprefix("."))
    dialog.selectFile(name)
    chosen = dialog.selectedFiles() if dialog.exec() else []
    dialog.deleteLater()
    if not chosen:
        return None
    _Folder.last = Path(chosen[0]).parent
    return Path(chosen[0])


def try_to_save(parent: QWidget, save: Callable[[], None]) -> None:
    """Save, or show in one line why it could not be done."""
    try:
        save()
    except (OSError, ValueError) as error:
        QMessageBox.warning(parent, "Not saved", str(error))
