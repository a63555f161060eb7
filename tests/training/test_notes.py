"""Notes are true of the run that they are said of, and said once."""

import numpy as np
import pytest
import torch

from ganviz.experiment import Experiment
from ganviz.training.notes import Notebook, cautions, notes
from ganviz.training.trainer import Trainer

SMALL = Experiment(g_width=16, d_width=16, batch_size=32, objective="wasserstein", d_learning_rate=1e-3)


def switched(experiment: Experiment, **later: object) -> Trainer:
    trainer = Trainer(experiment)
    trainer.step(60)
    trainer.apply(experiment.replace(objective="minimax", **later))
    return trainer


def test_clipping_leaves_a_flat_d_and_the_note_says_how_flat() -> None:
    trainer = switched(SMALL)
    run = trainer.run(["gradients"])
    (note,) = notes(run)
    gap = abs(run.history.steps.column("output_real")[-1] - run.history.steps.column("output_fake")[-1])
    assert note.id == "flattened" and "±0.01" in note.text and f"{gap:.2g}" in note.text
    with torch.no_grad():
        outputs = trainer.game.d.network(trainer.game.fixed_real)
    assert np.abs(outputs.numpy()).max() < 0.1, "D is near one half, as the note says"
    fresh = Trainer(SMALL.replace(objective="minimax")).run(["gradients"])
    pushes = [one.frame.get("gradients")["g_grad"] for one in (run, fresh)]
    assert pushes[0] < 0.01 * pushes[1]


def test_no_note_where_nothing_was_flattened() -> None:
    assert notes(switched(SMALL.replace(weight_clip=0.0, gradient_penalty=1.0)).run([])) == []
    assert notes(switched(SMALL.replace(weight_clip=5.0, d_learning_rate=0.1)).run([])) == []


def test_the_clip_of_that_time_counts() -> None:
    (note,) = notes(switched(SMALL, weight_clip=0.5).run([]))
    assert "±0.01" in note.text


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"weight_clip": 0.0}, ["Nothing bounds this critic"]),
        ({"weight_clip": 0.0, "spectral_norm": "on"}, []),
        ({}, []),
        ({"smooth_real": 0.9}, ["Real target α = 0.9 rests: it has no effect with Wasserstein."]),
    ],
)
def test_cautions(settings: dict[str, object], words: list[str]) -> None:
    found = [note.text for note in cautions(SMALL.replace(**settings))]
    assert len(found) == len(words)
    assert all(text.startswith(start) for text, start in zip(found, words, strict=True))


def test_a_note_is_said_once_a_run() -> None:
    trainer, book = Trainer(SMALL.replace(weight_clip=0.0)), Notebook()
    assert book.next(trainer.run([])) and not book.next(trainer.run([]))
    trainer.reset()
    assert book.next(trainer.run([]))
