"""The optimisers against torch.optim's own, on the same gradients."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from ganviz.games.optimizers import OPTIMIZERS, Settings

THEIRS: dict[str, Any] = {
    "sgd": lambda v, rate: torch.optim.SGD([v], lr=rate, momentum=0.7),
    "adam": lambda v, rate: torch.optim.Adam([v], lr=rate, betas=(0.6, 0.95)),
    "rmsprop": lambda v, rate: torch.optim.RMSprop([v], lr=rate, alpha=0.95),
}
OURS = Settings(momentum=0.7, beta1=0.6, beta2=0.95)


@pytest.mark.parametrize("kind", OPTIMIZERS)
@pytest.mark.parametrize("rate", [1e-3, 0.3])
def test_moves_are_those_of_torch(kind: str, rate: float) -> None:
    source = torch.Generator().manual_seed(1)
    start = torch.randn(1003, generator=source)
    mine, theirs = start.clone(), start.clone()
    optimizer, moments = THEIRS[kind](theirs, rate), OPTIMIZERS[kind].start(mine)
    for step in range(60):
        gradient = torch.randn(1003, generator=source) * 10.0 ** (step % 5 - 3)
        theirs.grad = gradient.clone()
        optimizer.step()
        OPTIMIZERS[kind].move(
            OURS, gradient, mine, *moments.values(), torch.tensor(rate, dtype=torch.float64)
        )
        torch.testing.assert_close(mine, theirs, rtol=1e-5, atol=2e-6 * rate / 1e-3)
    assert not torch.equal(mine, start)
    for name, value in optimizer.state[theirs].items():
        if name in moments:
            torch.testing.assert_close(moments[name], value, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_a_rate_may_be_a_number(kind: str) -> None:
    gradient = torch.tensor([1.0, -2.0])
    ends = []
    for rate in (0.25, torch.tensor(0.25, dtype=torch.float64)):
        vector = torch.tensor([3.0, 4.0])
        moments = OPTIMIZERS[kind].start(vector)
        OPTIMIZERS[kind].move(OURS, gradient, vector, *moments.values(), rate)
        ends.append(vector)
    assert torch.equal(*ends) and not torch.equal(ends[0], torch.tensor([3.0, 4.0]))
