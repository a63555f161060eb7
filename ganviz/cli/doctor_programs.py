"""What ``ganviz doctor`` tries out in processes of their own: Qt's libraries, Qt and its display, torch."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from ganviz.cli.doctor_checks import Finding, grant
from ganviz.cli.mends import AGAIN, apt, pinned, pip
from ganviz.cli.qt_libraries import binding, install_line, missing_for_the_window
from ganviz.ui.display import WAY_OUT, why_none, without_display

SECONDS = 120
LEAST_SCREEN = (1180, 720)
"""The smallest window, in pixels of the desktop's scale."""
FONTS = {
    "darwin": "bring the system's own fonts back in the Font Book",
    "win32": "restore the default fonts in the settings of Windows",
}


def check_libraries() -> list[Finding]:
    """The system's libraries that Qt needs, on Linux."""
    if not sys.platform.startswith("linux") or binding() is None:
        return []
    lacking = missing_for_the_window()
    if lacking:
        return [Finding("libraries", f"missing: {', '.join(lacking)}", install_line(lacking))]
    return [Finding("libraries", "all that Qt needs of the system")]


def _probe(module: str) -> tuple[list[dict[str, Any]], str]:
    """The lines that a module prints, run in a process of its own, and what it ended with: empty where it
    ended well."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", module], capture_output=True, text=True, timeout=SECONDS, check=False,
            encoding="utf-8", errors="replace",
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return [], f"no answer within {SECONDS} s"
    rows = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode == 0:
        return rows, ""
    said = [line.strip() for line in done.stderr.splitlines() if line.strip()]
    errors = [line for line in said if "Error" in line][-1:]  # the last is what a traceback comes to
    faults = [re.sub(r"^qt\.[\w.]+: ", "", line) for line in said if "could not" in line.lower()][:1]
    return rows, (errors or faults or said[-1:] or [f"it ended with {done.returncode}"])[0]


def check_qt() -> list[Finding]:
    """That Qt and the plots load, a display opens, text has glyphs, and settings can be stored."""
    rows, wrong = _probe("ganviz.cli.probe_qt")
    if not rows:
        return [Finding("Qt", f"cannot be loaded ({wrong})", _mend_of_qt())]
    qt = Finding("Qt", rows[0]["qt"])
    if len(rows) < 2:
        seen = f"none ({why_none([])})" if without_display() else f"cannot be opened ({wrong})"
        return [qt, Finding("display", seen, _mend_of_display())]
    return [qt, *_seen_by_qt(rows[1])]


def _mend_of_qt() -> str:
    lacking = missing_for_the_window() if sys.platform.startswith("linux") else []
    if lacking:
        return install_line(lacking)
    return pip(pinned("PySide6-Essentials"), AGAIN)


def _mend_of_display() -> str:
    lacking = missing_for_the_window() if sys.platform.startswith("linux") else []
    if lacking:
        return install_line(lacking)
    platform = os.environ.get("QT_QPA_PLATFORM")
    return f"unset QT_QPA_PLATFORM (it is {platform})" if platform else WAY_OUT


def _seen_by_qt(seen: dict[str, Any]) -> list[Finding]:
    width, height = seen["width"], seen["height"]
    display = Finding("display", f"{seen['platform']}, {width} x {height}")
    if width < LEAST_SCREEN[0] or height < LEAST_SCREEN[1]:
        mend = (
            f"choose a smaller scale of the desktop; the window needs {LEAST_SCREEN[0]} x {LEAST_SCREEN[1]}"
        )
        display = Finding("display", display.seen, mend if seen["platform"] != "offscreen" else "")
    fonts = Finding("fonts", f"{seen['fonts']} families")
    if not seen["fonts"] or not seen["signs"]:
        mend = FONTS.get(sys.platform) or apt("fontconfig", "fonts-dejavu-core")
        fonts = Finding(
            "fonts", "no font has the signs σ ∇ ∞" if seen["fonts"] else "no font is installed", mend
        )
    settings = Finding("settings", seen["settings"])
    if not seen["writable"]:
        mend = ", or ".join(filter(None, [grant(Path(seen["settings"])), "--safe-mode"]))
        settings = Finding("settings", f"{seen['settings']} cannot be written", mend)
    return [display, fonts, settings]


def check_torch() -> list[Finding]:
    """That torch loads and computes a gradient on every device."""
    rows, wrong = _probe("ganviz.cli.probe_torch")
    if not rows:
        mend = pip(pinned("torch"), AGAIN)
        if sys.platform == "win32" and ("WinError" in wrong or "DLL" in wrong):
            mend = "install Microsoft's Visual C++ Redistributable (x64)"
        return [Finding("torch", f"cannot be used ({wrong})", mend)]
    devices: dict[str, str] = rows[0]["devices"]
    found = [Finding("torch", f"{rows[0]['torch']}, devices: {', '.join(devices)}")]
    found += [
        Finding("device", f"{name}: {fault}", "train with --device cpu, or mend the driver")
        for name, fault in devices.items()
        if fault
    ]
    return found
