"""One array in a file, whatever the file is: its shape, its type, and its rows part by part."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from ganviz.data.files.contents import Tell
from ganviz.data.refusal import DataError

CHUNK_BYTES = 8_000_000
"""Bytes of a file that are held at once while it is read."""


@dataclass(frozen=True)
class Block:
    """An array of numbers whose rows follow each other in a stream.

    ``what`` opens a refusal (the file, and the array's name within it), ``open_stream`` opens a stream that
    stands before the first row; ``offset`` is that place where the file is not packed, else None.
    """

    what: str
    path: Path
    format: str
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    open_stream: Callable[[], IO[bytes]]
    offset: int | None = None

    @property
    def size(self) -> int:
        """Bytes of all rows."""
        return math.prod(self.shape) * self.dtype.itemsize

    def chunks(self, tell: Tell) -> Iterator[npt.NDArray[Any]]:
        """The rows in order, some at a time, (k, *shape[1:]); DataError where the file ends before."""
        count = self.shape[0]
        width = self.size // count if count else 0
        step = max(1, CHUNK_BYTES // max(width, 1))
        with self.open_stream() as stream:
            for start in range(0, count, step):
                rows = min(step, count - start)
                content = read_exactly(stream, rows * width)
                if len(content) < rows * width:
                    found = start + len(content) // max(width, 1)
                    raise DataError(self.what, f"ends after {found:,} of {count:,} rows", "the whole file")
                yield np.frombuffer(content, self.dtype).reshape(rows, *self.shape[1:])
                tell((start + rows) / count)

    def whole(self, tell: Tell) -> npt.NDArray[Any]:
        """All rows at once, (shape)."""
        parts = list(self.chunks(tell))
        return np.concatenate(parts) if parts else np.empty(self.shape, self.dtype)


def read_exactly(stream: IO[bytes], size: int) -> bytes:
    """So many bytes, or fewer where the stream ends; a packed stream may hand them over piece by piece."""
    parts = []
    while size:
        part = stream.read(size)
        if not part:
            break
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
