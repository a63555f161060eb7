"""Eleven images on the way from one latent to another, and D's output along it."""

from __future__ import annotations

import math
import random

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDropEvent,
    QImage,
    QPainter,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QToolButton, QWidget

from ganviz.frame import Measurement
from ganviz.record.run import Run
from ganviz.theory.objective import sigmoid
from ganviz.ui import formatting
from ganviz.ui.panels.base import Panel
from ganviz.ui.panels.legend import Entry
from ganviz.ui.panels.picks import Picks, dropped
from ganviz.ui.panels.pictures import Array, pictures
from ganviz.ui.panels.readout import Line, fitting
from ganviz.ui.panels.samples_images import MOST_COLUMNS, MOST_ROWS, least_side
from ganviz.ui.panels.tiles import Canvas
from ganviz.ui.plotting import Span, font, metrics_of, ticks_between
from ganviz.ui.theme import Theme

LEFT, HEAD, GAP, FOOT = 34, 20, 6, 18
"""Room for the names of D's axis, for the line of words, between two images, and for the places t."""
LEAST_LINE, MOST_LINE, ROOMY = 34, 150, 48
"""Height of D's line, which has what the images leave over, and from which on it has all its marks, in pixels
at scale 1."""
ANY = MOST_COLUMNS * MOST_ROWS
"""Samples that another pair is taken from: those that the grid of samples can show."""
EQUATIONS = {
    "spherical": r"z(t)=\frac{\sin((1-t)\omega)}{\sin\omega}z_A+\frac{\sin(t\omega)}{\sin\omega}z_B",
    "linear": r"z(t)=(1-t)\,z_A+t\,z_B",
}


