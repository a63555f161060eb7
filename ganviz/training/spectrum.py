"""The spectrum of a game of networks: eigenvalues of the Jacobian of its vector field, and of the step taken.

With G's weights theta, D's weights psi and w = (theta, psi) the players follow

    v(w) = (-grad_theta L_G, -grad_psi L_D),   L_D with its penalties,   J = dv/dw  (n x n, not symmetric),

on one fixed batch (Mescheder et al. 2017, section 3; Berard et al. 2020, section 4). A rest point attracts
where all real parts of J's eigenvalues are negative; imaginary parts turn. A player's update by SGD takes w
to w + E P v(w), with E its rates and P the choice of its weights; linearised at these weights a step is the
product of such factors I + E P J, and contracts where all its eigenvalues lie inside the unit circle.

Small games: all of J, exactly, row by row. Larger ones: only products J'u, one backward pass each, and the
leading eigenvalues by Arnoldi's iteration (`krylov`); J' has the eigenvalues of J.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from ganviz.experiment import Experiment
from ganviz.games.gan import GAN
from ganviz.games.optimizers import EPSILON
from ganviz.games.player import Player, as_vector
from ganviz.training import backward
from ganviz.training.krylov import leading_pairs
from ganviz.training.probe import FloatArray, array

ComplexArray = npt.NDArray[np.complex128]
Product = Callable[[FloatArray], FloatArray]

MOST_EXACT = 600
"""Weights of both players up to which all of J is written down."""
MOST = 300_000
"""Weights up to which the leading eigenvalues are sought."""
ROWS = 16
"""Of J, that are found in one call: at most some tens of milliseconds."""
WANTED = {"modulus": 10, "real": 6, "imaginary": 2}
"""How many of largest modulus, furthest to the right, and furthest from the real axis."""
BASIS, RESTARTS, TOLERANCE = 48, 12, 1e-5
"""Vectors of the Krylov basis, how often it is begun anew, relative accuracy asked for."""


def nobody_stops(passes: int) -> None:
    """For those who wait to the end."""


class Field:
    """v and J at the weights of ``game``, a copy that nobody moves, on reals and latents of its own.

    ``check`` is called before some passes with their number; what it raises ends the work.
    """

    def __init__(
        self, game: GAN, reals: Tensor, latents: Tensor, check: Callable[[int], None] = nobody_stops
    ) -> None:
        self._check = check
        self.parameters = [*game.g.parameters, *game.d.parameters]
        self.sizes = tuple(sum(p.numel() for p in player.parameters) for player in (game.g, game.d))
        judged = game.judge(reals, game.g.network(latents))
        g_loss = game.costs.g_loss(judged.real, judged.fake)
        losses = ((g_loss, game.g), (judged.trained, game.d))
        felt = torch.cat([self._gradient(loss, player.parameters) for loss, player in losses])
        if game.experiment.update_order == "consensus":  # the field that its step follows
            pull = self._gradient(0.5 * felt.square().sum(), self.parameters)
            felt = felt + game.experiment.consensus * pull
        self._v = -felt
        self.value = self._v.detach().numpy().copy()

    def __len__(self) -> int:
        return len(self.value)

    @staticmethod
    def _gradient(loss: Tensor, parameters: Sequence[Tensor]) -> Tensor:
        gradients = torch.autograd.grad(
            loss, parameters, create_graph=True, allow_unused=True, materialize_grads=True
        )
        return as_vector(gradients)

    def transposed(self, u: FloatArray) -> FloatArray:
        """J'u, (n,)."""
        # the derivative of this sum is J'u; handed over as grad_outputs, u would load sympy
        return self._slopes((self._v * torch.from_numpy(np.array(u, np.float64))).sum())

    def matrix(self) -> FloatArray:
        """J, (n, n)."""
        found = np.zeros((len(self), len(self)))
        for first in range(0, len(self), ROWS):
            last = min(first + ROWS, len(self))
            self._check(last - first)
            if self._v.requires_grad:  # else v is constant: linear costs of a linear player
                found[first:last] = backward.rows(self._v, self.parameters, first, last).numpy()
        return found

    def _slopes(self, number: Tensor) -> FloatArray:
        """The derivative of a sum of v's components by all weights, (n,)."""
        self._check(1)
        if not number.requires_grad:  # v is constant: linear costs of a linear player
            return np.zeros(len(self))
        parts = torch.autograd.grad(
            number, self.parameters, retain_graph=True, allow_unused=True, materialize_grads=True
        )
        return as_vector(parts).numpy()


