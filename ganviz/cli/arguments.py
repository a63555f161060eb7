"""What the commands share: naming an experiment and changing it."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from ganviz.experiment import GROUPS, SETTINGS, Experiment, presets

DEFAULT = "saturation"


def experiment_arguments(parser: argparse.ArgumentParser) -> None:
    """EXPERIMENT, --device, --seed and --set."""
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
        help=f"change a setting; groups: {', '.join(GROUPS.values())}; keys: ganviz list controls",
    )


def _is_file(name: str) -> bool:
    return name.endswith(".toml") or os.path.exists(name)  # Path.exists raises on a name that is too long


def is_experiment(name: str) -> bool:
    """Whether the name is that of a preset, or can be that of a file."""
    return name in presets() or _is_file(name)


def named(options: argparse.Namespace) -> tuple[Experiment, Path | None]:
    """The experiment that the command line names, and its file if it is one; a preset's name goes first."""
    name = DEFAULT if options.experiment is None else options.experiment
    if name not in presets() and _is_file(name):
        return Experiment.load(name), Path(name)
    return Experiment.preset(name), None


def changed(experiment: Experiment, options: argparse.Namespace) -> Experiment:
    """The experiment with the settings that the command line gives."""
    made = experiment.assign(options.set)
    for key in ("device", "seed"):
        text = getattr(options, key)
        if text is not None:
            made = made.assign([f"{key}={text}"], where=f"--{key}")
    return made


def whole(text: str) -> int:
    """A number of steps or rounds."""
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 10**9:
        raise argparse.ArgumentTypeError(f"{text}: not usable; accepted: {SETTINGS['steps'].accepted}")
    return int(text)


def seconds(text: str) -> float:
    """A number of seconds."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value <= 86_400:
        raise argparse.ArgumentTypeError(
            f"{text}: not usable; accepted: a number of seconds above 0, at most 86400"
        )
    return value
