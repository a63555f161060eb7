"""Where the two maps of a CycleGAN take the samples, and where they bring them back."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtWidgets import QGridLayout, QStackedWidget, QWidget

from ganviz.experiment import Experiment
from ganviz.frame import Measurement
from ganviz.record.run import Run
from ganviz.theory.cyclegan import gaussian_map
from ganviz.ui import formatting
from ganviz.ui.panels.base import Panel
from ganviz.ui.panels.legend import Entry
from ganviz.ui.panels.maps_line import Lines, LinesPlot, colours_of
from ganviz.ui.panels.maps_plane import Way, WayPlot
from ganviz.ui.panels.readout import Piece, Readout

WAYS = {"x": ("x", "G(x)", "F(G(x))"), "y": ("y", "F(y)", "G(F(y))")}
PARTS = {"x": ("x", "g_of_x", "f_of_g_of_x", "y"), "y": ("y", "f_of_y", "g_of_f_of_y", "x")}
"""Of each direction what the probe calls start, middle, return and target."""
LINE_WORDS = frozenset({"g", "f", "theory", "samples"})
PLANE_WORDS = frozenset({"arrow", "errors", "target", "arrows", "planes"})
NO_PLANE = "Of images see the panel Translations."
ROOM = 1.15
"""How far beyond the data, and what the maps make of them, the plane reaches."""


class MapsPanel(Panel):
    """See the module."""

    key = "maps"
    equation = r"x\rightarrow G(x)\rightarrow F(G(x)),\quad y\rightarrow F(y)\rightarrow G(F(y))"
    short_equation = r"x\rightarrow G(x)\rightarrow F(G(x))"
    needs = frozenset({"samples", "curves"})
    turns = 2  # the picture of movement
    legend_entries = (
        Entry("arrow", "there, back", "arrow", tip="Of 24 samples: there in one stroke, back in dashes."),
        Entry("errors", "way missed", tip="From 24 samples to where each comes back. None: the same place."),
        Entry("target", "target", "disc", tip="Samples of where the map should lead."),
        Entry("arrows", "arrows", group="view", tip="All in one plane."),
        Entry("planes", "planes", group="view", on=False, tip="Start, there and back side by side."),
        Entry("g", "G", tip="G over x."),
        Entry("f", "F, axes exchanged", "dash", tip="F over y, y upwards: on G where one undoes the other."),
        Entry("theory", "matching lines", "dot", tip="ν ± (s/σ)(x − μ): both marginals match."),
        Entry("samples", "samples", "box", tip="Those of X below, those of Y at the left."),
    )

    def build(self) -> None:
        self.readout = Readout(height=30)
        self.arrows = {name: WayPlot(names) for name, names in WAYS.items()}
        self.planes = {(name, stage): WayPlot(WAYS[name], stage) for name in WAYS for stage in range(3)}
        self.line = LinesPlot()
        self._pages: dict[str, QWidget] = {"arrows": QWidget(), "planes": QWidget(), "line": self.line}
        for page, plots in (("arrows", self.arrows), ("planes", self.planes)):
            grid = QGridLayout(self._pages[page])
            grid.setContentsMargins(0, 0, 0, 0)
            grid.setSpacing(2)
            for key, plot in plots.items():
                row, column = (
                    (0, list(WAYS).index(key)) if isinstance(key, str) else (list(WAYS).index(key[0]), key[1])
                )
                grid.addWidget(plot, row, column)
        self._stack = QStackedWidget()
        for widget in self._pages.values():
            self._stack.addWidget(widget)
        self.body.addWidget(self.readout)
        self.body.addWidget(self._stack, 1)
        self._data: dict[str, np.ndarray] = {}
        self._dim = 2

    def themed(self) -> tuple[QWidget, ...]:
        return self.readout, *self.arrows.values(), *self.planes.values(), self.line

    @property
    def view(self) -> str:
        """What is shown: "arrows", "planes" or "line"."""
        if self._dim == 1:
            return "line"
        return "planes" if self.legend.is_on("planes") else "arrows"

    def clear(self) -> None:
        self._data = {}
        self.not_applicable("")
        self._take_view()
        for plot in (*self.arrows.values(), *self.planes.values()):
            plot.hint = ""
            plot.show_way(None, 1.0)
        for plot in (self.line, self.arrows["x"]):
            plot.hint = self.nothing_yet
        self.line.show_lines(None, (-1.0, 1.0), (-1.0, 1.0))
        self.readout.say((), "")

    def draw(self, run: Run) -> None:
        samples, curves = self.fresh(run, "samples"), self.fresh(run, "curves")
        if samples is None:
            return
        self._dim = np.asarray(samples["x"]).shape[1]
        self.not_applicable(NO_PLANE if self._dim > 2 else "")
        if self._dim > 2:
            return
        self._take_view()
        self._data = {name: np.asarray(samples[name], float) for name in samples.values}
        if self._dim == 2:
            self._show_plane()
        elif curves is not None:
            self._show_line(curves, run.experiment)
        if self.text_is_due(run):
            self._say(samples)

    def export_data(self) -> dict[str, np.ndarray]:
        names = {name: values for name, values in self._data.items() if values.ndim == 1}
        for name, values in self._data.items():
            if values.ndim == 2:
                names |= {f"{name}_{index + 1}": column for index, column in enumerate(values.T)}
        return names

    # ------------------------------------------------------------ drawing

    def _take_view(self) -> None:
        self._stack.setCurrentWidget(self._pages[self.view])
        line = self._dim == 1
        self.legend.show_only(set(LINE_WORDS if line else PLANE_WORDS))
        theme, buttons = self.theme, self.legend.buttons
        colours = {
            "arrow": theme.text, "errors": theme.ink, "target": theme.ref, "theory": theme.ref,
            "samples": theme.real, **colours_of(theme),
        }  # fmt: skip
        for entry in self.legend_entries:
            if entry.key in colours:
                buttons[entry.key].say(entry.text, colours[entry.key])

    def _show_plane(self) -> None:
        reach = ROOM * max(_reach(values) for values in self._data.values())
        on = self.legend.is_on
        shown = {"arrows": on("arrow"), "errors": on("errors"), "target": on("target")}
        for name, parts in PARTS.items():
            way = Way(*(self._data[part] for part in parts))
            plots = (
                [self.arrows[name]]
                if self.view == "arrows"
                else [self.planes[name, stage] for stage in range(3)]
            )
            for plot in plots:
                plot.hint, plot.shown = "", shown
                plot.show_way(way, reach)

    def _show_line(self, curves: Measurement, chosen: Experiment) -> None:
        x, g, y, f = (np.asarray(curves[name], float) for name in ("x", "g", "y", "f"))
        theory = {}
        if (pair := gaussians_of(chosen)) is not None:
            source, target = pair
            for name, rising in (("rising", True), ("falling", False)):
                theory[name] = gaussian_map(x, source=source, target=target, rising=rising)
        self.line.hint = ""
        self.line.shown = {name: self.legend.is_on(name) for name in LINE_WORDS}
        lines = Lines(x, g, y, f, theory, self._data["x"][:, 0], self._data["y"][:, 0])
        self.line.show_lines(lines, _around(lines.x_samples), _around(lines.y_samples))
        self._data |= {"x_grid": x, "g": g, "y_grid": y, "f": f, **theory}

    def _say(self, samples: Measurement) -> None:
        """How far the samples come back from where they started."""
        pieces = []
        for words, back, start in (("x", "f_of_g_of_x", "x"), ("y", "g_of_f_of_y", "y")):
            error = float(np.abs(np.asarray(samples[back]) - np.asarray(samples[start])).mean())
            name = " → ".join(WAYS[words][::2])
            pieces.append(Piece(f"{name}: {formatting.significant(error, 2)}", self.theme.ink, px=15))
        self.readout.say(tuple(pieces))


def _around(samples: np.ndarray) -> tuple[float, float]:
    """A range a little wider than the samples (n,)."""
    low, high = float(samples.min()), float(samples.max())
    more = (ROOM - 1.0) * (high - low)
    return low - more, high + more


def _reach(points: np.ndarray) -> float:
    """How far nearly all of the points are from 0 along an axis."""
    known = np.abs(points[np.isfinite(points).all(axis=1)])
    return float(np.percentile(known, 99)) if known.size else 1.0


def gaussians_of(chosen: Experiment) -> tuple[tuple[float, float], tuple[float, float]] | None:
    """(mu, sigma) of X and (nu, s) of Y where both are single Gaussians on a line, else None."""
    if chosen.data != "mixture_1d" or chosen.modes != 1:
        return None
    x = (chosen.centre, chosen.sigma)
    if chosen.data_y == "inverted":
        return x, (-chosen.centre, chosen.sigma)
    if chosen.data_y == "mixture_1d" and chosen.modes_y == 1 and math.isfinite(chosen.sigma_y):
        return x, (chosen.centre_y, chosen.sigma_y)
    return None
