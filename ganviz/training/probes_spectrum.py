"""The spectrum beside a running game: worked out in a thread of its own, on a copy of the weights.

Only one is in the making. A new one is begun when somebody looks, the weights have moved and the last one
has rested as long as it took, or at once where the game stands still.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from torch import Tensor

from ganviz.experiment import Experiment
from ganviz.games.gan import GAN
from ganviz.games.penalties import PENALTIES
from ganviz.games.streams import generator
from ganviz.training.beside import Desk, Desks, Job
from ganviz.training.probe import Beside, FloatArray, Values
from ganviz.training.spectrum import (
    MOST,
    MOST_EXACT,
    WANTED,
    ComplexArray,
    Eigenvalues,
    Field,
    Step,
    all_of,
    along,
    leading,
    paired,
    step_of,
)

REFERENCE_R1 = 1.0
"""Strength of R1 beside a game without a penalty."""
PATH, MOST_OF_A_PATH = 8, 250
"""Parts of the way that the eigenvalues are followed from the present penalty to the other; in games of up to
so many weights."""
FIXED = 1
"""The batch of the stream ``fixed`` on which the field is felt, at every step the same one."""
ROWS_OF_LARGE = 128
"""The most reals, and as many fakes, where Arnoldi asks for hundreds of passes."""
ONLY_MLP = "it is worked out for fully connected networks alone"

Key = tuple[int, int, Experiment]


@dataclass
class SpectrumJob(Job):
    """One spectrum in the making."""

    key: Key
    passes: int = 0

    def count(self, passes: int) -> None:
        """So many passes more. Raises StoppedError where nobody waits any more."""
        self.passes += passes
        self.check()


@dataclass
class SpectrumDesk(Desk[SpectrumJob]):
    """What belongs to one game, and whether it was seen to stand still since the latest job was begun."""

    stands: bool = False


DESKS = Desks(SpectrumDesk)


def spectrum(game: GAN, step: int) -> Values:
    """The newest spectrum that is ready, and whether another is being worked out.

    ``ready``: whether there is one; then ``at_step``, ``g_weights``, ``d_weights``, ``rows`` of the batch,
    ``exact`` (all eigenvalues, or the leading ones), ``took`` (seconds), ``other`` (the penalty of the second
    spectrum, in words) and for each of ``field`` and ``step`` the eigenvalues (k,) complex now and with the
    other penalty, ``..._other``, their ``..._residual``, and ``..._path`` (parts + 1, k) from the one to the
    other. ``step_note``, ``step_refused``: what is left out of the step, why there is none. ``busy``,
    ``passes``: the passes of the one in the making. ``too_large``, ``problem``: why there can be none.
    """
    desk = DESKS.of(game)
    if _is_out_of_date(game):
        _begin(game, step)
    desk.collect()
    job, shown = desk.job, desk.shown
    weights = _weights(game)
    values: Values = {"ready": False, "g_weights": weights[0], "d_weights": weights[1]}
    values |= {"too_large": sum(weights) > MOST, "limit": MOST}
    if game.experiment.network != "mlp":
        return values | {"busy": False, "passes": 0, "problem": ONLY_MLP}
    values |= {"busy": job is not None and not job.done.is_set(), "passes": job.passes if job else 0}
    return values | (shown.values if shown else {})


def has_news(game: GAN) -> bool:
    """Whether another look would bring something: a spectrum that is ready, or time to begin one. It is asked
    of a game that stands still, which no rest would help."""
    desk = DESKS.of(game)
    desk.stands = True
    return desk.has_news or _is_out_of_date(game)


def wait(game: GAN, step: int) -> None:
    """Until the spectrum of these very weights is ready."""
    job = DESKS.of(game).job
    if job is not None:
        job.done.wait()
    if _is_possible(game) and (job is None or job.key != _key_of(game)):
        _begin(game, step).done.wait()


BESIDE = Beside(has_news, wait)


def _begin(game: GAN, step: int) -> SpectrumJob:
    desk = DESKS.of(game)
    job = SpectrumJob(_key_of(game), step)
    desk.take_up(job)
    desk.stands = False
    most = ROWS_OF_LARGE if sum(_weights(game)) > MOST_EXACT else game.experiment.batch_size
    source, rows = generator(game.experiment.seed, "fixed", FIXED), min(game.experiment.batch_size, most)
    latents = torch.from_numpy(game.draw_latents(source, rows)).double()
    reals = torch.from_numpy(np.ascontiguousarray(game.source.sample(source, rows))).double()
    job.start("spectrum", partial(spectra, job, game.still(), reals, latents))
    return job


def _key_of(game: GAN) -> Key:
    return game.d.count, game.g.count, game.experiment


def _is_out_of_date(game: GAN) -> bool:
    """Whether another spectrum may be begun: of other weights after a rest, of other settings, or where the
    game stands still, at once."""
    if not _is_possible(game):
        return False
    desk, key = DESKS.of(game), _key_of(game)
    job = desk.job
    if job is None:
        return True
    rested = desk.stands or time.perf_counter() - job.ended >= job.ended - job.begun
    return job.done.is_set() and job.key != key and (rested or job.key[2] != key[2])


def _is_possible(game: GAN) -> bool:
    return game.experiment.network == "mlp" and sum(_weights(game)) <= MOST


def _weights(game: GAN) -> list[int]:
    return [sum(p.numel() for p in player.parameters) for player in (game.g, game.d)]


def other_penalty(experiment: Experiment) -> tuple[Experiment, str]:
    """The same settings without any penalty, or with R1 where there is none; and that in words."""
    acting = [penalty for penalty in PENALTIES if experiment.acts(penalty.setting)]
    if acting:
        off = experiment.model_copy(update={penalty.setting: 0.0 for penalty in acting})
        return off, f"without {' and '.join(penalty.title for penalty in acting)}"
    return experiment.model_copy(update={"r1": REFERENCE_R1}), f"with R1, γ = {REFERENCE_R1:g}"


def spectra(job: SpectrumJob, now: GAN, reals: Tensor, latents: Tensor) -> Values:
    """What :func:`spectrum` says of these weights; ``now`` is a copy of the game."""
    changed = now.still()
    other, words = other_penalty(now.experiment)
    changed.experiment = other
    changed.regularisation.apply(other)
    fields = [Field(game, reals, latents, job.count) for game in (now, changed)]
    step = step_of(now)
    exact = len(fields[0]) <= MOST_EXACT
    found = _exact(fields, step) if exact else _leading(fields, step)
    return {
        "ready": True,
        "at_step": job.step,
        "rows": len(reals),
        "exact": exact,
        "took": time.perf_counter() - job.begun,
        "other": words,
        "consensus": now.experiment.update_order == "consensus",
        "step_note": step.note,
        "step_refused": step.refused,
        "passes": job.passes,
        **found,
    }


def _exact(fields: list[Field], step: Step) -> Values:
    jacobians = [one.matrix() for one in fields]
    values = _both("field", jacobians, 0.0)
    if not step.refused:
        values |= _both("step", [step.change(one) for one in jacobians], 1.0)
    return values


def _both(name: str, matrices: list[FloatArray], shift: float) -> Values:
    now, other = matrices
    found = all_of(now)
    if len(now) <= MOST_OF_A_PATH:
        path = along(now, other, found.values, PATH)
        residual = found.residual
    else:
        changed = all_of(other)
        path = np.array([found.values, paired(found.values, changed.values)])
        residual = max(found.residual, changed.residual)
    return _named(name, path + shift, residual)


def _named(name: str, path: ComplexArray, residual: float) -> Values:
    """The largest first; what of the other spectrum has no partner is left out of it."""
    path = path[:, np.argsort(-np.abs(path[0]), kind="stable")]
    other = path[-1][np.isfinite(path[-1])]
    return {name: path[0], f"{name}_other": other, f"{name}_path": path, f"{name}_residual": residual}


def _leading(fields: list[Field], step: Step) -> Values:
    found = [leading(one.transposed, len(one)) for one in fields]
    values = _ends("field", found, 0.0)
    if step.refused:
        return values
    if h := step.follows_field:
        scaled = [Eigenvalues(h * one.values, h * one.residual) for one in found]
        return values | _ends("step", scaled, 1.0)
    size = len(fields[0]) * (2 if step.remembers else 1)
    products = [step.change_transposed(one.transposed) for one in fields]
    of_step = {key: WANTED[key] for key in ("modulus", "real")}
    # M is near I, so what M - I has furthest from 0 and furthest to the right is what leaves the circle
    return values | _ends("step", [leading(one, size, of_step) for one in products], 1.0)


def _ends(name: str, found: list[Eigenvalues], shift: float) -> Values:
    now, other = found[0].values + shift, found[1].values + shift
    path = np.array([now, paired(now, other)])
    return _named(name, path, max(one.residual for one in found))
