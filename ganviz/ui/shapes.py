"""In what shape so many panels stand: rows of up to three, columns, or rows of up to two that scroll where
the window is small; and how large each must be.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QSize

GAP = 8
"""Pixels between panels, and around them."""


@dataclass(frozen=True)
class Shape:
    """The number of panels in each row, or in each column where it is ``upright``."""

    lines: tuple[int, ...]
    upright: bool = False

    @property
    def columns(self) -> int:
        """Panels side by side, at most."""
        return len(self.lines) if self.upright else max(self.lines)

    @property
    def rows(self) -> int:
        """Panels one above the other, at most."""
        return max(self.lines) if self.upright else len(self.lines)

    def __str__(self) -> str:
        return ("|" if self.upright else "+").join(map(str, self.lines))


WIDE = {
    1: Shape((1,)), 2: Shape((2,)), 3: Shape((1, 2), upright=True),
    4: Shape((2, 2)), 5: Shape((2, 3)), 6: Shape((3, 3)),
}  # fmt: skip
"""How so many panels stand."""
NARROW = WIDE | {3: Shape((1, 2)), 5: Shape((1, 2, 2)), 6: Shape((2, 2, 2))}
"""The same where the window is small; the rows scroll."""
OWN_SHAPES = {("images", 4): Shape((2, 2), upright=True)}
"""Layouts that stand in a way of their own with so many panels, where there is room for it."""
LEAST_WIDTH, LEAST_HEIGHT = 350, 268
"""The smallest panel that can still be read, in pixels at normal text size."""
SCROLLED_HEIGHT = 340
"""Height of a row where rows scroll: there every panel has room for its readout."""


def shape_for(layout: str, count: int, room: QSize | None, scale: float) -> Shape:
    """How ``count`` panels of a layout stand in this room (None: not known yet) with text so many times its
    normal size."""
    shape = OWN_SHAPES.get((layout, count), WIDE[count])
    if room is None:
        return shape
    is_wide = room.width() >= shape.columns * (LEAST_WIDTH * scale + GAP) + GAP
    return shape if is_wide and room.height() >= least_height(shape.rows, scale) else NARROW[count]


def least_height(rows: int, scale: float) -> int:
    """Pixels that so many rows need to be read."""
    return rows * round(LEAST_HEIGHT * scale) + (rows + 1) * GAP


def height_of(rows: int, room: int, scale: float) -> int:
    """Pixels that so many rows take at least in a ``room`` so high: where they do not all fit they scroll,
    and then each is as high as it should be."""
    least = least_height(rows, scale)
    if rows == 1 or room >= least:
        return least
    return rows * round(SCROLLED_HEIGHT * scale) + (rows + 1) * GAP
