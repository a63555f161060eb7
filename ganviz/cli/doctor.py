"""``ganviz doctor``: whether the program can run here, and for each thing that is wrong the exact mend.

Nothing but the standard library is loaded at import, so that it runs where the rest cannot.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

from ganviz.cli.doctor_checks import Finding, check_folders, check_python, check_resources, check_versions
from ganviz.cli.doctor_programs import check_libraries, check_qt, check_torch
from ganviz.cli.parser import Parser

CHECKS: tuple[Callable[[], list[Finding]], ...] = (
    check_python,
    check_versions,
    check_libraries,
    check_qt,
    check_torch,
    check_resources,
    check_folders,
)


def doctor(words: Sequence[str]) -> int:
    """Run ``ganviz doctor``; returns 0 where all is well, 2 where something is to be mended."""
    parser = Parser(
        prog="ganviz doctor",
        description="Whether ganviz can run here: one line for each thing looked at, with what to type where "
        "it is wrong.",
        epilog="Exit code 0 when all is well, 2 when something is to be mended.",
    )
    parser.parse_args(list(words))
    os.environ.setdefault("QT_LOGGING_RULES", "qt.qpa.plugin.debug=false")
    faults = 0
    for check in CHECKS:
        for found in check():
            faults += bool(found.mend)
            print(f"{'mend' if found.mend else 'ok':<5} {found.name:<10} {found.line}", flush=True)
    print("All is well." if not faults else f"To mend: {faults}.")
    return 2 if faults else 0
