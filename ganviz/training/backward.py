"""Many backward passes in one call that does not hold Python's lock, so that pictures are drawn meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import torch
from torch import Tensor

_SOURCE = """
def rows(values: Tensor, weights: List[Tensor], first: int, last: int) -> Tensor:
    found: List[Tensor] = []
    for index in range(first, last):
        slopes = torch.autograd.grad([values[index]], weights, None, True, False, True)
        parts: List[Tensor] = []
        for number in range(len(weights)):
            slope = slopes[number]
            if slope is None:
                slope = torch.zeros_like(weights[number])
            parts.append(slope.flatten())
        found.append(torch.cat(parts))
    return torch.stack(found)
"""
"""In TorchScript, whose loops run outside Python; autograd itself is the same, and so is every bit."""


@cache
def _compiled() -> Any:
    return torch.jit.CompilationUnit(_SOURCE)


def rows(values: Tensor, weights: Sequence[Tensor], first: int, last: int) -> Tensor:
    """The derivatives of ``values[first:last]`` by all weights, (last - first, n); their graph stays."""
    found: Tensor = _compiled().rows(values, list(weights), first, last)
    return found
