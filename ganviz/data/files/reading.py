"""Reading the user's data: what the path holds is found out from its first bytes, not from its name."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ganviz.data.files.arrays import read_npy, read_npz
from ganviz.data.files.blocks import Block
from ganviz.data.files.contents import (
    ACCEPTED,
    LARGEST_FILE,
    LARGEST_VALUE,
    MOST_POINTS,
    Contents,
    Labels,
    Tell,
    Wanted,
    megabytes,
)
from ganviz.data.files.idx import labels_beside, read_idx
from ganviz.data.files.pictures import SUFFIXES, read_density, read_folder
from ganviz.data.files.stacks import SHAPES, read_stack, sides
from ganviz.data.files.table import read_table
from ganviz.data.refusal import DataError

NAMED = {".npz": "NPZ", ".npy": "NPY", ".gz": "gzip", ".pdf": "points or images"}
"""What a name promises that the first bytes do not hold."""
PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"BM", b"GIF8", b"RIFF")


def read(path: Path, wanted: Wanted) -> Contents:
    """What the path holds, images as they are wanted. DataError with one line where that cannot be used."""
    try:
        return _read(path, wanted)
    except DataError:
        raise
    except OSError as error:
        raise DataError(
            path, error.strerror or type(error).__name__, f"what can be read: {ACCEPTED}"
        ) from None
    except MemoryError:
        raise DataError(path, "no memory for it", "less data") from None


def _read(path: Path, wanted: Wanted) -> Contents:
    name = str(path)
    if not name or name == "." or "\0" in name:
        raise DataError("data_path", "no file or folder is named", ACCEPTED)
    if not os.path.exists(name):
        raise DataError(path, "there is no such file or folder", ACCEPTED)
    if path.is_dir():
        return read_folder(path, wanted)
    if not path.is_file():
        raise DataError(path, "neither a file nor a folder", ACCEPTED)
    size = path.stat().st_size
    if size > LARGEST_FILE:
        raise DataError(path, megabytes(size), f"a file of up to {megabytes(LARGEST_FILE)}")
    if not size:
        raise DataError(path, "an empty file", ACCEPTED)
    with path.open("rb") as file:
        first = file.read(8)
    if first.startswith(PICTURES) or path.suffix.lower() in SUFFIXES:
        return read_density(path, wanted.tell)
    if first.startswith((b"\0\0", b"\x1f\x8b")):
        block = read_idx(path)
        if len(block.shape) == 1:
            raise DataError(
                path, "one number a row, as of labels", "the images; their labels lie beside them"
            )
        labels, notes = labels_beside(path, block.shape[0])
        return _of_block(block, labels, notes, wanted)
    if first.startswith(b"\x93NUMPY"):
        return _of_block(read_npy(path), None, (), wanted)
    if first.startswith(b"PK"):
        block, labels, notes = read_npz(path)
        return _of_block(block, labels, notes, wanted)
    if b"\0" in first and not first.startswith((b"\xff\xfe", b"\xfe\xff")):  # a text of 16 bits a letter
        raise DataError(path, "a kind of file that is not known", ACCEPTED)
    if promised := NAMED.get(path.suffix.lower()):
        raise DataError(path, f"its contents are not {promised}", ACCEPTED)
    points = read_table(path, wanted.tell)
    return _points(points, path, "CSV", f"{points.shape[1]} columns" if points.shape[1] > 1 else "1 column")


def _of_block(block: Block, labels: Labels | None, notes: tuple[str, ...], wanted: Wanted) -> Contents:
    if not block.shape or not block.shape[0]:
        raise DataError(block.what, "no rows in it", SHAPES)
    if labels is not None and len(labels.values) != block.shape[0]:
        labels, notes = None, (*notes, "Labels are left out: not one a row.")
    if len(block.shape) == 1 or (len(block.shape) == 2 and block.shape[1] <= 2):
        return _block_points(block, wanted.tell)
    return read_stack(block, labels, notes, wanted)


def _block_points(block: Block, tell: Tell) -> Contents:
    if block.shape[0] > MOST_POINTS:
        raise DataError(block.what, f"{block.shape[0]:,} points", f"up to {MOST_POINTS:,}")
    values = block.whole(tell).astype(np.float64)
    points = values.reshape(len(values), -1)
    bad = ~(np.abs(points) <= LARGEST_VALUE).all(axis=1)
    if bad.any():
        row = int(np.argmax(bad))
        raise DataError(
            f"{block.what}, row {row + 1}", " ".join(f"{v:g}" for v in points[row]), "finite numbers"
        )
    return _points(points, block.path, block.format, sides(block.shape))


def _points(points: npt.NDArray[np.float64], path: Path, format_: str, shape: str) -> Contents:
    return Contents(
        path, format_, len(points), shape, float(points.min()), float(points.max()), path.stat().st_size,
        points=points,
    )  # fmt: skip
