"""The ``ganviz`` command. Exit code 0; 2 for what the user can mend, in one line; 1 for a fault of ours; 130
interrupted."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

import ganviz
from ganviz.experiment import GROUPS, SETTINGS, Experiment, ExperimentError, changes, presets
from ganviz.record.run_folder import RunFolder, RunFolderError
from ganviz.theory.objectives import OBJECTIVES

DEFAULT = "saturation"
LISTS = ("experiments", "objectives", "data", "panels", "controls")


class _Parser(argparse.ArgumentParser):
    """Errors in one line, as everywhere in the program."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"ganviz: {message}; accepted: see {self.prog} --help\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    command = COMMANDS.get(words[0]) if words else None
    try:
        return command(words[1:]) if command else _window(words)
    except (ExperimentError, RunFolderError) as error:
        print(f"ganviz: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def main_window() -> int:
    """The entry point without a console (``ganvizw`` on Windows)."""
    return main()


def _window(words: list[str]) -> int:
    parser = _Parser(
        prog="ganviz",
        description="See why GANs learn, stall, circle and collapse. Without arguments: the window.",
        epilog=f"Commands: ganviz {' | '.join(COMMANDS)} (each with --help).",
    )
    _experiment_arguments(parser)
    parser.add_argument("--start", action="store_true", help="begin to train at once")
    parser.add_argument(
        "--smoke",
        type=_positive,
        metavar="SECONDS",
        help="open the window, train, close by itself; fail if anything was wrong",
    )
    parser.add_argument("--safe-mode", action="store_true", help="ignore stored window settings")
    parser.add_argument("--version", action="version", version=f"ganviz {ganviz.__version__}")
    options = parser.parse_args(words)
    baseline, path = _named(options)
    experiment = _changed(baseline, options)
    if experiment.device != "auto":
        from ganviz.training.device import choose

        choose(experiment)  # an absent device is said here, before a window opens
    if sys.platform == "win32":
        import torch  # noqa: F401  (on Windows torch must be loaded before any Qt module)
    try:
        from ganviz.ui.app import open_window
    except ImportError as error:
        print(
            f"ganviz: Qt cannot be loaded ({error}); accepted: the libraries that README names",
            file=sys.stderr,
        )
        return 2
    return open_window(
        experiment,
        baseline=baseline,
        path=path,
        start=options.start,
        smoke=options.smoke,
        safe_mode=options.safe_mode,
    )


def _train(words: list[str]) -> int:
    parser = _Parser(prog="ganviz train", description="Train without a window; writes a run folder.")
    _experiment_arguments(parser)
    parser.add_argument(
        "--steps", type=_whole, metavar="N", help="train until step N (default: the experiment's own number)"
    )
    parser.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        help="the run folder, which must not exist (default: runs/NAME-SEED-TIME)",
    )
    parser.add_argument("--resume", type=Path, metavar="DIR", help="go on with the run in this folder")
    parser.add_argument("--quiet", action="store_true", help="no progress bar")
    options = parser.parse_args(words)
    if options.resume and options.out:
        parser.error("--resume and --out together")

    trainer, folder = _resumed(options) if options.resume else _begun(options)

    from tqdm import tqdm

    from ganviz.training.headless import train

    steps = options.steps or trainer.experiment.steps
    code = 0
    with tqdm(
        total=steps,
        initial=trainer.step_count,
        unit="step",
        disable=options.quiet,
        desc=trainer.experiment.name,
    ) as bar:
        try:
            train(trainer, folder, steps, lambda step: bar.update(step - bar.n))
        except KeyboardInterrupt:
            code = 130
    _report(trainer, folder)
    return code


def _begun(options: argparse.Namespace) -> tuple[Any, RunFolder]:
    experiment = _experiment(options)  # before torch is loaded, so that a mistake is answered at once

    from ganviz.training.checkpoint import folder_name
    from ganviz.training.notes import cautions
    from ganviz.training.trainer import Trainer

    for note in cautions(experiment):
        print(f"ganviz: {note.text}", file=sys.stderr)
    trainer = Trainer(experiment)
    path = options.out or Path("runs") / folder_name(experiment)
    return trainer, RunFolder.create(path, experiment)


