"""What is seen of games with images, and that the run does not notice."""

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from scipy.spatial.distance import cdist

from ganviz.experiment import Experiment
from ganviz.record.snapshots import to_levels
from ganviz.training.checkpoint import CHECKPOINT, keep, resume
from ganviz.training.probes_images import LATENTS, SPREAD
from ganviz.training.probes_nearest import NEAREST, Search, nearest
from ganviz.training.trainer import Trainer

DIGITS = Experiment.preset("digits").replace(
    network="mlp", g_width=16, d_width=24, batch_size=32, measure_every=5, device="cpu"
)
DCGAN = DIGITS.replace(network="dcgan", filters=4)
BOTH = pytest.mark.parametrize("experiment", [DIGITS, DCGAN], ids=["mlp", "dcgan"])
KEYS = ("image_history", "interpolation", "arithmetic", "filters", "nearest")
SLOTS = ((0, 1, 2), (3,), (4, 5))


@pytest.fixture
def trainer() -> Trainer:
    made = Trainer(DIGITS)
    made.step(20)
    return made


def seen(trainer: Trainer, key: str) -> Any:
    return trainer.run([key]).frame.measurements[key]


def generated(trainer: Trainer, latents: Any) -> np.ndarray:
    """What G makes of latents; where batches are normalised, of each among the fixed ones."""
    with torch.no_grad():
        return trainer.game.generate(torch.tensor(np.asarray(latents), dtype=torch.float32)).numpy()


def judged(trainer: Trainer, images: Any) -> np.ndarray:
    with torch.no_grad():
        return trainer.game.rate(torch.tensor(images, dtype=torch.float32)).numpy()


def latents(trainer: Trainer) -> np.ndarray:
    return trainer.game.fixed_latents.numpy()


@BOTH
def test_the_run_does_not_notice(experiment: Experiment) -> None:
    watched, alone = Trainer(experiment), Trainer(experiment)
    for number in range(4):
        watched.ask("interpolation", (number, 7))
        watched.ask("arithmetic", SLOTS)
        watched.ask("nearest", number)
        watched.step(10)
        watched.run(KEYS)
    alone.step(40)
    for key, value in alone.state().items():
        if key != "seconds":
            assert torch.equal(value, watched.state()[key]), key


def test_points_have_no_images() -> None:
    trainer = Trainer(Experiment(device="cpu", g_width=8, d_width=8, measure_every=5))
    trainer.ask("nearest", 3)
    trainer.step(10)
    assert not set(trainer.run(KEYS).frame.measurements) & {*KEYS, "snapshots"}


# ------------------------------------------------------------ over time


def test_the_same_latents_are_seen_over_the_run() -> None:
    trainer, expected = Trainer(DIGITS), {}
    for step in range(0, 25, 5):
        expected[step] = generated(trainer, latents(trainer)[:LATENTS])
        trainer.step(5)
    found = seen(trainer, "image_history")
    assert found["steps"].tolist() == [0, 5, 10, 15, 20, 25]
    for step, levels in zip(found["steps"][:-1], found["levels"], strict=False):
        np.testing.assert_array_equal(levels, to_levels(expected[step]))
    np.testing.assert_array_equal(found["now"], generated(trainer, latents(trainer)[:LATENTS]))
    np.testing.assert_allclose(found["output"], judged(trainer, found["now"]), atol=1e-6)


def test_a_resumed_run_has_the_images_of_all_of_it(tmp_path: Path) -> None:
    trainer, whole = Trainer(DIGITS), Trainer(DIGITS)
    trainer.step(20)
    keep(trainer, tmp_path / "run")
    again, _ = resume(tmp_path / "run")
    again.step(10)
    whole.step(30)
    found, expected = seen(again, "image_history"), seen(whole, "image_history")
    assert found["steps"].tolist() == expected["steps"].tolist() == list(range(0, 35, 5))
    np.testing.assert_array_equal(found["levels"], expected["levels"])


def test_a_run_of_an_older_version_goes_on_from_the_start(tmp_path: Path) -> None:
    trainer = Trainer(DIGITS)
    start = generated(trainer, latents(trainer)[:LATENTS])
    trainer.step(20)
    keep(trainer, tmp_path / "run")
    file = tmp_path / "run" / CHECKPOINT
    save_file({name: value for name, value in load_file(file).items() if "snapshots" not in name}, file)
    again, _ = resume(tmp_path / "run")
    again.step(10)
    found = seen(again, "image_history")
    assert found["steps"].tolist() == [0, 25, 30]
    np.testing.assert_array_equal(found["levels"][0], to_levels(start))


# ------------------------------------------------------------ between latents


def test_both_ways_are_what_g_makes_of_them(trainer: Trainer) -> None:
    trainer.ask("interpolation", (3, 8))
    found, z = seen(trainer, "interpolation"), latents(trainer)
    assert found["pair"] == (3, 8)
    for way in ("linear", "spherical"):
        np.testing.assert_allclose(found[way][[0, -1]], generated(trainer, z[[3, 8]]), atol=1e-6)
        np.testing.assert_allclose(found[f"{way}_output"], judged(trainer, found[way]), atol=1e-5)
    np.testing.assert_allclose(
        found["linear"][3], generated(trainer, [0.7 * z[3] + 0.3 * z[8]])[0], atol=1e-5
    )
    assert found["linear_length"][5] == pytest.approx(np.linalg.norm(z[3] + z[8]) / 2, rel=1e-6)
    cosine = z[3] @ z[8] / np.linalg.norm(z[3]) / np.linalg.norm(z[8])
    assert np.cos(found["angle"]) == pytest.approx(cosine, abs=1e-6)


