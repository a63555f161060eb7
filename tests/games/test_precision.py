"""What is done on devices that are not here: on tensors without values, of which torch knows the device."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.overrides import TorchFunctionMode

from ganviz.games.precision import in_float64
from ganviz.games.streams import Stream, gaussian


@pytest.fixture
def without_values() -> Iterator[None]:
    with FakeTensorMode(allow_non_fake_inputs=True):
        yield


@pytest.mark.parametrize(("device", "then"), [("mps", "cpu"), ("cuda", "cuda"), ("cpu", "cpu")])
def test_float64_is_where_the_device_knows_it(device: str, then: str, without_values: None) -> None:
    found = in_float64(torch.ones(3, device=device))
    assert (found.device.type, found.dtype) == (then, torch.float64)


def test_float64_keeps_every_bit() -> None:
    values = torch.from_numpy(np.float32([1e-38, 1 / 3, np.inf, -7.0]))
    assert in_float64(values).tolist() == values.tolist()


class Copies(TorchFunctionMode):
    """Notes of each copy to a device whether it is not waited for, in place of making it."""

    def __init__(self) -> None:
        super().__init__()
        self.unwaited: list[bool] = []

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if func is torch.Tensor.to:
            self.unwaited.append((kwargs or {}).get("non_blocking", False))
        return (
            args[0] if func in (torch.Tensor.to, torch.Tensor.pin_memory) else func(*args, **(kwargs or {}))
        )


@pytest.mark.parametrize(("device", "unwaited"), [("mps", False), ("cuda", True), ("cpu", False)])
def test_batches_are_copied_in_passing_only_from_pinned_memory(device: str, unwaited: bool) -> None:
    """To MPS such a copy reads what it copies from after that has been freed."""
    with Copies() as copies:
        Stream(3, "data", 32, gaussian(2), torch.device(device)).batch(0)
    assert copies.unwaited == [unwaited]
