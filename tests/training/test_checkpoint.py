"""Keeping and resuming: a run in two parts is the run in one."""

import csv
import json
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from ganviz.experiment import Experiment
from ganviz.record import history as history_module
from ganviz.record.history import MEASURED, STEP_COLUMNS, History, Table
from ganviz.record.reading import METRICS_COLUMNS, RunFolderError, read_record
from ganviz.record.run_folder import RunFolder
from ganviz.theory.objectives import OBJECTIVES
from ganviz.training.checkpoint import begin, keep, reopen, resume, save_progress
from ganviz.training.headless import train
from ganviz.training.trainer import Trainer

if sys.platform != "win32":
    import resource

SMALL = Experiment(name="small", g_width=16, d_width=16, batch_size=32, measure_every=10, head_start=3)


def silent(_: object) -> None:
    pass


def rows(folder: Path) -> list[dict[str, str]]:
    with (folder / "metrics.csv").open() as stream:
        return list(csv.DictReader(stream))


DCGAN = {"data": "digits", "network": "dcgan", "filters": 4, "latent_dim": 8}


@pytest.mark.parametrize(
    "settings",
    [
        *({"g_optimizer": key, "d_optimizer": key, "g_momentum": 0.5} for key in ("adam", "sgd", "rmsprop")),
        DCGAN,
        {**DCGAN, "batch_norm": "g", "spectral_norm": "on", "r1": 1.0},
    ],
    ids=str,
)
def test_resumed_run_equals_uninterrupted_run(tmp_path: Path, settings: dict[str, object]) -> None:
    experiment = SMALL.replace(**settings)
    whole, part = Trainer(experiment), Trainer(experiment)
    train(whole, begin(whole, tmp_path / "whole"), 60, silent, silent)
    train(part, begin(part, tmp_path / "part"), 35, silent, silent)
    again, folder = resume(tmp_path / "part")
    assert again.step_count == 35
    train(again, folder, 60, silent, silent)
    first, second = rows(tmp_path / "whole"), rows(tmp_path / "part")
    assert len(first) == 60
    for a, b in zip(first, second, strict=True):
        assert {**a, "seconds": ""} == {**b, "seconds": ""}
    a, b = whole.game.state(), again.game.state()
    assert all(torch.equal(a[key], b[key]) for key in a)


def test_a_reopened_run_goes_on_as_one_resumed_and_its_folder_stays_as_it_is(tmp_path: Path) -> None:
    kept, beyond = tmp_path / "kept", b"36,1.0,minimax,36"
    trainer = Trainer(SMALL)
    train(trainer, begin(trainer, kept), 35, silent, silent)
    with (kept / "metrics.csv").open("ab") as stream:
        stream.write(beyond)  # as a kill leaves it
    before = {file.name: file.read_bytes() for file in kept.iterdir()}
    again = reopen(kept)
    assert again.step_count == 35 and again.history.steps.rows == 35
    assert {file.name: file.read_bytes() for file in kept.iterdir()} == before
    again.step(25)
    resumed, _ = resume(kept)
    resumed.step(25)
    a, b = resumed.game.state(), again.game.state()
    assert all(torch.equal(a[key], b[key]) for key in a)
    for name in ("d_loss", "g_loss", "output_fake"):
        np.testing.assert_array_equal(
            again.history.steps.column(name), resumed.history.steps.column(name), err_msg=name
        )


def test_a_checkpoint_holds_the_running_averages_and_the_summary_the_number_of_parameters(
    tmp_path: Path,
) -> None:
    trainer = Trainer(SMALL.replace(**DCGAN))
    train(trainer, begin(trainer, tmp_path / "run"), 5, silent, silent)
    kept = load_file(tmp_path / "run" / "checkpoint.safetensors")
    for player in (trainer.game.g, trainer.game.d):
        for number, norm in enumerate(player.network.norms):
            name = f"{player.letter}.weights.norms.{number}.running_var"
            assert torch.equal(kept[name], norm.running_var) and not (kept[name] == 1.0).any()
    written = json.loads((tmp_path / "run" / "summary.json").read_text())["parameters"]
    assert written == {
        player.letter: sum(parameter.numel() for parameter in player.network.parameters())
        for player in trainer.game.players
    }


