"""The report of a fault: everything that helps to mend it, as text to copy. Loads no Qt."""

from __future__ import annotations

import platform
import re
from collections.abc import Iterable
from importlib import metadata

import ganviz
from ganviz.experiment import Experiment, changes
from ganviz.record.run import Run
from ganviz.ui.log_file import log_file

LIBRARIES = ("torch", "PySide6-Essentials", "pyqtgraph", "numpy", "superqt", "pydantic")
EVENTS = 20
"""How many of the last events are told."""


def what_happened(traceback: str) -> str:
    """The last words of a traceback: what was raised, and where it was noted to be."""
    lines = traceback.strip().splitlines()
    last = max((number for number, line in enumerate(lines) if line.startswith(" ")), default=-1)
    return "\n".join(lines[last + 1 :]) or lines[-1]


def signature(traceback: str) -> str:
    """What two tracebacks of the same fault share: the line that raised, and the kind of error."""
    places = re.findall(r'^  File "(.+)", line (\d+)', traceback, flags=re.MULTILINE)
    what = what_happened(traceback)
    return f"{places[-1]} {what.partition(':')[0]}" if places else what


def versions() -> str:
    """The libraries that matter and their versions, in one line."""
    found = []
    for name in LIBRARIES:
        try:
            found.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            found.append(f"{name} missing")
    return ", ".join(found)


def _run_lines(run: Run, chosen: Experiment) -> Iterable[str]:
    frame = run.frame
    yield f"Step {frame.step:,} (D {frame.d_count:,} updates, G {frame.g_count:,}), {frame.status}, "
    yield f"on {frame.device}, {frame.backend} steps, {frame.seconds:.1f} s of training"
    yield from ("", "The experiment that ran", "", run.experiment.to_toml().strip())
    waiting = changes(run.experiment, chosen)
    if waiting:
        yield from ("", "Chosen, not yet running", "")
        yield from (f"{change.key} = {change.new}" for change in waiting)
    events = tuple(run.history.events)[-EVENTS:]
    if events:
        yield from ("", "Last events", "")
        yield from (f"step {event.step}: {event.key} {event.old} -> {event.new}" for event in events)


def report(traceback: str, run: Run | None, chosen: Experiment) -> str:
    """The whole report. ``run``: the one in sight, None before the first frame."""
    lines = [
        f"ganviz {ganviz.__version__}, Python {platform.python_version()}, {platform.platform()}",
        versions(),
        f"Log: {log_file()}",
        *("", "What was raised", "", traceback.strip(), ""),
        *(_run_lines(run, chosen) if run else ("No run yet. Chosen:", "", chosen.to_toml().strip())),
    ]
    return "\n".join(lines) + "\n"
