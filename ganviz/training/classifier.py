"""A small classifier of labelled samples, trained in the program: the eyes that judge generated images."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from ganviz.games.networks import MLP
from ganviz.training.probe import FloatArray, array

HIDDEN, FEATURES = 256, 64
UPDATES, BATCH, RATE = 800, 128, 1e-3


class Classifier:
    """A perceptron dim - 256 - 64 - classes with ReLU. Its 64 last hidden units are the features.

    ``fit`` trains it with Adam (Kingma and Ba 2015) on the cross-entropy, 800 batches of 128; the same
    samples and the same ``generator`` make the same classifier.
    """

    def __init__(self, dim: int, classes: int, generator: torch.Generator) -> None:
        self._generator = generator
        self._body = MLP([dim, HIDDEN, FEATURES], "relu", generator, torch.relu)
        self._head = MLP([FEATURES, classes], "relu", generator)

    def fit(
        self,
        samples: npt.NDArray[np.float32],
        labels: npt.NDArray[np.int64],
        check: Callable[[], None] = lambda: None,
    ) -> Classifier:
        """Train on ``samples`` (n, dim) of the classes ``labels`` (n,). ``check`` is called before each
        batch, to raise where nobody waits any more."""
        x, y = torch.from_numpy(samples), torch.from_numpy(labels)
        parameters = [*self._body.parameters(), *self._head.parameters()]
        optimizer = torch.optim.Adam(parameters, lr=RATE)
        for _ in range(UPDATES):
            check()
            chosen = torch.randint(len(x), (min(BATCH, len(x)),), generator=self._generator)
            loss = cross_entropy(self._head(self._body(x[chosen])), y[chosen])
            for parameter, slope in zip(parameters, torch.autograd.grad(loss, parameters), strict=True):
                parameter.grad = slope
            optimizer.step()
        return self

    @torch.no_grad()
    def look(self, samples: npt.NDArray[np.float32]) -> tuple[FloatArray, FloatArray]:
        """The features (n, 64) of samples (n, dim), and the probability of each class (n, classes)."""
        features: Tensor = self._body(torch.from_numpy(samples))
        return array(features), array(self._head(features).double().softmax(1))
