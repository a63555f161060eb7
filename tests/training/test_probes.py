"""What is measured, against the slow and obvious way to measure it."""

import numpy as np
import pytest
import torch

from ganviz.experiment import Experiment
from ganviz.games.gan import GAN
from ganviz.games.objectives import COSTS
from ganviz.games.streams import generator
from ganviz.theory.objectives import OBJECTIVES
from ganviz.training.observer import Observer
from ganviz.training.probes import PROBES, record_row
from ganviz.training.trainer import Trainer

CPU = torch.device("cpu")
SMALL = Experiment(g_width=16, d_width=16, batch_size=64)


def played(**settings: object) -> GAN:
    game = GAN(SMALL.replace(**settings), CPU)
    for _ in range(5):
        game.step()
    return game


@pytest.mark.parametrize("objective", COSTS)
def test_gradient_norms_equal_full_backward_passes(objective: str) -> None:
    game = played(objective=objective)
    seen = PROBES["gradients"].measure(game, 5)
    assert seen is not None
    source = generator(0, "measure", 5)
    noise = game.place(game.draw_latents(source, 64))
    reals = game.place(game.source.sample(source, 64))
    for name, key in (("g_grad", objective), ("minimax", "minimax"), ("non_saturating", "non_saturating")):
        loss = COSTS[key].g_loss(game.d.network(reals), game.d.network(game.g.network(noise)))
        gradient = torch.autograd.grad(loss, game.g.parameters)
        norm = torch.cat([part.flatten() for part in gradient]).double().norm().item()
        if name != "g_grad" and not OBJECTIVES[objective].is_probability:
            assert np.isnan(seen[name])
        else:
            assert seen[name] == pytest.approx(norm, rel=1e-5)


DCGAN = {"data": "digits", "network": "dcgan", "filters": 4}


@pytest.mark.parametrize("batch_norm", ["both", "none"])
@pytest.mark.parametrize("objective", ["minimax", "non_saturating", "wasserstein", "relativistic_average"])
def test_gradient_norms_of_convolutions_equal_full_backward_passes(objective: str, batch_norm: str) -> None:
    """Where D normalises its batch, every output depends on every fake."""
    game = played(objective=objective, batch_norm=batch_norm, weight_clip=0.0, **DCGAN)
    seen = PROBES["gradients"].measure(game, 5)
    assert seen is not None
    source = generator(0, "measure", 5)
    noise = game.place(game.draw_latents(source, 64))
    reals = game.place(game.source.sample(source, 64))
    keys = ("minimax", "non_saturating") if OBJECTIVES[objective].is_probability else ()
    for name, key in (("g_grad", objective), *zip(keys, keys, strict=True)):
        loss = COSTS[key].g_loss(game.d.network(reals), game.d.network(game.g.network(noise)))
        gradient = torch.autograd.grad(loss, game.g.parameters)
        norm = torch.cat([part.flatten() for part in gradient]).double().norm().item()
        assert seen[name] == pytest.approx(norm, rel=1e-4)
    fakes = game.g.network(noise).detach()
    loss = COSTS[objective].d_loss(game.d.network(reals), game.d.network(fakes))
    gradient = torch.autograd.grad(loss, game.d.parameters)
    norm = torch.cat([part.flatten() for part in gradient]).double().norm().item()
    assert seen["d_grad"] == pytest.approx(norm, rel=1e-4)


def test_d_says_of_the_fixed_samples_what_training_would_see() -> None:
    game = played(**DCGAN)
    seen = PROBES["samples"].measure(game, 5)
    assert seen is not None and len(seen["real"]) == len(seen["fake"]) == 128
    with torch.no_grad():
        real = game.d.network(torch.tensor(seen["real"], dtype=torch.float32))
        fake = game.d.network(torch.tensor(seen["fake"], dtype=torch.float32))
    assert torch.allclose(torch.tensor(seen["output_real"]).float(), real, atol=1e-5)
    assert torch.allclose(torch.tensor(seen["output_fake"]).float(), fake, atol=1e-5)


def test_no_look_at_convolutions_changes_a_bit_of_the_run() -> None:
    watched, alone = (Trainer(SMALL.replace(**DCGAN, batch_size=16)) for _ in range(2))
    beside = {key for key, probe in PROBES.items() if probe.beside}
    for _ in range(4):
        watched.step(2)
        watched.observe(PROBES.keys() - beside, everything=True)
        alone.step(2)
    ours, theirs = watched.state(), alone.state()
    assert any("running_mean" in key for key in ours)
    assert all(torch.equal(ours[key], theirs[key]) for key in theirs if key != "seconds")


