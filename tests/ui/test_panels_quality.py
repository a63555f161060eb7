"""The panel of image quality, drawn from a real run and from hand-made verdicts."""

from dataclasses import replace

import numpy as np
import pytest

from ganviz.experiment import Experiment
from ganviz.frame import Frame, Measurement
from ganviz.record.run import Run
from ganviz.training.trainer import Trainer
from ganviz.ui.panels.quality import IN_THE_MAKING, NO_LABELS, QualityPanel

SMALL = Experiment(data="digits", latent_dim=8, g_width=16, d_width=16, batch_size=32)
SHARES = np.array([0.2, 0.0, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1])
VERDICT = {
    "ready": True, "at_step": 1200, "samples": 898, "recognised": 0.834, "shares": SHARES, "frechet": 4.5,
    "near_copies": 0.006, "class_names": tuple("0123456789"), "accuracy": 0.972,
    "recognised_real": 0.961, "frechet_real": 3.0, "near": 1.17,
}  # fmt: skip


def made_up(serial: int = 1, **values: object) -> Run:
    run = Trainer(SMALL).run(())
    seen = {"quality": Measurement(1200, serial, VERDICT | values)}
    return replace(run, frame=Frame(step=1200, measurements=seen))


@pytest.fixture
def panel(qtbot):
    made = QualityPanel()
    qtbot.addWidget(made)
    made.resize(560, 420)
    made.show()
    return made


def test_what_it_says_is_the_verdict(panel) -> None:
    panel.show_runs([made_up()])
    words = panel.figures.text
    assert "recognised 83.4 % reals 96.1 %" in words
    assert "rarest class 0.0 % “1”, of 10.0 %" in words
    assert "Fréchet dist. 1.50× reals 1×" in words
    assert "near-copies 0.6 % reals 1 %" in words
    assert "Step 1,200, 898 fakes; classifier 97.2 % right on unseen reals" in words


def test_each_class_has_its_bar(panel) -> None:
    panel.show_runs([made_up()])
    assert panel.plot.shares == pytest.approx(SHARES)
    assert [name for _, name in panel.plot.x_axis.ticks] == list("0123456789")
    exported = panel.export_data()
    assert exported["class_shares"] == pytest.approx(SHARES)
    assert exported["frechet"] == 4.5


def test_before_the_first_verdict_it_says_what_is_being_done(panel) -> None:
    run = Trainer(SMALL).run(())
    waiting = {"quality": Measurement(0, 1, {"ready": False})}
    panel.show_runs([replace(run, frame=Frame(step=0, measurements=waiting))])
    assert panel.plot.hint == IN_THE_MAKING
    panel.show_runs([made_up(serial=2)])
    assert panel.plot.hint == ""


def test_data_without_labels_have_no_verdict(panel) -> None:
    panel.show_runs([Trainer(Experiment()).run(["quality"])])
    assert panel._veil.isVisible() and panel._veil.sentence == NO_LABELS
    panel.show_runs([made_up()])
    assert panel._veil.isHidden() and "recognised" in panel.figures.text


def test_a_real_run_is_judged(panel) -> None:
    trainer = Trainer(SMALL)
    trainer.step(3)
    panel.show_runs([trainer.run(["quality"])])
    assert "Step 3, 898 fakes" in panel.figures.text
    assert panel.plot.shares.sum() == pytest.approx(1.0)
