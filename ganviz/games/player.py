"""One player: a network, its optimiser, and how a gradient becomes an update."""

from __future__ import annotations

from typing import Any, Literal

import torch
from torch import Tensor, nn

from ganviz.experiment import Experiment

State = dict[str, Tensor]


class Player:
    """G or D. ``count`` is the number of its updates so far; the settings are those of its letter, and
    live."""

    def __init__(self, letter: Literal["g", "d"], network: nn.Module, experiment: Experiment) -> None:
        self.letter = letter
        self.network = network
        self.parameters: list[Tensor] = list(network.parameters())
        self.count = 0
        self._kind = ""
        self.apply(experiment)

    def apply(self, experiment: Experiment) -> None:
        """Take over the settings. Another optimiser starts with empty moments; a new rate keeps the
        moments."""
        values = {
            key[2:]: value
            for key, value in experiment.model_dump().items()
            if key.startswith(self.letter + "_")
        }
        self._clip = values["gradient_clip"]
        if values["optimizer"] != self._kind:
            self._kind = values["optimizer"]
            self._optimizer = _OPTIMIZERS[self._kind](self.parameters)
        for group in self._optimizer.param_groups:
            group["lr"] = values["learning_rate"]
            if self._kind == "sgd":
                group["momentum"] = values["momentum"]
            elif self._kind == "adam":
                group["betas"] = (values["beta1"], values["beta2"])
            else:
                group["alpha"] = values["beta2"]

    def feel(self, loss: Tensor) -> None:
        """Compute the gradient of ``loss`` in this player's parameters only; the other player's stay
        untouched."""
        loss.backward(inputs=self.parameters)

    def move(self) -> None:
        """One update with the gradient just felt, scaled down to the clipping norm where one is set."""
        self._follow()
        self.count += 1

    def look_ahead(self) -> list[Tensor]:
        """Go where an update would lead, without counting it; returns the weights left behind. The
        optimiser's moments take in the gradient, as in ExtraAdam (Gidel et al. 2019, Algorithm 4).
        """
        behind = [parameter.detach().clone() for parameter in self.parameters]
        self._follow()
        return behind

    @torch.no_grad()
    def put_back(self, weights: list[Tensor]) -> None:
        """Go back to the weights that :meth:`look_ahead` gave; a gradient felt meanwhile stays."""
        torch._foreach_copy_(self.parameters, weights)

    def _follow(self) -> None:
        if self._clip > 0:
            nn.utils.clip_grad_norm_(self.parameters, self._clip)
        self._optimizer.step()
        for parameter in self.parameters:
            parameter.grad = None

    @torch.no_grad()
    def clamp(self, bound: float) -> None:
        """Clip every parameter to [-bound, bound] (Arjovsky et al. 2017, Algorithm 1, line 7)."""
        torch._foreach_clamp_min_(self.parameters, -bound)
        torch._foreach_clamp_max_(self.parameters, bound)

    def state(self) -> State:
        """A copy of weights, moments and count: flat, tensors only."""
        state = {f"{self.letter}.weights.{name}": value for name, value in self.network.state_dict().items()}
        for index, parameter in enumerate(self.parameters):
            for name, value in self._optimizer.state.get(parameter, {}).items():
                if isinstance(value, Tensor):
                    state[f"{self.letter}.{self._kind}.{index}.{name}"] = value
        copied = {key: value.detach().clone() for key, value in state.items()}
        copied[f"{self.letter}.count"] = torch.tensor(self.count)
        return copied

    def load(self, state: State) -> None:
        """Take over a state. Raises KeyError or RuntimeError where it belongs to another network."""
        head = f"{self.letter}.weights."
        self.network.load_state_dict(
            {key.removeprefix(head): value for key, value in state.items() if key.startswith(head)}
        )
        self.count = int(state[f"{self.letter}.count"])
        self._optimizer.state.clear()
        for index, parameter in enumerate(self.parameters):
            head = f"{self.letter}.{self._kind}.{index}."
            moments: dict[str, Any] = {
                key.removeprefix(head): value for key, value in state.items() if key.startswith(head)
            }
            if moments:
                self._optimizer.state[parameter] = {
                    name: _placed(value, parameter, name) for name, value in moments.items()
                }


def _placed(value: Tensor, parameter: Tensor, name: str) -> Tensor:
    """A moment on its parameter's device; a copy, so that the stored state stays as it is."""
    return (
        value.clone()
        if name == "step" and value.device.type == "cpu" and parameter.device.type == "cpu"
        else value.to(parameter.device, copy=True)
    )


_OPTIMIZERS: dict[str, Any] = {
    "sgd": lambda parameters: torch.optim.SGD(parameters, lr=1e-3, fused=parameters[0].device.type != "mps"),
    "adam": lambda parameters: torch.optim.Adam(parameters, lr=1e-3, fused=True),
    "rmsprop": lambda parameters: torch.optim.RMSprop(parameters, lr=1e-3),
}
