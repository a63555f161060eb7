"""The plug pulled: ``ganviz train`` killed at random moments. Every folder loads, loses at most one interval
of saving, and goes on as if nothing had happened; a folder that cannot be written to is said in one line."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from ganviz.bench.abuse.report import Report
from ganviz.experiment import Experiment

INTERVAL = 0.3
"""Seconds between two savings here, in place of ten, so that many kills fall into one."""
LATEST = 4.0
"""Seconds after the folder appears within which the plug is pulled."""
SAVING = 2.0
"""Seconds that a saving may take on a busy machine, which count as part of the interval."""
SETTINGS = ("g_width=16", "d_width=16", "batch_size=32", "head_start=0", "measure_every=50")
GO_ON = 40
COMMAND = (
    "import sys; from ganviz.training import headless; "
    f"headless.SAVE_SECONDS = {INTERVAL}; from ganviz.cli import main; sys.exit(main(sys.argv[1:]))"
)


def run(kills: int, first: int = 0) -> int:
    """Pull the plug ``kills`` times; returns the exit code."""
    report = Report("kill")
    print(f"kill: seeds {first} to {first + kills - 1}, saving every {INTERVAL} s")
    with tempfile.TemporaryDirectory(prefix="ganviz-abuse-") as name:
        for seed in range(first, first + kills):
            _one(Path(name) / f"run{seed}", random.Random(seed), seed, report)
            shutil.rmtree(Path(name) / f"run{seed}", ignore_errors=True)
        _unwritable(Path(name), report)
    return report.close()


def _words(path: Path) -> list[str]:
    chosen = [word for setting in SETTINGS for word in ("--set", setting)]
    return ["train", "ring8", "--steps", "1000000", "--out", str(path), "--quiet", *chosen]


def _one(path: Path, rng: random.Random, seed: int, report: Report) -> None:
    command = [sys.executable, "-c", COMMAND, *_words(path)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    end = time.monotonic() + 120
    while not path.exists() and process.poll() is None and time.monotonic() < end:
        time.sleep(0.01)
    if not path.exists():
        process.kill()
        report.fault(f"seed {seed}: no folder: {process.communicate()[1][-200:]!r}")
        return
    time.sleep(rng.uniform(0.0, LATEST))
    process.kill()
    killed = time.time()
    process.communicate()
    lost = killed - (path / "checkpoint.safetensors").stat().st_mtime
    if lost > INTERVAL + SAVING:
        report.fault(f"seed {seed}: the last {lost:.1f} s are lost; saving was every {INTERVAL} s")
    _resume(path, seed, report)


def _resume(path: Path, seed: int, report: Report) -> None:
    """Go on for some steps, and hold the record against one that was never interrupted."""
    from ganviz.training.checkpoint import resume
    from ganviz.training.trainer import Trainer

    try:
        trainer, _ = resume(path)
    except ValueError as error:
        report.fault(f"seed {seed}: {error}")
        return
    if trainer.step_count == 0:
        report.count("killed before the first saving")
    trainer.step(GO_ON)
    whole = Trainer(Experiment.load(path / "experiment.toml"))
    whole.step(trainer.step_count)
    trainer.flush()
    whole.flush()
    for column in ("step", "d_loss", "g_loss", "d_real", "d_updates"):
        ours, theirs = (run.history.steps.column(column) for run in (trainer, whole))
        if ours.tobytes() != theirs.tobytes():
            report.fault(f"seed {seed}: {column} is not that of an uninterrupted run")
            return
    report.count("loaded, went on, equal to an uninterrupted run")


def _unwritable(path: Path, report: Report) -> None:
    """A folder in which nothing can be made, and a disk that takes no more: one line each, exit code 2."""
    locked = path / "file"
    locked.write_text("not a folder", encoding="utf-8")
    code = "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
    code += "resource.setrlimit(resource.RLIMIT_FSIZE, (4000, 4000)); "
    cases = {"a folder that cannot be made": [sys.executable, "-c", COMMAND, *_words(locked / "run")]}
    if os.name == "posix":
        cases["a full disk"] = [sys.executable, "-c", code + COMMAND, *_words(path / "full")]
    for what, command in cases.items():
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        lines = done.stderr.splitlines()
        if done.returncode == 2 and len(lines) == 1 and "accepted:" in lines[0]:
            report.count(f"{what}: said in one line")
        else:
            report.fault(f"{what}: exit code {done.returncode}: {done.stderr[-300:]!r}")
