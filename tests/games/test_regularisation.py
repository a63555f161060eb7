"""Regularisation in the running game: what acts, what it costs when off, and that it can be repeated."""

import numpy as np
import pytest
import torch
from torch import Tensor

from ganviz.experiment import Experiment
from ganviz.games.gan import GAN
from ganviz.games.penalties import PENALTIES
from ganviz.theory.objectives import OBJECTIVES
from ganviz.training.probes import PROBES
from ganviz.training.trainer import Trainer

CPU = torch.device("cpu")
SMALL = Experiment(g_width=16, d_width=16, batch_size=32)
EVERYTHING = {
    "r1": 0.5, "r2": 0.2, "instance_noise": 0.3, "instance_noise_decay": 40, "smooth_real": 0.9,
    "smooth_fake": 0.05, "spectral_norm": "on",
}  # fmt: skip
OTHERS = {"gradient_penalty": 10.0, "dragan": 3.0, "spectral_norm": "on"}


def states_equal(first: dict[str, Tensor], second: dict[str, Tensor]) -> bool:
    return first.keys() == second.keys() and all(torch.equal(first[key], second[key]) for key in first)


def test_what_was_switched_off_leaves_no_trace() -> None:
    plain, switched = GAN(SMALL, CPU), GAN(SMALL.replace(**EVERYTHING), CPU)
    switched.apply(SMALL)
    for _ in range(5):
        assert all(torch.equal(one, other) for one, other in zip(plain.step(), switched.step(), strict=True))
    assert states_equal(plain.state(), switched.state())


@pytest.mark.parametrize("settings", [EVERYTHING, OTHERS], ids=["labels, noise and slope 0", "slope 1"])
@pytest.mark.parametrize("order", ["alternating", "extragradient", "consensus"])
def test_a_run_goes_on_from_its_state_bit_for_bit(settings: dict[str, object], order: str) -> None:
    experiment = SMALL.replace(update_order=order, **settings)
    whole, first, second = (GAN(experiment, CPU) for _ in range(3))
    for _ in range(12):
        whole.step()
    for _ in range(7):
        first.step()
    second.load(first.state())
    for _ in range(5):
        second.step()
    assert states_equal(whole.state(), second.state())


@pytest.mark.parametrize("penalty", PENALTIES, ids=lambda penalty: penalty.setting)
def test_d_descends_the_penalty_and_the_record_shows_l_d_without_it(penalty: object) -> None:
    """One plain SGD update, by hand from the game's own batches."""
    settings = {"d_optimizer": "sgd", "d_learning_rate": 0.1, penalty.setting: 0.7}
    game, plain = (GAN(SMALL.replace(**chosen), CPU) for chosen in (settings, {}))
    reals, fakes = game._data.batch(0), game.g.network(game._d_noise.batch(0)).detach()
    numbers = game.regularisation._uniform.batch(0)
    assert numbers.min() >= 0 and numbers.max() < 1 and numbers.mean().item() == pytest.approx(0.5, abs=0.1)
    network = plain.d.network
    real, fake = network(reals), network(fakes)
    loss = torch.nn.functional.softplus(-real).mean() + torch.nn.functional.softplus(fake).mean()
    (loss + 0.7 * penalty.measure(network, reals, fakes, numbers)).backward()
    judged = game.update_discriminator()
    assert judged.loss.item() == pytest.approx(loss.item(), rel=1e-6)
    assert judged.trained.item() > judged.loss.item()
    for mine, theirs in zip(game.d.parameters, network.parameters(), strict=True):
        torch.testing.assert_close(mine, theirs - 0.1 * theirs.grad, rtol=1e-5, atol=1e-7)


def test_instance_noise_reaches_reals_and_fakes_of_both_players_and_decays() -> None:
    game = GAN(SMALL.replace(instance_noise=0.5, instance_noise_decay=100, batch_size=2048), CPU)
    reals, fakes = torch.zeros(2, 2048, 2)
    noise = game.regularisation
    for number, level in ((0, 0.5), (50, 0.25), (99, 0.005)):
        on_reals, on_fakes = noise.blur_for_d(reals, fakes, number)
        on_g = noise.blur_for_g(fakes, number, number)
        for blurred in (on_reals, on_fakes, on_g):
            assert blurred.std().item() == pytest.approx(level, rel=0.05)
            assert abs(blurred.mean().item()) < 0.05 * level
        together = np.corrcoef([values.flatten().numpy() for values in (on_reals, on_fakes, on_g)])
        assert np.abs(together - np.eye(3)).max() < 0.06, "three independent draws"
        assert torch.equal(on_reals, noise.blur_for_d(reals, fakes, number)[0])
    assert noise.blur_for_d(reals, fakes, 100)[0] is reals and noise.blur_for_g(fakes, 7, 100) is fakes


