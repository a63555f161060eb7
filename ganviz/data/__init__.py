"""Data sources: toy distributions with exact densities, images, and what the user draws or brings.

`SOURCES` is the one table that menu, form, file format and tests follow; a new source is one class and one
row here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ganviz.data.base import Source
from ganviz.data.curves import Moons, SwissRoll
from ganviz.data.digits import Digits
from ganviz.data.drawing import Drawing
from ganviz.data.figures import Figures
from ganviz.data.gaussians import GaussianGrid, GaussianLine, GaussianRing
from ganviz.data.glyphs import (
    Glyphs,
    InvertedDigits,
    InvertedGlyphs,
    SerifGlyphs,
    ThickGlyphs,
    ThinGlyphs,
)
from ganviz.data.own import own_source
from ganviz.data.shapes import Checkerboard, Square

__all__ = ["SOURCES", "Source", "SourceInfo", "make_source"]


@dataclass(frozen=True)
class SourceInfo:
    """One row of `SOURCES`: how a source is named, built and explained.

    `parameters` are those of :func:`make_source` that the factory takes.
    """

    title: str
    factory: Callable[..., Source]
    parameters: frozenset[str]
    help: str

    @property
    def has_images(self) -> bool:
        """Whether its samples are images, or can be."""
        return bool(getattr(self.factory, "has_images", "image_size" in self.parameters))


def _row(title: str, factory: Callable[..., Source], parameters: str, help_: str) -> SourceInfo:
    return SourceInfo(title, factory, frozenset(parameters.split()), help_)


SOURCES: dict[str, SourceInfo] = {
    "mixture_1d": _row(
        "1-D Gaussians",
        GaussianLine,
        "modes radius sigma centre",
        "Equally likely 1-D Gaussians spread evenly over radius on both sides of the centre; a single one "
        "sits there.",
    ),
    "ring": _row(
        "Gaussian ring",
        GaussianRing,
        "modes radius sigma",
        "Equally likely 2-D Gaussians on a circle: the classic test for mode collapse.",
    ),
    "grid": _row(
        "Gaussian grid",
        GaussianGrid,
        "side radius sigma",
        "Equally likely 2-D Gaussians on a square lattice of side x side means.",
    ),
    "moons": _row(
        "Two moons",
        Moons,
        "radius sigma",
        "Two interleaved half circles with Gaussian noise: two thin pieces that do not touch.",
    ),
    "swiss_roll": _row(
        "Swiss roll",
        SwissRoll,
        "radius sigma",
        "A spiral with Gaussian noise: one long thin curve that a generator must roll up.",
    ),
    "checkerboard": _row(
        "Checkerboard",
        Checkerboard,
        "radius",
        "Uniform on every other square of a 4 x 4 board: sharp edges and holes.",
    ),
    "square": _row(
        "Square",
        Square,
        "radius",
        "Uniform on a square of half side radius: the simplest shape with an edge.",
    ),
    "digits": _row(
        "Digits, 8 × 8",
        Digits,
        "",
        "1,797 handwritten digits of 8 x 8 pixels, drawn with replacement.",
    ),
    "digits_inverted": _row(
        "Dark digits",
        InvertedDigits,
        "",
        "The handwritten digits with light and dark exchanged.",
    ),
    "glyphs": _row(
        "Glyphs",
        Glyphs,
        "image_size image_count",
        "Digits drawn with a font, each moved, slanted and sized a little: any number of them, no download.",
    ),
    "glyphs_thick": _row(
        "Thick glyphs", ThickGlyphs, "image_size image_count", "The glyphs in thick strokes."
    ),
    "glyphs_thin": _row("Thin glyphs", ThinGlyphs, "image_size image_count", "The glyphs in thin strokes."),
    "glyphs_serif": _row(
        "Serif glyphs", SerifGlyphs, "image_size image_count", "The glyphs in another font, one with serifs."
    ),
    "glyphs_inverted": _row(
        "Dark glyphs",
        InvertedGlyphs,
        "image_size image_count",
        "The glyphs with light and dark exchanged.",
    ),
    "shapes": _row(
        "Shapes",
        Figures,
        "image_size image_count image_colour",
        "Circles, squares, triangles, rings, crosses and hexagons of any size, place and angle.",
    ),
    "drawing": _row(
        "Drawing",
        Drawing,
        "drawing sigma",
        "Points that were drawn, each the middle of a small Gaussian of the spread σ.",
    ),
    "file": _row(
        "Own data",
        own_source,
        "data_path data_scale image_size image_colour radius",
        "A folder of images, IDX, NPY, NPZ, a CSV of points, or a picture whose dark parts are the density.",
    ),
}


def make_source(
    id: str,
    *,
    modes: int = 8,
    side: int = 5,
    radius: float = 2.0,
    sigma: float = 0.1,
    centre: float = 0.0,
    image_size: int = 28,
    image_count: int = 60_000,
    image_colour: str = "grey",
    drawing: str = "",
    data_path: str = "",
    data_scale: str = "fit",
) -> Source:
    """Build the source `id`, handing it only the parameters that it uses.

    The caller has checked the ranges: modes, side, image_size, image_count >= 1; radius > 0; sigma >= 0;
    image_colour grey or colour; data_scale fit or keep. Raises ValueError for an unknown id, and DataError,
    which is one too, for a drawing or a file that cannot be used.
    """
    if id not in SOURCES:
        raise ValueError(f"data source: unknown id {id!r}; accepted: {', '.join(SOURCES)}")
    values: dict[str, Any] = {
        "modes": modes, "side": side, "radius": radius, "sigma": sigma, "centre": centre,
        "image_size": image_size, "image_count": image_count, "image_colour": image_colour,
        "drawing": drawing, "data_path": data_path, "data_scale": data_scale,
    }  # fmt: skip
    info = SOURCES[id]
    return info.factory(**{name: values[name] for name in info.parameters})
