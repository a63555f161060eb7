"""A run of a game of two numbers: its paths are the simulated ones, whatever was done to it on the way."""

import csv
from pathlib import Path

import numpy as np
import pytest

from ganviz.experiment import Experiment
from ganviz.record.reading import read_record
from ganviz.record.run_folder import RunFolderError
from ganviz.theory.dirac import simulate
from ganviz.training.checkpoint import begin, keep, resume, salvage, save_progress, summary
from ganviz.training.headless import train
from ganviz.training.trainer import Trainer
from ganviz.training.verdict import judge
from ganviz.training.verdict_portrait import judge_lines

DIRAC = Experiment.preset("dirac")


def points(trainer: Trainer, line: str) -> np.ndarray:
    trainer.flush()
    path = trainer.history.paths[line]
    return np.column_stack([path.column(name) for name in ("theta", "psi")])


def assert_same_paths(first: Trainer, second: Trainer) -> None:
    first.flush(), second.flush()
    assert list(first.history.paths) == list(second.history.paths)
    for line, path in first.history.paths.items():
        for name in path.columns:
            np.testing.assert_array_equal(path.column(name), second.history.paths[line].column(name))


def silent(_: object) -> None: ...


def test_the_recorded_path_is_the_simulated_one_to_the_last_bit() -> None:
    trainer = Trainer(DIRAC)
    assert {path.rows for path in trainer.history.paths.values()} == {1}, "step 0 is there before the first"
    trainer.step(500)
    for line in DIRAC.methods:
        method, _, order = line.partition("/")
        given = {"gamma": 0.3} if method == "r1" else {}
        np.testing.assert_array_equal(
            points(trainer, line), simulate(method, order=order or "simultaneous", **given)
        )
    path = trainer.history.paths["minimax"]
    assert list(path.column("step")) == list(range(501))
    np.testing.assert_array_equal(path.column("radius"), np.hypot(*points(trainer, "minimax").T))
    assert trainer.history.steps.columns == ("step", "seconds", "d_updates", "g_updates")
    assert list(trainer.history.steps.column("step")) == list(range(1, 501))
    assert trainer.history.measured.rows == 0


def test_one_call_equals_many_calls_with_panels_watching() -> None:
    alone, watched = Trainer(DIRAC), Trainer(DIRAC)
    alone.step(100)
    for count in [8] * 12 + [4]:
        watched.step(count)
        watched.observe(["points", "samples"], everything=True)
    assert_same_paths(alone, watched)
    assert alone.counts == watched.counts == {"d": 100, "g": 100}


def test_the_seed_changes_nothing() -> None:
    first, other = Trainer(DIRAC), Trainer(DIRAC.replace(seed=7))
    first.step(50), other.step(50)
    assert_same_paths(first, other)


def changed_on_the_way(methods: tuple[str, ...]) -> Trainer:
    trainer = Trainer(DIRAC.replace(methods=methods))
    trainer.step(30)
    trainer.apply(trainer.experiment.replace(gamma=1.0, step_size=0.1))
    trainer.step(20)
    trainer.update("d")
    trainer.update("g")
    trainer.apply(trainer.experiment.replace(g_updates=3))
    trainer.step(25)
    return trainer


def test_live_changes_act_from_the_next_step_and_are_events() -> None:
    trainer = changed_on_the_way(("r1",))
    path = points(trainer, "r1")
    np.testing.assert_array_equal(path[:31], simulate("r1", gamma=0.3, steps=30))
    np.testing.assert_array_equal(
        path[30:51], simulate("r1", gamma=1.0, step_size=0.1, steps=20, start=path[30])
    )
    # one update of D, then one of G, as the alternating game has them in the other order
    late = {"gamma": 1.0, "step_size": 0.1, "order": "alternating", "steps": 1}
    after_d = simulate("r1", start=path[50], g_updates=0, **late)[1]
    after_g = simulate("r1", start=after_d, d_updates=0, **late)[1]
    np.testing.assert_array_equal(
        path[51:], simulate("r1", gamma=1.0, step_size=0.1, steps=25, start=after_g)[1:]
    )
    assert [(event.step, event.key) for event in trainer.history.events] == [
        (30, "step_size"), (30, "gamma"), (50, "step_d"), (50, "step_g"), (50, "g_updates"),
    ]  # fmt: skip


def test_a_line_that_is_added_is_played_through_the_runs_own_past() -> None:
    both = ("r1", "minimax/alternating")
    late, early = changed_on_the_way(("r1",)), changed_on_the_way(both)
    late.apply(late.experiment.replace(methods=both))
    assert_same_paths(late, early)
    late.step(40), early.step(40)
    assert_same_paths(late, early)
    late.apply(late.experiment.replace(methods=("minimax/alternating",)))
    assert list(late.history.paths) == ["minimax/alternating"]
    late.apply(late.experiment.replace(methods=(*both, "hinge")))
    np.testing.assert_array_equal(points(late, "r1"), points(early, "r1"))
    assert late.history.paths["hinge"].rows == 116


