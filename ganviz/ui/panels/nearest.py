"""The chosen sample beside the reals nearest to it: has it been copied?"""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from ganviz.frame import Measurement
from ganviz.record.run import Run
from ganviz.ui import formatting
from ganviz.ui.panels.base import Panel
from ganviz.ui.panels.picks import Picks
from ganviz.ui.panels.pictures import Array, pictures
from ganviz.ui.panels.readout import Piece, Readout
from ganviz.ui.panels.tiles import GAP, UNDER, Canvas
from ganviz.ui.plot import Axis, Plot, Reference
from ganviz.ui.plotting import round_up, ticks_between, width_of
from ganviz.ui.theme import Theme

BINS = 40
BETWEEN = 26
"""Room between the fake and the reals."""
HEAD = 18
NEAR = "suspiciously near: nearer than 99 % of reals are to each other"
FAR = "no sign of copying: no nearer than reals are to each other"


class NeighbourView(Canvas):
    """The fake, and the reals in the order of their distance."""

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumSize(160, 70)
        self._fake: list[QImage] = []
        self._reals: list[QImage] = []
        self._far, self._near = np.zeros(0), np.nan
        self._output, self._probability = 0.0, True

    def show_images(self, fake: list[QImage], reals: list[QImage], far: Array, near: float) -> None:
        """Show the fake and its neighbours at these distances; one below ``near`` is marked."""
        self._fake, self._reals, self._far, self._near = fake, reals, far, near
        self.update()

    def show_output(self, output: float, probability: bool) -> None:
        """What D says of the fake."""
        self._output, self._probability = output, probability
        self.update()

    def clear(self) -> None:
        """Show nothing."""
        self._fake, self._reals = [], []
        self.update()

    def paint(self, painter: QPainter) -> None:
        if not self._fake:
            return
        theme, count = self.theme, 1 + len(self._reals)
        room = self.width() - self.px(BETWEEN)
        side = min(room / count - self.px(GAP), self.height() - self.px(UNDER + HEAD + 4))
        top, step = self.px(HEAD), side + self.px(GAP)
        box = QRectF(2, top, side, side)
        self.tile(painter, box, self._fake[0], ring=theme.fake)
        self.words(painter, QRectF(2, 0, side, self.px(HEAD - 3)), "fake", colour=theme.fake)
        self.score(painter, box, self._output, probability=self._probability, colour=theme.fake)
        first = 2 + side + self.px(BETWEEN)
        head = QRectF(first, 0, step * len(self._reals) - self.px(GAP), self.px(HEAD - 3))
        self.words(painter, head, "nearest reals, distance below", colour=theme.real)
        for index, (image, far) in enumerate(zip(self._reals, self._far, strict=True)):
            box = QRectF(first + index * step, top, side, side)
            is_near = far < self._near
            self.tile(painter, box, image, ring=theme.warning if is_near else "")
            below = QRectF(box.left() - 8, box.bottom() + self.px(4), side + 16, self.px(15))
            text = formatting.fixed(float(far), 2) + (" !" if is_near else "")
            self.words(painter, below, text, colour=theme.warning if is_near else theme.real)


class DistancePlot(Plot):
    """How far reals are from the nearest other real, and where the fake's nearest real is."""

    def __init__(self) -> None:
        super().__init__(margins=(50, 16, 16, 38))
        self.bars = self.curve(1.6, stepMode="center", fillLevel=0.0)
        self.far = self.near = np.nan

    def apply_theme(self, theme: Theme, scale: float) -> None:
        self.colour_curve(self.bars, theme.real)
        tint = QColor(theme.real)
        tint.setAlphaF(0.25)
        self.bars.setBrush(pg.mkBrush(tint))
        super().apply_theme(theme, scale)

    def show_distances(self, between: Array, near: float, far: float) -> None:
        """Draw the histogram of the distances between reals, their 1st percentile and the fake's."""
        self.far = far
        known = [value for value in (far, *between[-1:]) if np.isfinite(value)]
        end = round_up(1.05 * max(known)) if any(known) else 1.0
        counts, edges = np.histogram(between, BINS, (0.0, end))
        shares = 100.0 * counts / max(len(between), 1)
        self.bars.setData(edges, shares)
        self.bars.setVisible(len(between) > 0)  # nothing compared is not "none so near"
        top = round_up(1.1 * max(float(shares.max()), 1.0))
        self.set_range((0.0, end), (0.0, top))
        ticks = ticks_between(0.0, end) if known else []  # nothing is known: no number stands for it
        self.x_axis = Axis("distance to the nearest other real, ‖x − y‖₂", ticks)
        self.x_axis.short = "distance, ‖x − y‖₂"
        self.y_axis = Axis("% of reals", ticks_between(0.0, top, 2) if len(between) else [])
        self.near = near
        self.references = [Reference(near, upright=True)] if np.isfinite(near) else []
        self.refresh()

    def above(self, painter: QPainter) -> None:
        area = self.area()
        if np.isfinite(self.near):
            y = area.top() - self.px(8)
            self.at(painter, self.x_at(self.near), y, "1 %", 12, colour=self.theme.mute, middle=True)
        if not np.isfinite(self.far):
            return
        x = self.x_at(self.far)
        painter.setPen(QPen(QColor(self.theme.fake), self.px(2)))
        painter.drawLine(int(x), int(area.top()), int(x), int(area.bottom()))
        text = f"◆ this fake, {formatting.fixed(self.far, 2)}"
        right = x + width_of(text, self.px(12)) + self.px(8) > self.width()
        self.at(
            painter, x - self.px(5) if right else x + self.px(5), area.top() + self.px(7), text, 12,
            colour=self.theme.fake, right=right, ground=self.theme.panel,
        )  # fmt: skip


