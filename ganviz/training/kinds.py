"""The table of games: one row for each kind, and the trainer plays them all."""

from __future__ import annotations

from ganviz.experiment import Experiment
from ganviz.games.gan import GAN
from ganviz.training import gan_rows
from ganviz.training.backends import fast_steps
from ganviz.training.device import choose
from ganviz.training.divergence_hint import likely_cause
from ganviz.training.game import Kind
from ganviz.training.observer import JUDGED
from ganviz.training.probes import BASE, PROBES, record_row

KINDS: dict[str, Kind] = {
    "gan": Kind(
        make=GAN,
        device=choose,
        backend=fast_steps,
        record=gan_rows.record,
        hint=lambda experiment, broken: likely_cause(experiment),
        probes=PROBES,
        base=BASE,
        judged=JUDGED,
        row=record_row,
    ),
}
"""By the game's id."""


def kind_of(experiment: Experiment) -> Kind:
    """The row of an experiment's game."""
    return KINDS[experiment.game]
