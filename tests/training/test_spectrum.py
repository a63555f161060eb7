"""The spectrum against finite differences, a second way of differentiating, closed forms, and itself: all of
J against the leading eigenvalues by Arnoldi."""

import gc
import subprocess
import sys
import threading
import time
import weakref

import numpy as np
import pytest
import torch
from torch.func import grad, jacfwd
from torch.nn.functional import softplus

from ganviz.experiment import Experiment
from ganviz.games.gan import GAN
from ganviz.theory import dirac
from ganviz.training import beside, spectrum
from ganviz.training import probes_spectrum as probe
from ganviz.training.trainer import Trainer

SMALL = Experiment(
    data="ring",
    objective="non_saturating",
    latent_dim=2,
    g_layers=1,
    d_layers=1,
    g_width=6,
    d_width=7,
    g_activation="tanh",
    d_activation="tanh",
    g_optimizer="sgd",
    d_optimizer="sgd",
    g_learning_rate=0.05,
    d_learning_rate=0.1,
    batch_size=32,
    seed=3,
)


@pytest.fixture(autouse=True)
def at_full_priority(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "NICE", 0)


def batch(game: GAN) -> tuple[torch.Tensor, torch.Tensor]:
    source = np.random.default_rng(5)
    rows = game.experiment.batch_size
    reals, latents = game.source.sample(source, rows), game.draw_latents(source, rows)
    return torch.from_numpy(np.asarray(reals)).double(), torch.from_numpy(latents).double()


def played(**settings: object) -> GAN:
    trainer = Trainer(SMALL.replace(**settings))
    trainer.step(20)
    return trainer.game


def moved(game: GAN, by: np.ndarray) -> GAN:
    """A copy whose weights (G's, then D's) are moved."""
    twin = game.still()
    parts = torch.from_numpy(by).split([p.numel() for p in (*twin.g.parameters, *twin.d.parameters)])
    with torch.no_grad():
        for weights, part in zip((*twin.g.parameters, *twin.d.parameters), parts, strict=True):
            weights.add_(part.view(weights.shape))
    return twin


@pytest.mark.parametrize("kind", ["sgd", "adam"])
def test_a_still_game_is_in_float64_on_the_cpu_and_its_own(kind: str) -> None:
    game = played(spectral_norm="on", g_optimizer=kind, d_optimizer=kind)
    check_still(game)
    twin, before = game.still(), game.state()
    for player, its in ((twin.g, game.g), (twin.d, game.d)):
        rate = float(its.rate)
        its.apply(game.experiment.replace(g_learning_rate=0.9, d_learning_rate=0.9))
        assert player.rate == rate
        player.take([torch.ones_like(one) for one in player.parameters])
        player.move()
    assert all(torch.equal(value, before[key]) for key, value in game.state().items() if "count" not in key)
    assert not torch.equal(twin.g.vector, game.g.still().vector)


def check_still(game: GAN) -> None:
    twin = game.still()
    spectral = twin.d.network.spectral
    assert spectral is not None
    for player, its in ((twin.g, game.g), (twin.d, game.d)):
        held = [player.vector, *player.parameters, *player.moments.values()]
        assert {(one.device.type, one.dtype) for one in held} == {("cpu", torch.float64)}
        assert player.vector.tolist() == its.vector.tolist()
        flat = torch.cat([one.detach().flatten() for one in player.parameters])
        assert torch.equal(flat, player.vector)
    vectors = spectral.state().values()
    assert {(one.device.type, one.dtype) for one in vectors} == {("cpu", torch.float64)}


@pytest.mark.cuda
@pytest.mark.parametrize("kind", ["sgd", "adam"])
def test_cuda_spectrum_is_that_of_the_same_weights_on_the_cpu(kind: str) -> None:
    settings = {"spectral_norm": "on", "g_optimizer": kind, "d_optimizer": kind}
    here = played(**settings)
    there = GAN(here.experiment, torch.device("cuda:0"))
    there.load(here.state())
    check_still(there)
    mine, others = (spectrum.Field(game.still(), *batch(game)) for game in (here, there))
    np.testing.assert_array_equal(mine.value, others.value)
    np.testing.assert_array_equal(mine.matrix(), others.matrix())


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"r1": 0.7, "r2": 0.3},
        {"gradient_penalty": 2.0, "weight_clip": 0.0, "objective": "wasserstein"},
        {"objective": "minimax", "update_order": "consensus", "consensus": 0.5},
        {"spectral_norm": "on", "instance_noise": 0.4, "smooth_real": 0.9, "dragan": 0.5},
        {"objective": "relativistic_average", "g_layers": 0},
    ],
    ids=lambda settings: "+".join(settings) or "plain",
)
def test_jacobian_is_the_slope_of_what_the_players_feel(settings: dict) -> None:
    game = played(**settings)
    reals, latents = batch(game)
    n = len(spectrum.Field(game.still(), reals, latents))
    jacobian = spectrum.Field(game.still(), reals, latents).matrix()
    h = 1e-5
    for direction in np.random.default_rng(1).standard_normal((4, n)):
        ends = [spectrum.Field(moved(game, s * h * direction), reals, latents).value for s in (1, -1)]
        np.testing.assert_allclose(jacobian @ direction, (ends[0] - ends[1]) / (2 * h), atol=2e-7)


