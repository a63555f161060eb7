"""Rows of bytes that stay in their file: a large set is read as it is used, and memory stays small."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ganviz.data.refusal import DataError


@dataclass(frozen=True)
class FileRows:
    """``count`` rows of ``width`` bytes behind the first ``offset`` bytes of a file."""

    path: Path
    offset: int
    count: int
    width: int

    def __getitem__(self, numbers: npt.NDArray[np.intp]) -> npt.NDArray[np.uint8]:
        """The rows with these numbers, (n, width); DataError where the file has become another."""
        found = np.empty((len(numbers), self.width), np.uint8)
        try:
            with self.path.open("rb", buffering=0) as file:
                for row in np.argsort(numbers, kind="stable"):  # forwards through the file
                    file.seek(self.offset + int(numbers[row]) * self.width)
                    if file.readinto(found[row].data) != self.width:
                        raise OSError(0, "it has become shorter")
        except OSError as error:
            raise DataError(self.path, error.strerror or str(error), "the file as it was") from None
        return found
