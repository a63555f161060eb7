"""How hard G is pushed, measured: the gradient norms of both losses with the same weights on the same
batch."""

from __future__ import annotations

import math

import numpy as np
from pyqtgraph.functions import arrayToQPolygonF
from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter

from ganviz.frame import Measurement
from ganviz.record.run import Run
from ganviz.theory.objectives import OBJECTIVES
from ganviz.ui import formatting
from ganviz.ui.history_plot import DASHED_POINTS, SOLID_POINTS, Array, HistoryPlot, stretches
from ganviz.ui.panels.curves import CurvesPanel
from ganviz.ui.panels.legend import Entry
from ganviz.ui.panels.readout import Piece, Readout
from ganviz.ui.plot import Axis, EndLabel
from ganviz.ui.plotting import Limits, blend, decade_ticks, decades_of, ticks_between, width_of

COLUMNS = {"minimax": "g_grad_minimax", "non_saturating": "g_grad_non_saturating", "active": "g_grad"}
PROBE_NAMES = {"minimax": "minimax", "non_saturating": "non_saturating", "active": "g_grad"}
WORDS = {"minimax": "minimax", "non_saturating": "non-saturating"}
LARGEST_RATIO = 1e8
DECADES = 14
"""The log axis shows at most this many powers of ten below its top."""
NOT_THE_SLOPES = "not the ratio of the logit slopes"
WHY_NOT = (
    "The ratio of the norms is not the ratio of the slopes in the logit: fakes near D's border weigh most."
)


class GradientPlot(HistoryPlot):
    """Tints the room between the two curves."""

    def __init__(self) -> None:
        super().__init__(right=88)
        self.between: list[tuple[Array, Array, Array]] = []  # steps, low, high of each stretch
        self.foot = ""

    def below(self, painter: QPainter) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(blend(self.theme.non_saturating, self.theme.panel, 0.1))
        for steps, low, high in self.between:
            x, bottom = self.to_pixels(steps, np.maximum(low, self.ranges[1][0]))
            _, top = self.to_pixels(steps, np.maximum(high, self.ranges[1][0]))
            painter.drawPolygon(arrayToQPolygonF(np.r_[x, x[::-1]], np.r_[bottom, top[::-1]]))
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def above(self, painter: QPainter) -> None:
        super().above(painter)
        area = self.area()
        room = self.width() - area.center().x() - self.px(28)  # beside the title of the step axis
        for words in (self.foot, self.foot.partition(",")[0]):
            if words and width_of(words, self.px(12)) <= room:
                x, y = self.width() - self.px(4), area.bottom() + self.px(29)
                self.at(painter, x, y, words, 12, colour=self.theme.mute, right=True)
                break


def ratio_words(minimax: float, non_saturating: float) -> tuple[str, str, str]:
    """(the ratio as text, "18×"; the id of the stronger loss; a sentence) of two norms on one batch."""
    if not (math.isfinite(minimax) and math.isfinite(non_saturating)) or max(minimax, non_saturating) == 0.0:
        return (
            "–",
            "",
            "no push under either loss" if minimax == non_saturating == 0.0 else "not measured yet",
        )
    stronger = "non_saturating" if non_saturating >= minimax else "minimax"
    high, low = max(minimax, non_saturating), min(minimax, non_saturating)
    ratio = high / low if low > 0.0 else math.inf
    if ratio < 1.05:
        return "1×", stronger, "both losses push about equally"
    text = f"> {formatting.decade(8)}×" if ratio > LARGEST_RATIO else f"{formatting.significant(ratio, 2)}×"
    return text, stronger, f"{WORDS[stronger]} pushes harder"


