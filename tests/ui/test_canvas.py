"""The canvas under mouse and keyboard: what is drawn is what its drawing holds and what stands on screen."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from ganviz.ui.own_data.canvas import Canvas
from ganviz.ui.own_data.strokes import Drawing
from ganviz.ui.theme import DARK, LIGHT, Theme

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def canvas(qtbot: QtBot) -> Canvas:
    made = Canvas(Drawing(3.0, 4000))
    qtbot.addWidget(made)
    made.resize(420, 420)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow, timeout=5000)
    made.setFocus()
    return made


def at(canvas: Canvas, x: float, y: float) -> QPoint:
    return canvas.on_screen((x, y)).toPoint()


def drag(qtbot: QtBot, canvas: Canvas, *places: tuple[float, float]) -> None:
    first, *rest = (at(canvas, *place) for place in places)
    qtbot.mousePress(canvas, LEFT, pos=first)
    for place in rest:
        qtbot.mouseMove(canvas, place)
        qtbot.wait(40)
    qtbot.mouseRelease(canvas, LEFT, pos=places and at(canvas, *places[-1]))


def test_places_go_to_the_screen_and_back(canvas: Canvas) -> None:
    for place in ((0.0, 0.0), (3.0, 3.0), (-2.5, 1.25)):
        assert canvas.in_plane(canvas.on_screen(place)) == pytest.approx(place)
    area = canvas.area()
    assert area.width() == area.height()
    assert canvas.in_plane(QPointF(area.left(), area.top())) == pytest.approx((-3.0, 3.0))


def test_a_click_leaves_points_and_a_drag_a_line(qtbot: QtBot, canvas: Canvas) -> None:
    qtbot.mouseClick(canvas, LEFT, pos=at(canvas, 1.0, 1.0))
    assert canvas.drawing.count > 0 and not canvas.is_drawing
    assert np.hypot(*(canvas.drawing.points - (1.0, 1.0)).T).max() < canvas.radius + 0.05
    canvas.drawing.clear()
    canvas.radius = 0.1
    drag(qtbot, canvas, (-2.0, -1.0), (0.0, -1.0), (2.0, -1.0))
    points = canvas.drawing.points
    assert np.abs(points[:, 1] + 1.0).max() < 0.15
    assert points[:, 0].min() < -1.5 and points[:, 0].max() > 1.5
    assert canvas.drawing.can_undo and not canvas.is_drawing


def test_it_sprays_while_held_and_no_longer(qtbot: QtBot, canvas: Canvas) -> None:
    qtbot.mousePress(canvas, LEFT, pos=at(canvas, 0.0, 0.0))
    first = canvas.drawing.count
    qtbot.waitUntil(lambda: canvas.drawing.count > first + 20, timeout=10_000)
    qtbot.mouseRelease(canvas, LEFT, pos=at(canvas, 0.0, 0.0))
    count = canvas.drawing.count
    qtbot.wait(100)
    assert canvas.drawing.count == count
    canvas.drawing.undo()
    assert canvas.drawing.count == 0  # one stroke, however long it was held


def test_the_other_button_does_not_draw(qtbot: QtBot, canvas: Canvas) -> None:
    qtbot.mouseClick(canvas, Qt.MouseButton.RightButton, pos=at(canvas, 0.0, 0.0))
    assert canvas.drawing.count == 0 and not canvas.drawing.can_undo


def test_erasing_is_one_stroke(qtbot: QtBot, canvas: Canvas) -> None:
    drag(qtbot, canvas, (-1.0, 0.0), (1.0, 0.0))
    before = canvas.drawing.count
    canvas.erasing, canvas.radius = True, 0.8
    drag(qtbot, canvas, (-1.5, 0.0), (-0.5, 0.0))
    points = canvas.drawing.points
    assert 0 < len(points) < before
    middle = np.clip(points[:, 0], -1.5, -0.5)
    assert np.hypot(points[:, 0] - middle, points[:, 1]).min() > 0.75
    canvas.drawing.undo()
    assert canvas.drawing.count == before


def test_keys_move_the_brush_and_spray(qtbot: QtBot, canvas: Canvas) -> None:
    canvas.radius = 0.05
    for _ in range(10):
        qtbot.keyClick(canvas, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(canvas, Qt.Key.Key_Up)
    qtbot.keyPress(canvas, Qt.Key.Key_Space)
    qtbot.keyRelease(canvas, Qt.Key.Key_Space)
    assert canvas.drawing.count > 0 and not canvas.is_drawing
    assert np.abs(canvas.drawing.points - (3.0, 0.06)).max() < 0.06
    qtbot.keyPress(canvas, Qt.Key.Key_Space)
    assert canvas.is_drawing
    canvas.clearFocus()
    assert not canvas.is_drawing


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("scale", [1.0, 1.6])
def test_every_point_stands_where_it_is(canvas: Canvas, theme: Theme, scale: float) -> None:
    canvas.drawing = Drawing(3.0, 10, [(1.0, 1.0), (-2.0, 0.5), (2.5, -2.5)])
    canvas.apply_theme(theme, scale)
    picture = canvas.grab().toImage()
    for point in canvas.drawing.points.tolist():
        place = canvas.on_screen(tuple(point)).toPoint()
        assert picture.pixelColor(place) == QColor(theme.real)
    assert picture.pixelColor(at(canvas, 1.5, -1.5)) == QColor(theme.panel)
    drawn = canvas.drawing
    drawn.clear()
    canvas.show_drawing()
    picture = canvas.grab().toImage()
    assert picture.pixelColor(at(canvas, 2.5, -2.5)) == QColor(theme.panel)


def test_what_is_left_looks_as_if_drawn_anew(qtbot: QtBot, canvas: Canvas) -> None:
    canvas.drawing = Drawing(3.0, 4000, np.random.default_rng(0).uniform(-3, 3, (2000, 2)))
    canvas.apply_theme(LIGHT, 1.0)
    canvas.grab()
    canvas.erasing, canvas.radius = True, 0.4
    drag(qtbot, canvas, (-2.0, 0.0), (1.0, 0.5), (2.0, -2.0))
    repaired = canvas.grab().toImage()
    canvas.show_drawing()
    assert canvas.grab().toImage() == repaired