def test_a_run_interrupted_within_a_step_goes_on_as_if_it_had_not_been(tmp_path: Path) -> None:
    whole, cut = Trainer(SMALL), Trainer(SMALL)
    train(whole, begin(whole, tmp_path / "whole"), 60, silent, silent)
    answer = cut.game.update_generator

    def pressed() -> torch.Tensor:
        if cut.step_count == 30:  # D has moved, G has not
            signal.raise_signal(signal.SIGINT)
        return answer()

    cut.game.update_generator = pressed  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        train(cut, begin(cut, tmp_path / "cut"), 60, silent, silent)
    again, folder = resume(tmp_path / "cut")
    assert again.step_count == 31 and again.game.d.count == 31 + SMALL.head_start
    train(again, folder, 60, silent, silent)
    for a, b in zip(rows(tmp_path / "whole"), rows(tmp_path / "cut"), strict=True):
        assert {**a, "seconds": ""} == {**b, "seconds": ""}


def test_metrics_beyond_the_checkpoint_and_half_lines_are_cut_off(tmp_path: Path) -> None:
    trainer = Trainer(SMALL)
    folder = begin(trainer, tmp_path / "run")
    trainer.step(20)
    save_progress(trainer, folder)
    trainer.step(15)
    trainer.flush()
    folder.append(trainer.history)  # killed before the next checkpoint, in the middle of a line
    with (tmp_path / "run" / "metrics.csv").open("a") as stream:
        stream.write("36,0.1,minim")
    again, _ = resume(tmp_path / "run")
    assert again.step_count == 20 and [int(row["step"]) for row in rows(tmp_path / "run")] == list(
        range(1, 21)
    )


def test_a_write_cut_short_leaves_neither_a_half_line_nor_a_double_one(tmp_path: Path) -> None:
    trainer = Trainer(SMALL)
    folder = begin(trainer, tmp_path / "run")
    trainer.step(20)
    save_progress(trainer, folder)
    with (tmp_path / "run" / "metrics.csv").open("a") as stream:
        stream.write("21,0.1,minimax,1\n22,0.1,min")  # what a full disk or an interrupt left of the next rows
    trainer.step(20)
    save_progress(trainer, folder)
    assert [int(row["step"]) for row in rows(tmp_path / "run")] == list(range(1, 41))


