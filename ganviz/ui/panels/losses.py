"""What both players paid at each step, beside the values that they would pay at the equilibrium."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from PySide6.QtCore import Qt

from ganviz.record.run import Run
from ganviz.theory.objective import LOG_2, LOG_4, Objective
from ganviz.theory.objectives import OBJECTIVES
from ganviz.ui import formatting
from ganviz.ui.history_plot import (
    DASHED_POINTS,
    SOLID_POINTS,
    Array,
    HistoryPlot,
    curve_data,
    find_beyond,
    smooth,
)
from ganviz.ui.panels.curves import CurvesPanel
from ganviz.ui.panels.legend import Entry
from ganviz.ui.panels.readout import Line, Piece, Readout
from ganviz.ui.plot import Axis, EndLabel, Reference
from ganviz.ui.plotting import Limits, Span, ticks_between

NAMED = {LOG_4: "log 4", LOG_2: "log 2", -LOG_2: "−log 2"}
COLUMNS = {"d": "d_loss", "g": "g_loss", "total": "total_loss"}
SMOOTH_OVER = 40
SHOWN_SHARE = 90.0
"""Per cent of the values that must fit into the plot; rare peaks beyond it are named instead."""


TABLE = (
    (0.25, "far below", "D is hardly ever fooled"),
    (0.93, "below", "D tells many fakes from reals"),
    (1.05, "near", "D can hardly tell, or has not learned yet"),
    (math.inf, "above", "D does worse than guessing"),
)
"""Up to which share of its value at the equilibrium L_D says what."""


def meaning(d_loss: float, objective: Objective) -> Line:
    """What the discriminator's loss says, held against its equilibrium; the longest form first."""
    if not objective.plays_v:
        pays = [
            formatting.significant(each, 2) for each in (objective.d_equilibrium, objective.g_equilibrium)
        ]
        return f"batch means; at the equilibrium D pays {pays[0]}, G {pays[1]}"
    if not math.isfinite(d_loss):
        return "D's loss is not a finite number"
    level = objective.d_equilibrium
    where, says = next(words for bound, *words in TABLE if d_loss / level < bound)
    if level == LOG_4:
        return f"{where} log 4{'' if where.startswith('far') else ' = 1.386'}: {says}"
    number = formatting.fixed(level, 3)
    return f"{where} {number} (smoothed labels): {says}", f"{where} {number}: {says}"


