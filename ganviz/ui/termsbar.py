"""The bar of a CycleGAN in place of the losses: which terms of its objective act, one click each, live."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtGui import QAction, QFont
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QVBoxLayout

from ganviz.ui.bar import FittingBar
from ganviz.ui.controls import TERM_CONTROLS
from ganviz.ui.facebutton import Face, FaceButton
from ganviz.ui.lossbar import HEIGHT
from ganviz.ui.periods import TERM_COLOURS
from ganviz.ui.style import font
from ganviz.ui.theme import Theme

EQUATIONS = {
    "gan": r"\mathcal{L}_{\mathrm{GAN}}(G,D_Y)+\mathcal{L}_{\mathrm{GAN}}(F,D_X)",
    "cycle": r"\cdots+\lambda\,\mathcal{L}_{\mathrm{cyc}}(G,F)",
    "identity": r"\cdots+\lambda_{\mathrm{id}}\,\mathcal{L}_{\mathrm{identity}}(G,F)",
}
"""What each choice adds to those before it (Zhu et al. 2017, Eqs. 1 to 3 and Section 5.2)."""


class TermsBar(FittingBar):
    """The exclusive row of terms. Where it is narrow the keys go, then the room around the words, the title,
    and last the formulas."""

    LEVELS = 5

    def __init__(self, actions: Mapping[str, QAction]) -> None:
        super().__init__(HEIGHT)
        self._title, self._note = QLabel("Loss of G and F"), QLabel("live, no restart")
        keys = [row.keys[0] for row in TERM_CONTROLS]
        self._keys = QLabel(f"keys {keys[0]} to {keys[-1]}")
        self._group = QButtonGroup(self)
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
        self.buttons: dict[str, FaceButton] = {}
        for row in TERM_CONTROLS:
            terms = row.name.partition(".")[2]
            face = Face(row.title, EQUATIONS[terms], row.help, TERM_COLOURS[terms])
            button = self.buttons[terms] = FaceButton(face, int(row.keys[0]), actions[row.name])
            self._group.addButton(button)
            layout.addWidget(button)
        layout.addSpacing(12)
        layout.addWidget(self._keys)
        layout.addStretch(1)

    def show_terms(self, chosen: str) -> None:
        """Frame the chosen terms."""
        self.buttons[chosen].setChecked(True)

    def show_level(self, level: int) -> None:
        """Let go what is worth least."""
        self._keys.setVisible(level < 1)
        for label in (self._title, self._note):
            label.setVisible(level < 3)
        for button in self.buttons.values():
            button.shorten(0 if level < 2 else 1 if level < 4 else 2)

    def dress(self, theme: Theme, scale: float) -> None:
        """Give every part the colours and this scale of type."""
        self._title.setFont(font(14, scale, QFont.Weight.DemiBold))
        self._title.setStyleSheet(f"color: {theme.ink}")
        for label in (self._note, self._keys):
            label.setFont(font(12, scale))
            label.setStyleSheet(f"color: {theme.mute}")
        for button in self.buttons.values():
            button.apply_theme(theme, scale)
            button.setFixedHeight(button.sizeHint().height())
