"""The games of two numbers in the window: what is drawn is what is played and what theory foretells."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QSlider
from pytestqt.qtbot import QtBot

from ganviz.experiment import SETTINGS, Experiment
from ganviz.experiment.portrait import canonical
from ganviz.record.run import Run
from ganviz.theory.dirac import ORDERS, simulate
from ganviz.theory.dirac_methods import GAMES, METHODS
from ganviz.training.trainer import Trainer
from ganviz.ui.controls import SLIDERS
from ganviz.ui.formula import spoken
from ganviz.ui.line_looks import SHORT, look_of
from ganviz.ui.lines import scene_of
from ganviz.ui.panels.catalogue import PANELS, load, not_for
from ganviz.ui.panels.eigen_plane import EigenPlane, spots_of
from ganviz.ui.panels.eigenvalues import EigenvaluesPanel, pairs_of
from ganviz.ui.panels.planes import BESIDE, Planes, reach_of, shape_of
from ganviz.ui.panels.portrait import OnePortraitPanel
from ganviz.ui.panels.portraits import PortraitsPanel
from ganviz.ui.panels.radius import RadiusPanel
from ganviz.ui.plotting import width_of
from ganviz.ui.value_slider import STOPS, ValueSlider, position_of, value_at
from ganviz.ui.window import MainWindow

LEFT = Qt.MouseButton.LeftButton
DIRAC = Experiment.preset("dirac")
OF_LINE = {
    "minimax": ("minimax", {}),
    "minimax/alternating": ("minimax", {"order": "alternating"}),
    "r1": ("r1", {"gamma": 0.3}),
    "non_saturating": ("non_saturating", {}),
}


def run_at(step: int, experiment: Experiment = DIRAC) -> Run:
    trainer = Trainer(experiment)
    trainer.step(step)
    return Run(trainer.experiment, trainer.observe(frozenset({"points"}), True), trainer.history)


@pytest.fixture
def portraits(open_window: Callable[..., MainWindow]) -> MainWindow:
    return open_window(DIRAC)


def planes_of(window: MainWindow) -> Planes:
    return window.grid.panels["portraits"].planes


# ------------------------------------------------------------ lines


@pytest.mark.parametrize("played", [0, 1, 123, 500])
def test_past_and_future_together_are_the_whole_simulation(played: int) -> None:
    scene = scene_of(run_at(played))
    assert (scene.step, scene.end, [line.id for line in scene.lines]) == (played, 500, list(OF_LINE))
    for line in scene.lines:
        method, given = OF_LINE[line.id]
        whole = simulate(method, step_size=0.2, steps=500, start=(1.0, 1.0), **given)
        drawn = np.concatenate([line.past, line.future[1:]])
        np.testing.assert_array_equal(drawn, whole)


def test_a_playing_line_moves_along_what_was_computed() -> None:
    trainer = Trainer(DIRAC)
    for _ in range(5):
        trainer.step(7)
        run = Run(trainer.experiment, trainer.observe(frozenset(), True), trainer.history)
        for line in scene_of(run).lines:
            method, given = OF_LINE[line.id]
            after = simulate(method, start=line.past[-1], steps=500 - trainer.step_count, **given)
            np.testing.assert_array_equal(line.future, after)


def test_a_chosen_setting_changes_the_future_alone() -> None:
    run = run_at(200)
    before, after = scene_of(run), scene_of(run, DIRAC.replace(gamma=1.0))
    for old, new in zip(before.lines, after.lines, strict=True):
        np.testing.assert_array_equal(old.past, new.past)
        assert np.array_equal(old.future, new.future) == (old.id != "r1")
    r1 = after.lines[2]
    np.testing.assert_array_equal(r1.future, simulate("r1", gamma=1.0, start=r1.past[-1], steps=300))


def test_a_change_at_the_end_shows_as_many_steps_again() -> None:
    run = run_at(500)
    assert all(len(line.future) == 0 for line in scene_of(run).lines)
    changed = scene_of(run, DIRAC.replace(step_size=0.1))
    assert changed.end == 1000
    assert all(len(line.future) == 501 for line in changed.lines)


def test_the_future_is_shorter_where_many_updates_of_many_lines_must_be_summed() -> None:
    few = Experiment.preset("gaussians-2p").replace(steps=1000)
    many = few.replace(methods=list(METHODS), g_updates=20, d_updates=20)
    reached, cut = scene_of(run_at(0, few)), scene_of(run_at(0, many))
    assert reached.end == 1000
    assert cut.end == 20_000 // (40 * len(METHODS))
    line, given = cut.lines[0], {"game": "gaussians", "spread": many.spread}
    path = simulate(line.id, steps=cut.end, g_updates=20, d_updates=20, start=(1.0, 1.0), **given)
    np.testing.assert_array_equal(line.future, path)


def test_one_players_update_moves_the_end_of_the_past() -> None:
    trainer = Trainer(DIRAC)
    trainer.step(10)
    trainer.update("g")
    run = Run(trainer.experiment, trainer.observe(frozenset({"points"}), True), trainer.history)
    for line in scene_of(run).lines:
        path = run.history.paths[line.id]
        assert line.past[-1][1] == path.last("psi")
        assert line.past[-1][0] != path.last("theta")


def test_a_line_that_leaves_ends_where_it_left() -> None:
    wild = DIRAC.replace(methods=("least_squares", "r1"), step_size=2.0, start_theta=5.0, start_psi=5.0)
    first, second = scene_of(run_at(0, wild)).lines
    assert 1 < len(first.future) < 501 and np.isfinite(first.future).all()
    assert len(second.future) == 501


def test_every_line_has_a_name_and_methods_of_one_kind_look_alike() -> None:
    assert set(SHORT) == set(METHODS)
    lines = [canonical(f"{method}/{order}") for method in METHODS for order in ORDERS]
    looks = {line: look_of(line) for line in lines}
    assert len({look.name for look in looks.values()}) == len(lines)
    patterns = {(look.has_penalty, look.order): look.pattern for look in looks.values()}
    assert len(set(patterns.values())) == len(patterns) == 6
    assert looks["minimax"].family == looks["r1"].family == "minimax" != looks["hinge"].family


# ------------------------------------------------------------ panels


def test_the_reach_holds_the_lines_that_stay_near() -> None:
    assert reach_of(scene_of(run_at(0))) == 3.5  # the GAN goes out to 3.1
    assert reach_of(scene_of(run_at(0, DIRAC.replace(methods=("r1",))))) == 2.0
    far = reach_of(scene_of(run_at(0, DIRAC.replace(methods=("wasserstein", "r1")))))
    assert far == 3.5  # it goes out to 25,000


@pytest.mark.parametrize(("count", "size", "shape"), [
    (1, (300, 300), (1, 1)), (4, (400, 400), (2, 2)), (4, (900, 220), (4, 1)), (12, (400, 600), (3, 4)),
])  # fmt: skip
def test_planes_stand_where_they_are_largest(
    count: int, size: tuple[int, int], shape: tuple[int, int]
) -> None:
    assert shape_of(count, *size, 16, 44) == shape


@pytest.mark.parametrize(
    ("size", "is_beside"), [((540, 290), True), ((540, 620), False), ((1100, 290), False)]
)
def test_words_stand_beside_planes_that_lie_low(qtbot: QtBot, size: tuple[int, int], is_beside: bool) -> None:
    panel = load("portraits")()
    qtbot.addWidget(panel)
    assert isinstance(panel, PortraitsPanel)
    panel.show_runs([run_at(3)])
    planes = panel.planes
    planes.resize(*size)
    areas, found = planes._arrangement()
    assert found == is_beside and len(areas) == 4
    frame = QRectF(planes.rect())
    for area in areas:
        words = QRectF(area.right(), area.top(), BESIDE, area.height()) if is_beside else area
        assert frame.contains(area.united(words)) and area.width() == area.height() >= 100
        assert not any(words.intersects(other) for other in areas if other is not area)


def test_axes_and_equation_are_those_of_the_game(qtbot: QtBot) -> None:
    panel = load("portrait")()
    qtbot.addWidget(panel)
    assert isinstance(panel, OnePortraitPanel)
    for game, names in (("dirac", "θ"), ("bilinear", "x = θ"), ("gaussians", "mean of the fakes  θ")):
        panel.show_runs([run_at(0, Experiment(game=game, methods=("minimax",)))])
        assert names in panel.planes._drawing.names[0]
        assert panel._equation.accessibleName() == spoken(GAMES[game].equation)


def test_every_eigenvalue_is_named_beside_its_own_mark(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four marks in a row, 50 pixels apart: a name is nearest to the mark of which it speaks."""
    written: dict[str, QRectF] = {}
    draw = EigenPlane.at

    def at(plane: EigenPlane, painter: QPainter, x: float, *rest: Any, **how: Any) -> None:
        y, text, px = rest
        width = width_of(text, plane.px(px), QFont.Weight.DemiBold)
        written[text] = QRectF(x - width if how.get("right") else x, y - 8, width, 16)
        draw(plane, painter, x, *rest, **how)

    def distance(name: str, mark: QPointF) -> float:
        box = written[name]
        x, y = np.clip(mark.x(), box.left(), box.right()), np.clip(mark.y(), box.top(), box.bottom())
        return float(np.hypot(mark.x() - x, mark.y() - y))

    monkeypatch.setattr(EigenPlane, "at", at)
    plane = EigenPlane()
    qtbot.addWidget(plane)
    bilinear = Experiment.preset("bilinear")
    plane.show_pairs(pairs_of(bilinear.methods, bilinear, True), True, "")
    for size in ((531, 275), (531, 610), (700, 300)):
        plane.resize(*size)
        plane.grab()
        marks = {s.pairs[0].look.name: mark for s, mark in zip(plane._spots, plane._marks(), strict=True)}
        assert len(marks) == 4
        for name in marks:
            assert min(marks, key=lambda other: distance(name, marks[other])) == name


