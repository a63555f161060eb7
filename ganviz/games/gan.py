"""The game of Goodfellow et al. 2014, read from Algorithm 1.

    for each step:
        k times:  draw reals x and noise z;  D descends  L_D = E real_cost(a(x)) + E fake_cost(a(G(z)))
        then:     draw fresh noise z;        G descends  L_G = E generator_cost(a(G(z)))

where a is D's output. For the minimax objective L_D = -E log D(x) - E log(1 - D(G(z))) = -V, and
L_G = E log(1 - D(G(z))): Eq. 1 of the paper. A relativistic cost is one of a(x) and a(G(z))
together: there G's update draws reals too, fresh ones where its noise is fresh, else D's. What regularisation
adds is in ``regularisation``, the orders in which both players move at once in ``rules``.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from ganviz.data import Source
from ganviz.experiment import Experiment
from ganviz.games.making import make_discriminator, make_generator
from ganviz.games.network import outputs_on
from ganviz.games.objectives import COSTS
from ganviz.games.player import Player, State
from ganviz.games.regularisation import Batch, Regularisation
from ganviz.games.rules import MOVES
from ganviz.games.streams import Stream, generator, latents, torch_generator


class Seen(NamedTuple):
    """What one step saw, on the device and not yet read: L_D and L_G (0-dim), D's outputs on the reals and
    on the fakes of its last batch (n,) each."""

    d_loss: Tensor
    g_loss: Tensor
    real: Tensor
    fake: Tensor


class Judged(NamedTuple):
    """D's judgement of one batch: L_D of the objective (0-dim), what D descends instead where something is
    regularised, D's outputs on reals and on fakes (n,).
    """

    loss: Tensor
    trained: Tensor
    real: Tensor
    fake: Tensor

    def detach(self) -> Judged:
        """The same numbers, free of the graph."""
        return Judged(*(value.detach() for value in self))


FIXED_SAMPLES, FIXED_IMAGES = 500, 128
"""Reals, and latents, that every look of a run shows; fewer where they go through convolutions."""


class GAN:
    """Generator against discriminator. Batch n, noise n and the initial weights are functions of the seed.

    ``source`` stands in for the experiment's own data, where that is none of the shipped distributions.
    """

    def __init__(self, experiment: Experiment, device: torch.device, source: Source | None = None) -> None:
        self.experiment = experiment
        self.device = device
        self.source: Source = source or experiment.source(anew=True)
        weights = torch_generator(experiment.seed, "weights")
        self.g = Player("g", make_generator(experiment, self.source, weights).to(device), experiment)
        self.d = Player("d", make_discriminator(experiment, self.source, weights).to(device), experiment)
        self.regularisation = Regularisation(experiment, self.d.network, self.source.dim, device)
        self.draw_latents = latents(experiment.latent, experiment.latent_dim)
        seed, rows = experiment.seed, experiment.batch_size
        self._data = Stream(seed, "data", rows, self.source.sample, device, dim=self.source.dim)
        self._d_noise = Stream(seed, "d_noise", rows, self.draw_latents, device)
        self._g_noise = Stream(seed, "g_noise", rows, self.draw_latents, device)
        self._g_data = Stream(seed, "g_data", rows, self.source.sample, device, dim=self.source.dim)
        fixed = generator(seed, "fixed")
        count = FIXED_IMAGES if experiment.network == "dcgan" else FIXED_SAMPLES
        self.fixed_real = self.place(self.source.sample(fixed, count))
        self.fixed_latents = self.place(self.draw_latents(fixed, count))
        with torch.no_grad():
            self.first_fakes = self.g.network(self.fixed_latents)
        self.streams = (self._data, self._d_noise, self._g_noise, self._g_data, *self.regularisation.streams)
        self.apply(experiment)

    def apply(self, experiment: Experiment) -> None:
        """Take over the live settings; they act from the next update on. Weights and moments stay."""
        self.experiment = experiment
        self.costs = COSTS[experiment.objective]
        self.g.apply(experiment)
        self.d.apply(experiment)
        self.regularisation.apply(experiment)

    # Algorithm 1

    @property
    def head_start_left(self) -> int:
        """D's updates still to come before step 1."""
        return max(0, self.experiment.head_start - self.d.count) if self.g.count == 0 else 0

    @contextmanager
    def learning(self) -> Iterator[None]:
        """Meanwhile batches are those of training, which enter the networks' running averages."""
        with self.g.network.tracking(), self.d.network.tracking():
            yield

    def step(self, between: Callable[[], None] | None = None) -> Seen:
        """One iteration: ``d_updates`` of D, then ``g_updates`` of G. Nothing waits for the device.

        ``between`` is called once between the players' turns, for those who watch in slow motion.
        """
        d_updates, g_updates = self.experiment.d_updates, self.experiment.g_updates
        at_once = MOVES.get(self.experiment.update_order) if d_updates > 0 and g_updates > 0 else None
        for _ in range(d_updates - bool(at_once)):
            judged = self.update_discriminator()
        if at_once:
            with self.learning():
                judged, g_loss = at_once(self)
        elif d_updates == 0:
            judged = self.discriminator_loss().detach()
        if between:
            between()
        for _ in range(g_updates - bool(at_once)):
            g_loss = self.update_generator()
        if g_updates == 0:
            g_loss = self.costs.g_loss(judged.real, judged.fake)
        return Seen(judged.loss, g_loss, judged.real, judged.fake)

    def update_discriminator(self) -> Judged:
        """D descends its loss on batch number ``d.count``."""
        with self.learning():
            judged = self.discriminator_loss()
        self.d.feel(judged.trained)
        self.move_discriminator()
        return judged.detach()

    def update_generator(self) -> Tensor:
        """G descends its loss on fresh noise, through D but without D's weights. Returns L_G."""
        with self.learning():
            loss = self.generator_loss()
        self.g.feel(loss)
        self.g.move()
        return loss.detach()

    def discriminator_loss(self, joined: bool = False) -> Judged:
        """D's judgement of the next batch; ``joined``: the fakes stay joined to G's weights."""
        with torch.set_grad_enabled(joined):
            fakes = self.g.network(self._d_noise.batch(self.d.count))
        return self.judge(self._data.batch(self.d.count), fakes)

    def judge(self, reals: Tensor, fakes: Tensor) -> Judged:
        """D's judgement of these samples as its next update would see them."""
        reals, fakes = self.regularisation.blur_for_d(reals, fakes, self.d.count)
        real, fake = outputs_on(self.d.network, reals, fakes)
        loss = self.costs.d_loss(real, fake)
        batch = Batch(reals, fakes, real, fake)
        return Judged(loss, self.regularisation.trained(loss, batch, self.d.count), real, fake)

    def generator_loss(self, d_number: int | None = None) -> Tensor:
        """L_G on the next noise: fresh, or the noise of D's update ``d_number``, by default its last one."""
        number, noise, data = self.g.count, self._g_noise, self._g_data
        if self.experiment.g_noise == "same":
            number = max(self.d.count - 1, 0) if d_number is None else d_number
            noise, data = self._d_noise, self._data
        blur = self.regularisation.blur_for_g
        fake = self.d.network(blur(self.g.network(noise.batch(number)), self.g.count, self.d.count))
        if not self.costs.compares:
            return self.costs.g_loss(fake, fake)  # of the fakes alone
        real = self.d.network(blur(data.batch(number), self.g.count, self.d.count, real=True))
        return self.costs.g_loss(real, fake)

    def both_losses(self, joined: bool = False) -> tuple[Judged, Tensor]:
        """D's judgement and L_G at the same weights, where both players move at once."""
        return self.discriminator_loss(joined), self.generator_loss(d_number=self.d.count)

    def move_discriminator(self) -> None:
        """D's update with the gradient just felt, and what comes after each."""
        self.d.move()
        self.clip_discriminator()
        self.regularisation.after_move()

    def clip_discriminator(self) -> None:
        """Clip the weights of a Wasserstein critic."""
        if self.experiment.acts("weight_clip"):
            self.d.clamp(self.experiment.weight_clip)

    # What trainer and probes need of any game

    @property
    def players(self) -> tuple[Player, Player]:
        """Those that have weights."""
        return self.g, self.d

    @property
    def counts(self) -> dict[str, int]:
        """Each player's updates so far."""
        return {"d": self.d.count, "g": self.g.count}

    def update(self, player: str) -> object:
        """One update of one player, "d" or "g"."""
        return self.update_discriminator() if player == "d" else self.update_generator()

    def state(self) -> State:
        """A copy of everything that training changes: flat, tensors only."""
        return self.g.state() | self.d.state() | self.regularisation.state()

    def load(self, state: State) -> None:
        """Go to a state of the same networks."""
        self.g.load(state)
        self.d.load(state)
        self.regularisation.load(state)

    # Looking: nothing of this touches the run

    def outputs(self, reals: Tensor, fakes: Tensor) -> tuple[Tensor, Tensor]:
        """D's outputs (n,) each on a batch of reals and on one of fakes, as in training."""
        return outputs_on(self.d.network, reals, fakes)

    def generate(self, latents: Tensor) -> Tensor:
        """G's samples (n, dim) of any latents, however few: each is what G makes of that latent among the
        fixed ones."""
        with self.g.network.among(self.fixed_latents):
            samples: Tensor = self.g.network(latents)
        return samples

    def rate(self, samples: Tensor, real: bool = False) -> Tensor:
        """D's outputs (n,) on any samples, however few: each as it is among the fixed fakes, or reals."""
        with torch.no_grad():
            company = self.fixed_real if real else self.g.network(self.fixed_latents)
        with self.d.network.among(company):
            outputs: Tensor = self.d.network(samples)
        return outputs

    def still(self) -> GAN:
        """A copy in float64 on the CPU, to be looked at, in another thread too: what is done with it leaves
        this game alone."""
        twin = copy.copy(self)
        twin.device = torch.device("cpu")
        twin.g, twin.d = self.g.still(), self.d.still()
        network = twin.d.network
        if network.spectral is not None:
            network.spectral.double()
        twin.regularisation = Regularisation(self.experiment, network, self.source.dim, twin.device)
        return twin

    def place(self, values: np.ndarray) -> Tensor:
        """NumPy values as a float32 tensor on the game's device."""
        return torch.from_numpy(np.ascontiguousarray(values, dtype=np.float32)).to(self.device)

    def finite(self) -> dict[str, Tensor]:
        """For each player by its full name, whether all its weights are finite (0-dim, on the device)."""
        return {
            name: player.vector.isfinite().all()
            for name, player in (("generator", self.g), ("discriminator", self.d))
        }
