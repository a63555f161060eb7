"""Leading eigenvalues by products alone, against LAPACK's of the whole matrix."""

from collections.abc import Callable

import numpy as np
import pytest

from ganviz.training.krylov import KEYS, leading_pairs

WANTED = {"modulus": 10, "real": 6, "imaginary": 2}
Matrix = Callable[[np.random.Generator, int], np.ndarray]


def cloud(source: np.random.Generator, n: int) -> np.ndarray:
    return source.standard_normal((n, n)) / np.sqrt(n)


def far_ones(source: np.random.Generator, n: int) -> np.ndarray:
    far = np.zeros(n)
    far[:20] = np.linspace(-9, 9, 20)[:n]
    return cloud(source, n) + np.diag(far)


def rotation(source: np.random.Generator, n: int) -> np.ndarray:
    matrix = cloud(source, n)
    return matrix - matrix.T


def not_normal(source: np.random.Generator, n: int) -> np.ndarray:
    return np.triu(source.standard_normal((n, n)), 1) / 9 + np.diag(np.linspace(-3, 3, n))


MATRICES: dict[str, Matrix] = {
    "cloud": cloud,
    "far ones": far_ones,
    "rotation": rotation,
    "rank 3": lambda source, n: source.standard_normal((n, 3)) @ source.standard_normal((3, n)) / n,
    "not normal": not_normal,
    "all the same": lambda source, n: np.eye(n),
    "nothing": lambda source, n: np.zeros((n, n)),
}


def found_of(matrix: np.ndarray, restarts: int = 12, **wanted: int) -> list[tuple[complex, np.ndarray]]:
    return leading_pairs(
        lambda u: matrix @ u, len(matrix), wanted or WANTED, basis=48, restarts=restarts, tolerance=1e-6
    )


@pytest.mark.parametrize("kind", MATRICES)
@pytest.mark.parametrize("n", [1, 2, 7, 47, 48, 49, 120])
def test_what_is_found_is_an_eigenvalue_with_its_vector(kind: str, n: int) -> None:
    matrix = MATRICES[kind](np.random.default_rng(n), n)
    for value, vector in found_of(matrix):
        assert value.imag >= 0.0 and np.linalg.norm(vector) == pytest.approx(1.0)
        largest = np.abs(np.linalg.eigvals(matrix)).max()
        assert (
            np.linalg.norm(matrix @ vector - value * vector) <= 1e-6 * max(abs(value), 1e-3 * largest) + 1e-13
        )


@pytest.mark.parametrize("n", [40, 48, 49, 120])
@pytest.mark.parametrize("kind", ["far ones", "rank 3", "rotation"])
def test_those_that_are_wanted_are_found(kind: str, n: int) -> None:
    matrix = MATRICES[kind](np.random.default_rng(n), n)
    values = np.array([value for value, _ in found_of(matrix)])
    both, known = np.concatenate([values, values.conj()]), np.linalg.eigvals(matrix)
    for name, count in WANTED.items():
        key = KEYS[name](known)
        for value in known[np.argsort(-key)[:count]]:
            if abs(value) > 1e-9 and KEYS[name](np.array([value]))[0] > 1e-9:
                assert np.abs(both - value).min() < 1e-6 * np.abs(known).max(), (name, value)


def test_by_one_key_alone() -> None:
    matrix = np.diag(np.r_[np.linspace(-0.5, 0.5, 300), -4.0, -3.0, 2.0, 1.0])
    matrix[:2, :2] += [[0.0, -5.0], [5.0, 0.0]]
    for name, wanted in (("modulus", {-4.0, -3.0}), ("real", {2.0, 1.0})):
        values = {round(value.real, 6) for value, _ in found_of(matrix, **{name: 2 if name == "real" else 4})}
        assert wanted <= values
    (turning,) = (value for value, _ in found_of(matrix, imaginary=2))
    assert turning.imag == pytest.approx(5.0)


def test_what_has_not_converged_is_left_out() -> None:
    matrix = MATRICES["cloud"](np.random.default_rng(0), 2_000)
    assert len(found_of(matrix, restarts=1)) < 4
