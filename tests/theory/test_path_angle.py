"""Attraction told from rotation, on linear games whose path-angle is known in closed form."""

import numpy as np
import pytest

from ganviz.theory.path_angle import read

ALPHA = np.round(np.linspace(-0.1, 1.1, 61), 2)
REST = np.array([0.0, 0.0])


def cosines(field: np.ndarray, start: np.ndarray, stop: np.ndarray) -> np.ndarray:
    """v(w) = A w along the line through two states: the cosine with its direction."""
    points = np.outer(1 - ALPHA, start) + np.outer(ALPHA, stop)
    v, way = points @ field.T, stop - start
    return v @ way / np.linalg.norm(way) / np.maximum(np.linalg.norm(v, axis=1), 1e-300)


@pytest.mark.parametrize(
    ("field", "stop", "kind"),
    [
        (-np.eye(2), [0.0, 0.0], "attraction"),
        (np.eye(2), [0.0, 0.0], "repulsion"),
        ([[0.0, -1.0], [1.0, 0.0]], [0.05, 0.1], "rotation"),
        ([[0.0, -1.0], [1.0, 0.0]], [0.05, -0.1], "rotation"),
        ([[-0.3, -1.0], [1.0, -0.3]], [0.0, 0.02], "both"),
        (-np.eye(2), [-3.0, 0.0], "passed"),
        ([[-0.3, -1.0], [1.0, -0.3]], [-2.0, 0.0], "passed"),
        (-np.eye(2), [1.5, 0.0], "onward"),
        (np.eye(2), [1.5, 0.0], "backward"),
    ],
)
def test_linear_games(field: object, stop: list[float], kind: str) -> None:
    found = cosines(np.array(field, float), np.array([3.0, 0.0]), np.array(stop))
    reading = read(ALPHA, found)
    assert reading.kind == kind, reading
    assert abs(reading.peak) == pytest.approx(np.abs(found).max())


def test_past_the_rest_point_the_field_leads_back_to_it() -> None:
    """On the line from 3 to -1 the rest point 0 lies at alpha = 3/4."""
    found = cosines(-np.eye(2), np.array([3.0, 0.0]), np.array([-1.0, 0.0]))
    reading = read(ALPHA, found)
    assert reading.kind == "passed"
    assert reading.turn == pytest.approx(0.75, abs=0.02)


def test_a_circle_is_never_taken_for_attraction() -> None:
    """v = J w: along any chord the scalar product with the chord keeps its sign."""
    spin = np.array([[0.0, -1.0], [1.0, 0.0]])
    for angle in np.linspace(0.1, 6.2, 60):
        for radius in (0.5, 1.0, 2.0):
            stop = radius * np.array([np.cos(angle), np.sin(angle)])
            kind = read(ALPHA, cosines(spin, np.array([1.0, 0.0]), stop)).kind
            assert kind in {"rotation", "across", "onward", "backward"}


def test_pure_rotation_towards_its_rest_point_stands_across_the_path() -> None:
    found = cosines(np.array([[0.0, -1.0], [1.0, 0.0]]), np.array([3.0, 0.0]), np.zeros(2))
    assert read(ALPHA, found).kind == "across"


def test_too_little_is_known() -> None:
    assert read(ALPHA, np.full(61, np.nan)).kind == ""
    half = np.where(ALPHA < 0.9, 0.5, np.nan)
    assert read(ALPHA, half).kind == ""
