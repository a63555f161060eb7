"""Repeatable randomness: batch n of a stream is a function of (seed, stream, n) and of nothing else.

So a pause, a panel, a step back or a resumed run changes no bit: there is no generator state to keep. Batches
are drawn many at a time into a pool, because one large draw is far cheaper than many small ones.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

STREAMS = (
    "weights", "data", "d_noise", "g_noise", "fixed", "measure",
    "penalty", "d_instance_noise", "g_instance_noise", "spectral", "g_data",
    "reference",
    "d_x", "d_y", "g_x", "g_y", "x_pool", "y_pool",
)  # fmt: skip
"""In the order of their numbers: a new one comes last, so that no older stream changes."""
D_CLOCK = ("data", "d_noise", "penalty", "d_instance_noise", "d_x", "d_y", "x_pool", "y_pool")
"""The streams whose batches are numbered by D's updates; the others' by G's."""
POOL_ROWS, POOL_NUMBERS = 16_384, 2**22
"""The rows of one pool; fewer, but one batch at least, where they would hold more numbers than 16 MB do: 64 x
64 pixels in three colours are 12,288 a row."""

Draw = Callable[[np.random.Generator, int], npt.NDArray[np.float32]]


def generator(seed: int, stream: str, index: int = 0) -> np.random.Generator:
    """The NumPy generator number ``index`` of a stream."""
    return np.random.default_rng([seed, STREAMS.index(stream), index])


def torch_generator(seed: int, stream: str) -> torch.Generator:
    """A torch generator for a stream; of the CPU, so that initial weights are the same on every device."""
    return torch.Generator().manual_seed(int(generator(seed, stream).integers(2**62)))


class Stream:
    """Batches of ``rows`` samples of ``draw``, of ``dim`` numbers each, numbered from 0, on ``device``.

    ``note``, where it is set, is called with each number asked for and its batch.
    """

    note: Callable[[int, Tensor], None] | None = None

    def __init__(
        self, seed: int, name: str, rows: int, draw: Draw, device: torch.device, *, dim: int = 1
    ) -> None:
        self._seed, self.name, self._rows, self._draw, self._device = seed, name, rows, draw, device
        self._batches = max(1, min(POOL_ROWS, POOL_NUMBERS // dim) // rows)
        self._pool_number = -1
        self._pool = torch.empty(0)
        self._pool_batches: tuple[Tensor, ...] = ()

    @property
    def clock(self) -> Literal["d", "g"]:
        """Whose updates number the batches."""
        return "d" if self.name in D_CLOCK else "g"

    def batch(self, number: int) -> Tensor:
        """Batch ``number``, shape (rows, dim), float32. Not to be written to."""
        pool, index = divmod(number, self._batches)
        if pool != self._pool_number:
            self._draw_pool(pool)
        if self.note:
            self.note(number, self._pool_batches[index])
        return self._pool_batches[index]

    def fill(self, block: Tensor, first: int) -> None:
        """Copy the batches from number ``first`` on into ``block``, (batches, rows, dim) on the device."""
        done = 0
        while done < len(block):
            pool, index = divmod(first + done, self._batches)
            if pool != self._pool_number:
                self._draw_pool(pool)
            batches = self._pool[index : index + len(block) - done]
            block[done : done + len(batches)].copy_(batches)
            done += len(batches)

    def _draw_pool(self, number: int) -> None:
        drawn = self._draw(generator(self._seed, self.name, number), self._batches * self._rows)
        values = sent(torch.from_numpy(drawn), self._device)
        self._pool = values.view(self._batches, self._rows, *values.shape[1:])
        self._pool_batches = self._pool.unbind()
        self._pool_number = number


def sent(values: Tensor, device: torch.device) -> Tensor:
    """The values of the CPU on a device. A copy to CUDA runs beside the steps, which it does from pinned
    memory only; elsewhere a copy that is not waited for may read what is already freed."""
    if device.type == "cuda":
        return values.pin_memory().to(device, non_blocking=True)
    return values.to(device)


def gaussian(dim: int) -> Draw:
    """N(0, I) in ``dim`` components."""

    def draw(source: np.random.Generator, count: int) -> npt.NDArray[np.float32]:
        return source.standard_normal((count, dim), dtype=np.float32)

    return draw


def uniform(dim: int) -> Draw:
    """U[0, 1) in each of ``dim`` components."""

    def draw(source: np.random.Generator, count: int) -> npt.NDArray[np.float32]:
        return source.random((count, dim), dtype=np.float32)

    return draw


def latents(kind: str, dim: int) -> Draw:
    """How to draw z: ``normal`` is N(0, I), ``uniform`` is U[-1, 1] in each of ``dim`` components."""

    if kind == "normal":
        return gaussian(dim)

    def draw(source: np.random.Generator, count: int) -> npt.NDArray[np.float32]:
        return source.random((count, dim), dtype=np.float32) * 2.0 - 1.0

    return draw
