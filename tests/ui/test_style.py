"""Icons: one set of glyphs, the same pictures as qtawesome's own."""

import numpy as np
import pytest
import qtawesome
from pytestqt.qtbot import QtBot

from ganviz.ui.style import icon


@pytest.mark.parametrize("name", ["mdi6.play", "mdi6.pause", "mdi6.chevron-down", "mdi6.alert-outline"])
def test_icons_are_those_of_the_whole_library(qtbot: QtBot, name: str) -> None:
    def pixels(made: object) -> np.ndarray:
        picture = made.pixmap(32).toImage()  # type: ignore[attr-defined]
        return np.frombuffer(picture.constBits(), np.uint8).copy()

    ours, theirs = pixels(icon(name, "#204060")), pixels(qtawesome.icon(name, color="#204060"))
    assert (ours == theirs).all() and ours.any()