def test_field_is_minus_what_an_update_feels() -> None:
    game = played(r1=0.7).still()
    reals, latents = batch(game)
    field = spectrum.Field(game, reals, latents)
    judged = game.judge(reals, game.g.network(latents))
    game.d.feel(judged.trained)
    np.testing.assert_allclose(field.value[field.sizes[0] :], -game.d.gradient.numpy(), atol=1e-14)
    game.g.feel(game.costs.g_loss(judged.real, game.d.network(game.g.network(latents))))
    np.testing.assert_allclose(field.value[: field.sizes[0]], -game.g.gradient.numpy(), atol=1e-14)


@pytest.mark.filterwarnings("ignore:`torch.jit.script:DeprecationWarning")
def test_jacobian_equals_forward_over_reverse_differentiation() -> None:
    """The non-saturating game written down a second time and differentiated by torch.func."""
    game = played().still()
    reals, latents = batch(game)
    parameters = [*game.g.parameters, *game.d.parameters]  # two matrices, two biases; of G, of D
    w = torch.cat([p.detach().flatten() for p in parameters])
    size = sum(p.numel() for p in game.g.parameters)

    def outputs(w: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        parts = w.split([p.numel() for p in parameters])
        a, b, c, d, e, f, g, h = (part.view(p.shape) for part, p in zip(parts, parameters, strict=True))
        fakes = torch.tanh(latents @ a.T + c) @ b.T + d
        return tuple((torch.tanh(x @ e.T + g) @ f.T + h).squeeze(1) for x in (reals, fakes))

    def v(w: torch.Tensor) -> torch.Tensor:
        of_d = grad(lambda w: softplus(-outputs(w)[0]).mean() + softplus(outputs(w)[1]).mean())(w)
        of_g = grad(lambda w: softplus(-outputs(w)[1]).mean())(w)
        return -torch.cat([of_g[:size], of_d[size:]])

    got = spectrum.Field(game, reals, latents).matrix()
    np.testing.assert_allclose(got, jacfwd(v)(w).numpy(), atol=1e-13)


@pytest.mark.parametrize("settings", [{}, {"r1": 1.0}], ids=["plain", "r1"])
def test_arnoldi_finds_the_leading_ones_of_all(settings: dict) -> None:
    game = played(g_width=10, d_width=10, **settings)
    field = spectrum.Field(game.still(), *batch(game))
    exact = spectrum.all_of(field.matrix())
    found = spectrum.leading(field.transposed, len(field))
    assert exact.residual < 1e-12 and found.residual < 1e-5
    for value in found.values:
        assert np.abs(exact.values - value).min() < 1e-6
    for measure, count in ((np.abs, 10), (np.real, 6), (np.imag, 1)):
        wanted = np.sort(measure(exact.values))[::-1][:count]
        np.testing.assert_allclose(np.sort(measure(found.values))[::-1][:count], wanted, atol=1e-6)


STEPS = [
    {},
    {"d_updates": 3, "g_updates": 2},
    {"update_order": "simultaneous"},
    {"update_order": "simultaneous", "d_updates": 2},
    {"update_order": "extragradient"},
    {"g_momentum": 0.8, "d_momentum": 0.5},
    {"update_order": "simultaneous", "g_momentum": 0.8},
    {"g_optimizer": "adam", "d_optimizer": "rmsprop"},
]


@pytest.mark.parametrize("settings", STEPS, ids=lambda settings: "+".join(settings) or "plain")
def test_step_is_what_its_updates_do_one_after_the_other(settings: dict) -> None:
    """In a linear game, v = Jw, played update by update."""
    game = played(**settings)
    step, e = spectrum.step_of(game), game.experiment
    sizes = [player.vector.numel() for player in (game.g, game.d)]
    n, random = sum(sizes), np.random.default_rng(2)
    jacobian = random.standard_normal((n, n))
    state = random.standard_normal(2 * n if step.remembers else n)
    w, b = state[:n].copy(), state[n:].copy()
    who = np.repeat(["g", "d"], sizes)

    def update(player: str, v: np.ndarray) -> None:
        mine = np.isin(who, list(player))
        if step.remembers:
            b[mine] = step.momentum[mine] * b[mine] - v[mine]
            w[mine] -= step.rates[mine] * b[mine]
        else:
            w[mine] += step.rates[mine] * v[mine]

    at_once = e.update_order != "alternating"
    for player in "d" * (e.d_updates - at_once) + "b" * at_once + "g" * (e.g_updates - at_once):
        v = jacobian @ w
        if player == "b" and e.update_order == "extragradient":
            v = jacobian @ (w + step.rates * v)
        update("gd" if player == "b" else player, v)
    change = step.change(jacobian)
    np.testing.assert_allclose(state + change @ state, np.r_[w, b], rtol=1e-9, atol=1e-9)
    apply = step.change_transposed(lambda u: jacobian.T @ u)
    probe_vector = random.standard_normal(len(state))
    np.testing.assert_allclose(apply(probe_vector), change.T @ probe_vector, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("kind", ["sgd", "adam", "rmsprop"])
def test_rates_are_those_of_the_next_update(kind: str) -> None:
    """Where all history is one constant gradient, an update is the rate times it."""
    game = played(g_optimizer=kind, d_optimizer=kind, g_momentum=0.0, g_beta1=0.0)
    twin = game.still()
    rates = spectrum.step_of(twin).rates[: twin.g.vector.numel()]
    assert (rates > 0).all()
    if kind == "sgd":
        assert set(rates) == {0.05}
    gradient = torch.full_like(game.g.vector, 1e-3)
    game.g.apply(game.experiment.replace(g_optimizer="sgd"))
    game.g.apply(game.experiment)  # empty moments
    for _ in range(3):
        before = game.g.vector.clone()
        game.g.gradient = gradient.clone()
        game.g.move()
    rates = spectrum.step_of(game).rates[: len(before)]
    np.testing.assert_allclose((before - game.g.vector).numpy(), rates * 1e-3, rtol=2e-3)


@pytest.mark.parametrize("order", ["simultaneous", "alternating"])
@pytest.mark.parametrize("method", ["minimax", "r1"])
def test_a_step_of_the_dirac_gan_is_the_papers(order: str, method: str) -> None:
    step = spectrum.Step(
        np.full(2, 0.2),
        np.zeros(2),
        [
            spectrum.Stage(np.array(m))
            for m in ([[1.0, 1.0]] if order == "simultaneous" else [[0.0, 1.0], [1.0, 0.0]])
        ],
    )
    got = spectrum.all_of(step.change(dirac.jacobian(method))).values + 1.0
    expected = dirac.eigenvalues(method, step_size=0.2, order=order)
    np.testing.assert_allclose(np.sort_complex(got), np.sort_complex(expected), atol=1e-14)
    assert (step.follows_field == 0.2) is (order == "simultaneous")


def test_eigenvalues_are_followed_along_a_way() -> None:
    """R1 in the Dirac-GAN: -gamma/2 ± sqrt(gamma^2/4 - 1/4) for each gamma on the way."""
    first, last = dirac.jacobian("minimax"), dirac.jacobian("r1", gamma=0.8)
    path = spectrum.along(first, last, spectrum.all_of(first).values, 4)
    for row, gamma in zip(path, (0.0, 0.2, 0.4, 0.6, 0.8), strict=True):
        np.testing.assert_allclose(
            row, dirac.eigenvalues("r1", gamma=gamma)[:: int(np.sign(path[0, 0].imag))], atol=1e-14
        )


def test_partners_are_the_nearest_together() -> None:
    before, after = np.array([0.0, 1.0, 5.0]) + 0j, np.array([1.1, 0.4]) + 0j
    got = spectrum.paired(before, after)
    assert got[:2].tolist() == [0.4, 1.1] and np.isnan(got[2])


# ---------------------------------------------------------------- beside a run


def test_a_spectrum_beside_the_run_changes_no_bit_of_it() -> None:
    plain, watched = Trainer(SMALL), Trainer(SMALL)
    for _ in range(6):
        plain.step(20)
        watched.step(20)
        watched.observe({"spectrum"}, everything=True)
    probe.wait(watched.game, 120)
    assert all(
        torch.equal(value, plain.state()[key]) for key, value in watched.state().items() if key != "seconds"
    )


def test_a_game_that_stands_still_gets_its_spectrum_without_a_rest() -> None:
    trainer = Trainer(SMALL)
    trainer.run({"spectrum"})
    job = probe.DESKS.of(trainer.game).job
    job.begun -= 3600.0  # it took an hour, and is to rest for another
    trainer.step()
    trainer.observe({"spectrum"}, everything=True)
    assert probe.DESKS.of(trainer.game).job is job
    assert trainer.has_news({"spectrum"})
    trainer.observe({"spectrum"}, everything=True)
    assert probe.DESKS.of(trainer.game).job.step == 1


def test_asked_for_by_name_it_is_waited_for() -> None:
    trainer = Trainer(SMALL)
    trainer.step(20)
    assert trainer.run().frame.get("spectrum") is None
    seen = trainer.run({"spectrum"}).frame.get("spectrum")
    assert seen["ready"] and seen["exact"] and not seen["busy"] and seen["at_step"] == 20
    n = seen["g_weights"] + seen["d_weights"]
    assert n == 18 + 14 + 21 + 8 == len(seen["field"]) == len(seen["step_other"])
    assert seen["other"] == "with R1, γ = 1" and seen["step_path"].shape == (probe.PATH + 1, n)
    trainer.apply(SMALL.replace(r1=1.0))
    again = trainer.run({"spectrum"}).frame.get("spectrum")
    assert again["other"] == "without R1"
    # the same weights and batch: what was the other is the present one, and the other way round
    for name in ("field", "step"):
        for now, other in ((name, f"{name}_other"), (f"{name}_other", name)):
            np.testing.assert_allclose(np.sort(np.abs(again[now])), np.sort(np.abs(seen[other])), atol=1e-9)


def test_large_games_get_the_leading_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    exact = Trainer(SMALL).run({"spectrum"}).frame.get("spectrum")
    monkeypatch.setattr(probe, "MOST_EXACT", 10)
    seen = Trainer(SMALL).run({"spectrum"}).frame.get("spectrum")
    assert not seen["exact"] and seen["field_residual"] < 1e-5 and len(seen["field"]) < len(exact["field"])
    for name in ("field", "field_other", "step", "step_other"):
        assert np.abs(seen[name][:, None] - exact[name][None, :]).min(axis=1).max() < 1e-5
        if name.startswith("field"):
            assert np.abs(seen[name]).max() == pytest.approx(np.abs(exact[name]).max(), abs=1e-6)


def test_what_was_shown_is_not_kept_for_ever() -> None:
    trainer = Trainer(SMALL)
    jobs = []
    for _ in range(3):
        trainer.step()
        trainer.run({"spectrum"})
        jobs.append(weakref.ref(probe.DESKS.of(trainer.game).job))
    gc.collect()
    assert [job() is None for job in jobs] == [True, True, False]


def test_too_large_a_game_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe, "MOST", 10)
    seen = Trainer(SMALL).run({"spectrum"}).frame.get("spectrum")
    assert seen["too_large"] and not seen["ready"] and not seen["busy"]


def test_a_fault_in_it_is_one_line_and_no_end_of_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("no second derivative\nand more")

    monkeypatch.setattr(probe, "spectra", fail)
    seen = Trainer(SMALL).run({"spectrum"}).frame.get("spectrum")
    assert seen["problem"] == "RuntimeError: no second derivative" and not seen["ready"]


def test_the_thread_ends_with_the_game_and_only_one_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe, "MOST_EXACT", 10)
    trainer = Trainer(SMALL.replace(g_width=128, d_width=128, g_layers=2, d_layers=2, batch_size=512))
    for _ in range(3):
        trainer.observe({"spectrum"}, everything=True)
        trainer.step()
    (thread,) = [one for one in threading.enumerate() if one.name == "spectrum"]
    trainer.reset()
    gc.collect()
    end = time.monotonic() + 60
    while thread.is_alive():
        assert time.monotonic() < end
        thread.join(0.1)


def test_the_program_ends_while_one_is_being_worked_out() -> None:
    code = """
from ganviz import Experiment, Trainer
trainer = Trainer(Experiment(batch_size=512))
trainer.observe({"spectrum"})
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_no_moments_no_step() -> None:
    trainer = Trainer(SMALL.replace(g_optimizer="adam"))
    seen = trainer.run({"spectrum"}).frame.get("spectrum")
    assert seen["step_refused"] == "no update yet, so no moments" and "step" not in seen
    trainer.step()
    seen = trainer.run({"spectrum"}).frame.get("spectrum")
    assert seen["step_refused"] == "" and "Adam's rates" in seen["step_note"] and len(seen["step"]) == 61
