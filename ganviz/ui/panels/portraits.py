"""Every line of a game of two numbers in a phase plane of its own."""

from __future__ import annotations

from collections.abc import Sequence

from ganviz.experiment.portrait import line_title
from ganviz.ui.lines import Scene
from ganviz.ui.panels.plane_drawing import Plane
from ganviz.ui.panels.planes_panel import PlanesPanel
from ganviz.ui.panels.readout import Readout

MOST_PLANES = 12


class PortraitsPanel(PlanesPanel):
    """See the module."""

    key = "portraits"

    def build(self) -> None:
        super().build()
        self.more = Readout(height=18)
        self.body.addWidget(self.planes, 1)
        self.body.addWidget(self.more)
        self.more.hide()

    def themed(self) -> Sequence[object]:
        return self.planes, self.more

    def show_scene(self, scene: Scene, with_words: bool) -> None:
        shown = scene.lines[:MOST_PLANES]
        self.name_game(scene)
        self.word(scene, shown, with_words)
        planes = [Plane((line,), line_title(line.id), self._words[line.id]) for line in shown]
        left_out = len(scene.lines) - len(shown)
        self.more.say(
            (), f"{left_out} more lines have no plane of their own: see the radius, or untick some."
        )
        self.more.setVisible(left_out > 0)
        self.planes.show_planes(scene, planes)