def test_arithmetic_is_that_of_latents(trainer: Trainer) -> None:
    empty = seen(trainer, "arithmetic")
    assert np.isnan(empty["means"]).all() and "around" not in empty
    trainer.ask("arithmetic", ((0, 1, 2, 9), (3,), ()))
    part, z = seen(trainer, "arithmetic"), latents(trainer)
    assert part["slots"] == ((0, 1, 2), (3,), ()) and "around" not in part
    np.testing.assert_allclose(part["means"][0], generated(trainer, [z[:3].mean(0)])[0], atol=1e-5)
    assert np.isnan(part["means"][2]).all() and np.isnan(part["means_output"][2])
    trainer.ask("arithmetic", SLOTS)
    whole = seen(trainer, "arithmetic")
    result = z[:3].mean(0) - z[3] + z[4:6].mean(0)
    np.testing.assert_allclose(whole["around"][4], generated(trainer, [result])[0], atol=1e-5)
    np.testing.assert_allclose(whole["around_output"], judged(trainer, whole["around"]), atol=1e-4)
    others = np.delete(whole["around"], 4, axis=0)
    assert (np.abs(others - whole["around"][4]).max(1) > 0).all() and SPREAD == 0.25
    g = generated(trainer, z[:6])
    np.testing.assert_allclose(whole["pixels"], g[:3].mean(0) - g[3] + g[4:6].mean(0), atol=1e-5)


def test_numbers_beyond_the_fixed_latents_mean_the_last_ones(trainer: Trainer) -> None:
    trainer.ask("interpolation", (-5, 10_000))
    assert seen(trainer, "interpolation")["pair"] == (0, 499)


@BOTH
def test_every_panel_means_the_same_sample(experiment: Experiment) -> None:
    trainer = Trainer(experiment)
    trainer.ask("interpolation", (3, 8))
    trainer.ask("arithmetic", ((5,), (6,), (6,)))
    trainer.ask("nearest", 8)
    trainer.step(10)
    run = trainer.run([*KEYS, "samples"])
    shown = run.frame.measurements
    fakes, outputs = shown["samples"]["fake"], shown["samples"]["output_fake"]
    pairs = (
        (shown["interpolation"]["linear"][0], shown["interpolation"]["linear_output"][0], 3),
        (shown["interpolation"]["spherical"][-1], shown["interpolation"]["spherical_output"][-1], 8),
        (shown["nearest"]["fake"], shown["nearest"]["output"], 8),
        (shown["image_history"]["now"][2], shown["image_history"]["output"][2], 2),
        (shown["arithmetic"]["around"][4], shown["arithmetic"]["around_output"][4], 5),
    )
    for image, output, number in pairs:
        np.testing.assert_allclose(image, fakes[number], atol=2e-5)
        assert output == pytest.approx(outputs[number], abs=2e-4)


def test_filters_of_convolutions_are_their_kernels() -> None:
    trainer = Trainer(DCGAN)
    found = seen(trainer, "filters")
    kernels = trainer.game.d.network.weights[0].detach().numpy()
    assert not found["whole"] and kernels.shape[1:] == (1, 4, 4) and found["units"] == len(kernels)
    np.testing.assert_allclose(found["weights"], kernels)


def test_filters_are_the_rows_of_the_first_layer(trainer: Trainer) -> None:
    found = seen(trainer, "filters")
    rows = trainer.game.d.network.weights[0].detach().numpy()
    assert found["whole"] and found["units"] == 24
    np.testing.assert_allclose(found["weights"], rows.reshape(24, 1, 8, 8))


# ------------------------------------------------------------ nearest reals


def test_the_nearest_reals_are_found(trainer: Trainer) -> None:
    trainer.ask("nearest", 6)
    found = seen(trainer, "nearest")
    reals = trainer.game.source.images.astype(float)
    fake = generated(trainer, latents(trainer)[6:7])
    far = cdist(fake, reals)[0]
    order = np.argsort(far)[:NEAREST]
    assert found["chosen"] == 6 and found["at_step"] == 20 and "unfinished" not in found
    np.testing.assert_array_equal(found["rows"], order)
    np.testing.assert_allclose(found["distance"], far[order], rtol=1e-6)
    np.testing.assert_array_equal(found["reals"], reals[order])
    assert found["searched"] == found["compared"] == found["count"] == len(reals)
    queries = np.unique(np.linspace(0, len(reals) - 1, 1000).round().astype(int))
    between = cdist(reals[queries], reals)
    between[np.arange(1000), queries] = np.inf
    np.testing.assert_allclose(found["between"], np.sort(between.min(1)), rtol=1e-6, atol=1e-9)
    assert found["near"] == pytest.approx(np.percentile(between.min(1), 1.0))


def test_a_copy_is_found_at_distance_zero(trainer: Trainer) -> None:
    source = trainer.game.source
    search = Search(source, torch.from_numpy(source.rows([700, 3])), 2)
    while not search.finished:
        search.work()
    rows, far = search.result()
    assert rows[:, 0].tolist() == [700, 3] and (far[:, 0] == 0.0).all() and (far[:, 1] > 0.5).all()


def test_no_look_takes_long_and_all_ends_well(trainer: Trainer) -> None:
    ticks = itertools.count()
    looks = []
    while not looks or "unfinished" in looks[-1]:
        looks.append(nearest(trainer.game, 20, lambda: 0.004 * next(ticks)))
    assert len(looks) > 10, "with a clock this fast there is one piece a look, or two"
    searched = [look["searched"] for look in looks]
    assert set(searched) == {1797}, "64 pixels of all reals are one piece"
    compared = [look["compared"] for look in looks]
    assert compared == sorted(compared) and compared[0] < compared[-1] == 1797
    assert all("rows" in look and "near" in look for look in looks), "shown while reals are compared"
