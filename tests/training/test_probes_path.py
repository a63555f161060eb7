"""Paths through weight space: what is recorded and measured along them, and that it leaves the run alone."""

import itertools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from ganviz.experiment import Experiment
from ganviz.games.gan import GAN
from ganviz.record.run_folder import RunFolderError
from ganviz.theory.path_angle import read
from ganviz.training.checkpoint import keep, resume
from ganviz.training.probes_path import ALPHAS, FIRST_COARSE, PATHS, ROWS, STORED, path_angle, weight_path
from ganviz.training.trainer import Trainer

SMALL = Experiment(g_width=12, d_width=12, batch_size=32, measure_every=5, device="cpu", r1=0.5)
NEEDS = ("weight_path", "path_angle")


def steps_of(trainer: Trainer) -> list[int]:
    return trainer.run(["weight_path"]).frame.measurements["weight_path"]["steps"].tolist()


def vectors(trainer: Trainer) -> np.ndarray:
    return torch.cat([trainer.game.g.vector, trainer.game.d.vector]).detach().double().numpy()


def test_states_are_recorded_headless_and_the_run_does_not_notice() -> None:
    watched, alone = Trainer(SMALL), Trainer(SMALL)
    for _ in range(4):
        watched.step(10)
        watched.run(NEEDS)
        watched.ask("path_angle", (5, 20))
    alone.step(40)
    assert steps_of(alone) == list(range(0, 45, 5))
    for key, value in alone.state().items():
        if key != "seconds":
            assert torch.equal(value, watched.state()[key]), key
    assert torch.equal(alone.game.g.vector, watched.game.g.vector)


def test_the_planes_are_those_of_the_weights() -> None:
    trainer, states = Trainer(SMALL), []
    for _ in range(9):
        states.append(vectors(trainer))
        trainer.step(5)
    states.append(vectors(trainer))
    seen = trainer.run(NEEDS).frame.measurements["weight_path"]
    parts = np.array(states)[:, : seen["parameters_g"]], np.array(states)[:, seen["parameters_g"] :]
    assert seen["parameters_d"] == parts[1].shape[1]
    for name, part in (("g", parts[0]), ("d", parts[1]), ("both", np.array(states))):
        centred = part - part.mean(0)
        left, sizes, _ = np.linalg.svd(centred, full_matrices=False)
        for axis in range(2):
            sign = np.sign(left[:, axis] @ seen[name][:, axis])
            np.testing.assert_allclose(
                seen[name][:, axis], sign * sizes[axis] * left[:, axis], atol=1e-4 * sizes[0]
            )
        np.testing.assert_allclose(seen[f"{name}_explained"], sizes[:2] ** 2 / (sizes**2).sum(), rtol=1e-3)


@pytest.mark.parametrize("objective", ["minimax", "relativistic", "wasserstein"])
def test_the_angle_is_that_of_the_field_by_separate_passes(objective: str) -> None:
    trainer = Trainer(SMALL.replace(objective=objective))
    start = vectors(trainer)
    trainer.step(30)
    stop = vectors(trainer)
    seen = trainer.run(NEEDS).frame.measurements["path_angle"]
    assert (seen["start"], seen["stop"], seen["rows"]) == (0, 30, ROWS)
    assert seen["distance"] == pytest.approx(np.linalg.norm(stop - start), rel=1e-5)
    game = GAN(trainer.experiment, torch.device("cpu"))
    for index in (0, 5, 40, 55, 60):
        at = torch.from_numpy((1 - ALPHAS[index]) * start + ALPHAS[index] * stop).float()
        count = game.g.vector.numel()
        with torch.no_grad():
            game.g.vector.copy_(at[:count])
            game.d.vector.copy_(at[count:])
        reals, latents = game.fixed_real[:ROWS], game.fixed_latents[:ROWS]
        fakes = game.g.network(latents)
        d_loss = game.judge(reals, fakes.detach()).trained
        g_loss = game.costs.g_loss(game.d.network(reals), game.d.network(fakes))
        slopes = [
            torch.cat([slope.flatten() for slope in torch.autograd.grad(loss, player.parameters)]).double()
            for loss, player in ((g_loss, game.g), (d_loss, game.d))
        ]
        field = -torch.cat(slopes).numpy()
        way = stop - start
        assert seen["norm"][index] == pytest.approx(np.linalg.norm(field), rel=2e-4)
        assert seen["cosine"][index] == pytest.approx(
            field @ way / np.linalg.norm(field) / np.linalg.norm(way), abs=2e-4
        )
        own = field[:count] @ way[:count] / np.linalg.norm(field[:count]) / np.linalg.norm(way[:count])
        assert seen["cosine_g"][index] == pytest.approx(own, abs=2e-4)


def test_work_comes_in_pieces_and_ends_where_it_would_at_once() -> None:
    hurried, calm = Trainer(SMALL), Trainer(SMALL)
    for trainer in (hurried, calm):
        trainer.step(40)
    tick = itertools.count()
    known = []
    for _ in range(200):
        seen = path_angle(hurried.game, 40, clock=lambda: next(tick) * 0.004)
        assert seen is not None
        known.append(int(np.isfinite(seen["cosine"]).sum()))
        if "unfinished" not in seen:
            break
    assert [count for count in known if count] == list(range(1, 62)), "one place a look"
    assert len(known) < 75, "after the few that work out whether the path goes round"
    whole = calm.run(NEEDS).frame.measurements["path_angle"]
    np.testing.assert_array_equal(seen["cosine"], whole["cosine"])
    assert sorted(FIRST_COARSE) == list(range(61))
    hurried, looks = Trainer(SMALL), 1
    hurried.step(40)
    while "unfinished" in (found := weight_path(hurried.game, 40, clock=lambda: next(tick) * 0.01) or {}):
        assert looks < 50
        looks += 1
    assert looks > 8 and found["steps"].tolist() == list(range(0, 45, 5))
    np.testing.assert_allclose(found["g"], calm.run(NEEDS).frame.measurements["weight_path"]["g"])


