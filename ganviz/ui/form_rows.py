"""One row of the settings form: what marks it, what it is called, and its editor."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from ganviz.experiment import Setting
from ganviz.ui.controls import SLIDERS, setting_help
from ganviz.ui.fields import make_field
from ganviz.ui.icons import picture
from ganviz.ui.style import font
from ganviz.ui.theme import LIGHT, Theme
from ganviz.ui.value_slider import HEIGHT as SLIDER_HEIGHT
from ganviz.ui.value_slider import ValueSlider

ROW_HEIGHT = 27
FIELD_WIDTH, CHOICE_WIDTH, BESIDE_SLIDER = 106, 132, 78


class Dot(QAbstractButton):
    """The mark of a setting that differs from its preset; a click takes the preset's value."""

    def __init__(self) -> None:
        super().__init__()
        self._colour = LIGHT.focus
        self.setFixedSize(14, 20)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def apply_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours."""
        self._colour = theme.focus

    def paintEvent(self, event: QPaintEvent) -> None:
        """A filled circle."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._colour))
        painter.drawEllipse(QPointF(7, 10), 3.0, 3.0)


class Row(QWidget):
    """One setting: dot, title with symbol, restart mark, editor, and for some a slider below."""

    def __init__(self, setting: Setting) -> None:
        super().__init__()
        self.setting = setting
        self.dot, self.label, self.mark, self.field = Dot(), QLabel(), QLabel(), make_field(setting)
        self.slider = ValueSlider(setting) if setting.key in SLIDERS else None
        self.title = setting.title
        self.show_rest("")
        self.label.setBuddy(self.field)
        self.label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.mark.setToolTip("Takes effect at the next reset.")
        self.field.setObjectName(f"setting.{setting.key}")
        self.field.setAccessibleName(setting.title)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(5, 1, 4, 1)
        outer.setSpacing(0)
        layout = QHBoxLayout()
        layout.setSpacing(3)
        outer.addLayout(layout)
        layout.addWidget(self.dot)
        layout.addWidget(self.label, 1)
        layout.addWidget(self.mark)
        layout.addWidget(self.field)
        # Not before it has a place: without a parent it would be a window of its own for a moment.
        self.mark.setVisible(not setting.live and setting.group != "experiment")
        if self.slider is not None:
            self.slider.moved.connect(self.field.proposed)
            outer.addWidget(self.slider)
        policy = self.dot.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.dot.setSizePolicy(policy)
        self.field.error_changed.connect(self.say)
        self.say("")

    @property
    def stops(self) -> list[QWidget]:
        """Where Tab stops, in order."""
        return [self.field] if self.slider is None else [self.field, self.slider]

    def show_rest(self, reason: str) -> None:
        """Grey the title and say why the setting has no effect just now; empty: it has one."""
        self._rest = reason
        symbol = f"  <i>{self.setting.symbol}</i>" if self.setting.symbol else ""
        self.label.setText(f"{self.title} <i>rests</i>" if reason else self.title + symbol)
        self.label.setEnabled(not reason)
        self.say(self.field.error)

    def show_title(self, title: str) -> None:
        """Call the setting by another name: that of X where there is a Y, too."""
        if title != self.title:
            self.title = title
            self.field.setAccessibleName(title)
            self.show_rest(self._rest)

    def say(self, error: str) -> None:
        """Put the help, and above it what is wrong, into the tooltips."""
        text = f"{self._rest}\n{setting_help(self.setting)}".strip()
        for widget in (self, self.label, self.field, *([self.slider] if self.slider else [])):
            widget.setToolTip(f"{error}\n{text}" if error else text)
            widget.setWhatsThis(text)
        self.field.setAccessibleDescription(error or text)

    def show_value(self, value: Any, preset: Any) -> None:
        """Show the chosen value and whether it differs from the preset's."""
        self.field.show_value(value)
        if self.slider is not None:
            self.slider.show_value(value)
        differs = value != preset
        shown = (self.setting.choices or {}).get(str(preset), preset)
        self.dot.setVisible(differs)
        self.dot.setToolTip(f"Differs from the preset. Click: back to {shown}.")
        self.dot.setAccessibleName(f"{self.title}: back to {shown}")
        if self.field.font().bold() != differs:
            changed = self.field.font()
            changed.setBold(differs)
            self.field.setFont(changed)

    def apply_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours and the scale of type."""
        words = font(12, scale)
        self.label.setFont(words)
        bold = self.field.font().bold()
        words.setBold(bold)
        self.field.setFont(words)
        width = CHOICE_WIDTH if self.setting.choices else BESIDE_SLIDER if self.slider else FIELD_WIDTH
        self.field.setFixedWidth(round(width * scale))
        self.field.setFixedHeight(round(24 * scale))
        height = ROW_HEIGHT + (SLIDER_HEIGHT + 2 if self.slider is not None else 0)
        self.setFixedHeight(round(height * scale))
        if self.slider is not None:
            self.slider.apply_theme(theme, scale)
        self.mark.setPixmap(picture("restore", theme.mute, round(13 * scale)))
        self.dot.apply_theme(theme, scale)
        self.field.apply_theme(theme, scale)
