"""Panels of curves over the steps: drawn anew where their run has gone on, empty before it has begun."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from ganviz.record.run import Run
from ganviz.ui.history_plot import HistoryPlot, curve_data
from ganviz.ui.panels.base import Panel

CURVE_SECONDS = 0.2
"""Curves of what is measured a few times a second are drawn five times a second."""


class CurvesPanel(Panel):
    """A panel whose :meth:`build` makes ``plot``, over the steps, and ``curves`` of it, by their names.

    ``curve_seconds``: how long the curves of a running training stay as they are, at least.
    """

    plot: HistoryPlot
    curves: Mapping[str, Any]
    curve_seconds: ClassVar[float] = CURVE_SECONDS

    _drawn: object = None

    def forget(self) -> None:
        super().forget()
        self._drawn = None

    def clear(self) -> None:
        self.plot.forget()

    def curves_are_due(self, run: Run, *others: object) -> bool:
        """Whether to draw the curves now: the record, or one of ``others`` that they are drawn from, is
        another than at the last time."""
        rows = run.history.steps.rows, run.history.measured.rows, len(run.history.events)
        if (*rows, *others) == self._drawn or not self.is_due(run, "curves", self.curve_seconds):
            return False
        self._drawn = (*rows, *others)
        return True

    def export_data(self) -> dict[str, np.ndarray]:
        return curve_data(self.curves)
