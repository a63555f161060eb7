"""The floors of the house: who may import whom, and what is loaded by importing a room."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]

PLAIN_ROOMS = [
    "ganviz.frame",
    "ganviz.resources",
    "ganviz.experiment",
    "ganviz.theory.objectives",
    "ganviz.theory.dirac",
    "ganviz.theory.f_divergences",
    "ganviz.data",
    "ganviz.record.history",
]
TORCH_ROOMS = ["ganviz.games.gan", "ganviz.training.trainer"]
QT = ["PySide6", "shiboken6", "pyqtgraph"]

# Rooms imported one after another in one Python, and the packages or modules that none of them may load.
LIGHT = [
    (["ganviz"], ["torch", *QT, "pydantic", "numpy"]),
    ([*PLAIN_ROOMS, "ganviz.cli"], ["torch", *QT]),
    (TORCH_ROOMS, QT),
    (["ganviz.live.worker"], ["torch", "PySide6.QtWidgets", "PySide6.QtGui", "pyqtgraph"]),
    (["ganviz.ui.window"], ["torch"]),
]


def modules_after(statement: str) -> list[str]:
    """Return the names in sys.modules after `statement` ran in a Python of its own."""
    code = f"{statement}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    loaded: list[str] = json.loads(done.stdout.splitlines()[-1])
    return loaded


@pytest.mark.parametrize(("rooms", "kept_out"), LIGHT, ids=[rooms[0] for rooms, _ in LIGHT])
def test_importing_rooms_loads_nothing_heavy(rooms: list[str], kept_out: list[str]) -> None:
    """Heavy after all of them: then after one of them too."""
    loaded = modules_after("import " + ", ".join(rooms))
    assert set(rooms) <= set(loaded)
    heavy = [name for name in loaded if any(name == bad or name.startswith(bad + ".") for bad in kept_out)]
    assert heavy == []


def test_the_subprocess_does_see_what_is_loaded() -> None:
    """Guard of the test above: what is imported does show in the list."""
    assert {"PySide6.QtCore", "shiboken6"} <= set(modules_after("import PySide6.QtCore"))


def test_public_names_arrive_when_touched() -> None:
    loaded = modules_after("import ganviz; assert ganviz.Experiment.__name__ == 'Experiment'")
    assert "pydantic" in loaded
    assert "torch" not in loaded
    assert "torch" in modules_after("from ganviz import Trainer; assert Trainer.__name__ == 'Trainer'")


def test_an_unknown_public_name_says_what_there_is() -> None:
    import ganviz

    with pytest.raises(AttributeError, match=r"no attribute 'Experimnt'.*Experiment, Trainer"):
        ganviz.Experimnt  # noqa: B018


@pytest.mark.parametrize(("platform", "torch_first"), [("win32", True), ("linux", False), ("darwin", False)])
def test_main_imports_torch_before_qt_on_windows_only(platform: str, torch_first: bool) -> None:
    """The entry module is run with sys.platform set and the two modules after it replaced by recorders."""
    code = f"""
import sys, types
seen = []
class Recorder:
    def find_spec(self, name, path=None, target=None):
        if name in ("torch", "ganviz.cli"):
            seen.append(name)
            sys.modules[name] = types.ModuleType(name)
            sys.modules[name].main = lambda: None
            import importlib.machinery
            return importlib.machinery.ModuleSpec(name, self)
    def create_module(self, spec):
        return sys.modules[spec.name]
    def exec_module(self, module):
        pass
sys.meta_path.insert(0, Recorder())
sys.platform = {platform!r}
import ganviz.__main__
print(seen)
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == str(["torch", "ganviz.cli"] if torch_first else ["ganviz.cli"])


@pytest.mark.parametrize(
    "room",
    [
        "ganviz.bench.long_runs", "ganviz.bench.stage", "ganviz.bench.cold_start",
        "ganviz.bench.abuse.__main__", "ganviz.ui.app", "ganviz.ui.dashboard", "ganviz.live.worker",
    ],
)  # fmt: skip
def test_on_windows_every_room_with_qt_loads_torch_first(room: str) -> None:
    """The room is imported with sys.platform set, until the first of both libraries is asked for."""
    code = f"""
import sys
class First:
    def find_spec(self, name, path=None, target=None):
        if name in ("torch", "PySide6", "pyqtgraph"):
            print(name)
            sys.exit()
sys.meta_path.insert(0, First())
sys.platform = "win32"
import {room}
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == ["torch"], done.stderr


def test_the_tests_load_torch_before_qt() -> None:
    """On Windows the other order fails; sys.modules keeps the order of first import."""
    order = list(sys.modules)
    assert order.index("torch") < order.index("PySide6")


def test_floors() -> None:
    """The layers and the forbidden imports, from pyproject.toml."""
    code = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    command = [sys.executable, "-c", code, "--no-cache", "--no-logo"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


def test_the_first_steps_do_without_sympy() -> None:
    """Part of torch loads it, a quarter of a second between the click on Train and the first step."""
    loaded = modules_after(
        "from ganviz import Experiment, Trainer; Trainer(Experiment.preset('saturation')).step()"
    )
    assert "torch" in loaded
    assert "sympy" not in loaded


def test_the_window_is_made_without_what_only_plots_and_formulas_need() -> None:
    loaded = modules_after(
        "from PySide6.QtWidgets import QApplication; app = QApplication([])\n"
        "from ganviz.experiment import Experiment; from ganviz.ui.window import MainWindow\n"
        "window = MainWindow(Experiment.preset('saturation'), safe_mode=True)"
    )
    assert "ganviz.ui.grid" in loaded
    assert {"pyqtgraph", "superqt", "qtawesome", "ziamath", "torch", "scipy", "PIL"}.isdisjoint(loaded)


def test_the_window_waits_for_no_other_command() -> None:
    loaded = modules_after("import ganviz.cli.command")
    others = {f"ganviz.cli.{name}" for name in ("train", "lists", "data", "quality", "doctor")}
    assert "ganviz.cli.arguments" in loaded
    assert others.isdisjoint(loaded)


def test_the_window_reads_its_own_preset_alone_before_it_is_painted() -> None:
    modules_after(
        "from PySide6.QtWidgets import QApplication; app = QApplication([])\n"
        "from ganviz import resources; from ganviz.experiment import Experiment, SETTINGS\n"
        "read, whole = [], resources.read_text\n"
        "resources.read_text = lambda name: (read.append(name), whole(name))[1]\n"
        "from ganviz.ui.window import MainWindow\n"
        "window = MainWindow(Experiment.preset('saturation'), safe_mode=True)\n"
        "assert [name for name in read if name.endswith('.toml')] == ['experiments/saturation.toml'], read\n"
        "made = [row for group in window.form.groups.values() for row in group.rows]\n"
        "assert 0 < len(made) < len(SETTINGS) / 2, made"
    )


@pytest.mark.parametrize(("chosen", "expected"), [(None, "__all__"), ("some-plugin", "some-plugin")])
def test_the_command_looks_for_no_plugins_unless_the_user_has_said_which(
    chosen: str | None, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "PYDANTIC_DISABLE_PLUGINS"
    monkeypatch.delenv(name, raising=False)
    if chosen is not None:
        monkeypatch.setenv(name, chosen)
    modules_after(
        "import os, sys; from ganviz.cli import main; assert 'pydantic' not in sys.modules\n"
        f"assert main(['list', 'objectives']) == 0 and os.environ[{name!r}] == {expected!r}"
    )
