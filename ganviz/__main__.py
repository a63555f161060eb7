"""``python -m ganviz``: the same as the command ``ganviz``."""

import contextlib
import sys

if sys.platform == "win32":
    # From torch 2.9 on, importing torch after a Qt module fails on Windows (WinError 1114 in c10.dll).
    # Elsewhere the window paints first and torch comes after it.
    with contextlib.suppress(ImportError, OSError):  # `ganviz doctor` says what to do about it
        import torch  # noqa: F401

from ganviz.cli import main

if __name__ == "__main__":
    sys.exit(main())
