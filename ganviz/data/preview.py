"""What a file or folder would give, shown before it is used."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ganviz.data.base import Float32Array
from ganviz.data.files.contents import IMAGE_SIZES, Contents, Tell, megabytes, no_tell
from ganviz.data.own import OwnDensity, kept

THUMBNAILS = 24
POINTS = 2000
SHOWN_CLASSES = 12


@dataclass(frozen=True)
class Preview:
    """What was found: ``kind`` is images, points or density, ``shape`` and the range ``low`` to ``high`` are
    as in the file, ``bytes`` its size.

    ``thumbnails`` (at most 24, channels, height, width) are the first images as they will be trained on;
    ``points`` (at most 2,000, 1 or 2) the first of a table in its own units, or a draw from a density over
    [-1, 1]. The other is None. ``warnings`` are sentences.
    """

    path: Path
    kind: str
    format: str
    count: int
    shape: str
    low: float
    high: float
    bytes: int
    image_shape: tuple[int, int, int] | None
    thumbnails: npt.NDArray[np.uint8] | None
    points: Float32Array | None
    class_names: tuple[str, ...]
    class_counts: tuple[int, ...]
    warnings: tuple[str, ...]

    def image_settings(self) -> dict[str, Any]:
        """The settings that give the images as they are shown; none of what is no images."""
        if self.image_shape is None:
            return {}
        channels, side, _ = self.image_shape
        return {"image_size": side, "image_colour": "colour" if channels == 3 else "grey"}

    def lines(self) -> Iterator[tuple[str, str]]:
        """The same in words: name and value."""
        yield "kind", f"{self.kind} ({self.format})"
        yield "count", f"{self.count:,}" + (" cells that are not white" if self.kind == "density" else "")
        used = ""
        if self.image_shape:
            channels, height, width = self.image_shape
            used = f", used as {height} × {width} in {'colour' if channels == 3 else 'grey'}"
        yield "shape", self.shape + used
        yield "range", f"{self.low:g} to {self.high:g}"
        if self.class_names:
            pairs = zip(self.class_names, self.class_counts, strict=True)
            shown = ", ".join(f"{name} ({count:,})" for name, count in list(pairs)[:SHOWN_CLASSES])
            more = ", ..." if len(self.class_names) > SHOWN_CLASSES else ""
            yield "classes", f"{len(self.class_names)}: {shown}{more}"
        yield "size", megabytes(self.bytes)
        for warning in self.warnings:
            yield "note", warning


def describe(
    path: Path, image_size: int = 28, image_colour: str = "grey", tell: Tell = no_tell, fit: bool = False
) -> Preview:
    """Read what the path holds, and keep it for the run that may use it; ``fit``: images in the form that
    fits them instead. DataError with one line where it cannot be used; ``tell`` as in
    :mod:`ganviz.data.files.contents`."""
    contents = kept(path, image_size, image_colour, tell)
    if fit and contents.native is not None:
        contents = kept(path, *fitting(contents.native, image_size), tell)
    labels = contents.labels
    return Preview(
        path=contents.path,
        kind=contents.kind,
        format=contents.format,
        count=contents.count,
        shape=contents.shape,
        low=contents.low,
        high=contents.high,
        bytes=contents.bytes,
        image_shape=contents.image_shape,
        thumbnails=_thumbnails(contents),
        points=_points(contents),
        class_names=labels.names if labels else (),
        class_counts=tuple(np.bincount(labels.values, minlength=len(labels.names)).tolist())
        if labels
        else (),
        warnings=contents.warnings,
    )


def fitting(native: tuple[int, int, int], asked: int) -> tuple[int, str]:
    """The size and the colours that fit images of (channels, height, width). What is larger than any size
    stays as asked: it is made smaller in any case, and small ones train sooner."""
    channels, side = native[0], min(native[1:])
    nearest = min(IMAGE_SIZES, key=lambda size: abs(math.log(size / side)))
    return nearest if side <= max(IMAGE_SIZES) else asked, "colour" if channels == 3 else "grey"


def _thumbnails(contents: Contents) -> npt.NDArray[np.uint8] | None:
    if contents.pixels is None or contents.image_shape is None:
        return None
    first = contents.pixels[np.arange(min(THUMBNAILS, contents.count))]
    return first.reshape(-1, *contents.image_shape)


def _points(contents: Contents) -> Float32Array | None:
    if contents.points is not None:
        return contents.points[:POINTS].astype(np.float32)
    if contents.weights is not None:
        return OwnDensity(contents, 1.0).sample(np.random.default_rng(0), POINTS)
    return None
