"""What D reaches and what the best D would reach: V under its ceiling 2 JSD − log 4 (Goodfellow et al. 2014,
Theorem 1)."""

from __future__ import annotations

import math

import numpy as np
from pyqtgraph.functions import arrayToQPolygonF
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter

from ganviz.record.run import Run
from ganviz.theory.objective import LOG_2, LOG_4
from ganviz.theory.objectives import OBJECTIVES
from ganviz.ui import formatting
from ganviz.ui.history_plot import (
    DASHED_POINTS,
    SOLID_POINTS,
    Array,
    HistoryPlot,
    find_beyond,
    stretches,
)
from ganviz.ui.panels.curves import CurvesPanel
from ganviz.ui.panels.legend import Entry
from ganviz.ui.panels.readout import Piece, Readout
from ganviz.ui.plot import Axis, Reference
from ganviz.ui.plotting import Limits, ticks_between

TOP = 0.12
LOWEST = -1.5
NO_VALUE = r"\mathrm{JSD}(p\,\|\,q)\leq\log 2"
"""The equation where no V is played."""
NO_DENSITY = "No JSD: the density of these data is not known."
RIGHT_TICKS = [(2 * jsd - LOG_4, text) for jsd, text in ((0.2, "0.2"), (0.4, "0.4"))]
RIGHT_MARKS = [(-LOG_4, "0: p = q"), (2 * LOG_2 - LOG_4, "log 2")]


class DivergencePlot(HistoryPlot):
    """Shades what D has not yet learned, where both V and its ceiling are known."""

    def __init__(self) -> None:
        super().__init__(right=82)
        self.gaps: list[tuple[Array, Array, Array]] = []  # steps, V, ceiling of each stretch

    def below(self, painter: QPainter) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self.theme.hair))
        for steps, value, ceiling in self.gaps:
            x, low = self.to_pixels(steps, np.maximum(np.minimum(value, ceiling), self.ranges[1][0]))
            _, high = self.to_pixels(steps, ceiling)
            painter.drawPolygon(arrayToQPolygonF(np.r_[x, x[::-1]], np.r_[low, high[::-1]]))
        painter.setBrush(Qt.BrushStyle.NoBrush)