def test_a_single_players_update_is_seen_at_once() -> None:
    trainer = Trainer(DIRAC)
    trainer.step(10)
    before = trainer.observe(["points"], everything=True).get("points")
    trainer.update("d")
    after = trainer.observe(["points"], everything=True).get("points")
    assert before["lines"] == after["lines"] == DIRAC.methods
    np.testing.assert_array_equal(before["theta"], after["theta"])
    assert (before["psi"] != after["psi"]).all()
    assert (trainer.step_count, trainer.counts["d"], trainer.counts["g"]) == (10, 11, 10)


def test_the_run_goes_on_while_one_line_does_and_ends_with_the_last() -> None:
    wild = DIRAC.replace(step_size=2.0, methods=("wasserstein", "minimax"))
    trainer = Trainer(wild)
    trainer.step(600)
    trainer.flush()
    assert not trainer.diverged and trainer.history.last_step == 600
    lost, kept = judge_lines(trainer.run())
    assert lost.left == trainer.history.paths["wasserstein"].last("step") < 600 and kept.left is None
    assert lost.sentence == f"has left the numbers after step {lost.left}"
    trainer.apply(wild.replace(methods=("wasserstein",)))
    trainer.step(1)
    frame = trainer.observe()
    assert (
        frame.status == "diverged"
        and "the line has left the numbers. Try a smaller step size: h is 2" in frame.message
    )
    assert judge(trainer.run()).state == "diverged"


def test_after_all_lines_have_left_a_run_goes_back() -> None:
    trainer = Trainer(DIRAC.replace(methods=("wasserstein", "minimax")))
    trainer.step(250)
    trainer.apply(trainer.experiment.replace(step_size=2.0, methods=("wasserstein",)))
    trainer.step(2000)
    path = trainer.history.paths["wasserstein"]
    assert trainer.diverged and path.last("step") == trainer.history.last_step == trainer.step_count - 1
    good = trainer.observe().restore_step
    assert good is not None and good % 100 == 0 and 0 < trainer.step_count - good <= 100
    before = points(trainer, "wasserstein")
    trainer.restore()
    assert trainer.step_count == trainer.history.last_step == good and not trainer.diverged
    np.testing.assert_array_equal(points(trainer, "wasserstein"), before[: good + 1])
    trainer.apply(trainer.experiment.replace(step_size=0.01))
    trainer.step(10)
    assert points(trainer, "wasserstein").shape == (good + 11, 2) and not trainer.diverged


def test_what_waits_for_another_game_is_no_event_of_this_one() -> None:
    trainer = Trainer(Experiment.preset("bilinear"))
    trainer.step(5)
    assert not trainer.apply(DIRAC.replace(methods=("hinge",), step_size=trainer.experiment.step_size))
    assert list(trainer.history.paths) == list(trainer.experiment.methods) and not trainer.history.events
    assert [change.key for change in trainer.apply(DIRAC.replace(gamma=0.7))] == ["step_size", "gamma"]
    assert not trainer.apply(trainer.chosen.replace(d_learning_rate=0.5, objective="hinge"))
    trainer.reset()
    assert trainer.experiment.game == "dirac" and trainer.experiment.objective == "hinge"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open() as stream:
        return list(csv.DictReader(stream))


def test_a_run_folder_holds_every_point_in_full(tmp_path: Path) -> None:
    trainer = Trainer(DIRAC)
    train(trainer, begin(trainer, tmp_path / "run"), 500, silent, silent)
    found = rows(tmp_path / "run" / "trajectory.csv")
    assert list(found[0]) == ["method", "step", "theta", "psi", "radius"]
    assert [(row["method"], row["step"]) for row in found] == [
        (line, str(step)) for step in range(501) for line in DIRAC.methods
    ]
    minimax = np.array(
        [[float(row["theta"]), float(row["psi"])] for row in found if row["method"] == "minimax"]
    )
    np.testing.assert_array_equal(minimax, simulate("minimax"))
    names = {path.name for path in (tmp_path / "run").iterdir()}
    assert "samples.npz" not in names and {"metrics.csv", "events.csv", "checkpoint.safetensors"} <= names
    assert list(rows(tmp_path / "run" / "metrics.csv")[0]) == ["step", "seconds", "d_updates", "g_updates"]
    back = read_record(tmp_path / "run", game="dirac")[0]
    for line, path in trainer.history.paths.items():
        for name in path.columns:
            np.testing.assert_array_equal(path.column(name), back.paths[line].column(name))
    told = summary(trainer, finished=True)
    assert "objective" not in told and told["lines"]["minimax"]["radius"] == pytest.approx(3.0969486669960613)


def test_resumed_run_equals_uninterrupted_run(tmp_path: Path) -> None:
    whole, part = Trainer(DIRAC), Trainer(DIRAC)
    train(whole, begin(whole, tmp_path / "whole"), 300, silent, silent)
    train(part, begin(part, tmp_path / "part"), 123, silent, silent)
    again, folder = resume(tmp_path / "part")
    assert again.step_count == 123
    train(again, folder, 300, silent, silent)
    assert_same_paths(whole, again)
    both = [(tmp_path / name / "trajectory.csv").read_bytes() for name in ("whole", "part")]
    assert both[0] == both[1]


