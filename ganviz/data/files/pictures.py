"""Pictures: a folder of them as images, one of them as a density. Pillow reads them, plain formats only."""

from __future__ import annotations

import io
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ganviz.data.base import FloatArray
from ganviz.data.files.contents import ACCEPTED as ANY
from ganviz.data.files.contents import (
    LARGEST_TABLE,
    MOST_KEPT,
    Contents,
    Labels,
    Pixels,
    Tell,
    Wanted,
    megabytes,
)
from ganviz.data.refusal import DataError

if TYPE_CHECKING:
    from PIL import Image

FORMATS = ("PNG", "JPEG", "BMP", "GIF", "WEBP")
SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp"})
ACCEPTED = "PNG, JPEG, BMP, GIF or WebP"
MOST_PIXELS = 64_000_000
"""Pixels of one picture; a file of a few kilobytes may claim more than fits into memory."""
DENSITY_SIDE = 256
"""Most cells on a side of a density: a larger picture is made smaller."""
MOST_CLASSES = 256
LOOKED_AT = 8
"""Pictures of a folder that are looked at for colour."""
TINT = 12
"""Of 255: where red, green and blue of every pixel lie nearer than this, a picture is grey."""


class UnreadableError(DataError):
    """A file that is no picture, or a damaged one."""


def open_picture(path: Path) -> Image.Image:
    """A picture, its first frame, not decoded yet. :class:`UnreadableError` where it is none, DataError where
    it is too large."""
    from PIL import Image

    too_large = f"a picture of up to {MOST_PIXELS:,} pixels and {megabytes(LARGEST_TABLE)}"
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_TABLE + 1)
        if len(content) > LARGEST_TABLE:
            raise DataError(path, f"more than {megabytes(LARGEST_TABLE)}", too_large)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(content), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise DataError(path, "a picture of far too many pixels (a decompression bomb?)", too_large) from None
    except DataError:
        raise
    except Exception as error:  # Pillow's readers raise whatever a damaged file leads them to
        raise UnreadableError(path, f"no picture that can be read ({_reason(error)})", ACCEPTED) from None
    if picture.width * picture.height > MOST_PIXELS:
        raise DataError(path, f"{picture.width:,} × {picture.height:,} pixels", too_large)
    return picture


def _reason(error: Exception) -> str:
    """What Pillow says, without the address of the bytes that it was given."""
    return str(error).partition(" <_io")[0][:100] or type(error).__name__


