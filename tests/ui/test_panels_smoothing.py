"""Panels and verdict of a run with smoothed labels: each level of an equilibrium is that of the labels."""

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from ganviz.experiment import Experiment
from ganviz.record.run import Run
from ganviz.training.trainer import Trainer
from ganviz.training.verdict import assess
from ganviz.training.verdict_numbers import Numbers, measure
from ganviz.ui.panels.base import Panel
from ganviz.ui.panels.bce import BcePanel
from ganviz.ui.panels.losses import LossesPanel
from ganviz.ui.panels.optimal_d import OptimalDPanel
from ganviz.ui.panels.outputs import OutputsPanel

SMALL = {"g_width": 16, "d_width": 16, "g_layers": 1, "d_layers": 1, "device": "cpu"}
L_D, L_G = -np.log(0.45) - np.log(0.55), -np.log(0.45)
"""By hand: with labels 0.9 and 0 D says 0.45 where p_g = p_data."""


def shown(qtbot: QtBot, panel: Panel, run: Run) -> Panel:
    qtbot.addWidget(panel)
    panel.resize(560, 420)
    panel.show_runs([run])
    return panel


@pytest.fixture(scope="module")
def trainer() -> Trainer:
    chosen = Experiment(objective="non_saturating", smooth_real=0.9, **SMALL)  # type: ignore[arg-type]
    trainer = Trainer(chosen)
    trainer.step(20)
    return trainer


def test_the_losses_are_held_against_the_levels_of_the_labels(qtbot: QtBot, trainer: Trainer) -> None:
    panel = shown(qtbot, LossesPanel(), trainer.run())
    lines = {line.note: line.at for line in panel.plot.references}
    assert lines == {"1.40 (D eq.)": pytest.approx(L_D), "0.799 (G eq.)": pytest.approx(L_G)}
    assert "1.396" in panel.readout.text and "log 4 = 1.386" not in panel.readout.text
    plain = Trainer(Experiment(objective="non_saturating", **SMALL))  # type: ignore[arg-type]
    plain.step(2)
    panel.show_runs([plain.run()])
    assert "log 4 (D eq.)" in {line.note for line in panel.plot.references}


def test_where_d_cannot_tell_moves_with_the_labels(qtbot: QtBot, trainer: Trainer) -> None:
    run = trainer.run(["samples", "batch"])
    outputs = shown(qtbot, OutputsPanel(), run)
    assert [line.at for line in outputs.plot.references] == [pytest.approx(0.45)]
    costs = shown(qtbot, BcePanel(), run)
    upright, *level = costs.plot.references
    assert upright.at == pytest.approx(0.45 if costs.legend.is_on("probability") else np.log(0.45 / 0.55))
    assert [line.at for line in level] == [pytest.approx(-np.log(0.55)), pytest.approx(L_G)]
    assert "1.396 at equilibrium" in costs.readout.text


def test_the_best_d_is_that_of_the_labels(qtbot: QtBot, trainer: Trainer) -> None:
    run = trainer.run(["optimal_d"])
    data = shown(qtbot, OptimalDPanel(), run).export_data()
    mass = data["p_data"] + data["p_g"]
    held = np.isfinite(data["optimal"])
    np.testing.assert_allclose(data["optimal"][held], 0.9 * data["p_data"][held] / mass[held])


def test_the_verdict_names_the_level_of_the_labels(trainer: Trainer) -> None:
    run = trainer.run(["samples"])
    seen = run.frame.together["samples"]
    right = np.concatenate(
        [seen["output_real"] > np.log(0.45 / 0.55), seen["output_fake"] < np.log(0.45 / 0.55)]
    )
    found = measure(run)
    assert found.middle == pytest.approx(0.45) and found.right == pytest.approx(right.mean())
    said = assess(Numbers(g_count=100, d_real=0.85, d_fake=0.05, middle=0.45), "minimax")
    assert said.state == "d_wins" and "0.45 at equilibrium" in said.text
    flat = assess(Numbers(g_count=100, d_real=0.451, d_fake=0.449, spread=0.002, middle=0.45), "minimax")
    assert flat.state == "d_flat" and "0.45 on reals and fakes alike" in flat.text
