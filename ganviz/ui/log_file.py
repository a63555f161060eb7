"""The log file: what went wrong, kept small, in the folder that the platform has for it. Loads no Qt."""

from __future__ import annotations

import faulthandler
import logging
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path

import platformdirs

BYTES, OLDER_FILES = 500_000, 2
"""The log is at most this long, with this many older ones beside it."""
_FORM = logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s")


def log_folder() -> Path:
    """Where this platform keeps a program's logs: ``~/.local/state/ganviz/log``, ``~/Library/Logs/ganviz``,
    ``%LOCALAPPDATA%\\ganviz\\Logs``."""
    return Path(platformdirs.user_log_dir("ganviz", appauthor=False))


def log_file() -> Path:
    """The log itself."""
    return log_folder() / "ganviz.log"


def begin_log(console: bool = True) -> str:
    """Log from now on into the file, and with ``console`` errors to the console where there is one. A crash
    of the process itself leaves its stack in ``crash.log`` beside it. Does nothing where it has begun.

    Returns why the file cannot be written, or an empty text: the program runs without it.
    """
    root = logging.getLogger()
    if any(isinstance(handler, RotatingFileHandler) for handler in root.handlers):
        return ""
    logging.getLogger("ganviz").setLevel(logging.INFO)
    if console and sys.stderr is not None:
        shown = logging.StreamHandler()
        shown.setLevel(logging.ERROR)
        root.addHandler(shown)
    try:
        log_folder().mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(log_file(), maxBytes=BYTES, backupCount=OLDER_FILES, encoding="utf-8")
        crash = (log_folder() / "crash.log").open("w", encoding="utf-8")
    except OSError as error:
        return f"{log_folder()}: {error.strerror}"
    handler.setFormatter(_FORM)
    root.addHandler(handler)
    faulthandler.enable(crash)  # it keeps the file open
    return ""