def gaps_between(
    steps: Array, value: Array, ceiling_steps: Array, ceiling: Array
) -> list[tuple[Array, Array, Array]]:
    """(steps, V, ceiling) of every stretch over which both curves are known; a score objective has no V."""
    found = []
    for above in stretches(ceiling):
        top_steps, top = ceiling_steps[above], ceiling[above]
        for below in stretches(value):
            first, last = max(top_steps[0], steps[below][0]), min(top_steps[-1], steps[below][-1])
            both = np.union1d(top_steps, steps[below][:: max(1, len(value[below]) // DASHED_POINTS)])
            both = np.union1d(both[(both >= first) & (both <= last)], [first, last])
            if first < last:
                found.append(
                    (
                        both,
                        np.interp(both, steps[below], value[below]),
                        np.interp(both, top_steps, top),
                    )
                )
    return found


class DivergencePanel(CurvesPanel):
    """See the module."""

    plot: DivergencePlot

    key = "divergence"
    equation = r"V(D,G)\ \leq\ 2\,\mathrm{JSD}(p\,\|\,q)-\log 4"
    needs = frozenset({"divergence"})
    legend_entries = (
        Entry("value", "V reached by D"),
        Entry("ceiling", "ceiling V(D*, G)", "dash"),
        Entry("gap", "not yet learned", "box", tip="The distance from the best possible discriminator."),
    )

    def build(self) -> None:
        self.readout = Readout()
        self.plot = DivergencePlot()
        self.curves = {"value": self.plot.curve(2.0), "ceiling": self.plot.curve(2.0, Qt.PenStyle.DashLine)}
        self.body.addWidget(self.readout)
        self.body.addWidget(self.plot, 1)
        self.plot.right_axis = Axis("JSD of the ceiling (nats)", RIGHT_TICKS, "JSD (nats)", RIGHT_MARKS)
        self.plot.references = [Reference(-LOG_4)]
        self._limits = Limits(LOWEST, TOP)
        self._objective = OBJECTIVES["minimax"]

    def themed(self) -> tuple[Readout, DivergencePlot]:
        return self.readout, self.plot

    def clear(self) -> None:
        super().clear()
        self._limits.forget()
        self.plot.gaps, self.plot.veil = [], ""
        self._style()
        self._set_height(*self._limits.around(math.nan, math.nan))
        self.readout.say((Piece("JSD –", self.theme.ink),), "of at most log 2 = 0.693 nats")

    def draw(self, run: Run) -> None:
        measured = run.frame.get("divergence")
        if not self.curves_are_due(run, measured.serial if measured else -1, run.experiment.objective):
            return
        self._objective = self.objective(run)
        self.set_equation(self.equation if self._objective.plays_v else NO_VALUE)
        self.plot.show_time(run)
        steps, ceiling = self._ceiling(run)
        value_steps, value = run.history.steps.curve("value", SOLID_POINTS)
        self.curves["value"].setData(value_steps, value)
        self.curves["ceiling"].setData(steps, ceiling)
        on = self.legend.is_on("gap")
        self.plot.gaps = gaps_between(value_steps, value, steps, ceiling) if on else []
        self._fit(value_steps, value)
        self._style()
        jsd = float(measured["jsd"]) if measured else float("nan")
        known = bool(np.isfinite(ceiling).any()) or (measured is None and run.history.measured.rows == 0)
        self.plot.veil = "" if known else NO_DENSITY
        if self.plot.veil:
            self.plot.hint = ""
        if self.text_is_due(run):
            self._say(
                jsd, str(measured["bins"]) if measured else "", int(measured["samples"]) if measured else 0
            )
        self.plot.refresh()

    # ------------------------------------------------------------ drawing

    def _ceiling(self, run: Run) -> tuple[Array, Array]:
        """Steps and 2 JSD − log 4, as recorded and, newest, as the frame has it."""
        steps, jsd = run.history.measured.curve("jsd", DASHED_POINTS)
        newest = run.frame.get("divergence")
        if newest is not None and (not len(steps) or newest.step > steps[-1]):
            steps, jsd = np.append(steps, float(newest.step)), np.append(jsd, float(newest["jsd"]))
        return steps, 2.0 * jsd - LOG_4

    def _fit(self, steps: Array, value: Array) -> None:
        finite = value[np.isfinite(value)]
        self.plot.beyond = ()
        if not len(finite):
            self._set_height(*self._limits.around(math.nan, math.nan))
            return
        low, high = self._limits.around(min(float(np.percentile(finite, 3)), float(finite[-1])), TOP)
        self._set_height(low, high)
        shown = self.legend.is_on("value")
        self.plot.beyond = find_beyond(steps, value, low, math.inf, self.theme.d) if shown else ()

    def _set_height(self, low: float, high: float) -> None:
        self.plot.set_range(self.plot.steps, (low, high))
        self.plot.y_axis = Axis("V (nats)", ticks_between(low, 0.0), marks=[(-LOG_4, "−log 4")])

    def _style(self) -> None:
        theme = self.theme
        colours = {"value": theme.d, "ceiling": theme.ref, "gap": theme.ref}
        words = {"value": "V reached by D", "ceiling": "ceiling V(D*, G)", "gap": "not yet learned"}
        for key, colour in colours.items():
            self.legend.buttons[key].say(words[key], colour)
        for key, curve in self.curves.items():
            self.plot.colour_curve(curve, colours[key])
            curve.setVisible(self.legend.is_on(key))

    def _say(self, jsd: float, bins: str, samples: int) -> None:
        if self.plot.veil:
            self.readout.say((Piece("JSD –", self.theme.mute),), "does not apply to these data")
            return
        how = f"{bins} bins, {formatting.fixed(samples, 0)} samples" if bins else ""
        starts = ("of at most log 2 = 0.693 nats", "at most 0.693", "")
        if not self._objective.is_probability:
            starts = ("of at most log 2; a critic's score gives no V", "a critic's score gives no V", "no V")
        line = tuple("; ".join(part for part in (start, how) if part) for start in starts)
        self.readout.say((Piece(f"JSD {formatting.reading(jsd)}", self.theme.ink),), line)
