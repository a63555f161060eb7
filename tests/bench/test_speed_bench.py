"""The speed bench: its arithmetic, and that each of its measurements runs and means what it says. No test
here asks how fast anything is."""

from __future__ import annotations

import json
import math
import subprocess
import sys
import time
from collections.abc import Callable

import pytest
import torch

from ganviz.bench import (
    ceiling,
    growth,
    images,
    long_runs,
    ordinary_images,
    portrait,
    quiet,
    stage,
    table,
    training,
    window,
)
from ganviz.bench.made_up import filled
from ganviz.bench.quiet import Quiet, busy_seconds
from ganviz.bench.table import Row
from ganviz.cli import main
from ganviz.training.trainer import Trainer


def row(figure: float, better: str, goal: float, aim: float | None) -> Row:
    return Row("question", figure, "x", better, goal, aim)


@pytest.mark.parametrize(
    ("figure", "better", "word"),
    [
        (0.94, "at least", "SHORT"), (0.95, "at least", "pass"), (0.98, "at least", "pass, aim"),
        (0.99, "at most", "SHORT"), (0.95, "at most", "pass"), (math.nan, "at least", "SHORT"),
    ],
)  # fmt: skip
def test_a_row_is_held_against_its_goal_and_aim(figure: float, better: str, word: str) -> None:
    assert row(figure, better, 0.95, 0.98 if better == "at least" else 0.9).word == word


def test_the_table_names_goal_and_aim_and_what_falls_short() -> None:
    lines: list[str] = []
    table.show([row(0.5, "at least", 0.95, 0.98), row(3.0, "at least", 2.0, None)], lines.append)
    assert "SHORT" in lines[1] and "at least 0.95" in lines[1] and "0.98" in lines[1]
    assert "pass" in lines[2] and "SHORT" not in lines[2]


def test_rows_are_read_back_from_the_file(tmp_path) -> None:
    file = tmp_path / "deep" / "speed.json"
    table.save([row(0.5, "at least", 0.95, 0.98)], {"cores": 2}, file)
    content = json.loads(file.read_text(encoding="utf-8"))
    assert content["machine"] == {"cores": 2}
    assert (
        content["rows"][0] | {"figure": 0.5, "goal": 0.95, "aim": 0.98, "passed": False} == content["rows"][0]
    )


def test_a_file_that_cannot_be_written_is_said_before_anything_is_measured(tmp_path, capsys) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way", encoding="utf-8")
    assert main(["bench", "--json", str(blocked / "speed.json")]) == 2
    captured = capsys.readouterr()
    assert captured.err.count("\n") == 1 and "--json" in captured.err and captured.out == ""


def test_one_step_has_the_operations_that_its_layers_say() -> None:
    g_weights, d_weights = 16 * 128 + 128 * 128 + 128 * 2, 2 * 128 + 128 * 128 + 128
    forward = 2 * g_weights + 3 * d_weights  # fakes for D, fakes for G; D on real, on fake, on G's
    into_weights = g_weights + 2 * d_weights
    into_inputs = 2 * (d_weights - 2 * 128) + d_weights + g_weights - 16 * 128
    # two for each multiplication and addition
    operations = sum(2 * a * b * c * times for (a, b, c), times in ceiling.products().items())
    assert operations == 2 * 256 * (forward + into_weights + into_inputs)
    assert operations / 1e6 == pytest.approx(105.6, abs=0.05)


class Machine:
    """A machine on which others use so many cores in each phase."""

    def __init__(self, *foreign: float) -> None:
        self.foreign, self.phases, self.begun = list(foreign), 0, 0.0

    def busy(self) -> float:
        return self.begun

    def phase(self) -> int:
        started = time.perf_counter()
        time.sleep(0.01)
        self.begun += self.foreign[self.phases] * (time.perf_counter() - started) + 1e-3
        self.phases += 1
        return self.phases


