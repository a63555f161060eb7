"""The panel of D's two costs, with real frames: its numbers against SciPy and against the game itself."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from pytestqt.qtbot import QtBot
from scipy.special import expit, log_expit

from ganviz.experiment import Experiment
from ganviz.games.objectives import COSTS
from ganviz.record.run import Run
from ganviz.theory.objectives import OBJECTIVES
from ganviz.training.trainer import Trainer
from ganviz.ui.panels.bce import BcePanel
from ganviz.ui.panels.loop_lines import place_words
from ganviz.ui.theme import LIGHT

SMALL = {"g_width": 16, "d_width": 16, "g_layers": 1, "d_layers": 1, "batch_size": 64, "device": "cpu"}


@pytest.fixture
def shown(qtbot: QtBot) -> Callable[..., tuple[BcePanel, Trainer, Run]]:
    """Makes a trainer, plays 60 steps and shows its run: ``shown(objective="hinge")``."""

    def show(**changes: object) -> tuple[BcePanel, Trainer, Run]:
        trainer = Trainer(Experiment(**(SMALL | changes)))  # type: ignore[arg-type]
        trainer.step(60)
        panel = BcePanel()
        qtbot.addWidget(panel)
        panel.resize(520, 400)
        run = trainer.run(["batch"])
        panel.show_runs([run])
        return panel, trainer, run

    return show


def test_the_two_terms_are_the_cross_entropies_and_add_up(shown: Callable[..., tuple]) -> None:
    panel, _, run = shown(objective="non_saturating")
    batch = run.frame.measurements["batch"]
    data = panel.export_data()
    real = -log_expit(batch["output_real"]).mean()
    fake = -log_expit(-batch["output_fake"]).mean()
    assert data["mean_cost_real"][0] == pytest.approx(real)
    assert data["mean_cost_fake"][0] == pytest.approx(fake)
    assert data["d_loss"][0] == pytest.approx(real + fake, rel=1e-6)
    assert data["g_loss"][0] == pytest.approx(-log_expit(batch["output_fake"]).mean(), rel=1e-6)
    for number in (real, fake, real + fake):
        assert f"{number:.3f}" in panel.readout.text
    assert "log 4 = 1.386" in panel.readout.text and "step 60" in panel.readout.text


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_the_two_terms_add_up_to_the_loss_that_trains(shown: Callable[..., tuple], objective: str) -> None:
    panel, _, run = shown(objective=objective)
    data, batch = panel.export_data(), run.frame.measurements["batch"]
    assert data["mean_cost_real"][0] + data["mean_cost_fake"][0] == pytest.approx(
        batch["d_loss"], rel=1e-5, abs=1e-6
    )


def test_the_curves_are_minus_log_d(shown: Callable[..., tuple]) -> None:
    panel, _, _ = shown()
    data = panel.export_data()
    d = data["cost_real_at"]
    assert d.min() > 0.0 and d.max() < 1.0
    np.testing.assert_allclose(data["cost_real"], -np.log(d), atol=1e-9)
    np.testing.assert_allclose(data["cost_fake"], -np.log1p(-data["cost_fake_at"]), atol=1e-9)
    panel.legend.buttons["logit"].click()
    a = panel.export_data()["cost_real_at"]
    assert a.min() <= -5.0
    np.testing.assert_allclose(panel.export_data()["cost_real"], -log_expit(a), rtol=1e-9)


def test_the_slopes_are_one_minus_d_and_d(shown: Callable[..., tuple]) -> None:
    panel, _, run = shown()
    panel.legend.buttons["slope"].setChecked(True)
    data, batch = panel.export_data(), run.frame.measurements["batch"]
    np.testing.assert_allclose(data["slope_real"], expit(-data["slope_real_at"]))
    np.testing.assert_allclose(data["slope_fake"], expit(data["slope_fake_at"]))
    means = {one.is_real: one.mean_cost for one in panel.plot.standing}
    assert means[True] == pytest.approx(expit(-batch["output_real"]).mean())
    assert means[False] == pytest.approx(expit(batch["output_fake"]).mean())


def test_the_marks_stand_at_the_mean_outputs(shown: Callable[..., tuple]) -> None:
    panel, _, run = shown()
    for one in panel.plot.standing:
        outputs = run.frame.measurements["batch"]["output_real" if one.is_real else "output_fake"]
        mean = expit(outputs).mean()
        assert one.at == pytest.approx(mean)
        assert one.cost == pytest.approx(-np.log(mean if one.is_real else 1 - mean))
        assert one.mean_cost >= one.cost - 1e-12  # Jensen
        counts = panel.plot.counts["real" if one.is_real else "fake"]
        assert counts.sum() == len(outputs)


@pytest.mark.parametrize("objective", ["minimax", "wasserstein", "hinge", "relativistic_average"])
def test_gradients_are_those_of_the_shown_losses(shown: Callable[..., tuple], objective: str) -> None:
    _, trainer, run = shown(objective=objective)
    game, batch = trainer.game, run.frame.measurements["batch"]
    assert batch["d_grad"] == pytest.approx(trainer.observe(["gradients"]).get("gradients")["d_grad"])
    from ganviz.games.streams import generator

    source = generator(0, "measure", 60)
    z = game.place(game.draw_latents(source, 64))
    x = game.place(game.source.sample(source, 64))
    loss = COSTS[objective].g_loss(game.d.network(x), game.d.network(game.g.network(z)))
    assert batch["g_loss"] == pytest.approx(loss.item(), rel=1e-5)
    slopes = torch.autograd.grad(loss, game.g.parameters)
    assert batch["g_grad"] == pytest.approx(torch.cat([s.flatten() for s in slopes]).norm().item(), rel=1e-4)


def test_a_critic_is_not_called_cross_entropy(shown: Callable[..., tuple]) -> None:
    panel, _, run = shown(objective="wasserstein")
    assert panel._title.text() == "D's two costs"
    shown_words = [
        button.accessibleName() for button in panel.legend.buttons.values() if not button.isHidden()
    ]
    assert "D" not in shown_words and "score" in panel.plot.x_axis.title
    batch = run.frame.measurements["batch"]
    real, fake = panel.plot.standing
    assert real.at == pytest.approx(batch["output_real"].mean())
    assert fake.mean_cost == pytest.approx(batch["output_fake"].mean())
    low, high = panel.plot.ranges[0]
    assert low <= np.percentile(batch["output_real"], 1) and np.percentile(batch["output_fake"], 99) <= high


def test_the_boxes_tell_the_loop(shown: Callable[..., tuple]) -> None:
    panel, _, run = shown(objective="non_saturating", d_updates=3, g_updates=0)
    batch = run.frame.measurements["batch"]
    said = panel.boxes.accessibleName()
    assert [box.what for box in panel.boxes.boxes][4:] == ["update D × 3", "G at rest"]
    assert f"{expit(batch['output_real']).mean():.3f}" in said and f"‖∇‖ {batch['d_grad']:.3f}" in said
    assert "64 x, 64 z" in said and f"L_G {batch['g_loss']:.3f}" in said


def test_a_small_panel_keeps_the_boxes_and_drops_the_readout(shown: Callable[..., tuple]) -> None:
    panel, _, _ = shown()
    panel.show()
    panel.resize(350, 268)
    assert panel.readout.isHidden() and not panel.boxes.isHidden()
    panel.resize(520, 400)
    assert not panel.readout.isHidden()
    assert panel.theme is LIGHT


def test_what_the_two_costs_leave_out_is_named(shown: Callable[..., tuple]) -> None:
    panel, _, run = shown(objective="non_saturating", r1=1.0)
    batch = run.frame.measurements["batch"]
    assert "not in it: R1" in panel.readout.text
    assert batch["d_loss"] == pytest.approx(
        -log_expit(batch["output_real"]).mean() - log_expit(-batch["output_fake"]).mean(), rel=1e-6
    )
    plain, _, _ = shown(objective="non_saturating")
    assert "not in it" not in plain.readout.text


def test_place_words() -> None:
    assert place_words([1.0]) == "1.00" and place_words([1.0, -2.0]) == "(1.00, −2.00)"
    assert place_words(np.linspace(-1, 1, 64)) == "pixel 0.00"


def test_one_axis_of_a_critic_is_chosen_and_called_cost(shown: Callable[..., tuple]) -> None:
    panel, _, _ = shown(objective="wasserstein")
    buttons = panel.legend.buttons
    on_show = [key for key in ("logit", "probability", "slope") if not buttons[key].isHidden()]
    assert [buttons[key].accessibleName() for key in on_show] == ["cost", "slope"]
    assert [buttons[key].isChecked() for key in on_show] == [True, False]
