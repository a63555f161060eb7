"""Samples of an image source as Qt images."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QImage

Array = npt.NDArray[np.float64]


class Imaged(Protocol):
    """What says how a vector is an image: a data source, or a kernel."""

    @property
    def image_shape(self) -> tuple[int, int, int] | None:
        """(channels, height, width)."""

    @property
    def is_ink(self) -> bool:
        """Whether high values are ink."""


def pictures(values: Array, source: Imaged, *, dark: bool) -> list[QImage]:
    """Images (n, dim) of ``source``, in [-1, 1], one Qt image each: grey, or in colour for three channels.

    Ink is drawn black on white, on a ``dark`` ground white on black. What is beyond the range is cut, and
    what is no number counts as 0.
    """
    assert source.image_shape is not None
    channels, height, width = source.image_shape
    levels = np.clip((np.nan_to_num(np.asarray(values, float)) + 1.0) * 127.5, 0.0, 255.0).round()
    if source.is_ink and not dark:
        levels = 255.0 - levels
    pixels = levels.astype(np.uint8).reshape(-1, channels, height, width)
    tiles = np.ascontiguousarray(np.moveaxis(pixels, 1, -1))
    kind = QImage.Format.Format_RGB888 if channels == 3 else QImage.Format.Format_Grayscale8
    return [QImage(tile.tobytes(), width, height, channels * width, kind).copy() for tile in tiles]
