"""Work beside a running game: in a thread of its own, on what the game hands over, given up when it is gone.

A look at it costs the run next to nothing: it hands over a copy and takes what is ready. The thread stands
back behind whatever else wants the processor.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from weakref import WeakKeyDictionary

import torch

from ganviz.games.gan import GAN
from ganviz.training.probe import Values

NICE = 3
"""How far the thread stands back on Linux: to a third of a core that another thread wants too."""


class StoppedError(Exception):
    """Nobody waits any more: the game is gone, or the program ends."""


@dataclass
class Job:
    """One piece of work: ``key``, what it is of, and afterwards ``values``, what came out: ``problem`` alone
    where it failed, nothing where it was stopped."""

    key: object
    step: int
    values: Values = field(default_factory=dict)
    begun: float = field(default_factory=time.perf_counter)
    ended: float = 0.0
    cancelled: bool = False
    done: threading.Event = field(default_factory=threading.Event)

    def check(self) -> None:
        """To be called often by the work. Raises StoppedError where it should end."""
        if self.cancelled or not threading.main_thread().is_alive():
            raise StoppedError

    def start(self, name: str, work: Callable[[], Values]) -> None:
        """Let a thread called ``name`` do the work. What that holds must not hold the game itself, which
        would then never be gone."""
        threading.Thread(target=self._run, args=(name, work), name=name).start()

    def _run(self, name: str, work: Callable[[], Values]) -> None:
        if sys.platform == "linux":  # elsewhere a thread has no nice value of its own
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)
        # for this thread: each begins with one a core, and small products then wait for each other
        torch.set_num_threads(1)
        try:
            self.values = work()
        except StoppedError:
            pass
        except Exception as error:  # a picture less; the run goes on
            logging.getLogger(__name__).exception("no %s", name)
            self.values = {"problem": f"{type(error).__name__}: {error}".splitlines()[0]}
        self.ended = time.perf_counter()
        self.done.set()


AnyJob = TypeVar("AnyJob", bound=Job)


@dataclass
class Desk(Generic[AnyJob]):
    """What belongs to one game: the latest job, in the making or done, and the one whose values are shown."""

    job: AnyJob | None = None
    shown: AnyJob | None = None

    @property
    def has_news(self) -> bool:
        """Whether values are ready that are not shown yet."""
        return self.job is not None and self.job.done.is_set() and self.job is not self.shown

    def collect(self) -> None:
        """Show the latest job's values if they are ready."""
        if self.has_news:
            self.shown = self.job

    def take_up(self, job: AnyJob) -> None:
        """Go on with another job; what the one before it brought is shown."""
        self.collect()
        self.job = job

    def cancel(self) -> None:
        """The game is gone."""
        if self.job is not None:
            self.job.cancelled = True


AnyDesk = TypeVar("AnyDesk", bound=Desk[Any])


class Desks(Generic[AnyDesk]):
    """The desks of one kind of work, each made by ``make`` when its game first asks."""

    def __init__(self, make: Callable[[], AnyDesk]) -> None:
        self._make = make
        self._desks: WeakKeyDictionary[GAN, AnyDesk] = WeakKeyDictionary()

    def of(self, game: GAN) -> AnyDesk:
        """The desk of a game."""
        if game not in self._desks:
            self._desks[game] = desk = self._make()
            weakref.finalize(game, desk.cancel)
        return self._desks[game]
