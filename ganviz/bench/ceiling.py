"""The floor under a step: the time that its matrix products take by themselves. Nothing trains faster."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

import torch

from ganviz.bench.ordinary import WORKLOAD

REPEATS = 40
Product = tuple[int, int, int]


def layers(letter: str) -> list[tuple[int, int]]:
    """(inputs, outputs) of each linear layer of WORKLOAD's player ``d`` or ``g``."""
    e = WORKLOAD
    widths = {
        "g": [e.latent_dim, *[e.g_width] * e.g_layers, 2],
        "d": [2, *[e.d_width] * e.d_layers, 1],
    }[letter]
    return list(pairwise(widths))


def products() -> Counter[Product]:
    """Every product (rows, inner, columns) of one step that draws fresh fakes for D, judges real and fake in
    one pass, and computes no gradient that nobody uses; how often each occurs."""
    rows = WORKLOAD.batch_size
    d, g = layers("d"), layers("g")
    found: Counter[Product] = Counter(_forward(g, rows))
    found.update((*_forward(d, 2 * rows), *_weights(d, 2 * rows), *_inputs(d[1:], 2 * rows)))
    found.update((*_forward(g, rows), *_forward(d, rows), *_inputs(d, rows)))
    found.update((*_weights(g, rows), *_inputs(g[1:], rows)))
    return found


def _forward(network: list[tuple[int, int]], rows: int) -> Iterator[Product]:
    return ((rows, into, out) for into, out in network)


def _weights(network: list[tuple[int, int]], rows: int) -> Iterator[Product]:
    return ((out, rows, into) for into, out in network)


def _inputs(network: list[tuple[int, int]], rows: int) -> Iterator[Product]:
    return ((rows, out, into) for into, out in network)


def least_seconds() -> float:
    """The sum of the best times of all products of one step, seconds; each is timed REPEATS times."""
    return sum(_best_time(product) * times for product, times in products().items())


def _best_time(product: Product) -> float:
    rows, inner, columns = product
    left, right = torch.randn(rows, inner), torch.randn(inner, columns)
    out, best = torch.empty(rows, columns), float("inf")
    for _ in range(REPEATS):
        started = time.perf_counter()
        torch.mm(left, right, out=out)
        best = min(best, time.perf_counter() - started)
    return best
