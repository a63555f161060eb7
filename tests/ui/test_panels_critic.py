"""The critic panel with real frames."""

from collections.abc import Callable

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from ganviz.experiment import Experiment
from ganviz.record.run import Run
from ganviz.training.trainer import Trainer
from ganviz.ui.panels.critic import CriticPanel, percent, ratio_words

SMALL = {"d_width": 16, "d_layers": 1, "batch_size": 32, "device": "cpu"}


@pytest.fixture
def shown(qtbot: QtBot) -> Callable[..., tuple[CriticPanel, Run]]:
    """Shows the preset after 40 steps: ``shown(objective="minimax")``."""

    def show(**changes: object) -> tuple[CriticPanel, Run]:
        trainer = Trainer(Experiment.preset("critic").replace(**(SMALL | changes)))
        trainer.step(40)
        panel = CriticPanel()
        qtbot.addWidget(panel)
        panel.resize(525, 400)
        run = trainer.run(["critic"])
        panel.show_runs([run])
        return panel, run

    return show


@pytest.mark.parametrize("objective", ["wasserstein", "non_saturating"])
def test_both_curves_are_the_measured_ones_on_their_own_axes(
    shown: Callable[..., tuple[CriticPanel, Run]], objective: str
) -> None:
    panel, run = shown(objective=objective)
    seen = run.frame.measurements["critic"]
    x, d = panel.curves["d"].getData()
    np.testing.assert_array_equal(x, seen["at"])
    np.testing.assert_array_equal(d, seen["d"])
    assert d.min() >= 0.0 and d.max() <= 1.0
    _, f = panel.curves["f"].getData()
    (first, first_text), *_, (last, last_text) = panel.plot.right_axis.ticks
    numbers = [float(text.replace("−", "-")) for text in (first_text, last_text)]
    shown_f = numbers[0] + (f - first) / (last - first) * (numbers[1] - numbers[0])
    np.testing.assert_allclose(shown_f, seen["f"], atol=1e-9 + 1e-3 * np.ptp(seen["f"]))
    own, other = ("f", "d") if objective == "wasserstein" else ("d", "f")
    assert panel.legend.buttons[own].accessibleName() == "this run"
    assert panel.legend.buttons[other].accessibleName() == "reference"


def test_the_slopes_are_logarithmic(shown: Callable[..., tuple[CriticPanel, Run]]) -> None:
    panel, run = shown()
    panel.legend.buttons["slope"].click()
    seen = run.frame.measurements["critic"]
    for name in ("d", "f"):
        _, logs = panel.curves[name].getData()
        np.testing.assert_allclose(10.0**logs, np.maximum(np.abs(seen[f"{name}_slope"]), 1e-12))
    assert panel.plot.right_axis is None


def test_what_is_said_is_what_was_measured(shown: Callable[..., tuple[CriticPanel, Run]]) -> None:
    panel, run = shown()
    seen, said = run.frame.measurements["critic"], panel.readout.text
    assert ratio_words(seen["d_ratio"]) in said and ratio_words(seen["f_ratio"]) in said
    assert f"{100 * seen['at_bound']:.0f} % of weights at ±0.01" in said
    assert f"W1 {seen['w1']:.2f}" in said and "factor K" in said
    assert f"{seen['updates']} updates" in said
    assert panel.weights.note == f"{100 * seen['at_bound']:.0f} % at ±c"
    assert panel.weights.shares.sum() == pytest.approx(1.0)
    counts = panel.plot.counts
    assert counts["real"].sum() <= len(seen["real_at"]) and counts["fake"].sum() > 0


def test_no_claim_about_a_scale_that_is_not_clipped(
    shown: Callable[..., tuple[CriticPanel, Run]],
) -> None:
    panel, _ = shown(objective="least_squares")
    assert "not clipped" in panel.readout.text and "±" not in panel.readout.text
    assert panel.weights.note == "not clipped"


def test_a_small_panel_keeps_the_line_and_drops_the_weights(
    shown: Callable[..., tuple[CriticPanel, Run]],
) -> None:
    panel, _ = shown()
    panel.show()
    assert panel.weights.isVisible()
    panel.resize(350, 268)
    assert not panel.weights.isVisible() and panel.plot.isVisible()


def test_words() -> None:
    assert ratio_words(8400.0) == "8,400×" and ratio_words(np.inf) == "∞×" and ratio_words(np.nan) == "–"
    assert percent(0.974) == "97 %"