def test_smoothed_labels_bound_d_and_are_not_recorded() -> None:
    """Where reals and fakes lie apart, D comes to rest at its targets instead of at 0 and 1."""
    settings = {"g_updates": 0, "d_learning_rate": 0.01, "smooth_real": 0.8, "smooth_fake": 0.1}
    trainer = Trainer(SMALL.replace(**settings))
    trainer.step(600)
    trainer.flush()
    last = {name: trainer.history.steps.column(name)[-50:] for name in ("d_real", "d_fake", "d_loss")}
    assert last["d_real"].mean() == pytest.approx(0.8, abs=0.02)
    assert last["d_fake"].mean() == pytest.approx(0.1, abs=0.02)
    assert last["d_loss"].mean() == pytest.approx(-np.log(0.8) - np.log(0.9), abs=0.03)


def test_spectral_norm_follows_the_weights_and_is_gone_when_off() -> None:
    game = GAN(SMALL.replace(spectral_norm="on"), CPU)
    for _ in range(60):
        game.step()
    largest = [torch.linalg.svdvals(weight.detach())[0] for weight in game.d.network.spectral.normalised()]
    assert all(0.99 < value < 1.25 for value in largest), "one iteration an update follows the moving weights"
    game.d.network.spectral.advance(300)
    for weight in game.d.network.spectral.normalised():
        assert torch.linalg.svdvals(weight.detach())[0].item() == pytest.approx(1.0, abs=1e-3)
    assert torch.linalg.svdvals(game.d.network.weights[0].detach())[0].item() != pytest.approx(1.0, abs=0.02)
    weights = [weight.clone() for weight in game.d.network.weights]
    game.apply(SMALL)
    assert all(torch.equal(*pair) for pair in zip(weights, game.d.network.weights, strict=True))
    assert game.d.network.spectral is None and not any("spectral" in key for key in game.state())


def test_the_gradient_probe_measures_the_loss_that_trains() -> None:
    for settings in ({"r1": 5.0}, {"smooth_real": 0.6}, {"spectral_norm": "on"}, {"instance_noise": 1.0}):
        plain, game = GAN(SMALL, CPU), GAN(SMALL.replace(**settings), CPU)
        norms = [PROBES["gradients"].measure(one, 0)["d_grad"] for one in (plain, game)]
        assert norms[0] != pytest.approx(norms[1], rel=1e-3)
    game = GAN(SMALL.replace(r1=5.0), CPU)
    before = game.state()
    measured = PROBES["gradients"].measure(game, 0)["d_grad"]
    assert states_equal(before, game.state())
    lighter = PROBES["gradients"].measure(GAN(SMALL.replace(r1=1e-9), CPU), 0)["d_grad"]
    assert measured > 0 and lighter == pytest.approx(
        PROBES["gradients"].measure(GAN(SMALL, CPU), 0)["d_grad"], rel=1e-6
    )


@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize("order", ["alternating", "simultaneous", "extragradient", "consensus"])
def test_every_objective_takes_every_method_in_every_order(objective: str, order: str) -> None:
    """Both players move, nothing is NaN, and the recorded L_D is the objective's own of what D saw."""
    for methods in (EVERYTHING, OTHERS):
        settings = {"update_order": order, "weight_clip": 0.0, "g_noise": "same", "consensus": 0.01}
        game = GAN(SMALL.replace(objective=objective, **settings, **methods), CPU)
        before = game.state()
        for _ in range(3):
            seen = game.step()
            assert all(bool(value.isfinite().all()) for value in seen)
            torch.testing.assert_close(seen.d_loss, game.costs.d_loss(seen.real, seen.fake))
        after = game.state()
        for weights in ("g.weights.weights.0", "d.weights.weights.0"):
            assert not torch.equal(before[weights], after[weights])


@pytest.mark.parametrize("settings", [EVERYTHING, OTHERS], ids=["labels, noise and slope 0", "slope 1"])
def test_d_updates_may_be_none(settings: dict[str, object]) -> None:
    trainer = Trainer(SMALL.replace(d_updates=0, **settings))
    trainer.step(3)
    trainer.flush()
    assert np.isfinite(trainer.history.steps.last("g_loss"))
    assert trainer.game.d.count == 0 and trainer.game.g.count == 3 and not trainer.diverged


@pytest.mark.cuda
@pytest.mark.parametrize("order", ["alternating", "extragradient", "consensus"])
@pytest.mark.parametrize("settings", [EVERYTHING, OTHERS], ids=["labels, noise and slope 0", "slope 1"])
def test_cuda_follows_the_cpu_and_never_synchronises(settings: dict[str, object], order: str) -> None:
    experiment = SMALL.replace(update_order=order, **settings)
    here, there = GAN(experiment, CPU), GAN(experiment, torch.device("cuda:0"))
    for _ in range(3):
        for one, other in zip(here.step(), there.step(), strict=True):
            torch.testing.assert_close(one, other.cpu(), rtol=1e-3, atol=1e-4)
    torch.cuda.set_sync_debug_mode("error")
    try:
        for _ in range(20):
            there.step()
    finally:
        torch.cuda.set_sync_debug_mode("default")
