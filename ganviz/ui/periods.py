"""What was in force when: a run's periods under one objective after the other, or one set of terms after the
other, with their names and colours."""

from __future__ import annotations

from dataclasses import dataclass

from ganviz.experiment.cyclegan import ABLATIONS
from ganviz.record.run import Run
from ganviz.theory.objectives import OBJECTIVES
from ganviz.ui.theme import Theme

TERM_COLOURS = {"gan": "minimax", "cycle": "non_saturating", "identity": "other"}
"""The colour in the theme of a CycleGAN's terms: those of the losses, which it has not."""

SHORT_TERMS = {"gan": "GAN", "cycle": "cycle", "identity": "identity"}
"""What they are called where there is little room."""


@dataclass(frozen=True)
class Period:
    """From one step to another, under ``id``: an objective, or one of ABLATIONS."""

    start: int
    stop: int
    id: str

    @property
    def names(self) -> tuple[str, str]:
        """Its name, and a shorter one."""
        if self.id in OBJECTIVES:
            return OBJECTIVES[self.id].name, OBJECTIVES[self.id].short
        return ABLATIONS[self.id], SHORT_TERMS[self.id]

    def colour(self, theme: Theme) -> str:
        """Its colour."""
        if self.id in OBJECTIVES:
            return theme.objective(self.id)
        return term_colour(theme, self.id)


def term_colour(theme: Theme, terms: str) -> str:
    """The colour of a CycleGAN's terms, one of ABLATIONS."""
    return str(getattr(theme, TERM_COLOURS[terms]))


def periods_of(run: Run) -> list[Period]:
    """The periods of a run, the first from step 0."""
    key = "ablation" if run.experiment.game == "cyclegan" else "objective"
    return [Period(*found) for found in run.history.periods(key, getattr(run.experiment, key))]
