"""What the window's own widgets share when they draw."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ganviz.ui.plot import Plot
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


def test_a_plots_dashed_curve_lies_where_its_values_are(qtbot: QtBot) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    plot = Plot()
    plot.setParent(host)
    plot.resize(400, 300)
    plot.set_range((0.0, 10.0), (-1.0, 1.0))
    curve = plot.curve(2.0, Qt.PenStyle.DashLine)
    plot.colour_curve(curve, "#ff0000")
    x = np.linspace(1.0, 9.0, 201)
    curve.setData(x, np.where(x < 5.0, 0.5, -0.5))
    host.show()
    image = plot.grab().toImage()
    (left, middle, right), (high, low) = plot.to_pixels([1, 5, 9], 0)[0], plot.to_pixels(0, [0.5, -0.5])[1]

    def share_of_ink(row: float, start: float, stop: float) -> float:
        places = range(round(start) + 4, round(stop) - 4)
        red = [image.pixelColor(place, round(row)).green() < 100 for place in places]
        return sum(red) / len(red)

    assert 0.4 < share_of_ink(high, left, middle) < 0.8 and 0.4 < share_of_ink(low, middle, right) < 0.8
    assert share_of_ink(high, middle, right) == share_of_ink(low, left, middle) == 0.0
