"""The live loop without Qt: commands between calls, the tempo, the mailbox."""

import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from ganviz.experiment import Experiment
from ganviz.frame import Frame
from ganviz.live.commands import Ask, Keep, Look, Pause, Play, Propose, Reset, Restore, Speed, Step
from ganviz.live.conductor import Conductor
from ganviz.live.mailbox import Mailbox
from ganviz.record.run import Run
from ganviz.training import beside
from ganviz.training.verdict import judge

NEEDS = frozenset({"samples", "surface", "divergence"})
SMALL = Experiment(g_width=16, d_width=16, batch_size=32, measure_every=10)


class Stage:
    """A conductor with its mailbox, and everything that it refused or kept."""

    def __init__(self, experiment: Experiment = SMALL) -> None:
        self.mailbox = Mailbox()
        self.refused: list[str] = []
        self.kept: list[str] = []
        self.conductor = Conductor(experiment, self.mailbox, self.refused.append, self.kept.append)
        self.conductor.build()

    @property
    def run(self) -> Run:
        run = self.mailbox.latest()[1]
        assert run is not None
        return run

    def do(self, *commands: object) -> Run:
        for command in commands:
            self.conductor.send(command)  # type: ignore[arg-type]
        self.conductor.turn()
        return self.run

    def until(self, condition: Callable[[], bool], seconds: float = 20.0) -> None:
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, "never happened"
            self.conductor.turn()


def test_play_and_pause() -> None:
    stage = Stage()
    assert stage.run.frame.status == "paused" and stage.run.frame.step == 0
    stage.do(Play())
    stage.until(lambda: stage.run.frame.step > 20)
    assert stage.run.frame.status == "training"
    paused = stage.do(Pause())
    assert paused.frame.status == "paused"
    step = paused.frame.step
    for _ in range(3):
        stage.conductor.turn()
    assert stage.run.frame.step == step


def test_single_steps_show_what_moved() -> None:
    stage = Stage()
    stage.do(Look(frozenset({"samples"})))
    serials = [stage.run.frame.get("samples").serial]
    for command, counts in ((Step(), (1, 1, 1)), (Step("d"), (1, 2, 1)), (Step("g"), (1, 2, 2))):
        frame = stage.do(command).frame
        assert (frame.step, frame.d_count, frame.g_count) == counts
        serials.append(frame.get("samples").serial)
    assert serials == sorted(set(serials)), "each step is seen at once"


def test_toggle_acts_on_the_next_step_and_is_an_event() -> None:
    stage = Stage()
    stage.do(Play())
    stage.until(lambda: stage.run.frame.step > 10)
    stage.do(Propose(SMALL.replace(objective="non_saturating")), Pause())
    event = stage.run.history.events[0]
    assert (event.key, event.old, event.new) == ("objective", "minimax", "non_saturating")
    stage.do(Step())
    steps = stage.run.history.steps
    under = dict(zip(steps.column("step"), steps.column("objective"), strict=True))
    names = stage.run.history.objectives
    assert names[under[event.step]] == "minimax" and names[under[event.step + 1]] == "non_saturating"


def test_speed_keeps_the_tempo() -> None:
    stage = Stage()
    stage.do(Speed(40.0), Play())
    start, began = time.perf_counter(), stage.run.frame.step
    while time.perf_counter() - start < 1.5:
        stage.conductor.turn()
    stage.do(Pause())
    assert 30 <= (stage.run.frame.step - began) / 1.5 <= 44


def test_slow_motion_shows_both_turns_and_changes_no_bit() -> None:
    slow, plain = Stage(), Stage()
    seen = frames(slow)
    slow.do(Speed(4.0), Look(frozenset({"samples"})), Play())
    slow.until(lambda: slow.run.frame.step >= 2)
    slow.do(Pause())
    shown = [frame.phase for frame in seen if frame.phase]
    assert shown[:3] == ["D has moved", "G has moved", "D has moved"]
    while plain.run.frame.step < slow.run.frame.step:
        plain.do(Step())
    assert list(slow.run.history.steps.column("d_loss")) == list(plain.run.history.steps.column("d_loss"))


def frames(stage: Stage) -> list[Frame]:
    """Every frame from now on, fetched or not."""
    seen: list[Frame] = []
    put = stage.mailbox.put

    def watch(run: Run) -> None:
        seen.append(run.frame)
        put(run)

    stage.mailbox.put = watch  # type: ignore[method-assign]
    return seen


def test_where_both_move_at_once_one_picture_shows_both() -> None:
    stage = Stage(SMALL.replace(update_order="simultaneous"))
    stage.do(Speed(4.0), Look(NEEDS))
    seen = frames(stage)
    stage.do(Play())
    stage.until(lambda: stage.run.frame.step >= 2)
    assert [frame.phase for frame in seen if frame.phase] == ["D and G have moved"] * 2


