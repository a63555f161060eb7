"""Data made from other data: turned, inverted."""

import numpy as np
import pytest

from ganviz.data import make_source
from ganviz.data.derived import DERIVED, Inverted, Turned

PARAMETERS = {"modes": 3, "side": 2, "radius": 2.0, "sigma": 0.1}


def test_a_quarter_turn_takes_the_first_axis_to_the_second():
    moons = make_source("moons", **PARAMETERS)
    turned = Turned(moons, 90.0)
    x, y = (source.sample(np.random.default_rng(0), 200) for source in (moons, turned))
    np.testing.assert_allclose(y, np.column_stack((-x[:, 1], x[:, 0])), atol=1e-6)
    assert turned.extent == moons.extent and not turned.has_density


@pytest.mark.parametrize("degrees", [-180.0, -30.0, 0.0, 77.0])
def test_a_turn_keeps_lengths_and_takes_angles_on(degrees):
    ring = make_source("ring", **PARAMETERS)
    turned = Turned(ring, degrees)
    assert turned.sigma == ring.sigma
    as_numbers = ring.means @ [1, 1j]
    np.testing.assert_allclose(
        turned.means @ [1, 1j], as_numbers * np.exp(1j * np.radians(degrees)), atol=1e-6
    )


def test_only_the_plane_is_turned():
    with pytest.raises(ValueError, match="turned: data of 1 coordinates; accepted: 2"):
        Turned(make_source("mixture_1d", **PARAMETERS), 10.0)


@pytest.mark.parametrize("data", ["mixture_1d", "ring", "digits"])
def test_inverted_has_every_sign_changed(data):
    source = make_source(data, **PARAMETERS)
    inverted = Inverted(source)
    x, y = (one.sample(np.random.default_rng(0), 50) for one in (source, inverted))
    np.testing.assert_array_equal(y, -x)
    assert (inverted.dim, inverted.image_shape) == (source.dim, source.image_shape)
    assert y.dtype == np.float32


def test_every_row_makes_what_it_names():
    ring = make_source("ring", **PARAMETERS)
    assert {id: row.make(ring, 30.0).id for id, row in DERIVED.items()} == {id: id for id in DERIVED}
