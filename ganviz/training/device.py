"""Which device a run uses."""

from __future__ import annotations

import torch
from torch import Tensor

from ganviz.experiment import Experiment, ExperimentError
from ganviz.games.player import State

AUTO_UNITS = 1_024
"""``auto`` leaves networks up to this width on the CPU: a GPU spends longer on starting their small products
than on them."""


def available() -> list[str]:
    """The devices that this machine has, in the words that the setting accepts."""
    names = ["cpu", *(f"cuda:{index}" for index in range(torch.cuda.device_count()))]
    return [*names, "mps"] if torch.backends.mps.is_available() else names


def choose(experiment: Experiment) -> torch.device:
    """The device for an experiment. ExperimentError, listing what exists, for one that is absent."""
    name, present = experiment.device, available()
    if name == "auto":
        fast = next((device for device in present if device != "cpu"), "cpu")
        return torch.device(fast if _is_much(experiment) else "cpu")
    if name == "cuda" and "cuda:0" in present:
        name = "cuda:0"
    if name not in present:
        raise ExperimentError(
            f"device = {experiment.device}: not on this machine; accepted here: auto, {', '.join(present)}"
        )
    return torch.device(name)


def _is_much(experiment: Experiment) -> bool:
    """Whether a step is work for a GPU."""
    width = max(experiment.g_width, experiment.d_width)
    return experiment.network == "dcgan" or width * experiment.batch_size > AUTO_UNITS * 1_024


def to_host(values: Tensor) -> Tensor:
    """A copy on the CPU, complete; what lies there already is not copied."""
    return all_to_host({"": values})[""]


def all_to_host(state: State) -> State:
    """The same on the CPU, complete; what lies there already is not copied. From a CUDA device it comes
    through pinned memory, and an event is waited for asleep: neither Python's lock nor a core is held until
    the steps before it are done."""
    found = {name: _on_the_way(values) for name, values in state.items()}
    for device in {values.device for values in state.values() if values.device.type == "cuda"}:
        done = torch.cuda.Event(blocking=True)
        done.record(torch.cuda.current_stream(device))
        done.synchronize()
    return found


def _on_the_way(values: Tensor) -> Tensor:
    """A copy on the CPU that is complete once a CUDA device has come to it; from others at once."""
    if values.device.type != "cuda":
        return values.cpu()
    return torch.empty(values.shape, dtype=values.dtype, pin_memory=True).copy_(values, non_blocking=True)