# ---------------------------------------------------------------- the step


@dataclass(frozen=True)
class Stage:
    """A part of a step in which the weights with ``moves`` (n,) move, by ``extra`` with the field found one
    move ahead."""

    moves: FloatArray
    extra: bool = False


@dataclass(frozen=True)
class Step:
    """A whole step: each weight's rate and momentum (n,), and the parts in order. ``note`` says what is left
    out of it; ``refused``, where there is none, why."""

    rates: FloatArray
    momentum: FloatArray
    stages: Sequence[Stage]
    note: str = ""
    refused: str = ""

    @property
    def remembers(self) -> bool:
        """Whether momentum doubles what a step moves."""
        return bool(self.momentum.any())

    @property
    def follows_field(self) -> float:
        """h where the step is I + hJ, else 0."""
        alone = len(self.stages) == 1 and not self.stages[0].extra and not self.remembers
        whole = alone and bool((self.stages[0].moves == 1.0).all()) and np.ptp(self.rates) == 0.0
        return float(self.rates[0]) if whole else 0.0

    def change(self, jacobian: FloatArray) -> FloatArray:
        """M - I of the step M, (n, n), or (2n, 2n) with momentum: weights, then SGD's buffers."""
        n = len(jacobian)
        whole = np.eye(2 * n if self.remembers else n)
        for stage in self.stages:
            moved = (self.rates * stage.moves)[:, None] * jacobian
            if stage.extra:
                moved = moved @ (np.eye(n) + moved)
            if not self.remembers:
                whole = whole + moved @ whole
                continue
            felt = stage.moves[:, None] * (jacobian @ whole[:n])
            buffer = whole[n:] - ((1.0 - self.momentum) * stage.moves)[:, None] * whole[n:] - felt
            whole = np.concatenate([whole[:n] - (self.rates * stage.moves)[:, None] * buffer, buffer])
        return whole - np.eye(len(whole))

    def change_transposed(self, product: Product) -> Product:
        """The function u -> (M - I)'u, given u -> J'u."""
        n = len(self.rates)

        def apply(u: FloatArray) -> FloatArray:
            x, y = u[:n], u[n:]  # y: none without momentum
            for stage in reversed(self.stages):
                moves, rates = stage.moves, self.rates * stage.moves
                if stage.extra:
                    x = x + product(rates * (x + product(rates * x)))
                elif not self.remembers:
                    x = x + product(rates * x)
                else:
                    # b' = mu b - P J w, w' = w - E P b', transposed
                    back = moves * y - rates * x
                    x, y = x - product(back), y - moves * y + self.momentum * back
            return np.concatenate([x, y]) - u

        return apply


def step_of(game: GAN) -> Step:
    """The step that the running settings take, at the optimisers' present state."""
    e, players = game.experiment, (game.g, game.d)
    parts = [_rates(player) for player in players]
    rates = np.concatenate([rate for rate, _ in parts])
    momentum = np.concatenate(
        [
            np.full(len(rate), player.settings.momentum if player.kind == "sgd" else 0.0)
            for player, (rate, _) in zip(players, parts, strict=True)
        ]
    )
    refused = "" if np.isfinite(rates).all() else "no update yet, so no moments"
    if momentum.any() and e.update_order == "extragradient":
        refused = refused or "not worked out for extragradient with momentum"
    if e.update_order == "consensus" and (e.d_updates, e.g_updates) != (1, 1):
        refused = refused or "not worked out for consensus with several updates"
    notes = [note for _, note in parts if note]
    if e.g_gradient_clip > 0 or e.d_gradient_clip > 0 or e.acts("weight_clip"):
        notes.append("without clipping")
    stages = _stages(e, [len(rate) for rate, _ in parts])
    return Step(rates, momentum, stages, "; ".join(dict.fromkeys(notes)), refused)


