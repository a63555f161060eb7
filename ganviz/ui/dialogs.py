"""The few dialogs: keys, about, what a divergence is, and the question before an unkept run is lost."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QLabel,
    QMessageBox,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ganviz import __version__
from ganviz.ui.controls import keys_table
from ganviz.ui.log_file import log_file


class Answer(Enum):
    """What to do with a long run that was not kept."""

    KEEP = "keep"
    DISCARD = "discard"
    STAY = "stay"


def _native(keys: str) -> str:
    return ", ".join(
        QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) for key in keys.split(", ")
    )


def show_keys(parent: QWidget) -> QDialog:
    """List every key and what it does; does not block the window. Made once: so long a table takes long."""
    made = parent.findChild(QDialog, "dialog.keys")
    if isinstance(made, QDialog):
        made.show()
        made.activateWindow()
        return made
    dialog = QDialog(parent)
    dialog.setObjectName("dialog.keys")
    dialog.setWindowTitle("Keys")
    room = parent.screen().availableGeometry().size() * 0.9
    table = _table_of_keys()
    wanted = table.sizeHint() + QSize(60, 90)
    if wanted.width() > room.width():
        for words in table.findChildren(QLabel):
            words.setWordWrap(True)
    scroll = QScrollArea()
    scroll.setWidgetResizable(True)
    scroll.setWidget(table)
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(dialog.close)
    layout = QVBoxLayout(dialog)
    layout.addWidget(scroll)
    layout.addWidget(buttons)
    dialog.resize(wanted.boundedTo(room))
    dialog.show()
    return dialog


def _table_of_keys() -> QWidget:
    """A row for each control that has a key: plain labels, because one rich text would take 0.1 s."""
    table = QWidget()
    grid = QGridLayout(table)
    grid.setHorizontalSpacing(20)
    grid.setVerticalSpacing(4)
    grid.setColumnStretch(2, 1)
    bold = QFont(table.font())
    bold.setBold(True)
    rows = keys_table()
    for row, (keys, title, words) in enumerate(rows):
        for column, text in enumerate((_native(keys), title, words)):
            label = QLabel(text)
            label.setTextFormat(Qt.TextFormat.PlainText)
            grid.addWidget(label, row, column, Qt.AlignmentFlag.AlignTop)
            if column == 0:
                label.setFont(bold)
    foot = QLabel("Letters, digits and arrows do nothing while a text field has the focus.")
    foot.setContentsMargins(0, 8, 0, 0)
    grid.addWidget(foot, len(rows), 0, 1, 3)
    return table


def show_about(parent: QWidget) -> None:
    """Version, licence, and where the log is."""
    _tell(
        parent,
        "About ganviz",
        f"ganviz {__version__}",
        f"See why GANs learn, stall, circle and collapse.\nMIT licence.\n\nLog: {log_file()}",
    )


def show_divergence(parent: QWidget, message: str) -> None:
    """What a divergence is and what usually helps."""
    _tell(
        parent,
        "Diverged",
        message,
        "A number grew beyond what a float can hold. The panels keep the last finite values. "
        "What usually helps: a smaller learning "
        "rate, a gradient clip on the player that grew, or for a Wasserstein critic a smaller weight clip.",
    )


def _tell(parent: QWidget, title: str, text: str, more: str) -> None:
    box = QMessageBox(QMessageBox.Icon.Information, title, text, parent=parent)
    box.setObjectName("dialog.message")
    box.setInformativeText(more)
    box.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.open()


def ask_about_unkept(parent: QWidget, unkept: int, steps: int) -> Answer:
    """Ask what to do with a run of ``steps`` steps, the last ``unkept`` of them in no folder; waits for the
    answer."""
    which = "This run has" if unkept == steps else f"The last {unkept:,} of this run's"
    box = QMessageBox(
        QMessageBox.Icon.Question,
        "Keep this run?",
        f"{which} {steps:,} steps{', and no folder holds it' if unkept == steps else ' are in no folder'}.",
        parent=parent,
    )
    box.setObjectName("dialog.unkept")
    box.setInformativeText("Keeping writes its curves, weights and picture into a folder.")
    keep = box.addButton("Keep…", QMessageBox.ButtonRole.AcceptRole)
    discard = box.addButton("Discard", QMessageBox.ButtonRole.DestructiveRole)
    box.addButton(QMessageBox.StandardButton.Cancel)
    box.exec()
    if box.clickedButton() is keep:
        return Answer.KEEP
    return Answer.DISCARD if box.clickedButton() is discard else Answer.STAY
