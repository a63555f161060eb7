"""Notes are true of the run that they are said of, and said once."""

import numpy as np
import pytest
import torch

from ganviz.experiment import Experiment
from ganviz.frame import Frame
from ganviz.record import history as history_module
from ganviz.record.history import STEP_COLUMNS, Event, History, Table
from ganviz.record.run import Run
from ganviz.theory.objectives import OBJECTIVES
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


def test_the_gap_is_that_of_the_step_in_a_record_that_was_thinned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history_module, "BLOCK", 64)
    count = 4 * 64
    steps = Table(STEP_COLUMNS, raw_rows=2 * 64)
    flat = dict.fromkeys(STEP_COLUMNS, np.zeros(count))
    outputs = np.where(np.arange(count) < 40, 5.0, 0.05)
    steps.append(flat | {"step": np.arange(1, count + 1), "output_real": outputs})
    switch = Event(60, "objective", "wasserstein", "minimax")
    history = History(tuple(OBJECTIVES), steps=steps, events=[switch])
    (note,) = notes(Run(SMALL.replace(objective="minimax", weight_clip=0.01), Frame(), history))
    assert "differ by 0.05" in note.text


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


def test_the_identity_loss_has_its_price_where_both_sides_overlap() -> None:
    """The note is true of the preset: the marginals match less with that term than without."""
    chosen = Experiment.preset("cyclegan-1d").replace(measure_every=100_000)
    distances = []
    for ablation in ("cycle", "identity"):
        experiment = chosen.replace(ablation=ablation)
        assert [note.id for note in cautions(experiment)] == ["identity"] * (ablation == "identity")
        trainer = Trainer(experiment)
        trainer.step(700)
        found = trainer.run(("marginals",)).frame.get("marginals")
        assert found is not None
        distances.append(float(found["w1_y"]))
    assert distances[1] > 2.0 * distances[0]
    assert cautions(chosen.replace(ablation="identity", identity_weight=0.0)) == []
