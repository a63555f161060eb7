"""D over the plane beside the best D, and what lies between them."""

from __future__ import annotations

import math

import numpy as np

from ganviz.frame import Measurement
from ganviz.record.run import Run
from ganviz.theory.objective import LOG_4
from ganviz.theory.objectives import OBJECTIVES
from ganviz.ui import formatting
from ganviz.ui.panels.base import Panel
from ganviz.ui.panels.best import (
    Array,
    Best,
    best_of,
    equation_of,
    gap_figures,
    least_loss,
    letter,
    moved,
    no_best,
)
from ganviz.ui.panels.figures import Figure, Figures
from ganviz.ui.panels.optimal_d_maps import Maps, finite_levels

NOT_A_PLANE = "The maps need data in the plane; for data on a line the panel Figure 1 shows the same."
ROOMY = 330
"""Height of the panel, in pixels at scale 1, from which on the convention has a line of its own."""
DENSE_SAMPLES = 50
"""The largest gap is sought where so many samples of p and q are expected: in others it is mere noise."""


def loss_of(run: Run, seen: Measurement) -> float:
    """L_D of this D over the cells: p, q and the output in the middle of each."""
    objective = run.experiment.rules()
    p, q, output = (np.asarray(seen[key], np.float64) for key in ("p", "q", "output"))
    return float((p * objective.real_cost(output) + q * objective.fake_cost(output)).sum())


class OptimalDPanel(Panel):
    """See the module."""

    key = "optimal_d"
    equation = r"D^*(x)=\frac{p_{\mathrm{data}}(x)}{p_{\mathrm{data}}(x)+p_g(x)}"
    needs = frozenset({"optimal_d"})

    def build(self) -> None:
        self.figures, self.maps = Figures(), Maps()
        self.body.addWidget(self.figures)
        self.body.addWidget(self.maps, 1)
        self._objective = OBJECTIVES["minimax"]
        self._data: dict[str, np.ndarray] = {}

    def themed(self) -> tuple[Figures, Maps]:
        return self.figures, self.maps

    def make_room(self) -> None:
        self.figures.show_line(self.is_high(ROOMY))

    def clear(self) -> None:
        self._show_nothing("", self.nothing_yet)

    def _show_nothing(self, why: str, hint: str) -> None:
        self.not_applicable(why)
        self._data = {}
        self.maps.name(letter(self._objective))
        self.maps.forget(hint)
        self.figures.say(self._gap(None), "")

    def draw(self, run: Run) -> None:
        changed = self.objective(run) is not self._objective
        self._objective = self.objective(run)
        self.set_equation(equation_of(self._objective, self.equation))
        self.make_room()
        why = NOT_A_PLANE if run.experiment.source().dim != 2 else no_best(self._objective)
        if why:
            self._show_nothing(why, "")
            return
        self.not_applicable("")
        seen = run.frame.get("optimal_d") if changed else self.fresh(run, "optimal_d")
        if seen is None:
            return
        p, q = np.asarray(seen["p"], float), np.asarray(seen["q"], float)
        dense = (p + q) * seen["samples"] >= DENSE_SAMPLES
        best = best_of(self._objective, seen["output"], p, q, int(seen["samples"]), dense=dense)
        x, y = np.asarray(seen["x"], float), np.asarray(seen["y"], float)
        self._draw_maps(x, y, best)
        area = (x[1] - x[0]) * (y[1] - y[0])
        self._data = {"x": x, "y": y, "p_data": p / area, "p_g": q / area}
        self._data |= {"learned": best.learned, "optimal": best.optimal}
        if self.text_is_due(run):
            self._say(run, seen, best)

    def export_data(self) -> dict[str, np.ndarray]:
        return dict(self._data)

    # ------------------------------------------------------------ drawing

    def _draw_maps(self, x: Array, y: Array, best: Best) -> None:
        plots = self.maps.plots
        self.maps.name(best.name)
        levels, names = (0.0, 1.0), ("0", "½", "1")
        reach = 1.0
        away = best.learned - np.where(np.isfinite(best.optimal), best.optimal, math.nan)
        if best.name == "f":
            levels = finite_levels(best.optimal)
            names = _names(levels)
            reach = max(abs(level) for level in finite_levels(away))
        for key, cells in (("learned", best.learned), ("best", best.optimal)):
            plots[key].show_cells(x, y, cells, levels, names)
        plots["gap"].show_cells(x, y, away, (-reach, reach), _names((-reach, reach)))

    def _gap(self, best: Best | None) -> list[Figure]:
        where, name = f"≥ {DENSE_SAMPLES} in a cell", letter(self._objective)
        return gap_figures(best, name, noisy=best is not None, where=where, colour=self.theme.ink)

    def _say(self, run: Run, seen: Measurement, best: Best) -> None:
        ink = self.theme.ink
        figures = self._gap(best)
        if self._objective.plays_v:
            loss = formatting.reading(loss_of(run, seen))
            p, q = np.asarray(seen["p"], float), np.asarray(seen["q"], float)
            is_plain = self._objective is OBJECTIVES[self._objective.id]
            least = LOG_4 - 2.0 * float(seen["jsd"]) if is_plain else least_loss(self._objective, p, q)
            figures.append(Figure("L_D now", loss, f"best {formatting.reading(least)}", ink))
        count = formatting.fixed(seen["samples"], 0)
        bins = "{1} × {0}".format(*np.shape(seen["q"]))
        counted = "exact" if seen["p_exact"] else "counted from reals"
        words = [line for line in (moved(run.experiment),) if line]
        if seen["outside"] > 0:
            words.append(f"{formatting.significant(100 * float(seen['outside']), 2)} % of the fakes outside")
        how = (
            f"p {counted}; q from {count} fakes in {bins} bins; hatched: no samples here",
            f"p {counted}; q: {count} fakes, {bins} bins; hatched: no samples",
            f"p {counted}; q: {count} fakes; hatched: no samples",
            f"p {counted}; q: {count} fakes",
        )
        self.figures.say(figures, tuple("; ".join([line, *words]) for line in how))


def _names(levels: tuple[float, float]) -> tuple[str, str, str]:
    middle = (levels[0] + levels[1]) / 2.0
    low, high = (formatting.significant(level, 2) for level in levels)
    return low, formatting.significant(middle, 2) if middle else "0", high