def test_every_frame_of_slow_motion_is_of_one_moment() -> None:
    stage = Stage()
    stage.do(Speed(4.0), Look(NEEDS))
    seen = frames(stage)
    stage.do(Play())
    stage.until(lambda: stage.run.frame.step >= 2)
    turns = [frame for frame in seen if frame.phase]
    assert len(turns) >= 3 and all(frame.whole and not frame.flowing for frame in turns)
    for before, after in pairwise(turns):
        assert all(after.get(key).serial > before.get(key).serial for key in NEEDS)


def test_the_first_frame_after_train_is_of_one_step() -> None:
    stage = Stage()
    stage.do(Look(NEEDS))
    seen = frames(stage)
    stage.do(Play())
    stage.until(lambda: stage.run.frame.step > 0)
    first = next(frame for frame in seen if frame.step > 0)
    assert first.whole and {first.get(key).step for key in NEEDS} == {first.step}


def test_another_objective_is_seen_at_once() -> None:
    stage = Stage()
    stage.do(Look(NEEDS), Play())
    stage.until(lambda: stage.run.frame.step > 5)
    seen = frames(stage)
    stage.conductor.send(Propose(SMALL.replace(objective="wasserstein")))
    stage.until(lambda: bool(seen))
    assert seen[0].step == stage.run.history.events[0].step + 1, "its first step is shown"
    assert stage.run.history.last_step >= seen[0].step, "and recorded"
    assert seen[0].whole and {found.step for found in seen[0].together.values()} == {seen[0].step}


def test_head_start_is_shown_and_can_be_interrupted() -> None:
    stage = Stage(SMALL.replace(head_start=2000))
    stage.do(Look(NEEDS))
    seen = frames(stage)
    stage.do(Play())
    stage.until(lambda: sum(frame.phase.startswith("head start: D update") for frame in seen) > 1)
    one, other = [frame for frame in seen if frame.phase][:2]
    assert other.d_count > one.d_count and other.get("surface").serial > one.get("surface").serial
    stage.do(Pause())
    assert stage.run.frame.step == 0 and 0 < stage.run.frame.d_count < 2000


def test_the_first_step_says_its_head_start() -> None:
    stage = Stage(SMALL.replace(head_start=30))
    frame = stage.do(Step()).frame
    assert (frame.step, frame.d_count) == (1, 31)
    assert str(judge(stage.run)).startswith("Head start: 30 D updates, then step 1. ")
    assert stage.do(Step()).frame.phase == ""


def test_reset_and_new_seed_while_playing_go_on_playing() -> None:
    stage = Stage()
    stage.do(Play())
    stage.until(lambda: stage.run.frame.step > 30)
    stage.do(Reset(SMALL.replace(seed=5)))
    assert stage.run.experiment.seed == 5 and stage.run.frame.step < 30
    stage.until(lambda: stage.run.frame.step > 5)


def test_diverged_run_stops_and_goes_back() -> None:
    wild = SMALL.replace(
        objective="least_squares", d_optimizer="sgd", g_optimizer="sgd", d_learning_rate=100.0, data="grid"
    )
    stage = Stage(wild)
    stage.do(Look(frozenset({"samples"})), Play())
    began = time.monotonic()
    stage.until(lambda: stage.run.frame.status == "diverged")
    assert time.monotonic() - began < 5.0 and "Stopped at step" in stage.run.frame.message
    stage.do(Play())
    assert stage.run.frame.status == "diverged", "it does not go on by itself"
    assert stage.do(Restore()).frame.status == "paused"


def test_a_divergence_that_a_picture_finds_stops_the_run_too() -> None:
    """The losses stay on the device until somebody looks: at ten steps a second that is the next picture."""
    rates = dict.fromkeys(("d_learning_rate", "g_learning_rate"), 100.0)
    stage = Stage(SMALL.replace(**rates, d_optimizer="sgd", g_optimizer="sgd", data="ring", head_start=0))
    stage.do(Speed(10.0), Play())
    stage.until(lambda: stage.run.frame.status == "diverged")
    assert stage.run.frame.restore_step == 0
    stage.do(Restore())
    for _ in range(20):
        stage.conductor.turn()
    assert (stage.run.frame.status, stage.run.frame.step) == ("paused", 0), "one click back, and it stays"


def test_refusals_are_one_line_and_the_run_goes_on(tmp_path: Path) -> None:
    stage = Stage()
    stage.do(Reset(SMALL.replace(device="cuda:7")), Keep(tmp_path))
    assert len(stage.refused) == 2 and all("accepted" in line and "\n" not in line for line in stage.refused)
    stage.do(Step(), Keep(tmp_path / "kept"))
    assert stage.kept == [str(tmp_path / "kept")] and (tmp_path / "kept" / "metrics.csv").exists()


