"""Double precision on devices of every kind."""

from __future__ import annotations

from torch import Tensor


def in_float64(values: Tensor) -> Tensor:
    """The values in float64: where they lie, or on the CPU where a device knows no such numbers (MPS)."""
    return (values.cpu() if values.device.type == "mps" else values).double()
