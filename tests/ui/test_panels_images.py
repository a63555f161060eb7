"""The panels of images with real frames, read back from what they draw, and in the real window."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QImage, QPainter
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from scipy.special import expit

from ganviz.experiment import Experiment
from ganviz.frame import Frame, Measurement
from ganviz.record.history import History
from ganviz.record.run import Run
from ganviz.training.trainer import Trainer
from ganviz.ui.dashboard import draw
from ganviz.ui.panels import export
from ganviz.ui.panels.base import Panel
from ganviz.ui.panels.catalogue import load
from ganviz.ui.panels.image_history import columns
from ganviz.ui.panels.picks import Picks, dropped, mime_of
from ganviz.ui.panels.tiles import Canvas
from ganviz.ui.theme import DARK, LIGHT
from ganviz.ui.window import MainWindow

DIGITS = Experiment.preset("digits").replace(
    network="mlp", g_width=16, d_width=24, batch_size=32, measure_every=5, device="cpu", head_start=0
)
LEFT = Qt.MouseButton.LeftButton
IMAGE_PANELS = ("image_history", "interpolation", "arithmetic", "nearest", "filters")


@pytest.fixture(scope="module")
def trainer() -> Trainer:
    made = Trainer(DIGITS)
    made.step(100)
    return made


@pytest.fixture
def shown(qtbot: QtBot, trainer: Trainer) -> Callable[..., tuple[Any, Run]]:
    """Shows a panel a run of digits after 100 steps; what it asks for is answered: ``shown("nearest")``."""

    def show(key: str, size: tuple[int, int] = (620, 420)) -> tuple[Any, Run]:
        panel = load(key)()
        qtbot.addWidget(panel)
        panel.resize(*size)
        panel.show()
        panel.asked.connect(trainer.ask)
        run = trainer.run([*panel.needs])
        panel.show_runs([run])
        return panel, run

    for probe, question in (("nearest", 0), ("interpolation", (0, 1)), ("arithmetic", ((), (), ()))):
        trainer.ask(probe, question)
    return show


def answered(panel: Panel, trainer: Trainer) -> Run:
    """The panel with the answer to what it asked."""
    run = trainer.run([*panel.needs])
    panel.show_runs([run])
    return run


def middle(box: QRectF) -> QPoint:
    return box.center().toPoint()


def mean_grey(widget: QWidget, box: QRectF) -> float:
    """The mean level of what is drawn in a box."""
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    inner = box.toRect().adjusted(2, 2, -2, -2)
    across, down = range(inner.left(), inner.right()), range(inner.top(), inner.bottom())
    levels = [image.pixelColor(x, y).red() for x in across for y in down]
    return float(np.mean(levels))


def drop(widget: QWidget, number: int, at: QPointF) -> None:
    """What Qt sends when a sample is dragged over a widget and dropped."""
    data, action = mime_of(number), Qt.DropAction.CopyAction
    none = Qt.KeyboardModifier.NoModifier
    entered = QDragEnterEvent(at.toPoint(), action, data, LEFT, none)
    widget.dragEnterEvent(entered)
    assert entered.isAccepted()
    event = QDropEvent(at, action, data, LEFT, none)
    assert dropped(event) == number
    widget.dropEvent(event)


# ------------------------------------------------------------ samples


def test_a_sample_is_drawn_where_it_is_said_to_be(shown: Callable[..., tuple[Any, Run]]) -> None:
    panel, run = shown("samples", (900, 560))
    fakes = run.frame.measurements["samples"]["fake"]
    grid = panel.images
    assert grid.shown_fakes == 60
    for place in (0, 7, 59):
        ink = (1.0 - (fakes[place].mean() + 1.0) / 2.0) * 255.0  # black on white
        assert mean_grey(grid, grid.box_of("fake", place)) == pytest.approx(ink, abs=12)


def test_the_order_is_that_of_d(shown: Callable[..., tuple[Any, Run]]) -> None:
    panel, run = shown("samples", (900, 560))
    outputs = run.frame.measurements["samples"]["output_fake"]
    assert panel.images.order == list(range(60))
    panel.legend.buttons["by_output"].click()
    assert panel.images.order == np.argsort(-outputs[:60], kind="stable").tolist()
    panel.legend.buttons["in_order"].click()
    assert panel.images.order == list(range(60))


def test_hidden_reals_leave_their_room_to_the_fakes(shown: Callable[..., tuple[Any, Run]]) -> None:
    panel, _ = shown("samples", (500, 240))
    before = panel.images.box_of("fake", 0)
    panel.legend.buttons["real"].click()
    after = panel.images.box_of("fake", 0)
    assert after.top() < before.top()


def test_a_click_and_the_keys_choose_a_sample(qtbot: QtBot, shown: Callable[..., tuple[Any, Run]]) -> None:
    panel, _ = shown("samples", (900, 560))
    panel.legend.buttons["by_output"].click()
    grid, heard = panel.images, []
    panel.picked.connect(heard.append)
    order = grid.order
    qtbot.mouseClick(grid, LEFT, pos=middle(grid.box_of("fake", 5)))
    qtbot.mouseClick(grid, LEFT, pos=middle(grid.box_of("real", 0)))  # reals are not chosen
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Return):
        qtbot.keyClick(grid, key)
    columns_ = (
        round(
            (grid.box_of("fake", 59).left() - grid.box_of("fake", 0).left())
            / (grid.box_of("fake", 1).left() - grid.box_of("fake", 0).left())
        )
        + 1
    )
    assert heard == [Picks(order[5]), Picks(order[6 + columns_], order[5])]


def test_larger_images_have_larger_tiles_and_colours_are_kept(qtbot: QtBot) -> None:
    panel = load("samples")()
    qtbot.addWidget(panel)
    panel.resize(900, 560)

    class Colours:
        image_shape, is_ink = (3, 64, 64), False

    reds = np.concatenate([np.ones((9, 4096)), -np.ones((9, 8192))], axis=1)
    grid = panel.images
    grid.resize(860, 480)
    outputs = {name: np.zeros(9) for name in ("real", "fake")}
    grid.show_images({"real": reds, "fake": reds}, outputs, Colours(), True)
    box = grid.box_of("fake", 0)
    assert box.width() >= 84
    assert grid.grab().toImage().pixelColor(middle(box)) == QColor(255, 0, 0)
    grey = {"real": np.zeros((9, 64)), "fake": np.zeros((9, 64))}
    grid.show_images(grey, outputs, DIGITS.source(), True)
    assert grid.box_of("fake", 0).width() < box.width()


def test_an_image_that_is_no_square_keeps_its_shape(qtbot: QtBot) -> None:
    class One(Canvas):
        def paint(self, painter: QPainter) -> None:
            red = QImage(4, 2, QImage.Format.Format_RGB32)
            red.fill(QColor(255, 0, 0))
            self.tile(painter, QRectF(10, 10, 80, 80), red)

    canvas = One()
    qtbot.addWidget(canvas)
    canvas.resize(100, 100)
    image = canvas.grab().toImage()
    red = [y for y in range(100) if image.pixelColor(50, y) == QColor(255, 0, 0)]
    assert len(red) == pytest.approx(40, abs=3) and np.mean(red) == pytest.approx(50, abs=1)


# ------------------------------------------------------------ over time


@pytest.mark.parametrize("logarithmic", [True, False])
@pytest.mark.parametrize("count", [2, 5, 12, 40])
def test_columns_keep_both_ends_and_rise(count: int, logarithmic: bool) -> None:
    steps = np.arange(0, 2000, 50)
    found = columns(steps, count, logarithmic)
    assert found == sorted(set(found)) and len(found) <= count
    assert found[0] == 0 and found[-1] == len(steps) - 1
    if count == 12:
        gaps = np.diff(steps[found])
        assert (gaps[-1] > 5 * gaps[0]) == logarithmic and (np.ptp(gaps) <= 50) != logarithmic


def test_the_history_shows_the_kept_steps_and_this_moment(
    shown: Callable[..., tuple[Any, Run]], qtbot: QtBot
) -> None:
    panel, run = shown("image_history", (900, 500))
    seen, data = run.frame.measurements["image_history"], panel.export_data()
    assert data["step"][0] == 0 and data["step"][-1] == 100 and panel.view.steps == data["step"].tolist()
    for column, step in enumerate(data["step"][:-1]):
        levels = seen["levels"][seen["steps"].tolist().index(step)]
        np.testing.assert_allclose(data["sample_3"][column], levels[2] / 127.5 - 1.0)
    np.testing.assert_array_equal(data["sample_3"][-1], seen["now"][2])
    heard: list[Picks] = []
    panel.picked.connect(heard.append)
    qtbot.mouseClick(panel.view, LEFT, pos=middle(panel.view.box_of(2, 1)))
    assert heard == [Picks(2)]


def test_a_step_s_images_are_shown_all_at_once(shown: Callable[..., tuple[Any, Run]], qtbot: QtBot) -> None:
    """A click on a step, then the slider by hand and by key; at its right end it is this moment."""
    panel, run = shown("image_history", (420, 330))
    seen = run.frame.measurements["image_history"]
    steps = [int(step) for step in seen["steps"] if step < 100]
    box = panel.view.box_of(0, 1)
    step = panel.view.steps[1]
    qtbot.mouseClick(panel.view, LEFT, pos=QPointF(box.center().x(), 8.0).toPoint())
    assert panel.legend.is_on("one") and panel.view.isHidden() and panel.label.text() == f"step {step}"
    data = panel.export_data()
    assert data["step"].tolist() == [step] and len(panel.grid.boxes()) == 12
    levels = seen["levels"][steps.index(step)]
    for number in range(12):
        np.testing.assert_allclose(data[f"sample_{number + 1}"][0], levels[number] / 127.5 - 1.0)
        ink = 255.0 - levels[number].mean()
        assert mean_grey(panel.grid, panel.grid.boxes()[number]) == pytest.approx(ink, abs=14)
        assert QRectF(panel.grid.rect()).contains(panel.grid.boxes()[number])
    qtbot.keyClick(panel.slider, Qt.Key.Key_Home)
    assert panel.label.text() == "step 0"
    qtbot.keyClick(panel.slider, Qt.Key.Key_End)
    assert panel.label.text() == "step 100, now"
    np.testing.assert_array_equal(panel.export_data()["sample_3"][0], seen["now"][2])
    heard: list[Picks] = []
    panel.picked.connect(heard.append)
    qtbot.mouseClick(panel.grid, LEFT, pos=middle(panel.grid.boxes()[4]))
    assert heard == [Picks(4)]
    panel.legend.buttons["log"].click()
    assert not panel.view.isHidden() and panel.slider.isHidden()


# ------------------------------------------------------------ interpolation


def test_the_strip_and_its_line(shown: Callable[..., tuple[Any, Run]], trainer: Trainer) -> None:
    panel, run = shown("interpolation")
    seen = run.frame.measurements["interpolation"]
    np.testing.assert_allclose(panel.view.heights, expit(seen["spherical_output"]))
    panel.legend.buttons["linear"].click()
    np.testing.assert_allclose(panel.view.heights, expit(seen["linear_output"]))
    points, boxes = panel.view.points().toList(), panel.view.boxes()
    assert len(points) == len(boxes) == 11
    for point, box, value in zip(points, boxes, panel.view.heights, strict=True):
        assert point.x() == pytest.approx(box.center().x())
        line = panel.view._line()
        assert (line.bottom() - point.y()) / line.height() == pytest.approx(value)
    panel.take_picks(Picks(9, 4))
    assert answered(panel, trainer).frame.measurements["interpolation"]["pair"] == (4, 9)
    panel.another.click()
    first, second = answered(panel, trainer).frame.measurements["interpolation"]["pair"]
    assert len({first, second, 4, 9}) == 4
    drop(panel.view, 33, QPointF(panel.view.width() - 5.0, 10.0))
    assert answered(panel, trainer).frame.measurements["interpolation"]["pair"] == (first, 33)
    drop(panel.view, 12, QPointF(5.0, 10.0))
    assert answered(panel, trainer).frame.measurements["interpolation"]["pair"] == (12, 33)


def test_where_all_would_be_tiny_the_strip_shows_some(shown: Callable[..., tuple[Any, Run]]) -> None:
    """Every second image, or both ends alone; the line keeps all its points."""
    for width, count in ((700, 11), (340, 6), (240, 3)):
        panel, _ = shown("interpolation", (width, 300))
        view = panel.view
        numbers, boxes, points = view.shown(), view.boxes(), view.points().toList()
        assert len(boxes) == count and numbers[0] == 0 and numbers[-1] == 10
        assert boxes[0].width() >= 38.0 and len(points) == 11
        assert np.diff([point.x() for point in points]) == pytest.approx(
            (points[10].x() - points[0].x()) / 10
        )
        for number, box in zip(numbers, boxes, strict=True):
            assert points[number].x() == pytest.approx(box.center().x())
            assert QRectF(view.rect()).contains(box)


def test_a_new_run_is_asked_for_the_same_pair(shown: Callable[..., tuple[Any, Run]]) -> None:
    panel, _ = shown("interpolation")
    panel.take_picks(Picks(9, 4))
    asked: list[object] = []
    panel.asked.connect(lambda probe, question: asked.append((probe, question)))
    panel.show_runs([Trainer(DIGITS).run([*panel.needs])])
    assert asked == [("interpolation", (4, 9))]


# ------------------------------------------------------------ arithmetic


def test_slots_by_hand_by_key_and_by_dropping(
    qtbot: QtBot, shown: Callable[..., tuple[Any, Run]], trainer: Trainer
) -> None:
    panel, _ = shown("arithmetic")
    slots = panel.slots
    assert "choose a sample" in panel.result.hint
    panel.take_picks(Picks(7))
    qtbot.mouseClick(slots["a"], LEFT, pos=middle(slots["a"].places()[0]))
    qtbot.mouseClick(slots["a"], LEFT, pos=middle(slots["a"].places()[1]))  # it is in already
    panel.take_picks(Picks(8, 7))
    qtbot.keyClick(slots["a"], Qt.Key.Key_Return)
    for number in (3, 4, 5, 6):  # three find room
        drop(slots["b"], number, QPointF(5.0, 5.0))
    drop(slots["c"], 2, QPointF(5.0, 5.0))
    assert panel.numbers == ((7, 8), (3, 4, 5), (2,))
    run = answered(panel, trainer)
    seen, data = run.frame.measurements["arithmetic"], panel.export_data()
    assert seen["slots"] == panel.numbers and panel.result.hint == ""
    np.testing.assert_array_equal(data["around"], seen["around"])
    np.testing.assert_array_equal(data["slot_b"], [3, 4, 5])
    qtbot.keyClick(slots["b"], Qt.Key.Key_Backspace)
    qtbot.mouseClick(slots["a"], LEFT, pos=middle(slots["a"].places()[0]))
    assert panel.numbers == ((8,), (3, 4), (2,))
    again = load("arithmetic")()
    qtbot.addWidget(again)
    again.restore_state(panel.save_state())
    assert again.numbers == panel.numbers
    again.restore_state({"slots": [[1.5], "x", None]})
    again.restore_state({"slots": 3})
    assert again.numbers == panel.numbers


@pytest.mark.parametrize("size", [(900, 300), (400, 420)])
def test_the_result_stands_in_the_middle(
    shown: Callable[..., tuple[Any, Run]], trainer: Trainer, size: tuple[int, int]
) -> None:
    panel, _ = shown("arithmetic", size)
    panel.restore_state({"slots": [[0], [1], [2]]})
    panel.show_again()
    run = answered(panel, trainer)
    around = run.frame.measurements["arithmetic"]["around"]
    for place in (0, 4, 8):
        ink = (1.0 - (around[place].mean() + 1.0) / 2.0) * 255.0
        assert mean_grey(panel.result, panel.result.boxes()[place]) == pytest.approx(ink, abs=14)
    for slot in panel.slots.values():
        inside = QRectF(slot.rect())
        assert all(inside.contains(box) for box in (*slot.places(), slot.mean_box()))
    assert all(QRectF(panel.result.rect()).contains(box) for box in panel.result.boxes())


# ------------------------------------------------------------ nearest reals, first layer


def test_the_nearest_and_what_is_said_of_it(shown: Callable[..., tuple[Any, Run]], trainer: Trainer) -> None:
    panel, _ = shown("nearest")
    panel.take_picks(Picks(11))
    run = answered(panel, trainer)
    seen, data = run.frame.measurements["nearest"], panel.export_data()
    assert seen["chosen"] == 11
    assert f"{seen['distance'][0]:.2f}" in panel.readout.text and "sample 12" in panel.readout.text
    assert f"1 % below {seen['near']:.2f}" in panel.readout.text
    assert f"median {np.median(seen['between']):.2f}" in panel.readout.text
    np.testing.assert_array_equal(data["distance"], seen["distance"])
    edges, shares = panel.plot.bars.getData()
    counts, _ = np.histogram(seen["between"], edges)
    np.testing.assert_allclose(shares, 100 * counts / len(seen["between"]))
    assert ("suspiciously near" in panel.readout.text) == (seen["distance"][0] < seen["near"])


def test_a_copy_is_called_suspiciously_near(qtbot: QtBot, trainer: Trainer) -> None:

    values = dict(trainer.run(["nearest"]).frame.measurements["nearest"].values)
    values["distance"] = np.array([0.01, *values["distance"][1:]])
    panel = load("nearest")()
    qtbot.addWidget(panel)
    panel.show_runs(
        [Run(DIGITS, Frame(measurements={"nearest": Measurement(100, 1, values)}), History.of("gan"))]
    )
    assert "suspiciously near" in panel.readout.text
    searching = {"searched": 300, "compared": 0, "count": 600, "between": np.zeros(0), "near": np.nan}
    frame = Frame(measurements={"nearest": Measurement(100, 2, searching)})
    panel.show_runs([Run(DIGITS, frame, History.of("gan"))])
    assert "50 % of the reals" in panel.readout.text


def test_filters_are_drawn_about_mid_grey(shown: Callable[..., tuple[Any, Run]]) -> None:
    panel, run = shown("filters")
    weights = run.frame.measurements["filters"]["weights"]
    view = panel.view
    assert view.reach == pytest.approx(np.abs(weights).max()) and view.shown == 24
    image = view._tiles[0]
    drawn = [[image.pixelColor(x, y).red() for x in range(8)] for y in range(8)]
    np.testing.assert_allclose(drawn, 255 - (weights[0, 0] / view.reach + 1) * 127.5, atol=0.51)
    panel.legend.buttons["largest"].click()
    data = panel.export_data()
    assert (np.diff(data["norm"]) <= 0).all()
    np.testing.assert_array_equal(data["weights"], weights[data["unit"]])


# ------------------------------------------------------------ all of them


@pytest.mark.parametrize("key", ["samples", *IMAGE_PANELS])
@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_every_size_and_look_is_drawn_and_saved(
    shown: Callable[..., tuple[Any, Run]], tmp_path: Path, key: str, theme: Any
) -> None:
    panel, run = shown(key)
    for size in ((350, 268), (1500, 900), (350, 900)):
        for scale in (0.8, 1.6):
            panel.resize(*size)
            panel.apply_theme(theme, scale)
            panel.show_runs([run])
            assert not panel.grab().isNull()
    export.save_picture(panel, tmp_path / "a.svg")
    export.save_data(panel.export_data(), tmp_path / "a.npz")
    with np.load(tmp_path / "a.npz", allow_pickle=False) as kept:
        assert set(kept) == set(panel.export_data())
    export.save_data(panel.export_data(), tmp_path / "a.csv")
    panel.show_runs([])
    assert panel.export_data() == {}


def test_the_dashboard_of_images_shows_them_over_time(trainer: Trainer, tmp_path: Path) -> None:
    draw([trainer.run()], tmp_path / "dashboard.png")
    image = QImage(str(tmp_path / "dashboard.png"))
    assert (image.width(), image.height()) == (1600, 900)


def test_a_click_in_the_window_reaches_every_panel(
    open_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    window = open_window(DIGITS)
    window.actions_by_name["layout.latents"].trigger()
    qtbot.waitUntil(lambda: window.grid.is_complete and window.grid.is_at_rest, timeout=60_000)
    assert not window.actions_by_name["show.modes"].isVisible()
    assert window.actions_by_name["show.nearest"].isVisible()
    grid = window.grid.panels["samples"].images
    for number in (1, 4):
        qtbot.mouseClick(grid, LEFT, pos=middle(grid.box_of("fake", number)))

    def seen(key: str) -> Mapping[str, Any]:
        measured = window.pilot.run.frame.get(key)  # not there before its first look
        return measured.values if measured else {}

    qtbot.waitUntil(lambda: seen("interpolation").get("pair") == (1, 4), timeout=30_000)
    qtbot.waitUntil(lambda: seen("nearest").get("chosen") == 4, timeout=30_000)
    slots = window.grid.panels["arithmetic"].slots
    for slot in slots.values():
        qtbot.mouseClick(slot, LEFT, pos=middle(slot.places()[0]))
    qtbot.waitUntil(lambda: "around" in seen("arithmetic"), timeout=30_000)
    before = window.pilot.run.history
    window.actions_by_name["action.reset"].trigger()
    qtbot.waitUntil(lambda: window.pilot.run.history is not before, timeout=30_000)
    qtbot.waitUntil(lambda: "around" in seen("arithmetic") and seen("nearest").get("chosen") == 4)
    assert seen("interpolation").get("pair") == (1, 4)