def test_eigenvalues_are_those_of_the_closed_forms() -> None:
    lines = ("minimax", "non_saturating", "minimax/alternating", "r1", "wgan_gp")
    pairs = pairs_of(lines, DIRAC.replace(methods=lines), of_step=True)
    sizes = [max(map(abs, pair.values)) for pair in pairs]
    assert sizes[:4] == pytest.approx([np.sqrt(1.01), np.sqrt(1.01), 1.0, 0.974679], abs=1e-6)
    assert not pairs[4].is_known
    names = [[pair.look.name for pair in spot.pairs] for spot in spots_of(pairs)]
    assert names == [["GAN", "NS-GAN"], ["GAN alt."], ["GAN + R1"]]
    field = pairs_of(("r1",), DIRAC, of_step=False)[0]
    assert field.upper[0] == pytest.approx(-0.15 + 0.476970j, abs=1e-6)


def test_what_has_no_eigenvalue_is_said(qtbot: QtBot) -> None:
    panel = load("eigenvalues")()
    qtbot.addWidget(panel)
    assert isinstance(panel, EigenvaluesPanel)
    panel.resize(600, 400)
    panel.show_runs([run_at(3, DIRAC.replace(methods=("wgan_gp", "r1")))])
    assert "WGAN-GP: no derivative at ψ = 0" in panel.plane.accessibleDescription()
    assert "|λ| = 0.9747" in panel.plane.accessibleDescription()
    panel.legend.buttons["field"].click()
    assert "Re λ = −0.1500" in panel.plane.accessibleDescription()
    data = panel.export_data()
    assert data["GAN + R1 field re"] == pytest.approx([-0.15, -0.15])
    x, y = panel.plane.ranges
    area = panel.plane.area()
    assert (x[1] - x[0]) / area.width() == pytest.approx((y[1] - y[0]) / area.height())


