"""An error that C raises in an override of Qt's ends as a fault that is shown, on every Python."""

import os
import subprocess
import sys
import traceback
from pathlib import Path

import pytest

from ganviz.ui.normalised import InsideHandler, forget_handler, normalised

PROJECT = Path(__file__).parents[2]
FAULTY = """
import sys
import shiboken6
from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication
from ganviz.experiment import Experiment
from ganviz.ui import app
from ganviz.ui.fault_dialog import FaultDialog
from ganviz.ui.window import MainWindow

armed = False

class Faulty(MainWindow):
    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.first_painted.connect(lambda: QTimer.singleShot(0, self.provoke))

    def provoke(self):
        global armed
        armed = True
        QTimer.singleShot(0, tell)
        try:
            {call}
        finally:
            armed = False

    def {override}(self, event):
        if armed:
            {fault}
        return super().{override}(event)

def tell():
    shown = [each for each in QApplication.topLevelWidgets() if isinstance(each, FaultDialog)]
    print(*[each.report.toPlainText() for each in shown], sep="\\n", flush=True)
    QApplication.closeAllWindows()

app.MainWindow = Faulty
sys.exit(app.open_window(Experiment.preset("saturation"), safe_mode=True))
"""
GONE = "gone = QObject(); shiboken6.delete(gone); gone.objectName()"
CASES = (
    ("paintEvent", "self.repaint()", "int('no number')", "ValueError: Error calling Python"),
    ("closeEvent", "self.close()", GONE, "RuntimeError: Error calling Python"),
)


def run(code: str, home: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=PROJECT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "HOME": str(home), "USERPROFILE": str(home)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize(("override", "call", "fault", "words"), CASES)
def test_an_error_from_c_in_an_override_is_shown(
    override: str, call: str, fault: str, words: str, tmp_path: Path
) -> None:
    done = run(FAULTY.format(override=override, call=call, fault=fault), tmp_path)
    assert done.returncode == 0, done.stderr
    assert words in done.stdout
    assert f"in {override}" in done.stdout
    assert InsideHandler.__name__ not in done.stdout


def test_what_leaves_is_as_it_was_raised() -> None:
    def fail() -> None:
        try:
            int("no number")
        except ValueError:
            raise KeyError("second") from None

    with pytest.raises(KeyError) as raised:
        normalised(fail)()
    first = raised.value.__context__
    assert isinstance(first, ValueError) and first.__context__ is None
    assert normalised(int)("3") == 3


def test_the_handler_is_not_told_of() -> None:
    told = []

    @normalised
    def hook() -> None:
        try:
            int("no number")
        except ValueError as error:
            forget_handler(error)
            told.append("".join(traceback.format_exception(error)))

    hook()
    assert "During handling" not in told[0] and "invalid literal" in told[0]
