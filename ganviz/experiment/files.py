"""An experiment's file as it comes from anywhere: its text, and the values in it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from ganviz.experiment.error_lines import ExperimentError

LARGEST_FILE = 1_000_000
"""Bytes of an experiment file."""
_LINES = 'lines such as modes = 8 or objective = "minimax"'


def text_of(path: Path) -> str:
    """The text of a file of at most 1 MB. Raises ExperimentError."""
    try:
        with path.open("rb") as stream:  # a device has no size: no more is read than may be used
            content = stream.read(LARGEST_FILE + 1)
        if len(content) > LARGEST_FILE:
            raise ExperimentError(f"{path}: larger than 1 MB; accepted: an experiment as TOML")
        return content.decode("utf-8-sig")  # some editors put a mark before the text
    except UnicodeDecodeError:
        raise ExperimentError(f"{path}: not a text file; accepted: an experiment as TOML") from None
    except OSError as error:
        raise ExperimentError(f"{path}: {error.strerror}; accepted: a readable TOML file") from None


def values_of(text: str, where: str) -> dict[str, Any]:
    """The values in the text of an experiment file, unchecked, one at least; ``where`` opens the line of the
    ExperimentError that is raised where there are none."""
    try:
        values = tomllib.loads(text)
    except ValueError as error:  # TOMLDecodeError, and what int() says of thousands of digits
        raise ExperimentError(f"{where}: not valid TOML: {error}; accepted: {_LINES}") from None
    except RecursionError:
        raise ExperimentError(
            f"{where}: not valid TOML: brackets within brackets; accepted: {_LINES}"
        ) from None
    if not values:
        raise ExperimentError(f"{where}: no settings in it; accepted: {_LINES}")
    return values
