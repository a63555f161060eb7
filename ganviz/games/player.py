"""One player: a network, its optimiser, and how a gradient becomes an update."""

from __future__ import annotations

import copy
import math
from collections.abc import Sequence
from typing import Any, Literal

import torch
from torch import Tensor

from ganviz.experiment import Experiment
from ganviz.games.network import Network
from ganviz.games.optimizers import OPTIMIZERS, Settings
from ganviz.games.precision import in_float64

State = dict[str, Tensor]
RATE_TYPES = {"cpu": torch.float64, "cuda": torch.float32}
"""How a rate lies on a device as a tensor: so torch's fused kernel reads it there, anew at each update of a
graph. On other devices that kernel takes a number."""


class Player:
    """G or D. ``count`` is the number of its updates so far; the settings of its letter act live. ``name``
    tells it from others of the same letter."""

    def __init__(
        self, letter: Literal["g", "d"], network: Network, experiment: Experiment, name: str = ""
    ) -> None:
        self.letter, self.name = letter, name or letter
        self.network = network
        self.count = 0
        self.train(list(network.parameters()), experiment)

    def train(self, parameters: Sequence[Tensor], experiment: Experiment) -> None:
        """Move these parameters of the network from now on, with empty moments; others stay as they are."""
        self.parameters = list(parameters)
        self.vector = _as_one_vector(self.parameters)
        self.gradient: Tensor | None = None
        self.kind = ""
        dtype = RATE_TYPES.get(self.vector.device.type)
        self.rate: Tensor | float = self.vector.new_zeros((), dtype=dtype) if dtype else 0.0
        self.apply(experiment)

    def apply(self, experiment: Experiment) -> None:
        """Take over the settings. A new rate keeps the moments; another optimiser starts from 0."""
        values = {
            key[2:]: value
            for key, value in experiment.model_dump().items()
            if key.startswith(self.letter + "_")
        }
        self.clip: float = values["gradient_clip"]
        self.settings = Settings(values["momentum"], values["beta1"], values["beta2"])
        if isinstance(self.rate, Tensor):
            self.rate.fill_(values["learning_rate"])  # in place: a captured graph reads it where it lies
        else:
            self.rate = values["learning_rate"]
        if values["optimizer"] != self.kind:
            self.kind = values["optimizer"]
            self.moments = OPTIMIZERS[self.kind].start(self.vector)

    def feel(self, loss: Tensor) -> None:
        """Compute the gradient of ``loss`` in this player's weights; the other's stay untouched."""
        self.take(torch.autograd.grad(loss, self.parameters, allow_unused=True, materialize_grads=True))

    def take(self, gradients: Sequence[Tensor]) -> None:
        """Take these gradients, one for each of ``parameters``, for the next move."""
        self.gradient = as_vector(gradients)

    def move(self) -> None:
        """One update with the gradient just felt, scaled down to the clipping norm where one is set."""
        self._follow()
        self.count += 1

    def stride(self, gradient: Tensor, bound: float = math.inf) -> float:
        """How far an update with this gradient would move the weights, which stay where they are: the 2-norm
        of the way, clipped to ±``bound`` where weights are."""
        vector, *moments = (value.clone() if isinstance(value, Tensor) else value for value in self.carried)
        self.follow(gradient, vector, *moments)
        way = in_float64(vector.clamp(-bound, bound)) - in_float64(self.vector)
        return float(torch.linalg.vector_norm(way))

    def look_ahead(self) -> Tensor:
        """Go where an update would lead, without counting it; returns the weights left behind. The
        optimiser's moments take in the gradient, as in ExtraAdam (Gidel et al. 2019, Algorithm 4).
        """
        behind = self.vector.clone()
        self._follow()
        return behind

    def put_back(self, weights: Tensor) -> None:
        """Go back to the weights that :meth:`look_ahead` gave; a gradient felt meanwhile stays."""
        self.vector.copy_(weights)

    def _follow(self) -> None:
        assert self.gradient is not None
        self.follow(self.gradient, *self.carried)
        self.gradient = None

    @property
    def carried(self) -> list[Any]:
        """What an update moves or reads besides its gradient: the vector, the moments, the rate."""
        return [self.vector, *self.moments.values(), self.rate]

    def follow(self, gradient: Tensor, *carried: Any) -> None:
        """Move what :attr:`carried` gives, in place, by a gradient, which is clipped where that is set."""
        if self.clip > 0:
            gradient = clipped(gradient, self.clip)
        OPTIMIZERS[self.kind].move(self.settings, gradient, *carried)

    def clamp(self, bound: float) -> None:
        """Clip every parameter to [-bound, bound] (Arjovsky et al. 2017, Algorithm 1, line 7)."""
        self.vector.clamp_(-bound, bound)

    def still(self) -> Player:
        """A copy in float64 on the CPU, to be looked at: what is done with it leaves this player alone."""
        twin = copy.copy(self)
        twin.network = copy.deepcopy(self.network).cpu().double()
        numbers = {id(parameter): number for number, parameter in enumerate(self.network.parameters())}
        copied = list(twin.network.parameters())
        twin.parameters = [copied[numbers[id(parameter)]] for parameter in self.parameters]
        twin.vector = _as_one_vector(twin.parameters)
        twin.moments = {name: value.cpu().double().clone() for name, value in self.moments.items()}
        twin.rate, twin.gradient = float(self.rate), None
        return twin

    def state(self) -> State:
        """A copy of weights, running averages, moments and count: flat, tensors only."""
        state = {f"{self.name}.weights.{name}": value for name, value in self.network.state_dict().items()}
        for name, value in self.moments.items():
            state[f"{self.name}.{self.kind}.{name}"] = value
        copied = {
            key: value.detach().clone(memory_format=torch.contiguous_format) for key, value in state.items()
        }
        copied[f"{self.name}.count"] = torch.tensor(self.count)
        return copied

    def load(self, state: State) -> None:
        """Take over a state. Raises KeyError, RuntimeError or ValueError where it belongs to another network
        or optimiser."""
        self.network.load_state_dict(part_of(state, f"{self.name}.weights."))
        self.count = whole_number(state, f"{self.name}.count")
        moments = part_of(state, f"{self.name}.{self.kind}.")
        self._check(moments or self.moments)
        for name, value in self.moments.items():  # in place: a captured graph moves them where they lie
            value.copy_(moments[name]) if moments else value.zero_()

    def _check(self, moments: State) -> None:
        """Raises ValueError where moments are not those of this optimiser on these weights."""
        shapes = {name: value.shape for name, value in self.moments.items()}
        found = {name: value.shape for name, value in moments.items()}
        if found != shapes or any(value.dtype != self.vector.dtype for value in moments.values()):
            raise ValueError(f"moments of {self.kind}: {', '.join(moments)}")


