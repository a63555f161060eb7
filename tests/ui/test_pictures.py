"""Samples as Qt images, read back pixel by pixel."""

import numpy as np
import pytest

from ganviz.data.digits import Digits
from ganviz.ui.panels.pictures import pictures


class Tiny:
    """Two pixels beside each other."""

    def __init__(self, channels, is_ink=False):
        self.image_shape, self.is_ink = (channels, 1, 2), is_ink


def grey(image, x, y=0):
    return image.pixelColor(x, y).red()


@pytest.mark.parametrize(("is_ink", "dark", "low"), [(False, False, 0), (True, False, 255), (True, True, 0)])
def test_grey_images_follow_the_ground(is_ink, dark, low):
    (image,) = pictures(np.array([[-1.0, 1.0]]), Tiny(1, is_ink), dark=dark)
    assert image.isGrayscale()
    assert (grey(image, 0), grey(image, 1)) == (low, 255 - low)


def test_colours_come_channel_by_channel():
    values = np.array([[1.0, -1.0, -1.0, 1.0, 0.0, -1.0]])  # red, then green, then blue
    (image,) = pictures(values, Tiny(3), dark=False)
    left, right = image.pixelColor(0, 0), image.pixelColor(1, 0)
    assert (left.red(), left.green(), left.blue()) == (255, 0, 128)
    assert (right.red(), right.green(), right.blue()) == (0, 255, 0)


def test_what_is_beyond_the_range_is_cut():
    (image,) = pictures(np.array([[-9.0, 9.0]]), Tiny(1), dark=False)
    assert (grey(image, 0), grey(image, 1)) == (0, 255)


def test_digits_stand_upright():
    digits = Digits()
    (image,) = pictures(digits.images[:1].astype(float), digits, dark=True)
    drawn = [[grey(image, x, y) for x in range(8)] for y in range(8)]
    assert np.allclose(drawn, (digits.images[0].reshape(8, 8) + 1.0) * 127.5, atol=0.51)
