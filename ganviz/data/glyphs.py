"""Digits drawn with a shipped font (licences: resources/fonts/README.md), in several styles.

Images with one number in two styles show the same digit at the same place: nobody trains on such pairs, but
they tell how well a translation from style to style has found them.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from ganviz.data.digits import Digits
from ganviz.data.drawn import FINE, MAP_CELLS, DrawnImages, Jitter, Maps, Mask, distances
from ganviz.resources import open_binary

DIGITS = "0123456789"
HEIGHT = 1.4
"""Of a digit, in half sides of the image."""


class Glyphs(DrawnImages):
    """Digits 0 to 9 in a hand's even strokes."""

    id = "glyphs"
    font = "ComicNeue-Regular.otf"
    swell = 0.015

    def _names(self) -> tuple[str, ...]:
        return tuple(DIGITS)

    def _maps(self) -> Maps:
        return _digits(self.font)


class ThickGlyphs(Glyphs):
    """The same digits in strokes of about twice the width."""

    id = "glyphs_thick"
    swell = 0.1


class ThinGlyphs(Glyphs):
    """The same digits in strokes of about half the width."""

    id = "glyphs_thin"
    swell = -0.022
    jitter = Jitter(swell=0.008)


class SerifGlyphs(Glyphs):
    """The same digits in another font, with slabs at the ends of the strokes."""

    id = "glyphs_serif"
    font = "RobotoSlab-Regular.otf"
    swell = 0.0


class InvertedGlyphs(Glyphs):
    """The same digits, dark on light."""

    id = "glyphs_inverted"
    is_inverted = True


class InvertedDigits(Digits):
    """The handwritten digits, dark on light."""

    id = "digits_inverted"

    def __init__(self) -> None:
        super().__init__()
        self.images = -self.images


@cache
def _digits(font: str) -> Maps:
    """The outlines of the ten digits, all of one scale, each in the middle."""
    return distances(_masks(font))


def _masks(font: str) -> list[Mask]:
    from PIL import Image, ImageDraw, ImageFont

    side = MAP_CELLS * FINE
    with open_binary(f"fonts/{font}") as file:
        drawn = ImageFont.truetype(file, side, layout_engine=ImageFont.Layout.BASIC)
        boxes = [drawn.getbbox(digit) for digit in DIGITS]
        size = side * (HEIGHT / 2.0 * side) / max(bottom - top for _, top, _, bottom in boxes)
        file.seek(0)
        drawn = ImageFont.truetype(file, round(size), layout_engine=ImageFont.Layout.BASIC)
        masks = []
        for digit in DIGITS:
            left, top, right, bottom = drawn.getbbox(digit)
            image = Image.new("L", (side, side))
            place = (side - left - right) / 2.0, (side - top - bottom) / 2.0
            ImageDraw.Draw(image).text(place, digit, font=drawn, fill=255)
            masks.append(np.asarray(image) > 127)
    return masks