class NearestPanel(Panel):
    """See the module."""

    key = "nearest"
    equation = r"\min_j\,\|G(z_i)-x_j\|_2"
    needs = frozenset({"nearest"})

    def build(self) -> None:
        self.readout, self.view, self.plot = Readout(), NeighbourView(), DistancePlot()
        self.readout.set_height(64)
        self.body.addWidget(self.readout)
        self.body.addWidget(self.view, 3)
        self.body.addWidget(self.plot, 3)
        self._chosen: int | None = None
        self._asked_of: object = None
        self._data: dict[str, np.ndarray] = {}

    def themed(self) -> tuple[Readout, NeighbourView, DistancePlot]:
        return self.readout, self.view, self.plot

    def clear(self) -> None:
        self._data, self._asked_of = {}, None
        self.view.clear()
        self.plot.show_distances(np.zeros(0), np.nan, np.nan)
        self.readout.say((Piece("–", self.theme.mute),), self.nothing_yet)

    def take_picks(self, picks: Picks) -> None:
        if picks.sample != self._chosen:
            self._chosen = picks.sample
            if picks.sample is not None:
                self.asked.emit("nearest", picks.sample)

    def draw(self, run: Run) -> None:
        if self._chosen is not None and self._asked_of is not run.history:  # a new run knows of no choice
            self._asked_of = run.history
            self.asked.emit("nearest", self._chosen)
        seen = self.fresh(run, "nearest")
        if seen is None:
            return
        if "rows" not in seen:
            done = 100.0 * int(seen["searched"]) / int(seen["count"])
            self.readout.say(
                (Piece("searching …", self.theme.mute),), f"{formatting.fixed(done, 0)} % of the reals"
            )
            return
        source = run.experiment.source()
        fake, reals = (np.asarray(seen[name], float) for name in ("fake", "reals"))
        far, between, near = np.asarray(seen["distance"]), np.asarray(seen["between"]), float(seen["near"])
        self.view.show_images(
            pictures(fake[None], source, dark=self.view.dark), pictures(reals, source, dark=self.view.dark),
            far, near,
        )  # fmt: skip
        self.view.show_output(float(seen["output"]), self.objective(run).is_probability)
        self.plot.show_distances(between, near, float(far[0]) if len(far) else np.nan)
        self._data = {"real": np.asarray(seen["rows"]), "distance": far, "between_reals": between}
        self._data |= {"fake": fake[None], "reals": reals, "near": np.array([near])}
        self._say(seen, far, near)

    def export_data(self) -> dict[str, np.ndarray]:
        return dict(self._data)

    def _say(self, seen: Measurement, far: Array, near: float) -> None:
        count, between = int(seen["count"]), np.asarray(seen["between"])
        which = f"sample {int(seen['chosen']) + 1}, step {formatting.fixed(float(seen['at_step']), 0)}"
        number = formatting.fixed(float(far[0]), 2) if len(far) else "–"
        if not np.isfinite(near):
            done = formatting.fixed(100.0 * int(seen["compared"]) / count, 0)
            self.readout.say(
                (Piece(number, self.theme.fake),), f"{which}; comparing the reals with each other: {done} %"
            )
            return
        is_near = bool(len(far)) and far[0] < near
        middle = formatting.fixed(float(np.median(between)), 2)
        reals = f"reals to each other: median {middle}, 1 % below {formatting.fixed(near, 2)}"
        of = f"{formatting.fixed(float(len(between)), 0)} of {formatting.fixed(float(count), 0)} reals"
        self.readout.say(
            (Piece(number, self.theme.warning if is_near else self.theme.fake),),
            (
                f"{NEAR if is_near else FAR}; {which}",
                f"{'suspiciously near' if is_near else 'no sign of copying'}; {which}",
            ),
            (f"{reals} ({of})", reals),
        )
