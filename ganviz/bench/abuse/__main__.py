"""``python -m ganviz.bench.abuse``: every kind of abuse in turn, or one of them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable


def _garbage(options: argparse.Namespace) -> int:
    from ganviz.bench.abuse import garbage

    return garbage.run(options.seeds or (500 if options.quick else 10_000), options.first)


KINDS: dict[str, Callable[[argparse.Namespace], int]] = {"garbage": _garbage}


def main() -> int:
    """Run what was asked for; returns the worst exit code."""
    parser = argparse.ArgumentParser(prog="python -m ganviz.bench.abuse", description=__doc__)
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=f"of {', '.join(KINDS)} (default: all)")
    parser.add_argument("--quick", action="store_true", help="a short round of each: minutes in all")
    parser.add_argument("--seeds", type=int, metavar="N", help="how many seeds")
    parser.add_argument("--first", type=int, default=0, metavar="K", help="the first seed (default 0)")
    options = parser.parse_args()
    unknown = [kind for kind in options.kinds if kind not in KINDS]
    if unknown:
        parser.error(f"{unknown[0]}: no such kind; accepted: {', '.join(KINDS)}")
    return max(KINDS[kind](options) for kind in options.kinds or KINDS)


if __name__ == "__main__":
    sys.exit(main())
