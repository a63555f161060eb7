"""A fault of the program's own on the command line: said in words, the run saved, the rest in the log."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ganviz.training.checkpoint import resume

PROJECT = Path(__file__).parents[2]
FAULTY = """
import sys
from ganviz.{module} import {name} as faulty
before = faulty.{method}
def broken(self, *words, **more):
    if {when}:
        raise RuntimeError("a mistake of this program")
    return before(self, *words, **more)
faulty.{method} = broken
from ganviz.cli import main
sys.exit(main({words!r}))
"""
SMALL = [word for key in ("g_width", "d_width", "batch_size") for word in ("--set", f"{key}=16")]


def run(folder: Path, words: list[str], **fault: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", FAULTY.format(words=words, **fault)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_trainer_that_fails_leaves_its_last_kept_state(tmp_path: Path, own_settings: Path) -> None:
    words = ["train", "ring8", "--steps", "500", "--out", str(tmp_path / "out"), "--quiet", *SMALL]
    fault = {"module": "training.trainer", "name": "Trainer", "method": "play"}
    done = run(tmp_path, words, when="self.step_count >= 230", **fault)
    assert done.returncode == 1 and "Traceback" not in done.stderr, done.stderr
    what, saved, log = done.stderr.splitlines()
    assert what == "ganviz: a fault of the program: RuntimeError: a mistake of this program"
    assert saved.startswith(f"Saved: up to step 200 in {tmp_path / 'out'}; ganviz train --resume")
    told = Path(log.removeprefix("Log: ")).read_text(encoding="utf-8")
    assert Path(log.removeprefix("Log: ")).is_relative_to(own_settings)
    assert "Traceback" in told and "a mistake of this program" in told and "torch 2" in told
    trainer, _ = resume(tmp_path / "out")
    assert trainer.step_count == trainer.history.last_step == 200


def test_a_log_that_cannot_be_written_leaves_the_traceback_on_the_screen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    fault = {"module": "experiment", "name": "Experiment", "method": "replace"}
    done = run(tmp_path, ["train", "ring8", "--steps", "5"], when="True", **fault)
    assert done.returncode == 1
    assert "Traceback" in done.stderr and "No log file: " in done.stderr.splitlines()[-1]
