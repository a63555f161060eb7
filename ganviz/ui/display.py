"""Why no window can open, in one line. Loads no Qt, so that ``ganviz doctor`` can say the same."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY")
WAY_OUT = "start it on a desktop (or through ssh -X, or with xvfb-run -a); ganviz train needs no display"


def without_display() -> bool:
    """Whether this is a Linux where no desktop is to be seen, and nothing else was asked of Qt."""
    return sys.platform.startswith("linux") and not any(
        os.environ.get(name) for name in (*DISPLAYS, "QT_QPA_PLATFORM")
    )


def why_none(said: Sequence[str]) -> str:
    """What fails, from all that Qt said before it gave up: what it says first tells most."""
    if without_display():
        return f"neither {' nor '.join(DISPLAYS)} is set"
    return next((line.strip() for line in said if line.strip()), "no more is known")
