"""Panels of recorded columns: curves over the steps, on a linear or a log axis, their newest values above."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from PySide6.QtCore import Qt

from ganviz.record.run import Run
from ganviz.ui.history_plot import DASHED_POINTS, SOLID_POINTS, Array, HistoryPlot
from ganviz.ui.panels.curves import CurvesPanel
from ganviz.ui.panels.figures import Figure, Figures
from ganviz.ui.panels.readout import Line
from ganviz.ui.plot import Axis, EndLabel
from ganviz.ui.plotting import Limits, decade_ticks, ticks_between

DASH = Qt.PenStyle.DashLine
ROOMY = 300
"""Pixels of a panel's height from which the line of the convention is shown."""
DECADES = 8
"""The log axis shows at most this many powers of ten below its top."""
SHOWN_SHARE = 97.0
"""Per cent of the values that must fit into a linear plot."""


@dataclass(frozen=True)
class Column:
    """A recorded column: its name in the record, what stands at the curve's end (words, or TeX), its colour
    in the theme, and that of words where the curve's is too light for them."""

    name: str
    words: str
    colour: str
    dashed: bool = False
    text: str = ""
    tex: str = ""


class ColumnsPanel(CurvesPanel):
    """Subclasses set ``columns`` (with a legend entry of each name) and define :meth:`figures_of`."""

    columns: ClassVar[tuple[Column, ...]]
    axis: ClassVar[tuple[str, str]]
    """What the axis measures, and a shorter wording."""
    log: ClassVar[bool] = False

    def build(self) -> None:
        self.figures, self.plot = Figures(), HistoryPlot(right=104)
        self.curves = {
            column.name: self.plot.curve(2.0, DASH if column.dashed else Qt.PenStyle.SolidLine)
            for column in self.columns
        }
        self.body.addWidget(self.figures)
        self.body.addWidget(self.plot, 1)
        self._limits = Limits(0.0, 0.1)

    def themed(self) -> tuple[Figures, HistoryPlot]:
        return self.figures, self.plot

    def clear(self) -> None:
        super().clear()
        self._limits.forget()
        self._style()
        self._fit({})
        self.figures.say(self.figures_of(None), self.nothing_yet)

    def draw(self, run: Run) -> None:
        self.figures.show_line(self.is_high(ROOMY))
        if not self.curves_are_due(run):
            return
        self._style()
        self.plot.show_time(run)
        drawn = {column.name: self._draw_curve(run, column) for column in self.columns}
        self._fit({name: values for name, values in drawn.items() if self.legend.is_on(name)})
        self._name_ends(drawn)
        if self.text_is_due(run):
            self.figures.say(self.figures_of(run), self.nothing_yet if self.plot.hint else self.line_of(run))
        self.plot.refresh()

    def figures_of(self, run: Run | None) -> list[Figure]:
        """The numbers above the plot; None: there is no run."""
        raise NotImplementedError

    def line_of(self, run: Run) -> Line:
        """The line of the convention."""
        raise NotImplementedError

    def export_data(self) -> dict[str, np.ndarray]:
        data = super().export_data()
        if not self.log:
            return data
        return {name: values if name.endswith("_step") else 10.0**values for name, values in data.items()}

    # ------------------------------------------------------------ drawing

    def _draw_curve(self, run: Run, column: Column) -> Array:
        width = DASHED_POINTS if column.dashed else SOLID_POINTS
        steps, values = run.history.steps.curve(column.name, width)
        if self.log:
            values = np.log10(values, out=np.full(len(values), math.nan), where=values > 0.0)
        self.curves[column.name].setData(steps, values)
        self.curves[column.name].setVisible(self.legend.is_on(column.name))
        return values

    def _style(self) -> None:
        for column in self.columns:
            colour = str(getattr(self.theme, column.colour))
            self.plot.colour_curve(self.curves[column.name], colour)
            entry = next(entry for entry in self.legend_entries if entry.key == column.name)
            self.legend.buttons[column.name].say(entry.text, colour)

    def _fit(self, drawn: dict[str, Array]) -> None:
        values = np.concatenate([np.zeros(0), *drawn.values()])
        values = values[np.isfinite(values)]
        title, short = self.axis
        if self.log:
            high = math.ceil(float(values.max()) + 1e-9) if len(values) else 0
            low = max(math.floor(float(np.percentile(values, 1))), high - DECADES) if len(values) else -2
            low = min(low, high - 1)
            ticks = decade_ticks(low, high, DECADES)
            ends = (float(low), float(high))
        else:
            most = float(np.percentile(values, SHOWN_SHARE)) if len(values) else math.nan
            ends = self._limits.around(0.0, most)
            ticks = ticks_between(*ends)
        self.plot.y_axis = Axis(title, ticks, short)
        self.plot.set_range(self.plot.steps, ends)

    def _name_ends(self, drawn: dict[str, Array]) -> None:
        ends = []
        for column in self.columns:
            known = drawn[column.name][np.isfinite(drawn[column.name])]
            if len(known) and self.legend.is_on(column.name):
                colour = str(getattr(self.theme, column.text or column.colour))
                ends.append(EndLabel(float(known[-1]), column.words, colour, column.tex))
        self.plot.ends = ends

    def newest(self, run: Run | None, names: Sequence[str]) -> list[float]:
        """The newest values of some columns; NaN where there are none."""
        return [run.history.steps.last(name) if run else math.nan for name in names]
