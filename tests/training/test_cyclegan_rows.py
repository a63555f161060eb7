"""A CycleGAN in the trainer: recorded by name, saved, resumed bit for bit, ended where it breaks."""

from pathlib import Path

import numpy as np
import pytest

from ganviz.experiment import Experiment, ExperimentError
from ganviz.record.reading import read_record
from ganviz.theory.sliced import Slices
from ganviz.training.checkpoint import begin, resume, summary
from ganviz.training.headless import train
from ganviz.training.trainer import Trainer

SMALL = {"g_width": 16, "d_width": 16, "g_layers": 1, "d_layers": 1, "batch_size": 32, "measure_every": 10}
MOONS = Experiment(game="cyclegan", data="moons", pool_size=40, **SMALL)  # type: ignore[arg-type]
COLUMNS = (
    "step", "seconds", "d_updates", "g_updates",
    "g_loss", "f_loss", "dx_loss", "dy_loss", "cycle_x", "cycle_y", "identity_x", "identity_y",
    "w1_x", "w1_y",
)  # fmt: skip


def quiet(*ignored: object) -> None:
    """Nobody listens."""


def test_metrics_by_name_and_resumed_bit_for_bit(tmp_path: Path) -> None:
    whole, part = Trainer(MOONS), Trainer(MOONS)
    for trainer, name, steps in ((whole, "whole", 60), (part, "part", 23)):
        train(trainer, begin(trainer, tmp_path / name), steps, quiet, quiet)
    again, folder = resume(tmp_path / "part")
    train(again, folder, 60, quiet, quiet)
    lines = (tmp_path / "part" / "metrics.csv").read_text().splitlines()
    assert tuple(lines[0].split(",")) == COLUMNS and len(lines) == 61
    for name in COLUMNS[2:12]:
        back = read_record(tmp_path / "part", game="cyclegan")[0].steps.column(name)
        np.testing.assert_array_equal(back, whole.history.steps.column(name))
    with (
        np.load(tmp_path / "part" / "samples.npz") as one,
        np.load(tmp_path / "whole" / "samples.npz") as two,
    ):
        assert set(one) == {"x", "g_of_x", "f_of_g_of_x", "y", "f_of_y", "g_of_f_of_y"}
        assert all(np.array_equal(one[name], two[name]) for name in one)
    assert summary(again, finished=True)["cycle_x"] == whole.history.steps.last("cycle_x")


def test_panels_change_no_bit() -> None:
    seen, unseen = Trainer(MOONS), Trainer(MOONS)
    for _ in range(30):
        seen.step()
        seen.observe(tuple(seen.kind.probes), everything=True)
    unseen.step(30)
    first, second = seen.state(), unseen.state()
    assert all(first[key].equal(second[key]) for key in first if key != "seconds")


def test_the_ablation_is_live_and_an_event() -> None:
    trainer = Trainer(MOONS)
    trainer.step(5)
    trainer.apply(MOONS.replace(ablation="gan"))
    trainer.step(5)
    event = trainer.history.events[-1]
    assert (event.step, event.key, event.old, event.new) == (5, "ablation", "cycle", "gan")
    assert trainer.game.cycle_weight == 0.0


def test_the_marginals_are_those_of_the_maps() -> None:
    trainer = Trainer(MOONS)
    trainer.step(3)
    found = trainer.observe(["marginals"], everything=True).get("marginals")
    assert found is not None
    many = trainer.game.y_source.sample(np.random.default_rng(3), 16_384)
    assert found["w1_y"] == pytest.approx(Slices.of(many, 16).distance(found["fake_y"]), abs=0.03)
    assert 0.0 < found["w1_y_floor"] < 0.1 < found["w1_y"]


def test_a_run_that_breaks_says_what_and_goes_back() -> None:
    trainer = Trainer(MOONS.replace(g_learning_rate=100.0, g_optimizer="sgd"))
    trainer.step(300)
    assert "not finite" in trainer.diverged and "Try a smaller learning rate: G's is 100" in trainer.diverged
    trainer.restore()
    assert not trainer.diverged


def test_a_reset_that_is_refused_leaves_the_run_as_it_was() -> None:
    trainer = Trainer(MOONS)
    trainer.step(4)
    with pytest.raises(ExperimentError, match="points of 1 coordinate"):
        trainer.reset(MOONS.replace(data_y="mixture_1d"))
    trainer.step(4)
    assert trainer.step_count == 8 and trainer.experiment == MOONS


@pytest.mark.parametrize("name", ["cyclegan-moons", "cyclegan-ring-square", "cyclegan-1d"])
def test_every_preset_plays(name: str) -> None:
    trainer = Trainer(Experiment.preset(name).replace(**SMALL))
    trainer.step(3)
    assert trainer.run().frame.get("samples") is not None
