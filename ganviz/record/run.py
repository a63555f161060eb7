"""A run: one training of an experiment, as the panels see it."""

from __future__ import annotations

from dataclasses import dataclass

from ganviz.experiment import Experiment
from ganviz.frame import Frame
from ganviz.record.history import History


@dataclass(frozen=True)
class Run:
    """The experiment as it runs now, live changes included; the latest frame; the history with its events."""

    experiment: Experiment
    frame: Frame
    history: History
