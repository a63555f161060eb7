"""The trainer: repeatable to the last bit, live changes exact, nothing lost, and honest about what is not
finite."""

import numpy as np
import pytest
import torch

from ganviz.experiment import Experiment, waiting
from ganviz.record.history import STEP_COLUMNS
from ganviz.theory.objectives import OBJECTIVES
from ganviz.training.checkpoint import summary
from ganviz.training.probes import PROBES
from ganviz.training.trainer import Trainer

SMALL = Experiment(g_width=16, d_width=16, batch_size=32, head_start=5, measure_every=7)
REPEATED = [name for name in STEP_COLUMNS if name != "seconds"]


def assert_same_run(first: Trainer, second: Trainer) -> None:
    first.flush(), second.flush()
    a, b = first.game.state(), second.game.state()
    assert a.keys() == b.keys() and all(torch.equal(a[key], b[key]) for key in a)
    for name in REPEATED:
        np.testing.assert_array_equal(first.history.steps.column(name), second.history.steps.column(name))
    for name in first.history.measured.columns:
        np.testing.assert_array_equal(
            first.history.measured.column(name), second.history.measured.column(name)
        )


def test_one_call_equals_many_calls_with_panels_watching() -> None:
    alone, watched = Trainer(SMALL), Trainer(SMALL)
    alone.step(100)
    for count in [8] * 12 + [4]:
        watched.step(count)
        watched.observe(PROBES, everything=True)
    assert_same_run(alone, watched)


def test_reset_is_the_same_start_again() -> None:
    first, again = Trainer(SMALL), Trainer(SMALL)
    first.step(30)
    again.step(55)
    again.reset()
    again.step(30)
    assert_same_run(first, again)


def test_another_seed_is_another_run() -> None:
    first, other = Trainer(SMALL), Trainer(SMALL.replace(seed=1))
    assert not torch.equal(first.game.g.parameters[0], other.game.g.parameters[0])


def test_live_change_equals_a_restart_with_the_same_state() -> None:
    changed = Trainer(SMALL)
    changed.step(20)
    state = changed.state()
    new = SMALL.replace(objective="non_saturating", g_learning_rate=3e-3, d_updates=2, g_gradient_clip=0.1)
    changed.apply(new)
    changed.step(20)
    fresh = Trainer(new)
    fresh.load(state)
    fresh.step(20)
    a, b = changed.game.state(), fresh.game.state()
    assert all(torch.equal(a[key], b[key]) for key in a)


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_every_objective_is_taken_up_live_as_after_a_restart(objective: str) -> None:
    before = "hinge" if objective == "minimax" else "minimax"
    changed = Trainer(SMALL.replace(objective=before))
    changed.step(10)
    state = changed.state()
    changed.apply(SMALL.replace(objective=objective))
    kept = changed.game.state()
    assert any(".adam." in key for key in kept) and all(torch.equal(kept[key], state[key]) for key in kept)
    changed.step(10)
    fresh = Trainer(SMALL.replace(objective=objective))
    fresh.load(state)
    fresh.step(10)
    a, b = changed.game.state(), fresh.game.state()
    assert all(torch.equal(a[key], b[key]) for key in a)
    changed.flush(), fresh.flush()
    for column in ("d_loss", "g_loss", "value", "d_real", "output_fake"):
        np.testing.assert_array_equal(
            changed.history.steps.column(column)[10:], fresh.history.steps.column(column)
        )
    assert not changed.diverged
    probability = OBJECTIVES[objective].is_probability
    assert np.isfinite(fresh.history.steps.column("value")).all() == probability
    assert np.isfinite(fresh.history.steps.column("d_fake")).all() == probability


def test_v_is_the_same_whatever_constant_an_objective_adds() -> None:
    values: dict[str, float] = {}
    for key in ("minimax", "maximum_likelihood", "f_jensen_shannon", "f_gan"):
        trainer = Trainer(SMALL.replace(objective=key))
        trainer.step(1)
        trainer.flush()
        values[key] = trainer.history.steps.last("value")
    assert values["minimax"] < 0.0
    assert list(values.values()) == pytest.approx([values["minimax"]] * 4, rel=1e-6)


def test_events_tell_step_key_old_and_new() -> None:
    trainer = Trainer(SMALL)
    trainer.step(10)
    trainer.apply(SMALL.replace(objective="hinge", batch_size=64))
    trainer.step(5)
    assert [(e.step, e.key, e.old, e.new) for e in trainer.history.events] == [
        (10, "objective", "minimax", "hinge")
    ]
    trainer.flush()
    objectives = [trainer.history.objectives[index] for index in trainer.history.steps.column("objective")]
    assert objectives == ["minimax"] * 10 + ["hinge"] * 5
    assert [change.key for change in waiting(trainer.experiment, trainer.chosen)] == ["batch_size"]
    assert trainer.experiment.batch_size == 32
    trainer.reset()
    assert (trainer.experiment.batch_size, trainer.experiment.objective) == (64, "hinge"), (
        "the choice survives a reset"
    )


