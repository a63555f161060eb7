"""``--smoke``: the real program in a process of its own, offscreen and on an X display."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
OPEN = "import sys; from ganviz.experiment import Experiment; from ganviz.ui.app import open_window; "


def run(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", OPEN + code],
        cwd=PROJECT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )


def check_report(done: subprocess.CompletedProcess[str]) -> None:
    assert done.returncode == 0, done.stdout + done.stderr
    report = re.fullmatch(r"smoke: (\d+) frames painted, (\d+) steps, ([\d.]+) s\n", done.stdout)
    assert report, done.stdout
    assert int(report[1]) > 5
    assert int(report[2]) > 5
    assert done.stderr == ""


def test_smoke_offscreen() -> None:
    check_report(
        run("sys.exit(open_window(Experiment.preset('saturation'), smoke=2))", QT_QPA_PLATFORM="offscreen")
    )


@pytest.mark.xvfb
def test_smoke_on_a_display(xvfb_display: str) -> None:
    code = "sys.exit(open_window(Experiment.preset('saturation'), smoke=2))"
    check_report(run(code, QT_QPA_PLATFORM="xcb", DISPLAY=xvfb_display))


FAULTY = """
from PySide6.QtCore import qWarning
import ganviz.ui.window as window
begin = window.MainWindow._begin_training
def faulty(self):
    begin(self)
    {fault}
window.MainWindow._begin_training = faulty
sys.exit(open_window(Experiment.preset('saturation'), smoke=0.5))
"""


@pytest.mark.parametrize(
    ("fault", "word"),
    [
        ("qWarning('something Qt minds')", "something Qt minds"),
        ("raise RuntimeError('nobody catches this')", "nobody catches this"),
        ("import logging; logging.getLogger('x').error('logged trouble')", "logged trouble"),
    ],
)
def test_smoke_fails_when_something_is_wrong(fault: str, word: str) -> None:
    done = run("pass" + FAULTY.format(fault=fault), QT_QPA_PLATFORM="offscreen")
    assert done.returncode == 1
    assert word in done.stdout
    assert "frames painted" in done.stdout.splitlines()[-1]


def test_torch_and_plots_are_loaded_after_the_first_paint() -> None:
    code = """
import ganviz.ui.window as window
import ganviz.ui.app as app
class Watched(window.MainWindow):
    def _after_first_paint(self):
        print('torch' in sys.modules, 'pyqtgraph' in sys.modules, self.toolbar.train.isVisible())
        super()._after_first_paint()
app.MainWindow = Watched
sys.exit(app.open_window(Experiment.preset('saturation'), smoke=0.5))
"""
    done = run("pass" + code, QT_QPA_PLATFORM="offscreen")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[0] == "False False True"
