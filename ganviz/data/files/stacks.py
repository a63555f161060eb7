"""Images in one array: which of its axes are what, how bright white is, and their pixels as bytes."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ganviz.data.files.blocks import Block
from ganviz.data.files.contents import MOST_KEPT, Contents, Labels, Pixels, Wanted, megabytes
from ganviz.data.files.pictures import squared
from ganviz.data.files.rows import FileRows
from ganviz.data.refusal import DataError

SHAPES = "images (n, height, width) or (n, height, width, 3), or points (n, 1) or (n, 2)"
FULL_SCALES = (1.0, 16.0, 255.0, 65_535.0)
"""White, for whole numbers, is the first of these that is not below the largest: bits, the ink counts of the
digits, bytes, two bytes."""
DARK = 64
"""Bytes that stay below this are said to be dark."""


class Form(NamedTuple):
    """What an image of the array is; ``planes_first``: its colours are planes that follow one another."""

    height: int
    width: int
    colours: int
    planes_first: bool

    @property
    def native(self) -> tuple[int, int, int]:
        """(channels, height, width), as of :class:`Contents`."""
        return 3 if self.colours >= 3 else 1, self.height, self.width


class Scale(NamedTuple):
    """The numbers that are black and white."""

    black: float
    white: float


def read_stack(block: Block, labels: Labels | None, notes: tuple[str, ...], wanted: Wanted) -> Contents:
    """The images of the array in the size and colours that are wanted. Those that are so already, and too
    many to be held, stay in their file."""
    form, count, width = _form(block), block.shape[0], wanted.width
    is_ready = form == (wanted.side, wanted.side, wanted.channels, True) and block.dtype == np.uint8
    if count * width > MOST_KEPT and not (is_ready and block.offset is not None):
        raise _too_many(block, wanted)
    low, high = _range(block, wanted)
    scale = _scale(block, low, high)
    pixels: Pixels | FileRows
    if count * width <= MOST_KEPT:
        pixels = np.empty((count, width), np.uint8)
        done = 0
        for chunk in block.chunks(lambda part: wanted.tell(0.5 + part / 2.0)):
            pixels[done : done + len(chunk)] = _as_wanted(chunk, form, scale, wanted)
            done += len(chunk)
    elif scale.white == 255.0 and block.offset is not None:
        pixels = FileRows(block.path, block.offset, count, width)
    else:
        raise _too_many(block, wanted)
    if scale.white == 16.0 or (scale.white == 255.0 and high < DARK):
        notes = (*notes, f"Dark images? The largest number is {high:g}, white is {scale.white:g}.")
    return Contents(
        block.path, block.format, count, sides(block.shape[1:]), low, high, block.path.stat().st_size,
        pixels=pixels, image_shape=wanted.shape, native=form.native, labels=labels, warnings=notes,
    )  # fmt: skip


def _too_many(block: Block, wanted: Wanted) -> DataError:
    most = f"up to {MOST_KEPT // wanted.width:,} in this image size ({megabytes(MOST_KEPT)} of pixels)"
    return DataError(block.what, f"{block.shape[0]:,} images", f"{most}, or more as plain bytes of this size")


def _form(block: Block) -> Form:
    shape = block.shape[1:]
    root = math.isqrt(shape[0])
    if len(shape) == 1 and root * root == shape[0] and root > 1:
        return Form(root, root, 1, True)
    if len(shape) == 2 and min(shape) > 1:
        return Form(*shape, 1, True)
    if len(shape) == 3 and shape[2] in (1, 3, 4) and min(shape[:2]) > 1:
        return Form(*shape, shape[2] == 1)
    if len(shape) == 3 and shape[0] in (1, 3) and min(shape[1:]) > 1:
        return Form(shape[1], shape[2], shape[0], True)
    raise DataError(block.what, f"shape {sides(block.shape)}", SHAPES)


def _range(block: Block, wanted: Wanted) -> tuple[float, float]:
    """The smallest and the largest number; DataError at the first image with one that is not finite."""
    low, high, done = math.inf, -math.inf, 0
    for chunk in block.chunks(lambda part: wanted.tell(part / 2.0)):
        if block.dtype.kind == "f":
            bad = ~np.isfinite(chunk.reshape(len(chunk), -1)).all(axis=1)
            if bad.any():
                image = done + int(np.argmax(bad)) + 1
                raise DataError(
                    f"{block.what}, image {image}", "a number that is not finite", "finite numbers"
                )
        low, high = min(low, float(chunk.min())), max(high, float(chunk.max()))
        done += len(chunk)
    return low, high


def _scale(block: Block, low: float, high: float) -> Scale:
    if block.dtype.kind == "f":
        scales = [Scale(0.0, 1.0), Scale(-1.0, 1.0), Scale(0.0, 255.0)]
    else:
        scales = [Scale(0.0, white) for white in FULL_SCALES]
    for scale in scales:
        if scale.black <= low and high <= scale.white:
            return scale
    accepted = "decimals in 0..1, -1..1 or 0..255, whole numbers in 0..65535"
    raise DataError(block.what, f"pixels from {low:g} to {high:g}", accepted)


def _as_wanted(chunk: npt.NDArray[Any], form: Form, scale: Scale, wanted: Wanted) -> Pixels:
    """Images as bytes, (k, channels * side * side)."""
    if form.planes_first:
        chunk = chunk.reshape(-1, form.colours, form.height, form.width).transpose(0, 2, 3, 1)
    images = chunk[..., :3]  # what covers an image, the fourth, is left out
    if images.dtype != np.uint8 or scale.white != 255.0:
        brightness = (images.astype(np.float32) - np.float32(scale.black)) / np.float32(
            scale.white - scale.black
        )
        images = np.rint(255.0 * brightness).astype(np.uint8)
    if images.shape[1:] == (wanted.side, wanted.side, wanted.channels):
        return images.transpose(0, 3, 1, 2).reshape(len(images), -1)
    from PIL import Image

    mode = "RGB" if wanted.channels == 3 else "L"
    plain = (image[..., 0] if image.shape[2] == 1 else np.ascontiguousarray(image) for image in images)
    return np.stack([squared(Image.fromarray(image).convert(mode), wanted.side).ravel() for image in plain])


def sides(shape: tuple[int, ...]) -> str:
    """A shape as a person reads it."""
    return " × ".join(f"{side:,}" for side in shape)