def test_views_show_every_eigenvalue(qtbot: QtBot) -> None:
    plane = EigenPlane()
    qtbot.addWidget(plane)
    plane.resize(500, 300)
    for gamma in (0.0, 0.3, 1.0, 4.0, 10.0):
        for of_step in (True, False):
            experiment = DIRAC.replace(methods=tuple(METHODS), gamma=gamma)
            pairs = pairs_of(experiment.methods, experiment, of_step)
            plane.show_pairs(pairs, of_step, "")
            (x0, x1), (y0, y1) = plane.ranges
            assert all(x0 < spot.value.real < x1 and y0 < spot.value.imag < y1 for spot in spots_of(pairs))


def test_the_radius_names_every_end(qtbot: QtBot) -> None:
    panel = load("radius")()
    qtbot.addWidget(panel)
    assert isinstance(panel, RadiusPanel)
    panel.resize(700, 400)
    panel.show_runs([run_at(500)])
    said = panel.plot.accessibleDescription()
    assert said == "GAN  3.10; GAN alt.  1.42; GAN + R1  2.64×10⁻⁶; NS-GAN  0.640"
    data = panel.export_data()
    assert data["GAN radius"][[0, 500]] == pytest.approx([np.sqrt(2.0), 3.09695], abs=1e-5)
    assert list(data["GAN step"][:3]) == [0, 1, 2]