@pytest.mark.parametrize("needs", [frozenset(), frozenset({"samples", "surface"})])
def test_only_what_is_looked_at_is_measured(needs: frozenset[str]) -> None:
    stage = Stage()
    stage.do(Look(needs), Step())
    assert set(stage.run.frame.measurements) == needs


def test_a_long_unkept_run_is_set_aside_and_can_still_be_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ganviz.live.runs.LONG_RUN", 3)
    stage = Stage()
    stage.do(*[Step()] * 5, Keep(tmp_path / "part"))
    assert stage.run.frame.kept_step == 5
    stage.do(*[Step()] * 2, Reset(SMALL.replace(seed=1)))
    assert (stage.run.frame.before, stage.run.frame.kept_step) == (0, 0), "two unkept steps are no loss"
    stage.do(*[Step()] * 4, Reset(SMALL.replace(seed=2)), Step(), Reset(SMALL.replace(seed=3)))
    assert stage.run.frame.before == 4, "a short run does not take the place of the long one"
    stage.do(Keep(tmp_path / "before", before=True))
    assert stage.run.frame.before == 0 and stage.kept[-1] == str(tmp_path / "before")
    assert Experiment.load(tmp_path / "before" / "experiment.toml").seed == 1
    assert len((tmp_path / "before" / "metrics.csv").read_text().splitlines()) == 5


def test_a_game_of_two_numbers_is_played_as_fast_as_the_eye_follows_and_rests_at_its_end() -> None:
    stage = Stage(Experiment.preset("dirac").replace(steps=300))
    stage.do(Speed(None), Look(frozenset({"points", "samples"})), Play())
    start = time.perf_counter()
    stage.until(lambda: stage.run.frame.status == "paused")
    assert time.perf_counter() - start >= 300 / 240 * 0.9
    frame = stage.run.frame
    assert (frame.step, frame.whole, frame.backend) == (300, True, "exact")
    assert frame.get("points") is not None and frame.get("samples") is None
    assert {path.last("step") for path in stage.run.history.paths.values()} == {300}
    stage.do(Play())
    stage.until(lambda: stage.run.frame.step > 310)
    assert stage.do(Pause()).frame.status == "paused"


def test_single_steps_and_changes_of_a_game_of_two_numbers() -> None:
    chosen = Experiment.preset("dirac")
    stage = Stage(chosen)
    for command, counts in ((Step(), (1, 1, 1)), (Step("d"), (1, 2, 1)), (Step("g"), (1, 2, 2))):
        frame = stage.do(command).frame
        assert (frame.step, frame.d_count, frame.g_count) == counts
    run = stage.do(Propose(chosen.replace(methods=("r1", "hinge"), step_size=0.1)))
    assert list(run.history.paths) == ["r1", "hinge"] and run.experiment.step_size == 0.1
    run = stage.do(Reset(chosen.replace(start_theta=2.0)))
    assert run.frame.step == 0 and run.history.paths["minimax"].last("theta") == 2.0
    run = stage.do(Reset(SMALL))
    assert not run.history.paths and run.frame.backend == "eager"


def test_a_spectrum_arrives_while_the_run_stands_still(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "NICE", 0)
    stage = Stage(SMALL.replace(g_layers=1, d_layers=1, g_width=6, d_width=6))
    stage.do(Look(frozenset({"spectrum"})), Step())

    def is_of_this_step() -> bool:
        seen = stage.run.frame.get("spectrum")
        return seen is not None and seen["ready"] and seen["at_step"] == 1

    stage.until(is_of_this_step, 60.0)
    serial = stage.mailbox.latest()[0]
    for _ in range(3):
        stage.conductor.turn()
    assert stage.mailbox.latest()[0] == serial  # nothing more to show


def test_a_paused_run_works_on_until_it_is_done_and_answers_a_question() -> None:
    stage = Stage(SMALL)
    stage.do(Look(frozenset({"path_angle", "samples"})), Play())
    stage.until(lambda: stage.run.frame.step > 40)
    step = stage.do(Pause()).frame.step
    stage.until(lambda: not stage.run.frame.unfinished)
    seen = stage.run.frame.measurements["path_angle"]
    assert np.isfinite(seen["cosine"]).all() and seen["stop"] == step - step % SMALL.measure_every
    serial = stage.run.frame.measurements["samples"].serial
    stage.do(Ask("path_angle", (10, 30)))
    stage.until(lambda: stage.run.frame.measurements["path_angle"]["stop"] == 30)
    stage.until(lambda: not stage.run.frame.unfinished)
    seen = stage.run.frame.measurements["path_angle"]
    assert np.isfinite(seen["cosine"]).all() and (seen["start"], seen["stop"]) == (10, 30)
    assert stage.run.frame.measurements["samples"].serial == serial, "nothing else is measured again"
    assert stage.run.frame.status == "paused" and stage.run.frame.whole
