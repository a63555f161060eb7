"""The command as people type it: its exit code, and what it prints where; in a process of its own where
that is what is asked about."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ganviz.cli import main
from ganviz.experiment import Experiment
from ganviz.theory.dirac import simulate
from ganviz.theory.dirac_methods import METHODS
from ganviz.theory.objectives import OBJECTIVES

TINY = ("--set", "g_width=8", "--set", "d_width=8", "--set", "batch_size=16", "--set", "head_start=0")


def ganviz(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ganviz", *words]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=120, check=False)


Here = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def here(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, qapp: object
) -> Here:
    """The same command in this process, in the folder of the test: what a process does at its start is not
    done again for each line that is asked for.
    """
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        capsys.readouterr()
        try:
            code = main(words)
        except SystemExit as end:  # argparse's
            assert isinstance(end.code, int)
            code = end.code
        return subprocess.CompletedProcess(words, code, *capsys.readouterr())

    return run


CONTRADICTIONS = [
    (["d_updates=0", "g_updates=0"], "nobody moves; accepted: at least one of them 1 or more"),
    (["update_order=extragradient", "d_updates=5"], "accepted: d_updates = 1 and g_updates = 1"),
    (["update_order=consensus", "g_updates=0"], "accepted: d_updates = 1 and g_updates = 1"),
    (["objective=wasserstein", "gradient_penalty=10"], "accepted: weight_clip = 0 or gradient_penalty = 0"),
    (["objective=wasserstein", "dragan=10"], "accepted: weight_clip = 0 or dragan = 0"),
    (["objective=wasserstein", "spectral_norm=on"], "accepted: weight_clip = 0 or spectral_norm = off"),
    (["gradient_penalty=10", "r1=1"], "accepted: gradient_penalty = 0 or r1 = 0"),
    (["dragan=10", "r2=1"], "accepted: dragan = 0 or r2 = 0"),
    (["smooth_real=0.5", "smooth_fake=0.5"], "accepted: smooth_real above smooth_fake"),
]


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    (tmp_path / "empty.toml").write_text("")
    (tmp_path / "broken.toml").write_text("objective = ")
    (tmp_path / "wrong.toml").write_text('batch_size = "many"')
    (tmp_path / "deep.toml").write_text("steps = " + "[" * 5000)
    (tmp_path / "digits.toml").write_text("seed = " + "9" * 5000)
    (tmp_path / "lines.toml").write_text('"a\\nb" = 1')
    (tmp_path / "colours.toml").write_text('modes = "\\u001b[31mred"')
    (tmp_path / "taken").mkdir()
    (tmp_path / "file").write_text("not a folder")
    return tmp_path


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["train", "nonsense"], "accepted: saturation"),
        (["train", "none.toml"], "No such file"),
        (["train", "empty.toml"], "no settings in it"),
        (["train", "broken.toml"], "not valid TOML"),
        (["train", "wrong.toml"], "batch_size = many: not usable; accepted: a whole number from 2 to 16,384"),
        (["train", "deep.toml"], "brackets within brackets; accepted: lines such as"),
        (["train", "digits.toml"], "not valid TOML: Exceeds the limit"),
        (["train", "lines.toml"], r"no setting 'a\nb'"),
        (["train", "colours.toml"], r"modes = \x1b[31mred: not usable"),
        (["train", "x" * 300], "accepted: saturation"),
        (["x" * 300], "neither a command nor an experiment"),
        ([""], "(nothing): neither a command nor an experiment"),
        (["train", ""], "experiment '': not known; accepted: saturation"),
        (["train", "--foo"], "unrecognized arguments: --foo; accepted: --help, EXPERIMENT, --device D"),
        (["theory", "--jsn", "x"], "unrecognized arguments: --jsn x; accepted: --json FILE"),
        (["theory", "--json", "wrong.toml/x.json"], "accepted: a file that can be written"),
        (["train", "--resume", "x" * 300], "not a run folder"),
        (["train", "a\nb.toml"], r"a\nb.toml: No such file"),
        (["train", "--set", "description=" + b"\xff".decode(errors="surrogateescape")], "accepted: a text"),
        (["train", "saturation", "--set", "g_learning_rate=-1"], "accepted: a number from 1e-07 to 100"),
        (["train", "saturation", "--set", "d_learning_rate=1e9"], "accepted: a number from 1e-07 to 100"),
        (["train", "saturation", "--set", "learning=1"], "no setting 'learning'"),
        (["train", "saturation", "--set", "objective=bce"], "accepted: minimax"),
        (["train", "saturation", "--set", "modes"], "no '='"),
        (
            ["train", "dirac", "--set", "methods=minmax"],
            "methods = minmax: not usable; accepted: METHOD, METHOD/al",
        ),
        (["train", "dirac", "--set", "methods="], "methods = (nothing): not usable; accepted: METHOD"),
        (["train", "dirac", "--set", "methods=r1/both"], "methods = r1/both: not usable; accepted: METHOD"),
        (
            ["train", "bilinear", "--set", "methods=hinge"],
            "methods = hinge: the game does not have all of these",
        ),
        (
            ["train", "dirac", "--set", "game=chess"],
            "game = chess: not usable; accepted: gan, cyclegan, dirac, bilinear",
        ),
        (["train", "dirac", "--set", "step_size=0"], "accepted: a number from 0.001 to 2"),
        *(
            (["train", "saturation", *(word for pair in settings for word in ("--set", pair))], reason)
            for settings, reason in CONTRADICTIONS
        ),
        (["train", "saturation", "--device", "cuda:9"], "accepted here: auto, cpu"),
        (["train", "saturation", "--device", "abacus"], "accepted: auto, cpu, cuda"),
        (["train", "saturation", "--out", "taken"], "exists already"),
        (["train", "saturation", "--out", "file/run"], "Not a directory"),
        (["train", "saturation", "--steps", "-5"], "whole number from 1"),
        (["train", "--resume", "taken"], "not a run folder"),
        (["train", "--frobnicate"], "accepted: --help, EXPERIMENT, --device D, --seed N, --set KEY=VALUE"),
        (["train", "--stesp", "5"], "accepted: --steps N"),
        (["train", "--steps"], "accepted: --steps N"),
        (["train", "--seed", "x"], "--seed: seed = x: not usable; accepted: a whole number from 0 to"),
        (["train", "saturation", "--set", "g_clip=1"], "accepted: g_gradient_clip"),
        (["train", "saturation", "--set", "lr=1"], "accepted: g_learning_rate, d_learning_rate"),
        (["train", "saturation", "--set", "epochs=1"], "accepted: steps"),
        (["train", "saturation", "--set", "mdoes=1"], "accepted: modes"),
        (["train", "a", "b"], "unrecognized arguments: b"),
        (["train", "--resume", "taken", "--out", "other"], "accepted: one of them"),
        (["nonsense"], "accepted: train, list, data, theory, quality, bench, doctor; saturation"),
        (["saturation", "--device", "cuda:9"], "accepted here: auto, cpu"),
        (["--smoke", "never"], "number of seconds"),
        (
            ["list", "colours"],
            "'colours'; accepted: experiments, objectives, methods, data, panels, controls",
        ),
        (["quality", "no-such-run"], "no-such-run"),
        (["theory", "--fast"], "unrecognized arguments: --fast; accepted: --help, --quick, --json FILE"),
        (["doctor", "--all"], "unrecognized arguments: --all; accepted: --help"),
        (["bench", "--rounds", "0"], "accepted: a whole number from 1"),
    ],
)
def test_bad_input_gets_one_line_and_exit_code_2(
    words: list[str], expected: str, broken: Path, here: Here
) -> None:
    before = sorted(broken.rglob("*"))
    check_refusal(here(*words), expected)
    assert sorted(broken.rglob("*")) == before, "nothing half-written"


def check_refusal(done: subprocess.CompletedProcess[str], expected: str) -> None:
    assert done.returncode == 2 and done.stdout == ""
    assert (
        expected in done.stderr
        and "Traceback" not in done.stderr
        and len(done.stderr.strip().splitlines()) == 1
    )


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["nonsense"], "accepted: train, list, data, theory, quality, bench, doctor; saturation"),
        (["train", "--frobnicate"], "accepted: --help, EXPERIMENT, --device D, --seed N, --set KEY=VALUE"),
        (["train", "--set", "description=" + b"\xff".decode(errors="surrogateescape")], "accepted: a text"),
        (["train", "--resume", "taken"], "not a run folder"),
        (["saturation", "--device", "cuda:9"], "accepted here: auto, cpu"),
    ],
)
def test_a_process_refuses_in_the_same_way(words: list[str], expected: str, broken: Path) -> None:
    """One of each kind: a word, an option, bytes that are no text, a folder, a device."""
    check_refusal(ganviz(*words, cwd=broken), expected)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="needs /dev/zero")
def test_a_file_without_end_is_not_read_to_its_end(tmp_path: Path) -> None:
    done = ganviz("train", "/dev/zero", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "ganviz: /dev/zero: larger than 1 MB; accepted: an experiment as TOML\n"


def test_train_leaves_a_complete_run_folder(tmp_path: Path) -> None:
    done = ganviz("train", "saturation", "--steps", "40", "--seed", "3", *TINY, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    (folder,) = (tmp_path / "runs").iterdir()
    assert (
        folder.name.startswith("saturation-3-") and str(folder.name) in done.stdout and "40/40" in done.stderr
    )
    names = {
        "experiment.toml",
        "metrics.csv",
        "events.csv",
        "summary.json",
        "checkpoint.safetensors",
        "samples.npz",
        "dashboard.png",
    }
    assert {path.name for path in folder.iterdir()} == names
    assert (folder / "dashboard.png").read_bytes()[:4] == b"\x89PNG"
    assert json.loads((folder / "summary.json").read_text())["finished"] is True
    assert Experiment.load(folder / "experiment.toml").seed == 3


def test_same_seed_writes_the_same_metrics_and_quiet_is_quiet(tmp_path: Path, here: Here) -> None:
    tables = []
    command = ("train", "ring8", "--steps", "30", "--quiet", *TINY)
    for name, done in (
        ("a", ganviz(*command, "--out", "a", cwd=tmp_path)),
        ("b", here(*command, "--out", "b")),  # after whatever the tests before it left in this process
    ):
        assert done.returncode == 0 and done.stderr == "", done.stderr
        with (tmp_path / name / "metrics.csv").open() as stream:
            tables.append([{**row, "seconds": ""} for row in csv.DictReader(stream)])
    assert tables[0] == tables[1] and len(tables[0]) == 30


def test_resume_takes_live_changes_only(tmp_path: Path, here: Here) -> None:
    here("train", "ring8", "--steps", "20", "--out", "run", "--quiet", *TINY)
    refused = here("train", "--resume", "run", "--set", "batch_size=32")
    assert refused.returncode == 2 and "cannot change within a run" in refused.stderr
    done = here("train", "--resume", "run", "--steps", "30", "--set", "objective=minimax", "--quiet")
    assert done.returncode == 0, done.stderr
    with (tmp_path / "run" / "metrics.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    assert [row["objective"] for row in rows] == ["non_saturating"] * 20 + ["minimax"] * 10
    assert "20,objective,non_saturating,minimax" in (tmp_path / "run" / "events.csv").read_text()


def test_resume_goes_on_to_the_goal_of_the_folder(tmp_path: Path, here: Here) -> None:
    here("train", "ring8", "--steps", "20", "--out", "run", "--quiet", *TINY)
    assert Experiment.load(tmp_path / "run" / "experiment.toml").steps == 20
    reached = here("train", "--resume", "run", "--quiet")
    assert (reached.returncode, reached.stdout) == (2, "")
    line = "ganviz: --resume run: step 20 is reached; accepted: --steps N with N above it\n"
    assert reached.stderr == line
    assert here("train", "--resume", "run", "--steps", "15").stderr == line
    assert here("train", "--resume", "run", "--steps", "30", "--quiet").returncode == 0
    assert Experiment.load(tmp_path / "run" / "experiment.toml").steps == 30
    assert len((tmp_path / "run" / "metrics.csv").read_text().splitlines()) == 31
    # A run that was cut short goes on to its goal, which is neither the preset's nor asked for again.
    toml = tmp_path / "run" / "experiment.toml"
    toml.write_text(toml.read_text().replace("steps = 30", "steps = 45"))
    assert here("train", "--resume", "run", "--quiet").returncode == 0
    assert len((tmp_path / "run" / "metrics.csv").read_text().splitlines()) == 46


def test_a_run_that_diverges_says_so_and_can_go_on(tmp_path: Path, here: Here) -> None:
    wild = [f"{player}_{key}" for player in "dg" for key in ("optimizer=sgd", "learning_rate=100")]
    words = [word for text in ("objective=least_squares", *wild) for word in ("--set", text)]
    done = here("train", "ring8", "--out", "run", "--steps", "3000", "--quiet", *TINY, *words)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith("ganviz: Stopped at step ")
    assert "not finite. Try a smaller learning rate" in line
    assert "everything before it is in run; accepted: a smaller --set d_learning_rate" in line
    summary = json.loads((tmp_path / "run" / "summary.json").read_text())
    assert summary["diverged"] and not summary["finished"]
    assert (tmp_path / "run" / "dashboard.png").is_file()
    calm = [word for player in "dg" for word in ("--set", f"{player}_learning_rate=0.001")]
    again = here("train", "--resume", "run", "--steps", "40", "--quiet", *calm)
    assert (again.returncode, again.stderr) == (0, "")
    with (tmp_path / "run" / "metrics.csv").open() as stream:
        assert [int(row["step"]) for row in csv.DictReader(stream)] == list(range(1, 41))


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_interrupt_saves_everything_so_far(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "ganviz", "train", "ring8", "--steps", "1000000", "--out", "run", *TINY]
    process = subprocess.Popen(
        command, cwd=tmp_path, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    end = time.monotonic() + 60
    while not (tmp_path / "run" / "events.csv").exists() and time.monotonic() < end:
        time.sleep(0.05)
    time.sleep(1.0)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130 and "Traceback" not in errors
    steps = json.loads((tmp_path / "run" / "summary.json").read_text())["step"]
    assert steps > 0 and len((tmp_path / "run" / "metrics.csv").read_text().splitlines()) == steps + 1


@pytest.mark.parametrize("words", [["list", "objectives"], ["theory", "--quick"]])
def test_output_into_a_file_is_whole_under_a_narrow_code_page(words: list[str], tmp_path: Path) -> None:
    environment = os.environ | {"PYTHONIOENCODING": "cp1252"}  # as Windows has it
    command = [sys.executable, "-m", "ganviz", *words]
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, env=environment, timeout=120, check=True
    )
    assert "−" in done.stdout.decode("utf-8") and done.stderr == b""


@pytest.mark.skipif(sys.platform == "win32", reason="pipes")
def test_a_reader_that_has_seen_enough_ends_the_output_quietly(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "ganviz", "list", "data"]
    done = subprocess.run(
        command, cwd=tmp_path, stdout=writing, stderr=subprocess.PIPE, timeout=120, check=False
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("what", ["experiments", "objectives", "methods", "data", "panels", "controls"])
def test_lists(what: str, here: Here) -> None:
    rows = json.loads(here("list", what, "--json").stdout)
    assert all(row["id"] and row["title"] for row in rows)
    ids = {row["id"] for row in rows}
    expected = {
        "experiments": {"saturation", "digits"},
        "objectives": set(OBJECTIVES),
        "methods": set(METHODS),
        "data": {"ring", "digits"},
        "panels": {"panel.losses", "panel.saturation"},
        "controls": {"action.train", "action.step", "action.reset", "objective.minimax", "panel.losses"}
        | {f"setting.{key}" for key in ("g_width", "d_updates")},
    }[what]
    assert expected <= ids
    plain = here("list", what)
    assert plain.returncode == 0 and all(identity in plain.stdout for identity in expected)
    for row, line in zip(rows, plain.stdout.splitlines(), strict=True):
        assert line.split()[0] == row["id"] != line.split()[1], "no name twice"


def test_version_and_help(here: Here) -> None:
    assert here("--version").stdout.startswith("ganviz 0.")
    for words in (["--help"], ["train", "--help"], ["list", "--help"]):
        assert "EXPERIMENT" in here(*words).stdout or words[0] == "list"
    for words in (["--help"], ["train", "--help"]):
        assert "exit code 0" in " ".join(here(*words).stdout.lower().split())


def test_train_says_what_rests_and_that_nothing_bounds_a_critic(here: Here) -> None:
    chosen = ("objective=wasserstein", "weight_clip=0", "smooth_real=0.9")
    settings = [word for pair in chosen for word in ("--set", pair)]
    done = here("train", "ring8", "--steps", "2", "--quiet", *settings, *TINY)
    assert done.returncode == 0
    unbounded, rests = done.stderr.splitlines()
    assert "Nothing bounds this critic" in unbounded and "Real target α = 0.9 rests" in rests


def _trajectory(folder: Path) -> dict[str, list[tuple[float, float]]]:
    """The points of every line, in the order of the file."""
    found: dict[str, list[tuple[float, float]]] = {}
    with (folder / "trajectory.csv").open() as stream:
        for row in csv.DictReader(stream):
            points = found.setdefault(row["method"], [])
            assert int(row["step"]) == len(points)
            points.append((float(row["theta"]), float(row["psi"])))
    return found


def test_train_plays_a_game_of_two_numbers(tmp_path: Path, here: Here) -> None:
    done = here("train", "dirac", "--steps", "500", "--out", "run", "--quiet")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("GAN spirals outward: radius 1.41 → 3.10, |λ| = 1.00499 a step.")
    names = {path.name for path in (tmp_path / "run").iterdir()}
    tables = {"metrics.csv", "trajectory.csv", "events.csv"}
    others = {"experiment.toml", "summary.json", "checkpoint.safetensors", "dashboard.png"}
    assert names == tables | others
    lines = (tmp_path / "run" / "trajectory.csv").read_text().splitlines()
    assert lines[0] == "method,step,theta,psi,radius" and lines[1] == "minimax,0,1.0,1.0,1.4142135623730951"
    assert len(lines) == 1 + 501 * 4
    found = _trajectory(tmp_path / "run")
    assert list(found) == ["minimax", "minimax/alternating", "r1", "non_saturating"]
    assert found["minimax"] == [tuple(point) for point in simulate("minimax").tolist()]
    assert found["r1"] == [tuple(point) for point in simulate("r1", gamma=0.3).tolist()]


def test_lines_can_be_added_when_a_game_of_two_numbers_is_resumed(tmp_path: Path, here: Here) -> None:
    here("train", "dirac", "--steps", "40", "--out", "run", "--quiet")
    refused = here("train", "--resume", "run", "--set", "start_theta=2", "--steps", "60")
    assert (
        refused.returncode == 2
        and "start_theta cannot change within a run; accepted: methods" in refused.stderr
    )
    lines = "methods=hinge,minimax/alternating"
    done = here(
        "train", "--resume", "run", "--steps", "60", "--set", lines, "--set", "step_size=0.1", "--quiet"
    )
    assert (done.returncode, done.stderr) == (0, "")
    found = _trajectory(tmp_path / "run")
    assert list(found) == ["hinge", "minimax/alternating"]
    first = simulate("hinge", steps=40)
    rest = simulate("hinge", steps=20, step_size=0.1, start=first[-1])
    assert found["hinge"] == [tuple(point) for point in [*first.tolist(), *rest[1:].tolist()]]
    assert (
        "40,methods,minimax minimax/alternating r1 non_saturating,hinge minimax/alternating"
        in (tmp_path / "run" / "events.csv").read_text().splitlines()
    )


def test_lines_that_leave_the_numbers_end_a_game_of_two_numbers(tmp_path: Path, here: Here) -> None:
    words = ("--set", "methods=wasserstein", "--set", "step_size=2", "--out", "run", "--quiet")
    done = here("train", "dirac", *words)
    assert done.returncode == 2 and done.stdout.startswith("Diverged: Stopped at step 429: the line has left")
    (line,) = done.stderr.splitlines()
    assert (
        "Try a smaller step size: h is 2; everything before it is in run; accepted: a smaller --set step"
        in line
    )
    assert len(_trajectory(tmp_path / "run")["wasserstein"]) == 429


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_killed_game_of_two_numbers_goes_on_as_if_it_had_not_been(tmp_path: Path, here: Here) -> None:
    command = [
        sys.executable,
        "-m",
        "ganviz",
        "train",
        "dirac",
        "--steps",
        "100000000",
        "--out",
        "run",
        "--quiet",
    ]
    process = subprocess.Popen(command, cwd=tmp_path)
    end = time.monotonic() + 120
    while time.monotonic() < end:
        summary = tmp_path / "run" / "summary.json"
        if summary.exists() and json.loads(summary.read_text())["step"] > 0:
            break
        time.sleep(0.05)
    process.kill()
    process.wait()
    before = len(_trajectory(tmp_path / "run")["r1"])
    toml = tmp_path / "run" / "experiment.toml"
    toml.write_text(toml.read_text().replace('"minimax/alternating",', "").replace('"non_saturating",', ""))
    goal = before + 500
    assert here("train", "--resume", "run", "--steps", str(goal), "--quiet").returncode == 0
    found = _trajectory(tmp_path / "run")
    assert list(found) == ["minimax", "r1"]
    for line, points in found.items():
        assert points == [tuple(point) for point in simulate(line, steps=goal).tolist()]


def test_quality_judges_the_images_of_a_run_and_refuses_what_has_no_labels(
    here: Here, tmp_path: Path
) -> None:
    small = ["--set", "g_width=8", "--set", "d_width=8", "--steps", "2", "--quiet", "--seed", "0"]
    images, plane = str(tmp_path / "digits"), str(tmp_path / "ring")
    assert here("train", "digits", *small, "--out", images).returncode == 0
    done = here("quality", images)
    assert done.returncode == 1  # two steps teach nobody to write
    assert "step 2; classifier 97.2 % right on unseen reals" in done.stdout
    assert "short recognised (one class with 90 % or more)" in done.stdout and "898 fakes" in done.stdout
    assert json.loads(here("quality", images, "--json").stdout)["step"] == 2
    assert here("train", "ring8", *small, "--out", plane).returncode == 0
    check_refusal(here("quality", plane), "no labels to judge by; accepted: a run on labelled images")
