"""Drawn images: each a function of its number, as Pillow draws the same outline, in styles that match."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont
from scipy import stats

from ganviz import resources
from ganviz.data import drawn
from ganviz.data.digits import Digits
from ganviz.data.drawn import Jitter, chance
from ganviz.data.figures import Figures
from ganviz.data.glyphs import Glyphs, InvertedDigits, InvertedGlyphs, SerifGlyphs, ThickGlyphs, ThinGlyphs

STYLES = (Glyphs, ThickGlyphs, ThinGlyphs, SerifGlyphs)


class StillGlyphs(Glyphs):
    jitter = Jitter(place=0.0, size=(1.0, 1.0), turn=0.0, slant=0.0, swell=0.0)
    swell = 0.0


def as_pillow_draws(digit: str, side: int) -> np.ndarray:
    """The digit at sixteen times the size and averaged: coverage from 0 to 1, (side, side)."""
    large = side * 16
    path = str(resources.path("fonts/ComicNeue-Regular.otf"))
    font = ImageFont.truetype(path, large)
    boxes = [font.getbbox(other, anchor="ls") for other in "0123456789"]
    font = font.font_variant(size=0.7 * large * large / max(box[3] - box[1] for box in boxes))
    left, top, right, bottom = font.getbbox(digit, anchor="ls")
    image = Image.new("L", (large, large))
    place = (large - left - right) / 2, (large - top - bottom) / 2
    ImageDraw.Draw(image).text(place, digit, font=font, fill=255, anchor="ls")
    return (np.asarray(image, dtype=float) / 255).reshape(side, 16, side, 16).mean(axis=(1, 3))


@pytest.mark.parametrize("side", [16, 28, 64])
def test_a_glyph_at_rest_is_what_pillow_draws(side):
    images = (StillGlyphs(side, 10).rows(np.arange(10)).reshape(-1, side, side) + 1) / 2
    for digit, image in enumerate(images):
        wanted = as_pillow_draws(str(digit), side)
        assert np.abs(image - wanted).mean() < 0.012
        assert np.corrcoef(image.ravel(), wanted.ravel())[0, 1] > 0.985


def test_chances_are_split_mix_64_and_uniform():
    def one(number: int, stream: int) -> float:
        word = 2**64 - 1
        state = ((number * 64 + stream + 1) & word) * 0x9E3779B97F4A7C15 & word
        state = (state ^ state >> 30) * 0xBF58476D1CE4E5B9 & word
        state = (state ^ state >> 27) * 0x94D049BB133111EB & word
        return ((state ^ state >> 31) >> 11) / 2**53

    numbers = np.arange(20_000)
    found = [chance(numbers, stream) for stream in range(7)]
    assert all(found[stream][number] == one(number, stream) for stream in (0, 6) for number in (0, 7, 19_999))
    assert all(stats.kstest(values, "uniform").pvalue > 1e-3 for values in found)
    assert np.abs(np.corrcoef(found) - np.eye(7)).max() < 0.03


def test_an_image_depends_on_its_number_alone(monkeypatch):
    numbers = np.random.default_rng(0).integers(3000, size=700)
    kept = Glyphs(16, 3000)
    kept.rows([5, 17])
    monkeypatch.setattr(drawn, "CACHE_BYTES", 0)
    fresh, larger = Glyphs(16, 3000), Glyphs(16, 1_000_000)
    assert fresh._kept is None
    assert np.array_equal(kept.rows(numbers), fresh.rows(numbers))
    assert np.array_equal(kept.rows(numbers), larger.rows(numbers))
    assert np.array_equal(fresh.rows(numbers[:1]), fresh.rows(numbers)[:1])
    assert len({image.tobytes() for image in kept.rows(np.arange(3000))}) == 3000


def test_memory_of_kept_images_is_bounded_and_taken_with_the_first_image():
    source, many = Glyphs(28, 60_000), Glyphs(28, 1_000_000)
    assert source.labels is not None
    assert (source.labels == np.arange(60_000) % 10).all()
    assert source._kept is None  # what a set is like can be asked by a window that has no time
    for drawn_from in (source, many):
        drawn_from.rows(np.array([3]))
    assert source._kept is not None
    assert many._kept is None


def test_styles_show_the_same_digit_at_the_same_place():
    numbers = np.arange(200)
    ink = {kind: (kind(28, 200).rows(numbers) + 1) / 2 for kind in STYLES}
    mean = {kind: values.mean() for kind, values in ink.items()}
    assert mean[ThinGlyphs] < 0.75 * mean[Glyphs]
    assert mean[ThickGlyphs] > 1.5 * mean[Glyphs]
    assert (ink[ThinGlyphs] <= ink[ThickGlyphs] + 1e-6).all()
    for kind in ink:
        of_same = [np.corrcoef(ink[kind][i], ink[Glyphs][i])[0, 1] for i in numbers]
        of_next = [np.corrcoef(ink[kind][i], ink[Glyphs][(i + 1) % 200])[0, 1] for i in numbers]
        assert np.median(of_same) > np.median(of_next) + 0.2


def test_inverted_images_exchange_light_and_dark():
    numbers = np.arange(50)
    assert np.abs(InvertedGlyphs(28, 50).rows(numbers) + Glyphs(28, 50).rows(numbers)).max() <= 1 / 127
    assert np.array_equal(InvertedDigits().rows(numbers), -Digits().rows(numbers))


def test_coloured_figures_are_grey_ones_in_one_colour_each():
    grey = (Figures(28, 60).rows(np.arange(60)).reshape(60, 1, -1) + 1) / 2
    colour = (Figures(28, 60, "colour").rows(np.arange(60)).reshape(60, 3, -1) + 1) / 2
    tint = colour.max(axis=2, keepdims=True)
    assert np.abs(colour - tint * grey / grey.max(axis=2, keepdims=True)).max() < 0.01
    assert tint.max(axis=1).min() > 0.9
    assert len({tuple(row) for row in tint[:, :, 0].round(2)}) > 40
