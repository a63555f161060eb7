"""The replay pool: a discriminator sees some fakes again that the generator made in earlier steps.

Shrivastava et al. 2017, Section 2.3, as Zhu et al. 2017 use it (Section 4): each new fake goes to the
discriminator, or with probability 1/2 into the pool, in place of an older one that goes in its stead.
"""

from __future__ import annotations

import torch
from torch import Tensor

from ganviz.games.player import State, whole_number
from ganviz.games.streams import sent


class ReplayPool:
    """At most ``size`` fakes (dim,) each. 0: every fake passes through."""

    def __init__(self, name: str, size: int, dim: int, device: torch.device) -> None:
        self.name = name
        self.samples = torch.zeros(size, dim, device=device)
        self.filled = 0

    def exchange(self, fakes: Tensor, chances: Tensor) -> Tensor:
        """What D sees (n, dim) of new fakes (n, dim), which are taken in turn. A pool that is not full keeps
        a copy of each. ``chances`` (n, 2) in [0, 1), on the CPU: below 1/2 in the first an older one goes,
        which one says the second. Nothing waits for the device."""
        size = len(self.samples)
        if size == 0:
            return fakes
        held, seen = list(range(self.filled)), []
        for number, (chance, place) in enumerate(chances.tolist(), start=size):
            if len(held) < size:
                held.append(number)
                seen.append(number)
            elif chance < 0.5:
                slot = min(int(place * size), size - 1)
                seen.append(held[slot])
                held[slot] = number
            else:
                seen.append(number)
        known = torch.cat([self.samples, fakes])
        self.samples[: len(held)] = known[sent(torch.tensor(held), known.device)]
        self.filled = len(held)
        return known[sent(torch.tensor(seen), known.device)]

    def state(self) -> State:
        """A copy of what is held."""
        return {
            f"{self.name}.samples": self.samples.clone(),
            f"{self.name}.filled": torch.tensor(self.filled),
        }

    def load(self, state: State) -> None:
        """Take over a state. KeyError, RuntimeError or ValueError where it is another pool's."""
        samples, filled = state[f"{self.name}.samples"], whole_number(state, f"{self.name}.filled")
        if samples.shape != self.samples.shape or filled > len(samples):
            raise ValueError(f"{self.name} is no pool of {len(self.samples)}")
        self.samples.copy_(samples)
        self.filled = filled
