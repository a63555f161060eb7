"""Data sources: toy distributions with exact densities, and the bundled digits.

`SOURCES` is the one table that menu, form, file format and tests follow; a new source is one class and one
row here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ganviz.data.base import Source
from ganviz.data.curves import Moons, SwissRoll
from ganviz.data.digits import Digits
from ganviz.data.gaussians import GaussianGrid, GaussianLine, GaussianRing
from ganviz.data.shapes import Checkerboard, Square

__all__ = ["SOURCES", "Source", "SourceInfo", "make_source"]


@dataclass(frozen=True)
class SourceInfo:
    """One row of `SOURCES`: how a source is named, built and explained.

    `parameters` is the subset of {"modes", "side", "radius", "sigma", "centre"} that the factory takes.
    """

    title: str
    factory: Callable[..., Source]
    parameters: frozenset[str]
    help: str


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
}


def make_source(
    id: str, *, modes: int, side: int, radius: float, sigma: float, centre: float = 0.0
) -> Source:
    """Build the source `id`, handing it only the parameters that it uses.

    The caller has checked the ranges: modes, side >= 1; radius > 0; sigma >= 0. Raises ValueError for an
    unknown id.
    """
    if id not in SOURCES:
        raise ValueError(f"data source: unknown id {id!r}; accepted: {', '.join(SOURCES)}")
    values: dict[str, int | float] = {
        "modes": modes, "side": side, "radius": radius, "sigma": sigma, "centre": centre,
    }  # fmt: skip
    info = SOURCES[id]
    return info.factory(**{name: values[name] for name in info.parameters})
