"""The loop that most tutorials teach, as the yardstick for speed: never used to train in the program.

Sigmoid outputs and BCELoss; G's step first, its fakes used again (detached) for D; two passes of D; plain
Adam; gradients of everything; two ``.item()`` a step.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from ganviz.experiment import Experiment

WORKLOAD = Experiment(
    name="workload",
    data="ring",
    sigma=0.05,
    latent_dim=16,
    g_width=128,
    d_width=128,
    batch_size=256,
    objective="non_saturating",
    measure_every=100_000,
)
"""Ring of eight Gaussians, 2 x 128 units a player, batch 256, Adam 1e-3 (0.5, 0.9)."""


class OrdinaryLoop:
    """The same networks, data and optimiser settings as WORKLOAD, trained the ordinary way."""

    def __init__(self, seed: int = 0) -> None:
        torch.manual_seed(seed)
        e = self._experiment()
        self.g, self.d = self._networks(e)
        betas = (e.g_beta1, e.g_beta2)
        self.g_optimizer = torch.optim.Adam(self.g.parameters(), lr=e.g_learning_rate, betas=betas)
        self.d_optimizer = torch.optim.Adam(self.d.parameters(), lr=e.d_learning_rate, betas=betas)
        self.loss = nn.BCELoss()
        self.source = e.source()
        self.random = np.random.default_rng(seed)
        self.losses: list[tuple[float, float]] = []

    def _experiment(self) -> Experiment:
        return WORKLOAD

    def _networks(self, experiment: Experiment) -> tuple[nn.Module, nn.Module]:
        """G and D, as torch makes them."""
        generator = nn.Sequential(
            nn.Linear(experiment.latent_dim, 128),
            nn.ReLU(),
            nn.Linear(128, 128),
            nn.ReLU(),
            nn.Linear(128, 2),
        )
        discriminator = nn.Sequential(
            nn.Linear(2, 128),
            nn.LeakyReLU(0.2),
            nn.Linear(128, 128),
            nn.LeakyReLU(0.2),
            nn.Linear(128, 1),
            nn.Sigmoid(),
        )
        return generator, discriminator

    def play(self, count: int) -> None:
        """Several steps."""
        for _ in range(count):
            self.step()

    def step(self) -> None:
        """One step of both players."""
        rows = WORKLOAD.batch_size
        real = torch.from_numpy(self.source.sample(self.random, rows))
        valid, invalid = torch.ones(rows, 1), torch.zeros(rows, 1)

        self.g_optimizer.zero_grad()
        fake = self.g(torch.randn(rows, WORKLOAD.latent_dim))
        g_loss = self.loss(self.d(fake), valid)
        g_loss.backward()
        self.g_optimizer.step()

        self.d_optimizer.zero_grad()
        d_loss = self.loss(self.d(real), valid) + self.loss(self.d(fake.detach()), invalid)
        d_loss.backward()
        self.d_optimizer.step()
        self.losses.append((d_loss.item(), g_loss.item()))
