"""``python -m ganviz.bench.abuse``: every kind of abuse in turn, or one of them."""

from __future__ import annotations

import argparse
import atexit
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from ganviz.ui.normalised import normalised


def _garbage(options: argparse.Namespace) -> int:
    from ganviz.bench.abuse import garbage

    _own_home()
    return garbage.run(options.seeds or (500 if options.quick else 10_000), options.first)


def _monkey(options: argparse.Namespace) -> int:
    from ganviz.bench.abuse import monkey

    _own_home()
    return monkey.run(
        options.seeds or (2 if options.quick else 20), 500 if options.quick else 5000, options.first
    )


def _close(options: argparse.Namespace) -> int:
    from ganviz.bench.abuse import close

    _own_home()
    return close.run(options.seeds or (50 if options.quick else 1000))


def _divergence(options: argparse.Namespace) -> int:
    from ganviz.bench.abuse import divergence

    _own_home()
    return divergence.run(("sgd",) if options.quick else divergence.OPTIMIZERS)


def _kill(options: argparse.Namespace) -> int:
    from ganviz.bench.abuse import kill

    _own_home()
    return kill.run(options.seeds or (10 if options.quick else 100), options.first)


def _soak(options: argparse.Namespace) -> int:
    from ganviz.bench.abuse import soak

    folder = Path.cwd() / "bench-results"
    _own_home()
    return soak.run(options.seeds or (20_000 if options.quick else 1_000_000), folder)


def _own_home() -> None:
    """A home of its own for what is saved and remembered, and no display: nobody's files are touched."""
    home = tempfile.mkdtemp(prefix="ganviz-abuse-")
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    for name in ("HOME", "USERPROFILE", "APPDATA", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        os.environ[name] = home
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.chdir(home)


KINDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "garbage": _garbage,
    "kill": _kill,
    "divergence": _divergence,
    "monkey": _monkey,
    "close": _close,
    "soak": _soak,
}


@normalised
def main() -> int:
    """Run what was asked for; returns the worst exit code."""
    parser = argparse.ArgumentParser(prog="python -m ganviz.bench.abuse", description=__doc__)
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=f"of {', '.join(KINDS)} (default: all)")
    parser.add_argument("--quick", action="store_true", help="a short round of each: minutes in all")
    parser.add_argument("--seeds", type=int, metavar="N", help="how many seeds, kills, deeds or steps")
    parser.add_argument("--first", type=int, default=0, metavar="K", help="the first seed (default 0)")
    options = parser.parse_args()
    unknown = [kind for kind in options.kinds if kind not in KINDS]
    if unknown:
        parser.error(f"{unknown[0]}: no such kind; accepted: {', '.join(KINDS)}")
    return max(KINDS[kind](options) for kind in options.kinds or KINDS)


if __name__ == "__main__":
    sys.exit(main())
