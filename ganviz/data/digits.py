"""The bundled 8 x 8 handwritten digits (source and licence: resources/digits/README.md)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ganviz.data.base import FiniteSource, Float32Array, Indices, symmetric_extent
from ganviz.resources import open_binary

INK_LEVELS = 16  # the stored pixels count inked points, 0 to 16


class Digits(FiniteSource):
    """1,797 images drawn with replacement; pixels rescaled from 0..16 to [-1, 1]. No density is known.

    `images` is (1797, 64) float32, row by row from the top left; `labels` is (1797,) uint8, the digit shown.
    """

    id = "digits"
    has_images = is_ink = True

    def __init__(self) -> None:
        self.dim = 64
        self.image_shape = (1, 8, 8)
        self.extent = symmetric_extent(1.0, self.dim)
        with open_binary("digits/digits.npz") as file, np.load(file, allow_pickle=False) as archive:
            stored: npt.NDArray[np.uint8] = archive["images"]
            self.labels = archive["labels"]
        pixels = stored.reshape(len(stored), self.dim).astype(np.float32)
        self.images: Float32Array = pixels / np.float32(INK_LEVELS / 2) - np.float32(1.0)
        self.count = len(self.images)
        self.class_names = tuple("0123456789")

    def _rows(self, numbers: Indices) -> Float32Array:
        return self.images[numbers]
