"""The plot of D's outputs: means as pins through the histograms, their words in a row above."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPolygonF

from ganviz.ui import formatting
from ganviz.ui.marks import places
from ganviz.ui.plot import Plot
from ganviz.ui.plotting import width_of

PIN, WORDS = 8, 56
"""How far the head of a pin and the top of its words lie above the plot, in pixels at scale 1."""
BOLD = QFont.Weight.DemiBold


@dataclass(frozen=True)
class Mean:
    """A mean on the axis: its number, and the line under that, the longest form first."""

    at: float
    first: str
    second: tuple[str, ...]
    colour: str
    is_real: bool


class OutputsPlot(Plot):
    """The histograms are curves of pyqtgraph; means and words are painted over and above them."""

    def __init__(self) -> None:
        super().__init__(margins=(58, WORDS + 2, 20, 42))
        self.means: list[Mean] = []
        self.middle = math.nan
        """What D says where it cannot tell; NaN of a score."""

    def above(self, painter: QPainter) -> None:
        if math.isfinite(self.middle):
            self._name_middle(painter)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for mean in self.means:
            self._draw_pin(painter, mean)
        for mean, second, box in self.captions():
            self._draw_caption(painter, mean, second, box)

    def captions(self) -> list[tuple[Mean, str, QRectF]]:
        """Each mean with its second line and the box for both, above the plot, as near to its pin as the
        other's words allow; both lines are shortened alike until they find room."""
        for form in range(max((len(mean.second) for mean in self.means), default=0)):
            seconds = [mean.second[form] for mean in self.means]
            widths = [
                max(width_of(mean.first, self.px(14), BOLD), width_of(second, self.px(12)))
                for mean, second in zip(self.means, seconds, strict=True)
            ]
            room, gap = self.width() - 4.0, self.px(14)
            if sum(widths) + gap * (len(widths) - 1) <= room:
                pins = [self.x_at(mean.at) for mean in self.means]
                # half a gap may stand out at either end: none lies there
                middles = places(
                    pins, [width + gap for width in widths], 2 - gap / 2, 2 + room + gap / 2, room
                )
                top, height = self.area().top() - self.px(WORDS), self.px(36)
                return [
                    (mean, second, QRectF(middle - width / 2, top, width, height))
                    for mean, second, middle, width in zip(self.means, seconds, middles, widths, strict=True)
                    if middle is not None
                ]
        return []

    def _draw_pin(self, painter: QPainter, mean: Mean) -> None:
        area, x = self.area(), self.x_at(mean.at)
        head, half = QPointF(x, area.top() - self.px(PIN)), self.px(5.5)
        painter.setPen(QPen(QColor(mean.colour), self.px(2)))
        painter.drawLine(head, QPointF(x, area.bottom()))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(mean.colour))
        if mean.is_real:
            painter.drawEllipse(head, half, half)
        else:
            corners = ((0, -half), (half, 0), (0, half), (-half, 0))
            painter.drawPolygon(QPolygonF([head + QPointF(dx, dy) for dx, dy in corners]))
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _draw_caption(self, painter: QPainter, mean: Mean, second: str, box: QRectF) -> None:
        """The words, centred in their box, and a thin line that joins them to the pin."""
        middle = box.center().x()
        head = QPointF(self.x_at(mean.at), self.area().top() - self.px(PIN))
        end = QPointF(min(max(head.x(), box.left() + 6), box.right() - 6), box.bottom() + 1)
        painter.setPen(QPen(QColor(mean.colour), 1))
        painter.drawLine(head, end)
        y = box.top() + self.px(9)
        self.at(painter, middle, y, mean.first, 14, colour=mean.colour, weight=BOLD, middle=True)
        self.at(painter, middle, y + self.px(17), second, 12, colour=self.theme.mute, middle=True)

    def _name_middle(self, painter: QPainter) -> None:
        """The words at the line where D cannot tell, above the bars there; none where others or a pin are."""
        if self.hint or self.veil:
            return  # the middle of the plot is taken
        words, x = "D cannot tell", self.x_at(self.middle)
        reach = width_of(words, self.px(12)) / 2 + self.px(6)
        if reach > self.area().width() / 6 or any(abs(self.x_at(mean.at) - x) < reach for mean in self.means):
            return
        y = self._top_of_bars(x - reach, x + reach) - self.px(16)
        if y - self.px(28) < self.area().top():
            return
        y, ground, mute = min(y, self.area().center().y()), self.theme.panel, self.theme.mute
        ink = self.theme.ink
        self.at(painter, x, y, words, 12, colour=mute, middle=True, ground=ground)
        name = "½" if self.middle == 0.5 else formatting.significant(self.middle, 2)
        self.at(painter, x, y - self.px(18), name, 15, colour=ink, weight=BOLD, middle=True, ground=ground)

    def _top_of_bars(self, left: float, right: float) -> float:
        """The height, in pixels, of the highest bar between two pixels of the x axis."""
        highest = 0.0
        for item, *_ in self._curves:
            edges, heights = item.getData()
            if item.isVisible() and len(edges) == len(heights) + 1:
                x, _ = self.to_pixels(edges, 0.0)
                near = np.asarray(heights)[(x[1:] > left) & (x[:-1] < right)]
                highest = max(highest, float(near.max(initial=0.0)))
        return self.y_at(highest)
