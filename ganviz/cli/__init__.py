"""The ``ganviz`` command."""

from __future__ import annotations

import sys
from collections.abc import Sequence

__all__ = ["main", "main_window"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code. ``doctor`` is run before anything else is loaded."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:1] == ["doctor"]:
        from ganviz.cli.doctor import doctor

        return doctor(words[1:])
    try:
        from ganviz.cli.command import run
    except ImportError as error:
        print(f"ganviz: {error}; accepted: what ganviz doctor says to type", file=sys.stderr)
        return 2
    return run(words)


def main_window() -> int:
    """The entry point without a console (``ganvizw`` on Windows)."""
    return main()