def test_what_was_written_after_the_checkpoint_is_cut_off(tmp_path: Path) -> None:
    trainer = Trainer(DIRAC)
    folder = begin(trainer, tmp_path / "run")
    trainer.step(20)
    save_progress(trainer, folder)
    trainer.step(15)
    trainer.flush()
    folder.append(trainer.history)  # killed before the next checkpoint, in the middle of a line
    with (tmp_path / "run" / "trajectory.csv").open("a") as stream:
        stream.write("minimax,36,0.1")
    again, folder = resume(tmp_path / "run")
    assert rows(tmp_path / "run" / "trajectory.csv")[-1]["step"] == "20"
    train(again, folder, 50, silent, silent)
    trainer.step(15)
    assert_same_paths(trainer, again)


def test_lines_that_changed_before_a_kill_are_made_whole(tmp_path: Path) -> None:
    """The files of new lines are there, the checkpoint is still the old one."""
    trainer = Trainer(DIRAC.replace(methods=("minimax", "hinge")))
    folder = begin(trainer, tmp_path / "run")
    trainer.step(20)
    save_progress(trainer, folder)
    trainer.apply(trainer.experiment.replace(methods=("r1", "minimax")))
    trainer.step(5)
    trainer.flush()
    folder.write("experiment.toml", trainer.experiment.to_toml().encode())
    folder.append(trainer.history)
    again, folder = resume(tmp_path / "run")
    again.step(5)
    assert_same_paths(trainer, again)
    save_progress(again, folder)
    kept = keep(trainer, tmp_path / "kept")
    assert (kept / "trajectory.csv").read_bytes() == (tmp_path / "run" / "trajectory.csv").read_bytes()


def test_changes_come_back_from_the_folder(tmp_path: Path) -> None:
    trainer = changed_on_the_way(("r1", "minimax"))
    trainer.apply(trainer.experiment.replace(methods=("r1", "hinge/alternating")))
    again, _ = resume(keep(trainer, tmp_path / "kept"))
    assert again.history.events == trainer.history.events
    for one in (trainer, again):
        one.step(10)
        one.apply(one.experiment.replace(methods=("r1", "minimax/extragradient")))
    assert_same_paths(trainer, again)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("minmax,1,0.0,0.0,0.0", "no line 'minmax'"),
        ("minimax,4,nan,0.0,0.0", "not finite"),
        ("minimax,0,0.0,0.0,0.0", "step 0 out of turn"),
        ("r1,3,0.0,0.0,0.0", "r1: step 3 out of turn"),
        ("minimax,x,0.0,0.0,0.0", "line 6"),
    ],
)
def test_a_damaged_trajectory_is_named_in_one_line(tmp_path: Path, line: str, words: str) -> None:
    trainer = Trainer(DIRAC.replace(methods=("minimax",)))
    trainer.step(3)
    path = keep(trainer, tmp_path / "run")
    with (path / "trajectory.csv").open("a") as stream:
        stream.write(f"{line}\n")
    with pytest.raises(RunFolderError, match=words) as refusal:
        read_record(path, game="dirac")
    assert "\n" not in str(refusal.value) and "accepted" in str(refusal.value)


def test_another_game_after_a_reset() -> None:
    small = Experiment(g_width=8, d_width=8, batch_size=16)
    trainer = Trainer(small)
    trainer.step(3)
    trainer.reset(DIRAC)
    trainer.step(3)
    assert trainer.run(["points", "samples"]).frame.get("samples") is None
    assert trainer.run().frame.get("points") is not None
    trainer.reset(small)
    trainer.step(3)
    frame = trainer.run().frame
    assert frame.get("points") is None and frame.get("samples") is not None
    assert not trainer.history.paths


@pytest.mark.parametrize("broken", [False, True])
def test_a_run_is_saved_after_a_fault_and_goes_on(tmp_path: Path, broken: bool) -> None:
    trainer, whole = Trainer(DIRAC), Trainer(DIRAC)
    trainer.step(230), whole.step(300)
    salvage(trainer, tmp_path / "saved", broken)
    again, folder = resume(tmp_path / "saved")
    assert again.step_count == (200 if broken else 230)
    train(again, folder, 300, silent, silent)
    assert_same_paths(whole, again)
    assert len(rows(tmp_path / "saved" / "trajectory.csv")) == 301 * 4


def test_a_checkpoint_of_another_game_is_refused(tmp_path: Path) -> None:
    small = Trainer(Experiment(g_width=8, d_width=8, batch_size=16))
    path, other = keep(Trainer(DIRAC), tmp_path / "dirac"), keep(small, tmp_path / "gan")
    (path / "checkpoint.safetensors").write_bytes((other / "checkpoint.safetensors").read_bytes())
    with pytest.raises(RunFolderError, match=r"belongs to another game or networks than experiment\.toml"):
        resume(path)
