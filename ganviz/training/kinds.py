"""The table of games: one row for each kind, and the trainer plays them all."""

from __future__ import annotations

import torch

from ganviz.experiment import PORTRAIT_GAMES, Experiment
from ganviz.games.cyclegan import CycleGAN
from ganviz.games.gan import GAN
from ganviz.games.portrait import Portrait
from ganviz.training import cyclegan_rows, gan_rows, portrait_rows, probes_cyclegan
from ganviz.training.backends import Eager, fast_steps
from ganviz.training.device import choose
from ganviz.training.divergence_hint import likely_cause
from ganviz.training.game import Kind
from ganviz.training.observer import JUDGED
from ganviz.training.probes import BASE, PROBES, record_row

_PORTRAIT = Kind(
    make=Portrait,
    device=lambda experiment: torch.device("cpu"),
    backend=portrait_rows.Exact,
    record=portrait_rows.record,
    hint=portrait_rows.hint,
    probes=portrait_rows.PORTRAIT_PROBES,
    judged=("points",),
    complete=portrait_rows.complete,
    flush_rows=portrait_rows.CALL_STEPS,
    pace=240.0,
    flush_denormal=False,
)

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
        beside=gan_rows.beside,
        recall=gan_rows.recall,
    ),
    "cyclegan": Kind(
        make=CycleGAN,
        device=choose,
        backend=Eager,
        record=cyclegan_rows.record,
        hint=cyclegan_rows.hint,
        probes=probes_cyclegan.CYCLEGAN_PROBES,
        base=probes_cyclegan.CYCLEGAN_BASE,
        judged=probes_cyclegan.CYCLEGAN_JUDGED,
        always=("samples",),
        row=probes_cyclegan.record_row,
    ),
    **dict.fromkeys(PORTRAIT_GAMES, _PORTRAIT),
}
"""By the game's id."""


def kind_of(experiment: Experiment) -> Kind:
    """The row of an experiment's game."""
    return KINDS[experiment.game]
