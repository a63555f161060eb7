"""The game of Goodfellow et al. 2014, read from Algorithm 1.

    for each step:
        k times:  draw reals x and noise z;  D descends  L_D = E real_cost(a(x)) + E fake_cost(a(G(z)))
        then:     draw fresh noise z;        G descends  L_G = E generator_cost(a(G(z)))

where a is D's output. For the minimax objective L_D = -E log D(x) - E log(1 - D(G(z))) = -V, and
L_G = E log(1 - D(G(z))): Eq. 1 of the paper.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from ganviz.data import Source, make_source
from ganviz.experiment import Experiment
from ganviz.games.networks import MLP, one_output
from ganviz.games.objectives import COSTS
from ganviz.games.player import Player, State
from ganviz.games.streams import Stream, generator, latents, torch_generator


class Seen(NamedTuple):
    """What one step saw, on the device and not yet read: L_D and L_G (0-dim), D's outputs on the reals and
    on the fakes of its last batch (n,) each."""

    d_loss: Tensor
    g_loss: Tensor
    real: Tensor
    fake: Tensor


FIXED_SAMPLES = 500


class GAN:
    """Generator against discriminator. Batch n, noise n and the initial weights are functions of the seed.

    ``source`` stands in for the experiment's own data, where that is none of the shipped distributions.
    """

    def __init__(self, experiment: Experiment, device: torch.device, source: Source | None = None) -> None:
        self.experiment = experiment
        self.device = device
        self.source: Source = source or make_source(
            experiment.data,
            modes=experiment.modes,
            side=experiment.side,
            radius=experiment.radius,
            sigma=experiment.sigma,
        )
        weights = torch_generator(experiment.seed, "weights")
        bounded = torch.tanh if self.source.image_shape else None  # pixels lie in [-1, 1]
        g_sizes = [experiment.latent_dim, *[experiment.g_width] * experiment.g_layers, self.source.dim]
        d_sizes = [self.source.dim, *[experiment.d_width] * experiment.d_layers, 1]
        self.g = Player("g", MLP(g_sizes, experiment.g_activation, weights, bounded).to(device), experiment)
        self.d = Player(
            "d", MLP(d_sizes, experiment.d_activation, weights, one_output).to(device), experiment
        )
        self.draw_latents = latents(experiment.latent, experiment.latent_dim)
        seed, rows = experiment.seed, experiment.batch_size
        self._data = Stream(seed, "data", rows, self.source.sample, device)
        self._d_noise = Stream(seed, "d_noise", rows, self.draw_latents, device)
        self._g_noise = Stream(seed, "g_noise", rows, self.draw_latents, device)
        fixed = generator(seed, "fixed")
        self.fixed_real = self.place(self.source.sample(fixed, FIXED_SAMPLES))
        self.fixed_latents = self.place(self.draw_latents(fixed, FIXED_SAMPLES))
        self.apply(experiment)

    def apply(self, experiment: Experiment) -> None:
        """Take over the live settings; they act from the next update on. Weights and moments stay."""
        self.experiment = experiment
        self.costs = COSTS[experiment.objective]
        self.g.apply(experiment)
        self.d.apply(experiment)

    # Algorithm 1

    @property
    def head_start_left(self) -> int:
        """D's updates still to come before step 1."""
        return max(0, self.experiment.head_start - self.d.count) if self.g.count == 0 else 0

    def step(self, between: Callable[[], None] | None = None) -> Seen:
        """One iteration: ``d_updates`` of D, then ``g_updates`` of G. Nothing waits for the device.

        ``between`` is called once between the players' turns, for those who watch in slow motion.
        """
        d_updates, g_updates = self.experiment.d_updates, self.experiment.g_updates
        together = self.experiment.update_order == "simultaneous" and d_updates > 0 and g_updates > 0
        for _ in range(d_updates - together):
            d_loss, real, fake = self.update_discriminator()
        if together:
            (d_loss, real, fake), g_loss = self.update_both()
        elif d_updates == 0:
            with torch.no_grad():
                d_loss, real, fake = self.discriminator_loss()
        if between:
            between()
        for _ in range(g_updates - together):
            g_loss = self.update_generator()
        if g_updates == 0:
            g_loss = self.costs.generator(fake).mean()
        return Seen(d_loss, g_loss, real, fake)

    def update_discriminator(self) -> tuple[Tensor, Tensor, Tensor]:
        """D descends its loss on batch number ``d.count``. Returns (L_D, outputs on reals, outputs on
        fakes)."""
        loss, real, fake = self.discriminator_loss()
        self.d.feel(loss)
        self._move_discriminator()
        return loss.detach(), real.detach(), fake.detach()

    def update_generator(self) -> Tensor:
        """G descends its loss on fresh noise, through D but without D's weights. Returns L_G."""
        loss = self.generator_loss()
        self.g.feel(loss)
        self.g.move()
        return loss.detach()

    def update_both(self) -> tuple[tuple[Tensor, Tensor, Tensor], Tensor]:
        """Simultaneous: both feel their gradients at the same weights, then both move."""
        d_loss, real, fake = self.discriminator_loss()
        g_loss = self.generator_loss(d_number=self.d.count)
        self.d.feel(d_loss)
        self.g.feel(g_loss)
        self._move_discriminator()
        self.g.move()
        return (d_loss.detach(), real.detach(), fake.detach()), g_loss.detach()

    def discriminator_loss(self) -> tuple[Tensor, Tensor, Tensor]:
        """L_D on the next batch, and D's outputs on its reals and its fakes; one pass of D over both."""
        with torch.no_grad():
            fakes = self.g.network(self._d_noise.batch(self.d.count))
        outputs = self.d.network(torch.cat([self._data.batch(self.d.count), fakes]))
        real, fake = outputs.chunk(2)
        return self.costs.real(real).mean() + self.costs.fake(fake).mean(), real, fake

    def generator_loss(self, d_number: int | None = None) -> Tensor:
        """L_G on the next noise: fresh, or the noise of D's update ``d_number``, by default its last one."""
        if self.experiment.g_noise == "same":
            noise = self._d_noise.batch(max(self.d.count - 1, 0) if d_number is None else d_number)
        else:
            noise = self._g_noise.batch(self.g.count)
        return self.costs.generator(self.d.network(self.g.network(noise))).mean()

    def _move_discriminator(self) -> None:
        self.d.move()
        if self.experiment.objective == "wasserstein":
            self.d.clamp(self.experiment.weight_clip)

    # What trainer and probes need of any game

    def state(self) -> State:
        """A copy of everything that training changes: flat, tensors only."""
        return self.g.state() | self.d.state()

    def load(self, state: State) -> None:
        """Go to a state of the same networks."""
        self.g.load(state)
        self.d.load(state)

    def place(self, values: np.ndarray) -> Tensor:
        """NumPy values as a float32 tensor on the game's device."""
        return torch.from_numpy(np.ascontiguousarray(values, dtype=np.float32)).to(self.device)

    def finite(self) -> dict[str, Tensor]:
        """For each player by its full name, whether all its weights are finite (0-dim, on the device)."""
        return {
            name: torch.stack(torch._foreach_norm(player.parameters)).isfinite().all()
            for name, player in (("generator", self.g), ("discriminator", self.d))
        }
