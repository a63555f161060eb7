"""Three maps of the plane side by side: D, the best D, and the difference of the two."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QLinearGradient, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from ganviz.ui.plot import Axis, Plot
from ganviz.ui.plotting import blend, ticks_between
from ganviz.ui.theme import Theme

Array = npt.NDArray[np.float64]
Levels = tuple[float, float]
SHADES = 129
SIDE, NUMBERED, ABOVE, BELOW = 6, 27, 20, 68
"""Room around a map in pixels at scale 1; the first of a row has the numbers of x2 at its left."""


def ramp(colours: tuple[str, ...]) -> npt.NDArray[np.uint8]:
    """Even shades through these colours, (SHADES, 3)."""
    shades = [QColor(name) for name in colours]
    points = np.array([(shade.red(), shade.green(), shade.blue()) for shade in shades], np.float64)
    at = np.linspace(0.0, len(colours) - 1.0, SHADES)
    channels = [np.interp(at, np.arange(len(colours)), points[:, k]) for k in range(3)]
    return np.stack(channels, axis=1).round().astype(np.uint8)


class MapPlot(Plot):
    """One map: cells (row = x2, column = x1) in shades, NaN hatched, its name above and a scale below."""

    def __init__(self, diverging: bool = False, numbered: bool = False) -> None:
        super().__init__(margins=(NUMBERED if numbered else SIDE, ABOVE, SIDE, BELOW))
        self.setMinimumSize(90, 120)
        self.name, self.diverging, self.numbered = "", diverging, numbered
        self.levels: Levels = (0.0, 1.0)
        self.level_names = ("0", "½", "1")
        self.image = pg.ImageItem()
        self.view.addItem(self.image, ignoreBounds=True)
        self.is_empty = True

    def find_area(self) -> QRectF:
        """The largest square, in the middle of what is left over."""
        left, top, right, bottom = (round(margin * self.scale_factor) for margin in self.margins)
        full = QRectF(left, top, max(self.width() - left - right, 20), max(self.height() - top - bottom, 20))
        side = min(full.width(), full.height())
        return QRectF(
            full.left() + (full.width() - side) / 2, full.top() + (full.height() - side) / 2, side, side
        )

    def colours(self) -> tuple[str, ...]:
        """The shades from the lowest to the highest level; 0 of a difference has the panel's colour."""
        theme = self.theme
        return (theme.fake, theme.panel, theme.real) if self.diverging else (theme.heat_low, theme.heat_high)

    def apply_theme(self, theme: Theme, scale: float) -> None:
        self.theme = theme
        self.image.setLookupTable(ramp(self.colours()))
        super().apply_theme(theme, scale)

    def show_cells(
        self, x: Array, y: Array, cells: Array, levels: Levels, names: tuple[str, str, str]
    ) -> None:
        """Draw the cells whose middles are ``x`` and ``y``, between two levels that have these names."""
        dx, dy = x[1] - x[0], y[1] - y[0]
        low, high = (x[0] - dx / 2, x[-1] + dx / 2), (y[0] - dy / 2, y[-1] + dy / 2)
        self.set_range(low, high)
        self.levels, self.level_names, self.is_empty = levels, names, False
        self.image.setImage(cells.astype(np.float32), levels=levels, autoLevels=False)
        self.image.setRect(QRectF(low[0], high[0], low[1] - low[0], high[1] - high[0]))
        self.x_axis = Axis("", ticks_between(*low))
        self.y_axis = Axis("", ticks_between(*high) if self.numbered else [])
        self.refresh()

    def forget(self) -> None:
        """Back to the empty frame."""
        self.image.clear()
        self.x_axis, self.y_axis, self.is_empty = Axis(), Axis(), True

    def below(self, painter: QPainter) -> None:
        """The ground that shows where a cell has no value: hatched."""
        if not self.is_empty:
            painter.fillRect(
                self.area(), QBrush(blend(self.theme.ref, self.theme.panel, 0.6), Qt.BrushStyle.BDiagPattern)
            )

    def above(self, painter: QPainter) -> None:
        area, theme = self.area(), self.theme
        painter.setPen(QPen(QColor(theme.axis), 1))
        painter.drawRect(area)
        bold = QFont.Weight.DemiBold
        self.at(painter, area.left(), area.top() - self.px(10), self.name, 13, colour=theme.ink, weight=bold)
        if self.is_empty:
            return
        bar = QRectF(area.left(), area.bottom() + self.px(24), area.width(), self.px(8))
        fill = QLinearGradient(bar.topLeft(), bar.topRight())
        shades = self.colours()
        for index, name in enumerate(shades):
            fill.setColorAt(index / (len(shades) - 1), QColor(name))
        painter.fillRect(bar, fill)
        painter.setPen(QPen(QColor(theme.axis), 1))
        painter.drawRect(bar)
        for share, text in zip((0.0, 0.5, 1.0), self.level_names, strict=True):
            x = bar.left() + share * bar.width()
            self.at(
                painter, x, bar.bottom() + self.px(10), text, 12, colour=theme.mute, middle=True, inside=True
            )
        if self.diverging and bar.width() > self.px(112):
            y = bar.bottom() + self.px(25)
            self.at(painter, bar.left(), y, "too low", 12, colour=theme.mute)
            self.at(painter, bar.right(), y, "too high", 12, colour=theme.mute, right=True)


class Maps(QWidget):
    """The three maps in a row."""

    def __init__(self) -> None:
        super().__init__()
        self.plots = {"learned": MapPlot(numbered=True), "best": MapPlot(), "gap": MapPlot(diverging=True)}
        self._scale = 1.0
        for plot in self.plots.values():
            plot.setParent(self)
        self.setMinimumSize(270, 120)

    def apply_theme(self, theme: Theme, scale: float) -> None:
        """Hand theme and size to every map."""
        self._scale = scale
        for plot in self.plots.values():
            plot.apply_theme(theme, scale)
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        """Side by side, three squares of one size: the first has numbers beside it."""
        numbers, left = round((NUMBERED - SIDE) * self._scale), 0
        each = (self.width() - numbers) // 3
        for plot in self.plots.values():
            wide = each + numbers * plot.numbered
            plot.setGeometry(left, 0, wide, self.height())
            left += wide

    def forget(self, hint: str) -> None:
        """Empty frames; ``hint`` in the middle one."""
        for key, plot in self.plots.items():
            plot.forget()
            plot.hint = hint if key == "best" else ""
            plot.refresh()

    def name(self, letter: str) -> None:
        """D or f."""
        names = {"learned": letter, "best": f"best: {letter}*", "gap": f"{letter} − {letter}*"}
        for key, plot in self.plots.items():
            plot.name, plot.hint = names[key], ""


def finite_levels(cells: Array) -> Levels:
    """Levels that hold all but the outermost hundredth of the finite cells; (-1, 1) where there are none."""
    known = cells[np.isfinite(cells)]
    low, high = np.percentile(known, [1, 99]) if len(known) else (math.nan, math.nan)
    return (float(low), float(high)) if high > low else (-1.0, 1.0)
