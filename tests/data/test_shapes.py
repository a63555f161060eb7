"""The uniform shapes: values of the density and of whole squares, known by counting."""

import numpy as np
import pytest
from scipy import stats

from ganviz.data.shapes import Checkerboard, Square


def test_square_density_is_one_over_its_area():
    square = Square(radius=1.5)
    inside = square.density([[0.0, 0.0], [1.49, -1.49]])
    assert inside == pytest.approx([1 / 9, 1 / 9])
    assert square.density([[1.51, 0.0], [0.0, -9.0]]).tolist() == [0.0, 0.0]


def test_checkerboard_squares_hold_one_eighth_or_nothing():
    board = Checkerboard(radius=2.0)
    lines = np.linspace(-2.0, 2.0, 5)
    masses = board.cell_masses((lines, lines))
    expected = np.array([[1, 0, 1, 0], [0, 1, 0, 1], [1, 0, 1, 0], [0, 1, 0, 1]]) / 8
    assert masses == pytest.approx(expected)
    middles = lines[:-1] + 0.5
    points = np.stack(np.meshgrid(middles, middles, indexing="ij"), axis=-1).reshape(-1, 2)
    assert board.density(points).reshape(4, 4) == pytest.approx(expected)


def test_cell_across_an_edge_holds_the_overlap():
    edges = (np.array([0.5, 2.5]), np.array([-0.5, 1.0]))
    assert Square(radius=1.0).cell_masses(edges) == pytest.approx(np.array([[0.5 * 1.5 / 4]]))


def test_checkerboard_samples_fall_on_filled_squares_evenly():
    board = Checkerboard(radius=2.0)
    samples = board.sample(np.random.default_rng(0), 40_000)
    row, column = np.floor(samples.astype(np.float64)).astype(int).T
    on_edge = (samples == np.round(samples)).any(axis=1)  # rounding to float32 may reach an edge
    assert (((row + column) % 2 == 0) | on_edge).all()
    assert on_edge.mean() < 1e-3
    counts = np.unique(np.column_stack((row, column))[~on_edge], axis=0, return_counts=True)[1]
    assert len(counts) == 8
    assert stats.chisquare(counts).pvalue > 1e-3
    within = samples - np.floor(samples)
    assert stats.kstest(within[:, 0], "uniform").pvalue > 1e-3
