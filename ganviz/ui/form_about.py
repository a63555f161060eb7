"""The head of the settings: what the experiment is called, what to look for in it, a way to hide all."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from ganviz.experiment import Experiment
from ganviz.ui.controls import control
from ganviz.ui.icons import icon
from ganviz.ui.style import font
from ganviz.ui.theme import Theme


class About(QWidget):
    """Name and description of the chosen experiment. ``hide_asked``: the settings shall make room."""

    hide_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.name, self.description, self.hider = QLabel(), QLabel(), QToolButton()
        for label in (self.name, self.description):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.hider.setObjectName("action.rail")
        self.hider.setAutoRaise(True)
        self.hider.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hider.setAccessibleName("Hide the settings")
        self.hider.setToolTip(control("action.rail").help)
        self.hider.clicked.connect(self.hide_asked)
        head = QHBoxLayout()
        head.addWidget(self.name, 1)
        head.addWidget(self.hider, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 6, 6)
        layout.setSpacing(2)
        layout.addLayout(head)
        layout.addWidget(self.description)

    def show_experiment(self, experiment: Experiment) -> None:
        """Show what is chosen."""
        self.name.setText(experiment.name)
        self.description.setText(experiment.description)
        self.description.setVisible(bool(experiment.description))

    def apply_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours and the scale of type."""
        self.name.setFont(font(13, scale, QFont.Weight.DemiBold))
        self.name.setStyleSheet(f"color: {theme.ink}")
        self.description.setFont(font(12, scale))
        self.description.setStyleSheet(f"color: {theme.text}")
        self.hider.setIcon(icon("chevron-left", theme.text))
        self.hider.setFixedSize(round(22 * scale), round(20 * scale))
