"""A plot over the steps: one step axis for all, the loss strip above, lines where a setting changed, the
cursor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QHelpEvent, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QToolTip

from ganviz.experiment import SETTINGS
from ganviz.record.history import Event
from ganviz.record.run import Run
from ganviz.ui import formatting
from ganviz.ui.periods import Period, periods_of
from ganviz.ui.plot import Axis, Plot
from ganviz.ui.plotting import end_of_steps, step_ticks, width_of

SOLID_POINTS = 250
"""Groups of a solid curve (two points each); a panel is hardly wider than that in pixels."""
DASHED_POINTS = 120
HOVER_REACH = 5
NOTHING_YET = "press Train or Space"

Array = npt.NDArray[np.float64]


def smooth(values: Array, width: int) -> Array:
    """Centred moving average over ``width`` values, NaN left out; at the ends over those that there are."""
    if width <= 1 or len(values) < 2:
        return values
    known = np.isfinite(values)
    ones = np.ones(min(width, len(values)))
    total = np.convolve(np.where(known, values, 0.0), ones, "same")
    count = np.convolve(known.astype(float), ones, "same")
    return np.where(known, total / np.maximum(count, 1.0), np.nan)


def alone(values: Array) -> npt.NDArray[np.bool_]:
    """Which values have no neighbour: a line through them would draw nothing."""
    known = np.concatenate(([False], np.isfinite(values), [False]))
    return known[1:-1] & ~known[:-2] & ~known[2:]


def stretches(values: Array) -> list[slice]:
    """The parts of a curve that hang together: between two of them it has no values."""
    known = np.concatenate(([False], np.isfinite(values), [False]))
    ends = np.flatnonzero(known[1:] != known[:-1])
    return [slice(start, stop) for start, stop in ends.reshape(-1, 2)]


def curve_data(curves: Mapping[str, Any]) -> dict[str, Array]:
    """What is drawn, for export: of each named curve that has points its steps and its values."""
    data: dict[str, Array] = {}
    for name, curve in curves.items():
        steps, values = curve.getData()
        if steps is not None and len(steps):
            data |= {f"{name}_step": steps, name: values}
    return data


@dataclass(frozen=True)
class Beyond:
    """The furthest value of a curve that leaves the plot at its top or at its bottom, and the step at which
    it does."""

    step: float
    value: float
    is_top: bool
    colour: str

    @property
    def words(self) -> str:
        number = formatting.significant(self.value, 2 if formatting.is_plain(self.value) else 1)
        return f"peak {number} ↑" if self.is_top else f"lowest {number} ↓"


def find_beyond(steps: Array, values: Array, low: float, high: float, colour: str) -> list[Beyond]:
    """What of a curve lies outside [low, high]: at most its highest and its lowest value."""
    known = np.isfinite(values)
    if not known.any():
        return []
    steps, values = steps[known], values[known]
    top, bottom = int(np.argmax(values)), int(np.argmin(values))
    found = [Beyond(float(steps[top]), float(values[top]), True, colour)] if values[top] > high else []
    if values[bottom] < low:
        found.append(Beyond(float(steps[bottom]), float(values[bottom]), False, colour))
    return found


class HistoryPlot(Plot):
    """Steps to the right. :meth:`show_time` takes step axis, strip, changes and cursor from a run. ``beyond``
    is named around the plot, where no data lie."""

    def __init__(self, right: int = 84) -> None:
        super().__init__(margins=(66, 30, right, 40))
        self._periods: list[Period] = []
        self._changes: list[Event] = []
        self._cursor = 0
        self._beyond: Sequence[Beyond] = ()
        self.steps = (0.0, 20.0)
        self.x_axis = Axis("steps")

    @property
    def beyond(self) -> Sequence[Beyond]:
        """What lies outside the plot, at most two at the top and two at the bottom."""
        return self._beyond

    @beyond.setter
    def beyond(self, found: Sequence[Beyond]) -> None:
        self._beyond = found
        # the first line stands beside the strip; only a second one takes room from the names
        self.label_rows_above = max(sum(each.is_top for each in found) - 1, 0)

    def show_time(self, run: Run) -> None:
        """Follow the run: the step axis, the periods of its objectives, or terms, and its other changes."""
        last = run.history.last_step
        self._periods = periods_of(run)
        self._changes = [
            event for event in tuple(run.history.events) if event.key not in ("objective", "ablation")
        ]
        self._cursor = last
        self.steps = (0.0, end_of_steps(last))
        self.x_axis = Axis("steps", step_ticks(self.steps[1]))
        self.hint = NOTHING_YET if run.history.steps.rows == 0 else ""

    def forget(self) -> None:
        """Back to the empty axis, without a curve."""
        for item, *_ in self._curves:
            item.setData([], [])
        self._periods, self._changes, self._cursor, self.beyond, self.ends = [], [], 0, (), ()
        self.steps = (0.0, 20.0)
        self.x_axis, self.hint = Axis("steps", step_ticks(self.steps[1])), NOTHING_YET

    def above(self, painter: QPainter) -> None:
        area, theme, free = self.area(), self.theme, -1.0
        for index, period in enumerate(self._periods if self._cursor else ()):
            left, right = self.x_at(period.start), self.x_at(max(period.stop, period.start))
            colour = QColor(period.colour(theme))
            top = area.top() - self.px(9)
            painter.fillRect(QRectF(left, top, max(right - left - 1, 2), self.px(3)), colour)
            free = self._name_period(painter, (left, right, free), period, top)
            if index:
                painter.setPen(QPen(colour, 1))
                painter.drawLine(QPointF(left, top), QPointF(left, area.bottom()))
        pen = QPen(QColor(theme.ref), 1)
        pen.setDashPattern([2.0, 3.0])
        painter.setPen(pen)
        for event in self._changes:
            x = self.x_at(event.step)
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        if self._cursor:
            self._draw_cursor(painter, area)
        self._draw_lone_points(painter)
        self._draw_beyond(painter, area)

    def _draw_lone_points(self, painter: QPainter) -> None:
        """A point where a curve has a single value between two gaps, as after the first step."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for item, colour, _, _ in self._curves:
            x, y = item.getData()
            if not item.isVisible() or x is None or len(x) != len(y):
                continue
            painter.setBrush(QColor(colour))
            for index in np.flatnonzero(alone(y)):
                at = QPointF(self.x_at(x[index]), self.y_at(y[index]))
                if self._area.adjusted(-1, -1, 1, 1).contains(at):
                    painter.drawEllipse(at, self.px(3.5), self.px(3.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _draw_beyond(self, painter: QPainter, area: QRectF) -> None:
        """A small triangle where a curve left the plot furthest; its words in the right column at the top, or
        beside the title of the step axis."""
        bold = QFont.Weight.DemiBold
        tops = [each for each in self.beyond if each.is_top]
        bottoms = [each for each in self.beyond if not each.is_top]
        for row, each in enumerate(tops):
            x, y = area.right() + self.px(8), area.top() - self.px(22 - 15 * row)
            self.at(painter, x, y, each.words, 12, colour=each.colour, weight=bold, inside=True)
        for row, each in enumerate(bottoms):
            x, y = (self.width() - self.px(4), 2.0)[row], area.bottom() + self.px(29)
            self.at(painter, x, y, each.words, 12, colour=each.colour, weight=bold, right=row == 0)
        painter.setPen(Qt.PenStyle.NoPen)
        for each in self.beyond:
            x, edge, size = self.x_at(each.step), area.top() if each.is_top else area.bottom(), self.px(4)
            if abs(x - self.x_at(self._cursor)) > size:
                base = edge + (1.5 * size if each.is_top else -1.5 * size)
                painter.setBrush(QColor(each.colour))
                corners = (QPointF(x, edge), QPointF(x - size, base), QPointF(x + size, base))
                painter.drawPolygon(QPolygonF(corners))
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _name_period(
        self, painter: QPainter, reach: tuple[float, float, float], period: Period, top: float
    ) -> float:
        """Name the period between two pixels unless the name would run into the one before, which ends at
        the third; returns where the last name ends."""
        left, right, free = reach
        middle = (left + right) / 2
        for name in period.names:
            width = width_of(name, self.px(12))
            if width <= max(right - left, self.px(20)) and middle - width / 2 >= free:
                y, colour = top - self.px(9), period.colour(self.theme)
                self.at(painter, middle, y, name, 12, colour=colour, middle=True)
                return middle + width / 2 + self.px(4)
        return free

    def _draw_cursor(self, painter: QPainter, area: QRectF) -> None:
        x = self.x_at(self._cursor)
        ink = QColor(self.theme.ink)
        painter.setPen(QPen(ink, 1))
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        painter.setBrush(ink)
        size = self.px(5)
        corners = (
            QPointF(x, area.bottom()),
            QPointF(x - size, area.bottom() + size),
            QPointF(x + size, area.bottom() + size),
        )
        painter.drawPolygon(QPolygonF(corners))
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def change_at(self, x: float) -> str:
        """The words for the changes of settings that lie near this pixel; "" where there is none."""
        near = [event for event in self._changes if abs(self.x_at(event.step) - x) <= HOVER_REACH]
        return "\n".join(self._words(event) for event in near)

    @staticmethod
    def _words(event: Event) -> str:
        title = SETTINGS[event.key].title if event.key in SETTINGS else event.key
        return f"step {formatting.fixed(event.step, 0)}: {title} {event.old} → {event.new}"

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            text = self.change_at(event.pos().x())
            if text:
                QToolTip.showText(event.globalPos(), text, self)
                return True
        return bool(super().viewportEvent(event))
