"""Every line of a game of two numbers in a phase plane of its own."""

from __future__ import annotations

from collections.abc import Sequence

from ganviz.experiment.portrait import line_title
from ganviz.training.verdict_portrait import LineVerdict
from ganviz.ui.lines import Scene
from ganviz.ui.panels.planes import Plane, Planes
from ganviz.ui.panels.portrait_panel import PortraitPanel
from ganviz.ui.panels.readout import Readout

MOST_PLANES = 12


def wordings(verdict: LineVerdict, is_ahead: bool) -> tuple[str, ...]:
    """What a line does, the longest wording first: after a "·" comes what is less important."""
    lead = "ahead: " if is_ahead else ""
    what, _, rest = verdict.sentence.partition(", radius ")
    if not rest:
        return (what,)
    long, short = f"{lead}{what}", f"{lead}{verdict.short}"
    return f"{long} · radius {rest}", f"{long} · {rest}", f"{short} · {rest}", long, short, verdict.short


class PortraitsPanel(PortraitPanel):
    """See the module."""

    key = "portraits"
    equation = r"\dot{\theta}=v_1,\ \dot{\psi}=v_2"
    turns = 2

    def build(self) -> None:
        self.more = Readout(height=18)
        self.planes = Planes()
        self.body.addWidget(self.planes, 1)
        self.body.addWidget(self.more)
        self.more.hide()
        self.planes.start_dragged.connect(self.start_dragged)
        self.planes.start_chosen.connect(self.start_chosen)
        self.planes.start_left.connect(self.start_left)
        self._words: dict[str, tuple[str, ...]] = {}

    def themed(self) -> Sequence[object]:
        return self.planes, self.more

    def draw_quickly(self, quickly: bool) -> None:
        self.planes.draw_quickly(quickly)

    def clear(self) -> None:
        self._scene = None
        self._words = {}
        self.planes.show_planes(None, ())

    def show_scene(self, scene: Scene, with_words: bool) -> None:
        shown = scene.lines[:MOST_PLANES]
        if with_words or any(line.id not in self._words for line in shown):
            self._words = {line.id: wordings(scene.verdict(line), line.is_ahead) for line in shown}
        planes = [Plane((line,), line_title(line.id), self._words[line.id]) for line in shown]
        left_out = len(scene.lines) - len(shown)
        self.more.say(
            (), f"{left_out} more lines have no plane of their own: see the radius, or untick some."
        )
        self.more.setVisible(left_out > 0)
        self.planes.show_planes(scene, planes)
