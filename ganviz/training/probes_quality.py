"""The quality of generated images beside a running game: judged in a thread of its own, on fakes handed over.

A look costs the run one pass of G. The judge is trained at the first look, by that thread too; it ends when
the game does.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import weakref
from dataclasses import asdict, dataclass, field
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt
import torch

from ganviz.data import Source
from ganviz.games.gan import GAN
from ganviz.games.streams import generator
from ganviz.training.probe import Beside, Values, through
from ganviz.training.quality import MOST_FAKES, Judge, Quality, can_judge, judge_of

NICE = 3
"""How far the thread stands back on Linux: to a third of a core that another thread wants too."""


class _StoppedError(Exception):
    """Nobody waits any more."""


@dataclass
class _Job:
    """One verdict in the making."""

    step: int
    counts: tuple[int, int]
    values: Values = field(default_factory=dict)
    cancelled: bool = False
    done: threading.Event = field(default_factory=threading.Event)

    def check(self) -> None:
        if self.cancelled or not threading.main_thread().is_alive():
            raise _StoppedError


@dataclass
class _Desk:
    """What belongs to one game: the latest job, and the newest verdict that is ready."""

    job: _Job | None = None
    shown: _Job | None = None

    def cancel(self) -> None:
        """The game is gone."""
        if self.job is not None:
            self.job.cancelled = True


_desks: WeakKeyDictionary[GAN, _Desk] = WeakKeyDictionary()


def _desk(game: GAN) -> _Desk:
    if game not in _desks:
        _desks[game] = _Desk()
        weakref.finalize(game, _desks[game].cancel)
    return _desks[game]


def quality(game: GAN, step: int) -> Values | None:
    """The newest verdict that is ready; None where the data have no labels.

    ``ready``: whether there is one; then ``at_step`` and what :class:`ganviz.training.quality.Quality` and
    the judge's own figures hold: ``samples``, ``recognised``, ``shares`` (classes,), ``frechet``,
    ``near_copies``; ``class_names``, ``accuracy``, ``recognised_real``, ``frechet_real``, ``near``.
    ``problem``: why there is none.
    """
    if not can_judge(game.source):
        return None
    desk = _desk(game)
    if desk.job is None or (desk.job.done.is_set() and desk.job.counts != _counts(game)):
        _collect(desk)
        _begin(game, step)
    _collect(desk)
    return {"ready": False} | (desk.shown.values if desk.shown else {})


def _collect(desk: _Desk) -> None:
    if desk.job is not None and desk.job.done.is_set():
        desk.shown = desk.job


def has_news(game: GAN) -> bool:
    """Whether another look would bring a verdict, or begin one."""
    if not can_judge(game.source):
        return False
    desk = _desk(game)
    if desk.job is None:
        return True
    return desk.job.done.is_set() and (desk.job is not desk.shown or desk.job.counts != _counts(game))


def wait(game: GAN, step: int) -> None:
    """Until the verdict on these very weights is ready."""
    if not can_judge(game.source):
        return
    job = _desk(game).job
    if job is None or job.counts != _counts(game):
        if job is not None:
            job.done.wait()
        job = _begin(game, step)
    job.done.wait()


BESIDE = Beside(has_news, wait)


def _counts(game: GAN) -> tuple[int, int]:
    return game.d.count, game.g.count


@torch.no_grad()
def fakes_for(game: GAN, step: int) -> npt.NDArray[np.float32]:
    """As many fakes (n, dim), of the noise that belongs to ``step``, as a judge of the game's data needs."""
    assert game.source.count is not None
    noise = game.draw_latents(
        generator(game.experiment.seed, "measure", step), min(game.source.count // 2, MOST_FAKES)
    )
    return through(game.g.network, game.place(noise)).float().cpu().numpy()


def _begin(game: GAN, step: int) -> _Job:
    job = _desk(game).job = _Job(step, _counts(game))
    fakes = fakes_for(game, step)
    threading.Thread(target=_work, args=(job, game.source, fakes), name="quality").start()
    return job


def _work(job: _Job, source: Source, fakes: npt.NDArray[np.float32]) -> None:
    if sys.platform == "linux":  # elsewhere a thread has no nice value of its own
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)
    torch.set_num_threads(1)
    try:
        judge = judge_of(source, job.check)
        job.values = {"ready": True, "at_step": job.step, **said_of(judge, judge.quality(fakes, job.check))}
    except _StoppedError:
        pass
    except Exception as error:  # a picture less; the run goes on
        logging.getLogger(__name__).exception("no quality")
        job.values = {"problem": f"{type(error).__name__}: {error}".splitlines()[0]}
    job.done.set()


def said_of(judge: Judge, found: Quality) -> Values:
    """A verdict, and beside it what the same judge says of reals."""
    return asdict(found) | {
        "class_names": judge.class_names,
        "accuracy": judge.accuracy,
        "recognised_real": judge.recognised,
        "frechet_real": judge.frechet,
        "near": judge.near,
    }
