"""What the commands share: errors in one line that say what would be accepted, and naming an experiment."""

from __future__ import annotations

import argparse
import difflib
import re
from pathlib import Path
from typing import NoReturn

from ganviz.experiment import GROUPS, SETTINGS, Experiment, presets

DEFAULT = "saturation"


class Parser(argparse.ArgumentParser):
    """Errors in one line, as everywhere in the program: what, where, what would be accepted."""

    def error(self, message: str) -> NoReturn:
        """Print the line and leave with 2."""
        message = re.sub(r" \(choose from .*\)$", "", message)
        line = message if "accepted:" in message else f"{message}; accepted: {self._accepted(message)}"
        self.exit(2, f"ganviz: {line}\n")

    def _accepted(self, message: str) -> str:
        """What belongs at the place that a message of argparse names."""
        named = re.match(r"argument ([^:]+): ", message)
        for action in self._actions if named else ():
            if named and named[1] in ("/".join(action.option_strings), str(action.metavar or action.dest)):
                return self._words(action)
        wrong = re.match(r"unrecognized arguments: (-\S+)", message)
        options = {name: action for action in self._actions for name in action.option_strings}
        near = difflib.get_close_matches(wrong[1], options, n=3) if wrong else []
        return ", ".join(self._words(options[name]) for name in near) or ", ".join(
            dict.fromkeys(self._words(action) for action in self._actions)
        )

    @staticmethod
    def _words(action: argparse.Action) -> str:
        """An argument as the usage line writes it: ``--steps N``, or its choices."""
        value = ", ".join(action.choices) if action.choices else str(action.metavar or action.dest)
        if not action.option_strings:
            return value
        return f"{action.option_strings[-1]} {value}" if action.nargs != 0 else action.option_strings[-1]


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
    return name.endswith(".toml") or Path(name).exists()


def is_experiment(name: str) -> bool:
    """Whether the name is that of a preset, or can be that of a file."""
    return name in presets() or _is_file(name)


def named(options: argparse.Namespace) -> tuple[Experiment, Path | None]:
    """The experiment that the command line names, and its file if it is one. A preset's name goes before a
    file's."""
    name = options.experiment or DEFAULT
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
