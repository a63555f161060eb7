"""The settings of images that are drawn or read: their size, number and colour."""

from __future__ import annotations

from typing import Any

from ganviz.experiment.declaration import setting, sources_with

IMAGE_SIZES = (8, 16, 28, 64)

DATA: dict[str, Any] = {
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
        "Image colour",
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
}  # fmt: skip
"""Key to declaration, in the order of the form."""
