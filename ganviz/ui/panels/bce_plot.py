"""The plot of the binary cross-entropy panel: D's two curves, the batch's two means, its histograms."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPolygonF

from ganviz.ui.panels.histograms import BandPlot
from ganviz.ui.plotting import width_of


@dataclass(frozen=True)
class Standing:
    """Where a batch stands: its mean output, the cost there, the mean of the costs (at least as high on a
    convex curve), words, colour."""

    at: float
    cost: float
    mean_cost: float
    words: str
    colour: str
    is_real: bool


class CostPlot(BandPlot):
    """Two cost curves over one axis, the batch's two means on them, its histograms below."""

    def __init__(self) -> None:
        super().__init__(margins=(54, 8, 92, 52))
        self.standing: list[Standing] = []
        self.rows: tuple[str, ...] = ("a", "D")

    def set_margins(self, margins: tuple[int, int, int, int]) -> None:
        """Take other margins: two rows of ticks need no title."""
        if margins != self.margins:
            self.margins = margins
            self.lay_out()

    def above(self, painter: QPainter) -> None:
        area = self.area()
        for row, name in enumerate(self.rows):
            y = area.bottom() + self.px(13 + 15 * row)
            self.at(painter, self.px(12), y, name, 12, colour=self.theme.mute)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for one in self.standing:
            self._draw_standing(painter, area, one)
        if area.width() > self.px(190):
            for one in self.standing:
                self._name(painter, area, one)

    def _draw_standing(self, painter: QPainter, area: QRectF, one: Standing) -> None:
        """The mean on its curve, a line down to its histogram, and a bar at the mean of the costs."""
        x = self.x_at(one.at)
        y, bar = (min(max(self.y_at(cost), area.top()), area.bottom()) for cost in (one.cost, one.mean_cost))
        painter.setPen(QPen(QColor(one.colour), self.px(1)))
        painter.drawLine(QPointF(x, y), QPointF(x, area.bottom()))
        painter.setPen(QPen(QColor(one.colour), self.px(2)))
        painter.drawLine(QPointF(x, y), QPointF(x, bar))
        painter.drawLine(QPointF(x - self.px(7), bar), QPointF(x + self.px(7), bar))
        painter.setPen(QPen(QColor(self.theme.panel), 1.5))
        painter.setBrush(QColor(one.colour))
        half = self.px(6)
        if one.is_real:
            painter.drawEllipse(QPointF(x, y), half, half)
        else:
            corners = ((0, -half), (half, 0), (0, half), (-half, 0))
            painter.drawPolygon(QPolygonF([QPointF(x + dx, y + dy) for dx, dy in corners]))
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _name(self, painter: QPainter, area: QRectF, one: Standing) -> None:
        """The words of a mean: outwards of the two, above the marker."""
        others = [other.at for other in self.standing if other is not one]
        at_right = one.at > others[0] if others and one.at != others[0] else one.is_real
        room = width_of(one.words, self.px(13), QFont.Weight.DemiBold) + self.px(8)
        x = self.x_at(one.at)
        at_right = (at_right or x - area.left() < room) and area.right() - x > room
        y = min(self.y_at(one.cost), self.y_at(one.mean_cost)) - self.px(14)
        y = min(max(y, area.top() + self.px(8)), self.y_at(self.base) - self.px(10))
        edge = x + self.px(4 if at_right else -4)
        options = {"right": not at_right, "weight": QFont.Weight.DemiBold, "inside": True}
        self.at(painter, edge, y, one.words, 13, colour=one.colour, ground=self.theme.panel, **options)
