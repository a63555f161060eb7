"""The panels of a CycleGAN on real runs: what they draw against what was measured."""

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ganviz.experiment import Experiment
from ganviz.record.run import Run
from ganviz.theory.cyclegan import gaussian_map
from ganviz.theory.sliced import Slices
from ganviz.training.trainer import Trainer
from ganviz.ui.panels.base import Panel
from ganviz.ui.panels.catalogue import load, not_for
from ganviz.ui.panels.maps import gaussians_of
from ganviz.ui.panels.maps_plane import HUES, Way, WayPlot, shades, spread_out
from ganviz.ui.theme import LIGHT

SMALL = {"g_width": 16, "d_width": 16, "g_layers": 1, "d_layers": 1, "batch_size": 32, "measure_every": 10}


@cache
def run_of(preset: str, steps: int = 30, ablation: str = "cycle") -> Run:
    trainer = Trainer(Experiment.preset(preset).replace(**SMALL, filters=4, ablation=ablation))
    trainer.step(steps)
    return trainer.run(tuple(trainer.kind.probes))


@pytest.fixture
def shown(qtbot: QtBot) -> Callable[..., Panel]:
    """``shown(key, run, *words)``: the panel with these words of its legend chosen."""

    def show(key: str, run: Run, *words: str) -> Panel:
        panel = load(key)()
        qtbot.addWidget(panel)
        panel.resize(620, 420)
        panel.apply_theme(LIGHT, 1.0)
        for word in words:
            panel.legend.buttons[word].setChecked(True)
        panel.show_runs([run])
        panel.show()
        return panel

    return show


def values(run: Run, probe: str, name: str) -> np.ndarray:
    found = run.frame.get(probe)
    assert found is not None
    return np.asarray(found[name])


def test_maps_hold_what_was_measured_and_say_how_much_is_missed(shown: Callable[..., Panel]) -> None:
    run = run_of("cyclegan-moons")
    panel = shown("maps", run)
    data = panel.export_data()
    x, back = values(run, "samples", "x"), values(run, "samples", "f_of_g_of_x")
    np.testing.assert_array_equal(data["f_of_g_of_x_2"], back[:, 1])
    error = np.abs(back - x).mean()
    assert f"{error:.2g}" in panel.readout.text.replace("−", "-")
    assert panel.view == "arrows"
    assert panel.arrows["y"].way is not None
    np.testing.assert_array_equal(panel.arrows["y"].way.middle, values(run, "samples", "f_of_y"))
    panel.legend.buttons["planes"].setChecked(True)
    assert panel.view == "planes" and panel.planes["x", 2].way is not None
    assert not panel.arrows["x"].isVisible() and panel.planes["x", 0].isVisible()


@pytest.mark.parametrize("stage", [None, 0, 1, 2])
def test_samples_of_one_shade_or_not_numbers_are_painted_too(qtbot: QtBot, stage: int | None) -> None:
    start = np.tile([1.0, 0.5], (40, 1))
    middle, back = -start, start + 0.3
    middle[3:], back[5:] = np.nan, np.inf
    host = QWidget()
    qtbot.addWidget(host)
    plot = WayPlot(("x", "G(x)", "F(G(x))"), stage)
    plot.setParent(host)
    plot.apply_theme(LIGHT, 1.0)
    plot.resize(300, 300)
    plot.show_way(Way(start, middle, back, start[:0]), 2.0)
    host.show()
    image = plot.grab().toImage()
    where = (start, middle, back)[stage or 0][0]
    x, y = plot.to_pixels(*where)
    at, beside = (image.pixelColor(round(float(x)) + by, round(float(y))) for by in (0, 20))
    assert at != QColor(LIGHT.panel) and beside == QColor(LIGHT.panel)


def test_on_a_line_both_maps_and_the_lines_of_theory(shown: Callable[..., Panel]) -> None:
    run = run_of("cyclegan-1d")
    panel = shown("maps", run)
    assert panel.view == "line"
    assert set(panel.legend.buttons) - {
        key for key, button in panel.legend.buttons.items() if button.isHidden()
    } == {"g", "f", "theory", "samples"}
    x, g = panel.line.maps["g"].getData()
    np.testing.assert_allclose(g, values(run, "curves", "g"))
    f, y = panel.line.maps["f"].getData()  # x to the right: the axes of F are exchanged
    np.testing.assert_allclose(f, values(run, "curves", "f"))
    np.testing.assert_allclose(y, values(run, "curves", "y"))
    falling = panel.line.theory["falling"].getData()[1]
    wanted = gaussian_map(x, source=(0.0, 1.0), target=(0.5, 0.5), rising=False)
    np.testing.assert_allclose(falling, wanted)


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, ((0.0, 1.0), (0.5, 0.5))),
        ({"data_y": "inverted", "centre": 2.0}, ((2.0, 1.0), (-2.0, 1.0))),
        ({"modes": 2}, None),
        ({"modes_y": 3}, None),
    ],
)
def test_matching_lines_are_known_of_single_gaussians(changes: dict[str, object], found: object) -> None:
    assert gaussians_of(Experiment.preset("cyclegan-1d").replace(**changes)) == found


