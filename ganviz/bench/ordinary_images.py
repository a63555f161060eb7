"""The ordinary loop of DCGAN, as tutorials teach it: the yardstick for the speed of convolutions.

torch's modules in their own layout; sigmoid outputs and BCELoss; D on reals, D on fakes, then G through D by
the same fakes; plain Adam; gradients of everything; two ``.item()`` a step.
"""

from __future__ import annotations

import torch
from torch import nn

from ganviz.bench.ordinary import OrdinaryLoop
from ganviz.experiment import Experiment

SIDE = 28
IMAGES = Experiment(
    name="images",
    data="glyphs",
    image_size=SIDE,
    image_count=6_000,
    network="dcgan",
    filters=32,
    latent_dim=64,
    batch_size=64,
    g_learning_rate=2e-4,
    d_learning_rate=2e-4,
    g_beta2=0.999,
    d_beta2=0.999,
    objective="non_saturating",
    measure_every=100_000,
)
"""Grey images of 28 x 28, nf 32, batch 64, Adam 2e-4 (0.5, 0.999)."""


class OrdinaryImages(OrdinaryLoop):
    """The same networks, data and optimiser settings as IMAGES, trained the ordinary way."""

    def _experiment(self) -> Experiment:
        return IMAGES

    def _networks(self, experiment: Experiment) -> tuple[nn.Module, nn.Module]:
        nf = experiment.filters
        generator = nn.Sequential(
            nn.ConvTranspose2d(experiment.latent_dim, 2 * nf, SIDE // 4, bias=False),
            nn.BatchNorm2d(2 * nf),
            nn.ReLU(),
            nn.ConvTranspose2d(2 * nf, nf, 4, 2, 1, bias=False),
            nn.BatchNorm2d(nf),
            nn.ReLU(),
            nn.ConvTranspose2d(nf, 1, 4, 2, 1, bias=False),
            nn.Tanh(),
        )
        discriminator = nn.Sequential(
            nn.Conv2d(1, nf, 4, 2, 1, bias=False),
            nn.LeakyReLU(0.2),
            nn.Conv2d(nf, 2 * nf, 4, 2, 1, bias=False),
            nn.BatchNorm2d(2 * nf),
            nn.LeakyReLU(0.2),
            nn.Conv2d(2 * nf, 1, SIDE // 4, bias=False),
            nn.Flatten(),
            nn.Sigmoid(),
        )
        return generator, discriminator

    def step(self) -> None:
        """One step of both players."""
        rows = IMAGES.batch_size
        real = torch.from_numpy(self.source.sample(self.random, rows)).view(rows, 1, SIDE, SIDE)
        valid, invalid = torch.ones(rows, 1), torch.zeros(rows, 1)

        self.d_optimizer.zero_grad()
        on_real = self.loss(self.d(real), valid)
        on_real.backward()
        fake = self.g(torch.randn(rows, IMAGES.latent_dim, 1, 1))
        on_fake = self.loss(self.d(fake.detach()), invalid)
        on_fake.backward()
        self.d_optimizer.step()

        self.g_optimizer.zero_grad()
        g_loss = self.loss(self.d(fake), valid)
        g_loss.backward()
        self.g_optimizer.step()
        self.losses.append(((on_real + on_fake).item(), g_loss.item()))
