"""How good the generated images are: recognised by a classifier, spread over the classes, near the reals and
not copies of them."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QColor, QFont, QPainter

from ganviz.frame import Measurement
from ganviz.record.run import Run
from ganviz.ui import formatting
from ganviz.ui.panels.base import Panel
from ganviz.ui.panels.figures import Figure, Figures
from ganviz.ui.plot import Axis, Plot, Reference
from ganviz.ui.plotting import blend, ticks_between

Array = npt.NDArray[np.float64]
NO_LABELS = "These data have no labels: there is nothing to train a classifier on."
IN_THE_MAKING = "A classifier learns the reals, then it judges the fakes …"
LEAST_TOP = 0.2
ROOMY = 300
"""Height of the panel, in pixels at scale 1, from which on the convention has a line of its own."""
MOST_NAMES, LONGEST_NAME = 12, 9


class ClassesPlot(Plot):
    """A bar for every class: the share of the fakes that the classifier takes for it."""

    def __init__(self) -> None:
        super().__init__(margins=(66, 10, 44, 40))
        self.shares: Array = np.zeros(0)

    def show_shares(self, shares: Array, names: tuple[str, ...]) -> None:
        """Draw the shares (K,) of the classes with these names."""
        self.shares = shares
        top = max(LEAST_TOP, 1.08 * float(shares.max(initial=0.0)))
        self.set_range((-0.6, len(shares) - 0.4), (0.0, top))
        every = max(1, math.ceil(len(names) / MOST_NAMES))
        self.x_axis = Axis(
            "taken for", [(float(k), names[k][:LONGEST_NAME]) for k in range(0, len(names), every)]
        )
        even = 1.0 / max(len(shares), 1)
        self.y_axis = Axis("share of fakes", ticks_between(0.0, top, 3))
        self.references = [Reference(even, note="even")]
        self.refresh()

    def below(self, painter: QPainter) -> None:
        half = 0.36 * self.area().width() / max(len(self.shares) + 0.2, 1.0)
        floor = self.area().bottom()
        tint = blend(self.theme.fake, self.theme.panel, 0.42)
        for index, share in enumerate(self.shares):
            x, y = self.x_at(float(index)), self.y_at(share)
            painter.fillRect(int(x - half), int(y), int(2 * half), int(floor - y), tint)
            painter.fillRect(int(x - half), int(y) - 1, int(2 * half), 2, QColor(self.theme.fake))
            if share == 0.0 and half > self.px(4):
                self.at(
                    painter, x, floor - self.px(9), "0", 12, colour=self.theme.ink, middle=True,
                    weight=QFont.Weight.DemiBold,
                )  # fmt: skip


class QualityPanel(Panel):
    """See the module."""

    key = "quality"
    equation = r"\|\mu_r-\mu_g\|^2+\mathrm{Tr}\left(\Sigma_r+\Sigma_g-2(\Sigma_r\Sigma_g)^{1/2}\right)"
    needs = frozenset({"quality"})

    def build(self) -> None:
        self.figures, self.plot = Figures(), ClassesPlot()
        self.body.addWidget(self.figures)
        self.body.addWidget(self.plot, 1)
        self._drawn = -1
        self._data: dict[str, np.ndarray] = {}

    def themed(self) -> tuple[Figures, ClassesPlot]:
        return self.figures, self.plot

    def forget(self) -> None:
        super().forget()
        self._drawn = -1

    def make_room(self) -> None:
        self.figures.show_line(self.is_high(ROOMY))

    def clear(self) -> None:
        self.not_applicable("")
        self._data = {}
        self.plot.shares, self.plot.references = np.zeros(0), []
        self.plot.x_axis, self.plot.y_axis = Axis("taken for"), Axis("share of fakes")
        self.plot.hint = self.nothing_yet
        self.figures.say((), "")

    def draw(self, run: Run) -> None:
        measured = run.frame.get("quality")
        if measured is None:
            self.not_applicable(NO_LABELS)
            self.plot.hint = ""
            return
        self.not_applicable("")
        if measured.serial == self._drawn:
            return
        self._drawn = measured.serial
        if measured["ready"]:
            self._show(measured)
        else:
            self.plot.hint = str(measured.values.get("problem", IN_THE_MAKING))
            self.plot.refresh()

    def export_data(self) -> dict[str, np.ndarray]:
        return dict(self._data)

    # ------------------------------------------------------------ drawing

    def _show(self, measured: Measurement) -> None:
        shares = np.asarray(measured["shares"], np.float64)
        self.plot.hint = ""
        self.plot.show_shares(shares, tuple(measured["class_names"]))
        self._say(measured, shares)
        numbers = (
            "recognised",
            "frechet",
            "near_copies",
            "recognised_real",
            "frechet_real",
            "accuracy",
            "near",
        )
        self._data = {"class_shares": shares} | {name: np.array([float(measured[name])]) for name in numbers}

    def _say(self, measured: Measurement, shares: Array) -> None:
        names, least = measured["class_names"], int(shares.argmin())
        ratio = float(measured["frechet"]) / max(float(measured["frechet_real"]), 1e-12)
        fake, ink = self.theme.fake, self.theme.ink
        real, even = _percent(measured["recognised_real"]), _percent(1 / len(shares))
        figures = (
            Figure("recognised", _percent(measured["recognised"]), f"reals {real}", fake),
            Figure("rarest class", _percent(shares[least]), f"“{names[least]}”, of {even}", ink),
            Figure("Fréchet dist.", f"{formatting.significant(ratio, 3)}×", "reals 1×", ink),
            Figure("near-copies", _percent(measured["near_copies"]), "reals 1 %", ink),
        )
        seen = f"Step {measured['at_step']:,}, {formatting.fixed(measured['samples'], 0)} fakes"
        right = f"classifier {_percent(measured['accuracy'])} right on unseen reals"
        long = (
            f"{seen}; {right}; recognised: one class with 90 % or more; near-copy: nearer to a real than 99 %"
        )
        self.figures.say(
            figures,
            (f"{long} of the reals are to any other", f"{seen}; {right}; recognised: 90 % sure", seen),
        )


def _percent(share: float) -> str:
    return f"{formatting.fixed(100 * float(share), 1)} %"
