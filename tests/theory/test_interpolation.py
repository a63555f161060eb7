"""Ways between two latent points, against rotations worked out otherwise."""

import numpy as np
import pytest
from scipy.linalg import expm
from scipy.spatial import geometric_slerp

from ganviz.theory.interpolation import angle_between, linear, spherical

T = np.linspace(0.0, 1.0, 7)


def test_spherical_is_a_turn_in_the_plane_of_both() -> None:
    source = np.random.default_rng(0)
    a, b = (vector / np.linalg.norm(vector) for vector in source.standard_normal((2, 5)))
    np.testing.assert_allclose(spherical(a, b, T), geometric_slerp(a, b, T), atol=1e-12)
    across = b - (a @ b) * a
    across /= np.linalg.norm(across)
    turn = np.outer(across, a) - np.outer(a, across)
    for t, point in zip(T, spherical(3.0 * a, 3.0 * b, T), strict=True):
        np.testing.assert_allclose(point, 3.0 * expm(turn * t * angle_between(a, b)) @ a, atol=1e-12)


def test_the_straight_line_is_shorter_inside_and_both_have_the_same_ends() -> None:
    a, b = np.random.default_rng(1).standard_normal((2, 100))
    for way in (linear, spherical):
        found = way(a, b, T)
        np.testing.assert_allclose(found[[0, -1]], [a, b], atol=1e-12)
    np.testing.assert_allclose(linear(a, b, [0.25])[0], 0.75 * a + 0.25 * b)
    lengths = [np.linalg.norm(way(a, b, [0.5])[0]) for way in (linear, spherical)]
    assert lengths[0] < 0.8 * lengths[1] and lengths[1] == pytest.approx(10.0, rel=0.15)


@pytest.mark.parametrize("b", [[2.0, 0.0], [-2.0, 0.0], [0.0, 0.0]])
def test_where_no_great_circle_is_meant_the_line_stands_in(b: list[float]) -> None:
    np.testing.assert_array_equal(spherical([1.0, 0.0], b, T), linear([1.0, 0.0], b, T))
