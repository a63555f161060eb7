"""The settings of the real samples: the distribution, and what is drawn or read.

A path that is not absolute starts at the experiment's file where it stands in one, else at the working
directory. A run's folder, and an experiment that is saved elsewhere, hold it absolute.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from ganviz.data import SOURCES
from ganviz.data.drawing import ACCEPTED as DRAWING_ACCEPTED
from ganviz.data.files.contents import ACCEPTED as FILE_ACCEPTED
from ganviz.data.files.contents import IMAGE_SIZES
from ganviz.data.own import SCALES
from ganviz.experiment.declaration import setting, sources_with

PATHS = ("data_path", "data_path_y")
"""The settings that hold the path of a file or folder."""

DATA: dict[str, Any] = {
    "data": setting(
        "ring",
        "Data",
        "Where the real samples come from; in a CycleGAN those of X.",
        "data",
        choices={k: v.title for k, v in SOURCES.items()},
    ),
    "modes": setting(
        8, "Modes", "Number of Gaussians.", "data", symbol="K", ge=1, le=64, only_if=sources_with("modes")
    ),
    "side": setting(
        5, "Side", "The grid has side × side Gaussians.", "data", ge=1, le=12, only_if=sources_with("side")
    ),
    "radius": setting(
        2.0,
        "Radius",
        "Distance from the centre to the outermost means; half the side of a square.",
        "data",
        symbol="R",
        unit="data units",
        ge=0.1,
        le=100.0,
        only_if=sources_with("radius"),
    ),
    "sigma": setting(
        0.1,
        "Spread",
        "Standard deviation of each Gaussian, or of the noise on a curve.",
        "data",
        symbol="σ",
        unit="data units",
        ge=0.001,
        le=10.0,
        log=True,
        only_if=sources_with("sigma"),
    ),
    "centre": setting(
        0.0,
        "Centre",
        "Where the middle of the Gaussians lies; away from 0, where most generators begin.",
        "data",
        symbol="μ",
        unit="data units",
        ge=-100.0,
        le=100.0,
        only_if=sources_with("centre"),
    ),
    "image_size": setting(
        28,
        "Image size",
        "Height and width of the images.",
        "data",
        unit="pixels",
        ge=min(IMAGE_SIZES),
        le=max(IMAGE_SIZES),
        choices={str(size): f"{size} × {size}" for size in IMAGE_SIZES},
        only_if=sources_with("image_size"),
    ),
    "image_colour": setting(
        "grey",
        "Colour",
        "Grey has one number a pixel, colour three: red, green, blue.",
        "data",
        choices={"grey": "grey", "colour": "colour"},
        only_if=sources_with("image_colour"),
    ),
    "image_count": setting(
        60_000,
        "Images",
        "How many different images are drawn; each is always the same.",
        "data",
        unit="images",
        log=True,
        ge=10,
        le=10_000_000,
        only_if=sources_with("image_count"),
    ),
    "data_path": setting(
        "",
        "File",
        "Your own data: a file or folder. A path that is not absolute starts at the experiment's file.",
        "data",
        only_if=sources_with("data_path"),
        items=FILE_ACCEPTED,
    ),
    "data_scale": setting(
        "fit",
        "Units",
        "Points of a table as they are, or moved to the middle and scaled to the radius.",
        "data",
        choices=SCALES,
        only_if=sources_with("data_scale"),
    ),
    "drawing": setting(
        "",
        "Drawing",
        "The points that were drawn. Nothing: an example.",
        "data",
        only_if=sources_with("drawing"),
        items=DRAWING_ACCEPTED,
    ),
}
"""Key to declaration, in the order of the form."""


def settled(data_path: str, folder: Path | None = None) -> str:
    """The path from `folder`, else from the working directory, on; absolute, but for no path at all."""
    if not data_path or "\0" in data_path:
        return data_path
    return os.path.abspath(os.path.join(folder or "", os.path.expanduser(data_path)))


def beside(data_path: str, folder: Path | None) -> str:
    """The path as a file in `folder` holds it: relative to it where it lies within, else absolute."""
    whole = settled(data_path)
    if folder is None or not whole:
        return whole
    try:
        return Path(whole).relative_to(os.path.abspath(folder)).as_posix()
    except ValueError:
        return whole
