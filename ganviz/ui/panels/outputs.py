"""What D says about 500 reals and 500 fakes: two histograms on one axis, their means, and the line where D
cannot tell."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPolygonF

from ganviz.record.run import Run
from ganviz.theory.objective import sigmoid
from ganviz.theory.objectives import OBJECTIVES
from ganviz.ui import formatting
from ganviz.ui.panels.base import Panel
from ganviz.ui.panels.legend import Entry
from ganviz.ui.plot import Axis, Plot, Reference
from ganviz.ui.plotting import Span, blend, metrics_of, step_up, ticks_between

Array = npt.NDArray[np.float64]
BINS = 25
HALVES = [(0.0, "0"), (0.25, "¼"), (0.5, "½"), (0.75, "¾"), (1.0, "1")]


@dataclass(frozen=True)
class Mean:
    """A mean on the axis, with the two lines of words beside it."""

    at: float
    first: str
    second: str
    colour: str
    is_real: bool


class OutputsPlot(Plot):
    """The histograms are curves of pyqtgraph; means and words are painted over them."""

    def __init__(self) -> None:
        super().__init__(margins=(58, 34, 20, 42))
        self.means: list[Mean] = []
        self.note = ""
        self.half = False

    def above(self, painter: QPainter) -> None:
        area = self.area()
        if self.half and area.width() > self.px(330):
            x = self.x_at(0.5)
            if not any(abs(self.x_at(mean.at) - x) < self.px(60) for mean in self.means):
                y = area.center().y()
                options = {"middle": True, "ground": self.theme.panel}
                self.at(
                    painter,
                    x,
                    y - self.px(8),
                    "½",
                    15,
                    colour=self.theme.ink,
                    weight=QFont.Weight.DemiBold,
                    **options,
                )
                self.at(painter, x, y + self.px(10), "D cannot tell", 12, colour=self.theme.mute, **options)
        if self.note:
            self.at(
                painter,
                area.right(),
                area.top() - self.px(26),
                self.note,
                12,
                colour=self.theme.mute,
                right=True,
            )
        self._draw_means(painter, area)

    def _draw_means(self, painter: QPainter, area: QRectF) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pixels = [self.x_at(mean.at) for mean in self.means]
        taken: list[QRectF] = []
        for x, mean in zip(pixels, self.means, strict=True):
            painter.setPen(QPen(QColor(mean.colour), self.px(2)))
            painter.drawLine(QPointF(x, area.top() - self.px(8)), QPointF(x, area.bottom()))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(mean.colour))
            top, half = QPointF(x, area.top() - self.px(8)), self.px(5.5)
            if mean.is_real:
                painter.drawEllipse(top, half, half)
            else:
                corners = ((0, -half), (half, 0), (0, half), (-half, 0))
                painter.drawPolygon(QPolygonF([top + QPointF(dx, dy) for dx, dy in corners]))
            painter.setBrush(Qt.BrushStyle.NoBrush)
        for x, mean in zip(pixels, self.means, strict=True):
            taken.append(self._name_mean(painter, area, x, mean=mean, pixels=pixels, taken=taken))

    def _name_mean(
        self,
        painter: QPainter,
        area: QRectF,
        x: float,
        *,
        mean: Mean,
        pixels: list[float],
        taken: list[QRectF],
    ) -> QRectF:
        """Write the words of a mean beside its line, lower where another's words stand; returns the room
        they take."""
        width = max(
            metrics_of(self.px(14), QFont.Weight.DemiBold).horizontalAdvance(mean.first),
            metrics_of(self.px(12)).horizontalAdvance(mean.second),
        )
        close = len(pixels) == 2 and abs(pixels[0] - pixels[1]) < 2 * width + self.px(30)
        # the lower of two close means has its words at its left, the higher one at its right
        lower = x < max(pixels) or (min(pixels) == max(pixels) and not mean.is_real)
        at_left = lower if close else x > area.center().x()
        room = x if at_left else self.width() - x
        if room < width + self.px(12):
            at_left = not at_left
        left = x - self.px(10) - width if at_left else x + self.px(10)
        box = QRectF(min(max(left, 2.0), self.width() - width - 2.0), area.top(), width, self.px(38))
        while any(box.intersects(other) for other in taken):
            box.translate(0.0, self.px(42))
        edge = box.right() if at_left else box.left()
        options = {"right": at_left, "ground": self.theme.panel}
        self.at(
            painter,
            edge,
            box.top() + self.px(12),
            mean.first,
            14,
            colour=mean.colour,
            weight=QFont.Weight.DemiBold,
            **options,
        )
        self.at(painter, edge, box.top() + self.px(30), mean.second, 12, colour=self.theme.mute, **options)
        return box


class OutputsPanel(Panel):
    """See the module."""

    key = "outputs"
    equation = r"D=\sigma(a)"
    needs = frozenset({"samples"})
    legend_entries = (
        Entry("real", "real:", "box", tex="D(x)"),
        Entry("fake", "fake:", "box", tex="D(G(z))"),
        Entry("density", "share", group="count", tip="Share of the samples in each bin."),
        Entry(
            "log",
            "log count",
            group="count",
            on=False,
            tip="Number of samples in each bin, logarithmic: shows the few.",
        ),
    )

    def build(self) -> None:
        self.plot = OutputsPlot()
        self.curves = {
            name: self.plot.curve(1.6, stepMode="center", fillLevel=0.0) for name in ("real", "fake")
        }
        self.body.addWidget(self.plot, 1)
        self._scores = Span()
        self._outputs: dict[str, Array] = {}
        self._objective = OBJECTIVES["minimax"]

    def themed(self) -> tuple[OutputsPlot]:
        return (self.plot,)

    def clear(self) -> None:
        self._outputs = {}
        self._scores.forget()
        self._render()

    def draw(self, run: Run) -> None:
        samples = self.fresh(run, "samples")
        changed = self.objective(run).is_probability != self._objective.is_probability
        self._objective = self.objective(run)
        if samples is not None:
            self._outputs = {name: np.asarray(samples[f"output_{name}"], float) for name in ("real", "fake")}
        elif changed:
            self._outputs = {}
        if samples is not None or changed:
            self._render()

    def export_data(self) -> dict[str, np.ndarray]:
        data = {f"output_{name}": values for name, values in self._outputs.items()}
        for name, curve in self.curves.items():
            edges, heights = curve.getData()
            if self._outputs and curve.isVisible():
                data |= {"bin_edges": edges, f"share_{name}": heights}
        return data

    # ------------------------------------------------------------ drawing

    def _render(self) -> None:
        probability = self._objective.is_probability
        self.set_equation(
            self.equation if probability else r"f(x)\ \mathrm{is\ a\ score,\ not\ a\ probability}"
        )
        shown = {name: sigmoid(raw) if probability else raw for name, raw in self._outputs.items()}
        shown = {name: values[np.isfinite(values)] for name, values in shown.items()}
        shown = {name: values for name, values in shown.items() if len(values)}
        low, high = (0.0, 1.0) if probability else self._score_range(shown)
        top = self._draw_histograms(shown, low, high)
        plot = self.plot
        plot.set_range((low, high), (0.0, top))
        words = (
            "output D (probability of being real)"
            if probability
            else "score f (no bounds: not a probability)"
        )
        plot.x_axis = Axis(words, HALVES if probability else ticks_between(low, high))
        plot.half = probability
        plot.references = [Reference(0.5, upright=True)] if probability else []
        plot.hint = "" if self._outputs else "press Train or Space"
        self._draw_means(shown)
        plot.refresh()

    def _score_range(self, shown: dict[str, Array]) -> tuple[float, float]:
        if not shown:
            return self._scores.around(math.nan, math.nan)
        both = np.concatenate(list(shown.values()))
        return self._scores.around(float(both.min()), float(both.max()))

    def _draw_histograms(self, shown: dict[str, Array], low: float, high: float) -> float:
        """Draw the bars and the left axis; returns the height of the plot."""
        logarithmic, most = self.legend.is_on("log"), 0.0
        for name, curve in self.curves.items():
            on = name in shown and self.legend.is_on(name)
            curve.setVisible(on)
            colour = self.theme.real if name == "real" else self.theme.fake
            self.plot.colour_curve(curve, colour)
            letter, of = ("D" if self._objective.is_probability else "f"), ("x" if name == "real" else "G(z)")
            self.legend.buttons[name].say(name, colour, tex=f"{letter}({of})")
            if on:
                counts, edges = np.histogram(shown[name], BINS, (low, high))
                heights = np.log10(1.0 + counts) if logarithmic else 100.0 * counts / len(shown[name])
                curve.setBrush(self._tint(name))
                curve.setData(edges, heights)
                most = max(most, float(heights.max()))
        if logarithmic:
            top = max(float(math.ceil(most)), 1.0)
            ticks = [(math.log10(1 + value), formatting.fixed(value, 0)) for value in (0, 1, 10, 100, 1000)]
            self.plot.y_axis = Axis("number of samples, log", ticks)
            return top
        top = step_up(most) if most > 0 else 100.0
        self.plot.y_axis = Axis(
            "share of samples", [(value, f"{text} %") for value, text in ticks_between(0.0, top, 3)]
        )
        return top * 1.02

    def _tint(self, name: str) -> QColor:
        colour = blend(self.theme.real if name == "real" else self.theme.fake, self.theme.panel, 0.42)
        colour.setAlphaF(0.55)  # the two may stand in the same bins: both must be seen
        return colour

    def _draw_means(self, shown: dict[str, Array]) -> None:
        self.plot.means = []
        for name, values in shown.items():
            if self.legend.is_on(name):
                mean, spread = float(values.mean()), float(values.std())
                number = (
                    formatting.reading(mean)
                    if self._objective.is_probability
                    else formatting.significant(mean, 3)
                )
                second = f"{name}s, {len(values)}, spread {formatting.significant(spread, 2)}"
                colour = self.theme.real if name == "real" else self.theme.fake
                self.plot.means.append(Mean(mean, f"mean {number}", second, colour, name == "real"))
        lost = sum(len(raw) for raw in self._outputs.values()) - sum(len(values) for values in shown.values())
        self.plot.note = f"{lost} outputs are not finite" if lost else ""
