"""The panel of the total loss, with real frames."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from scipy.special import log_expit

from ganviz.experiment import Experiment
from ganviz.record.run import Run
from ganviz.training.trainer import Trainer
from ganviz.ui.panels.total_loss import TotalLossPanel, range_words

SMALL = {"g_width": 16, "d_width": 16, "g_layers": 1, "d_layers": 1, "batch_size": 64, "device": "cpu"}


@pytest.fixture
def shown(qtbot: QtBot) -> Callable[..., tuple[TotalLossPanel, Run]]:
    """Shows 50 steps of a run: ``shown(objective="hinge")``."""

    def show(**changes: object) -> tuple[TotalLossPanel, Run]:
        trainer = Trainer(Experiment(**(SMALL | changes)))  # type: ignore[arg-type]
        trainer.step(50)
        panel = TotalLossPanel()
        qtbot.addWidget(panel)
        panel.resize(525, 400)
        run = trainer.run(["batch"])
        panel.show_runs([run])
        return panel, run

    return show


@pytest.mark.parametrize("objective", ["minimax", "non_saturating"])
def test_each_objectives_numbers_are_of_the_same_outputs(
    shown: Callable[..., tuple[TotalLossPanel, Run]], objective: str
) -> None:
    panel, run = shown(objective=objective)
    batch = run.frame.measurements["batch"]
    real, fake = batch["output_real"], batch["output_fake"]
    on_real, on_fake = -log_expit(real).mean(), -log_expit(-fake).mean()
    data = panel.export_data()
    minimax = [on_real + on_fake, -on_fake, on_real]  # G's part cancels
    non_saturating = [on_real + on_fake, -log_expit(fake).mean()]
    np.testing.assert_allclose(data["batch_minimax"], minimax, rtol=1e-5)
    expected = [*non_saturating, sum(non_saturating)]
    np.testing.assert_allclose(data["batch_non_saturating"], expected, rtol=1e-5)
    first, second = panel.table.rows
    assert first.cells[2] == (f"{on_real:.3f}", "≥ 0") and second.cells[1][1] == "≥ 0"
    assert first.cells[1][1] == "≤ 0" and "cancels" in first.sentence[0]
    running = first if objective == "minimax" else second
    assert "●" in running.name[0]


def test_the_history_and_the_sum_of_the_batch(shown: Callable[..., tuple[TotalLossPanel, Run]]) -> None:
    panel, run = shown(objective="non_saturating")
    steps = run.history.steps
    np.testing.assert_array_equal(panel.export_data()["total_loss"], steps.column("total_loss"))
    batch = run.frame.get("batch")
    assert batch is not None
    d_loss, g_loss = float(batch["d_loss"]), float(batch["g_loss"])  # as in the table below the curves
    for number in (d_loss, g_loss, d_loss + g_loss):
        assert f"{number:.3f}" in panel.readout.text
    assert f"V = −L_D = −{d_loss:.3f}" in panel.readout.text


@pytest.mark.parametrize("objective", ["wasserstein", "least_squares"])
def test_a_score_stands_alone(shown: Callable[..., tuple[TotalLossPanel, Run]], objective: str) -> None:
    panel, run = shown(objective=objective)
    batch = run.frame.measurements["batch"]
    (row,) = panel.table.rows
    found = panel.export_data()[f"batch_{objective}"]
    np.testing.assert_allclose(found[:2], [batch["d_loss"], batch["g_loss"]])
    if objective == "wasserstein":
        assert found[2] == pytest.approx(-batch["output_real"].mean(), abs=1e-6)
        assert row.cells[2][1] == "any"
    assert "no V" in panel.readout.text


def test_a_third_loss_of_a_logit_has_its_own_row(shown: Callable[..., tuple[TotalLossPanel, Run]]) -> None:
    panel, _ = shown(objective="maximum_likelihood")
    assert len(panel.table.rows) == 3 and "●" in panel.table.rows[2].name[0]


def test_range_words() -> None:
    inf = np.inf
    assert [range_words(span) for span in ((-inf, inf), (0.0, inf), (-inf, 0.0), (-1.0, 1.0))] == [
        "any",
        "≥ 0",
        "≤ 0",
        "−1.00 to 1.00",
    ]


def test_the_table_says_when_its_batch_was_drawn(shown: Callable[..., tuple[TotalLossPanel, Run]]) -> None:
    panel, run = shown(objective="minimax")
    step = run.frame.measurements["batch"].step
    assert panel.table.caption[0] == f"a batch after step {step}" in panel.table.toolTip()
    panel.clear()
    assert panel.table.caption == ("",)


def test_the_legend_comes_back_where_there_is_room_again(qtbot: QtBot) -> None:
    window = QWidget()
    layout, panel = QVBoxLayout(window), TotalLossPanel()
    layout.addWidget(panel)
    qtbot.addWidget(window)
    window.resize(460, 300)
    with qtbot.waitExposed(window):
        window.show()
    window.resize(460, 420)
    qtbot.waitUntil(lambda: panel.height() > 330)
    qtbot.waitUntil(lambda: panel.legend.height() >= panel.legend.buttons["smooth"].geometry().bottom() > 0)