def test_a_whole_curve_stays_until_the_next_is_whole() -> None:
    trainer = Trainer(SMALL)
    trainer.step(20)
    whole = trainer.run(NEEDS).frame.measurements["path_angle"]
    trainer.step(5)
    slow = itertools.count()
    seen = path_angle(trainer.game, 25, clock=lambda: float(next(slow)))
    assert seen is not None and seen["unfinished"] and seen["stop"] == 20
    np.testing.assert_array_equal(seen["cosine"], whole["cosine"])
    assert trainer.run(NEEDS).frame.measurements["path_angle"]["stop"] == 25


def test_two_states_are_chosen() -> None:
    trainer = Trainer(SMALL)
    trainer.step(40)
    trainer.ask("path_angle", (12, 31))
    seen = trainer.run(NEEDS).frame.measurements["path_angle"]
    assert (seen["start"], seen["stop"]) == (10, 30)
    trainer.ask("path_angle", (20, 20))
    seen = trainer.run(NEEDS).frame.measurements["path_angle"]
    assert (seen["start"], seen["stop"]) == (15, 20), "two states are never one"
    trainer.ask("losses", (1, 2))  # no probe of this game: passed over


def test_of_a_path_that_goes_round_a_third_of_a_turn_is_looked_at() -> None:
    """There the field of a rotation has a bump and no change of sign, at whatever step; with R1 it turns
    round at the newest state, seen from the start."""
    for r1, turning, kind in ((0.0, True, "rotation"), (1.0, False, "attraction")):
        trainer = Trainer(Experiment.preset("rotation").replace(device="cpu", r1=r1))
        for steps in (60, 100, 163, 250):
            trainer.step(steps - trainer.step_count)
            seen = trainer.run(["path_angle"]).frame.measurements["path_angle"]
            assert (seen["turning"], seen["start"] > 0) == (turning, turning)
            assert read(np.asarray(seen["alpha"]), np.asarray(seen["cosine"])).kind == kind, (r1, steps)
    trainer.ask("path_angle", (0, None))
    assert trainer.run(["path_angle"]).frame.measurements["path_angle"]["start"] == 0


def test_one_state_is_no_line() -> None:
    assert "path_angle" not in Trainer(SMALL).run(NEEDS).frame.measurements


def test_a_run_that_went_back_and_one_that_was_resumed(tmp_path: Path) -> None:
    trainer = Trainer(SMALL.replace(measure_every=50))
    trainer.step(150)
    folder = keep(trainer, tmp_path / "run")
    with torch.no_grad():
        trainer.game.g.vector[0] = np.nan
    trainer.step(1)
    trainer.flush()
    assert trainer.diverged
    trainer.restore()
    assert trainer.step_count == 100 and steps_of(trainer) == [0, 50, 100]
    resumed, _ = resume(folder)
    resumed.step(100)
    assert steps_of(resumed) == [0, 50, 100, 150, 200, 250]
    unbroken = Trainer(SMALL.replace(measure_every=50))
    unbroken.step(250)
    for name in PATHS:
        again, whole = (
            t.run(["weight_path"]).frame.measurements["weight_path"][name] for t in (resumed, unbroken)
        )
        np.testing.assert_array_equal(again, whole)


def test_a_checkpoint_without_recorded_states_goes_on_from_the_start(tmp_path: Path) -> None:
    """One of an older version. One of other weights is refused in a line."""
    trainer = Trainer(SMALL.replace(measure_every=50))
    trainer.step(150)
    file = keep(trainer, tmp_path / "run") / "checkpoint.safetensors"
    state = load_file(file)
    save_file({key: value for key, value in state.items() if not key.startswith(STORED)}, file)
    resumed, _ = resume(file.parent)
    resumed.step(100)
    assert steps_of(resumed) == [0, 200, 250]
    save_file(state | {f"{STORED}first.g": torch.zeros(3)}, file)
    with pytest.raises(RunFolderError, match="another game or networks"):
        resume(file.parent)


@pytest.mark.parametrize("seed", range(4))
def test_sgd_without_penalty_goes_round_and_r1_ends_it(seed: int) -> None:
    def played(r1: float) -> Mapping[str, Any]:
        trainer = Trainer(Experiment.preset("rotation").replace(seed=seed, r1=r1, device="cpu"))
        trainer.step(trainer.experiment.steps)
        return trainer.run(["weight_path"]).frame.measurements["weight_path"].values

    without, with_r1 = played(0.0), played(1.0)
    for name in PATHS:
        assert abs(without[f"{name}_turns"]) > 1.0, name
        assert abs(with_r1[f"{name}_turns"]) < 0.5, name
        assert sum(without[f"{name}_explained"]) > 0.8, "what is drawn is most of the path"


@pytest.mark.parametrize("batch_size", [32, 300])
@pytest.mark.parametrize("setting", ["instance_noise", "gradient_penalty", "dragan"])
def test_the_field_is_felt_on_its_own_rows_whatever_the_batch(setting: str, batch_size: int) -> None:
    trainer = Trainer(SMALL.replace(r1=0.0, batch_size=batch_size, **{setting: 0.5}))
    trainer.step(10)
    seen = trainer.run(["path_angle"]).frame.measurements["path_angle"]
    assert np.isfinite(seen["cosine"]).all() and (np.abs(seen["cosine"]) <= 1.0).all()
