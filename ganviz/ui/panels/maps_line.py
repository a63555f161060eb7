"""Both maps of a CycleGAN on a line in one picture: G over x, and F over y with the axes exchanged. They lie
on each other where one undoes the other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from ganviz.ui.plot import Axis, Plot
from ganviz.ui.plotting import blend, ticks_between
from ganviz.ui.theme import Theme

Array = npt.NDArray[np.float64]
Range = tuple[float, float]
BAND = 0.12
"""Share of the plot that the samples of X take below and those of Y at the left."""
BINS = 60


@dataclass(frozen=True)
class Lines:
    """What is drawn: ``g`` over ``x`` and ``f`` over ``y`` (n,), the straight maps of theory over ``x`` by
    name, samples of both."""

    x: Array
    g: Array
    y: Array
    f: Array
    theory: dict[str, Array]
    x_samples: Array
    y_samples: Array


class LinesPlot(Plot):
    """Paints :class:`Lines`: x to the right, y upwards."""

    def __init__(self) -> None:
        super().__init__(margins=(46, 10, 96, 40))
        self.theory = {name: self.curve(1.6, Qt.PenStyle.DotLine, antialias=True) for name in THEORY}
        self.maps = {
            "g": self.curve(2.4, antialias=True),
            "f": self.curve(4.8, Qt.PenStyle.DashLine, antialias=True),  # seen where both are one line, too
        }
        self.lines: Lines | None = None
        self.shown = {"g": True, "f": True, "theory": True, "samples": True}

    def apply_theme(self, theme: Theme, scale: float) -> None:
        for curve in self.theory.values():
            self.colour_curve(curve, theme.ref)
        for name, colour in colours_of(theme).items():
            self.colour_curve(self.maps[name], colour)
        super().apply_theme(theme, scale)

    def show_lines(self, lines: Lines | None, x_range: Range, y_range: Range) -> None:
        """Draw this over these ranges of the data; None: nothing."""
        self.lines = lines
        (x0, x1), (y0, y1) = x_range, y_range
        self.set_range((x0 - BAND * (x1 - x0), x1), (y0 - BAND * (y1 - y0), y1))
        self.x_axis = Axis("x, and F(y)", ticks_between(x0, x1), "x")
        self.y_axis = Axis("y, and G(x)", ticks_between(y0, y1), "y")
        empty = np.zeros(0)
        self.maps["g"].setData(*((lines.x, lines.g) if lines else (empty, empty)))
        self.maps["f"].setData(*((lines.f, lines.y) if lines else (empty, empty)))
        for name, curve in self.theory.items():
            known = lines is not None and name in lines.theory
            curve.setData(*((lines.x, lines.theory[name]) if known and lines else (empty, empty)))
            curve.setVisible(self.shown["theory"])
        for name, curve in self.maps.items():
            curve.setVisible(self.shown[name])
        self.refresh()

    def below(self, painter: QPainter) -> None:
        """The samples of X as a histogram at the foot, those of Y at the left."""
        if self.lines is None or not self.shown["samples"]:
            return
        colour, area = blend(self.theme.real, self.theme.panel, 0.5), self.area()
        width, height = BAND * area.width(), BAND * area.height()
        for samples, limits, upright in (
            (self.lines.x_samples, self.ranges[0], True),
            (self.lines.y_samples, self.ranges[1], False),
        ):
            counts, edges = np.histogram(samples, BINS, limits)
            shares = counts / max(float(counts.max()), 1.0)
            for share, low, high in zip(shares, edges[:-1], edges[1:], strict=True):
                if upright:
                    left, right = self.x_at(low), self.x_at(high)
                    box = QRectF(left, area.bottom() - share * height, right - left, share * height)
                else:
                    top, bottom = self.y_at(high), self.y_at(low)
                    box = QRectF(area.left(), top, share * width, bottom - top)
                painter.fillRect(box, colour)

    def above(self, painter: QPainter) -> None:
        if self.lines is None or not self.shown["theory"]:
            return
        area, theme = self.area(), self.theme
        at, ((x0, x1), (y0, y1)) = self.lines.x, self.ranges
        for name, values in self.lines.theory.items():
            inside = np.flatnonzero((values >= y0) & (values <= y1) & (at >= x0) & (at <= x1))
            if len(inside):
                last = inside[-1]
                x, y = self.x_at(float(at[last])), self.y_at(float(values[last]))
                is_right = x > area.center().x()
                place = x + self.px(6) if is_right else x - self.px(6)
                self.at(painter, place, y, THEORY[name], 12, colour=theme.mute, right=not is_right)


THEORY = {"rising": "rising", "falling": "falling"}
"""The straight maps that match both marginals, and their words."""


def colours_of(theme: Theme) -> dict[str, str]:
    """The colours of both maps: as of the players in the other panels, the dashes tell F from G."""
    return {"g": theme.g, "f": theme.g}
