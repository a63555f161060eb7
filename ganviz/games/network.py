"""What the players' networks have in common, whatever their layers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from ganviz.games.spectral import SpectralNorm


class Network(nn.Module):
    """A map of (n, inputs) to (n, outputs), or of a discriminator to (n,).

    ``weights``: those of its layers, (outputs, inputs) or (outputs, inputs, height, width), in order;
    ``spectral``, where it is set, normalises them on the way. ``norms``: its layers of batch normalisation;
    where there are some, an output depends on the rest of its batch.
    """

    def __init__(self) -> None:
        super().__init__()
        self.weights, self.norms = nn.ParameterList(), nn.ModuleList()
        self.spectral: SpectralNorm | None = None

    @contextmanager
    def tracking(self) -> Iterator[None]:
        """Meanwhile batches are those of training: each enters the running averages."""
        self._set("tracks", True)
        try:
            yield
        finally:
            self._set("tracks", False)

    @contextmanager
    def among(self, batch: Tensor) -> Iterator[None]:
        """Meanwhile every input is normalised as one of ``batch`` is: an output is a function of its own
        input alone, and that of an input in the batch is what it is there."""
        try:
            if self.norms:
                self._set("notes", True)
                with torch.no_grad():
                    self(batch)
                self._set("notes", False)
            yield
        finally:
            self._set("notes", False)
            self._set("held", None)

    def _set(self, name: str, value: bool | None) -> None:
        for norm in self.norms:
            setattr(norm, name, value)


def outputs_on(network: Network, reals: Tensor, fakes: Tensor) -> tuple[Tensor, Tensor]:
    """A discriminator's outputs on reals and on fakes: in one pass, or in two where each batch is normalised
    by its own statistics."""
    if network.norms:
        return network(reals), network(fakes)
    real, fake = network(torch.cat([reals, fakes])).split([len(reals), len(fakes)])
    return real, fake
