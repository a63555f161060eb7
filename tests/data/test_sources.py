"""Every row of SOURCES keeps the promises of Source: shapes, repeatability, exact densities, cell masses."""

import numpy as np
import pytest
from scipy import integrate, stats

from ganviz.data import SOURCES, make_source
from ganviz.theory.divergences import Grid

SETTINGS = {"modes": 8, "side": 5, "radius": 2.0, "sigma": 0.1}
IMAGES = {"image_size": 8, "image_count": 40, "image_colour": "grey", "drawing": ""}
OTHERS = {"image_size": 16, "image_count": 50, "image_colour": "colour", "drawing": "1,0 0.5,2"}
IDS = [id for id in SOURCES if id != "file"]  # what a file holds is tested in test_own.py
DIMS = {id: make_source(id, **SETTINGS, **IMAGES).dim for id in IDS}
PLANE_IDS = [id for id in IDS if DIMS[id] == 2]
EXACT_IDS = ["mixture_1d", *PLANE_IDS]
IMAGE_IDS = [id for id in IDS if DIMS[id] > 2]


@pytest.mark.parametrize("id", IDS)
def test_samples_have_the_promised_form_and_repeat(id):
    source = make_source(id, **SETTINGS, **IMAGES)
    first = source.sample(np.random.default_rng(3), 700)
    assert source.id == id
    assert source.dim == {"mixture_1d": 1, **dict.fromkeys(IMAGE_IDS, 64)}.get(id, 2)
    assert first.dtype == np.float32
    assert first.shape == (700, source.dim)
    assert np.array_equal(first, source.sample(np.random.default_rng(3), 700))
    assert not np.array_equal(first, source.sample(np.random.default_rng(4), 700))
    assert len(source.extent) == source.dim
    low, high = np.array(source.extent).T
    assert ((first >= low) & (first <= high)).all(axis=1).mean() > 0.998


@pytest.mark.parametrize("id", IDS)
def test_table_names_exactly_the_parameters_that_matter(id):
    """Another value of a parameter changes the samples if and only if the table says that it is used."""
    settings = SETTINGS | IMAGES
    before = make_source(id, **settings).sample(np.random.default_rng(0), 200)
    for name, value in settings.items():
        other = OTHERS.get(name) or 2 * value
        after = make_source(id, **{**settings, name: other}).sample(np.random.default_rng(0), 200)
        assert np.array_equal(before, after) == (name not in SOURCES[id].parameters), name
    assert SOURCES[id].title
    assert SOURCES[id].help.endswith(".")


@pytest.mark.parametrize("id", IMAGE_IDS)
def test_images_are_numbered_and_labelled(id):
    source = make_source(id, **SETTINGS, **IMAGES)
    rows = source.rows(np.arange(source.count))
    assert np.prod(source.image_shape) == source.dim
    assert rows.dtype == np.float32
    assert -1.0 <= rows.min() < -0.5  # a thin stroke covers no whole pixel of eight
    assert 0.5 < rows.max() <= 1.0 or id == "glyphs_thin"
    assert source.labels.shape == (source.count,)
    assert set(source.labels) == set(range(len(source.class_names)))
    drawn = {sample.tobytes() for sample in source.sample(np.random.default_rng(0), 500)}
    assert drawn <= {row.tobytes() for row in rows}


def test_unknown_id_is_named_together_with_the_accepted_ones():
    with pytest.raises(ValueError, match=r"unknown id 'spiral'; accepted: mixture_1d, ring") as error:
        make_source("spiral", **SETTINGS)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("id", EXACT_IDS)
def test_cell_masses_and_outside_sum_to_one(id):
    source = make_source(id, **SETTINGS)
    wide = tuple(np.linspace(-9.0, 9.0, 91) for _ in range(source.dim))
    assert source.cell_masses(wide).sum() == pytest.approx(1.0, abs=1e-9)
    grid = Grid.over(source.extent)
    inner = source.cell_masses(grid.edges)
    assert inner.shape == grid.bins
    assert inner.min() >= 0.0
    assert grid.masses(inner).sum() == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize("id", EXACT_IDS)
@pytest.mark.parametrize("sigma", [0.1, 0.5])
def test_cell_masses_agree_with_empirical_counts(id, sigma):
    source = make_source(id, **{**SETTINGS, "sigma": sigma})
    grid = Grid.over(source.extent)
    n = 200_000
    expected = n * grid.masses(source.cell_masses(grid.edges))
    counts = grid.histogram(source.sample(np.random.default_rng(11), n))
    rare = expected < 10.0  # Pearson's statistic needs some samples in every cell
    observed = np.append(counts[~rare], counts[rare].sum())
    predicted = np.append(expected[~rare], expected[rare].sum())
    keep = predicted > 0.0
    assert observed[~keep].sum() == 0
    assert stats.chisquare(observed[keep], predicted[keep]).pvalue > 1e-3


@pytest.mark.parametrize("id", PLANE_IDS)
def test_density_integrates_to_the_cell_mass(id):
    """Cells placed inside one smooth piece of every source; dblquad integrates what `density` returns."""
    source = make_source(id, **{**SETTINGS, "sigma": 0.3})
    edges = (np.array([1.1, 1.3, 1.9]), np.array([0.05, 0.6]))
    masses = source.cell_masses(edges)
    assert masses.max() > 1e-3 or id == "checkerboard"
    for i in range(2):
        mass, _ = integrate.dblquad(
            lambda y, x: source.density([[x, y]])[0], edges[0][i], edges[0][i + 1], *edges[1], epsabs=1e-9
        )
        assert masses[i, 0] == pytest.approx(mass, abs=1e-8)


@pytest.mark.parametrize("id", EXACT_IDS)
def test_density_is_normalised(id):
    source = make_source(id, **SETTINGS)
    middles = (np.arange(400) + 0.5) * 0.02 - 4.0  # edges of the uniform shapes fall on edges of these cells
    points = np.stack(np.meshgrid(*[middles] * source.dim), axis=-1).reshape(-1, source.dim)
    assert source.density(points).sum() * 0.02**source.dim == pytest.approx(1.0, abs=1e-6)


@pytest.mark.parametrize(
    ("id", "sigma"), [("digits", 0.1), ("ring", 0.0), ("moons", 0.0), ("swiss_roll", 0.0)]
)
def test_sources_without_density_say_so(id, sigma):
    source = make_source(id, **{**SETTINGS, "sigma": sigma})
    assert not source.has_density
    assert source.cell_masses(tuple(np.linspace(-1, 1, 3) for _ in range(source.dim))) is None
    with pytest.raises(ValueError, match=f"{id}: no density is known"):
        source.density(np.zeros((1, source.dim)))


def test_points_and_edges_of_wrong_dimension_are_refused():
    ring = make_source("ring", **SETTINGS)
    with pytest.raises(ValueError, match=r"ring: points of shape \(4, 3\); accepted: \(n, 2\)"):
        ring.density(np.zeros((4, 3)))
    with pytest.raises(ValueError, match="ring: edges for 1 axes; accepted: 2"):
        ring.cell_masses((np.linspace(-1, 1, 3),))
