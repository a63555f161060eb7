"""The Fréchet distance against its closed form by another route: SciPy's matrix square root."""

import numpy as np
import pytest
from scipy.linalg import sqrtm

from ganviz.theory.frechet import frechet


def by_scipy(a, b) -> float:
    first, second = np.cov(a, rowvar=False), np.cov(b, rowvar=False)
    root = sqrtm(first @ second).real
    return float(((a.mean(0) - b.mean(0)) ** 2).sum() + np.trace(first + second - 2 * root))


def test_it_is_what_the_matrix_square_root_gives() -> None:
    random = np.random.default_rng(0)
    a = random.normal(size=(400, 7)) @ random.normal(size=(7, 7))
    b = random.normal(size=(300, 7)) @ random.normal(size=(7, 7)) + 0.5
    assert frechet(a, b) == pytest.approx(by_scipy(a, b), rel=1e-9)
    assert frechet(a, b) == pytest.approx(frechet(b, a), rel=1e-9)


def test_normals_on_a_line_give_the_difference_of_means_and_deviations() -> None:
    a, b = np.array([[0.0], [2.0]]), np.array([[3.0], [9.0]])  # means 1, 6; deviations √2, √18
    assert frechet(a, b) == pytest.approx(25.0 + (np.sqrt(18) - np.sqrt(2)) ** 2)


def test_a_sample_is_at_no_distance_from_itself_however_flat_it_is() -> None:
    flat = np.outer(np.arange(9.0), np.ones(4))
    assert frechet(flat, flat) == pytest.approx(0.0, abs=1e-12)


def test_what_cannot_be_compared_is_refused_or_is_no_number() -> None:
    with pytest.raises(ValueError, match="accepted"):
        frechet(np.zeros((5, 3)), np.zeros((5, 2)))
    with pytest.raises(ValueError, match="accepted"):
        frechet(np.zeros((1, 3)), np.zeros((5, 3)))
    assert np.isnan(frechet(np.full((5, 3), np.nan), np.zeros((5, 3))))
