"""The theme and the scale of type that a widget paints itself in."""

from __future__ import annotations

from typing import Any

from ganviz.ui.theme import LIGHT, Theme


class Dressed:
    """Mixed into a Qt widget that paints itself and whose size hint follows the scale."""

    _theme: Theme = LIGHT
    _scale: float = 1.0

    def apply_theme(self: Any, theme: Theme, scale: float) -> None:
        """Take colours and sizes anew."""
        self._theme, self._scale = theme, scale
        self.updateGeometry()
        self.update()
