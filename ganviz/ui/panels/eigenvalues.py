"""The eigenvalues of each line of a game of two numbers at the rest point (0, 0): of one step, or of the
field."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ganviz.experiment import Experiment
from ganviz.ui.line_looks import look_of
from ganviz.ui.lines import Scene, eigenvalue_pair, field_of, step_of
from ganviz.ui.panels.eigen_plane import EigenPlane, Pair
from ganviz.ui.panels.legend import Entry
from ganviz.ui.panels.portrait_panel import PortraitPanel
from ganviz.ui.style import plain

OF_STEP, OF_FIELD = r"\lambda\ \mathrm{of\ one\ step\ at}\ (0,0)", r"\lambda(J)\ \mathrm{at}\ (0,0)"


def pairs_of(lines: Sequence[str], experiment: Experiment, of_step: bool) -> list[Pair]:
    """The eigenvalues of these lines under an experiment's settings, NaN where there is no derivative."""
    found = []
    for line in lines:
        values = eigenvalue_pair(*(step_of(line, experiment) if of_step else field_of(line, experiment)))
        found.append(Pair(line, look_of(line), values))
    return found


class EigenvaluesPanel(PortraitPanel):
    """See the module."""

    key = "eigenvalues"
    equation = OF_STEP
    legend_entries = (
        Entry(
            "step", "of one step", group="what",
            tip="Of the step as it is taken: inside the circle it converges.",
        ),
        Entry(
            "field", "of the field", group="what", on=False,
            tip="Of the field alone, whatever the step size and the order: left of the axis it attracts.",
        ),
    )  # fmt: skip

    def build(self) -> None:
        self.plane = EigenPlane()
        self.body.addWidget(self.plane, 1)
        self._pairs: list[Pair] = []

    def themed(self) -> tuple[EigenPlane]:
        return (self.plane,)

    def clear(self) -> None:
        self._scene = None
        self._pairs = []
        self.plane.show_pairs((), True, "")

    def show_scene(self, scene: Scene, with_words: bool) -> None:
        of_step = self.legend.is_on("step")
        self.set_equation(OF_STEP if of_step else OF_FIELD)
        lines = [line.id for line in scene.lines]
        self._pairs = pairs_of(lines, scene.experiment, of_step)
        self.plane.show_pairs(self._pairs, of_step, self._foot(scene.experiment, of_step))

    def _foot(self, experiment: Experiment, of_step: bool) -> str:
        none = [pair.look.name for pair in self._pairs if not pair.is_known]
        if none:
            return f"{', '.join(none)}: no derivative at ψ = 0, so no eigenvalues."
        settings = [f"h = {plain(experiment.step_size)}"] if of_step else []
        if experiment.applies("gamma"):
            settings.append(f"γ = {plain(experiment.gamma)}")
        return f"upper half; conjugates are mirrored. {', '.join(settings)}".strip()

    def export_data(self) -> dict[str, np.ndarray]:
        kind = "step" if self.legend.is_on("step") else "field"
        data: dict[str, np.ndarray] = {}
        for pair in self._pairs:
            values = np.array(pair.values)
            data |= {
                f"{pair.look.name} {kind} re": values.real,
                f"{pair.look.name} {kind} im": values.imag,
                f"{pair.look.name} {kind} modulus": np.abs(values),
            }
        return data
