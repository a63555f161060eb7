"""A fault of the program on the command line: what happened, what was saved, where the log has the rest."""

from __future__ import annotations

import logging
import sys
import traceback


def tell_fault(error: Exception) -> int:
    """Write the whole of it into the log, and on stderr what the user needs; returns the exit code 1."""
    from ganviz.ui.log_file import begin_log, log_file
    from ganviz.ui.report import versions, what_happened

    text = "".join(traceback.format_exception(error))
    unlogged = begin_log(console=False)
    logging.getLogger("ganviz").error("%s\n%s", versions(), text)
    print(f"ganviz: a fault of the program: {what_happened(text)}", file=sys.stderr)
    if unlogged:
        print(f"{text}No log file: {unlogged}", file=sys.stderr)
    else:
        print(f"Log: {log_file()}", file=sys.stderr)
    return 1