def _stages(e: Experiment, sizes: Sequence[int]) -> list[Stage]:
    g, d = (np.repeat([float(who == "g"), float(who == "d")], sizes) for who in "gd")
    k, m = e.d_updates, e.g_updates
    if e.update_order == "alternating" or not (k and m):
        return [Stage(d)] * k + [Stage(g)] * m
    return [Stage(d)] * (k - 1) + [Stage(g + d, e.update_order == "extragradient")] + [Stage(g)] * (m - 1)


def _rates(player: Player) -> tuple[FloatArray, str]:
    """How far each weight follows its gradient now, and what that leaves out."""
    rate, ones = float(player.rate), np.ones(player.vector.numel())
    moments = {name: array(value) for name, value in player.moments.items()}
    if player.kind == "sgd":
        return rate * ones, ""
    moved = player.count > 0
    if player.kind == "rmsprop":
        square, note = moments["square_avg"], "RMSProp's rates of this moment"
    else:
        square = moments["exp_avg_sq"] / (1.0 - player.settings.beta2 ** max(float(moments["step"]), 1.0))
        note = "Adam's rates of this moment, without its first moment"
    return rate * ones / (np.sqrt(square) + EPSILON) if moved else np.nan * ones, note


# ---------------------------------------------------------------- eigenvalues


@dataclass(frozen=True)
class Eigenvalues:
    """``values`` (k,) by falling modulus, and the largest of ||A x - lambda x|| over unit vectors x of A or
    A'."""

    values: ComplexArray
    residual: float


def all_of(matrix: FloatArray) -> Eigenvalues:
    """Every eigenvalue of a matrix (n, n), by LAPACK: torch's, which keeps to one thread."""
    given = torch.from_numpy(matrix)
    values, vectors = torch.linalg.eig(given)
    errors = torch.linalg.vector_norm(given.to(values.dtype) @ vectors - vectors * values, dim=0)
    return Eigenvalues(by_modulus(values.numpy()), float(errors.max()) if len(errors) else 0.0)


def along(first: FloatArray, last: FloatArray, start: ComplexArray, parts: int) -> ComplexArray:
    """The eigenvalues (parts + 1, n) of first + s (last - first) for s = 0 .. 1, each row in the order in
    which they have moved least from the row before; ``start`` is row 0."""
    rows = [start]
    for s in np.linspace(0.0, 1.0, parts + 1)[1:]:
        values = torch.linalg.eigvals(torch.from_numpy(first + s * (last - first))).numpy()
        rows.append(paired(rows[-1], values))
    return np.array(rows)


def leading(product: Product, size: int, wanted: Mapping[str, int] = WANTED) -> Eigenvalues:
    """The leading eigenvalues of a real matrix (size, size) given by u -> A u, by a Krylov-Schur iteration.

    ``wanted``: how many by each of `krylov.KEYS`. What does not converge is left out.
    """
    found = leading_pairs(
        product, size, wanted, basis=min(BASIS, size), restarts=RESTARTS, tolerance=TOLERANCE
    )
    values: list[complex] = []
    residual = 0.0
    for value, vector in found:
        image = product(vector.real.copy()) + 1j * product(vector.imag.copy())
        residual = max(residual, float(np.linalg.norm(image - value * vector)))
        values += [value, value.conjugate()] if abs(value.imag) > 0.0 else [value]
    return Eigenvalues(by_modulus(np.array(values, np.complex128)), residual)


def by_modulus(values: ComplexArray) -> ComplexArray:
    """Sorted, the largest first."""
    order = np.lexsort((-values.imag, -values.real, -np.round(np.abs(values), 12)))
    return values[order]


def paired(before: ComplexArray, after: ComplexArray) -> ComplexArray:
    """``after`` in the order in which the sum of the ways from ``before`` is least; NaN for what has no
    partner."""
    from scipy.optimize import linear_sum_assignment

    partners = np.full(len(before), complex(np.nan, np.nan))
    if len(before) and len(after):
        rows, columns = linear_sum_assignment(np.abs(before[:, None] - after[None, :]))
        partners[rows] = after[columns]
    return partners
