"""Icons: the same pictures as qtawesome's own."""

import numpy as np
import pytest
import qtawesome
from pytestqt.qtbot import QtBot

from ganviz.ui.icons import GLYPHS, icon


@pytest.mark.parametrize("name", GLYPHS)
@pytest.mark.parametrize("side", [13, 32])
def test_icons_are_those_of_the_library(qtbot: QtBot, name: str, side: int) -> None:
    def pixels(made: object) -> np.ndarray:
        picture = made.pixmap(side).toImage()  # type: ignore[attr-defined]
        return np.frombuffer(picture.constBits(), np.uint8).copy()

    ours, theirs = pixels(icon(name, "#204060")), pixels(qtawesome.icon(f"mdi6.{name}", color="#204060"))
    assert (ours == theirs).all() and ours.any()