def test_step_d_and_step_g_advance_their_own_counts() -> None:
    trainer = Trainer(SMALL.replace(head_start=0))
    trainer.update("d")
    trainer.update("d")
    trainer.update("g")
    assert (trainer.step_count, trainer.game.d.count, trainer.game.g.count) == (0, 2, 1)
    trainer.step()
    trainer.flush()
    assert (trainer.step_count, trainer.game.d.count, trainer.game.g.count) == (1, 3, 2)
    assert [event.key for event in trainer.history.events] == ["step_d", "step_d", "step_g"]
    assert list(trainer.history.steps.column("d_updates")) == [3]


def test_head_start_trains_d_alone() -> None:
    trainer = Trainer(SMALL.replace(head_start=30))
    before = trainer.game.g.state()
    assert trainer.head_start(most=20) == 10
    assert trainer.head_start() == 0
    after = trainer.game.g.state()
    assert trainer.game.d.count == 30 and all(torch.equal(before[key], after[key]) for key in before)
    trainer.step()
    assert trainer.game.d.count == 31


def test_one_row_a_step_and_empty_where_there_is_no_probability() -> None:
    trainer = Trainer(SMALL)
    trainer.step(15)
    trainer.apply(SMALL.replace(objective="wasserstein"))
    trainer.step(15)
    trainer.flush()
    steps = trainer.history.steps
    assert list(steps.column("step")) == list(range(1, 31))
    for name in ("d_real", "d_fake", "value"):
        empty = np.isnan(steps.column(name))
        assert not empty[:15].any() and empty[15:].all()
    np.testing.assert_allclose(steps.column("value")[:15], -steps.column("d_loss")[:15])
    np.testing.assert_allclose(
        steps.column("total_loss"), steps.column("d_loss") + steps.column("g_loss"), rtol=1e-5
    )
    measured = trainer.history.measured
    assert list(measured.column("step")) == [0, 7, 14, 21, 28]
    assert list(np.isnan(measured.column("g_grad_minimax"))) == [False, False, False, True, True]
    assert not np.isnan(measured.column("g_grad")).any()


@pytest.mark.parametrize("rate", [1.0, 100.0])
def test_divergence_stops_names_the_step_and_keeps_the_last_good_state(rate: float) -> None:
    wild = SMALL.replace(
        objective="least_squares",
        d_optimizer="sgd",
        g_optimizer="sgd",
        d_learning_rate=rate,
        g_learning_rate=rate,
        data="grid",
    )
    trainer = Trainer(
        SMALL.replace(data="grid", objective="least_squares", d_optimizer="sgd", g_optimizer="sgd")
    )
    trainer.step(250)
    good = {key: value for key, value in trainer.game.state().items()}
    trainer.apply(wild)
    trainer.step(2000)
    frame = trainer.observe(["samples"])
    assert (
        frame.status == "diverged" and "Stopped at step" in frame.message and frame.restore_step is not None
    )
    stopped = int(frame.message.split("step ")[1].split(":")[0].replace(",", ""))
    assert 250 < stopped == trainer.step_count == frame.step == trainer.history.last_step + 1
    assert not summary(trainer, finished=True)["finished"]
    assert np.isfinite(trainer.history.steps.column("d_loss")).all()
    trainer.restore()
    assert trainer.step_count == frame.restore_step == trainer.history.last_step
    assert all(torch.isfinite(value).all() for value in trainer.game.state().values())
    assert trainer.observe().status == "paused"
    trainer.apply(
        SMALL.replace(
            data="grid",
            objective="least_squares",
            d_optimizer="sgd",
            g_optimizer="sgd",
            d_learning_rate=1e-4,
            g_learning_rate=1e-4,
        )
    )
    trainer.step(10)
    assert not trainer.diverged and good


@pytest.mark.parametrize("how", ["head start", "step D", "step G"])
def test_a_single_player_that_leaves_the_numbers_is_stopped_too(how: str) -> None:
    wild = {
        f"{letter}_{key}": v for letter in "dg" for key, v in (("optimizer", "sgd"), ("learning_rate", 100.0))
    }
    trainer = Trainer(SMALL.replace(objective="least_squares", head_start=50 * (how == "head start"), **wild))
    if how == "head start":
        assert trainer.head_start(most=40) == 0
    else:
        for _ in range(50):
            trainer.update("d")
            trainer.update("g" if how == "step G" else "d")
    frame = trainer.observe(["samples"])
    assert frame.status == "diverged" and "weights are not finite" in frame.message
    assert trainer.play() == 0
    trainer.restore()
    assert all(torch.isfinite(value).all() for value in trainer.game.state().values())


def test_no_update_of_one_player_still_records_its_loss() -> None:
    trainer = Trainer(SMALL.replace(d_updates=0, head_start=0))
    trainer.step(3)
    trainer.apply(SMALL.replace(g_updates=0))
    trainer.step(3)
    trainer.flush()
    assert (
        np.isfinite(trainer.history.steps.column("d_loss")).all()
        and np.isfinite(trainer.history.steps.column("g_loss")).all()
    )
    assert trainer.game.g.count == 3 and trainer.game.d.count == 3
