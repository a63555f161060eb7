"""``ganviz train``: a run without a window, into a folder; and going on with one."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from ganviz.cli.arguments import changed, experiment_arguments, named, whole
from ganviz.cli.parser import Parser
from ganviz.cli.reading import read_data
from ganviz.experiment import PORTRAIT_GAMES, SETTINGS, ExperimentError, changes
from ganviz.record.names import run_name
from ganviz.record.run_folder import RunFolder, RunFolderError

DIVERGED_HINT = (
    "a smaller --set d_learning_rate or g_learning_rate, or a --set d_gradient_clip or g_gradient_clip"
)
PORTRAIT_HINT = "a smaller --set step_size, or other --set methods"


def train(words: list[str]) -> int:
    """Run ``ganviz train``; returns the exit code."""
    parser = Parser(
        prog="ganviz train",
        description="Train without a window; writes a run folder.",
        epilog="Exit code 0 when the last step is reached; 2 when a number stopped being finite before (one "
        "line says where; everything up to there is in the folder); 130 when interrupted, all saved.",
    )
    experiment_arguments(parser)
    parser.add_argument(
        "--steps", type=whole, metavar="N", help="train until step N (default: the experiment's own number)"
    )
    parser.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        help="the run folder, which must not exist (default: runs/NAME-SEED-TIME)",
    )
    parser.add_argument(
        "--resume",
        type=Path,
        metavar="DIR",
        help="go on with the run in this folder to its own last step, or to --steps N",
    )
    parser.add_argument("--quiet", action="store_true", help="no progress bar")
    options = parser.parse_args(words)
    if options.resume and options.out:
        parser.error("--resume and --out together; accepted: one of them")
    trainer, folder = _resumed(options) if options.resume else _begun(options)
    return _play(trainer, folder, options.quiet)


def _play(trainer: Any, folder: RunFolder, quiet: bool) -> int:
    from tqdm import tqdm

    from ganviz.training.headless import train

    steps, code = trainer.experiment.steps, 0
    with tqdm(
        total=steps, initial=trainer.step_count, unit="step", disable=quiet, desc=trainer.experiment.name
    ) as bar:
        try:
            train(trainer, folder, steps, lambda step: bar.update(step - bar.n), _warn)
        except KeyboardInterrupt:
            code = 130
        except RunFolderError:
            raise
        except Exception as error:
            error.add_note(_what_is_saved(folder))
            raise
    _report(trainer, folder)
    if trainer.diverged and not code:
        what = trainer.diverged.rstrip(".")
        hint = PORTRAIT_HINT if trainer.experiment.game in PORTRAIT_GAMES else DIVERGED_HINT
        print(
            f"ganviz: {what}; everything before it is in {folder.path}; accepted: {hint}",
            file=sys.stderr,
        )
        code = 2
    return code


def _what_is_saved(folder: RunFolder) -> str:
    """After a fault: up to which step the run is on disk, and how to go on from there."""
    from ganviz.training.checkpoint import saved_step

    step = saved_step(folder.path)
    if step is None:
        return f"Saved: nothing that could be gone on with in {folder.path}"
    return f"Saved: up to step {step:,} in {folder.path}; ganviz train --resume DIR goes on from there"


def _warn(line: str) -> None:
    """The run goes on in memory, and the bar stays below the line."""
    from tqdm import tqdm

    tqdm.write(f"ganviz: {line}; training goes on in memory, saving is tried again", file=sys.stderr)


def _begun(options: argparse.Namespace) -> tuple[Any, RunFolder]:
    # Before torch is loaded, so that a mistake is answered at once.
    experiment = changed(named(options)[0], options)
    if options.steps:
        experiment = experiment.replace(steps=options.steps)
    read_data(experiment, options.quiet)

    from ganviz.training.checkpoint import begin
    from ganviz.training.notes import cautions
    from ganviz.training.trainer import Trainer

    for note in cautions(experiment):
        print(f"ganviz: {note.text}", file=sys.stderr)
    trainer = Trainer(experiment)
    path = options.out or Path("runs") / run_name(experiment.name, experiment.seed)
    return trainer, begin(trainer, path)


def _resumed(options: argparse.Namespace) -> tuple[Any, RunFolder]:
    where = f"--resume {options.resume}"
    if options.experiment:
        raise ExperimentError(f"{where}: the folder has its experiment; accepted: no EXPERIMENT beside it")
    kept = RunFolder.open(options.resume)[1]
    chosen = changed(kept, options)
    goal = options.steps or chosen.steps
    fixed = [change.key for change in changes(kept, chosen) if not change.live and change.key != "steps"]
    if fixed:
        live = ", ".join(key for key, row in SETTINGS.items() if row.live and kept.game in row.games)
        raise ExperimentError(f"{where}: {', '.join(fixed)} cannot change within a run; accepted: {live}")
    read_data(kept, options.quiet)

    from ganviz.training.checkpoint import resume

    trainer, folder = resume(options.resume, kept.replace(steps=goal))
    if trainer.step_count >= goal:
        raise ExperimentError(
            f"{where}: step {trainer.step_count} is reached; accepted: --steps N with N above it"
        )
    trainer.apply(chosen.replace(steps=goal))
    return trainer, folder


def _report(trainer: Any, folder: RunFolder) -> None:
    """What came of it: the dashboard into the folder, the verdict and the folder's name on the screen."""
    from ganviz.training.verdict import judge

    run = trainer.run()
    try:
        from ganviz.ui.dashboard import draw

        draw([run], folder.path / "dashboard.png")
    except ImportError as error:
        print(f"ganviz: no dashboard.png: Qt cannot be loaded ({error})", file=sys.stderr)
    except OSError as error:
        print(f"ganviz: no dashboard.png: {error}", file=sys.stderr)
    print(judge(run))
    sizes = ", ".join(f"{name.upper()} {count:,}" for name, count in trainer.parameters.items())
    learnt = f" ({sizes} parameters)" if sizes else ""
    print(f"step {run.history.last_step:,}{learnt}: {folder.path}")
