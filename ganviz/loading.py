"""How the program loads what it stands on: in the order that Windows needs, and without delay."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
from collections.abc import Iterator


def torch_before_qt() -> None:
    """On Windows load torch now, elsewhere nothing. To be called before any Qt module is loaded.

    From torch 2.9 on, importing torch after a Qt module fails on Windows (WinError 1114 in c10.dll).
    Elsewhere the window paints first and torch comes after it.
    """
    if sys.platform == "win32":
        with contextlib.suppress(ImportError, OSError):  # `ganviz doctor` says what to do about it
            import torch  # noqa: F401


def without_plugins() -> None:
    """Let pydantic look for no plugins among everything that is installed: the command needs none. To be
    called before pydantic is loaded; what the user has set stays.
    """
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")


MANY_MODULES = 50
"""So many new modules are a library's: torch, or what it loads for its first graph."""


@contextlib.contextmanager
def all_kept() -> Iterator[None]:
    """Do not look for garbage meanwhile: what is loaded stays, and to go through it again and again takes a
    tenth of the time. Nor later among what a library has brought: its 300,000 objects would make the window
    deaf for a tenth of a second whenever all is looked through.
    """
    if not gc.isenabled():  # whoever switched it off switches it on
        yield
        return
    gc.disable()
    before = len(sys.modules)
    try:
        yield
    finally:
        if len(sys.modules) - before >= MANY_MODULES:
            gc.freeze()
        gc.enable()
