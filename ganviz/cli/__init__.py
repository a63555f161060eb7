"""The ``ganviz`` command."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Sequence

from ganviz.loading import all_kept, without_plugins

__all__ = ["main", "main_window"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code. ``doctor`` is run before anything else is loaded."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    _write_any_sign()
    try:
        code = _run(words)
        if sys.stdout:
            sys.stdout.flush()
    except BrokenPipeError:  # whoever was reading, `head` say, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code


def _write_any_sign() -> None:
    """Files and pipes get UTF-8: on Windows they would get a code page that has neither minus nor lambda."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and not stream.isatty():
            stream.reconfigure(encoding="utf-8")


def _run(words: list[str]) -> int:
    if words[:1] == ["doctor"]:
        from ganviz.cli.doctor import doctor

        return doctor(words[1:])
    without_plugins()
    try:
        with all_kept():
            from ganviz.cli.command import run
    except ImportError as error:
        print(f"ganviz: {error}; accepted: what ganviz doctor says to type", file=sys.stderr)
        return 2
    return run(words)


def main_window() -> int:
    """The entry point without a console (``ganvizw`` on Windows): what it would show comes as a dialog."""
    if sys.stderr is not None:
        return main()
    with io.StringIO() as said, contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.StringIO()):
        try:
            code = main()
        except SystemExit as end:  # argparse's
            code = end.code if isinstance(end.code, int) else 1
        if code and said.getvalue():
            _show(said.getvalue())
        return code


def _show(text: str) -> None:
    with contextlib.suppress(ImportError):  # then there is no way to say it
        from PySide6.QtWidgets import QApplication, QMessageBox

        app = QApplication.instance() or QApplication([])
        box = QMessageBox(QMessageBox.Icon.Warning, "ganviz", text.strip())
        box.setObjectName("dialog.message")
        box.exec()
        del app
