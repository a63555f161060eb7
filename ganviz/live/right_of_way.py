"""The picture has the right of way: training waits between two calls while a frame is painted.

Painting and stepping are both Python, and only one of them can hold the interpreter at a time. Left alone
they hand it to and fro at every call into Qt and torch: a frame of 12 ms takes 30, in which training crawls.
Waiting for the 12 is less than crawling through the 30.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

LONGEST_WAIT = 0.03
"""Seconds after which training goes on, whatever the picture does."""
LONGEST_CALL = 0.006
"""Seconds that the picture waits for the trainer's present call to end; after that both run at once."""


class RightOfWay:
    """Claimed and released by the thread that paints; the thread that trains makes its calls inside
    :meth:`given`."""

    def __init__(self) -> None:
        self._clear = threading.Event()
        self._clear.set()
        self._road = threading.Lock()
        self._painting = False

    def claim(self) -> None:
        """A frame begins: wait for the present call of the trainer to end, and keep it from the next."""
        self._clear.clear()
        if not self._painting:
            self._painting = self._road.acquire(timeout=LONGEST_CALL)

    def release(self) -> None:
        """The frame is painted."""
        if self._painting:
            self._painting = False
            self._road.release()
        self._clear.set()

    @contextmanager
    def given(self) -> Iterator[None]:
        """For one call of the trainer: wait while a frame is being painted, but not for ever."""
        self._clear.wait(LONGEST_WAIT)
        held = self._road.acquire(timeout=LONGEST_WAIT)
        try:
            yield
        finally:
            if held:
                self._road.release()
