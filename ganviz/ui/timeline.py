"""The timeline: how far the fakes fooled D over the whole run, or how far a line is from rest, and where the
game was changed."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen

from ganviz.experiment import PORTRAIT_GAMES
from ganviz.frame import Frame
from ganviz.record.run import Run
from ganviz.theory.objectives import OBJECTIVES
from ganviz.ui.bar import Bar
from ganviz.ui.formatting import fixed, significant
from ganviz.ui.line_looks import look_of
from ganviz.ui.periods import periods_of
from ganviz.ui.plotting import blend, end_of_steps, step_ticks
from ganviz.ui.style import font, zigzag

Numbers = npt.NDArray[np.float64]

HEIGHT = 58
PIECE = 64
"""Points of a curve under which is filled at once."""
LEFT, RIGHT, FOOT, TOP = 190, 150, 17, 5


class Timeline(Bar):
    """An area of mean D(G(z)) (0 to 1), or of the critic's mean score on fakes (scaled to its range), with
    loss flags; of a CycleGAN the cycle error of x. In a game of two numbers: the radius of its first line,
    with a flag at each change.
    """

    def __init__(self) -> None:
        super().__init__(HEIGHT)
        self.setObjectName("timeline")
        self.setAccessibleName("History")
        self._run: Run | None = None
        self._drawn = (-1, -1, -1)
        self._words = ("", "")

    def show_run(self, run: Run | None) -> None:
        """Draw this run, if it has grown."""
        drawn = (id(run.history), run.history.steps.rows, len(run.history.events)) if run else (-1, -1, -1)
        if drawn != self._drawn or (run and self._run and run.frame.d_count != self._run.frame.d_count):
            self._run, self._drawn = run, drawn
            if run is not None:
                self.setAccessibleDescription(f"step {run.frame.step}")
            self.update()

    @property
    def _is_portrait(self) -> bool:
        """Whether the run is of a game of two numbers."""
        return self._run is not None and self._run.experiment.game in PORTRAIT_GAMES

    @property
    def _line(self) -> str:
        """The line whose radius is drawn in a game of two numbers; "" in others, and where the thread has
        just dropped all that the run had."""
        run = self._run
        if run is None or not self._is_portrait:
            return ""
        return next((line for line in run.experiment.methods if line in run.history.paths), "")

    def _quantity(self, line: str) -> tuple[str, str]:
        """The history column drawn, and what it is called."""
        if self._is_portrait:
            return "radius", f"radius of {look_of(line).name}" if line else "radius"
        if self._run is not None and self._run.experiment.game == "cyclegan":
            return "cycle_x", "cycle error of x"
        if self._run is None or OBJECTIVES[self._run.experiment.objective].is_probability:
            return "d_fake", "mean D(G(z))"
        return "output_fake", "mean score f(G(z))"

    def _area(self) -> QRectF:
        left, right, foot, top = (round(value * self._scale) for value in (LEFT, RIGHT, FOOT, TOP))
        return QRectF(left, top, max(self.width() - left - right, 50), max(self.height() - top - foot, 10))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Title, plot, flags, axis, step count."""
        super().paintEvent(event)
        painter, theme, scale = QPainter(self), self._theme, self._scale
        area = self._area()
        line = self._line  # read once: the thread may drop it meanwhile
        column, words = self._quantity(line)
        self._two_lines(painter, 18 * scale, "History", words)
        painter.fillRect(area, QColor(theme.panel))
        step = self._run.frame.step if self._run else 0
        end = end_of_steps(max(step, self._run.experiment.steps) if self._run and self._is_portrait else step)
        if self._run is not None:
            self._draw_curve(painter, area, end, line, column)
        painter.setPen(QPen(QColor(theme.axis), 1))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        painter.setFont(font(11, scale))
        painter.setPen(QColor(theme.mute))
        for at, name in step_ticks(end, 6):
            x = area.left() + at / end * area.width()
            painter.drawLine(QPointF(x, area.bottom()), QPointF(x, area.bottom() + 3 * scale))
            place = QRectF(x - 50, area.bottom() + 3 * scale, 100, 13 * scale)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, name)
        if self._run is not None:
            self._draw_flags(painter, area, end)
            x = area.left() + min(step / end, 1.0) * area.width()
            painter.setPen(QPen(QColor(theme.ink), 2 * scale))
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        frame = self._run.frame if self._run else Frame()
        self._two_lines(painter, area.right() + 18 * scale, f"step {frame.step:,}", self._counts(frame))

    def _counts(self, frame: Frame) -> str:
        """Under the step: the players' updates, or how far it is to the end of a game that has one."""
        if not self._is_portrait or self._run is None:
            return f"D {frame.d_count:,} · G {frame.g_count:,}"
        steps = self._run.experiment.steps
        if frame.step > steps:
            return f"{frame.step - steps:,} beyond {steps:,}"
        finished = ", finished" if frame.step == steps and frame.status != "training" else ""
        return f"of {steps:,}{finished}"

    def _two_lines(self, painter: QPainter, x: float, title: str, words: str) -> None:
        """A bold line over a quiet one, from ``x`` (pixels of the widget) on."""
        for y, made, colour, line in (
            (8, font(14, self._scale, QFont.Weight.DemiBold), self._theme.ink, title),
            (29, font(12, self._scale), self._theme.mute, words),
        ):
            painter.setFont(made)
            painter.setPen(QColor(colour))
            place = QRectF(x, y * self._scale, self.width(), 20 * self._scale)
            painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, line)

    def _draw_curve(self, painter: QPainter, area: QRectF, end: float, line: str, column: str) -> None:
        assert self._run is not None
        history = self._run.history
        table = history.paths.get(line) if line else history.steps
        # The thread may have dropped the line: the run without it is yet to come.
        if table is None or column not in table.columns:
            return
        steps, values = table.curve(column, 400)
        # The record is ahead of the frame while training: the curve ends where the panels are.
        known = np.isfinite(values) & (steps <= self._run.frame.step)
        if not known.any():
            return
        low, high = (0.0, 1.0)
        if column != "d_fake":
            low, high = float(min(values[known].min(), 0.0)), float(max(values[known].max(), 0.0))
        self._name_ends(painter, area, low, high)
        span = high - low if math.isfinite(high - low) and high > low else 1.0
        x = area.left() + steps / end * area.width()
        y = area.bottom() - (values - low) / span * (area.height() - 2)
        # Where the quantity does not apply (a critic has no D) the area has a gap.
        for part in np.split(np.arange(len(x)), np.flatnonzero(np.diff(known)) + 1):
            if known[part[0]] and len(part) > 1:
                self._fill_under(painter, x[part], y[part], area.bottom(), self._colour(line, column))

    def _name_ends(self, painter: QPainter, area: QRectF, low: float, high: float) -> None:
        """What the lower and the upper edge stand for, at the left of the plot."""
        painter.setFont(font(11, self._scale))
        painter.setPen(QColor(self._theme.mute))
        height = 14 * self._scale
        align = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for value, top in ((high, area.top()), (low, area.bottom() - height)):
            place = QRectF(0, top, area.left() - 5 * self._scale, height)
            painter.drawText(place, align, fixed(value, 0) if value in (0.0, 1.0) else significant(value, 2))

    def _colour(self, line: str, column: str) -> str:
        """The colour that this has in the panels: a line's own, of the fakes, or of an error in the cycle."""
        if line:
            return look_of(line).colour(self._theme)
        return self._theme.ink if column == "cycle_x" else self._theme.fake

    def _fill_under(self, painter: QPainter, x: Numbers, y: Numbers, bottom: float, colour: str) -> None:
        from pyqtgraph.functions import arrayToQPolygonF  # too slow to load before the window is painted

        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(blend(colour, self._theme.panel, 0.3))
        # In pieces, which take a tenth of the time of the whole; smoothed ones would show their seams.
        for start in range(0, len(x) - 1, PIECE):
            over, top = x[start : start + PIECE + 1], y[start : start + PIECE + 1]
            painter.drawPolygon(arrayToQPolygonF(np.r_[over[0], over, over[-1]], np.r_[bottom, top, bottom]))
        zigzag(painter, x, y, QPen(QColor(colour), 1.2 * self._scale))

    def _draw_flags(self, painter: QPainter, area: QRectF, end: float) -> None:
        """A pole and a small flag in the colour of the loss that began there."""
        assert self._run is not None
        scale = self._scale
        if self._is_portrait:
            painter.setPen(QPen(QColor(self._theme.ref), scale))
            for event in tuple(self._run.history.events):
                x = area.left() + event.step / end * area.width()
                painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
            return
        for period in periods_of(self._run):
            colour = QColor(period.colour(self._theme))
            x = area.left() + period.start / end * area.width()
            painter.setPen(QPen(colour, 2 * scale))
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
            painter.fillRect(QRectF(x, area.top(), 9 * scale, 7 * scale), colour)
