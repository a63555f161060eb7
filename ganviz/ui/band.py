"""The warning band under the loss bar: why training stopped, and the ways on."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy

from ganviz.frame import Frame
from ganviz.ui.bar import Bar
from ganviz.ui.buttons import BarButton
from ganviz.ui.icons import icon
from ganviz.ui.style import font
from ganviz.ui.theme import Theme

HEIGHT = 44


class WarningBand(Bar):
    """Hidden while all is well. ``details_asked`` asks for the long explanation."""

    details_asked = Signal()

    def __init__(self, actions: Mapping[str, QAction]) -> None:
        super().__init__(HEIGHT)
        self.setObjectName("warning")
        self._sign, self._words = QLabel(), QLabel()
        self._words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._details = QAction("Details", self)
        self._details.setObjectName("action.details")
        self._details.setToolTip("What happened, and what usually helps.")
        self._details.triggered.connect(self.details_asked)
        self._restore_action = actions["action.restore"]
        self._buttons = [
            BarButton(self._restore_action, height=28),
            BarButton(actions["action.reset"], height=28),
            BarButton(self._details, height=28),
        ]
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 0, 14, 0)
        layout.setSpacing(8)
        layout.addWidget(self._sign)
        layout.addWidget(self._words, 1)
        for button in self._buttons:
            layout.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.hide()

    @property
    def text(self) -> str:
        """What the band says."""
        return self._words.text()

    def show_frame(self, frame: Frame) -> None:
        """Appear with the frame's message when the run has diverged, else go away."""
        diverged = frame.status == "diverged"
        if diverged:
            self._words.setText(frame.message)
            self._words.setToolTip(frame.message)
            step = frame.restore_step
            self._restore_action.setText(
                "Back to the last good step" if step is None else f"Back to step {step:,}"
            )
        self._restore_action.setEnabled(diverged and frame.restore_step is not None)
        self.setVisible(diverged)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tinted, with a line in the warning colour."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._theme.warning_tint))
        painter.setPen(QPen(QColor(self._theme.warning), 2))
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)

    def apply_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours and the scale of type."""
        super().apply_theme(theme, scale)
        self._sign.setPixmap(icon("alert-outline", theme.warning).pixmap(round(20 * scale)))
        self._words.setFont(font(14, scale, QFont.Weight.DemiBold))
        self._words.setStyleSheet(f"color: {theme.warning}")
        for button in self._buttons:
            button.apply_theme(theme, scale)
