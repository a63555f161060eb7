"""The user's own data as sources: images, points, and a picture as a density."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from pathlib import Path
from weakref import WeakValueDictionary

import numpy as np

from ganviz.data.base import FiniteSource, Float32Array, FloatArray, Indices, Source, symmetric_extent
from ganviz.data.files.contents import Contents, Tell, Wanted, no_tell
from ganviz.data.shapes import overlaps

SCALES = {"fit": "to the radius", "keep": "as in the file"}
MOST_SETS = 2
"""Files whose contents are kept for whoever asks next."""


class OwnImages(FiniteSource):
    """Images of a file or folder; pixels in [-1, 1], plane by plane."""

    id = "file"

    def __init__(self, contents: Contents) -> None:
        assert contents.pixels is not None and contents.image_shape is not None
        self.contents, self.count = contents, contents.count
        self.image_shape = contents.image_shape
        channels, height, width = self.image_shape
        self.dim = channels * height * width
        self.extent = symmetric_extent(1.0, self.dim)
        if contents.labels is not None:
            self.labels, self.class_names = contents.labels.values, contents.labels.names

    def _rows(self, numbers: Indices) -> Float32Array:
        assert self.contents.pixels is not None
        return self.contents.pixels[numbers].astype(np.float32) / np.float32(127.5) - np.float32(1.0)


class OwnPoints(FiniteSource):
    """Points of a table. With `data_scale` fit they are moved to the middle and scaled by one factor, so that
    the outermost coordinate is `radius`: x' = (x - middle) * factor."""

    id = "file"

    def __init__(self, contents: Contents, radius: float, data_scale: str) -> None:
        assert contents.points is not None
        points = contents.points
        self.contents, self.count, self.dim = contents, contents.count, points.shape[1]
        self.middle, self.factor = np.zeros(self.dim), 1.0
        if data_scale == "fit":
            self.middle = (points.min(axis=0) + points.max(axis=0)) / 2.0
            half = float(np.abs(points - self.middle).max())
            self.factor = radius / half if half > 0.0 else 1.0
        self.points = ((points - self.middle) * self.factor).astype(np.float32)
        self.extent = symmetric_extent(max(1.25 * float(np.abs(self.points).max()), 0.1), self.dim)

    def _rows(self, numbers: Indices) -> Float32Array:
        return self.points[numbers]


class OwnDensity(Source):
    """A picture as a density, uniform within each of its cells, in proportion to their darkness. Its longer
    side covers [-radius, radius]."""

    id = "file"

    def __init__(self, contents: Contents, radius: float) -> None:
        assert contents.weights is not None
        self.contents, self.dim = contents, 2
        self.masses: FloatArray = contents.weights[::-1].T / contents.weights.sum()  # right, then upwards
        self.width = 2.0 * radius / max(self.masses.shape)
        self.lines = tuple((np.arange(n + 1) - n / 2.0) * self.width for n in self.masses.shape)
        self.extent = symmetric_extent(1.25 * radius, 2)
        self._below = np.cumsum(self.masses.ravel())

    @property
    def has_density(self) -> bool:
        return True

    def sample(self, generator: np.random.Generator, n: int) -> Float32Array:
        drawn = np.searchsorted(self._below, generator.random(n) * self._below[-1], side="right")
        cells = np.stack(np.unravel_index(np.minimum(drawn, self.masses.size - 1), self.masses.shape), axis=1)
        corner = np.array([line[0] for line in self.lines])
        return ((cells + generator.random((n, 2))) * self.width + corner).astype(np.float32)

    def _density(self, x: FloatArray) -> FloatArray:
        places = [(x[:, axis] - line[0]) / self.width for axis, line in enumerate(self.lines)]
        sides = self.masses.shape
        inside = np.logical_and.reduce([(p >= 0.0) & (p < n) for p, n in zip(places, sides, strict=True)])
        first, second = (np.where(inside, place, 0.0).astype(np.intp) for place in places)
        return np.where(inside, self.masses[first, second], 0.0) / self.width**2

    def _cell_masses(self, edges: tuple[FloatArray, ...]) -> FloatArray:
        first, second = (overlaps(e, line) for e, line in zip(edges, self.lines, strict=True))
        return first @ self.masses @ second.T / self.width**2


_OF_IMAGES, _OF_POINTS = frozenset({"image_size", "image_colour"}), frozenset({"radius", "data_scale"})


def idle_settings(source: Source) -> frozenset[str]:
    """The settings of a file that do nothing with what was found in this one."""
    if isinstance(source, OwnImages):
        return _OF_POINTS
    if isinstance(source, OwnPoints):
        return _OF_IMAGES
    return _OF_IMAGES | {"data_scale"} if isinstance(source, OwnDensity) else frozenset()


def own_source(
    data_path: str, image_size: int, image_colour: str, radius: float, data_scale: str
) -> OwnImages | OwnPoints | OwnDensity:
    """The source of a path, relative to the working directory; DataError with one line where it holds nothing
    that can be used."""
    contents = kept(Path(data_path), image_size, image_colour)
    if contents.kind == "images":
        return OwnImages(contents)
    if contents.kind == "points":
        return OwnPoints(contents, radius, data_scale)
    return OwnDensity(contents, radius)


_held: OrderedDict[tuple[object, ...], Contents] = OrderedDict()
_in_use: WeakValueDictionary[tuple[object, ...], Contents] = WeakValueDictionary()
"""Also what is kept no longer, but still the data of a run."""
_looking, _reading = threading.Lock(), threading.Lock()


def kept(path: Path, image_size: int, image_colour: str, tell: Tell = no_tell) -> Contents:
    """What the path holds, read at the first call and kept until others were asked for, or it has changed.
    What is kept is there at once, even while something else is being read."""
    key = (os.path.abspath(path), image_size, image_colour, stamp(str(path)))
    found = _look(key)
    if found is None:
        from ganviz.data.files.reading import read  # most runs read nothing, and the window opens sooner

        with _reading:
            found = _look(key) or _keep(key, read(path, Wanted(image_size, image_colour, tell)))
    return found


def _look(key: tuple[object, ...]) -> Contents | None:
    found = _in_use.get(key)
    return None if found is None else _keep(key, found)


def _keep(key: tuple[object, ...], contents: Contents) -> Contents:
    with _looking:
        _held[key] = _in_use[key] = contents
        _held.move_to_end(key)
        while len(_held) > MOST_SETS:
            _held.popitem(last=False)
    return contents


def stamp(data_path: str) -> tuple[object, ...]:
    """What changes when the file does, or when something comes into the folder or its folders, or leaves."""
    try:
        places = [data_path]
        if os.path.isdir(data_path):
            places += sorted(entry.path for entry in os.scandir(data_path) if entry.is_dir())
        states = [os.stat(place) for place in places]
    except (OSError, ValueError):
        return ()
    return tuple((state.st_mtime_ns, state.st_size) for state in states)
