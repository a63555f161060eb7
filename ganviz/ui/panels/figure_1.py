"""Figure 1 of Goodfellow et al. 2014, live: p_data, p_g, D and D* on a line, and arrows from z to G(z)."""

from __future__ import annotations

import numpy as np

from ganviz.frame import Measurement
from ganviz.record.run import Run
from ganviz.theory.objectives import OBJECTIVES
from ganviz.ui import formatting
from ganviz.ui.panels.base import Panel
from ganviz.ui.panels.best import Best, best_of, equation_of, gap_figures, letter, moved, no_best, shown
from ganviz.ui.panels.figure_1_plot import Figure1Plot
from ganviz.ui.panels.figures import Figure, Figures
from ganviz.ui.panels.legend import Entry

NOT_A_LINE = "Figure 1 is about data on a line: choose the experiment gauss1d, or Gaussians on a line."
ROOMY = 360
"""Height of the panel, in pixels at scale 1, from which on the convention has a line of its own."""
DENSE = 0.02
"""The largest gap is sought where p + q is above this density."""


class Figure1Panel(Panel):
    """See the module."""

    key = "figure_1"
    equation = r"D^*(x)=\frac{p_{\mathrm{data}}(x)}{p_{\mathrm{data}}(x)+p_g(x)}"
    needs = frozenset({"figure_1"})
    legend_entries = (
        Entry("p", "", "dot", tex=r"p_{\mathrm{data}}", tip="The density of the data."),
        Entry("q", "", tex="p_g", tip="The density of the fakes, counted in bins."),
        Entry("learned", "", "dash", tex="D", tip="The learned discriminator, or the critic's score f."),
        Entry("best", "", tex="D^*", tip="The best discriminator for these two densities."),
        Entry("arrows", "z → G(z)", "arrow", tip="Every arrow carries the same share of p_z."),
    )

    def build(self) -> None:
        self.figures, self.plot = Figures(), Figure1Plot()
        self.body.addWidget(self.figures)
        self.body.addWidget(self.plot, 1)
        self._objective = OBJECTIVES["minimax"]
        self._data: dict[str, np.ndarray] = {}

    def themed(self) -> tuple[Figures, Figure1Plot]:
        return self.figures, self.plot

    def make_room(self) -> None:
        self.figures.show_line(self.is_high(ROOMY))

    def clear(self) -> None:
        self._show_nothing("", self.nothing_yet)

    def _show_nothing(self, why: str, hint: str) -> None:
        self.not_applicable(why)
        self._data = {}
        self.plot.forget()
        self.plot.hint = hint
        self._style()
        self.figures.say(self._gap(None), "")
        self.plot.refresh()

    def draw(self, run: Run) -> None:
        changed = self.objective(run) is not self._objective
        self._objective = self.objective(run)
        self.make_room()
        if run.experiment.source().dim != 1:
            self._show_nothing(NOT_A_LINE, "")
            return
        self.not_applicable("")
        seen = run.frame.get("figure_1") if changed else self.fresh(run, "figure_1")
        if seen is None:
            return
        edges, x = np.asarray(seen["edges"], float), np.asarray(seen["x"], float)
        width = float(edges[1] - edges[0])
        p, q = np.asarray(seen["p"], float), np.asarray(seen["q"], float)
        best = None
        if self._objective.optimal_output is not None:
            dense = p + q > DENSE * width
            best = best_of(self._objective, seen["output"], p, q, int(seen["samples"]), dense=dense)
        learned = shown(self._objective)(seen["output"])
        plot = self.plot
        plot.hint = ""
        plot.show_densities(edges, p / width, q / width)
        plot.show_outputs(x, best, learned)
        single = run.experiment.latent_dim == 1
        on = self.legend.is_on("arrows")
        name = "z" if single else "along z₁, the other components of z at 0: a slice of G"
        z, g_of_z = (np.asarray(seen[key], float) for key in ("z", "g_of_z"))
        plot.show_arrows(z if on else z[:0], g_of_z if on else z[:0], name)
        self._data = {"x": x, "p_data": p / width, "p_g": q / width, "learned": learned}
        self._data |= {"optimal": best.optimal} if best is not None else {}
        self._data |= {"z": z, "g_of_z": g_of_z}
        self._style()
        if self.text_is_due(run):
            self._say(run, seen, best)
        plot.refresh()

    def export_data(self) -> dict[str, np.ndarray]:
        return dict(self._data)

    # ------------------------------------------------------------ words

    def _style(self) -> None:
        theme, name = self.theme, letter(self._objective)
        buttons = self.legend.buttons
        for key, colour in (("p", theme.real), ("q", theme.fake), ("arrows", theme.fake)):
            buttons[key].say("z → G(z)" if key == "arrows" else "", colour)
        buttons["learned"].say("", theme.d, tex=name)
        buttons["best"].say("", theme.ref, tex=f"{name}^*")
        buttons["best"].setEnabled(self._objective.optimal_output is not None)
        self.set_equation(equation_of(self._objective, self.equation))
        for key, curve in self.plot.curves.items():
            curve.setVisible(self.legend.is_on(key))

    def _gap(self, best: Best | None, noisy: bool = False) -> list[Figure]:
        where, name = f"where p + q > {DENSE}", letter(self._objective)
        return gap_figures(best, name, noisy=noisy, where=where, colour=self.theme.ink)

    def _say(self, run: Run, seen: Measurement, best: Best | None) -> None:
        count = formatting.fixed(seen["samples"], 0)
        even = bool(seen["even"])
        fakes = f"{count} even quantiles of z" if even else f"{count} fakes"
        p = "exact" if seen["p_exact"] else "counted from reals"
        words = [f"p {p}; q from {fakes} in {len(seen['q'])} bins"]
        if seen["outside"] > 0:
            words.append(f"{formatting.significant(100 * float(seen['outside']), 2)} % of the fakes outside")
        words += [line for line in (no_best(self._objective), moved(run.experiment)) if line]
        self.figures.say(self._gap(best, noisy=not even), ("; ".join(words[::-1]), words[-1]))
