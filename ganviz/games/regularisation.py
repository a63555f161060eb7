"""Regularisation in the game: which of the methods of ``penalties`` act on an update, and with which numbers.

What is off touches nothing: a run without regularisation is bit for bit the plain game. Random numbers come
from streams of their own, as functions of (seed, number of the update).
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from ganviz.experiment import Experiment
from ganviz.games.network import Network
from ganviz.games.penalties import PENALTIES, noise_level, smoothed_cross_entropy
from ganviz.games.player import State, part_of
from ganviz.games.spectral import SpectralNorm
from ganviz.games.streams import Stream, gaussian, generator, uniform

SPECTRAL = "d.spectral."


class Batch(NamedTuple):
    """What D saw: reals and fakes (n, dim) each, and its outputs on them (n,)."""

    reals: Tensor
    fakes: Tensor
    real: Tensor
    fake: Tensor


class Regularisation:
    """The regularisation of one game with the discriminator ``network`` on data of ``dim`` components."""

    def __init__(self, experiment: Experiment, network: Network, dim: int, device: torch.device) -> None:
        self._network = network
        seed, rows = experiment.seed, experiment.batch_size
        self._uniform = Stream(seed, "penalty", rows, uniform(dim), device, dim=dim)
        self._d_noise = Stream(seed, "d_instance_noise", 2 * rows, gaussian(dim), device, dim=dim)
        self._g_noise = Stream(seed, "g_instance_noise", 2 * rows, gaussian(dim), device, dim=dim)
        self.streams = (self._uniform, self._d_noise, self._g_noise)
        self.apply(experiment)

    def apply(self, experiment: Experiment) -> None:
        """Take over the settings."""
        self._experiment = experiment
        self._smooths = experiment.acts("smooth_real") or experiment.acts("smooth_fake")
        self._penalties = [penalty for penalty in PENALTIES if experiment.acts(penalty.setting)]
        if not experiment.acts("spectral_norm"):
            self._network.spectral = None
        elif self._network.spectral is None:
            self._begin_spectral()

    def _begin_spectral(self) -> None:
        self._network.spectral = SpectralNorm(
            list(self._network.weights), generator(self._experiment.seed, "spectral")
        )

    def noise_level(self, d_number: int) -> float:
        """The spread of the instance noise at D's update ``d_number``."""
        e = self._experiment
        return noise_level(e.instance_noise, e.instance_noise_decay, d_number)

    def blur_for_d(self, reals: Tensor, fakes: Tensor, d_number: int) -> tuple[Tensor, Tensor]:
        """Reals and fakes as D's update ``d_number`` sees them: with instance noise where that is on."""
        sigma = self.noise_level(d_number)
        if sigma == 0.0:
            return reals, fakes
        on_reals, on_fakes = self._d_noise.batch(d_number).chunk(2)
        noise = _for_rows(on_reals, len(reals)), _for_rows(on_fakes, len(fakes))
        return reals + sigma * noise[0], fakes + sigma * noise[1]

    def blur_for_g(self, samples: Tensor, g_number: int, d_number: int, *, real: bool = False) -> Tensor:
        """Fakes, or the reals beside them, as D sees them in G's update ``g_number``, after ``d_number`` of
        its own."""
        sigma = self.noise_level(d_number)
        if sigma == 0.0:
            return samples
        return samples + sigma * _for_rows(self._g_noise.batch(g_number).chunk(2)[real], len(samples))

    def trained(self, loss: Tensor, batch: Batch, d_number: int) -> Tensor:
        """What D descends in update ``d_number``: the objective's L_D (0-dim), with smoothed labels where
        they are on, plus strength times measure of each penalty that is on.
        """
        e = self._experiment
        if self._smooths:
            loss = smoothed_cross_entropy(batch.real, batch.fake, e.smooth_real, e.smooth_fake)
        for penalty in self._penalties:
            numbers = _for_rows(self._uniform.batch(d_number), len(batch.reals))
            measured = penalty.measure(self._network, batch.reals, batch.fakes, numbers)
            loss = loss + getattr(e, penalty.setting) * measured
        return loss

    def after_move(self) -> None:
        """Follow D's new weights."""
        if self._network.spectral is not None:
            self._network.spectral.advance()

    def state(self) -> State:
        """A copy of what the methods carry from update to update."""
        spectral = self._network.spectral
        return {} if spectral is None else {SPECTRAL + k: v for k, v in spectral.state().items()}

    def load(self, state: State) -> None:
        """Take over a state; what is on now and was not then begins anew from the weights."""
        if self._network.spectral is None:
            return
        self._begin_spectral()
        kept = part_of(state, SPECTRAL)
        if kept:
            self._network.spectral.load(kept)


def _for_rows(numbers: Tensor, rows: int) -> Tensor:
    """The numbers of a batch (n, dim) for so many rows: a look may hold fewer than a batch does, or more, and
    then each stands for several."""
    return numbers[:rows] if rows <= len(numbers) else numbers.repeat(-(-rows // len(numbers)), 1)[:rows]
