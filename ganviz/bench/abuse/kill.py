"""The plug pulled: ``ganviz train`` killed at random moments. Every folder loads, loses at most one interval
of saving, and goes on as if nothing had happened. What a full or locked disk does is in ``disk``."""

from __future__ import annotations

import multiprocessing
import os
import random
import runpy
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path

from ganviz.bench.abuse import disk
from ganviz.bench.abuse.report import Report
from ganviz.experiment import Experiment

INTERVAL = 0.3
"""Seconds between two savings here, in place of ten, so that many kills fall into one."""
LATEST = 4.0
"""Seconds after the folder appears within which the plug is pulled."""
SAVING = 2.0
"""Seconds that a saving may take on a busy machine, which count as part of the interval."""
AT_ONCE = 4
GO_ON = 40
PRELOADED = ["ganviz.cli.command", "ganviz.training.headless", "tqdm", "ganviz.training.notes"]
"""What a process has loaded when it begins, where the system can fork one: torch takes seconds."""


@dataclass(frozen=True)
class Killed:
    """A run whose plug was pulled: its folder, the seconds lost, and how many may be."""

    seed: int
    path: Path
    lost: float
    allowed: float


def run(kills: int, first: int = 0) -> int:
    """Pull the plug ``kills`` times; returns the exit code."""
    report = Report("kill")
    print(f"kill: seeds {first} to {first + kills - 1}, saving every {INTERVAL} s, {AT_ONCE} runs at a time")
    with tempfile.TemporaryDirectory(prefix="ganviz-abuse-") as name:
        for killed in _killed(Path(name), range(first, first + kills), report):
            if killed.lost > killed.allowed:
                report.fault(f"seed {killed.seed}: {killed.lost:.1f} s lost; allowed {killed.allowed:.1f}")
            _resume(killed.path, killed.seed, report)
            shutil.rmtree(killed.path, ignore_errors=True)
        disk.run(Path(name), report)
    return report.close()


def _killed(folder: Path, seeds: range, report: Report) -> Iterator[Killed]:
    """Runs killed, several at a time, as they come."""
    forked = "forkserver" in multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("forkserver" if forked else "spawn")
    if forked:
        context.set_forkserver_preload(PRELOADED)
        quiet = "ignore::UserWarning:multiprocessing.resource_tracker"  # of tqdm's locks of killed processes
        os.environ["PYTHONWARNINGS"] = quiet
    lost: list[float] = []
    with ThreadPoolExecutor(AT_ONCE) as pool:
        jobs = [pool.submit(_one, context, folder / f"run{seed}", seed) for seed in seeds]
        for job in jobs:
            killed = job.result()
            if isinstance(killed, str):
                report.fault(killed)
                continue
            lost.append(killed.lost)
            yield killed
    report.facts.append(f"at most {max(lost, default=0.0):.2f} s of training lost")


def _train(words: list[str]) -> None:
    """``ganviz train`` with these words, in this process, saving more often than every ten seconds."""
    from ganviz.training import headless

    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        sys.stdout = sys.stderr = nowhere
        headless.SAVE_SECONDS = INTERVAL
        sys.argv = ["ganviz", *words]
        runpy.run_module("ganviz", run_name="__main__")


def _one(context: multiprocessing.context.BaseContext, path: Path, seed: int) -> Killed | str:
    """Start a run, let it live for a while, kill it; what is wrong where it does not begin."""
    process: BaseProcess = context.Process(target=_train, args=(disk.words(path),))  # type: ignore[attr-defined]
    process.start()
    end = time.monotonic() + 120
    while not path.exists() and process.is_alive() and time.monotonic() < end:
        time.sleep(0.01)
    if not path.exists():
        process.kill()
        return f"seed {seed}: no folder; the process ended with {process.exitcode}"
    end = time.monotonic() + random.Random(seed).uniform(0.0, LATEST)
    saved, gap = _saved(path), 0.0
    while time.monotonic() < end:
        time.sleep(max(0.0, min(0.01, end - time.monotonic())))
        gap, saved = max(gap, _saved(path) - saved), _saved(path)
    if not process.is_alive():
        return f"seed {seed}: it ended by itself with {process.exitcode}"
    process.kill()
    killed = time.time()
    process.join()
    return Killed(seed, path, killed - _saved(path), INTERVAL + max(SAVING, gap))


def _saved(path: Path) -> float:
    return (path / "checkpoint.safetensors").stat().st_mtime


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
