"""The panels of the weights' ways with real frames, and in the real window."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from ganviz.experiment import Experiment
from ganviz.frame import Frame, Measurement
from ganviz.record.history import History
from ganviz.record.run import Run
from ganviz.training.trainer import Trainer
from ganviz.ui.panels.base import Panel
from ganviz.ui.panels.catalogue import load
from ganviz.ui.panels.path_angle import KINDS, PathAnglePanel
from ganviz.ui.window import MainWindow

ROTATION = Experiment.preset("rotation").replace(device="cpu", batch_size=32)
ALPHA = np.round(np.linspace(-0.1, 1.1, 61), 2)


@pytest.fixture(scope="module")
def trainer() -> Trainer:
    made = Trainer(ROTATION)
    made.step(80)
    return made


@pytest.fixture
def shown(qtbot: QtBot, trainer: Trainer) -> Callable[[str], tuple[Panel, Run]]:
    """Shows a panel the preset after 80 steps: ``shown("speed")``."""

    def show(key: str) -> tuple[Panel, Run]:
        panel = load(key)()
        qtbot.addWidget(panel)
        panel.resize(525, 400)
        panel.show()
        run = trainer.run([*panel.needs])
        panel.show_runs([run])
        return panel, run

    return show


def test_the_path_is_drawn_as_it_was_measured(shown: Callable[[str], tuple[Panel, Run]]) -> None:
    panel, run = shown("weight_path")
    seen = run.frame.measurements["weight_path"]
    data = panel.export_data()
    np.testing.assert_array_equal(data["step"], np.arange(0, 84, 4))
    for name, plot in panel.plots.items():
        np.testing.assert_array_equal(plot.points, seen[name])
        np.testing.assert_array_equal(data[f"{name}_1"], seen[name][:, 0])
        (low, high), (bottom, top) = plot.ranges
        assert (low, high) == (bottom, top) and np.abs(seen[name]).max() < high
        area = plot.area()
        assert area.width() == pytest.approx(area.height()), "both axes to one scale"
    text = panel.figures.text
    for name in ("g", "d", "both"):
        assert f"{abs(seen[f'{name}_turns']):.1f} turn" in text
        assert f"{100 * sum(seen[f'{name}_explained']):.0f} % explained" in text
    assert "6 + 3 weights" in text and "21 recorded states" in text and "● step 80" in text


def test_the_angle_is_drawn_as_it_was_measured(shown: Callable[[str], tuple[Panel, Run]]) -> None:
    panel, run = shown("path_angle")
    seen = run.frame.measurements["path_angle"]
    x, cosine = panel.curves[panel.cosine]["both"].getData()
    np.testing.assert_array_equal(x, seen["alpha"])
    np.testing.assert_array_equal(cosine, seen["cosine"])
    _, norm = panel.curves[panel.norm]["both"].getData()
    np.testing.assert_allclose(10.0**norm, seen["norm"])
    assert not panel.curves[panel.cosine]["g"].isVisible()
    panel.legend.buttons["g"].click()
    assert panel.curves[panel.cosine]["g"].isVisible()
    np.testing.assert_array_equal(panel.curves[panel.cosine]["g"].getData()[1], seen["cosine_g"])
    assert panel.labels["from"].text() == f"w: step {seen['start']} (⅓ turn before)"
    assert panel.sliders["from"].value() == list(seen["states"]).index(seen["start"]) > 0
    assert "step 80 (newest)" in panel.labels["to"].text() and panel.readout.text.startswith("Rotation")
    assert "256 fixed reals" in panel.readout.text


@pytest.mark.parametrize(
    ("cosine", "kind"),
    [
        (np.where(ALPHA < 1.0, 0.9, -0.9), "attraction"),
        (0.6 / np.hypot(0.6, 6 * (ALPHA - 0.8)), "rotation"),
        (0.5 - 0.8 * ALPHA, "passed"),
        (np.full(61, 0.5), "onward"),
        (np.full(61, 0.0), "across"),
    ],
)
def test_what_is_said(qtbot: QtBot, cosine: np.ndarray, kind: str) -> None:
    panel = PathAnglePanel()
    qtbot.addWidget(panel)
    norms = np.ones(61)
    values = {"alpha": ALPHA, "start": 0, "stop": 40, "states": np.array([0, 20, 40]), "rows": 256}
    values |= {"turning": False, "distance": 1.0, "cosine": cosine, "norm": norms}
    values |= {f"{what}_{name}": norms for what in ("cosine", "norm") for name in "gd"}
    frame = Frame(step=40, measurements={"path_angle": Measurement(40, 1, values)})
    panel.show_runs([Run(ROTATION, frame, History.of("gan"))])
    assert panel.readout.text.startswith(KINDS[kind][0]) and KINDS[kind][1] in panel.readout.text


def test_speed_is_the_record(shown: Callable[[str], tuple[Panel, Run]]) -> None:
    panel, run = shown("speed")
    measured = run.history.measured
    for choice in ("step", "grad", "ratio"):
        panel.legend.buttons[choice].click()
        for name in ("d", "g"):
            data = panel.export_data()
            recorded = measured.column(f"{name}_{choice}")
            np.testing.assert_allclose(data[f"{name}_{choice}"], recorded, rtol=1e-6)
            np.testing.assert_array_equal(data[f"{name}_{choice}_at"], measured.column("step"))
    d, g = (measured.last(f"{name}_step") for name in ("d", "g"))
    assert f"{d / g:.2g}" in panel.figures.text.replace("−", "-")


def test_two_states_are_chosen_in_the_real_window(
    open_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    window = open_window(ROTATION)
    window.actions_by_name["layout.dynamics"].trigger()
    qtbot.waitUntil(lambda: window.grid.is_complete, timeout=60_000)
    panel = window.grid.panels["path_angle"]
    assert isinstance(panel, PathAnglePanel) and not panel.sliders["to"].isEnabled()
    window.pilot.play(True)

    def seen() -> Measurement | None:
        return window.pilot.run.frame.get("path_angle") if window.pilot.run else None

    qtbot.waitUntil(lambda: window.pilot.run.frame.step > 100, timeout=60_000)
    window.pilot.play(False)
    qtbot.waitUntil(lambda: (found := seen()) is not None and "unfinished" not in found, timeout=60_000)
    qtbot.waitUntil(lambda: panel.sliders["to"].maximum() > 10, timeout=10_000)
    at_first = seen()["start"]
    assert seen()["turning"] and at_first > 0
    qtbot.keyClick(panel.sliders["from"], Qt.Key.Key_Home)
    for end, key in (("from", Qt.Key.Key_Right), ("to", Qt.Key.Key_Left)):
        panel.sliders[end].setFocus()
        for _ in range(5):
            qtbot.keyClick(panel.sliders[end], key)
    states = panel._states
    wanted = int(states[5]), int(states[-6])
    qtbot.waitUntil(lambda: (seen()["start"], seen()["stop"]) == wanted, timeout=30_000)
    qtbot.waitUntil(lambda: not window.pilot.run.frame.unfinished, timeout=60_000)
    qtbot.waitUntil(lambda: bool(np.isfinite(panel.export_data()["cosine"]).all()), timeout=30_000)
    assert panel.labels["from"].text() == f"w: step {wanted[0]}"
    assert panel.labels["to"].text() == f"w′: step {wanted[1]}"
    window.desk.reset()
    qtbot.waitUntil(lambda: window.pilot.run.frame.step == 0, timeout=30_000)
    qtbot.waitUntil(lambda: "–" in panel.labels["from"].text(), timeout=10_000)
