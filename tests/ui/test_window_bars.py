"""Timeline, verdict bar and speed slider."""

from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor, QFontMetrics, QImage
from pytestqt.qtbot import QtBot

from ganviz.experiment import Experiment
from ganviz.frame import Frame
from ganviz.record.history import STEP_COLUMNS, Event, History
from ganviz.record.run import Run
from ganviz.theory.objectives import OBJECTIVES
from ganviz.training.verdict import judge
from ganviz.ui.rail_handle import RailHandle
from ganviz.ui.speed import STOPS, speed_at
from ganviz.ui.style import clock, plain
from ganviz.ui.theme import LIGHT
from ganviz.ui.timeline import HEIGHT, LEFT, RIGHT, Timeline
from ganviz.ui.verdictbar import MESSAGE_MS, Held, Sentence, VerdictBar
from ganviz.ui.window import MainWindow

WIDTH = 1000


def recorded(d_fake: list[float], events: list[Event], objective: str = "minimax") -> Run:
    """A run whose mean D(G(z)) was ``d_fake``, one value a step."""
    history = History(objectives=tuple(OBJECTIVES))
    steps = np.arange(1, len(d_fake) + 1)
    rows = {name: np.zeros(len(d_fake)) for name in STEP_COLUMNS} | {
        "step": steps,
        "d_fake": np.array(d_fake),
    }
    history.steps.append(rows)
    history.events += events
    experiment = Experiment.preset("saturation").replace(objective=objective)
    return Run(experiment, Frame(step=len(d_fake), d_count=7, g_count=5), history)


def drawn(qtbot: QtBot, run: Run) -> tuple[Timeline, QImage]:
    timeline = Timeline()
    qtbot.addWidget(timeline)
    timeline.resize(WIDTH, HEIGHT)
    timeline.apply_theme(LIGHT, 1.0)
    timeline.show_run(run)
    return timeline, timeline.grab().toImage()


def heights(image: QImage, x: int) -> int:
    """Pixels of the fakes' area in one column of the timeline."""
    ground = {QColor(name).rgb() for name in (LIGHT.panel, LIGHT.ink, LIGHT.axis)}
    reds = [QColor(image.pixel(x, y)) for y in range(6, HEIGHT - 18)]
    return sum(colour.rgb() not in ground and colour.red() > colour.blue() + 20 for colour in reds)


@pytest.mark.qt_log_ignore(
    "This plugin does not support", extend=True
)  # offscreen there is nothing to raise or grab
def test_a_loss_of_the_sheet_trains_and_gives_its_name_to_the_button(
    qtbot: QtBot, window: MainWindow
) -> None:
    bar = window.lossbar
    qtbot.keyClick(window, Qt.Key.Key_M)
    assert bar.sheet.isVisible()
    tiles = [bar.buttons[key] for key, row in OBJECTIVES.items() if row.more]
    assert all(tile.isVisible() and tile.parent() is bar.sheet for tile in tiles)
    for tile in tiles:  # the formulas have room
        assert tile.width() >= tile.sizeHint().width()
    qtbot.mouseClick(bar.buttons["f_pearson"], Qt.MouseButton.LeftButton)
    assert not bar.sheet.isVisible() and "Pearson" in bar.more.text()
    qtbot.waitUntil(lambda: window.pilot.run.experiment.objective == "f_pearson", timeout=10_000)
    assert not bar.buttons["minimax"].isChecked()
    qtbot.mouseClick(bar.buttons["relativistic"], Qt.MouseButton.LeftButton)
    assert bar.more.text() == "More losses" and bar.buttons["relativistic"].isChecked()


