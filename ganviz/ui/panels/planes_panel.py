"""What the panels with phase planes share: the planes, the hand on the start, the words about each line."""

from __future__ import annotations

from collections.abc import Sequence

from ganviz.theory.dirac_methods import GAMES
from ganviz.training.verdict_portrait import LineVerdict
from ganviz.ui.lines import Line, Scene
from ganviz.ui.panels.planes import Planes
from ganviz.ui.panels.portrait_panel import PortraitPanel


def wordings(verdict: LineVerdict, is_ahead: bool) -> tuple[str, ...]:
    """What a line does, the longest wording first: after a "·" comes what is less important."""
    lead = "ahead: " if is_ahead else ""
    what, _, rest = verdict.sentence.partition(", radius ")
    if not rest:
        return (what,)
    long, short = f"{lead}{what}", f"{lead}{verdict.short}"
    return f"{long} · radius {rest}", f"{long} · {rest}", f"{short} · {rest}", long, short, verdict.short


class PlanesPanel(PortraitPanel):
    """A panel of phase planes; subclasses put ``planes`` into their body."""

    equation = GAMES["dirac"].equation
    turns = 2

    def build(self) -> None:
        self.planes = Planes()
        self.planes.start_dragged.connect(self.start_dragged)
        self.planes.start_chosen.connect(self.start_chosen)
        self.planes.start_left.connect(self.start_left)
        self._words: dict[str, tuple[str, ...]] = {}

    def draw_quickly(self, quickly: bool) -> None:
        self.planes.draw_quickly(quickly)

    def clear(self) -> None:
        self._scene = None
        self._words = {}
        self.planes.show_planes(None, ())

    def name_game(self, scene: Scene) -> None:
        """The equation of the game that is played."""
        self.set_equation(GAMES[scene.experiment.game].equation)

    def word(self, scene: Scene, lines: Sequence[Line], anew: bool) -> bool:
        """Bring the words about these lines up to date, ``anew`` or where one has none. Whether they were."""
        is_due = anew or any(line.id not in self._words for line in lines)
        if is_due:
            self._words = {line.id: wordings(scene.verdict(line), line.is_ahead) for line in lines}
        return is_due
