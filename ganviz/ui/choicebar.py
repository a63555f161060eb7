"""A bar of which one button is chosen: title and note, the buttons side by side, a note on the keys."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QFont
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ganviz.ui.bar import FittingBar
from ganviz.ui.facebutton import FaceButton
from ganviz.ui.style import font
from ganviz.ui.theme import Theme

HEIGHT = 60


class ChoiceBar(FittingBar):
    """The buttons exclude each other, also those that stand ``elsewhere``; ``beside`` follow them in the bar.

    Where it is narrow the note on the keys goes, then the room around the words, the title, and last the
    formulas.
    """

    LEVELS = 5

    def __init__(
        self,
        title: str,
        keys: str,
        buttons: Sequence[FaceButton],
        elsewhere: Sequence[FaceButton] = (),
        beside: Sequence[QWidget] = (),
    ) -> None:
        super().__init__(HEIGHT)
        self._title, self._note, self._keys = QLabel(title), QLabel("live, no restart"), QLabel(keys)
        self._in_bar = tuple(buttons)
        self._group = QButtonGroup(self)
        for button in (*buttons, *elsewhere):
            self._group.addButton(button)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addStretch(1)
        words.addWidget(self._title)
        words.addWidget(self._note)
        words.addStretch(1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 5, 14, 5)
        layout.setSpacing(0)
        layout.addLayout(words)
        layout.addSpacing(18)
        for button in self._in_bar:
            layout.addWidget(button)
        for widget in (*beside, self._keys):
            layout.addSpacing(12)
            layout.addWidget(widget)
        layout.addStretch(1)

    def show_level(self, level: int) -> None:
        """Let go what is worth least."""
        self._keys.setVisible(level < 1)
        for label in (self._title, self._note):
            label.setVisible(level < 3)
        for button in self._in_bar:
            button.shorten(0 if level < 2 else 1 if level < 4 else 2)

    def dress(self, theme: Theme, scale: float) -> None:
        """Give every part the colours and this scale of type."""
        self._title.setFont(font(14, scale, QFont.Weight.DemiBold))
        self._title.setStyleSheet(f"color: {theme.ink}")
        for label in (self._note, self._keys):
            label.setFont(font(12, scale))
            label.setStyleSheet(f"color: {theme.mute}")
        self.dress_buttons(self._in_bar)

    def dress_buttons(self, buttons: Sequence[FaceButton]) -> None:
        """Give these buttons the bar's colours and scale of type; to those elsewhere when they are shown."""
        for button in buttons:
            button.apply_theme(self._theme, self._scale)
            button.setFixedHeight(button.sizeHint().height())
