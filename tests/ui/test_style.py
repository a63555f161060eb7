"""What the window's own widgets share when they draw."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage, QPainter, QPen, QPolygonF
from pytestqt.qtbot import QtBot

from ganviz.ui.style import zigzag

SIDE = 120
Numbers = npt.NDArray[np.float64]


def ink(x: Numbers, y: Numbers, as_polyline: bool, dashes: Sequence[float] = ()) -> npt.NDArray[np.bool_]:
    """Where a line of 1.2 pixels leaves ink on a white square."""
    image = QImage(SIDE, SIDE, QImage.Format.Format_Grayscale8)
    image.fill(255)
    painter, pen = QPainter(image), QPen("black")
    pen.setWidthF(1.2)
    if dashes:
        pen.setDashPattern(dashes)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    if as_polyline:
        painter.setPen(pen)
        painter.drawPolyline(QPolygonF([QPointF(*point) for point in zip(x, y, strict=True)]))
    else:
        zigzag(painter, x, y, pen)
    painter.end()
    return np.frombuffer(image.constBits(), np.uint8).reshape(SIDE, -1)[:, :SIDE] < 128


def test_a_zigzag_is_a_polyline_drawn_in_pieces(qtbot: QtBot) -> None:
    x = np.linspace(10, 110, 40)
    y = 60 + 45 * np.sin(np.arange(40) * 1.9)
    pieces, whole = ink(x, y, as_polyline=False), ink(x, y, as_polyline=True)
    assert whole.sum() > 1000
    assert (pieces != whole).sum() < 0.05 * whole.sum(), "corners may differ by a pixel"


def test_dashes_go_on_from_stroke_to_stroke(qtbot: QtBot) -> None:
    x, y = np.linspace(10, 110, 60), np.full(60, 60.5)
    pieces, whole = (ink(x, y, as_polyline, (6.0, 5.0)).any(axis=0) for as_polyline in (False, True))
    assert 30 < whole.sum() < 80, "some of it is gaps"
    assert (pieces != whole).sum() <= 4, "where a dash ends may differ by a part of a pixel"


def test_a_zigzag_has_gaps_where_it_is_not_finite(qtbot: QtBot) -> None:
    x, y = np.linspace(10, 110, 11), np.full(11, 60.0)
    y[5], x[9] = np.nan, np.inf
    seen = ink(x, y, as_polyline=False).any(axis=0)
    assert seen[12:48].all() and seen[72:88].all()
    assert not seen[53:67].any() and not seen[93:].any()
    assert not ink(x[:1], y[:1], as_polyline=False).any(), "one point is no line"
