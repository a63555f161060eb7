"""Which modes of the data the generator reaches, how evenly, and how well: the mode metrics of VEEGAN and
PacGAN."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen

from ganviz.data import Source
from ganviz.frame import Measurement
from ganviz.record.run import Run
from ganviz.theory.modes import HIGH_QUALITY_CEILING_1D, HIGH_QUALITY_CEILING_2D
from ganviz.ui import formatting
from ganviz.ui.history_plot import SOLID_POINTS, HistoryPlot
from ganviz.ui.panels.curves import CurvesPanel
from ganviz.ui.panels.figures import Figure, Figures
from ganviz.ui.panels.legend import Entry
from ganviz.ui.plot import Axis, EndLabel, Plot, Reference
from ganviz.ui.plotting import Limits, blend, ticks_between

Array = npt.NDArray[np.float64]
NO_MODES = "These data have no separate modes to count."
ROOMY = 370
"""Height of the panel, in pixels at scale 1, from which on shares and history stand below each other."""
MAP, GAP = 112, 14
MOST_NUMBERS = 12


class SharesPlot(Plot):
    """A bar for every mode, and at the right a map that says which mode has which number."""

    def __init__(self) -> None:
        super().__init__(margins=(66, 10, 16, 40))
        self.shares: Array = np.zeros(0)
        self.means: Array = np.zeros((0, 2))

    def show_shares(self, shares: Array, means: Array, top: float) -> None:
        """Draw the shares (K,) of the modes at ``means`` (K, dim), on an axis that ends at ``top``."""
        count = len(means)
        plane = means.shape[1] == 2
        self.shares, self.means = shares, means
        margins = (66, 10, MAP + GAP + 16 if plane else 16, 40)
        if margins != self.margins:
            self.margins = margins
            self.lay_out()
        self.set_range((0.4, count + 0.6), (0.0, top))
        every = max(1, math.ceil(count / MOST_NUMBERS))
        numbers = [(float(k), str(k)) for k in range(1, count + 1) if (k - 1) % every == 0]
        self.x_axis = Axis("mode", numbers)
        self.y_axis = Axis("share", ticks_between(0.0, top, 3), marks=[(1.0 / count, f"1/{count}")])
        self.references = [Reference(1.0 / count)]
        self.refresh()

    def below(self, painter: QPainter) -> None:
        half = 0.36 * self.area().width() / max(len(self.means) + 0.2, 1.0)
        floor = self.area().bottom()
        tint = blend(self.theme.fake, self.theme.panel, 0.42)
        for index, share in enumerate(self.shares):
            x, y = self.x_at(index + 1.0), self.y_at(min(share, self.ranges[1][1]))
            painter.fillRect(QRectF(x - half, y, 2 * half, floor - y), tint)
            painter.fillRect(QRectF(x - half, y - 1, 2 * half, 2), QColor(self.theme.fake))
            if share == 0.0 and half > self.px(4):
                weight = QFont.Weight.DemiBold
                self.at(
                    painter, x, floor - self.px(9), "0", 12, colour=self.theme.ink, middle=True, weight=weight
                )

    def above(self, painter: QPainter) -> None:
        if len(self.means) and self.means.shape[1] == 2:
            self._draw_map(painter)

    def _draw_map(self, painter: QPainter) -> None:
        """The modes where they lie: filled by their share, dashed where none was reached."""
        side = min(self.px(MAP), self.area().height() + self.px(30))
        box = QRectF(self.area().right() + self.px(GAP), self.area().top(), side, side)
        reach = float(np.abs(self.means).max()) or 1.0
        spread = _nearest(self.means) / (2.0 * reach)
        radius = min(self.px(10), side * 0.42 * spread, side / 6)
        room = (side - 2 * radius) / 2
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for index, (x, y) in enumerate(self.means / reach):
            share = float(self.shares[index]) if len(self.shares) else 0.0
            at = QPointF(box.center().x() + x * room, box.center().y() - y * room)
            pen = QPen(QColor(self.theme.fake if share else self.theme.ref), self.px(1.4))
            if not share:
                pen.setStyle(Qt.PenStyle.DotLine)
            painter.setPen(pen)
            full = min(1.0, share * len(self.means))
            painter.setBrush(blend(self.theme.fake, self.theme.panel, 0.42 * full))
            painter.drawEllipse(at, radius, radius)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            if radius >= self.px(7.5):
                self.at(painter, at.x(), at.y(), str(index + 1), 12, colour=self.theme.ink, middle=True)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def _nearest(means: Array) -> float:
    """The smallest distance between two of the means (K, dim); 1 where there is a single one."""
    if len(means) < 2:
        return 1.0
    away = np.linalg.norm(means[:, None] - means, axis=2)
    return float(away[~np.eye(len(means), dtype=bool)].min())


class ModesPanel(CurvesPanel):
    """See the module."""

    key = "modes"
    equation = r"\mathrm{KL}(q_k\,\|\,1/K)=\log K-H(q_k)"
    needs = frozenset({"divergence"})
    legend_entries = (
        Entry(
            "now", "shares now", group="view", tip="The share of the good fakes that is nearest to each mode."
        ),
        Entry(
            "history", "modes over time", group="view", on=False, tip="Modes captured, at every measurement."
        ),
    )

    def build(self) -> None:
        self.figures, self.bars, self.plot = Figures(), SharesPlot(), HistoryPlot(right=64)
        self.curves = {"modes": self.plot.curve(2.0)}
        self.body.addWidget(self.figures)
        self.body.addWidget(self.bars, 1)
        self.body.addWidget(self.plot, 1)
        self._heights = Limits(0.0, 0.0)
        self._data: dict[str, np.ndarray] = {}

    def themed(self) -> tuple[Figures, SharesPlot, HistoryPlot]:
        return self.figures, self.bars, self.plot

    def clear(self) -> None:
        super().clear()
        self.not_applicable("")
        self._heights.forget()
        self._data = {}
        self.plot.references = []
        self.plot.y_axis = Axis("modes captured")
        self.bars.hint = self.nothing_yet
        self.bars.shares, self.bars.means, self.bars.references = np.zeros(0), np.zeros((0, 2)), []
        self.bars.x_axis, self.bars.y_axis = Axis("mode"), Axis("share")
        self.make_room()
        self.figures.say((), "")

    def draw(self, run: Run) -> None:
        measured = run.frame.get("divergence")
        if not self.curves_are_due(run, measured.serial if measured else -1):
            return
        source = run.experiment.source()
        counted = source.means is not None and bool(source.sigma)
        self.not_applicable("" if counted else NO_MODES)
        self.make_room()
        if not counted or source.means is None:
            self.bars.hint = self.plot.hint = ""
            return
        self._draw_history(run, len(source.means))
        if measured is not None and "mode_counts" in measured:
            self._draw_shares(measured, source.means)
            if self.text_is_due(run):
                self._say(measured, source)

    def export_data(self) -> dict[str, np.ndarray]:
        steps, modes = self.curves["modes"].getData()
        known = steps is not None and len(steps)
        return self._data | ({"step": steps, "modes_captured": modes} if known else {})

    # ------------------------------------------------------------ drawing

    def make_room(self) -> None:
        """Both parts where there is height for both, else the chosen one."""
        roomy = self.is_high(ROOMY)
        self.legend.setVisible(not roomy)
        self.bars.setVisible(roomy or self.legend.is_on("now"))
        self.plot.setVisible(roomy or self.legend.is_on("history"))
        self.figures.show_line(roomy)

    def _draw_shares(self, measured: Measurement, means: Array) -> None:
        counts = np.asarray(measured["mode_counts"], np.float64)
        shares = counts / counts.sum() if counts.any() else counts
        _, top = self._heights.around(0.0, max(1.5 / len(means), 1.04 * float(shares.max())))
        self.bars.hint = ""
        self.bars.show_shares(shares, means, min(top, 1.05))
        self._data = {"mode_means": means, "mode_counts": counts, "mode_shares": shares}

    def _draw_history(self, run: Run, count: int) -> None:
        plot = self.plot
        plot.show_time(run)
        steps, modes = run.history.measured.curve("modes", SOLID_POINTS)
        self.curves["modes"].setData(steps, modes)
        plot.colour_curve(self.curves["modes"], self.theme.fake)
        top = count * 1.08
        plot.set_range(plot.steps, (0.0, top))
        whole = [(at, f"{at:.0f}") for at, _ in ticks_between(0.0, count, 4) if at == round(at)]
        plot.y_axis = Axis("modes captured", whole)
        plot.references = [Reference(float(count), note=f"all {count}")]
        known = modes[np.isfinite(modes)]
        last = f"{known[-1]:.0f} now" if len(known) and known[-1] != count else ""
        plot.ends = [EndLabel(float(known[-1]), last, self.theme.fake)] if last else []
        plot.refresh()

    def _say(self, measured: Measurement, source: Source) -> None:
        assert source.means is not None
        count, good = len(source.means), int(np.sum(measured["mode_counts"]))
        ceiling = HIGH_QUALITY_CEILING_2D if source.dim == 2 else HIGH_QUALITY_CEILING_1D
        floor = f"floor {formatting.significant((count - 1) / (2 * good), 1)}" if good else "no good fakes"
        fake, ink = self.theme.fake, self.theme.ink
        share = formatting.fixed(100 * float(measured["high_quality"]), 1)
        figures = (
            Figure("modes captured", f"{measured['modes']} of {count}", "by ≥ 1 good fake", fake),
            Figure("good fakes", f"{share} %", f"at best {formatting.fixed(100 * ceiling, 2)} %", ink),
            Figure("reverse KL", formatting.reading(float(measured["reverse_kl"])), floor, ink),
        )
        samples = formatting.fixed(measured["samples"], 0)
        self.figures.say(
            figures,
            f"{samples} fakes; good: within 3σ of a mean; KL in nats, floor (K−1)/2n",
        )
