"""What is installed: the wheel with its resources, the pins, the commands that the README promises."""

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import ganviz
from ganviz import resources
from ganviz.cli.command import COMMANDS

PROJECT = Path(__file__).parents[1]
CHECKOUT = [
    path.relative_to(PROJECT / "resources").as_posix()
    for path in (PROJECT / "resources").rglob("*")
    if path.is_file()
]


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    return tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.fixture(scope="module")
def pins() -> list[Requirement]:
    lines = (PROJECT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return [Requirement(line) for line in lines if line and not line.startswith("#")]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel, built from this checkout, unpacked in it."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "unpacked")
    return folder / "unpacked"


def test_the_wheel_holds_every_resource_and_nothing_else(installed: Path) -> None:
    inside = installed / "ganviz" / "resources"
    found = [path.relative_to(inside).as_posix() for path in inside.rglob("*") if path.is_file()]
    assert "digits/digits.npz" in found
    assert sorted(found) == sorted(CHECKOUT)
    assert {path.name for path in installed.iterdir()} == {"ganviz", f"ganviz-{ganviz.__version__}.dist-info"}


def test_the_wheel_brings_the_tested_versions(installed: Path, tmp_path: Path) -> None:
    code = "from ganviz.cli.mends import PACKAGE, pins; print(PACKAGE, len(pins()))"
    done = subprocess.run(
        [sys.executable, "-S", "-c", code],
        cwd=tmp_path, env={"PYTHONPATH": str(installed)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    lines = (PROJECT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert (
        done.stdout
        == f"{installed / 'ganviz'} {len([line for line in lines if '==' in line and line[0] != '#'])}\n"
    )


def test_an_editable_install_reads_the_place_in_no_encoding_of_the_system(tmp_path: Path) -> None:
    """The checkout's place stands in Python source, not in a .pth file, and no folder hides the package."""
    code = "import sys; from hatchling.build import build_editable; print(build_editable(sys.argv[1]))"
    command = [sys.executable, "-c", code, str(tmp_path)]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as archive:
        texts = {name: archive.read(name).decode("utf-8") for name in archive.namelist()}
    pth = [text for name, text in texts.items() if name.endswith(".pth")]
    assert pth and str(PROJECT) not in pth[0]
    assert not [name for name in texts if name.startswith("ganviz/")]


def test_the_unpacked_wheel_reads_its_own_resources(installed: Path, tmp_path: Path) -> None:
    code = (
        "import ganviz, ganviz.resources as r\n"
        "print(ganviz.__file__)\n"
        "print(r.path('digits/digits.npz'))\n"
        "print(r.open_binary('digits/digits.npz').read(2))\n"
        "print(r.listing('experiments', '.toml'))\n"
    )
    # -S: without site-packages, the editable install of the checkout cannot answer in the wheel's place.
    command = [sys.executable, "-S", "-W", "ignore", "-c", code]
    done = subprocess.run(
        command, cwd=tmp_path, env={"PYTHONPATH": str(installed)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    module, file, magic, presets = done.stdout.splitlines()
    assert Path(module) == installed / "ganviz" / "__init__.py"
    assert Path(file) == installed / "ganviz" / "resources" / "digits" / "digits.npz"
    assert magic == "b'PK'"  # an .npz is a zip
    assert presets == str(sorted(path.name for path in (PROJECT / "resources/experiments").glob("*.toml")))


def test_the_commands_of_the_wheel(installed: Path) -> None:
    entries = (installed / f"ganviz-{ganviz.__version__}.dist-info" / "entry_points.txt").read_text(
        encoding="utf-8"
    )
    assert "[console_scripts]\nganviz = ganviz.cli:main\n" in entries
    assert "[gui_scripts]\nganvizw = ganviz.cli:main_window\n" in entries


def test_resources_are_those_of_this_checkout() -> None:
    assert resources.path("experiments") == PROJECT / "resources" / "experiments"
    with resources.open_binary("digits/digits.npz") as file:
        assert file.read() == (PROJECT / "resources/digits/digits.npz").read_bytes()
    assert resources.read_text("digits/README.md") == (PROJECT / "resources/digits/README.md").read_text(
        encoding="utf-8"
    )
    assert "saturation.toml" in resources.listing("experiments", ".toml")
    assert resources.listing("experiments", ".nothing") == []


def test_a_resource_that_is_not_there_says_what_is() -> None:
    with pytest.raises(
        FileNotFoundError, match=r"'digits/digits.csv' is not there; beside it: .*digits\.npz"
    ):
        resources.path("digits/digits.csv")


@pytest.mark.parametrize(
    "name", ["../pyproject.toml", "/etc/hostname", "digits/../../LICENSE", "digits\\digits.npz"]
)
def test_a_resource_name_stays_inside(name: str) -> None:
    with pytest.raises(ValueError, match="expected a name inside resources/"):
        resources.path(name)


def test_version_is_said_once(project: dict[str, Any]) -> None:
    assert project["version"] == ganviz.__version__


@pytest.mark.parametrize(
    ("python", "pyside", "allowed"),
    [
        ("3.11", "6.12.0", False),
        ("3.11", "6.11.3", True),
        ("3.11", "6.9.3", False),
        ("3.12", "6.12.0", True),
        ("3.13", "6.9.3", False),
    ],
)
def test_pyside_versions_by_python(project: dict[str, Any], python: str, pyside: str, allowed: bool) -> None:
    """The project file itself rules out the faulty version: uvx and plain pip read nothing else."""
    wanted = [Requirement(line) for line in project["dependencies"]]
    qt = [one for one in wanted if one.name == "PySide6-Essentials"]
    active = [one for one in qt if one.marker is None or one.marker.evaluate({"python_version": python})]
    assert len(active) == 1
    assert active[0].specifier.contains(pyside) is allowed


def test_every_requirement_has_a_pin_that_it_allows(project: dict[str, Any], pins: list[Requirement]) -> None:
    pinned = {canonicalize_name(pin.name): pin for pin in pins}
    for line in [*project["dependencies"], *project["optional-dependencies"]["test"]]:
        wanted = Requirement(line)
        (exact,) = pinned[canonicalize_name(wanted.name)].specifier
        assert exact.operator == "=="
        assert wanted.specifier.contains(exact.version), line


def test_pins_hold_no_address(pins: list[Requirement]) -> None:
    assert str(next(pin for pin in pins if pin.name == "torch").specifier) == "==2.13.0"
    assert [pin.name for pin in pins if pin.url] == []


def readme_commands() -> list[str]:
    """The lines of the README's code blocks."""
    text = (PROJECT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```\w*\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)
    return [line.strip() for block in blocks for line in block.splitlines()]


def test_every_make_command_of_the_readme_exists() -> None:
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z][a-z-]*):", makefile, flags=re.MULTILINE))
    promised = [match[1] for line in readme_commands() if (match := re.match(r"make ([a-z-]+)", line))]
    assert {"run", "test"} <= set(promised)
    assert set(promised) <= targets


def test_every_ganviz_command_of_the_readme_exists() -> None:
    """`ganviz WORD`: a sub-command, or the name of a preset."""
    words = set(COMMANDS)
    presets = {name.removesuffix(".toml") for name in resources.listing("experiments", ".toml")}
    promised = {match[1] for line in readme_commands() if (match := re.match(r"ganviz ([a-z]\w*)", line))}
    assert promised <= words | presets


@pytest.mark.skipif(sys.platform == "win32", reason="make is for Linux and macOS")
def test_make_knows_what_it_would_do() -> None:
    """A dry run of each target: the Makefile parses, and what it starts is there and may be executed."""
    for target in ["run", "test", "bench", "check"]:
        done = subprocess.run(
            ["make", "-n", target], cwd=PROJECT, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        for script in re.findall(r"scripts/\w+\.sh", done.stdout):
            assert (PROJECT / script).stat().st_mode & 0o111, script


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="displays of Linux")
@pytest.mark.parametrize(
    ("words", "display", "run"),
    [
        ([], "", "train"),
        (["ring8", "--start", "--seed", "3"], "", "train ring8 --seed 3"),
        (["--safe-mode", "a b.toml"], "", "train a b.toml"),
        (["train", "ring8", "--quiet"], "", "train ring8 --quiet"),
        (["ring8", "--start"], ":7", "ring8 --start"),
        *(([command, "--help"], "", f"{command} --help") for command in COMMANDS),
    ],
    ids=str,
)
def test_make_run_trains_where_there_is_no_display(
    words: list[str], display: str, run: str, tmp_path: Path
) -> None:
    """The script of ``make run``, with a program that says what it was started with."""
    program = tmp_path / ".venv/bin/ganviz"
    program.parent.mkdir(parents=True)
    program.write_text('#!/bin/sh\necho "run: $*"\n')
    program.chmod(0o755)
    done = subprocess.run(
        [PROJECT / "scripts/run.sh", *words],
        cwd=tmp_path, env={"PATH": os.environ["PATH"], "DISPLAY": display},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == f"run: {run}"
