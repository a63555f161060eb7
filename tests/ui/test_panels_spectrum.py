"""The panel of the spectrum, drawn from real runs and by hand-made ones with known eigenvalues."""

from dataclasses import replace

import numpy as np
import pytest

from ganviz.experiment import Experiment
from ganviz.frame import Frame, Measurement
from ganviz.record.run import Run
from ganviz.training import beside
from ganviz.training.trainer import Trainer
from ganviz.ui.panels.spectrum import SpectrumPanel
from ganviz.ui.panels.spectrum_plot import disc
from ganviz.ui.theme import DARK

SMALL = Experiment(
    g_layers=1, d_layers=1, g_width=6, d_width=6, g_optimizer="sgd", d_optimizer="sgd", batch_size=32
)
VALUES = {
    "ready": True, "busy": False, "passes": 9, "too_large": False, "limit": 300_000,
    "g_weights": 2, "d_weights": 1, "at_step": 1200, "rows": 64, "exact": True,
    "took": 0.1, "other": "without R1", "consensus": False, "step_note": "", "step_refused": "",
    "field": np.array([0.5 + 2j, 0.5 - 2j, -3.0]), "field_other": np.array([-0.25 + 1j, -0.25 - 1j, -4.0]),
    "field_path": np.array([[0.5 + 2j, 0.5 - 2j, -3.0], [-0.25 + 1j, -0.25 - 1j, -4.0]]),
    "field_residual": 3e-15,
    "step": np.array([1.06, 0.9, 0.7 + 0j]), "step_other": np.array([0.98, 0.9, 0.6 + 0j]),
    "step_path": np.array([[1.06, 0.9, 0.7 + 0j], [0.98, 0.9, 0.6 + 0j]]), "step_residual": 2e-15,
}  # fmt: skip


def made_up(**values: object) -> Run:
    run = Trainer(SMALL).run(())
    seen = {"spectrum": Measurement(1200, 1, VALUES | values)}
    return replace(run, frame=Frame(step=1200, measurements=seen))


@pytest.fixture
def panel(qtbot):
    made = SpectrumPanel()
    qtbot.addWidget(made)
    made.resize(560, 420)
    made.show()
    return made


def test_what_it_says_is_what_was_measured(panel) -> None:
    panel.show_runs([made_up()])
    words = panel.readout.text
    assert "largest Re λ +0.50" in words and "without R1: −0.25" in words
    assert "largest |Im λ| 2.0 (without R1: 1.0); 2 of 3 with Re > 0 (0)" in words
    assert "3 weights, all eigenvalues; step 1,200; residual ≤ 3×10⁻¹⁵; batch of 64 reals and fakes" in words
    assert panel.legend.buttons["other"].accessibleName() == "without R1"
    panel.legend.buttons["step"].click()
    words = panel.readout.text
    assert "largest |λ| 1.0600" in words and "without R1: 0.9800" in words
    assert "1 of 3 outside the circle" in words and "linearised at these weights" in words


@pytest.mark.parametrize(
    ("other", "values", "is_said"),
    [
        ("without R1", [-0.25], True),  # now, with R1, it is +0.50
        ("with R1, γ = 1", [-0.25], False),
        ("with R1, γ = 1", [0.75], True),
        ("without R1", [0.75], False),
    ],
)
def test_a_penalty_that_moves_the_largest_one_out_is_named(
    panel, other: str, values: list[float], is_said: bool
) -> None:
    panel.show_runs([made_up(other=other, field_other=np.array(values, complex))])
    assert ("larger with the penalty" in panel.readout.text) == is_said


def test_marks_and_ways_stand_where_the_eigenvalues_are(panel) -> None:
    panel.show_runs([made_up()])
    for name, values in (("now", VALUES["field"]), ("other", VALUES["field_other"])):
        x, y = panel.plot.marks[name].getData()
        np.testing.assert_array_equal(x + 1j * y, values)
        (x0, x1), (y0, y1) = panel.plot.ranges
        assert (x > x0).all() and (x < x1).all() and (y > y0).all() and (y < y1).all()
    x, y = panel.plot.ways.getData()
    assert x.tolist()[:2] == [0.5, -0.25] and y.tolist()[:2] == [2.0, 1.0] and np.isnan(x[2])
    panel.legend.buttons["other"].click()
    assert not panel.plot.ways.isVisible() and not panel.plot.marks["other"].isVisible()
    data = panel.export_data()
    np.testing.assert_array_equal(data["field_re"] + 1j * data["field_im"], VALUES["field"])
    np.testing.assert_array_equal(data["step_other_re"], VALUES["step_other"].real)


def test_the_side_that_attracts_is_shaded(panel) -> None:
    panel.show_runs([made_up()])

    def colour(x: float, y: float) -> str:
        picture = panel.plot.grab().toImage()
        return picture.pixelColor(round(panel.plot.x_at(x)), round(panel.plot.y_at(y))).name()

    assert colour(-1.5, 0.4) != colour(0.3, 0.4) == panel.theme.panel.lower()
    panel.legend.buttons["step"].click()
    assert colour(0.8, 0.05) != colour(1.03, 0.05) == panel.theme.panel.lower()
    x, y = disc(-0.5, 2.0)
    np.testing.assert_allclose(np.hypot(x, y), 1.0)
    assert y.min() == -0.5 and y.max() == 1.0


@pytest.mark.parametrize(
    ("values", "hint"),
    [
        ({"ready": False, "busy": True}, "being worked out beside the run: 3 weights, 9 passes"),
        ({"ready": False, "too_large": True}, "3 weights: the spectrum is worked out for up to 300,000"),
        ({"ready": False, "problem": "RuntimeError: none"}, "no spectrum of this game: RuntimeError: none"),
    ],
)
def test_it_says_why_there_is_nothing(panel, values: dict, hint: str) -> None:
    names = [name for name in VALUES if name.startswith(("field", "step"))]
    run = made_up(**values)
    seen = {k: v for k, v in run.frame.get("spectrum").values.items() if k not in names}
    run = replace(run, frame=Frame(measurements={"spectrum": Measurement(0, 1, seen)}))
    panel.show_runs([run])
    assert panel.plot.hint == hint and panel.readout.text.strip() == "–" and panel.export_data() == {}


def test_what_rounding_cannot_tell_from_0_is_0(panel) -> None:
    field = np.array([2e-16 + 0.5j, 2e-16 - 0.5j, -3.0])
    panel.show_runs([made_up(field=field, field_other=field.real + 1e-17j)])
    assert "largest Re λ 0 " in panel.readout.text and "|Im λ| 0.50 (without R1: 0)" in panel.readout.text
    panel.show_runs([made_up(field=field + 1e-9, field_other=field)])
    assert "largest Re λ +10⁻⁹ " in panel.readout.text


def test_a_real_run_in_both_views_and_in_the_dark(panel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "NICE", 0)
    trainer = Trainer(SMALL)
    trainer.step(10)
    panel.show_runs([trainer.run({"spectrum"})])
    for button in ("step", "field"):
        panel.legend.buttons[button].click()
        panel.apply_theme(DARK, 1.25)
        panel.grab()
        assert "all eigenvalues; step 10" in panel.readout.text
    panel.show_runs([])
    assert panel.export_data() == {} and "largest" not in panel.readout.text
