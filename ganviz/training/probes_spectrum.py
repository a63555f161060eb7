"""The spectrum beside a running game: worked out in a thread of its own, on a copy of the weights.

A look at it costs the run next to nothing: it hands over a copy and takes what is ready. The thread has the
lowest priority that the system gives, is the only one of its kind, and ends when the game does. A new spectrum is
begun when somebody looks, the weights have moved and the last one has rested as long as it took.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
import weakref
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

import numpy as np
import torch
from torch import Tensor

from ganviz.experiment import Experiment
from ganviz.games.gan import GAN
from ganviz.games.penalties import PENALTIES
from ganviz.games.streams import generator
from ganviz.training import spectrum
from ganviz.training.probe import Values

REFERENCE_R1 = 1.0
"""Strength of R1 beside a game without a penalty."""
PATH, MOST_OF_A_PATH = 8, 250
"""Parts of the way that the eigenvalues are followed from the present penalty to the other; in games of up to so
many weights."""
FIXED = 1
"""The batch of the stream ``fixed`` on which the field is felt, at every step the same one."""
NICE = 10

Key = tuple[int, int, Experiment]


@dataclass
class Job:
    """One spectrum in the making: what it is of, and afterwards what came out or why nothing did."""

    key: Key
    step: int
    begun: float
    values: Values | None = None
    passes: int = 0
    ended: float = 0.0
    cancelled: bool = False
    done: threading.Event = field(default_factory=threading.Event)

    def check(self) -> None:
        """Raises Stopped where nobody waits any more: the game is gone, or the program ends."""
        self.passes += 1
        if self.cancelled or not threading.main_thread().is_alive():
            raise spectrum.Stopped


_jobs: WeakKeyDictionary[GAN, Job] = WeakKeyDictionary()
_shown: WeakKeyDictionary[GAN, Job] = WeakKeyDictionary()


def spectrum_probe(game: GAN, step: int) -> Values:
    """The newest spectrum that is ready, and whether another is being worked out.

    ``ready``: whether there is one; then ``at_step``, ``g_weights``, ``d_weights``, ``rows`` of the batch,
    ``exact`` (all eigenvalues, or the leading ones), ``took`` (seconds), ``other`` (the penalty of the second
    spectrum, in words) and for each of ``field`` and ``step`` the eigenvalues (k,) complex now and with the other
    penalty, ``..._other``, their ``..._residual``, and ``..._path`` (parts + 1, k) from the one to the other.
    ``step_note``, ``step_refused``: what is left out of the step, why there is none. ``busy``, ``passes``: the
    passes of the one in the making. ``too_large``, ``problem``: why there can be none.
    """
    _begin_another(game, step)
    job, shown = _jobs.get(game), _shown.get(game)
    weights = [sum(p.numel() for p in player.parameters) for player in (game.g, game.d)]
    values: Values = {"ready": False, "g_weights": weights[0], "d_weights": weights[1], "too_large": False}
    values["too_large"] = sum(weights) > spectrum.MOST
    values |= {"busy": job is not None and not job.done.is_set(), "passes": job.passes if job else 0}
    if shown is not None and shown.values is not None:
        values |= shown.values
    return values


def has_news(game: GAN) -> bool:
    """Whether a spectrum has been finished that nobody has looked at."""
    job = _jobs.get(game)
    return job is not None and job.done.is_set() and job is not _shown.get(game)


def wait(game: GAN) -> None:
    """Let the spectrum in the making be finished."""
    if game in _jobs:
        _jobs[game].done.wait()


def _begin_another(game: GAN, step: int) -> None:
    """Take over what is ready, and begin anew where it is out of date and has rested as long as it took."""
    job, now = _jobs.get(game), time.perf_counter()
    if job is not None:
        if not job.done.is_set():
            return
        _shown[game] = job
    key = (game.d.count, game.g.count, game.experiment)
    rested = job is None or now - job.ended >= job.ended - job.begun
    of_another = job is not None and job.key[2] != key[2]
    if (job is not None and job.key == key) or not (rested or of_another):
        return
    if sum(p.numel() for player in (game.g, game.d) for p in player.parameters) > spectrum.MOST:
        return
    job = _jobs[game] = Job(key, step, now)
    source, rows = generator(game.experiment.seed, "fixed", FIXED), game.experiment.batch_size
    latents = torch.from_numpy(game.draw_latents(source, rows)).double()
    reals = torch.from_numpy(np.ascontiguousarray(game.source.sample(source, rows))).double()
    weakref.finalize(game, setattr, job, "cancelled", True)
    copies = (game.still(), game.still())
    threading.Thread(target=_work, args=(job, copies, reals, latents), name="spectrum").start()


def _work(job: Job, copies: tuple[GAN, GAN], reals: Tensor, latents: Tensor) -> None:
    if sys.platform == "linux":  # elsewhere a thread has no nice value of its own
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)
    try:
        job.values = spectra(job, copies, reals, latents)
    except spectrum.Stopped:
        job.values = None
    except Exception as error:  # a picture less; the run goes on
        logging.getLogger(__name__).exception("no spectrum")
        job.values = {"problem": f"{type(error).__name__}: {error}".splitlines()[0]}
    job.ended = time.perf_counter()
    job.done.set()


def other_penalty(experiment: Experiment) -> tuple[Experiment, str]:
    """The same settings without any penalty, or with R1 where there is none; and that in words."""
    acting = [penalty for penalty in PENALTIES if experiment.acts(penalty.setting)]
    if acting:
        off = experiment.replace(**{penalty.setting: 0.0 for penalty in acting})
        return off, f"without {' and '.join(penalty.title for penalty in acting)}"
    return experiment.replace(r1=REFERENCE_R1), f"with R1, γ = {REFERENCE_R1:g}"


def spectra(job: Job, copies: tuple[GAN, GAN], reals: Tensor, latents: Tensor) -> Values:
    """What :func:`spectrum_probe` says of these weights; ``copies`` of one game are used up."""
    now, changed = copies
    other, words = other_penalty(now.experiment)
    changed.experiment = other
    changed.regularisation.apply(other)
    fields = [spectrum.Field(game, reals, latents, job.check) for game in (now, changed)]
    step = spectrum.step_of(now)
    exact = len(fields[0]) <= spectrum.MOST_EXACT
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


def _exact(fields: list[spectrum.Field], step: spectrum.Step) -> Values:
    jacobians = [one.matrix() for one in fields]
    values = _both("field", *jacobians, shift=0.0)
    if not step.refused:
        values |= _both("step", *(step.change(one) for one in jacobians), shift=1.0)
    return values


def _both(name: str, now: np.ndarray, other: np.ndarray, shift: float) -> Values:
    found = spectrum.all_of(now)
    if len(now) <= MOST_OF_A_PATH:
        path = spectrum.along(now, other, found.values, PATH)
        residual = found.residual
    else:
        changed = spectrum.all_of(other)
        path = np.array([found.values, spectrum.paired(found.values, changed.values)])
        residual = max(found.residual, changed.residual)
    return {
        name: found.values + shift,
        f"{name}_other": path[-1] + shift,
        f"{name}_path": path + shift,
        f"{name}_residual": residual,
    }


def _leading(fields: list[spectrum.Field], step: spectrum.Step) -> Values:
    found = [spectrum.leading(one.transposed, len(one)) for one in fields]
    values = _ends("field", found, 0.0)
    if step.refused:
        return values
    if h := step.follows_field:
        scaled = [spectrum.Eigenvalues(h * one.values, h * one.residual) for one in found]
        return values | _ends("step", scaled, 1.0)
    size = len(fields[0]) * (2 if step.remembers else 1)
    products = [step.change_transposed(one.transposed) for one in fields]
    # M is near I, so what M - I has furthest from 0 and furthest to the right is what leaves the circle
    return values | _ends("step", [spectrum.leading(one, size, ("LM", "LR")) for one in products], 1.0)


def _ends(name: str, found: list[spectrum.Eigenvalues], shift: float) -> Values:
    now, other = found[0].values + shift, found[1].values + shift
    return {
        name: now,
        f"{name}_other": other,
        f"{name}_path": np.array([now, spectrum.paired(now, other)]),
        f"{name}_residual": max(one.residual for one in found),
    }
