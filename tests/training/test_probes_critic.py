"""D beside the critic: against finite differences, SciPy, and a run that nobody looks at."""

import numpy as np
import pytest
import torch
from scipy.stats import norm, wasserstein_distance

from ganviz.data import make_source
from ganviz.experiment import Experiment
from ganviz.training import probes_critic
from ganviz.training.probes import PROBES
from ganviz.training.trainer import Trainer

SMALL = Experiment(g_width=16, d_width=16, batch_size=32, device="cpu", measure_every=100_000)
LINE = SMALL.replace(data="mixture_1d", modes=1, sigma=1.0, centre=5.0, latent_dim=1, g_layers=0)


def seen_of(trainer: Trainer) -> dict:
    values = PROBES["critic"].measure(trainer.game, trainer.step_count)
    assert values is not None
    return values


def output(network: torch.nn.Module, x: np.ndarray) -> np.ndarray:
    with torch.no_grad():
        return network.double()(torch.tensor(x[:, None], dtype=torch.float64)).numpy()


@pytest.mark.parametrize("objective", ["non_saturating", "wasserstein"])
def test_outputs_and_slopes_are_those_of_the_running_network(objective: str) -> None:
    trainer = Trainer(LINE.replace(objective=objective, d_activation="tanh"))
    trainer.step(30)
    seen = seen_of(trainer)
    network, x, small = trainer.game.d.network, seen["at"], 1e-5
    squash = (lambda a: 1 / (1 + np.exp(-a))) if objective == "non_saturating" else (lambda a: a)
    name = "d" if objective == "non_saturating" else "f"
    assert seen["reference"] == ("critic" if name == "d" else "d")
    np.testing.assert_allclose(seen[name], squash(output(network, x)), rtol=1e-4, atol=1e-7)
    slope = (squash(output(network, x + small)) - squash(output(network, x - small))) / (2 * small)
    np.testing.assert_allclose(seen[f"{name}_slope"], slope, rtol=2e-3, atol=1e-7)
    between = np.linspace(seen["ends"][0], seen["ends"][1], 501)
    slope = squash(output(network, between + small)) - squash(output(network, between - small))
    assert seen[f"{name}_ratio"] == pytest.approx(np.abs(slope).max() / np.abs(slope).min(), rel=0.02)


def test_the_line_runs_from_the_fakes_mean_to_the_reals_mean() -> None:
    trainer = Trainer(SMALL.replace(data="grid"))
    trainer.step(5)
    seen = seen_of(trainer)
    game = trainer.game
    with torch.no_grad():
        fakes = game.g.network(game.fixed_latents).double().numpy()
    start, stop = fakes.mean(0), game.fixed_real.double().numpy().mean(0)
    np.testing.assert_allclose(seen["ends"], [0.0, np.linalg.norm(stop - start)], atol=1e-9)
    with torch.no_grad():
        point = torch.tensor(start + seen["at"][40] * (stop - start) / np.linalg.norm(stop - start))
        expected = game.d.network(point.float()[None]).sigmoid().item()
    assert seen["d"][40] == pytest.approx(expected, rel=1e-5)
    assert np.isnan(seen["w1"]) and not seen["is_line"]


def test_gap_and_w1_are_of_the_same_samples() -> None:
    trainer = Trainer(LINE.replace(objective="wasserstein"))
    trainer.step(20)
    seen = seen_of(trainer)
    game = trainer.game
    from ganviz.games.streams import generator

    source = generator(0, "measure", 20)
    real = game.place(game.source.sample(source, 2048))
    with torch.no_grad():
        fake = game.g.network(game.place(game.draw_latents(source, 2048)))
        gap = game.d.network(real).double().mean() - game.d.network(fake).double().mean()
    assert seen["gap"] == pytest.approx(gap.item(), rel=1e-6)
    assert seen["w1"] == pytest.approx(wasserstein_distance(real[:, 0], fake[:, 0]), rel=1e-5)


