"""Spectral normalisation: each weight matrix divided by its largest singular value (Miyato et al. 2018)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import normalize

FIRST_ITERATIONS = 50
"""Power iterations when it is switched on, so that D is normalised from its first update on."""


class SpectralNorm:
    """The first pair of singular vectors u, v of each weight matrix W, by power iteration.

    v <- W'u / ||W'u||, u <- W v / ||W v||, sigma = u'W v; in the gradient u and v are constants (Miyato et
    al. 2018, Algorithm 1). torch's own parametrisation would replace the module's parameters, which are to
    stay as they are while the method is switched on and off.
    """

    def __init__(self, weights: Sequence[Tensor], source: np.random.Generator) -> None:
        self._weights = list(weights)  # of which matrices are made anew: parameters move
        start = [source.standard_normal(len(weight), dtype=np.float32) for weight in weights]
        self._u = [
            normalize(torch.from_numpy(u).to(w.device), dim=0) for u, w in zip(start, weights, strict=True)
        ]
        self._v: list[Tensor] = []
        self.advance(FIRST_ITERATIONS)

    @torch.no_grad()
    def advance(self, iterations: int = 1) -> None:
        """Follow the weights: one iteration for each update of D, as in the paper."""
        for _ in range(iterations):
            self._v = [normalize(w.T @ u, dim=0) for w, u in zip(self._matrices, self._u, strict=True)]
            self._u = [normalize(w @ v, dim=0) for w, v in zip(self._matrices, self._v, strict=True)]

    @property
    def _matrices(self) -> list[Tensor]:
        """Each weight as a matrix with a row for each output: of a convolution's (outputs, inputs, height,
        width) as the paper has it, the columns in the order in which they lie."""
        return [w if w.dim() == 2 else w.permute(0, 2, 3, 1).flatten(1) for w in self._weights]

    def normalised(self) -> list[Tensor]:
        """W / sigma for each weight; the gradient flows through W and through sigma."""
        sizes = [torch.dot(u, w @ v) for w, u, v in zip(self._matrices, self._u, self._v, strict=True)]
        return [weight / size for weight, size in zip(self._weights, sizes, strict=True)]

    def double(self) -> None:
        """Go on in float64 on the CPU, where the weights have gone."""
        self._u, self._v = ([vector.cpu().double() for vector in some] for some in (self._u, self._v))

    def state(self) -> dict[str, Tensor]:
        """A copy of the vectors: they are older than the weights by one update, so both are kept."""
        named = zip("uv", (self._u, self._v), strict=True)
        return {f"{name}.{n}": vector.clone() for name, all_ in named for n, vector in enumerate(all_)}

    def load(self, state: dict[str, Tensor]) -> None:
        """Take over the vectors that :meth:`state` gave. Raises KeyError where some are missing, ValueError
        where they are of other matrices."""
        for name, vectors in (("u", self._u), ("v", self._v)):
            for place, vector in enumerate(vectors):
                kept = state[f"{name}.{place}"]
                if kept.shape != vector.shape or kept.dtype != vector.dtype:
                    raise ValueError(f"{name}.{place} is of another matrix")
                vectors[place] = kept.to(vector.device, copy=True)