def test_panels_of_another_game_say_so(qtbot: QtBot, portraits: MainWindow) -> None:
    assert all((not_for(key, "dirac") == "") == ("dirac" in info.games) for key, info in PANELS.items())
    portraits.actions_by_name["show.losses"].trigger()
    qtbot.waitUntil(lambda: "losses" in portraits.grid.panels, timeout=5000)
    panel = portraits.grid.panels["losses"]
    qtbot.waitUntil(lambda: "two numbers" in panel._veil.sentence, timeout=5000)


# ------------------------------------------------------------ the rail


@pytest.mark.parametrize("key", SLIDERS)
def test_a_slider_goes_through_the_whole_range(key: str) -> None:
    setting = SETTINGS[key]
    values = [value_at(setting, position) for position in range(STOPS + 1)]
    assert (values[0], values[-1]) == (setting.minimum, setting.maximum)
    assert values == sorted(values)
    assert value_at(setting, position_of(setting, setting.default)) == pytest.approx(setting.default, 0.02)


def test_a_slider_moves_its_setting(qtbot: QtBot, portraits: MainWindow) -> None:
    slider = portraits.findChild(QSlider, "slider.gamma")
    assert isinstance(slider, ValueSlider)
    qtbot.mousePress(slider, LEFT, pos=QPoint(slider.width() // 2, 8))
    gamma = portraits.choices.experiment.gamma
    assert gamma == pytest.approx(2.5, abs=0.3) and gamma == value_at(SETTINGS["gamma"], slider.value())
    radius = portraits.grid.panels["radius"]
    assert isinstance(radius, RadiusPanel)
    shown = next(each for each in radius.plot.drawn if each.id == "r1").future[1]
    expected = simulate("r1", gamma=gamma, steps=500)  # drawn at once, before the run has it
    np.testing.assert_array_equal(shown, np.hypot(*expected.T))
    qtbot.mouseRelease(slider, LEFT)
    portraits.actions_by_name["action.undo"].trigger()
    assert value_at(SETTINGS["gamma"], slider.value()) == 0.3


def test_a_ticked_line_is_played_from_the_start(qtbot: QtBot, portraits: MainWindow) -> None:
    portraits.pilot.step()
    qtbot.waitUntil(lambda: portraits.pilot.run.frame.step == 1, timeout=5000)
    table = portraits.form.lines
    qtbot.mouseClick(table.boxes["hinge/extragradient"], LEFT)
    assert portraits.choices.experiment.methods[-1] == "hinge/extragradient"
    qtbot.waitUntil(lambda: "hinge/extragradient" in portraits.pilot.run.history.paths, timeout=5000)
    path = portraits.pilot.run.history.paths["hinge/extragradient"]
    expected = simulate("hinge", order="extragradient", steps=1)
    np.testing.assert_array_equal(path.column("theta"), expected[:, 0])
    for line in portraits.choices.experiment.methods:
        qtbot.mouseClick(table.boxes[line], LEFT)
    assert portraits.choices.experiment.methods == ("hinge/extragradient",)  # the last one stays
    assert table.boxes["hinge/extragradient"].isChecked()


def test_arrow_keys_go_through_the_table(qtbot: QtBot, portraits: MainWindow) -> None:
    table = portraits.form.lines
    table.boxes["minimax"].setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Return):
        qtbot.keyClick(portraits.focusWidget(), key)
    assert "non_saturating/alternating" in portraits.choices.experiment.methods
    table.show_lines("bilinear", ("minimax",))
    assert table.boxes["hinge"].isHidden() and not table.boxes["r1"].isHidden()


# ------------------------------------------------------------ the start


def test_dragging_the_start_shows_the_future_and_begins_there(qtbot: QtBot, portraits: MainWindow) -> None:
    portraits.pilot.step()
    qtbot.waitUntil(lambda: portraits.pilot.run.frame.step == 1, timeout=5000)
    planes, panel = planes_of(portraits), portraits.grid.panels["portraits"]
    assert isinstance(panel, PortraitsPanel)
    area = planes.areas()[0]
    place = planes.at(area, -1.0, 0.5).toPoint()
    qtbot.mousePress(planes, LEFT, pos=planes.at(area, 1.0, 1.0).toPoint())
    qtbot.mouseMove(planes, place)
    scene = panel._scene
    assert scene.start == pytest.approx((-1.0, 0.5), abs=0.03)
    np.testing.assert_array_equal(scene.lines[0].future, simulate("minimax", start=scene.start, steps=500))
    assert portraits.pilot.run.frame.step == 1  # nothing has begun anew yet
    qtbot.mouseRelease(planes, LEFT, pos=place)
    chosen = portraits.choices.experiment
    assert (chosen.start_theta, chosen.start_psi) == scene.start
    qtbot.waitUntil(lambda: portraits.pilot.run.experiment.start_theta == chosen.start_theta, timeout=5000)
    assert portraits.pilot.run.frame.step == 0
    assert not portraits.toolbar.reset.note


def test_the_start_moves_by_keys_too(qtbot: QtBot, portraits: MainWindow) -> None:
    planes = planes_of(portraits)
    planes.setFocus()
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up):
        qtbot.keyClick(planes, key)
    assert portraits.grid.panels["radius"]._scene.start == pytest.approx((0.9, 1.05))
    qtbot.keyClick(planes, Qt.Key.Key_Escape)
    assert portraits.grid.panels["radius"]._scene.start == (1.0, 1.0)
    qtbot.keyClick(planes, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(planes, Qt.Key.Key_Return)
    assert portraits.choices.experiment.start_psi == 0.5
    qtbot.waitUntil(lambda: portraits.pilot.run.experiment.start_psi == 0.5, timeout=5000)


def test_a_point_of_a_plane_is_where_the_mouse_is(portraits: MainWindow) -> None:
    planes = planes_of(portraits)
    for area in planes.areas():
        for theta, psi in ((0.0, 0.0), (1.5, -2.0), (-3.0, 3.0)):
            found = planes.point_at(planes.at(area, theta, psi))
            assert found == pytest.approx((theta, psi), abs=0.02)
    assert planes.point_at(QPointF(1.0, 1.0)) is None


@pytest.mark.parametrize(
    ("width", "height", "is_below"), [(640, 860, True), (620, 380, False), (300, 700, True)]
)
def test_the_names_stand_where_the_plane_becomes_larger(
    portraits: MainWindow, qtbot: QtBot, width: int, height: int, is_below: bool
) -> None:
    panel = load("portrait")()
    qtbot.addWidget(panel)
    panel.resize(width, height)
    panel.show()
    panel.show_runs([portraits.pilot.run])

    def is_placed() -> bool:
        buttons = panel.list.buttons.values()
        is_whole = all(button.width() >= 200 and button.height() >= 34 for button in buttons)
        return is_whole and (panel.list.y() >= panel.planes.geometry().bottom()) == is_below

    qtbot.waitUntil(is_placed, timeout=5000)
    (area,) = panel.planes.areas()
    assert area.width() > (0.8 if is_below else 0.5) * min(width, height) - 60
    assert panel.list.geometry().bottom() <= height and panel.list.geometry().right() <= width


# ------------------------------------------------------------ the bars


def test_the_bars_speak_of_the_game(qtbot: QtBot, portraits: MainWindow) -> None:
    window = portraits
    assert not window.lossbar.isVisible() and not window.actions_by_name["action.flip"].isEnabled()
    assert window.verdict._status[0] == "exact map, float64"
    assert window.timeline._quantity("minimax") == ("radius", "radius of GAN")
    assert window.timeline._counts(window.pilot.run.frame) == "of 500"
    window.pilot.play(True)
    qtbot.waitUntil(lambda: window.pilot.run.frame.step == 500, timeout=30_000)
    qtbot.waitUntil(lambda: window.pilot.run.frame.status == "paused", timeout=5000)
    assert window.timeline._counts(window.pilot.run.frame) == "of 500, finished"
    window.desk.begin_preset("ring8")
    qtbot.waitUntil(lambda: window.pilot.run.experiment.game == "gan", timeout=30_000)
    qtbot.waitUntil(lambda: "samples" in window.grid.keys, timeout=5000)
    assert window.lossbar.isVisible() and window.actions_by_name["action.flip"].isEnabled()
    assert not window.form.lines.isVisible()
