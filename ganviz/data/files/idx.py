"""IDX, the format of MNIST: a magic number, sizes, and the numbers, high byte first; also packed with gzip.

The magic number is 0, 0, the type, and the number of dimensions; each size is four bytes (Y. LeCun et al.,
The MNIST database). The labels are in a file beside the images', found by its name.
"""

from __future__ import annotations

import gzip
import math
import re
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import IO

import numpy as np

from ganviz.data.files.blocks import Block, read_exactly
from ganviz.data.files.contents import Labels, check_size, no_tell
from ganviz.data.refusal import DataError

TYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
ACCEPTED = "IDX with images (n, height, width) or points (n, 1 or 2)"


def read_idx(path: Path) -> Block:
    """The array of an IDX file; DataError where it is none or too large."""
    opened = opener(path)
    with opened() as stream:
        magic = read_exactly(stream, 4)
        if len(magic) < 4 or magic[:2] != b"\0\0" or magic[2] not in TYPES or not 1 <= magic[3] <= 4:
            raise DataError(path, "not IDX (its first four bytes are no magic number)", ACCEPTED)
        dims = read_exactly(stream, 4 * magic[3])
        if len(dims) < 4 * magic[3]:
            raise DataError(path, "ends within its sizes", "the whole file")
    shape = struct.unpack(f">{magic[3]}I", dims)
    dtype, offset = np.dtype(TYPES[magic[2]]), 4 + 4 * magic[3]
    size = math.prod(shape) * dtype.itemsize
    check_size(path, size)
    packed = _is_packed(path)
    if not packed and path.stat().st_size < offset + size:
        raise DataError(
            path,
            f"{path.stat().st_size:,} bytes, its sizes {shape} ask for {offset + size:,}",
            "the whole file",
        )
    return Block(
        str(path), path, "IDX, gzip" if packed else "IDX", shape, dtype, lambda: _behind(opened, offset),
        None if packed else offset,
    )  # fmt: skip


def opener(path: Path) -> Callable[[], IO[bytes]]:
    """How to open the file, unpacked where it is packed."""
    return (lambda: _Unpacked(path)) if _is_packed(path) else (lambda: path.open("rb"))  # type: ignore[return-value]


def _is_packed(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == b"\x1f\x8b"


def _behind(opened: Callable[[], IO[bytes]], offset: int) -> IO[bytes]:
    stream = opened()
    read_exactly(stream, offset)
    return stream


class _Unpacked(gzip.GzipFile):
    """A gzip stream whose damage is a DataError."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "rb")
        self._path = path

    def read(self, size: int | None = -1) -> bytes:
        try:
            return super().read(size)
        except (OSError, EOFError, zlib.error) as error:
            raise DataError(self._path, f"damaged gzip ({error})", "the whole file") from None


def labels_beside(path: Path, count: int) -> tuple[Labels | None, tuple[str, ...]]:
    """The labels of the images in ``path``, and a warning where a file that bears their name is of no use."""
    name = path.name.replace("images", "labels").replace("idx3", "idx1")
    if name == path.name:
        return None, ()
    plain = name.removesuffix(".gz")
    for beside in (path.with_name(name), path.with_name(plain), path.with_name(plain + ".gz")):
        if beside.is_file():
            return _labels(beside, count)
    return None, ()


def _labels(path: Path, count: int) -> tuple[Labels | None, tuple[str, ...]]:
    try:
        block = read_idx(path)
        if block.shape != (count,) or block.dtype.itemsize != 1:
            raise DataError(path, f"labels of shape {block.shape}", f"({count},)")
        values = block.whole(no_tell).astype(np.uint8)
    except DataError as error:
        return None, (f"Labels are left out: {re.sub('; accepted:.*', '', str(error))}.",)
    return Labels(values, tuple(str(value) for value in range(int(values.max(initial=0)) + 1))), ()