def flattened(picture: Image.Image, path: Path, colour: str, least: int) -> Image.Image:
    """The decoded picture, upright, in mode L or RGB, what is transparent on white. It may come smaller, its
    sides still at least ``least``."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what Pillow finds odd, it still reads
            return _flattened(picture, "RGB" if colour == "colour" else "L", least)
    except Exception as error:  # as in open_picture
        raise UnreadableError(path, f"damaged picture ({_reason(error)})", ACCEPTED) from None


def _flattened(picture: Image.Image, mode: str, least: int) -> Image.Image:
    from PIL import Image, ImageOps

    picture.draft(mode, (least, least))  # JPEG decodes to less at once
    ImageOps.exif_transpose(picture, in_place=True)
    if picture.mode.startswith("I"):  # 16 bits: Pillow would cut them off
        picture = Image.fromarray((np.asarray(picture) >> 8).clip(0, 255).astype(np.uint8))
    if picture.mode != "RGBA" and (picture.mode in ("P", "LA", "PA") or picture.has_transparency_data):
        picture = picture.convert("RGBA")
    factor = min(picture.size) // (4 * least)
    if factor > 1 and picture.mode != "1":
        picture = picture.reduce(factor)
    if picture.mode == "RGBA":
        picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture)
    return picture.convert(mode)


def squared(picture: Image.Image, side: int) -> npt.NDArray[np.uint8]:
    """The largest square in the middle of a flattened picture, resized with antialias; (channels, side,
    side)."""
    from PIL import Image

    if picture.size != (side, side):
        width, height = picture.size
        short = min(width, height)
        left, top = (width - short) // 2, (height - short) // 2
        middle = picture.crop((left, top, left + short, top + short))
        picture = middle.resize((side, side), Image.Resampling.BICUBIC)
    values = np.asarray(picture)
    return values[None] if values.ndim == 2 else values.transpose(2, 0, 1)


def read_folder(path: Path, wanted: Wanted) -> Contents:
    """The pictures of a folder in the order of their names, or those of its folders, which are classes."""
    files, labels, notes = _listed(path)
    if len(files) * wanted.width > MOST_KEPT:
        most = MOST_KEPT // wanted.width
        raise DataError(path, f"{len(files):,} pictures", f"up to {most:,} of this image size")
    pixels: Pixels = np.empty((len(files), wanted.width), np.uint8)
    bad: list[str] = []
    good: list[int] = []
    shapes: set[tuple[int, int]] = set()
    size = 0
    for number, file in enumerate(files):
        try:
            picture = open_picture(file)
            shapes.add(picture.size)
            pixels[len(good)] = _as_wanted(picture, file, wanted)
        except UnreadableError:
            bad.append(file.name)
        else:
            good.append(number)
            size += file.stat().st_size
        wanted.tell((number + 1) / len(files))
    if not good:
        raise DataError(path, f"none of its {len(files):,} pictures can be read", ACCEPTED)
    if bad:
        shown = ", ".join(bad[:3]) + (" and others" if len(bad) > 3 else "")
        notes += (f"{len(bad):,} that cannot be read are left out: {shown}.",)
    pixels = pixels[: len(good)]
    kept = Labels(labels.values[good], labels.names) if labels else None
    width, height = min(shapes, key=min)
    channels = 3 if any(_has_colour(files[number]) for number in good[:LOOKED_AT]) else 1
    return Contents(
        path, "pictures", len(good), _shapes_in_words(shapes), float(pixels.min()), float(pixels.max()), size,
        pixels=pixels, image_shape=wanted.shape, native=(channels, height, width), labels=kept,
        warnings=notes,
    )  # fmt: skip


def _has_colour(file: Path) -> bool:
    """Whether a picture that can be read is more than grey, whatever its mode says."""
    values = np.asarray(flattened(open_picture(file), file, "colour", 8)).astype(np.int16)
    return bool((values.max(axis=-1) - values.min(axis=-1)).max() > TINT)


def _as_wanted(picture: Image.Image, file: Path, wanted: Wanted) -> Pixels:
    return squared(flattened(picture, file, wanted.colour, wanted.side), wanted.side).ravel()


def _shapes_in_words(shapes: set[tuple[int, int]]) -> str:
    smallest, largest = min(shapes), max(shapes)
    if len(shapes) == 1:
        return f"{smallest[0]} × {smallest[1]}"
    return f"{len(shapes):,} sizes, {smallest[0]} × {smallest[1]} to {largest[0]} × {largest[1]}"


def _listed(path: Path) -> tuple[list[Path], Labels | None, tuple[str, ...]]:
    """The pictures, their classes, and what is left out."""
    files = _pictures(path)
    folders = [(folder.name, _pictures(folder)) for folder in sorted(path.iterdir()) if folder.is_dir()]
    classes = {name: found for name, found in folders if found and not name.startswith(".")}
    if files:
        note = f"Folders in it are left out ({', '.join(list(classes)[:3])}): there are pictures beside them."
        return files, None, (note,) if classes else ()
    if not classes:
        raise DataError(path, "no pictures in this folder or in folders within it", f"{ACCEPTED}; or {ANY}")
    files = [file for found in classes.values() for file in found]
    if len(classes) > MOST_CLASSES:
        return files, None, (f"{len(classes):,} folders are too many to be classes.",)
    values = np.repeat(np.arange(len(classes)), [len(found) for found in classes.values()])
    return files, Labels(values.astype(np.uint8), tuple(classes)), ()


def _pictures(folder: Path) -> list[Path]:
    return sorted(
        file
        for file in folder.iterdir()
        if file.suffix.lower() in SUFFIXES and not file.name.startswith(".") and file.is_file()
    )


def read_density(path: Path, tell: Tell) -> Contents:
    """A picture whose darkness is a density; DataError where nothing in it is dark."""
    picture = open_picture(path)
    width, height = picture.size
    grey = flattened(picture, path, "grey", DENSITY_SIDE)
    tell(0.5)
    grey.thumbnail((DENSITY_SIDE, DENSITY_SIDE))
    values = np.asarray(grey, dtype=np.float64)
    weights: FloatArray = 255.0 - values
    if not weights.any():
        raise DataError(path, "nothing in it is darker than white", "a picture with dark parts")
    tell(1.0)
    return Contents(
        path, picture.format or "picture", int(np.count_nonzero(weights)), f"{width} × {height}",
        float(values.min()), float(values.max()), path.stat().st_size, weights=weights,
    )  # fmt: skip