@pytest.mark.parametrize(
    ("foreign", "kept", "disturbed"),
    [((0.0, 9.0, 9.0), 1, False), ((4.0, 0.0, 9.0), 2, False), ((4.0, 2.0, 3.0), 2, True)],
)
def test_a_phase_that_others_disturb_is_repeated(
    foreign: tuple[float, ...], kept: int, disturbed: bool
) -> None:
    machine = Machine(*foreign)
    quiet: Quiet[int] = Quiet(busy=machine.busy)
    assert quiet(machine.phase) == kept
    assert ("DISTURBED" in quiet.words) is disturbed


def test_where_the_system_does_not_tell_every_phase_counts(tmp_path) -> None:
    assert busy_seconds(tmp_path / "absent") is None
    quiet: Quiet[int] = Quiet(busy=lambda: None)
    assert quiet(lambda: 7) == 7 and quiet.words == ""


@pytest.mark.skipif(not growth.can_tell(), reason="needs /proc")
def test_the_work_of_another_process_is_seen() -> None:
    command = [sys.executable, "-c", "import time\nend = time.time() + 1\nwhile time.time() < end: pass"]
    before = busy_seconds()
    subprocess.run(command, check=True)
    after = busy_seconds()
    assert before is not None and after is not None and after - before > 0.2


def test_a_made_up_history_has_every_step_and_all_measurements() -> None:
    history = filled(60_000)
    assert history.last_step == history.steps.rows == 60_000
    assert history.measured.rows == 3_000 and history.measured.last("step") == 60_000


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Short phases, short histories, and no phase is measured again: here the figures say nothing."""
    monkeypatch.setattr(quiet, "FOREIGN_CORES", math.inf)
    for room, seconds in ((stage, 0.4), (window, 0.1), (training, 0.05)):
        monkeypatch.setattr(room, "PHASE_SECONDS", seconds)
    monkeypatch.setattr(stage, "WARM_UP", 40)
    monkeypatch.setattr(images, "PHASE_SECONDS", 1.0)
    monkeypatch.setattr(images, "SECONDS", 0.05)
    for room in (images, ordinary_images):
        monkeypatch.setattr(room, "IMAGES", ordinary_images.IMAGES.replace(filters=2, batch_size=4))
    monkeypatch.setattr(window, "MILLION", 60_000)
    monkeypatch.setattr(long_runs, "LONG", 60_000)


@pytest.mark.parametrize(
    ("question", "count"),
    [
        (training.steps, 3), (images.steps, 1), (images.painting, 1),
        (window.painting, 6), (window.painting_eager, 1), (window.painting_million, 1),
        (long_runs.frame_times, 2), (portrait.drags, 2),
    ],
)  # fmt: skip
def test_every_question_is_answered(
    question: Callable[[int], list[Row]], count: int, hasty: None, qapp: object
) -> None:
    rows = question(1)
    assert len(rows) == count
    assert all(math.isfinite(row.figure) and row.figure > 0 for row in rows)


@pytest.mark.parametrize("what", ["paint", "step"])
def test_a_cold_start_prints_its_seconds(what: str) -> None:
    command = [sys.executable, "-m", "ganviz.bench.cold_start", what, repr(time.time())]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    assert 0 < float(done.stdout.split()[-1]) < 120


def test_the_ordinary_loop_of_images_learns_what_the_trainer_learns(monkeypatch: pytest.MonkeyPatch) -> None:
    small = ordinary_images.IMAGES.replace(filters=2, batch_size=4)
    monkeypatch.setattr(ordinary_images, "IMAGES", small)
    loop, trainer = ordinary_images.OrdinaryImages(), Trainer(small)
    for name, count in trainer.parameters.items():
        assert sum(parameter.numel() for parameter in getattr(loop, name).parameters()) == count
    first = [parameter.clone() for parameter in loop.d.parameters()]
    loop.play(3)
    assert len(loop.losses) == 3 and all(math.isfinite(loss) for pair in loop.losses for loss in pair)
    assert not any(torch.equal(a, b) for a, b in zip(first, loop.d.parameters(), strict=True))
