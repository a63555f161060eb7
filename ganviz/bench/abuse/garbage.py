"""Garbage in: damaged experiments, ``--set`` texts, run folders and data of one's own end in one line, or in
a valid run, and damaged stored settings in a window.

Every case is a function of its seed, so ``--seeds 1 --first K`` repeats case K. Most go through the doors
that the command line uses, in a few processes that try many, because one for each would take hours; a sample
goes through the command itself.
"""

from __future__ import annotations

import atexit
import multiprocessing
import os
import random
import shutil
import subprocess
import sys
import tempfile
import traceback
import warnings
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from ganviz.bench.abuse import mutate
from ganviz.bench.abuse.own_data import spoiled
from ganviz.bench.abuse.report import Report, peak_memory
from ganviz.data.preview import describe
from ganviz.data.refusal import DataError
from ganviz.experiment import SETTINGS, Experiment, ExperimentError, presets
from ganviz.record.reading import RunFolderError

MOST_MEMORY = 1000.0
"""MB that no input may make the program hold."""
LONGEST_LINE = 1500
SAMPLE_EVERY = 500
"""One case in so many is given to the command itself too."""
WINDOW_EVERY = 100
"""With one case in so many a window is opened on damaged stored settings."""
CHUNK = 250
SMALL: dict[str, Any] = {
    "g_width": 8,
    "d_width": 8,
    "g_layers": 1,
    "d_layers": 1,
    "batch_size": 16,
    "head_start": 0,
}
LARGEST_WORK = 4e7
"""Multiplications a step up to which a valid experiment is played for a few steps."""


def run(cases: int, first: int = 0, workers: int = 0, window: bool = True) -> int:
    """Try ``cases`` damaged inputs from seed ``first`` on in so many processes (0: one a core), those that
    open a window only with ``window``; returns the exit code."""
    report = Report("garbage")
    print(f"garbage: seeds {first} to {first + cases - 1}")
    chunks = [range(start, min(start + CHUNK, first + cases)) for start in range(first, first + cases, CHUNK)]
    most = 0.0
    workers = min(workers or os.cpu_count() or 1, len(chunks))
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool:
        for number, found in enumerate(pool.map(_try_chunk, chunks, [window] * len(chunks)), 1):
            report.counts.update(found.counts)
            report.faults += found.faults
            most = max(most, found.memory)
            print(f"garbage: {min(number * CHUNK, cases):,} of {cases:,}", flush=True)
    report.facts.append(f"at most {most:.0f} MB held; goal {MOST_MEMORY:.0f}")
    return report.close()


@dataclass(frozen=True)
class Found:
    """What a process found of its seeds, and the most memory, MB, that it has held."""

    counts: Counter[str]
    faults: list[str]
    memory: float


def _try_chunk(seeds: range, window: bool) -> Found:
    """Try some seeds; in a process of its own, which keeps its cellar for the next ones."""
    report = Report("garbage")
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a warning is a line on the screen that nobody asked for
        warnings.filterwarnings("ignore", "path is deprecated", DeprecationWarning)  # ziamath, imported first
        cellar = _cellar()
        for seed in seeds:
            if window and seed % WINDOW_EVERY == 0:
                cellar.try_window(seed, report)
            if cellar.try_one(seed, report) and seed % SAMPLE_EVERY == 0:
                cellar.try_command(seed, report)
            if peak_memory() > MOST_MEMORY:
                report.fault(f"seed {seed}: {peak_memory():.0f} MB of memory")
                break
    return Found(report.counts, report.faults, peak_memory())


@cache
def _cellar() -> Cellar:
    path = tempfile.mkdtemp(prefix="ganviz-abuse-")
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    return Cellar(Path(path))