def _resumed(options: argparse.Namespace) -> tuple[Any, RunFolder]:
    if options.experiment:
        raise ExperimentError(
            f"--resume {options.resume}: the folder has its experiment; accepted: no EXPERIMENT beside it"
        )

    from ganviz.training.checkpoint import resume

    trainer, folder = resume(options.resume)
    chosen = _changed(trainer.experiment, options)
    fixed = [change.key for change in changes(trainer.experiment, chosen) if not change.live]
    if fixed:
        live = ", ".join(key for key, setting in SETTINGS.items() if setting.live)
        raise ExperimentError(
            f"--resume {options.resume}: {', '.join(fixed)} cannot change within a run; accepted: {live}"
        )
    trainer.apply(chosen)
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
    print(judge(run))
    print(f"step {trainer.step_count:,}: {folder.path}")


def _list(words: list[str]) -> int:
    parser = _Parser(prog="ganviz list", description="What there is to choose from.")
    parser.add_argument("what", nargs="?", choices=LISTS, help="one list (default: all)")
    parser.add_argument("--json", action="store_true", help="as JSON")
    options = parser.parse_args(words)
    tables = {name: _table(name) for name in ([options.what] if options.what else LISTS)}
    if options.json:
        print(json.dumps(tables[options.what] if options.what else tables, indent=2, ensure_ascii=False))
        return 0
    for name, rows in tables.items():
        if not options.what:
            print(f"\n{name}")
        width = max(len(row["id"]) for row in rows)
        for row in rows:
            print(f"{row['id']:<{width}}  {row['title']}" + (f". {row['help']}" if row["help"] else ""))
    return 0


def _table(name: str) -> list[dict[str, Any]]:
    if name == "experiments":
        return [{"id": key, "title": key, "help": Experiment.preset(key).description} for key in presets()]
    if name == "objectives":
        return [
            {
                "id": row.id,
                "title": row.name,
                "help": row.sentence,
                "output": row.output,
                "source": row.source,
            }
            for row in OBJECTIVES.values()
        ]
    if name == "data":
        from ganviz.data import SOURCES

        return [{"id": key, "title": info.title, "help": info.help} for key, info in SOURCES.items()]
    if name == "panels":
        from ganviz.ui.panels import PANELS

        return [
            {"id": f"panel.{key}", "title": panel.title, "help": panel.help} for key, panel in PANELS.items()
        ]
    from ganviz.ui.controls import CONTROLS

    return [
        {"id": control.name, "title": control.title, "help": control.help, "shortcut": control.shortcut}
        for control in CONTROLS
    ]


def _bench(words: list[str]) -> int:
    from ganviz.bench.speed import main as bench

    return bench(words)


def _theory(words: list[str]) -> int:
    parser = _Parser(
        prog="ganviz theory",
        description="Compute what the papers say with the program's own functions and networks, and compare.",
    )
    parser.add_argument("--quick", action="store_true", help="without the cases that train")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows as JSON too")
    options = parser.parse_args(words)

    from ganviz.bench.theory import run, save

    checks = run(options.quick, lambda line: print(line, flush=True))
    if options.json:
        try:
            save(checks, options.json)
        except OSError as error:
            print(
                f"ganviz: --json {options.json}: {error.strerror}; accepted: a file that can be written",
                file=sys.stderr,
            )
            return 2
    return 0 if all(check.passed for check in checks) else 1


COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "train": _train,
    "list": _list,
    "theory": _theory,
    "bench": _bench,
}


def _experiment_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "experiment",
        nargs="?",
        metavar="EXPERIMENT",
        help=f"a preset or a TOML file (default: {DEFAULT}); ganviz list experiments",
    )
    parser.add_argument("--device", metavar="D", help=SETTINGS["device"].help)
    parser.add_argument("--seed", metavar="N", help=SETTINGS["seed"].help)
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help=f"change a setting; groups: {', '.join(GROUPS.values())}",
    )


def _experiment(options: argparse.Namespace) -> Experiment:
    return _changed(_named(options)[0], options)


def _named(options: argparse.Namespace) -> tuple[Experiment, Path | None]:
    """The experiment that the command line names, and its file if it is one. A preset's name goes before a
    file's."""
    name = options.experiment or DEFAULT
    if name not in presets() and (name.endswith(".toml") or Path(name).exists()):
        return Experiment.load(name), Path(name)
    return Experiment.preset(name), None


def _changed(experiment: Experiment, options: argparse.Namespace) -> Experiment:
    given = {"device": options.device, "seed": options.seed}
    return experiment.assign(
        [*options.set, *(f"{key}={value}" for key, value in given.items() if value is not None)]
    )


def _whole(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 10**9:
        raise argparse.ArgumentTypeError(f"{text} is not a whole number from 1 to 1000000000")
    return int(text)


def _positive(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= 86_400:
        raise argparse.ArgumentTypeError(f"{text} is not a number of seconds above 0")
    return seconds