def part_of(state: State, head: str) -> State:
    """What a state holds under names that begin with ``head``, by the rest of the name."""
    return {key.removeprefix(head): value for key, value in state.items() if key.startswith(head)}


def whole_number(state: State, name: str) -> int:
    """A counter in a state. Raises KeyError or ValueError where it is none."""
    value = state[name]
    if value.dtype != torch.int64 or value.dim() or value < 0:
        raise ValueError(f"{name} is no counter")
    return int(value)


def clipped(gradient: Tensor, bound: float) -> Tensor:
    """The gradient, scaled down to the norm ``bound`` where it is longer (Pascanu et al. 2013, Alg. 1)."""
    return gradient * (bound / (torch.linalg.vector_norm(gradient) + 1e-6)).clamp(max=1.0)


def as_vector(parts: Sequence[Tensor]) -> Tensor:
    """Weights, or gradients in them, one after the other, each as it lies in the vector of all weights."""
    return torch.cat([_as_it_lies(part).flatten() for part in parts])


def _as_it_lies(part: Tensor) -> Tensor:
    """A convolution's weights lie channels last, as its products want them and its gradients come."""
    return part.permute(0, 2, 3, 1) if part.dim() == 4 else part


def _as_one_vector(parameters: Sequence[Tensor]) -> Tensor:
    """All weights as one vector, of which ``parameters`` are views from now on: an optimiser then makes one
    call of what would be one for each of them."""
    vector = as_vector([parameter.detach() for parameter in parameters])
    parts = vector.split([parameter.numel() for parameter in parameters])
    for parameter, part in zip(parameters, parts, strict=True):
        view = part.view(_as_it_lies(parameter).shape)
        parameter.data = view.permute(0, 3, 1, 2) if view.dim() == 4 else view
    return vector
