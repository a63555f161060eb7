"""What a probe is, for the files that define some."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from ganviz.games.precision import in_float64

Values = dict[str, Any]
FloatArray = npt.NDArray[np.float64]


class Beside(NamedTuple):
    """Of what is worked out beside a game: ``news``, whether another look would bring more;
    ``wait(game, step)`` until that of these very weights is ready."""

    news: Callable[[Any], bool]
    wait: Callable[[Any, int], None]


@dataclass(frozen=True)
class Probe:
    """``measure(game, step)``: the values, None where they do not apply; at most ``hertz`` times a second.

    ``beside``: for what is worked out in a thread beside the run, of which a look takes what is ready.
    What takes longer than a look comes in parts: values that are not the last word say ``unfinished``.
    ``ask(game, question)``: take up what a panel wants to know in particular, where there is a choice.
    """

    key: str
    hertz: float
    measure: Callable[[Any, int], Values | None]
    beside: Beside | None = None
    ask: Callable[[Any, Any], None] | None = None


CHUNK = 1_024
"""Rows of one pass through a network: more do not fit into a processor's cache and take twice as long."""


@torch.no_grad()
def through(network: torch.nn.Module, rows: Tensor) -> Tensor:
    """The network's outputs, some rows at a time."""
    return torch.cat([network(part) for part in rows.split(CHUNK)])


def array(values: Tensor) -> FloatArray:
    """A NumPy copy, float64."""
    return in_float64(values.detach()).cpu().numpy().copy()


def norm(gradients: Sequence[Tensor]) -> float:
    """The 2-norm of all parameters' gradients as one vector; float64, so that 1e-30 squared is not 0."""
    return float(torch.stack([in_float64(one).square().sum() for one in gradients]).sum().sqrt())
