"""Images that are drawn from their numbers: image i is always the same, on every machine and in any order.

An outline is kept as a map of signed distances, in which thickness, size, slant and place change by
arithmetic: a pixel's ink is the distance from its centre to the outline, in pixels, plus a half, cut to 0..1.
"""

from __future__ import annotations

import math
import threading
from abc import abstractmethod
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ganviz.data.base import FiniteSource, Float32Array, FloatArray, Indices, symmetric_extent

Pixels = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]
Maps = Float32Array

MAP_CELLS = 128
"""Cells on a side of a distance map; it covers [-1, 1] squared, as the image does."""
FINE = 4
"""Points of the drawn outline across a cell of the map, each way."""
CACHE_BYTES = 150_000_000
"""Sets whose pixels need more are drawn anew each time."""
CHUNK = 512


@dataclass(frozen=True)
class Jitter:
    """How far images differ from their outline: half widths, in half sides of the image where they are
    lengths, and the range of sizes; `turn` in radians, `slant` as shift a height."""

    place: float = 0.1
    size: tuple[float, float] = (0.8, 1.05)
    turn: float = 0.12
    slant: float = 0.2
    swell: float = 0.02


class DrawnImages(FiniteSource):
    """`image_count` square images of `image_size` pixels, drawn from their numbers and kept as bytes.

    Number i shows class i modulo the number of classes. `swell` thickens every outline, in half sides of the
    image; `is_inverted` exchanges light and dark. Pixels in [-1, 1], ink 1 on ground -1, row by row from the
    top left; in colour the planes red, green, blue follow one another.
    """

    has_images = True
    jitter = Jitter()
    swell = 0.0
    is_inverted = False

    def __init__(self, image_size: int, image_count: int, image_colour: str = "grey") -> None:
        self.class_names = self._names()
        self.count = image_count
        classes = np.arange(len(self.class_names), dtype=np.uint8)
        self.labels = np.tile(classes, -(-image_count // len(classes)))[:image_count]
        channels = 3 if image_colour == "colour" else 1
        self.image_shape = (channels, image_size, image_size)
        self.is_ink = channels == 1
        self.dim = math.prod(self.image_shape)
        self.extent = symmetric_extent(1.0, self.dim)
        self._kept: tuple[Pixels, Mask] | None = None
        self._keeping = threading.Lock()

    @abstractmethod
    def _names(self) -> tuple[str, ...]:
        """The classes, in their order."""

    @abstractmethod
    def _maps(self) -> Maps:
        """Each class's outline, as :func:`distances` gives it."""

    def _rows(self, numbers: Indices) -> Float32Array:
        return self._pixels(numbers).astype(np.float32) / np.float32(127.5) - np.float32(1.0)

    def _pixels(self, numbers: Indices) -> Pixels:
        if self.count * self.dim > CACHE_BYTES:
            return self._draw(numbers)
        pixels, is_drawn = self._room()
        missing = np.unique(numbers[~is_drawn[numbers]])
        for start in range(0, len(missing), CHUNK):
            part = missing[start : start + CHUNK]
            pixels[part] = self._draw(part)
            is_drawn[part] = True  # only now: another thread may be reading
        return pixels[numbers]

    def _room(self) -> tuple[Pixels, Mask]:
        """Where drawn images are kept, and which are drawn; made by whoever needs an image first: zeroed
        memory may take 50 ms, which the window, that only asks for sizes, does not have."""
        with self._keeping:
            if self._kept is None:
                self._kept = np.zeros((self.count, self.dim), np.uint8), np.zeros(self.count, np.bool_)
            return self._kept

    def _draw(self, numbers: Indices) -> Pixels:
        parts = [self._inked(numbers[i : i + CHUNK]) for i in range(0, len(numbers), CHUNK)]
        return np.concatenate(parts) if parts else np.empty((0, self.dim), np.uint8)

    def _inked(self, numbers: Indices) -> Pixels:
        ink = self._ink(numbers)
        if self.image_shape is not None and self.image_shape[0] == 3:
            ink = (_bright_colours(chance(numbers, 6))[:, :, None] * ink[:, None]).reshape(len(ink), -1)
        if self.is_inverted:
            ink = 1.0 - ink
        return np.asarray(np.rint(255.0 * ink), dtype=np.uint8)

    def _ink(self, numbers: Indices) -> Float32Array:
        """Ink from 0 to 1 of each pixel, (n, side squared)."""
        assert self.image_shape is not None
        side, maps = self.image_shape[-1], self._maps()
        middles = ((np.arange(side) + 0.5) * (2.0 / side) - 1.0).astype(np.float32)
        down, right = (axis.ravel() for axis in np.meshgrid(middles, middles, indexing="ij"))
        j = self.jitter
        shift_x, shift_y, turn, slant, swell = (
            ((2.0 * chance(numbers, stream) - 1.0) * half)[:, None].astype(np.float32)
            for stream, half in enumerate((j.place, j.place, j.turn, j.slant, j.swell))
        )
        size = (j.size[0] + (j.size[1] - j.size[0]) * chance(numbers, 5))[:, None].astype(np.float32)
        x, y = right - shift_x, down - shift_y
        cos, sin = np.cos(turn), np.sin(turn)
        x, y = (cos * x + sin * y) / size, (cos * y - sin * x) / size
        x = x + slant * y
        distance = _looked_up(maps, numbers % len(maps), x, y) * size + self.swell + swell
        return np.clip(distance * np.float32(side / 2.0) + np.float32(0.5), 0.0, 1.0)


def chance(numbers: Indices, stream: int) -> FloatArray:
    """Numbers that look drawn uniformly from [0, 1), each a function of (number, stream): SplitMix64."""
    with np.errstate(over="ignore"):
        state = numbers.astype(np.uint64) * np.uint64(64) + np.uint64(stream + 1)
        state = state * np.uint64(0x9E3779B97F4A7C15)
        state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        state ^= state >> np.uint64(31)
    return (state >> np.uint64(11)).astype(np.float64) * 2.0**-53


def distances(masks: list[Mask]) -> Maps:
    """The signed distance to each filled outline, (MAP_CELLS * FINE,) squared and True inside, at the middle
    of each cell, positive inside, in half sides of the image; (masks, MAP_CELLS, MAP_CELLS)."""
    return np.stack([_distances(mask) for mask in masks])


def _distances(mask: Mask) -> Maps:
    from scipy.ndimage import distance_transform_edt

    # Each transform measures to the nearest point on the other side; the outline lies half a point before it.
    inside, outside = (distance_transform_edt(side) - 0.5 * side for side in (mask, ~mask))
    blocks = (inside - outside).reshape(MAP_CELLS, FINE, MAP_CELLS, FINE)
    return np.asarray(blocks.mean(axis=(1, 3)) * (2.0 / (MAP_CELLS * FINE)), dtype=np.float32)


def _looked_up(maps: Maps, which: Indices, x: Float32Array, y: Float32Array) -> Float32Array:
    """The maps numbered `which` (n,) at the points (x, y), each (n, m), by linear interpolation."""
    column, left = _between_cells(x)
    row, above = _between_cells(y)
    first = (which[:, None].astype(np.int32) * MAP_CELLS + row) * MAP_CELLS + column
    flat = maps.ravel()
    upper = flat[first] * left + flat[first + 1] * (1.0 - left)
    lower = flat[first + MAP_CELLS] * left + flat[first + MAP_CELLS + 1] * (1.0 - left)
    return np.asarray(upper * above + lower * (1.0 - above))


def _between_cells(place: Float32Array) -> tuple[npt.NDArray[np.int32], Float32Array]:
    """The cell whose middle lies before each place, and that cell's share of the mean with the next one."""
    position = np.clip((place + 1.0) * (MAP_CELLS / 2.0) - 0.5, 0.0, MAP_CELLS - 1.001)
    cell = position.astype(np.int32)
    return cell, np.asarray(1.0 - (position - cell), dtype=np.float32)


def _bright_colours(hue: FloatArray) -> Float32Array:
    """Red, green and blue of full hues, each of a largest part 1 and a least part 0.15; (n, 3)."""
    turns = hue[:, None] * 6.0 + np.array([0.0, 4.0, 2.0])
    return np.clip(np.abs(turns % 6.0 - 3.0) - 1.0, 0.15, 1.0).astype(np.float32)
