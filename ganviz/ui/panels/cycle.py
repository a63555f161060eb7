"""Whether what went comes back: the cycle and identity errors of a CycleGAN, both ways, step by step."""

from __future__ import annotations

from ganviz.experiment.cyclegan import ABLATIONS
from ganviz.record.run import Run
from ganviz.ui import formatting
from ganviz.ui.panels.columns import Column, ColumnsPanel
from ganviz.ui.panels.figures import Figure
from ganviz.ui.panels.legend import Entry
from ganviz.ui.panels.readout import Line

NAMES: dict[str, tuple[Line, Line]] = {
    "cycle_x": ("x → y → x", ("|F(G(x)) − x|", "")),
    "cycle_y": ("y → x → y", ("|G(F(y)) − y|", "")),
    "identity_x": (("F(x) against x", "F(x), x"), ("|F(x) − x|", "")),
    "identity_y": (("G(y) against y", "G(y), y"), ("|G(y) − y|", "")),
}
"""Column to the name of its number, and how it is made, which is left out rather than cut."""


class CyclePanel(ColumnsPanel):
    """See the module."""

    key = "cycle"
    equation = r"\mathbb{E}\,|F(G(x))-x|+\mathbb{E}\,|G(F(y))-y|"
    axis = ("mean error a coordinate, log scale", "error, log")
    log = True
    columns = (
        Column("cycle_x", "cycle x", "ink"),
        Column("cycle_y", "cycle y", "ink", dashed=True),
        Column("identity_x", "identity x", "other"),
        Column("identity_y", "identity y", "other", dashed=True),
    )
    legend_entries = (
        Entry("cycle_x", "cycle x", tip="E |F(G(x)) − x|: from X to Y and back."),
        Entry("cycle_y", "cycle y", "dash", tip="E |G(F(y)) − y|: from Y to X and back."),
        Entry("identity_x", "identity x", tip="E |F(x) − x|: F given what is of X already."),
        Entry("identity_y", "identity y", "dash", tip="E |G(y) − y|: G given what is of Y already."),
    )

    def figures_of(self, run: Run | None) -> list[Figure]:
        values = zip(self.columns, self.newest(run, tuple(NAMES)), strict=True)
        colours = (self.theme.ink, self.theme.ink, self.theme.other, self.theme.other)
        return [
            Figure(NAMES[column.name][0], formatting.significant(value, 2), NAMES[column.name][1], colour)
            for (column, value), colour in zip(values, colours, strict=True)
        ]

    def line_of(self, run: Run) -> Line:
        chosen = run.experiment
        step = formatting.fixed(run.history.last_step, 0)
        acting = {
            "gan": "neither error is in the loss",
            "cycle": f"the cycle error is in the loss, λ = {chosen.cycle_weight:g}",
            "identity": f"both are in the loss, λ = {chosen.cycle_weight:g} and {chosen.identity_weight:g}",
        }[chosen.ablation]
        return f"{ABLATIONS[chosen.ablation]}: {acting}; one batch, step {step}", acting
