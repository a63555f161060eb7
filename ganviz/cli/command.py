"""The commands by their names. Exit code 0; 2 for what the user can mend, in one line; 1 for a fault of ours;
130 interrupted."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import ganviz
from ganviz.cli.arguments import changed, experiment_arguments, is_experiment, named, seconds, whole
from ganviz.cli.fault import tell_fault
from ganviz.cli.parser import Parser
from ganviz.cli.reading import read_data
from ganviz.data.refusal import DataError
from ganviz.experiment import ExperimentError, presets
from ganviz.loading import all_kept
from ganviz.record.run_folder import RunFolderError

EXIT_CODES = (
    "Exit code 0; 2 for what you can mend, in one line on stderr; 1 for a fault of ganviz; 130 interrupted."
)


def run(words: list[str]) -> int:
    """Run the words after ``ganviz``; returns the exit code."""
    command = COMMANDS.get(words[0]) if words else None
    try:
        return command(words[1:]) if command else _window(words)
    except (ExperimentError, RunFolderError, DataError) as error:
        print(f"ganviz: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        raise
    except Exception as error:
        return tell_fault(error)


def _window(words: list[str]) -> int:
    parser = Parser(
        prog="ganviz",
        description="See why GANs learn, stall, circle and collapse. Without arguments: the window.",
        epilog=f"Commands: ganviz {' | '.join(COMMANDS)} (each with --help). {EXIT_CODES}",
    )
    experiment_arguments(parser)
    parser.add_argument("--start", action="store_true", help="begin to train at once")
    parser.add_argument(
        "--smoke",
        type=seconds,
        metavar="SECONDS",
        help="open the window, train, close by itself; fail if anything was wrong",
    )
    parser.add_argument("--safe-mode", action="store_true", help="ignore stored window settings")
    parser.add_argument("--version", action="version", version=f"ganviz {ganviz.__version__}")
    options = parser.parse_args(words)
    if options.experiment is not None and not is_experiment(options.experiment):
        raise ExperimentError(
            f"{options.experiment or '(nothing)'}: neither a command nor an experiment; "
            f"accepted: {', '.join(COMMANDS)}; {', '.join(presets())}; or a TOML file"
        )
    baseline, path = named(options)
    experiment = changed(baseline, options)
    read_data(experiment)  # what cannot be used is said before a window opens
    if experiment.device != "auto":
        from ganviz.training.device import choose

        choose(experiment)  # an absent device is said here, before a window opens
    try:
        if sys.platform == "win32":
            import torch  # noqa: F401  (on Windows torch must be loaded before any Qt module)
        with all_kept():
            from ganviz.ui.app import open_window
    except (ImportError, OSError) as error:  # OSError: how a DLL of torch fails
        print(
            f"ganviz: the window cannot be loaded ({error}); accepted: what ganviz doctor says to type",
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


def _bench(words: list[str]) -> int:
    from ganviz.bench.speed import FILE, QUICK_ROUNDS, QUICK_STEPS, REAL_STEPS, ROUNDS, run
    from ganviz.bench.table import require_writable

    parser = Parser(prog="ganviz bench", description="Measure the program's speed on this machine.")
    parser.add_argument(
        "--rounds", type=whole, metavar="N", default=ROUNDS, help=f"rounds a row (default {ROUNDS})"
    )
    parser.add_argument(
        "--json", type=Path, default=FILE, metavar="FILE", help=f"where the figures go (default {FILE})"
    )
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_ROUNDS} rounds a row, a short long run")
    parser.add_argument(
        "--real-steps", type=whole, metavar="N", default=REAL_STEPS,
        help=f"trained steps of the run of a million, whose others are filled in (default {REAL_STEPS})",
    )  # fmt: skip
    options = parser.parse_args(words)
    rounds, real = (QUICK_ROUNDS, QUICK_STEPS) if options.quick else (options.rounds, options.real_steps)
    try:
        require_writable(options.json)  # said before minutes of measuring, not after
        run(rounds, options.json, min(real, 1_000_000))
    except OSError as error:
        return _unwritable(options.json, error)
    return 0


def _unwritable(file: Path, error: OSError) -> int:
    print(
        f"ganviz: --json {file}: {error.strerror}; accepted: a file that can be written",
        file=sys.stderr,
    )
    return 2


def _theory(words: list[str]) -> int:
    parser = Parser(
        prog="ganviz theory",
        description="Compute what the papers say with the program's own functions and networks, and compare.",
    )
    parser.add_argument("--quick", action="store_true", help="without the cases that train")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows as JSON too")
    options = parser.parse_args(words)

    from ganviz.bench.table import require_writable
    from ganviz.bench.theory import run, save

    if options.json:
        try:
            require_writable(options.json)  # said before minutes of computing, not after
        except OSError as error:
            return _unwritable(options.json, error)
    checks = run(options.quick, lambda line: print(line, flush=True))
    if options.json:
        try:
            save(checks, options.json)
        except OSError as error:
            return _unwritable(options.json, error)
    return 0 if all(check.passed for check in checks) else 1


def _train(words: list[str]) -> int:
    from ganviz.cli.train import train

    return train(words)


def _list(words: list[str]) -> int:
    from ganviz.cli.lists import list_

    return list_(words)


def _data(words: list[str]) -> int:
    from ganviz.cli.data import data

    return data(words)


def _quality(words: list[str]) -> int:
    from ganviz.cli.quality import quality

    return quality(words)


def _doctor(words: list[str]) -> int:
    from ganviz.cli.doctor import doctor

    return doctor(words)


COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "train": _train,
    "list": _list,
    "data": _data,
    "theory": _theory,
    "quality": _quality,
    "bench": _bench,
    "doctor": _doctor,
}
"""What each command does. Each loads what it needs by itself: the window waits for none of them."""
