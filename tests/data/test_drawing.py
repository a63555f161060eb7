"""A drawing: its text, and its density against scipy's kernel density of the same width."""

import numpy as np
import pytest
from scipy import stats

from ganviz.data.drawing import MOST_POINTS, Drawing, canonical, points_of, text_of
from ganviz.data.refusal import DataError


def test_text_and_points_are_each_other_to_a_thousandth():
    points = np.random.default_rng(0).uniform(-3, 3, (MOST_POINTS, 2))
    text = text_of(points)
    assert np.abs(points_of(text) - points).max() <= 0.0005 + 1e-12
    assert canonical(text) == text
    assert len(text) < 60_000
    assert text_of([[-0.0001, 100.0], [-99.9994, 0.5]]) == "0,100 -99.999,0.5"
    assert canonical("  1.0,2.00000\n -3e0,0.1234 ") == "1,2 -3,0.123"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("1,2 3", "drawing, point 2: '3' is not x,y; accepted: up to 4,000 points x,y"),
        ("a,b", "drawing, point 1: 'a,b' is not x,y; accepted:"),
        ("1,2,3", "drawing, point 1: '1,2,3' is not x,y; accepted:"),
        ("0,0 1,nan", "drawing, point 2: 1,nan; accepted: numbers from -100 to 100"),
        ("0,1e9", "drawing, point 1: 0,1e9; accepted: numbers from -100 to 100"),
        ("1,1 " * 4001, "drawing: 4,001 points; accepted: up to 4,000"),
    ],
)
def test_what_is_no_drawing_is_refused_in_one_line(text, line):
    with pytest.raises(DataError) as refused:
        Drawing(text, 0.1)
    assert str(refused.value).startswith(line)
    assert "\n" not in str(refused.value)


def test_the_density_is_that_of_a_gaussian_kernel():
    points = np.random.default_rng(1).normal(size=(700, 2)).round(3)
    drawing = Drawing(text_of(points), 0.3)
    kernel = stats.gaussian_kde(points.T, bw_method=1.0)
    kernel.covariance = np.eye(2) * 0.09
    kernel.cho_cov = np.eye(2) * 0.3
    kernel.log_det = 2 * np.log(2 * np.pi * 0.09)
    at = np.random.default_rng(2).uniform(-3, 3, (4000, 2))
    assert drawing.density(at) == pytest.approx(kernel(at.T), rel=1e-9, abs=1e-12)


def test_samples_lie_around_the_points():
    drawing = Drawing("-2,1 2,1 2,-1", 0.1)
    samples = drawing.sample(np.random.default_rng(0), 30_000)
    distances = np.linalg.norm(samples[:, None] - drawing.points, axis=2)
    nearest = distances.argmin(axis=1)
    assert stats.chisquare(np.bincount(nearest)).pvalue > 1e-3
    assert stats.kstest(distances.min(axis=1) / 0.1, stats.chi(2).cdf).pvalue > 1e-3


def test_the_canvas_is_shown_whole_and_points_outside_it_too():
    assert Drawing("0,0", 0.1).extent == ((-3.0, 3.0),) * 2
    assert Drawing("0,50", 0.5).extent == ((-52.0, 52.0),) * 2
    assert len(Drawing("", 0.1).points) > 50
