"""CycleGAN: Zhu, Park, Isola and Efros 2017, Section 3, with the details of Section 4.

Two kinds of data, X and Y, and no pairs. G maps X to Y and F maps Y to X; D_Y tells y from G(x), D_X tells x
from F(y). In one step

    d_updates times:  D_X and D_Y each descend half of E (D(real) - 1)^2 + E D(fake)^2
    g_updates times:  G and F together descend
        E (D_Y(G(x)) - 1)^2 + E (D_X(F(y)) - 1)^2              Eq. 1, with squares for logarithms (Section 4)
        + lambda (E |F(G(x)) - x| + E |G(F(y)) - y|)           Eq. 2, weighted as in Eq. 3
        + lambda_id (E |G(y) - y| + E |F(x) - x|)              Section 5.2

The minimum over G and F of the maximum over D_X and D_Y is Eq. 4. |.| is the mean over the coordinates, as in
the authors' code. They move the generators first; here the discriminators do, as in every other game.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from ganviz.experiment import Experiment
from ganviz.experiment.pair import pair_of
from ganviz.games.making import make_judge, make_translator
from ganviz.games.player import Player, State
from ganviz.games.replay import ReplayPool
from ganviz.games.streams import Stream, generator, torch_generator, uniform

FIXED_SAMPLES, FIXED_IMAGES = 500, 128
"""Samples of X and of Y that every look of a run shows; fewer where they go through convolutions."""


class DiscriminatorLosses(NamedTuple):
    """What D_X and D_Y descend (0-dim)."""

    dx_loss: Tensor
    dy_loss: Tensor


class GeneratorLosses(NamedTuple):
    """What G and F descend, term by term and without weights (0-dim). ``cycle_x`` is of x -> G(x) -> F(G(x)),
    ``identity_x`` of x -> F(x); the others of y."""

    g_loss: Tensor
    f_loss: Tensor
    cycle_x: Tensor
    cycle_y: Tensor
    identity_x: Tensor
    identity_y: Tensor


class Seen(NamedTuple):
    """What one step saw, on the device and not yet read."""

    d: DiscriminatorLosses
    g: GeneratorLosses


class CycleGAN:
    """Two generators and two discriminators. G and F have the settings of the generator, D_X and D_Y those of
    the discriminator. Every batch and the initial weights are functions of the seed.

    Raises ExperimentError where X and Y have samples of different shapes.
    """

    def __init__(self, experiment: Experiment, device: torch.device) -> None:
        self.experiment, self.device = experiment, device
        self.x_source, self.y_source = pair_of(experiment, anew=True)
        dim, size = self.x_source.dim, experiment.pool_size
        weights = torch_generator(experiment.seed, "weights")
        self.g, self.f = (
            Player("g", make_translator(experiment, self.x_source, weights).to(device), experiment, name)
            for name in ("g", "f")
        )
        self.dx, self.dy = (
            Player("d", make_judge(experiment, self.x_source, weights).to(device), experiment, name)
            for name in ("dx", "dy")
        )
        self.players = (self.g, self.f, self.dx, self.dy)
        self.x_pool, self.y_pool = (ReplayPool(name, size, dim, device) for name in ("x_pool", "y_pool"))
        self._make_streams()
        self.apply(experiment)

    def _make_streams(self) -> None:
        seed, rows = self.experiment.seed, self.experiment.batch_size

        def stream(name: str, draw: Callable[..., np.ndarray], device: torch.device = self.device) -> Stream:
            return Stream(seed, name, rows, draw, device, dim=self.x_source.dim)

        x, y = self.x_source.sample, self.y_source.sample
        self._d_x, self._d_y = stream("d_x", x), stream("d_y", y)
        self._g_x, self._g_y = stream("g_x", x), stream("g_y", y)
        here = torch.device("cpu")  # they are read
        self._x_chances, self._y_chances = (stream(name, uniform(2), here) for name in ("x_pool", "y_pool"))
        fixed = generator(seed, "fixed")
        count = FIXED_IMAGES if self.experiment.network == "dcgan" else FIXED_SAMPLES
        self.fixed_x = self.place(self.x_source.sample(fixed, count))
        self.fixed_y = self.place(self.y_source.sample(fixed, count))

    def apply(self, experiment: Experiment) -> None:
        """Take over the live settings; they act from the next update on. Weights and moments stay."""
        self.experiment = experiment
        self.cycle_weight, self.identity_weight = (
            getattr(experiment, key) if experiment.applies(key) else 0.0
            for key in ("cycle_weight", "identity_weight")
        )
        for player in self.players:
            player.apply(experiment)

    # The game

    @property
    def head_start_left(self) -> int:
        """The discriminators have no head start here."""
        return 0

    def step(self, between: Callable[[], None] | None = None) -> Seen:
        """``d_updates`` of D_X and D_Y, then ``g_updates`` of G and F. ``between`` is called once between."""
        for _ in range(self.experiment.d_updates):
            d_losses = self.update_discriminators()
        if self.experiment.d_updates == 0:
            d_losses = DiscriminatorLosses(*(loss.detach() for loss in self.discriminator_losses(False)))
        if between:
            between()
        for _ in range(self.experiment.g_updates):
            g_losses = self.update_generators()
        if self.experiment.g_updates == 0:
            with torch.no_grad():
                g_losses = self.generator_losses()
        return Seen(d_losses, g_losses)

    def update_discriminators(self) -> DiscriminatorLosses:
        """D_X and D_Y each descend their own loss on their next batch."""
        losses = self.discriminator_losses()
        for player, loss in zip((self.dx, self.dy), losses, strict=True):
            player.feel(loss)
            player.move()
        return DiscriminatorLosses(*(loss.detach() for loss in losses))

    def update_generators(self) -> GeneratorLosses:
        """G and F descend the full objective (Eq. 3) together on their next batch."""
        losses = self.generator_losses()
        loss = losses.g_loss + losses.f_loss
        if self.cycle_weight:
            loss = loss + self.cycle_weight * (losses.cycle_x + losses.cycle_y)
        if self.identity_weight:
            loss = loss + self.identity_weight * (losses.identity_x + losses.identity_y)
        slopes = torch.autograd.grad(loss, [*self.g.parameters, *self.f.parameters])
        count = len(self.g.parameters)
        for player, gradients in ((self.g, slopes[:count]), (self.f, slopes[count:])):
            player.take(gradients)
            player.move()
        return GeneratorLosses(*(loss.detach() for loss in losses))

    def discriminator_losses(self, replayed: bool = True) -> DiscriminatorLosses:
        """What D_X and D_Y pay on their next batch, whose fakes have been exchanged with the pools'."""
        number = self.dx.count
        x, y = self._d_x.batch(number), self._d_y.batch(number)
        with torch.no_grad():
            fake_x, fake_y = self.f.network(y), self.g.network(x)
        if replayed:
            fake_x = self.x_pool.exchange(fake_x, self._x_chances.batch(number))
            fake_y = self.y_pool.exchange(fake_y, self._y_chances.batch(number))
        return DiscriminatorLosses(_told_apart(self.dx, x, fake_x), _told_apart(self.dy, y, fake_y))

    def generator_losses(self) -> GeneratorLosses:
        """Every term on the next batch; of those with no weight no slopes are kept."""
        g, f = self.g.network, self.f.network
        x, y = self._g_x.batch(self.g.count), self._g_y.batch(self.g.count)
        fake_y, fake_x = g(x), f(y)
        taken_for_real = [
            (self.dy.network(fake_y) - 1.0).square().mean(),
            (self.dx.network(fake_x) - 1.0).square().mean(),
        ]
        slopes = torch.is_grad_enabled()
        with torch.set_grad_enabled(slopes and self.cycle_weight > 0.0):
            cycle = [(f(fake_y) - x).abs().mean(), (g(fake_x) - y).abs().mean()]
        with torch.set_grad_enabled(slopes and self.identity_weight > 0.0):
            identity = [(f(x) - x).abs().mean(), (g(y) - y).abs().mean()]
        return GeneratorLosses(*taken_for_real, *cycle, *identity)

    # What trainer and probes need of any game

    @property
    def counts(self) -> dict[str, int]:
        """Each player's updates so far. ``d`` is D_X's, and D_Y's."""
        return {"d": self.dx.count, **{player.name: player.count for player in self.players}}

    def update(self, player: str) -> object:
        """One update of both discriminators ("d"), or of both generators ("g")."""
        return self.update_discriminators() if player == "d" else self.update_generators()

    def state(self) -> State:
        """A copy of everything that training changes, the pools too: flat, tensors only."""
        parts = (*self.players, self.x_pool, self.y_pool)
        return {key: value for part in parts for key, value in part.state().items()}

    def load(self, state: State) -> None:
        """Go to a state of the same networks and pools."""
        for part in (*self.players, self.x_pool, self.y_pool):
            part.load(state)

    def place(self, values: np.ndarray) -> Tensor:
        """NumPy values as a float32 tensor on the game's device."""
        return torch.from_numpy(np.ascontiguousarray(values, dtype=np.float32)).to(self.device)

    def finite(self) -> dict[str, Tensor]:
        """For each player, whether all its weights are finite (0-dim, on the device)."""
        names = ("generator G", "generator F", "discriminator D_X", "discriminator D_Y")
        return {
            name: player.vector.isfinite().all() for name, player in zip(names, self.players, strict=True)
        }


def _told_apart(player: Player, real: Tensor, fake: Tensor) -> Tensor:
    """Half of E (D(real) - 1)^2 + E D(fake)^2: the least-squares loss of Mao et al. 2017, halved to slow D
    down against the generators (Section 4)."""
    on_real, on_fake = player.network(torch.cat([real, fake])).chunk(2)
    loss: Tensor = 0.5 * ((on_real - 1.0).square().mean() + on_fake.square().mean())
    return loss