def test_the_area_is_as_high_as_the_fakes_fooled_d(qtbot: QtBot) -> None:
    _, image = drawn(qtbot, recorded([0.5] * 50 + [1.0] * 50, []))
    span = WIDTH - LEFT - RIGHT
    half, full = heights(image, LEFT + span // 4), heights(image, LEFT + 3 * span // 4)
    assert full == pytest.approx(HEIGHT - 17 - 5 - 2, abs=3)
    assert half == pytest.approx(full / 2, abs=2)


def test_where_there_was_no_d_the_area_has_a_gap(qtbot: QtBot) -> None:
    _, image = drawn(qtbot, recorded([1.0] * 40 + [float("nan")] * 20 + [1.0] * 40, []))
    span = WIDTH - LEFT - RIGHT
    assert heights(image, LEFT + span // 2) == 0
    assert heights(image, LEFT + span // 4) > 20
    assert heights(image, LEFT + 3 * span // 4) > 20


def test_a_change_of_the_loss_has_a_flag_in_its_colour(qtbot: QtBot) -> None:
    change = Event(50, "objective", "minimax", "non_saturating")
    _, image = drawn(qtbot, recorded([0.0] * 100, [change], "non_saturating"))
    middle = LEFT + (WIDTH - LEFT - RIGHT) // 2
    assert QColor(image.pixel(middle + 4, 8)).name().upper() == LIGHT.non_saturating
    assert QColor(image.pixel(LEFT + 4, 8)).name().upper() == LIGHT.minimax


def test_an_empty_timeline_is_drawn(qtbot: QtBot) -> None:
    timeline = Timeline()
    qtbot.addWidget(timeline)
    timeline.resize(WIDTH, HEIGHT)
    assert not timeline.grab().isNull()


def test_a_verdict_holds_two_seconds() -> None:
    now = [0.0]
    held = Held(lambda: now[0])
    winning, balanced = Sentence("d_wins", "D is winning:", "0.9"), Sentence("balanced", "Balanced:", "0.5")
    assert held.offer(winning) == winning
    now[0] = 1.9
    assert held.offer(balanced) == winning
    newer = Sentence("d_wins", "D is winning:", "0.8")
    assert held.offer(newer) == newer
    now[0] = 2.0
    assert held.offer(balanced) == balanced
    now[0] = 2.1
    diverged = Sentence("diverged", "Diverged:", "at step 3")
    assert held.offer(diverged) == diverged


def test_a_verdict_on_what_stands_still_does_not_wait() -> None:
    held = Held(lambda: 0.0)
    ready, flat = Sentence("waiting", "Ready:", ""), Sentence("d_flat", "D is flat:", "½")
    assert held.offer(ready) == ready and held.offer(flat) == ready
    assert held.offer(flat, at_once=True) == flat


def test_single_steps_are_spoken_of_at_once(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: window.verdict.text.startswith("Ready:"), timeout=10_000)
    window.actions_by_name["action.step_d"].trigger()
    qtbot.waitUntil(lambda: window.pilot.run.frame.d_count == 1, timeout=10_000)
    assert window.verdict.text.startswith("D has moved, update 1. ")
    window.actions_by_name["action.step"].trigger()
    qtbot.waitUntil(lambda: window.pilot.run.frame.step == 1, timeout=10_000)
    frame = window.pilot.run.frame
    assert window.verdict.text == f"{judge(window.pilot.run)}"
    assert {found.step for found in frame.together.values()} == {1}


def test_the_verdict_goes_on_however_few_panels_are_shown(qtbot: QtBot, window: MainWindow) -> None:
    for key in ("losses", "divergence", "gradient"):
        window.actions_by_name[f"show.{key}"].trigger()
    qtbot.waitUntil(lambda: len(window.grid.on_screen()) == 3, timeout=5000)
    window.actions_by_name["action.train"].trigger()
    heard = set()

    def changed() -> bool:
        heard.add(window.verdict.text)
        return len(heard) > 4

    qtbot.waitUntil(changed, timeout=30_000)


@pytest.mark.parametrize("is_news", [True, False])
def test_a_message_ends_by_itself_and_only_trouble_is_red(qtbot: QtBot, is_news: bool) -> None:
    bar = VerdictBar()
    qtbot.addWidget(bar)
    bar.resize(900, 40)
    bar.show_verdict("d_flat", "D is flat:", "½.", "minimax")
    (bar.show_news if is_news else bar.show_message)("Saved ring8.toml")
    assert bar.text == bar.toolTip() == "Saved ring8.toml"
    image = bar.grab().toImage()
    red = QColor(LIGHT.warning).rgb()
    seen = {image.pixel(x, y) for x in range(image.width()) for y in range(image.height())}
    assert (red in seen) is not is_news
    (timer,) = bar.findChildren(QTimer)
    assert timer.isActive() and timer.isSingleShot() and timer.interval() == MESSAGE_MS
    timer.timeout.emit()
    assert bar.text == bar.toolTip() == "D is flat: ½."


def test_slow_motion_frames_the_panel_at_work_and_names_the_turn(qtbot: QtBot, window: MainWindow) -> None:
    window.toolbar.speed.setValue(0)
    window.actions_by_name["action.train"].trigger()
    focus = QColor(window.look.theme.focus).rgb()

    def framed() -> set[str]:
        corners = {panel.key: panel.grab().toImage().pixel(2, 2) for panel in window.grid.on_screen()}
        return {key for key, colour in corners.items() if colour == focus}

    for turn, at_work in (("D has moved", {"outputs"}), ("G has moved", {"samples"})):
        qtbot.waitUntil(lambda turn=turn: window.pilot.run.frame.phase == turn, timeout=10_000)
        assert framed() == at_work
        assert window.verdict.text.startswith(turn)
    window.actions_by_name["action.train"].trigger()
    qtbot.waitUntil(lambda: window.pilot.run.frame.status == "paused", timeout=10_000)
    assert framed() == set()


def test_speeds_are_logarithmic_from_one_a_second_to_full() -> None:
    assert (speed_at(0), speed_at(STOPS // 2), speed_at(STOPS)) == (1.0, 30.0, None)
    speeds = [speed_at(position) for position in range(STOPS)]
    ratios = [after / before for before, after in pairwise(speeds)]
    assert max(ratios) < 1.3
    assert min(ratios) > 1.0


def test_the_slider_goes_where_the_mouse_is(qtbot: QtBot, window: MainWindow) -> None:
    slider = window.toolbar.speed
    with qtbot.waitSignal(slider.speed_changed) as heard:
        qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=slider.rect().center())
    assert heard.args[0] == pytest.approx(30.0, rel=0.1)


def test_numbers_and_times_in_words() -> None:
    assert [plain(value) for value in (256, 2**31 - 1, 0.001, 1e-7, 2.0)] == [
        "256",
        "2147483647",
        "0.001",
        "1e-07",
        "2",
    ]
    assert [clock(seconds) for seconds in (1.5, 61.25, 3723.0)] == ["0:01.5", "1:01.2", "1:02:03"]


def test_the_status_gives_way_to_the_sentence(qtbot: QtBot, window: MainWindow) -> None:
    bar, parts = window.verdict, ("CPU, eager", "153,296 weights", "paused", "0:01.6")
    window.resize(1600, 960)
    bar.show_verdict("d_flat", "D is flat:", "it says one half everywhere.", "minimax", at_once=True)
    bar.show_status(*parts)
    assert bar.status_in_sight == parts
    window.look.apply("dark", 2.2)
    window.resize(1180, 720)
    qtbot.waitUntil(lambda: bar.width() == 1180)
    bar.show_verdict("d_flat", "D is flat:", "it says one half everywhere.", "minimax", at_once=True)
    bar.show_status(*parts)
    seen = bar.status_in_sight
    assert len(seen) < len(parts) and seen == parts[-len(seen) :], "what never changes goes first"
    assert all(part in bar.toolTip() for part in parts)


def test_the_word_at_the_hidden_settings_is_whole(qtbot: QtBot, window: MainWindow) -> None:
    window.look.apply("dark", 2.2)
    window.resize(1180, 720)
    handle = window.findChild(RailHandle)
    qtbot.waitUntil(lambda: handle.isVisible() and handle.height() < 300)
    assert QFontMetrics(handle.word_font()).horizontalAdvance(handle.text()) <= handle.height() - 36 * 2.2
