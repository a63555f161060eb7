"""The replay pool against the authors' loop, image by image."""

import numpy as np
import pytest
import torch

from ganviz.games.replay import ReplayPool

CPU = torch.device("cpu")


def by_hand(size: int, batches: list[np.ndarray], chances: list[np.ndarray]) -> list[list[float]]:
    """The loop of Shrivastava et al. 2017: a list, one image at a time."""
    held: list[float] = []
    seen = []
    for batch, draws in zip(batches, chances, strict=True):
        out = []
        for value, (chance, place) in zip(batch, draws, strict=True):
            if len(held) < size:
                held.append(value)
                out.append(value)
            elif chance < 0.5:
                slot = int(place * size)
                out.append(held[slot])
                held[slot] = value
            else:
                out.append(value)
        seen.append(out)
    return [*seen, held]


@pytest.mark.parametrize(("size", "rows"), [(50, 16), (5, 32), (1, 3)])
def test_it_is_the_loop_image_by_image(size: int, rows: int) -> None:
    random = np.random.default_rng(0)
    batches = [random.random(rows, dtype=np.float32) for _ in range(12)]
    chances = [random.random((rows, 2), dtype=np.float32) for _ in range(12)]
    *wanted, held = by_hand(size, batches, chances)
    pool = ReplayPool("pool", size, 1, CPU)
    found = [
        pool.exchange(torch.from_numpy(batch[:, None]), torch.from_numpy(draws))[:, 0].tolist()
        for batch, draws in zip(batches, chances, strict=True)
    ]
    assert found == wanted
    assert pool.samples[:, 0].tolist() == held


def test_none_at_all() -> None:
    fakes = torch.randn(4, 2)
    assert ReplayPool("pool", 0, 2, CPU).exchange(fakes, torch.zeros(4, 2)) is fakes


def test_a_state_of_another_size_is_refused() -> None:
    pool, other = ReplayPool("pool", 4, 2, CPU), ReplayPool("pool", 5, 2, CPU)
    pool.exchange(torch.ones(3, 2), torch.zeros(3, 2))
    with pytest.raises(ValueError, match="pool is no pool of 5"):
        other.load(pool.state())
    with pytest.raises(KeyError):
        other.load({})
    again = ReplayPool("pool", 4, 2, CPU)
    again.load(pool.state())
    assert again.filled == 3 and torch.equal(again.samples, pool.samples)
