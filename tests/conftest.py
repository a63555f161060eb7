"""What every test gets: one torch thread, settings in its own folder, and a look at what it left running."""

# torch before any Qt module, on every system: on Windows the other order fails to load c10.dll (torch 2.9 and
# later). pytest loads this file before pytest-qt loads Qt; test_imports.py holds the order.
import torch

import gc
import os
import shutil
import subprocess
import sys
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_API", "pyside6")
torch.set_num_threads(1)  # small networks run many times slower when several threads share them

settings.register_profile("ganviz", deadline=None)  # no test asks how fast anything is
settings.load_profile("ganviz")

XVFB = shutil.which("Xvfb")


def pytest_collection_finish() -> None:
    """Set aside what the imports made, so that `_running` has less to look through."""
    gc.freeze()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip tests whose display server or device is absent."""
    if item.get_closest_marker("xvfb") and XVFB is None:
        pytest.skip("needs Xvfb (Debian and Ubuntu: apt-get install xvfb)")
    if item.get_closest_marker("cuda") and not torch.cuda.is_available():
        pytest.skip("needs a CUDA device")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where Xvfb is required, a test that needs it may not be skipped, for whatever reason."""
    report = yield
    if report.skipped and item.get_closest_marker("xvfb") and os.environ.get("GANVIZ_REQUIRE_XVFB") == "1":
        report.outcome = "failed"
        report.longrepr = f"skipped although GANVIZ_REQUIRE_XVFB=1: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def xvfb_display() -> Iterator[str]:
    """Start an X server of 1400 x 900 pixels; its name, such as ``:7``, is the DISPLAY of a subprocess."""
    if XVFB is None:
        pytest.skip("needs Xvfb (Debian and Ubuntu: apt-get install xvfb)")
    reading, writing = os.pipe()
    server = subprocess.Popen(
        [XVFB, "-displayfd", str(writing), "-screen", "0", "1400x900x24", "-nolisten", "tcp"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with os.fdopen(reading) as pipe:
        number = pipe.readline().strip()
    yield f":{number}"
    server.terminate()
    server.wait(timeout=10)


@pytest.fixture(autouse=True)
def own_settings(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Send settings and user files, of this process and of those it starts, to a folder of the test's own."""
    folder = tmp_path_factory.mktemp("user")
    for variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(variable, str(folder))
    core: Any = sys.modules.get("PySide6.QtCore")
    if core is not None:
        core.QSettings.setDefaultFormat(core.QSettings.Format.IniFormat)
        for settings_format in (core.QSettings.Format.IniFormat, core.QSettings.Format.NativeFormat):
            core.QSettings.setPath(settings_format, core.QSettings.Scope.UserScope, str(folder))
    return folder


def _running() -> dict[int, Any]:
    """Return the threads and repeating timers that are running, by id. A single-shot timer ends by itself."""
    from PySide6.QtCore import QCoreApplication, QThread, QTimer
    from shiboken6 import isValid

    if QCoreApplication.instance() is None:
        return {}
    kinds = (QThread, QTimer)
    found = [thing for thing in gc.get_objects() if issubclass(type(thing), kinds) and isValid(thing)]
    main = QThread.currentThread()
    return {
        id(thing): thing
        for thing in found
        if (isinstance(thing, QThread) and thing.isRunning() and thing is not main)
        or (isinstance(thing, QTimer) and thing.isActive() and not thing.isSingleShot())
    }


@pytest.fixture(autouse=True)
def nothing_left_running(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test with a window or a worker that leaves a QThread or a repeating QTimer running."""
    if {"qapp", "qtbot"}.isdisjoint(request.fixturenames):
        yield
        return
    before = _running()
    yield
    left = [thing for key, thing in _running().items() if key not in before]
    for thing in left:  # stopped here, so that one faulty test does not abort all
        if hasattr(thing, "requestInterruption"):
            thing.requestInterruption()
            thing.quit()
            thing.wait(2000)
        else:
            thing.stop()
    assert not left, f"left running: {[f'{thing!r}, child of {thing.parent()!r}' for thing in left]}"