class LossesPanel(CurvesPanel):
    """See the module."""

    key = "losses"
    equation = r"L_D = -\mathbb{E}\log D(x)-\mathbb{E}\log(1-D(G(z)))"
    needs = frozenset()
    legend_entries = (
        Entry("d", "", tex="L_D"),
        Entry("g", "(active loss)", "dash", tex="L_G"),
        Entry("total", "total", "dot", on=False),
        Entry("raw", "raw", group="smooth"),
        Entry(
            "smooth",
            f"smooth {SMOOTH_OVER}",
            group="smooth",
            on=False,
            tip=f"Mean over {SMOOTH_OVER} points of the curve.",
        ),
    )

    curve_seconds = 0.0
    total_width: ClassVar[float] = 1.0

    def build(self) -> None:
        self.readout = Readout()
        self.plot = HistoryPlot(right=104)
        self.curves = {
            "d": self.plot.curve(2.0),
            "g": self.plot.curve(2.0),
            "total": self.plot.curve(self.total_width),
        }
        self.body.addWidget(self.readout)
        self.body.addWidget(self.plot, 1)
        self._nats, self._scores = Limits(-1.0, 2.0), Span()
        self._objective = OBJECTIVES["minimax"]

    def themed(self) -> tuple[Readout, HistoryPlot]:
        return self.readout, self.plot

    def clear(self) -> None:
        super().clear()
        self._nats.forget()
        self._scores.forget()
        self._style()
        self._set_height(*self._nats.around(math.nan, math.nan))
        self._say(math.nan, math.nan)
        self._name_ends({})

    def draw(self, run: Run) -> None:
        if not self.curves_are_due(run, self.objective(run)):
            return
        self._objective = self.objective(run)
        self.set_equation(r"L_D = " + self._objective.d_equation, self._objective.d_equation)
        self._style()
        self.plot.show_time(run)
        drawn = {key: self._draw_curve(run, key) for key in COLUMNS}
        self._fit([values for key, values in drawn.items() if self.legend.is_on(key)])
        last = {key: run.history.steps.last(column) for key, column in COLUMNS.items()}
        self._name_ends({key: float(drawn[key][-1]) for key in drawn if len(drawn[key])})
        if self.text_is_due(run):
            self._say(last["d"], last["g"])
        self.plot.refresh()

    def export_data(self) -> dict[str, np.ndarray]:
        return curve_data({COLUMNS[key]: curve for key, curve in self.curves.items()})

    # ------------------------------------------------------------ drawing

    def _style(self) -> None:
        smoothed = self.legend.is_on("smooth")
        theme = self.theme
        self.plot.colour_curve(self.curves["d"], theme.d)
        # dashed noise cannot be read
        self.plot.colour_curve(
            self.curves["g"], theme.g, Qt.PenStyle.DashLine if smoothed else Qt.PenStyle.SolidLine
        )
        self.plot.colour_curve(
            self.curves["total"], theme.ref, Qt.PenStyle.DotLine if smoothed else Qt.PenStyle.SolidLine
        )
        for key, colour, word in (
            ("d", theme.d, ""),
            ("g", theme.g, "(active loss)"),
            ("total", theme.ref, "total"),
        ):
            self.legend.buttons[key].say(word, colour)
            self.curves[key].setVisible(self.legend.is_on(key))

    def _draw_curve(self, run: Run, key: str) -> Array:
        smoothed = self.legend.is_on("smooth")
        width = DASHED_POINTS if smoothed and key != "d" else SOLID_POINTS
        steps, values = run.history.steps.curve(COLUMNS[key], width)
        if smoothed:
            values = smooth(values, min(SMOOTH_OVER, max(1, len(values) // 6)))
        self.curves[key].setData(steps, values)
        return values

    def _fit(self, shown: Sequence[Array]) -> None:
        values = np.concatenate([np.zeros(0), *shown])
        values = values[np.isfinite(values)]
        self.plot.beyond = ()
        if not len(values):
            self._set_height(*self._nats.around(math.nan, math.nan))
            return
        newest = [float(curve[-1]) for curve in shown if len(curve) and math.isfinite(curve[-1])]
        low, high = np.percentile(values, [100 - SHOWN_SHARE, SHOWN_SHARE])
        row = self._objective
        least = [] if row.is_probability else [row.d_equilibrium, row.g_equilibrium]
        limits = self._nats if row.is_probability else self._scores
        low, high = limits.around(min([float(low), *newest, *least]), max([float(high), *newest, *least]))
        self._set_height(low, high)
        colours = {"d": self.theme.d, "g": self.theme.g_text}
        curves = {key: self.curves[key].getData() for key in colours if self.legend.is_on(key)}
        self.plot.beyond = [
            each
            for key, (steps, curve) in curves.items()
            if steps is not None
            for each in find_beyond(steps, curve, low, high, colours[key])
        ]

    def _set_height(self, low: float, high: float) -> None:
        self.plot.set_range(self.plot.steps, (low, high))
        ticks = ticks_between(low, high)
        if self._objective.is_probability:
            self.plot.y_axis = Axis("loss (nats, batch mean)", ticks, "loss (nats)")
        else:
            self.plot.y_axis = Axis("loss (batch mean)", ticks, "loss")

    def _name_ends(self, last: dict[str, float]) -> None:
        theme, row = self.theme, self._objective
        if row.id in ("minimax", "non_saturating") and row.d_equilibrium == LOG_4:
            lines = list(NAMED.items())
        else:
            digits = 3 if row.is_probability else 2
            levels = {row.d_equilibrium, row.g_equilibrium}
            lines = [(at, NAMED.get(at) or formatting.significant(at, digits)) for at in levels]
        self.plot.references = [Reference(at, note=self._reference_words(at, name)) for at, name in lines]
        names = {
            "d": ("L_D", "", theme.d),
            "g": ("L_G", "", theme.g_text),
            "total": ("", "total", theme.mute),
        }
        self.plot.ends = [
            EndLabel(last[key], text, colour, tex)
            for key, (tex, text, colour) in names.items()
            if key in last and math.isfinite(last[key]) and self.legend.is_on(key)
        ]

    def _reference_words(self, at: float, name: str) -> str:
        players = [
            letter
            for letter, level in (("D", self._objective.d_equilibrium), ("G", self._objective.g_equilibrium))
            if level == at
        ]
        return f"{name} ({', '.join(players)} eq.)" if players else name

    def _say(self, d_loss: float, g_loss: float) -> None:
        theme = self.theme
        self.readout.say(
            (
                Piece(formatting.reading(d_loss), theme.d, "L_D"),
                Piece(formatting.reading(g_loss), theme.g, "L_G"),
            ),
            self.nothing_yet if self.plot.hint else meaning(d_loss, self._objective),
        )
