"""The blurred curves against adaptive quadrature of the curve written out a second time."""

from itertools import pairwise

import numpy as np
import pytest
from scipy import integrate

from ganviz.data.curves import Moons, SwissRoll


def moon_points(t, radius):
    """The two half circles (cos t, sin t) and (1 - cos t, 1/2 - sin t), centred and 2 radius wide."""
    scale = radius / 1.5
    yield scale * (np.cos(t) - 0.5), scale * (np.sin(t) - 0.25)
    yield scale * (0.5 - np.cos(t)), scale * (0.25 - np.sin(t))


def roll_points(t, radius):
    yield radius * t * np.cos(t) / (4.5 * np.pi), radius * t * np.sin(t) / (4.5 * np.pi)


CURVES = {
    "moons": (Moons, moon_points, (0.0, np.pi)),
    "swiss_roll": (SwissRoll, roll_points, (1.5 * np.pi, 4.5 * np.pi)),
}


def blurred(points, span, radius, sigma, x):
    """E over t and branch of N(x; c(t), sigma^2 I) by scipy, in pieces so that no narrow peak is missed."""

    def integrand(t):
        kernels = [
            np.exp(-((x[0] - a) ** 2 + (x[1] - b) ** 2) / (2 * sigma**2)) for a, b in points(t, radius)
        ]
        return np.mean(kernels) / (2 * np.pi * sigma**2)

    cuts = np.linspace(*span, 201)
    pieces = [integrate.quad(integrand, a, b, epsabs=1e-11, epsrel=1e-11)[0] for a, b in pairwise(cuts)]
    return sum(pieces) / (span[1] - span[0])


@pytest.mark.parametrize("id", CURVES)
@pytest.mark.parametrize("sigma", [0.005, 0.1, 1.0])  # 0.005 is the finest noise with a density at radius 2
def test_density_equals_adaptive_quadrature(id, sigma):
    make, points, span = CURVES[id]
    source = make(radius=2.0, sigma=sigma)
    x = source.sample(np.random.default_rng(5), 6).astype(np.float64)
    oracle = np.array([blurred(points, span, 2.0, sigma, row) for row in x])
    assert source.density(x) == pytest.approx(oracle, abs=1e-6 * oracle.max())


@pytest.mark.parametrize("id", CURVES)
def test_curve_stays_inside_the_radius(id):
    source = CURVES[id][0](radius=3.0, sigma=0.0)
    samples = source.sample(np.random.default_rng(0), 20_000)
    assert np.abs(samples).max() <= 3.0 + 1e-6
    assert np.abs(samples).max() > 2.9


@pytest.mark.parametrize("id", CURVES)
def test_top_speed_is_the_largest_speed(id):
    source = CURVES[id][0](radius=1.0, sigma=0.1)
    u = np.linspace(0.0, 1.0, 100_001)
    speeds = [
        np.linalg.norm(np.diff(source.curve(u, np.full_like(u, branch)), axis=0), axis=1).max() * 100_000
        for branch in range(source.branches)
    ]
    assert max(speeds) == pytest.approx(source.top_speed, rel=1e-4)


def test_noise_finer_than_the_quadrature_has_no_density():
    assert Moons(radius=2.0, sigma=0.005).has_density
    assert not Moons(radius=2.0, sigma=0.0049).has_density


def test_moons_are_two_equal_halves_apart():
    """Without noise every sample lies on one of the two half circles, half of them on each."""
    samples = Moons(radius=1.5, sigma=0.0).sample(np.random.default_rng(7), 10_000) + np.array([0.5, 0.25])
    on_first = np.abs(np.hypot(*samples.T) - 1.0) < 1e-5
    on_second = np.abs(np.hypot(*(samples - [1.0, 0.5]).T) - 1.0) < 1e-5
    assert (on_first | on_second).all()
    assert on_first.mean() == pytest.approx(0.5, abs=5 * 0.5 / 100)
