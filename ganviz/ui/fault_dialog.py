"""The dialog after a fault of the program: what happened, where the run is, a report to copy, the choice."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ganviz.ui.style import font

SIZE = (760, 560)
LONGEST = 400
"""Characters of what was raised; the report has it whole."""
GO_ON = "The window goes on. What failed stays as it was last seen; Reset (R) begins anew."
NO_WINDOW = (
    "The window could not be opened. Settings that it stored may be the reason: ganviz --safe-mode opens it "
    "without them."
)


class FaultDialog(QDialog):
    """Does not block the window, where there is one. ``quit_asked``: the user would rather end it all."""

    quit_asked = Signal()

    def __init__(self, parent: QWidget | None, happened: str, report: str) -> None:
        super().__init__(parent)
        self.setObjectName("dialog.fault")
        self.setWindowTitle("A fault in ganviz")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._more = 0
        heading = QLabel("Something in ganviz failed that should not have.")
        heading.setFont(font(17, weight=font(17).Weight.DemiBold))
        self.happened = self._label("fault.happened", happened[:LONGEST])
        self.run = self._label("fault.run", "")
        self.others = self._label("fault.others", "")
        self.report = QPlainTextEdit(report)
        self.report.setObjectName("fault.report")
        self.report.setReadOnly(True)
        self.report.setToolTip("What to send to whoever mends ganviz. Nothing is sent by itself.")
        self.report.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.report.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.setContentsMargins(18, 16, 18, 14)
        for label in (
            heading,
            self.happened,
            self.run,
            self._label("fault.next", GO_ON if parent else NO_WINDOW),
        ):
            column.addWidget(label)
        column.addWidget(self.report, 1)
        column.addWidget(self.others)
        column.addWidget(self._buttons(parent is not None))
        self.others.hide()
        self.run.hide()
        self.resize(*SIZE)

    def _label(self, name: str, text: str) -> QLabel:
        label = QLabel(text)
        label.setObjectName(name)
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return label

    def _buttons(self, has_window: bool) -> QDialogButtonBox:
        buttons = QDialogButtonBox()
        self.copy = QPushButton("Copy report")
        self.copy.setToolTip("Puts the whole report on the clipboard.")
        self.copy.clicked.connect(self._copy)
        leave = QPushButton("Close ganviz")
        leave.setToolTip("Ends the program; a long run that no folder holds is asked about.")
        leave.clicked.connect(self._leave)
        buttons.addButton(self.copy, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(leave, QDialogButtonBox.ButtonRole.DestructiveRole)
        if has_window:
            go_on = QPushButton("Go on")
            go_on.setToolTip("Closes this dialog; the window stays.")
            go_on.clicked.connect(self.close)
            buttons.addButton(go_on, QDialogButtonBox.ButtonRole.AcceptRole)
            go_on.setDefault(True)
            go_on.setFocus()
            go_on.setObjectName("fault.go_on")
        for button in (self.copy, leave):  # a click on them leaves the mark of the default on Go on
            button.setAutoDefault(False)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for button, name in ((self.copy, "copy"), (leave, "close")):
            button.setObjectName(f"fault.{name}")
        return buttons

    def tell_run(self, line: str) -> None:
        """Say what became of the run."""
        self.run.setText(line)
        self.run.show()

    def add(self, traceback: str) -> None:
        """Another fault while this one is on show: counted here, told in the report."""
        self._more += 1
        times = "another fault" if self._more == 1 else f"{self._more:,} more faults"
        self.others.setText(f"Since then {times}; the report has what is new in them.")
        self.others.show()
        if traceback:
            self.report.appendPlainText(f"\nAnother fault since then\n\n{traceback.strip()}\n")

    @Slot()
    def _copy(self) -> None:
        QApplication.clipboard().setText(self.report.toPlainText())
        self.copy.setText("Copied")

    @Slot()
    def _leave(self) -> None:
        self.close()
        self.quit_asked.emit()
