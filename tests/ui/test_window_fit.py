"""The window on small screens and with large text: nothing is cut, nothing vanishes without a trace."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget
from pytestqt.qtbot import QtBot

from ganviz.experiment import Experiment
from ganviz.theory.objectives import OBJECTIVES
from ganviz.ui.buttons import BarButton
from ganviz.ui.lossbar import ObjectiveButton
from ganviz.ui.window import FIRST_SIZE, LEAST_SIZE, MainWindow

LEFT = Qt.MouseButton.LeftButton


def inside(bar: QWidget) -> list[QWidget]:
    """What a bar shows, each of it wholly inside the bar and beside the others."""
    kinds = (QAbstractButton, QLabel)
    parts = [part for part in bar.findChildren(QWidget) if isinstance(part, kinds) and part.isVisible()]
    places = [QRect(part.mapTo(bar, QPoint(0, 0)), part.size()) for part in parts]
    assert all(bar.rect().contains(place) for place in places), [(p, bar.rect()) for p in places]
    for index, place in enumerate(places):
        assert not any(place.intersects(other) for other in places[index + 1 :])
    return parts


@pytest.mark.parametrize("size", [FIRST_SIZE, LEAST_SIZE])
@pytest.mark.parametrize("presses", [-3, 0, 1, 2, 3, 4])
def test_the_bars_are_whole_at_every_text_size(
    open_window: Callable[..., MainWindow], size: tuple[int, int], presses: int
) -> None:
    window = open_window(ready=False, safe_mode=True)
    window.resize(*size)
    for _ in range(abs(presses)):
        window.actions_by_name["action.text_larger" if presses > 0 else "action.text_smaller"].trigger()
    window.grab()
    buttons = [part for part in inside(window.toolbar) if isinstance(part, BarButton)]
    assert len(buttons) == 6
    for button in buttons:
        words = QFontMetrics(button._font()).horizontalAdvance(button.text())
        assert button.text() or button._icon
        assert button.width() >= words
    fields = (window.toolbar.seed, window.toolbar.speed, window.toolbar.preset)
    assert all(window.toolbar.rect().contains(field.geometry()) for field in fields)
    losses = [part for part in inside(window.lossbar) if isinstance(part, ObjectiveButton)]
    assert len(losses) == sum(not row.more for row in OBJECTIVES.values())
    for loss in losses:
        words = QFontMetrics(loss._name_font(True)).horizontalAdvance(loss.text())
        assert loss.width() >= words + 10, "the name and the number of its key"
    if size == FIRST_SIZE:
        assert window.lossbar._title.isVisible()
        assert losses[0].height() == round(50 * window.look.scale)
    if presses <= 0:
        assert window.toolbar.reset.text() == "Reset, same seed"
    if size == FIRST_SIZE:
        assert window.form.isVisible(), "larger text does not take the settings away"


def test_a_narrow_window_keeps_a_handle_to_the_settings(
    qtbot: QtBot, open_window: Callable[..., MainWindow]
) -> None:
    window = open_window(ready=False, safe_mode=True)
    assert (window.form.isVisible(), window.handle.isVisible()) == (True, False)
    window.resize(*LEAST_SIZE)
    qtbot.waitUntil(window.handle.isVisible, timeout=2000)
    assert window.form.isHidden()
    window.grab()
    assert window.handle.height() > 300
    assert window.handle.mapTo(window, QPoint(0, 0)).x() == 0
    qtbot.mouseClick(window.handle, LEFT)
    assert (window.form.isVisible(), window.handle.isVisible()) == (True, False)
    qtbot.mouseClick(window.form.about.hider, LEFT)
    assert (window.form.isVisible(), window.handle.isVisible()) == (False, True)


def test_on_a_small_screen_the_window_takes_the_screen(qtbot: QtBot) -> None:
    window = MainWindow(Experiment.preset("saturation"), safe_mode=True, ask_on_close=False)
    qtbot.addWidget(window)
    room = QGuiApplication.primaryScreen().availableGeometry().size()
    assert room.boundedTo(QSize(*FIRST_SIZE)) != QSize(*FIRST_SIZE), "the test's screen is a small one"
    window.look.fit_screen()
    assert window.windowState() & Qt.WindowState.WindowMaximized
    assert window.size().boundedTo(room) == window.size()
    assert window.minimumSize().boundedTo(room) == window.minimumSize()
    window.show()
    qtbot.waitUntil(lambda: window.size().boundedTo(room) == window.size(), timeout=2000)
    inside(window.toolbar)
    window.close()


def test_a_remembered_place_is_kept(open_window: Callable[..., MainWindow]) -> None:
    first = open_window(ready=False)
    first.resize(*LEAST_SIZE)
    first.close()
    second = open_window(ready=False)
    state = second.windowState()
    second.look.fit_screen()
    assert second.windowState() == state
