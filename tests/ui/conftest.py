"""The real window with the real thread, closed after each test."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from ganviz.experiment import Experiment
from ganviz.ui import typeset
from ganviz.ui.window import MainWindow

LOADING_MS = 60_000
SMALL = {"g_width": 16, "d_width": 16, "g_layers": 1, "d_layers": 1, "batch_size": 32, "head_start": 0}


@pytest.fixture(autouse=True)
def only_kept_formulas(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """No formula of the program is set while it runs, because to set one makes the window deaf."""
    if request.node.get_closest_marker("sets_formulas"):
        return

    def refuse(tex: str) -> None:
        pytest.fail(f"formula not kept; do: python -m ganviz.ui.typeset '{tex}'")

    monkeypatch.setattr(typeset, "typeset", refuse)


@pytest.fixture
def open_window(qtbot: QtBot) -> Iterator[Callable[..., MainWindow]]:
    """Opens windows: ``open_window(experiment, ready=True, **options)``; with ``ready`` waits for the first
    frame, with ``whole`` until all panels and settings are made.
    """
    opened: list[MainWindow] = []
    look = QApplication.palette(), QApplication.font()

    def open_one(
        experiment: Experiment | None = None, ready: bool = True, whole: bool = True, **options: object
    ) -> MainWindow:
        chosen = experiment or Experiment.preset("saturation").replace(**SMALL)
        window = MainWindow(chosen, **{"ask_on_close": False, **options})  # type: ignore[arg-type]
        opened.append(window)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(lambda: QApplication.activeWindow() is window, timeout=5000)
        if whole:
            qtbot.waitUntil(lambda: window.grid.is_complete and window.form.is_complete, timeout=LOADING_MS)
            QApplication.processEvents()  # the grid tells of it
        if ready:
            qtbot.waitUntil(lambda: window.pilot.run is not None, timeout=LOADING_MS)
        if whole and ready and not options.get("start"):  # one that trains is never at rest for long
            qtbot.waitUntil(lambda: window.grid.is_at_rest, timeout=LOADING_MS)
        return window

    yield open_one
    for window in opened:
        if isValid(window):  # a test may have closed and deleted its own
            window.close()
            window.deleteLater()
    QApplication.processEvents()
    QApplication.setPalette(look[0])
    QApplication.setFont(look[1])


@pytest.fixture
def window(open_window: Callable[..., MainWindow]) -> MainWindow:
    """One window on a small, quick game, ready to train."""
    return open_window()
