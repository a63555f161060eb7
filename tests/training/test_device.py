"""Copies to the host. What CUDA adds to them is held by tests marked ``cuda``."""

import pytest
import torch

from ganviz.training.device import all_to_host, to_host


def test_what_lies_on_the_cpu_is_not_copied() -> None:
    state = {"weights": torch.ones(3), "count": torch.tensor(4)}
    found = all_to_host(state)
    assert all(found[name] is value for name, value in state.items()) and len(found) == 2
    assert to_host(state["weights"]) is state["weights"]


@pytest.mark.cuda
def test_cuda_copies_to_the_host_are_complete_when_they_are_there() -> None:
    """However much the device has still to do, and whatever their shape."""
    large = torch.ones(3_000, 3_000, device="cuda:0")
    for _ in range(20):
        large = large @ large / 3_000.0
    state = {
        "large": large,
        "part": large[::3, 1],
        "one": large[0, 0],
        "none": large[:0],
        "here": torch.ones(2),
    }
    found = all_to_host(state)
    for name, value in state.items():
        assert found[name].device.type == "cpu" and found[name].shape == value.shape
        assert found[name].numel() == 0 or (found[name] == 1.0).all()
