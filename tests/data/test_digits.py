"""The bundled digits: the facts published with the data set, read from the shipped file."""

import numpy as np
import pytest

from ganviz.data import make_source
from ganviz.data.digits import Digits


def test_digits_are_the_published_ones():
    digits = Digits()
    assert digits.images.shape == (1797, 64)
    assert digits.images.dtype == np.float32
    assert np.bincount(digits.labels).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    first_row = (digits.images[0, :8] + 1.0) * 8.0
    assert first_row.tolist() == [0, 0, 5, 13, 9, 1, 0, 0]
    assert digits.image_shape == (1, 8, 8)


def test_pixels_span_minus_one_to_one_in_sixteen_steps():
    levels = np.unique(Digits().images)
    assert levels.tolist() == [k / 8 - 1 for k in range(17)]


def test_samples_are_images_drawn_with_replacement():
    digits = Digits()
    samples = digits.sample(np.random.default_rng(0), 3000)
    known = {image.tobytes() for image in digits.images}
    drawn = {sample.tobytes() for sample in samples}
    assert drawn <= known
    expected = 1797 * (1 - np.exp(-3000 / 1797))  # distinct images among 3000 draws
    assert abs(len(drawn) - expected) < 5 * np.sqrt(1797) / 2


def test_rows_are_read_by_their_numbers():
    digits = Digits()
    assert digits.count == 1797
    assert np.array_equal(digits.rows([3, 0, 3]), digits.images[[3, 0, 3]])
    assert [digits.class_names[label] for label in digits.labels[:3]] == ["0", "1", "2"]
    for numbers in ([1797], [-1], [[0]]):
        with pytest.raises(IndexError, match=r"digits: no such samples; accepted: .* from 0 to 1796"):
            digits.rows(numbers)


def test_endless_data_have_no_numbered_samples():
    ring = make_source("ring", modes=8, side=5, radius=2.0, sigma=0.1)
    assert ring.count is None
    with pytest.raises(ValueError, match="ring: samples have no numbers"):
        ring.rows([0])
