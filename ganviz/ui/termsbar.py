"""The bar of a CycleGAN in place of the losses: which terms of its objective act, one click each, live."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtGui import QAction

from ganviz.ui.choicebar import ChoiceBar
from ganviz.ui.controls import TERM_CONTROLS
from ganviz.ui.facebutton import Face, FaceButton
from ganviz.ui.periods import TERM_COLOURS

EQUATIONS = {
    "gan": r"\mathcal{L}_{\mathrm{GAN}}(G,D_Y)+\mathcal{L}_{\mathrm{GAN}}(F,D_X)",
    "cycle": r"\cdots+\lambda\,\mathcal{L}_{\mathrm{cyc}}(G,F)",
    "identity": r"\cdots+\lambda_{\mathrm{id}}\,\mathcal{L}_{\mathrm{identity}}(G,F)",
}
"""What each choice adds to those before it (Zhu et al. 2017, Eqs. 1 to 3 and Section 5.2)."""


class TermsBar(ChoiceBar):
    """The exclusive row of terms."""

    def __init__(self, actions: Mapping[str, QAction]) -> None:
        self.buttons: dict[str, FaceButton] = {}
        for row in TERM_CONTROLS:
            terms = row.name.partition(".")[2]
            face = Face(row.title, EQUATIONS[terms], row.help, TERM_COLOURS[terms])
            self.buttons[terms] = FaceButton(face, int(row.keys[0]), actions[row.name])
        keys = [row.keys[0] for row in TERM_CONTROLS]
        super().__init__("Loss of G and F", f"keys {keys[0]} to {keys[-1]}", tuple(self.buttons.values()))

    def show_terms(self, chosen: str) -> None:
        """Frame the chosen terms."""
        self.buttons[chosen].setChecked(True)