def test_a_spectrum_of_convolutions_is_refused_in_a_line() -> None:
    seen = PROBES["spectrum"].measure(played(**DCGAN), 5)
    assert seen is not None and not seen["ready"] and not seen["busy"]
    assert seen["problem"] == "it is worked out for fully connected networks alone"
    assert PROBES["critic"].measure(played(**DCGAN), 5) is None


@pytest.mark.parametrize("objective", COSTS)
def test_arrows_are_the_descent_of_each_fakes_own_cost(objective: str) -> None:
    game = played(objective=objective)
    seen = PROBES["arrows"].measure(game, 5)
    assert seen is not None and seen["at"].shape == seen["active"].shape == (70, 2)
    if COSTS[objective].compares:
        fakes = torch.tensor(seen["at"], dtype=torch.float32, requires_grad=True)
        real, fake = game.d.network(game.fixed_real), game.d.network(fakes)
        costs = COSTS[objective]
        if OBJECTIVES[objective].relative_to == "partner":  # every real in turn stands beside all fakes
            loss = torch.stack([costs.g_loss(one.expand(70), fake) for one in real]).mean()
        else:
            loss = costs.g_loss(real, fake)
        push = -torch.autograd.grad(70 * loss, fakes)[0]
        np.testing.assert_allclose(seen["active"], push.numpy(), rtol=1e-4, atol=1e-7)
        return
    for index in (0, 33, 69):
        fake = torch.tensor(seen["at"][index : index + 1], dtype=torch.float32, requires_grad=True)
        push = -torch.autograd.grad(COSTS[objective].generator(game.d.network(fake)).sum(), fake)[0]
        np.testing.assert_allclose(seen["active"][index], push[0].numpy(), rtol=1e-4, atol=1e-7)
    assert ("minimax" in seen) == OBJECTIVES[objective].is_probability


def test_surface_is_d_at_its_grid_points() -> None:
    game = played()
    seen = PROBES["surface"].measure(game, 5)
    assert seen is not None
    point = torch.tensor([[seen["x"][50], seen["y"][3]]], dtype=torch.float32)
    with torch.no_grad():
        assert seen["output"][3, 50] == pytest.approx(game.d.network(point).item(), rel=1e-4)


def test_samples_follow_the_same_latents() -> None:
    game = played()
    first = PROBES["samples"].measure(game, 5)
    again = PROBES["samples"].measure(game, 6)
    assert first is not None and again is not None
    assert np.array_equal(first["fake"], again["fake"]) and first["fake"].shape == (500, 2)


@pytest.mark.parametrize(
    "data", ["ring", "grid", "moons", "swiss_roll", "checkerboard", "square", "mixture_1d"]
)
def test_a_perfect_generator_reads_no_divergence(data: str) -> None:
    """G is replaced by the source itself: what the panel would show of a perfect generator."""
    game = GAN(SMALL.replace(data=data, latent_dim=2), CPU)

    draws = np.random.default_rng(5)

    class Perfect(torch.nn.Module):
        def forward(self, latents: torch.Tensor) -> torch.Tensor:
            return game.place(game.source.sample(draws, len(latents)))

    game.g.network = Perfect()
    seen = PROBES["divergence"].measure(game, 0)
    assert seen is not None
    assert 0.0 <= seen["jsd"] <= 0.02
    if data in ("ring", "grid", "mixture_1d"):
        assert seen["modes"] == len(game.source.means) and seen["high_quality"] > 0.98
    if data == "mixture_1d":
        assert seen["w1"] < 0.1


def test_images_have_no_surface_and_no_divergence() -> None:
    game = GAN(SMALL.replace(data="digits"), CPU)
    assert [PROBES[key].measure(game, 0) for key in ("surface", "arrows", "divergence")] == [None] * 3
    row = record_row({key: PROBES[key].measure(game, 0) for key in ("gradients", "divergence")})
    assert np.isnan(row["jsd"]) and row["g_grad_minimax"] > 0


def test_probes_are_seen_at_their_own_pace() -> None:
    trainer, observer = Trainer(SMALL), Observer()
    serials = [
        observer.look(trainer.game, 0, ["samples", "surface"], now)["samples"].serial
        for now in (10.01, 10.02, 10.12, 10.13)
    ]  # eight times a second, on a common beat: at 10.000 and 10.125
    assert serials[0] == serials[1] == serials[2] < serials[3]
    first = trainer.observe(["samples"])
    assert trainer.observe(["samples"], everything=True).get("samples").serial > first.get("samples").serial
    assert trainer.observe([]).get("samples") is None
    with pytest.raises(ValueError, match="read-only"):
        first.get("samples")["fake"][0] = 0
