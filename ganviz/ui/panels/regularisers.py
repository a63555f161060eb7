"""Words for what an experiment adds to a loss that is shown without it."""

from __future__ import annotations

from ganviz.experiment import SETTINGS, Experiment

NOT_IN_THE_COSTS = ("gradient_penalty", "r1", "r2", "dragan", "smooth_real", "smooth_fake")
"""What changes D's loss beyond the objective's two costs; clipping, spectral norm and noise act through D's
outputs, which are measured with them."""


def not_included(experiment: Experiment) -> str:
    """What of it is on, by title; "" where nothing is."""
    return ", ".join(SETTINGS[key].title for key in NOT_IN_THE_COSTS if experiment.acts(key))
