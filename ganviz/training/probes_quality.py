"""The quality of generated images beside a running game: judged in a thread of its own, on fakes handed over.

A look costs the run one pass of G. The judge is trained at the first look, by that thread too; it ends when
the game does.
"""

from __future__ import annotations

from dataclasses import asdict
from functools import partial

import numpy as np
import numpy.typing as npt
import torch

from ganviz.data import Source
from ganviz.games.gan import GAN
from ganviz.games.streams import generator
from ganviz.training.beside import Desk, Desks, Job
from ganviz.training.probe import Beside, Values, through
from ganviz.training.quality import Judge, Quality, can_judge, fakes_needed, judge_of

DESKS: Desks[Desk[Job]] = Desks(Desk)


def quality(game: GAN, step: int) -> Values | None:
    """The newest verdict that is ready; None where the data have no labels.

    ``ready``: whether there is one; then ``at_step`` and what :class:`ganviz.training.quality.Quality` and
    the judge's own figures hold: ``samples``, ``recognised``, ``shares`` (classes,), ``frechet``,
    ``near_copies``; ``class_names``, ``accuracy``, ``recognised_real``, ``frechet_real``, ``near``.
    ``problem``: why there is none.
    """
    if not can_judge(game.source):
        return None
    desk = DESKS.of(game)
    if _is_out_of_date(game):
        _begin(game, step)
    desk.collect()
    return {"ready": False} | (desk.shown.values if desk.shown else {})


def has_news(game: GAN) -> bool:
    """Whether another look would bring a verdict, or begin one."""
    if not can_judge(game.source):
        return False
    return DESKS.of(game).has_news or _is_out_of_date(game)


def wait(game: GAN, step: int) -> None:
    """Until the verdict on these very weights is ready."""
    if not can_judge(game.source):
        return
    job = DESKS.of(game).job
    if job is None or job.key != _counts(game):
        if job is not None:
            job.done.wait()
        job = _begin(game, step)
    job.done.wait()


BESIDE = Beside(has_news, wait)


def _counts(game: GAN) -> tuple[int, int]:
    return game.d.count, game.g.count


def _is_out_of_date(game: GAN) -> bool:
    """Whether another verdict may be begun: the first one, or of other weights than the one that is ready."""
    job = DESKS.of(game).job
    return job is None or (job.done.is_set() and job.key != _counts(game))


@torch.no_grad()
def fakes_for(game: GAN, step: int) -> npt.NDArray[np.float32]:
    """As many fakes (n, dim), of the noise that belongs to ``step``, as a judge of the game's data needs."""
    noise = game.draw_latents(generator(game.experiment.seed, "measure", step), fakes_needed(game.source))
    return through(game.g.network, game.place(noise)).float().cpu().numpy()


def _begin(game: GAN, step: int) -> Job:
    job = Job(_counts(game), step)
    DESKS.of(game).take_up(job)
    job.start("quality", partial(_work, job, game.source, fakes_for(game, step)))
    return job


def _work(job: Job, source: Source, fakes: npt.NDArray[np.float32]) -> Values:
    judge = judge_of(source, job.check)
    return {"ready": True, "at_step": job.step, **said_of(judge, judge.quality(fakes, job.check))}


def said_of(judge: Judge, found: Quality) -> Values:
    """A verdict, and beside it what the same judge says of reals."""
    return asdict(found) | {
        "class_names": judge.class_names,
        "accuracy": judge.accuracy,
        "recognised_real": judge.recognised,
        "frechet_real": judge.frechet,
        "near": judge.near,
    }