def test_a_long_record_loses_nothing_on_disk_when_it_is_resumed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In memory old rows are thinned out; the file keeps every line."""
    monkeypatch.setattr(history_module, "BLOCK", 1024)
    count = 4 * 1024
    columns = {name: np.arange(1, count + 1, dtype=kind) for name, kind in STEP_COLUMNS.items()}
    history = History(tuple(OBJECTIVES), steps=Table(STEP_COLUMNS, raw_rows=2 * 1024))
    history.steps.append(columns | {"objective": np.zeros(count, np.int8)})
    at = np.arange(0, count, 50)
    history.measured.append({"step": at, **{name: at for name in MEASURED}})
    with RunFolder.create(tmp_path / "run", SMALL) as folder:
        folder.append(history)
    kept = rows(tmp_path / "run")  # kept from memory: thinned, but all that was measured is there
    assert [int(row["step"]) for row in kept if row["jsd"]] == at[1:].tolist()
    assert all(row["objective"] or row["jsd"] for row in kept)
    lines = (tmp_path / "run" / "metrics.csv").read_bytes()
    back = RunFolder.open(tmp_path / "run")[0].resume(count)
    assert (tmp_path / "run" / "metrics.csv").read_bytes() == lines
    np.testing.assert_array_equal(back.measured.column("kl"), at[1:])
    assert back.last_step == count


def test_events_come_back_with_the_types_of_their_settings(tmp_path: Path) -> None:
    trainer = Trainer(SMALL.replace(objective="wasserstein"))
    trainer.step(5)
    trainer.apply(trainer.experiment.replace(weight_clip=0.02, d_updates=2))
    trainer.step(5)
    trainer.update("g")
    back = read_record(keep(trainer, tmp_path / "kept"))[0]
    assert back.events == trainer.history.events
    assert [type(event.new) for event in back.events] == [int, float, int]
    assert back.periods("weight_clip", 0.0) == [(0, 5, 0.01), (5, 10, 0.02)]


def test_files_read_back_as_they_were(tmp_path: Path) -> None:
    trainer = Trainer(SMALL)
    trainer.step(25)
    trainer.apply(SMALL.replace(objective="wasserstein"))
    trainer.step(25)
    keep(trainer, tmp_path / "kept")
    table = rows(tmp_path / "kept")
    assert tuple(table[0]) == METRICS_COLUMNS and len(table) == 50
    assert [row["step"] for row in table if row["g_grad"]] == ["10", "20", "30", "40", "50"]
    assert (
        table[40]["d_fake"] == ""
        and table[40]["objective"] == "wasserstein"
        and table[40]["output_fake"] != ""
    )
    assert np.float32(table[4]["d_loss"]) == trainer.history.steps.column("d_loss")[4]
    back = read_record(tmp_path / "kept")[0]
    for name in trainer.history.steps.columns:
        if name != "seconds":
            np.testing.assert_array_equal(back.steps.column(name), trainer.history.steps.column(name))
    np.testing.assert_array_equal(back.measured.column("jsd"), trainer.history.measured.column("jsd")[1:])
    assert [(e.step, e.key, e.old, e.new) for e in back.events] == [
        (25, "objective", "minimax", "wasserstein")
    ]
    assert Experiment.load(tmp_path / "kept" / "experiment.toml").objective == "wasserstein"
    summary = json.loads((tmp_path / "kept" / "summary.json").read_text())
    assert summary["step"] == 50 and summary["seed"] == 0 and summary["d_fake"] is None
    with np.load(tmp_path / "kept" / "samples.npz") as samples:
        assert samples["fake"].shape == (500, 2)
    assert not list((tmp_path / "kept").glob(".*")), "no half-written file is left"


def test_a_run_of_an_older_version_goes_on_with_the_columns_of_today(tmp_path: Path) -> None:
    """What was not measured then is empty, all else stays as it was written."""
    newer = ("d_step", "g_step", "d_ratio", "g_ratio", "reverse_kl")
    trainer = Trainer(SMALL)
    trainer.step(30)
    path = keep(trainer, tmp_path / "run")
    written = rows(path)
    older = [name for name in METRICS_COLUMNS if name not in newer]
    lines = [older, *([row[name] for name in older] for row in written), ["31", "0."]]
    (path / "metrics.csv").write_text("\n".join(map(",".join, lines)))
    assert np.isnan(read_record(path)[0].measured.column("d_step")).all()
    resumed, folder = resume(path)
    resumed.step(20)
    save_progress(resumed, folder)
    found = rows(path)
    assert tuple(found[0]) == METRICS_COLUMNS and [int(row["step"]) for row in found] == [*range(1, 51)]
    assert found[:30] == [row | dict.fromkeys(newer, "") for row in written]
    assert found[39]["d_step"] and not any(path.glob(".*"))


def test_a_column_of_a_newer_version_is_not_lost_but_refused(tmp_path: Path) -> None:
    trainer = Trainer(SMALL)
    trainer.step(2)
    path = keep(trainer, tmp_path / "run")
    heading, *lines = (path / "metrics.csv").read_text().splitlines()
    content = "".join(f"{line},7\n" for line in lines)
    (path / "metrics.csv").write_text(f"{heading},beauty\n{content}")
    with pytest.raises(RunFolderError, match="column beauty is unknown; accepted:"):
        resume(path)
    assert content in (path / "metrics.csv").read_text()


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda path: (path / "checkpoint.safetensors").unlink(), "not there"),
        (lambda path: (path / "checkpoint.safetensors").write_bytes(b"x" * 300), "cannot be read"),
        (lambda path: (path / "experiment.toml").write_text("g_width = 20"), "another game or networks"),
        (lambda path: (path / "experiment.toml").unlink(), "not a run folder"),
        (
            lambda path: (path / "metrics.csv").write_text("step,objective\n1,x\n2,y\n"),
            "not a row of metrics",
        ),
        (
            lambda path: (path / "metrics.csv").write_text(",".join(METRICS_COLUMNS) + "\n"),
            "ends at step 0",
        ),
        (
            lambda path: (path / "events.csv").write_text("step,key,old,new\n3,d_updates,one,2\n"),
            "line 2 is not a row of events",
        ),
    ],
)
def test_a_spoilt_folder_is_refused_in_one_line(tmp_path: Path, spoil, words: str) -> None:  # type: ignore[no-untyped-def]
    trainer = Trainer(SMALL)
    trainer.step(5)
    path = keep(trainer, tmp_path / "run")
    spoil(path)
    with pytest.raises(RunFolderError, match=words) as refusal:
        resume(path)
    assert "\n" not in str(refusal.value) and "accepted:" in str(refusal.value)


def changed_checkpoint(path: Path, change: Callable[[dict[str, torch.Tensor]], object]) -> None:
    state = load_file(path / "checkpoint.safetensors")
    change(state)
    save_file(state, path / "checkpoint.safetensors")


@pytest.mark.parametrize(
    "change",
    [
        lambda state: state.pop("g.adam.exp_avg_sq"),
        lambda state: state.update({"g.adam.exp_avg": state["g.adam.exp_avg"][:-1].clone()}),
        lambda state: state.update({"d.adam.exp_avg": state["d.adam.exp_avg"].half()}),
        lambda state: state.update({"d.adam.more": torch.zeros(3)}),
        lambda state: state.update({"d.count": torch.tensor(-1)}),
        lambda state: state.update({"step": torch.tensor([5, 5])}),
        lambda state: state.update({"step": torch.tensor(float("nan"))}),
        lambda state: state.update({"seconds": torch.tensor(float("nan"))}),
        lambda state: state.update({"d.spectral.u.0": torch.zeros(3)}),
    ],
)
def test_a_checkpoint_that_cannot_be_gone_on_with_is_refused(
    tmp_path: Path, change: Callable[[dict[str, torch.Tensor]], object]
) -> None:
    trainer = Trainer(SMALL.replace(spectral_norm="on"))
    trainer.step(5)
    path = keep(trainer, tmp_path / "run")
    changed_checkpoint(path, change)
    with pytest.raises(RunFolderError, match="another game or networks"):
        resume(path)


def test_a_folder_gets_its_name_when_it_is_whole_and_can_be_resumed_at_once(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), RunFolder.create(tmp_path / "run", SMALL) as folder:
        assert (folder.path / "experiment.toml").is_file() and not (tmp_path / "run").exists()
        raise RuntimeError
    assert not list(tmp_path.iterdir()), "nothing is left of what did not become a folder"
    begin(Trainer(SMALL), tmp_path / "run")
    again, _ = resume(tmp_path / "run")
    assert again.step_count == 0 and [path.name for path in tmp_path.iterdir()] == ["run"]


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on the size of files")
def test_a_full_disk_is_said_once_and_the_run_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The kernel refuses bytes beyond a limit, as a full disk does, and takes them again later."""
    monkeypatch.setattr("ganviz.training.headless.SAVE_SECONDS", 0.0)
    trainer = Trainer(SMALL)
    folder = begin(trainer, tmp_path / "run")
    size = len((tmp_path / "run" / "metrics.csv").read_bytes())
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    warnings: list[str] = []

    def progress(step: int) -> None:
        limit = size + 100 if step < 100 else before[0]  # 100 bytes: less than a row
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, before[1]))

    try:
        train(trainer, folder, 150, progress, warnings.append)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert len(warnings) == 1 and "File too large" in warnings[0]
    assert [int(row["step"]) for row in rows(tmp_path / "run")] == list(range(1, 151))
    assert resume(tmp_path / "run")[0].step_count == 150


def test_a_folder_that_exists_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("mine")
    with pytest.raises(RunFolderError, match="exists already"):
        begin(Trainer(SMALL), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["note.txt"]
