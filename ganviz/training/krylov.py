"""Leading eigenvalues of a large real matrix that is known by its products with vectors alone.

Arnoldi's iteration with Krylov-Schur restarts (Stewart 2001, SIAM J. Matrix Anal. Appl. 23): after basis
vectors v_1 .. v_m, rows of V,

    A V' = V' B + v_{m+1} b',

with B (m, m) small. Its real Schur form, the wanted eigenvalues first, is cut off behind them, and the
iteration goes on from there. All that is long is done by torch outside Python's lock: SciPy's ARPACK holds
the lock in its own part, in which no picture can be drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

FloatArray = npt.NDArray[np.float64]
ComplexArray = npt.NDArray[np.complex128]
Product = Callable[[FloatArray], FloatArray]

KEYS: dict[str, Callable[[ComplexArray], FloatArray]] = {
    "modulus": np.abs,
    "real": np.real,
    "imaginary": lambda values: np.abs(values.imag),
}
"""What is largest in an eigenvalue that is wanted."""
MORE = 4
"""Kept at a restart beyond those that are wanted by each key: near ones come sooner then."""
NEAR_0 = 1e-3
"""Eigenvalues below this share of the largest need no better accuracy than one of this size."""
GONE = 1e-10
"""A new vector that keeps less than this of its length lies in the space of the basis."""


class _Basis:
    """The orthonormal rows v_1 .. v_{m+1} of V, and B with b below it, (m + 1, m); ``most``: the largest
    m."""

    def __init__(self, product: Product, length: int, most: int) -> None:
        self._product, self.most = product, most
        self._random = np.random.default_rng(0)
        self.rows = torch.zeros(most + 1, length, dtype=torch.float64)
        self.small = np.zeros((most + 1, most))
        self._known = 0
        self._place(self._another(0), 0)

    def _place(self, vector: Tensor, row: int) -> None:
        self.rows[row] = vector / torch.linalg.vector_norm(vector)

    def _another(self, count: int) -> Tensor:
        """A vector at right angles to the first ``count`` rows."""
        start = torch.from_numpy(self._random.standard_normal(self.rows.shape[1]))
        return self._cleared(start, count)[0]

    def _cleared(self, vector: Tensor, count: int) -> tuple[Tensor, FloatArray]:
        """What of a vector is at right angles to the first ``count`` rows, and its shares of these."""
        known, shares = self.rows[:count], np.zeros(count)
        for _ in range(2):  # once more, for the digits that the first subtraction has cost
            share = known @ vector
            vector = vector - known.T @ share
            shares += share.numpy()
        return vector, shares

    def grow(self) -> None:
        """Arnoldi's steps, up to ``most`` rows and the one after them."""
        for row in range(self._known, self.most):
            image = torch.from_numpy(self._product(self.rows[row].numpy().copy()))
            left, self.small[: row + 1, row] = self._cleared(image, row + 1)
            length = float(torch.linalg.vector_norm(left))
            is_new = length > GONE * float(torch.linalg.vector_norm(image))
            self.small[row + 1, row] = length if is_new else 0.0
            if row + 1 < self.rows.shape[1]:
                self._place(left if is_new else self._another(row + 1), row + 1)
        self._known = self.most

    def pairs(self) -> tuple[ComplexArray, ComplexArray, FloatArray]:
        """B's eigenvalues (m,), unit eigenvectors in its columns, and how far each is from one of A's: the
        length of A x - lambda x for x = V'y, which is |b'y|."""
        values, vectors = np.linalg.eig(self.small[: self.most])
        return values, vectors, np.abs(self.small[self.most] @ vectors)

    def cut(self, keep: Callable[[complex], bool]) -> None:
        """Begin anew with the part of the basis in which the eigenvalues lie that are to be kept."""
        from scipy.linalg import schur  # a window that shows no spectrum does without it

        form, turned, count = schur(
            self.small[: self.most], output="real", sort=lambda re, im: keep(complex(re, im))
        )
        count = min(count, self.most - 1)
        if count and abs(form[count, count - 1]) > 0.0:
            count -= 1  # never between two that are conjugate
        part = torch.from_numpy(turned[:, :count].copy())
        last = self.small[self.most] @ turned[:, :count]
        self.rows[:count] = part.T @ self.rows[: self.most]
        self.rows[count] = self.rows[self.most].clone()
        self.small[:] = 0.0
        self.small[:count, :count], self.small[count, :count] = form[:count, :count], last
        self._known = count

    def vector(self, y: ComplexArray) -> ComplexArray:
        """x = V'y."""
        rows = self.rows[: self.most].T
        parts = [(rows @ torch.from_numpy(part.copy())).numpy() for part in (y.real, y.imag)]
        return parts[0] + 1j * parts[1]


def leading_pairs(
    product: Product,
    length: int,
    wanted: Mapping[str, int],
    *,
    basis: int,
    restarts: int,
    tolerance: float,
) -> list[tuple[complex, ComplexArray]]:
    """Eigenvalues of a real matrix (length, length) given by u -> A u, each with a unit eigenvector; of two
    that are conjugate only the upper one.

    ``wanted``: how many by each of `KEYS`, of which those are found that have converged after at most
    ``restarts`` of a basis of ``basis`` vectors: |A x - lambda x| is at most ``tolerance`` times |lambda|, or
    times `NEAR_0` of the largest.
    """
    space = _Basis(product, length, min(basis, length))
    for left in reversed(range(restarts)):
        space.grow()
        values, vectors, errors = space.pairs()
        chosen = _largest(values, wanted, 0)
        bound = tolerance * np.maximum(np.abs(values), NEAR_0 * np.abs(values).max())
        has_converged = errors <= np.maximum(bound, np.finfo(float).tiny)
        if has_converged[chosen].all() or not left or space.most == length:
            break
        try:
            space.cut(_nearest_is_among(values, _largest(values, wanted, MORE)))
        except np.linalg.LinAlgError:  # too near to each other to be told apart: what has converged counts
            break
    return [
        (complex(values[index]), space.vector(vectors[:, index]))
        for index in np.flatnonzero(chosen & has_converged & (values.imag >= 0.0))
    ]


def _largest(values: ComplexArray, wanted: Mapping[str, int], more: int) -> npt.NDArray[np.bool_]:
    """Which of them are wanted by some key, ``more`` of each than asked for; with one its conjugate."""
    chosen = np.zeros(len(values), bool)
    for name, count in wanted.items():
        key = KEYS[name](values)
        first = np.argsort(-key, kind="stable")[: count + more]
        chosen[first[key[first] != 0.0] if name == "imaginary" else first] = True
    return chosen | np.isin(values, values[chosen].conj())


def _nearest_is_among(values: ComplexArray, chosen: npt.NDArray[np.bool_]) -> Callable[[complex], bool]:
    """Whether a value, known but for its last digits, is one of the chosen."""
    return lambda value: bool(chosen[np.argmin(np.abs(values - value))])