class StripView(Canvas):
    """The images in a row, and under their middles D's output. A sample dropped on the left half becomes A,
    on the right half B: ``dropped_on(end, number)``, end 0 or 1."""

    dropped_on = Signal(int, int)

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumSize(200, 90)
        self.setAcceptDrops(True)
        self._tiles: list[QImage] = []
        self.heights: Array = np.zeros(0)
        self._t: Array = np.zeros(0)
        self.limits, self._name = (0.0, 1.0), "D"
        self._said: Line = ""

    def show_way(
        self, tiles: list[QImage], t: Array, outputs: Array, limits: tuple[float, float] | None
    ) -> None:
        """Show the images at ``t`` (n,) and D's ``outputs`` (n,): probabilities, or scores in ``limits``."""
        self._tiles, self._t = tiles, t
        self.heights = sigmoid(outputs) if limits is None else outputs
        self.limits, self._name = limits or (0.0, 1.0), "f" if limits else "D"
        self.update()

    def say(self, line: Line) -> None:
        """A line above the images."""
        self._said = line
        self.update()

    def clear(self) -> None:
        """Show nothing."""
        self._tiles, self.heights, self._said = [], np.zeros(0), ""
        self.update()

    def shown(self) -> list[int]:
        """Which images stand in the row: all, or where they would be too small to see every second, fifth or
        tenth; the first and the last always."""
        room, all_ = self.width() - self.px(LEFT), len(self._tiles)
        if not all_:
            return []
        across, down = self._tiles[0].width(), self._tiles[0].height()
        high = self.height() - self.px(HEAD + GAP + LEAST_LINE + FOOT)  # no image is larger than that
        least = min(self.px(least_side(max(across, down))), high * across / down) + self.px(GAP)
        even = [every for every in range(1, all_) if (all_ - 1) % every == 0] or [1]
        roomy = (every for every in even if room / ((all_ - 1) // every + 1) >= least)
        return list(range(0, all_, next(roomy, even[-1])))

    def boxes(self) -> list[QRectF]:
        """Where the images that are :meth:`shown` stand."""
        count, room = len(self.shown()), self.width() - self.px(LEFT)
        if not count:
            return []
        aspect = self._tiles[0].height() / self._tiles[0].width()
        high = self.height() - self.px(HEAD + GAP + LEAST_LINE + FOOT)
        pitch = room / count
        wide = max(8.0, min(pitch - self.px(GAP), high / aspect))
        left = [self.px(LEFT) + (index + 0.5) * pitch - wide / 2 for index in range(count)]
        return [QRectF(x, self.px(HEAD), wide, wide * aspect) for x in left]

    def _line(self) -> QRectF:
        """Where D's line is drawn."""
        bottom = self.height() - self.px(FOOT)
        top = max(self.boxes()[0].bottom() + self.px(2 * GAP), bottom - self.px(MOST_LINE))
        return QRectF(self.px(LEFT), top, self.width() - self.px(LEFT), bottom - top)

    def points(self) -> QPolygonF:
        """D's output at each image, in pixels."""
        line, boxes, (low, high) = self._line(), self.boxes(), self.limits
        places = np.linspace(boxes[0].center().x(), boxes[-1].center().x(), len(self.heights))
        shares = (np.clip(self.heights, low, high) - low) / (high - low)
        return QPolygonF(
            [
                QPointF(float(x), line.bottom() - float(share) * line.height())
                for x, share in zip(places, shares, strict=True)
                if math.isfinite(share)
            ]
        )

    def paint(self, painter: QPainter) -> None:
        theme, boxes = self.theme, self.boxes()
        for index, (box, number) in enumerate(zip(boxes, self.shown(), strict=True)):
            end = {0: "A", len(boxes) - 1: "B"}.get(index, "")
            self.tile(painter, box, self._tiles[number], ring=theme.fake if end else "")
            if end:
                self.chip(painter, box.topLeft(), end, theme.focus)
        if boxes:
            words = fitting(self._said, metrics_of(self.px(12)), self.width() - 2.0)
            head = QRectF(0, 0, self.width(), self.px(HEAD - 3))
            self.words(painter, head, words, colour=theme.mute, align=Qt.AlignmentFlag.AlignLeft)
            self._draw_axes(painter, boxes)
            self._draw_line(painter)

    def _draw_axes(self, painter: QPainter, boxes: list[QRectF]) -> None:
        theme, line = self.theme, self._line()
        painter.setPen(QPen(QColor(theme.axis), 1))
        painter.drawLine(line.bottomLeft(), line.bottomRight())
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        low, high = self.limits
        marks = [(0.0, "0"), (0.5, "½"), (1.0, "1")] if self._name == "D" else ticks_between(low, high, 2)
        if line.height() < self.px(ROOMY):
            marks = marks[1:2]
        for value, text in marks:
            y = line.bottom() - (value - low) / (high - low) * line.height()
            if text in ("½", "0"):
                painter.setPen(QPen(QColor(theme.ref), 1, Qt.PenStyle.DotLine))
                painter.drawLine(QPointF(line.left(), y), QPointF(line.right(), y))
            if value or self._name != "D":
                place = QRectF(0, y - self.px(8), self.px(LEFT - 6), self.px(16))
                self.words(painter, place, text, colour=theme.mute, align=right)
        name = QRectF(0, line.bottom() - self.px(12), self.px(LEFT - 18), self.px(14))
        self.words(painter, name, self._name, colour=theme.text, align=right)
        for index, (box, t) in enumerate(zip(boxes, self._t[self.shown()], strict=True)):
            text = {0: "A", len(boxes) - 1: "B"}.get(index, formatting.fixed(float(t), 1))
            place = QRectF(box.center().x() - 30, line.bottom() + self.px(3), 60, self.px(14))
            self.words(painter, place, text, colour=theme.mute)

    def _draw_line(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour, points, half = QColor(self.theme.fake), self.points(), self.px(4.5)
        painter.setPen(QPen(colour, self.px(2)))
        painter.drawPolyline(points)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        for point in points.toList():
            corners = ((0, -half), (half, 0), (0, half), (-half, 0))
            painter.drawPolygon(QPolygonF([point + QPointF(x, y) for x, y in corners]))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        number = dropped(event)
        if number is not None:
            self.dropped_on.emit(int(event.position().x() > self.width() / 2), number)
            event.acceptProposedAction()


class InterpolationPanel(Panel):
    """See the module."""

    key = "interpolation"
    equation = EQUATIONS["spherical"]
    needs = frozenset({"interpolation"})
    legend_entries = (
        Entry("spherical", "spherical", group="way", tip="Along the great circle through both."),
        Entry("linear", "linear", group="way", on=False, tip="Straight, through shorter latents."),
    )

    def build(self) -> None:
        self.another = QToolButton()
        self.another.setText("Another pair")
        self.another.setObjectName("interpolation.another")
        self.another.setToolTip("Takes two other samples of the fixed noise for A and B.")
        self.another.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.another.clicked.connect(self._take_another)
        self.legend.add(self.another)
        self.view = StripView()
        self.view.dropped_on.connect(self._drop)
        self.body.addWidget(self.view, 1)
        self._picks, self._pair = Picks(), (0, 1)
        self._asked_of: object = None
        self._span = Span()
        self._data: dict[str, np.ndarray] = {}

    def themed(self) -> tuple[QWidget, ...]:
        self.another.setFont(font(12.5 * self.scale_factor))
        return (self.view,)

    def apply_theme(self, theme: Theme, scale: float) -> None:
        super().apply_theme(theme, scale)
        self.another.setFixedHeight(round(22 * scale))

    def clear(self) -> None:
        self._data, self._asked_of = {}, None
        self._span.forget()
        self.view.clear()
        self.view.hint = self.nothing_yet

    # ------------------------------------------------------------ which two

    def take_picks(self, picks: Picks) -> None:
        self._picks = picks
        if picks.sample is not None:
            first = self._pair[1] if picks.before is None else picks.before
            self._go(first, picks.sample)

    def _go(self, first: int, second: int) -> None:
        if (first, second) != self._pair:
            self._pair = first, second
            self.asked.emit(self.key, self._pair)

    @Slot()
    def _take_another(self) -> None:
        """Two of the samples that the grid may show."""
        first, second = random.sample([n for n in range(ANY) if n not in self._pair], 2)
        self._choose(Picks(second, first))

    @Slot(int, int)
    def _drop(self, end: int, number: int) -> None:
        first, second = (number, self._pair[1]) if end == 0 else (self._pair[0], number)
        self._choose(Picks(second, first))

    def _choose(self, picks: Picks) -> None:
        self.take_picks(picks)
        self.picked.emit(picks)

    # ------------------------------------------------------------ drawing

    def draw(self, run: Run) -> None:
        if self._pair != (0, 1) and self._asked_of is not run.history:  # a new run knows of no choice
            self._asked_of = run.history
            self.asked.emit(self.key, self._pair)
        seen = self.fresh(run, "interpolation")
        if seen is None:
            return
        way = "spherical" if self.legend.is_on("spherical") else "linear"
        self.set_equation(EQUATIONS[way])
        images, outputs = np.asarray(seen[way], float), np.asarray(seen[f"{way}_output"], float)
        t = np.asarray(seen["t"], float)
        finite = outputs[np.isfinite(outputs)]
        limits = None
        if not self.objective(run).is_probability:
            limits = (
                self._span.around(float(finite.min()), float(finite.max())) if len(finite) else (-1.0, 1.0)
            )
        self.view.hint = ""
        source = run.experiment.source()
        self.view.show_way(pictures(images, source, dark=self.view.dark), t, outputs, limits)
        self._data = {"t": t}
        for name in ("linear", "spherical"):
            for part in ("output", "length"):
                self._data[f"{name}_{part}"] = np.asarray(seen[f"{name}_{part}"])
            self._data[name] = np.asarray(seen[name])
        self._say(seen, way)

    def _say(self, seen: Measurement, way: str) -> None:
        lengths = np.asarray(seen[f"{way}_length"], float)
        first, last, least = (formatting.fixed(float(x), 1) for x in (lengths[0], lengths[-1], lengths.min()))
        a, b = (number + 1 for number in seen["pair"])
        angle = formatting.fixed(math.degrees(float(seen["angle"])), 0)
        pair = f"from sample {a} to sample {b}"
        sizes = f"‖z‖ {first} to {last}, least {least}"
        self.view.say((f"{pair}; {sizes}; angle {angle}°", f"{pair}; {sizes}", pair))

    def export_data(self) -> dict[str, np.ndarray]:
        return dict(self._data)
