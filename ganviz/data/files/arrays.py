"""NPY and NPZ, the formats of NumPy, read without ever unpickling anything."""

from __future__ import annotations

import io
import math
import tokenize
import warnings
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import numpy as np

from ganviz.data.files.blocks import Block, read_exactly
from ganviz.data.files.contents import LARGEST_TABLE, Labels, check_size, megabytes, no_tell
from ganviz.data.refusal import DataError

DATA_NAMES = ("images", "x", "x_train", "train_images", "points", "data", "samples", "arr_0")
LABEL_NAMES = ("labels", "y", "y_train", "train_labels", "targets", "classes")
LONGEST_HEADER = 10_000
NUMBERS = "biuf"
"""Kinds of types that can be used: truth values, whole numbers, decimals."""
DAMAGE = (OSError, EOFError, ValueError, SyntaxError, TypeError, KeyError, OverflowError, RuntimeError,
          NotImplementedError, UnicodeError, MemoryError, AttributeError, tokenize.TokenError,
          zipfile.BadZipFile, zlib.error)  # fmt: skip
"""What NumPy's and Python's readers raise of damaged files."""


def read_npy(path: Path) -> Block:
    """The array of an NPY file; DataError where it is none, or holds what is no number."""
    with path.open("rb") as file:
        return _block(str(path), path, file, lambda: path.open("rb"), False)


def read_npz(path: Path) -> tuple[Block, Labels | None, tuple[str, ...]]:
    """The data of an NPZ archive, their labels if it holds some, and what was left out of it."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = [name.removesuffix(".npy") for name in archive.namelist() if name.endswith(".npy")]
    except DAMAGE as error:
        raise DataError(path, f"damaged archive ({error})", "NPZ as NumPy writes it") from None
    data = _one_of(names, DATA_NAMES) or (names[0] if len(names) == 1 else None)
    if data is None:
        listed = ", ".join(names[:12]) or "none"
        raise DataError(
            path, f"which of its arrays ({listed}) are the data?", f"one named {', '.join(DATA_NAMES)}"
        )
    block = _member(path, data)
    label_name = _one_of(names, LABEL_NAMES)
    if label_name is None:
        return block, None, ()
    labels = _labels(_member(path, label_name), block.shape[0])
    return (
        block,
        labels,
        () if labels else (f"{label_name!r} is left out: no whole numbers from 0 to 255, one a row.",),
    )


def _one_of(names: list[str], wanted: tuple[str, ...]) -> str | None:
    lower = {name.lower(): name for name in reversed(names)}
    return next((lower[name] for name in wanted if name in lower), None)


def _member(path: Path, name: str) -> Block:
    def opened() -> IO[bytes]:
        archive = zipfile.ZipFile(path)  # closed with the stream, which alone still needs it
        try:
            return _Member(archive, f"{name}.npy")  # type: ignore[return-value]
        except BaseException:
            archive.close()
            raise

    what = f"{path}, array {name!r}"
    try:
        with opened() as stream:
            return _block(what, path, stream, opened, True)
    except DataError:
        raise
    except DAMAGE as error:
        raise DataError(what, f"damaged ({error})", "NPZ as NumPy writes it") from None


class _Member:
    """A file in an archive, whose damage is a DataError."""

    def __init__(self, archive: zipfile.ZipFile, name: str) -> None:
        self._archive, self._name = archive, name
        self._stream = archive.open(name)

    def read(self, size: int = -1) -> bytes:
        try:
            return self._stream.read(size)
        except DAMAGE as error:
            raise DataError(
                self._archive.filename, f"{self._name} is damaged ({error})", "the whole file"
            ) from None

    def __enter__(self) -> _Member:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()
        self._archive.close()


def _block(
    what: str, path: Path, stream: IO[bytes], opened: Callable[[], IO[bytes]], is_packed: bool
) -> Block:
    format_ = "NPZ" if is_packed else "NPY"
    shape, is_fortran, dtype = _header(what, stream)
    if dtype.kind not in NUMBERS or dtype.itemsize > 8:
        raise DataError(what, f"type {dtype}", "truth values, whole numbers or decimals of up to 64 bits")
    size = math.prod(shape) * dtype.itemsize
    check_size(what, size)

    def behind() -> IO[bytes]:
        begun = opened()
        _header(what, begun)
        return begun

    offset = None if is_packed else stream.tell()
    if offset is not None and path.stat().st_size < offset + size:
        raise DataError(
            what,
            f"{path.stat().st_size:,} bytes, its shape {shape} asks for {offset + size:,}",
            "the whole file",
        )
    if is_fortran and len(shape) > 1:
        return _reordered(Block(what, path, format_, shape[::-1], dtype, behind), shape)
    return Block(what, path, format_, shape, dtype, behind, offset)


def _header(what: str, stream: IO[bytes]) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    """Shape, whether columns follow each other, and type; the stream stands before the first row then."""
    try:
        begun = io.BytesIO(_header_bytes(stream))
        major, _ = np.lib.format.read_magic(begun)
        read = np.lib.format.read_array_header_1_0 if major == 1 else np.lib.format.read_array_header_2_0
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of Python's compiler, on what damage has made of the header
            shape, is_fortran, dtype = read(begun)
    except DAMAGE as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise DataError(what, f"not NPY ({reason})", "an array as NumPy writes it") from None
    if not all(isinstance(side, int) and 0 <= side < 2**62 for side in shape):
        raise DataError(what, f"shape {shape}", "sizes of 0 or more")
    return tuple(shape), is_fortran, dtype


def _header_bytes(stream: IO[bytes]) -> bytes:
    """Magic number, length and header; ValueError where the header claims to be longer than any is."""
    magic = read_exactly(stream, 8)
    length = read_exactly(stream, 2 if magic[6:7] == b"\1" else 4)
    size = int.from_bytes(length, "little")
    if size > LONGEST_HEADER:
        raise ValueError(f"a header of {size:,} bytes")
    return magic + length + read_exactly(stream, size)


def _reordered(block: Block, shape: tuple[int, ...]) -> Block:
    """An array whose columns follow each other, whole, as one whose rows do."""
    if block.size > LARGEST_TABLE:
        raise DataError(
            block.what,
            f"{megabytes(block.size)} in Fortran's order",
            f"C's order, or up to {megabytes(LARGEST_TABLE)}",
        )

    def opened() -> IO[bytes]:
        return io.BytesIO(np.ascontiguousarray(block.whole(no_tell).T).tobytes())

    return Block(block.what, block.path, block.format, shape, block.dtype, opened)


def _labels(block: Block, count: int) -> Labels | None:
    if block.shape not in ((count,), (count, 1)) or block.dtype.kind not in "biu":
        return None
    values = block.whole(no_tell).ravel()
    if not count or values.min() < 0 or values.max() > 255:
        return None
    return Labels(values.astype(np.uint8), tuple(str(value) for value in range(int(values.max()) + 1)))
