"""L_D + L_G beside its parts, and what the sum says under each objective: why V has no total, and why no
total measures progress."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from ganviz.frame import Measurement
from ganviz.record.run import Run
from ganviz.theory.objective import Objective
from ganviz.theory.objectives import OBJECTIVES
from ganviz.theory.total_loss import Bounds, Ranges, cancels, ranges
from ganviz.ui import formatting
from ganviz.ui.panels.cost_table import CostRow, CostTable
from ganviz.ui.panels.legend import Entry
from ganviz.ui.panels.losses import LossesPanel
from ganviz.ui.panels.readout import Piece, Readout

PAIR = ("minimax", "non_saturating")
NOTES_FROM = 330
"""Height of the panel, at scale 1, from which the words on V are shown."""
SENTENCES = {
    "cancels": (
        "G's part cancels: the sum is D's cost of reals alone, so it says nothing about G.",
        "G's part cancels: only D's cost of reals is left.",
    ),
    "unlike": (
        "Two costs of different games added up: no player lowers the sum, and it may rise while both learn.",
        "Costs of two games: no player lowers the sum.",
    ),
}
sums = lru_cache(maxsize=None)(ranges)


class TotalLossPanel(LossesPanel):
    """See the module. The history is that of the losses panel, with the sum as its subject."""

    key = "total_loss"
    equation = r"L_D + L_G"
    needs = frozenset({"batch"})
    legend_entries = (
        Entry("d", "", tex="L_D"),
        Entry("g", "(active loss)", "dash", tex="L_G"),
        Entry("total", "total", "dot"),
        *LossesPanel.legend_entries[3:],
    )
    total_width = 2.4

    def build(self) -> None:
        super().build()
        self.table = CostTable()
        self.body.addWidget(self.table)
        self._batch: Measurement | None = None
        self._running = OBJECTIVES["minimax"]

    def themed(self) -> tuple[Readout, object, CostTable]:  # type: ignore[override]
        return self.readout, self.plot, self.table

    def set_equation(self, tex: str, short: str = "") -> None:
        super().set_equation(self.equation)

    def make_room(self) -> None:
        tall = self.is_high(NOTES_FROM)
        self.readout.setVisible(tall)
        words = set(self.legend.buttons)
        self.legend.show_only(words if tall else words - {"raw", "smooth"})
        self.table.fit()

    def clear(self) -> None:
        self._batch = None
        super().clear()
        self._fill()

    def draw(self, run: Run) -> None:
        batch = self.fresh(run, "batch")
        changed = self.objective(run) is not self._running
        if changed:
            self._running, self._batch = self.objective(run), None
        if batch is not None:
            self._batch = batch
        super().draw(run)
        if changed or batch is not None:
            self._fill()
            self._say()

    def export_data(self) -> dict[str, np.ndarray]:
        data = super().export_data()
        if self._batch is not None:
            for row in self._objectives():
                d_loss, g_loss = self._measured(row)
                data[f"batch_{row.id}"] = np.array([d_loss, g_loss, d_loss + g_loss])
            data["batch_step"] = np.array([self._batch.step])
        return data

    # ------------------------------------------------------------ the table

    def _objectives(self) -> list[Objective]:
        """Minimax, non-saturating and the running one; a score has no D, so there it stands alone."""
        if not self._running.is_probability:
            return [self._running]
        rows = [self._running if key == self._running.id else OBJECTIVES[key] for key in PAIR]
        return rows if self._running.id in PAIR else [*rows, self._running]

    def _measured(self, row: Objective) -> tuple[float, float]:
        """(L_D, L_G) of the same outputs under this objective; of the running one as the game computed it."""
        assert self._batch is not None
        if row is self._running:
            return float(self._batch["d_loss"]), float(self._batch["g_loss"])
        real, fake = (np.asarray(self._batch[f"output_{side}"], float) for side in ("real", "fake"))
        d_loss = row.real_cost(real).mean() + row.fake_cost(fake).mean()
        return float(d_loss), float(row.generator_cost(fake).mean())

    def _fill(self) -> None:
        rows = []
        for row in self._objectives():
            spans: Ranges = sums(row)
            d_loss, g_loss = self._measured(row) if self._batch is not None else (math.nan, math.nan)
            pairs = ((d_loss, spans.d_loss), (g_loss, spans.g_loss), (d_loss + g_loss, spans.total))
            cells = tuple((formatting.reading(value), range_words(span)) for value, span in pairs)
            mark = " ●" if row is self._running else ""
            names = (f"{row.name}{mark}", f"{row.short}{mark}")
            sentence = SENTENCES["cancels" if cancels(row) else "unlike"]
            rows.append(CostRow(names, self.theme.objective(row.id), cells, sentence))
        step = "" if self._batch is None else f"step {formatting.fixed(self._batch.step, 0)}"
        self.table.show_rows(tuple(rows), (f"a batch after {step}", f"after {step}", step) if step else ("",))

    # ------------------------------------------------------------ words

    def _say(self, d_loss: float = math.nan, g_loss: float = math.nan) -> None:
        """Say the numbers of the table's batch, not of the last step: a name has one number in a panel."""
        theme = self.theme
        if self._batch is not None:
            d_loss, g_loss = self._measured(self._running)
        pieces = (
            Piece(f"{formatting.reading(d_loss)} +", theme.d, "L_D"),
            Piece(formatting.reading(g_loss), theme.g, "L_G"),
            Piece(f"= {formatting.reading(d_loss + g_loss)}", theme.text),
        )
        self.readout.say(pieces, self.nothing_yet if self.plot.hint else self._on_v(d_loss))

    def _on_v(self, d_loss: float) -> str | tuple[str, ...]:
        """Why the value of the game is nobody's total."""
        if not self._objective.plays_v:
            return "this objective has no V; its sum is nobody's to lower"
        value = formatting.reading(-d_loss)
        return (
            f"V = −L_D = {value}, at most 0: D raises it and G lowers it, so V cannot be the loss of both",
            f"V = −L_D = {value}: D raises it, G lowers it",
        )


def range_words(span: Bounds) -> str:
    """The values that a number can have."""
    low, high = (formatting.significant(end, 3) for end in span)
    if all(map(math.isinf, span)):
        return "any"
    if math.isinf(span[1]):
        return f"≥ {low}"
    return f"≤ {high}" if math.isinf(span[0]) else f"{low} to {high}"