def test_weights_are_counted_and_held_against_the_bound() -> None:
    trainer = Trainer(LINE.replace(objective="wasserstein", weight_clip=0.02))
    trainer.step(50)
    seen = seen_of(trainer)
    weights = torch.cat([p.detach().flatten() for p in trainer.game.d.parameters]).numpy()
    assert seen["weight_counts"].sum() == len(weights) and seen["bound"] == 0.02
    assert seen["at_bound"] == pytest.approx(np.isclose(np.abs(weights), 0.02, rtol=1e-3).mean())
    free = Trainer(LINE.replace(objective="hinge"))
    seen = seen_of(free)
    assert np.isnan(seen["bound"]) and np.isnan(seen["at_bound"])


def test_looking_changes_no_bit_of_the_run() -> None:
    experiment = LINE.replace(objective="non_saturating", g_layers=1)
    looked, alone = Trainer(experiment), Trainer(experiment)
    for _ in range(6):
        looked.step(5)
        looked.observe(["critic"], everything=True)
    alone.step(30)
    first, second = looked.state(), alone.state()
    first.pop("seconds"), second.pop("seconds")
    assert first.keys() == second.keys()
    assert all(torch.equal(first[key], second[key]) for key in first)


def test_the_reference_learns_a_little_at_each_look_and_starts_anew_with_the_run() -> None:
    trainer = Trainer(LINE)
    counts = [seen_of(trainer)["updates"] for _ in range(3)]
    assert 1 <= counts[0] < counts[1] < counts[2] <= 3 * probes_critic.MOST_UPDATES
    trainer.apply(LINE.replace(objective="wasserstein"))
    assert seen_of(trainer)["updates"] <= probes_critic.MOST_UPDATES
    trainer.apply(LINE)
    assert seen_of(trainer)["updates"] > counts[2]
    trainer.reset()
    assert seen_of(trainer)["updates"] <= probes_critic.MOST_UPDATES


def test_a_look_ends_when_its_time_is_up() -> None:
    trainer = Trainer(LINE)
    reference = probes_critic.Reference(trainer.game, "d")
    now = iter([0.0, 0.001, 0.002, probes_critic.SECONDS, 9.0])
    reference.train(trainer.game, clock=lambda: next(now))
    assert reference.updates == 3
    reference.train(trainer.game, clock=lambda: 0.0)
    assert reference.updates == 3 + probes_critic.MOST_UPDATES


def test_the_preset_is_figure_2_of_the_paper() -> None:
    """Between N(5, 1) and about N(0, 1): the clipped critic nearly straight, D flat; weights at the bound."""
    trainer = Trainer(Experiment.preset("critic"))
    trainer.step(2_000)
    reference = probes_critic.Reference(trainer.game, "d")
    for _ in range(10):
        reference.train(trainer.game, clock=lambda: 0.0)
    assert reference.updates == 400
    probes_critic._references[trainer.game] = {"d": reference}
    seen = seen_of(trainer)
    assert seen["f_ratio"] <= 10.0 and seen["at_bound"] >= 0.8
    assert seen["d_ratio"] >= 500.0
    np.testing.assert_allclose(seen["ends"], [0.0, 5.0], atol=0.1)
    assert seen["w1"] == pytest.approx(5.0, abs=0.15)


def test_the_centre_moves_the_gaussians() -> None:
    source = make_source("mixture_1d", modes=2, side=1, radius=2.0, sigma=0.5, centre=5.0)
    x = np.linspace(0, 10, 101)
    expected = (norm.pdf(x, 3.0, 0.5) + norm.pdf(x, 7.0, 0.5)) / 2
    np.testing.assert_allclose(source.density(x[:, None]), expected, rtol=1e-9)
    assert source.extent[0][1] >= 9.0 and source.extent[0][0] == -source.extent[0][1]
    assert source.sample(np.random.default_rng(0), 4000).mean() == pytest.approx(5.0, abs=0.1)
