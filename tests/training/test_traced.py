"""Traced steps against the eager ones: the same bits, whatever is chosen; eager where there is no trace."""

from __future__ import annotations

import gc
from typing import Any

import pytest
import torch

from ganviz.bench.abuse.report import memory
from ganviz.experiment import Experiment
from ganviz.games.gan import GAN
from ganviz.theory.objectives import OBJECTIVES
from ganviz.training import traced
from ganviz.training.trainer import Trainer

CPU = torch.device("cpu")
SMALL = Experiment.preset("ring8").replace(batch_size=32, g_width=16, d_width=16)
OPTIMIZERS = ("sgd", "adam", "rmsprop")
CHOICES: list[dict[str, Any]] = [
    *({"objective": key} for key in OBJECTIVES),
    *({"g_optimizer": g, "d_optimizer": d} for g in OPTIMIZERS for d in OPTIMIZERS),
    {"g_optimizer": "sgd", "g_momentum": 0.0},
    {"g_gradient_clip": 0.05, "d_gradient_clip": 0.1},
    {"d_updates": 3, "g_noise": "same"},
    {"g_updates": 4},
    {"objective": "wasserstein", "gradient_penalty": 1.0, "weight_clip": 0.0},
    {"objective": "relativistic", "r1": 0.1, "r2": 0.1},
    {"dragan": 0.3, "smooth_real": 0.9},
    {"instance_noise": 0.2, "batch_size": 4_096},
]
"""With the last, a pool of batches is used up after four of them."""
NO_TRACE: list[dict[str, Any]] = [
    {"spectral_norm": "on"},
    {"instance_noise": 0.2, "instance_noise_decay": 50},
    {"update_order": "simultaneous"},
    {"update_order": "extragradient"},
    {"g_updates": 0},
]


@pytest.mark.parametrize("settings", CHOICES, ids=str)
def test_traced_steps_have_the_bits_of_eager_ones(settings: dict[str, Any]) -> None:
    experiment = SMALL.replace(**settings)
    steps = 100 if experiment.batch_size == SMALL.batch_size else 12
    game, eager = GAN(experiment, CPU), GAN(experiment, CPU)
    for _ in range(3):
        game.step()
        eager.step()
    player = ready(game)
    before = game.state()
    seen = []
    while len(seen) < steps:
        seen += player.play(min(steps - len(seen), 7))  # calls of five steps and of one
    expected = [eager.step() for _ in range(steps)]
    after, eager_after = game.state(), eager.state()
    assert all(torch.equal(after[key], eager_after[key]) for key in eager_after)
    assert all(
        torch.equal(a, b) for x, y in zip(seen, expected, strict=True) for a, b in zip(x, y, strict=True)
    )
    still = {key for key in after if ".weights." in key and torch.equal(after[key], before[key])}
    outer = max(key for key in after if key.startswith("d.weights.biases"))
    # A difference of scores does not change with a constant added to both: D's last bias feels no push.
    assert still <= ({outer} if experiment.objective in ("wasserstein", "relativistic") else set())


@pytest.mark.parametrize("settings", NO_TRACE, ids=str)
def test_where_a_graph_would_be_wrong_steps_stay_eager(
    settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(traced, "EAGER_FIRST", 2)
    trainer = Trainer(SMALL.replace(**settings))
    trainer.step(10)
    assert (trainer.backend, trainer.step_count) == ("eager", 10)


def test_a_graph_plays_on_from_any_state(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(traced, "EAGER_FIRST", 5)
    trainer = Trainer(SMALL)
    start = trainer.state()
    trainer.step(20)
    then = trainer.state()
    trainer.load(start)
    trainer.step(20)
    assert all(torch.equal(value, then[key]) for key, value in trainer.state().items() if key != "seconds")


def test_a_graph_may_come_at_any_step_and_changes_no_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(first: int, *calls: int) -> Trainer:
        monkeypatch.setattr(traced, "EAGER_FIRST", first)
        trainer = Trainer(SMALL)
        for steps in calls:
            trainer.step(steps)
        return trainer

    never, soon = run(10**9, 100), run(5, 100)
    later, often = run(40, 60, 40), run(5, *[8] * 12, 4)
    assert [trainer.backend for trainer in (never, soon, later, often)] == ["eager"] + ["traced"] * 3
    for other in (soon, later, often):
        assert_same_state(never, other)
        for name in ("step", "d_updates", "g_updates", "d_loss", "g_loss", "value", "d_real", "d_fake"):
            mine, others = never.history.steps.column(name), other.history.steps.column(name)
            assert mine.tobytes() == others.tobytes()


def test_a_live_change_acts_on_the_next_call_and_its_graph_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(traced, "EAGER_FIRST", 5)
    trainer, reference = Trainer(SMALL), Trainer(SMALL)
    for objective, rate in (("minimax", 1e-3), ("hinge", 1e-3), ("minimax", 1e-4)):
        for one in (trainer, reference):
            one.apply(SMALL.replace(objective=objective, g_learning_rate=rate))
        known = trainer.backend == "traced"
        assert known == (rate == 1e-4)  # a rate is an input of the graph, the objective is in it
        trainer.step(20)
        for _ in range(20):
            reference.settle()
            reference.head_start()
            reference._seen.append(reference.game.step())
            reference._count(1, 0.0)
    assert trainer.history.events == reference.history.events
    assert [event.step for event in trainer.history.events] == [0, 20, 40, 40]
    assert_same_state(trainer, reference)


def assert_same_state(one: Trainer, other: Trainer) -> None:
    """All that training changes is equal, bit for bit."""
    theirs = other.state()
    assert all(torch.equal(value, theirs[key]) for key, value in one.state().items() if key != "seconds")


def ready(game: GAN) -> traced.Traced:
    """Traced steps of a game that has made its first ones."""
    player = traced.Traced(game)
    player.held(traced.EAGER_FIRST)
    while player.prepare():
        pass
    assert player.ready
    return player


def test_a_graph_that_is_given_up_leaves_nothing_behind() -> None:
    """What torch.jit.trace makes is kept until the process ends: each of these would leave megabytes."""
    player = ready(GAN(SMALL, CPU))
    key = player._key()
    sizes = []
    for _ in range(12):
        player._programs[key, 5] = player._make_program(key, 5)
        player.play(5)
        gc.collect()
        sizes.append(memory())
    assert sizes[-1] - sizes[3] < 4.0, f"MB after each: {sizes}"


def test_graphs_of_settings_long_left_are_given_up_and_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(traced, "EAGER_FIRST", 2)
    trainer = Trainer(SMALL)
    player = trainer._fast
    assert isinstance(player, traced.Traced)
    betas = [0.1 * n for n in range(1, traced.KEPT_SETTINGS + 2)]
    known = []
    for beta in (*betas, betas[-1], betas[1], betas[0], betas[-1], betas[1], betas[2]):
        trainer.apply(SMALL.replace(g_beta1=beta))
        known.append(trainer.backend == "traced")
        trainer.step(12)
        assert trainer.backend == "traced"
        assert len({key for key, _ in player._programs}) <= traced.KEPT_SETTINGS
        assert {key for key, _ in player._updates} == {key for key, _ in player._programs}
    # The last and the second were kept; the first had gone, and took the place of the third.
    assert known == [False] * len(betas) + [True, True, False, True, True, False]