class Cellar:
    """A folder with two good runs, of networks and of two numbers, and the ways to spoil copies of them."""

    def __init__(self, path: Path) -> None:
        from ganviz.training.checkpoint import begin
        from ganviz.training.trainer import Trainer

        self.path = path
        self.good, self.portrait = path / "good", path / "portrait"
        self._store: Any = None
        chosen = Experiment.preset("ring8").replace(**SMALL, steps=60)
        trainer = Trainer(chosen)
        trainer.step(20)
        trainer.apply(chosen.replace(objective="wasserstein", g_learning_rate=0.002))
        trainer.step(20)
        trainer.apply(trainer.experiment.replace(objective="minimax"))
        trainer.step(5)
        begin(trainer, self.good)
        lines = Trainer(Experiment.preset("dirac"))
        lines.step(20)
        lines.apply(lines.experiment.replace(methods=("r1", "minimax/alternating"), step_size=0.1))
        lines.update("d")
        lines.step(5)
        begin(lines, self.portrait)

    def try_one(self, seed: int, report: Report) -> bool:
        """Spoil something and use it, through the doors of the command; whether that was answered well."""
        rng = random.Random(seed)
        deed = rng.choice(DEEDS)
        try:
            report.count(deed(self, rng))
        except (ExperimentError, RunFolderError, DataError) as error:
            line = str(error)
            if len(line.splitlines()) == 1 and len(line) <= LONGEST_LINE and line.isprintable():
                report.count("refused in one line")
                return True
            report.fault(f"seed {seed}, {deed.__name__}: not one plain line: {line[:300]!r}")
        except Exception as error:
            report.fault(f"seed {seed}, {deed.__name__}: {_named(error)}")
            return False
        return True

    def try_window(self, seed: int, report: Report) -> None:
        """Damage what the window has stored; it opens, shows its panels and closes all the same."""
        from ganviz.bench.abuse.stored import Store

        os.environ["XDG_CONFIG_HOME"] = str(self.path)  # each process has settings of its own
        self._store = self._store or Store()
        try:
            report.count(self._store.try_one(random.Random(seed)))
        except Exception as error:
            report.fault(f"seed {seed}, stored settings: {_named(error)}")

    def toml(self, rng: random.Random) -> str:
        """A damaged experiment file, loaded, and played where it is still one."""
        file = self.path / "damaged.toml"
        file.write_bytes(mutate.toml(rng, Experiment.preset(rng.choice(presets())).to_toml()))
        return self._play(Experiment.load(file))

    def assignments(self, rng: random.Random) -> str:
        """Damaged ``--set`` texts, and played where they can be used."""
        texts = []
        for _ in range(rng.choice((1, 1, 2, 3))):
            key = rng.choice((*SETTINGS, mutate.word(rng)))
            value = rng.choice((mutate.word(rng), mutate.number(rng)))
            texts.append(
                rng.choice((f"{key}={value}", f"{key}={value}", f" {key} = {value} ", f"{key}{value}"))
            )
        return self._play(Experiment.preset(rng.choice(presets())).assign(texts))

    def folder(self, rng: random.Random) -> str:
        """A run folder with a damaged file, resumed, judged and gone on with where that is possible."""
        from ganviz.training.checkpoint import resume, save_progress
        from ganviz.training.notes import notes
        from ganviz.training.verdict import judge

        path = self._spoiled(rng)
        trainer, folder = resume(path)
        trainer.step(2)
        save_progress(trainer, folder)
        run = trainer.run()
        judge(run)
        notes(run)
        return "run folders resumed"

    def _spoiled(self, rng: random.Random) -> Path:
        """A copy of a good run with one or two of its files damaged, missing or something else."""
        path = self.path / "spoiled"
        shutil.rmtree(path, ignore_errors=True)
        shutil.copytree(rng.choice((self.good, self.portrait)), path)
        for _ in range(rng.choice((1, 1, 2))):
            file = path / rng.choice(tuple(SPOIL))
            if not file.is_file():
                continue
            kind = rng.random()
            if kind < 0.03:
                file.unlink()
            elif kind < 0.05:
                file.unlink()
                file.mkdir()
            else:
                file.write_bytes(SPOIL[file.name](rng, file.read_bytes()))
        return path

    def own_data(self, rng: random.Random) -> str:
        """A damaged file or folder of data, previewed, and drawn from where it can still be read."""
        path = spoiled(rng, self.path / "data")
        colour = rng.choice(("grey", "colour"))
        describe(path, 8, colour)
        chosen = Experiment(data="file", image_size=8, image_colour=colour, data_path=str(path))
        chosen.source().sample(np.random.default_rng(0), 100)
        return "data of one's own drawn from"

    def _play(self, experiment: Experiment) -> str:
        from ganviz.training.trainer import Trainer

        if _work(experiment) > LARGEST_WORK:
            return "valid, but too large to play here"
        experiment = experiment.replace(device="cpu", head_start=min(experiment.head_start, 3))
        Trainer(experiment).step(2)
        return "valid and played"

    def try_command(self, seed: int, report: Report) -> None:
        """The same kinds of garbage through the command: exit code 0 or 2, one line, no traceback."""
        rng = random.Random(seed)
        file = self.path / "sample.toml"
        file.write_bytes(mutate.toml(rng, Experiment.preset("ring8").replace(**SMALL).to_toml()))
        value = mutate.word(rng).replace("\0", "")
        words: list[list[str]] = [
            ["train", str(file), "--steps", "2", "--out", str(self.path / f"out{seed}"), "--quiet"],
            ["train", "--set", f"{rng.choice(tuple(SETTINGS))}={value}", "--steps", "x", "--quiet"],
            [value, "--set", "device=none"],
            ["train", "--resume", str(self._spoiled(rng)), "--steps", "70", "--quiet"],
            ["data", str(spoiled(rng, self.path / "data"))],
        ]
        for given in words:
            self._command([word[:100_000] for word in given], seed, report)

    def _command(self, words: list[str], seed: int, report: Report) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "ganviz", *words],
            cwd=self.path,
            capture_output=True,
            timeout=300,
            check=False,
        )
        errors = done.stderr.decode("utf-8", "replace")
        lines = [line for line in errors.splitlines() if not line.startswith("ganviz: ")]
        good = done.returncode in (0, 2) and "Traceback" not in errors and not lines
        if good and (done.returncode == 0 or len(errors.splitlines()) == 1):
            report.count("answered well by the command")
        else:
            report.fault(f"seed {seed}: exit code {done.returncode} of {words!r:.200}: {errors[-300:]!r}")


