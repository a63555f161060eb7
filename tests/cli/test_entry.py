"""The entry points: no console, and an interrupt in one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]


def python(code: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(PROJECT), **environment},
        capture_output=True,
        timeout=120,
        check=False,
    )


SILENT = """
import sys
sys.stdout = sys.stderr = None
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMessageBox
app = QApplication([])
said = []
def look():
    for box in app.topLevelWidgets():
        if isinstance(box, QMessageBox):
            said.append(box.text())
            box.close()
timer = QTimer()
timer.timeout.connect(look)
timer.start(50)
from ganviz.cli import main_window
sys.argv = {words!r}
code = main_window()
open("said.txt", "w", encoding="utf-8").write(f"{{code}} {{said}}")
"""


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["nonsense"], "2 ['ganviz: nonsense: neither a command nor an experiment; accepted: "),
        (["--frobnicate"], "2 ['ganviz: unrecognized arguments: --frobnicate; accepted: "),
        (["list"], "0 []"),
    ],
)
def test_without_a_console_what_is_wrong_comes_as_a_dialog(
    words: list[str], expected: str, tmp_path: Path
) -> None:
    done = python(SILENT.format(words=["ganvizw", *words]), tmp_path, QT_QPA_PLATFORM="offscreen")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "said.txt").read_text(encoding="utf-8").startswith(expected)


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_ctrl_c_in_the_terminal_closes_the_window(tmp_path: Path) -> None:
    code = """
import os, signal, sys, threading, time
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs begin with it ignored
from ganviz.cli import main
def interrupt():
    while "ganviz.training.trainer" not in sys.modules:  # loaded after the first picture
        time.sleep(0.05)
    time.sleep(1.0)
    os.kill(os.getpid(), signal.SIGINT)
threading.Thread(target=interrupt).start()
sys.exit(main(["--safe-mode"]))
"""
    done = python(code, tmp_path, QT_QPA_PLATFORM="offscreen")
    assert done.returncode == 130 and b"Traceback" not in done.stderr, done.stderr


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="displays of Linux")
@pytest.mark.parametrize(
    ("environment", "line"),
    [
        ({}, "neither DISPLAY nor WAYLAND_DISPLAY is set; accepted: start it on a desktop"),
        ({"DISPLAY": ":999"}, "could not connect to display :999; accepted: what ganviz doctor says to type"),
        ({"QT_QPA_PLATFORM": "paper"}, 'Could not find the Qt platform plugin "paper"'),
    ],
    ids=str,
)
def test_where_no_display_opens_one_line_says_so(
    environment: dict[str, str], line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Qt itself would abort the process, with four lines that blame the installation."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    code = "import sys; from ganviz.cli import main; sys.exit(main([]))"
    done = python(code, tmp_path, **environment)
    said = done.stderr.decode()
    assert (done.returncode, done.stdout) == (2, b""), said
    assert said.startswith(f"ganviz: no window can open here: {line}") and said.count("\n") == 1
