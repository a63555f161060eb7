"""Notes: what the choice of settings does to a run and is easily missed, one sentence each, said once a run.

Pure functions of the settings and the record; no torch, no Qt.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ganviz.experiment import SETTINGS, Experiment
from ganviz.experiment.refusals import is_bounded
from ganviz.record.history import Event, History
from ganviz.record.run import Run
from ganviz.theory.objectives import OBJECTIVES

FLAT = 0.1
"""A gap between D's mean outputs on reals and fakes below which D counts as flat."""


@dataclass(frozen=True)
class Note:
    """``id`` names it, so that it is said once; ``text`` is one sentence or two."""

    id: str
    text: str


def cautions(experiment: Experiment) -> list[Note]:
    """What can be said of the settings alone: what rests, a critic that nothing bounds, a term that asks for
    another thing than the others."""
    name = OBJECTIVES[experiment.objective].name
    found = []
    is_critic = experiment.game == "gan" and experiment.objective == "wasserstein"
    if is_critic and not is_bounded(experiment):
        words = "Nothing bounds this critic, so its scores can grow without end and measure no distance."
        cures = "Weight clip, WGAN-GP, DRAGAN or spectral norm would bound its slope."
        found.append(Note("unbounded", f"{words} {cures}"))
    if experiment.applies("identity_weight") and experiment.identity_weight > 0.0:
        words = (
            "Where X and Y overlap, the identity loss asks G and F to move nothing; the marginals may pay."
        )
        found.append(Note("identity", f"{words} The button + cycle takes it out again."))
    for key, setting in SETTINGS.items():
        if experiment.rests(key):
            chosen = f"{setting.title} {setting.symbol} = {getattr(experiment, key)}"
            found.append(Note(key, f"{chosen} rests: it has no effect with {name}."))
    return found


def notes(run: Run) -> list[Note]:
    """What can be said of a run: what an earlier setting has left behind, and :func:`cautions`."""
    found = []
    for event in tuple(run.history.events):
        if event.key == "objective" and event.old == "wasserstein" and OBJECTIVES[event.new].is_probability:
            found += _flattened(run, event)
    return found + cautions(run.experiment)


def _flattened(run: Run, event: Event) -> list[Note]:
    clips = run.history.periods("weight_clip", run.experiment.weight_clip)
    clip = next((value for start, stop, value in clips if start < event.step <= stop), 0.0)
    gap = _gap(run.history, event.step)
    if clip == 0.0 or not gap < FLAT:
        return []
    words = f"Clipping to ±{clip:g} has flattened D: mean outputs on reals and fakes differ by {gap:.2g}."
    return [Note("flattened", f"{words} So D is near ½ at first, and G's gradient starts near 0.")]


def _gap(history: History, step: int) -> float:
    """The gap between D's mean outputs at a step; NaN before the first."""
    row = int(np.searchsorted(history.steps.column("step"), step, side="right")) - 1
    if row < 0:
        return float("nan")
    real, fake = (history.steps.column(name)[row] for name in ("output_real", "output_fake"))
    return float(abs(real - fake))


class Notebook:
    """Remembers what has been said of a run."""

    def __init__(self) -> None:
        self._history: History | None = None
        self._said: set[str] = set()

    def next(self, run: Run) -> str:
        """A sentence not yet said of this run, or empty. Another run begins with an empty book."""
        if run.history is not self._history:
            self._history, self._said = run.history, set()
        for note in notes(run):
            if note.id not in self._said:
                self._said.add(note.id)
                return note.text
        return ""
