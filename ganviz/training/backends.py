"""Who plays the steps. The game's own :meth:`GAN.step` always can; behind this one interface is what does the
same faster on a kind of device, once the settings have held for a while."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from ganviz.games.gan import GAN, Seen
from ganviz.training.captured import Captured
from ganviz.training.traced import Traced


class Backend(Protocol):
    """Plays whole steps of one game, many in a call. It may take over, or be left, between any two calls."""

    name: str
    """The one word for it, in the record of a frame and in the status bar."""

    @property
    def ready(self) -> bool:
        """Whether the next steps can be played in this way. A live change may end that at once."""

    @property
    def chunk(self) -> int:
        """Steps of one call."""

    def held(self, steps: int) -> None:
        """Steps were played, in whatever way, under the settings as they are."""

    def prepare(self) -> bool:
        """Make one part of what it takes, some tenths of a second at most. Returns whether there was one."""

    def play(self, count: int) -> list[Seen]:
        """Play at most ``count`` steps in one call, at least one. Only where :attr:`ready`."""


class Eager:
    """For a game that has nothing faster than its own steps."""

    name = "eager"
    ready = False
    chunk = 1

    def __init__(self, game: object) -> None: ...

    def held(self, steps: int) -> None:
        """Nothing depends on it."""

    def prepare(self) -> bool:
        """There is nothing to make."""
        return False

    def play(self, count: int) -> list[Seen]:
        """Never called: it is never ready."""
        raise NotImplementedError("the game plays its own steps")


BACKENDS: dict[str, Callable[[GAN], Backend]] = {"cpu": Traced, "cuda": Captured}
"""By the type of device. On another all steps are eager."""


def fast_steps(game: GAN) -> Backend:
    """What plays the steps of a game on its device; it is never ready where there is nothing for it."""
    return BACKENDS.get(game.device.type, Traced)(game)
