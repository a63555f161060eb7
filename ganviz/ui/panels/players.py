"""What each of a CycleGAN's four players pays to or against its adversary, step by step."""

from __future__ import annotations

from ganviz.record.run import Run
from ganviz.ui import formatting
from ganviz.ui.panels.columns import Column, ColumnsPanel
from ganviz.ui.panels.figures import Figure
from ganviz.ui.panels.legend import Entry
from ganviz.ui.panels.readout import Line
from ganviz.ui.plot import Reference

NAMES = {"g_loss": "G", "f_loss": "F", "dy_loss": "D of Y", "dx_loss": "D of X"}
AT_REST = 0.25
"""What each pays where no discriminator can tell: D = 1/2 everywhere, so 1/4 for a generator, and half of
1/4 + 1/4 for a discriminator."""


class PlayersPanel(ColumnsPanel):
    """See the module."""

    key = "players"
    equation = r"L_{D_Y}=\frac{1}{2}\mathbb{E}(D_Y(y)-1)^2+\frac{1}{2}\mathbb{E}\,D_Y(G(x))^2"
    short_equation = r"L_G=\mathbb{E}(D_Y(G(x))-1)^2"
    axis = ("adversarial loss (batch mean)", "loss")
    columns = (
        Column("g_loss", "G", "g", text="g_text"),
        Column("f_loss", "F", "g", dashed=True, text="g_text"),
        Column("dy_loss", "", "d", tex="D_Y"),
        Column("dx_loss", "", "d", dashed=True, tex="D_X"),
    )
    legend_entries = (
        Entry("g_loss", "G", tip="E (D_Y(G(x)) − 1)²: X to Y."),
        Entry("f_loss", "F", "dash", tip="E (D_X(F(y)) − 1)²: Y to X."),
        Entry("dy_loss", "", tex="D_Y", tip="Tells y from G(x)."),
        Entry("dx_loss", "", "dash", tex="D_X", tip="Tells x from F(y)."),
    )

    def build(self) -> None:
        super().build()
        self.plot.references = [Reference(AT_REST, note="¼: cannot tell")]

    def figures_of(self, run: Run | None) -> list[Figure]:
        colours = {
            column.name: str(getattr(self.theme, column.text or column.colour)) for column in self.columns
        }
        values = zip(NAMES.items(), self.newest(run, tuple(NAMES)), strict=True)
        return [
            Figure(title, formatting.reading(value), "¼ at equilibrium", colours[name])
            for (name, title), value in values
        ]

    def line_of(self, run: Run) -> Line:
        step = formatting.fixed(run.history.last_step, 0)
        return (
            f"one batch each, step {step}; without the weighted cycle and identity terms",
            f"one batch each, step {step}",
        )