def _named(error: Exception) -> str:
    """What was raised, where, and its first words."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {Path(place.filename).name}:{place.lineno}: {str(error)[:400]!r}"


def _work(experiment: Experiment) -> float:
    """About how many multiplications a step of the experiment takes."""
    e = experiment
    players = [(e.g_layers, e.g_width, e.latent_dim + 64), (e.d_layers, e.d_width, 64)]
    weights = sum(width * (other + width * max(layers - 1, 0)) for layers, width, other in players)
    return weights * e.batch_size * (e.d_updates + e.g_updates)


def _as_table(rng: random.Random, data: bytes) -> bytes:
    return mutate.table(rng, data.decode("utf-8", "replace"))


SPOIL: dict[str, Callable[[random.Random, bytes], bytes]] = {
    "experiment.toml": lambda rng, data: mutate.toml(rng, data.decode("utf-8", "replace")),
    "metrics.csv": _as_table,
    "trajectory.csv": _as_table,
    "events.csv": _as_table,
    "checkpoint.safetensors": mutate.safetensors,
    "summary.json": mutate.damaged,
    "samples.npz": mutate.damaged,
}
DEEDS: tuple[Any, ...] = (
    Cellar.toml,
    Cellar.assignments,
    Cellar.folder,
    Cellar.folder,
    Cellar.own_data,
    Cellar.own_data,
)