def test_shades_go_round_and_chosen_samples_lie_apart() -> None:
    angles = np.linspace(0.0, 2.0 * np.pi, 48, endpoint=False) + 0.01
    circle = np.column_stack((np.cos(angles), np.sin(angles)))
    found = shades(circle - np.median(circle, axis=0))
    assert set(found) == set(range(HUES)) and (np.diff(np.r_[found, found[0]]) % HUES <= 2).all()
    chosen = circle[spread_out(circle, 4)]
    gaps = np.linalg.norm(chosen[:, None] - chosen, axis=-1) + 9 * np.eye(4)
    assert gaps.min() > 1.3  # a square's side is 1.41


def test_marginals_show_both_sides_and_their_distance(shown: Callable[..., Panel]) -> None:
    run = run_of("cyclegan-moons")
    panel = shown("marginals", run)
    real, fake = (values(run, "marginals", f"{kind}_y") for kind in ("real", "fake"))
    np.testing.assert_array_equal(panel.export_data()["fake_y_1"], fake[:, 0])
    again = Slices.of(real, 16).distance(fake)
    assert float(values(run, "marginals", "w1_y")) == pytest.approx(again, abs=0.1)
    assert f"{float(values(run, 'marginals', 'w1_y')):.2g}" in panel.figures.text
    panel.legend.buttons["steps"].setChecked(True)
    steps, distances = run.history.measured.curve("w1_x")
    np.testing.assert_allclose(panel.export_data()["w1_x"], distances)
    assert list(steps) == [0, 10, 20, 30]


def test_of_images_the_distance_over_the_steps_is_all(shown: Callable[..., Panel]) -> None:
    panel = shown("marginals", run_of("cyclegan-digits", 10))
    assert panel.view == "steps" and "w1_x" in panel.export_data()


def test_cycle_and_players_draw_every_column(shown: Callable[..., Panel]) -> None:
    run = run_of("cyclegan-moons")
    for key, names in (
        ("cycle", ("cycle_x", "cycle_y", "identity_x", "identity_y")),
        ("players", ("g_loss", "f_loss", "dx_loss", "dy_loss")),
    ):
        data = shown(key, run).export_data()
        for name in names:
            np.testing.assert_allclose(data[name], run.history.steps.column(name), rtol=1e-5)


@pytest.mark.parametrize(
    ("ablation", "words"), [("gan", "neither error is in the loss"), ("identity", "both are in the loss")]
)
def test_cycle_says_what_is_in_the_loss(shown: Callable[..., Panel], ablation: str, words: str) -> None:
    assert words in shown("cycle", run_of("cyclegan-moons", 5, ablation)).figures.text


def test_translations_have_three_rows_each_way(shown: Callable[..., Panel]) -> None:
    run = run_of("cyclegan-digits", 10)
    panel = shown("translations", run)
    boxes = panel.view.boxes()
    assert list(boxes) == ["x", "g_of_x", "f_of_g_of_x", "y", "f_of_y", "g_of_f_of_y"]
    for rows in boxes.values():
        assert len(rows) == len(boxes["x"]) >= 4
        assert all(box.left() >= 0 and box.right() <= panel.view.width() for box in rows)
    assert boxes["g_of_f_of_y"][0].bottom() <= panel.view.height() + 1
    tops = [rows[0].top() for rows in boxes.values()]
    assert tops == sorted(tops)
    np.testing.assert_allclose(panel.export_data()["g_of_x_1"], values(run, "samples", "g_of_x")[0])
    panel.legend.buttons["y"].setChecked(True)
    assert list(panel.view.boxes()) == ["y", "f_of_y", "g_of_f_of_y"]
    assert panel.view.boxes()["y"][0].height() > 1.5 * boxes["y"][0].height()


def test_other_games_and_other_data_are_told_why() -> None:
    assert "CycleGAN" in not_for("maps", "gan") and "CycleGAN" in not_for("cycle", "dirac")
    assert "four players" in not_for("samples", "cyclegan")
    assert not not_for("maps", "cyclegan", images=False)
    assert not not_for("translations", "cyclegan", images=True)
    assert not_for("maps", "cyclegan", images=True) and not_for("translations", "cyclegan", images=False)
