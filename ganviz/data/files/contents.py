"""What a file or folder holds, read and checked, and what all readers share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ganviz.data.base import FloatArray
from ganviz.data.files.rows import FileRows
from ganviz.data.refusal import DataError

Pixels = npt.NDArray[np.uint8]
Tell = Callable[[float], None]
"""Is told how much has been read, from 0 to 1; what it raises, :class:`ReadingCancelledError`, ends it."""

IMAGE_SIZES = (8, 16, 28, 64)
"""Height and width that images can be had in."""
LARGEST_FILE = 2_000_000_000
"""Bytes of a file."""
MOST_KEPT = 256_000_000
"""Bytes of pixels that are held in memory."""
LARGEST_TABLE = 200_000_000
"""Bytes of a table, packed data or a picture."""
MOST_POINTS = 5_000_000
LARGEST_VALUE = 1e30
ACCEPTED = (
    "a folder of images (PNG, JPEG, BMP, GIF, WebP), IDX, NPY or NPZ, CSV of one or two columns, or an image"
)


class ReadingCancelledError(Exception):
    """Whoever waits for the data does not want them any more: raised by a ``tell``, and passed on."""


def no_tell(_: float) -> None:
    """Nobody is waiting."""


@dataclass(frozen=True)
class Wanted:
    """The form in which images are wanted, and who is told how far they have been read."""

    side: int
    colour: str
    tell: Tell = no_tell

    @property
    def channels(self) -> int:
        """1 for grey, 3 for colour."""
        return 3 if self.colour == "colour" else 1

    @property
    def shape(self) -> tuple[int, int, int]:
        """(channels, height, width)."""
        return self.channels, self.side, self.side

    @property
    def width(self) -> int:
        """Bytes of an image."""
        return self.channels * self.side * self.side


@dataclass(frozen=True)
class Labels:
    """The class of each image, (count,), and the names of the classes."""

    values: npt.NDArray[np.uint8]
    names: tuple[str, ...]


@dataclass(frozen=True)
class Contents:
    """What was read: ``pixels`` (count, dim) of images, ``points`` (count, dim), or the ``weights`` (height,
    width) of a density; one of the three.

    ``native`` is (channels, height, width) of the images as they are in the file, of pictures of several
    sizes those of the smallest. ``format`` and ``shape`` are in words, as the file has them; ``low`` and
    ``high`` its smallest and largest number, of a folder of pictures those of the resized ones; ``warnings``
    what was left out, one sentence each.
    """

    path: Path
    format: str
    count: int
    shape: str
    low: float
    high: float
    bytes: int
    pixels: Pixels | FileRows | None = None
    image_shape: tuple[int, int, int] | None = None
    native: tuple[int, int, int] | None = None
    points: FloatArray | None = None
    weights: FloatArray | None = None
    labels: Labels | None = None
    warnings: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """``images``, ``points`` or ``density``."""
        if self.pixels is not None:
            return "images"
        return "points" if self.points is not None else "density"


def check_size(what: object, size: float) -> None:
    """DataError where the numbers that a file says it holds are larger than a file may be."""
    if size > LARGEST_FILE:
        raise DataError(what, f"says that it holds {megabytes(size)}", f"up to {megabytes(LARGEST_FILE)}")


def megabytes(size: float) -> str:
    """A size as a person reads it."""
    return (
        f"{size / 1e9:.1f} GB"
        if size >= 1e9
        else f"{size / 1e6:.1f} MB"
        if size >= 1e5
        else f"{size:,.0f} bytes"
    )