class GradientPanel(CurvesPanel):
    """See the module."""

    plot: GradientPlot

    key = "gradient"
    equation = r"\|\nabla_{\theta} L_G\|_2\ \mathrm{on\ the\ same\ batch}"
    needs = frozenset({"gradients"})
    legend_entries = (
        Entry("minimax", "minimax"),
        Entry("non_saturating", "non-saturating", "dash"),
        Entry("active", "active loss"),
        Entry("log", "log", group="axis"),
        Entry("linear", "linear", group="axis", on=False),
    )

    def build(self) -> None:
        self.readout = Readout(height=52, beside=True)
        self.plot = GradientPlot()
        self.curves = {
            "minimax": self.plot.curve(2.0),
            "non_saturating": self.plot.curve(2.0, Qt.PenStyle.DashLine),
            "active": self.plot.curve(2.0),
        }
        self.body.addWidget(self.readout)
        self.body.addWidget(self.plot, 1)
        self._linear = Limits(-1e-12, 1.0)
        self._objective = OBJECTIVES["minimax"]

    def themed(self) -> tuple[Readout, GradientPlot]:
        return self.readout, self.plot

    def clear(self) -> None:
        super().clear()
        self._linear.forget()
        self.plot.between, self.plot.foot = [], ""
        self._style()
        self._fit({})
        self.readout.say((Piece("–", self.theme.mute, px=44),), "not measured yet", self.nothing_yet)

    def draw(self, run: Run) -> None:
        newest = run.frame.get("gradients")
        if not self.curves_are_due(run, newest.serial if newest else -1, run.experiment.objective):
            return
        self._objective = self.objective(run)
        self._style()
        self.plot.show_time(run)
        drawn = {
            key: self._norms(run, key, newest) for key in COLUMNS if not self.legend.buttons[key].isHidden()
        }
        shown = {key: self._scaled(norms) for key, (_, norms) in drawn.items()}
        for key, curve in self.curves.items():
            if key in drawn:
                curve.setData(drawn[key][0], shown[key])
        self._fit(shown)
        self._tint(drawn, shown)
        self._name_ends(drawn)
        if self.text_is_due(run):
            self._say(newest, run)
        self.plot.refresh()

    def export_data(self) -> dict[str, np.ndarray]:
        data: dict[str, np.ndarray] = {}
        logarithmic = self.legend.is_on("log")
        for key, curve in self.curves.items():
            steps, values = curve.getData()
            if steps is not None and len(steps) and not self.legend.buttons[key].isHidden():
                data |= {f"{COLUMNS[key]}_step": steps, COLUMNS[key]: 10.0**values if logarithmic else values}
        return data

    # ------------------------------------------------------------ drawing

    def _style(self) -> None:
        pair = self._objective.is_probability
        known = {"minimax", "non_saturating"} if pair else set()
        running = set() if self._objective.id in known else {"active"}
        self.legend.show_only({*known, *running, "log", "linear"})
        self.set_equation(self.equation if pair else r"\|\nabla_{\theta} L_G\|_2")
        ids = {"minimax": "minimax", "non_saturating": "non_saturating", "active": self._objective.id}
        for key, curve in self.curves.items():
            colour = self.theme.objective(ids[key])
            self.plot.colour_curve(curve, colour)
            button = self.legend.buttons[key]
            button.say(WORDS.get(key, self._objective.name), colour, WHY_NOT if pair else "")
            curve.setVisible(button.isChecked() and not button.isHidden())

    def _norms(self, run: Run, key: str, newest: Measurement | None) -> tuple[Array, Array]:
        width = DASHED_POINTS if key == "non_saturating" else SOLID_POINTS
        steps, norms = run.history.measured.curve(COLUMNS[key], width)
        if newest is not None and (not len(steps) or newest.step > steps[-1]):
            steps, norms = (
                np.append(steps, float(newest.step)),
                np.append(norms, float(newest[PROBE_NAMES[key]])),
            )
        return steps, norms

    def _scaled(self, norms: Array) -> Array:
        if not self.legend.is_on("log"):
            return norms
        return np.log10(norms, out=np.full(len(norms), np.nan), where=norms > 0.0)

    def _fit(self, shown: dict[str, Array]) -> None:
        visible = [values for key, values in shown.items() if self.legend.is_on(key)]
        values = np.concatenate([np.zeros(0), *visible])
        values = values[np.isfinite(values)]
        if self.legend.is_on("log"):
            low, high = decades_of(values, DECADES)
            low = min(low, high - 2)
            self.plot.y_axis = Axis("gradient norm, log scale", decade_ticks(low, high), "norm, log")
            self.plot.set_range(self.plot.steps, (float(low), float(high)))
        else:
            _, top = self._linear.around(0.0, float(values.max()) if len(values) else math.nan)
            self.plot.y_axis = Axis("gradient norm", ticks_between(0.0, top), "norm")
            self.plot.set_range(self.plot.steps, (0.0, top))

    def _tint(self, drawn: dict[str, tuple[Array, Array]], shown: dict[str, Array]) -> None:
        """The room between the curves, where both were measured; their steps may differ, since one of them is
        drawn with fewer points. A norm of 0 lies at the floor of a log axis."""
        self.plot.between = []
        if not {"minimax", "non_saturating"} <= drawn.keys() or not (
            self.legend.is_on("minimax") and self.legend.is_on("non_saturating")
        ):
            return
        floor = self.plot.ranges[1][0]
        heights = {key: np.where(norms == 0.0, floor, shown[key]) for key, (_, norms) in drawn.items()}
        steps, other = drawn["non_saturating"][0], drawn["minimax"][0]
        if not len(other):  # the record has begun between the reading of the one and of the other
            return
        first, second = np.interp(steps, other, heights["minimax"]), heights["non_saturating"]
        low, high = np.minimum(first, second), np.maximum(first, second)
        self.plot.between = [(steps[part], low[part], high[part]) for part in stretches(low)]

    def _name_ends(self, drawn: dict[str, tuple[Array, Array]]) -> None:
        ids = {"minimax": "minimax", "non_saturating": "non_saturating", "active": self._objective.id}
        names = {"minimax": "minimax", "non_saturating": "non-sat.", "active": self._objective.short}
        ends, zero = [], []
        for key, (_, norms) in drawn.items():
            if not len(norms) or not self.legend.is_on(key) or not math.isfinite(norms[-1]):
                continue
            last = float(norms[-1])
            if last == 0.0 and self.legend.is_on("log"):
                zero.append(names[key])
            at = self._scaled(norms[-1:])[0]
            at = self.plot.ranges[1][0] if math.isnan(at) else float(at)
            ends.append(
                EndLabel(
                    at, names[key], self.theme.objective(ids[key]), below=formatting.significant(last, 2)
                )
            )
        self.plot.ends = ends
        self.plot.foot = f"{' and '.join(zero)}: exactly 0, below any log axis" if zero else ""

    def _say(self, newest: Measurement | None, run: Run) -> None:
        history = run.history.measured
        step = newest.step if newest else (int(history.last("step")) if history.rows else 0)
        where = f"on this batch, step {formatting.fixed(step, 0)}"
        if not self._objective.is_probability:
            norm = float(newest["g_grad"]) if newest else history.last("g_grad")
            piece = Piece(formatting.significant(norm, 3), self.theme.objective(self._objective.id), px=32)
            self.readout.say(
                (piece,),
                (f"push of the {self._objective.name} loss", f"push of the {self._objective.short} loss"),
                (where, where.removeprefix("on this batch, ")),
                ("a critic has no log(1−D) to compare with", "a critic has no log(1−D)"),
            )
            return
        pair = (float(newest["minimax"]), float(newest["non_saturating"])) if newest else (
            history.last(COLUMNS["minimax"]), history.last(COLUMNS["non_saturating"])
        )  # fmt: skip
        text, stronger, sentence = ratio_words(*pair)
        short = sentence.replace("non-saturating", "non-sat.").replace(" about", "")
        others = {"minimax": "than non-saturating ", "non_saturating": "than minimax "}
        other = others[stronger] if sentence.endswith("harder") else ""
        colour = self.theme.objective(stronger) if stronger else self.theme.mute
        self.readout.say(
            (Piece(text, colour, px=44),),
            (sentence, short),
            (other + where, where, where.removeprefix("on this batch, ")),
            (NOT_THE_SLOPES, "not the slopes' ratio"),
        )
