"""``ganviz doctor`` as people type it, on a machine that is well and on ones that are broken on purpose."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from ganviz.cli import mends
from ganviz.cli.doctor_checks import grant
from ganviz.cli.mends import apt, pins, pip
from ganviz.cli.qt_libraries import PACKAGES, USED, binding, install_line, missing

PROJECT = Path(__file__).parents[2]
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the system's libraries on Linux")


def doctor(folder: Path, **environment: str) -> tuple[int, dict[str, str], str]:
    """Exit code, the lines by their names (``mend`` or ``ok`` stays in front), and stderr."""
    paths = os.pathsep.join(filter(None, [environment.pop("first", ""), str(PROJECT)]))
    done = subprocess.run(
        [sys.executable, "-m", "ganviz", "doctor"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": paths, **environment},
        capture_output=True,
        text=True,
        timeout=250,
        check=False,
    )
    lines = done.stdout.splitlines()
    named = {line[6:16].strip(): f"{line[:5].strip()} {line[17:]}" for line in lines[:-1]}
    assert len(named) == len(lines) - 1, "one line for each thing"
    return done.returncode, named, done.stderr


def test_a_machine_that_is_well(tmp_path: Path, own_settings: Path) -> None:
    code, lines, errors = doctor(tmp_path, QT_QPA_PLATFORM="offscreen")
    assert (code, errors) == (0, ""), lines
    assert all(line.startswith("ok ") for line in lines.values())
    assert lines["torch"].startswith(f"ok {metadata.version('torch')}")
    assert lines["Qt"] == f"ok {metadata.version('PySide6-Essentials')}"
    assert lines["runs"] == f"ok {tmp_path / 'runs'}" and not (tmp_path / "runs").exists()
    if sys.platform.startswith("linux"):
        assert lines["log"] == f"ok {own_settings / 'ganviz' / 'log' / 'ganviz.log'}"


def fake(folder: Path, package: str, text: str) -> str:
    """A package that stands before the real one; the folder to put first on the path."""
    (folder / "first" / package).mkdir(parents=True)
    (folder / "first" / package / "__init__.py").write_text(text)
    return str(folder / "first")


def test_where_qt_cannot_be_imported(tmp_path: Path) -> None:
    fault = "raise ImportError('libEGL.so.1: cannot open shared object file: No such file or directory')"
    code, lines, errors = doctor(tmp_path, first=fake(tmp_path, "PySide6", fault))
    assert (code, errors) == (2, "")
    assert lines["Qt"].startswith("mend cannot be loaded (ImportError: libEGL.so.1: cannot open shared")
    assert lines["Qt"].endswith(
        f'-m pip install "PySide6-Essentials=={pins()["pyside6-essentials"]}" --force-reinstall'
    )
    assert lines["torch"].startswith("ok ") and lines["resources"].startswith("ok ")


@pytest.mark.parametrize("package", ["torch", "pydantic", "numpy", "platformdirs"])
def test_where_a_library_cannot_be_imported(package: str, tmp_path: Path) -> None:
    broken = fake(tmp_path, package, "raise ImportError('DLL load failed')")
    code, lines, errors = doctor(tmp_path, first=broken, QT_QPA_PLATFORM="offscreen")
    assert (code, errors) == (2, ""), lines
    assert any("DLL load failed" in line for line in lines.values() if line.startswith("mend "))


def test_the_program_itself_sends_to_the_doctor(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(
            [fake(tmp_path, "pydantic", "raise ImportError('gone')"), str(PROJECT)]
        ),
    }
    command = [sys.executable, "-m", "ganviz", "list"]
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "ganviz: gone; accepted: what ganviz doctor says to type\n"


@linux
def test_no_display(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    code, lines, _ = doctor(tmp_path, QT_QPA_PLATFORM="", DISPLAY="")
    assert code == 2 and lines["Qt"].startswith("ok ")
    assert lines["display"].startswith("mend none (neither DISPLAY nor WAYLAND_DISPLAY is set): ")
    assert lines["display"].endswith("xvfb-run -a); ganviz train needs no display")


@linux
def test_a_display_that_does_not_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    code, lines, _ = doctor(tmp_path, QT_QPA_PLATFORM="", DISPLAY=":999")
    assert code == 2
    assert lines["display"].startswith("mend cannot be opened (could not connect to display :999): ")


@linux
def test_a_display_that_qt_does_not_know(tmp_path: Path) -> None:
    code, lines, _ = doctor(tmp_path, QT_QPA_PLATFORM="paper")
    assert code == 2
    assert lines["display"].endswith("unset QT_QPA_PLATFORM (it is paper)")


@linux
def test_a_system_without_fonts(tmp_path: Path) -> None:
    """Qt names three families and draws one box for every letter where it has none."""
    (tmp_path / "fonts.conf").write_text("<fontconfig></fontconfig>")
    nothing = {"FONTCONFIG_FILE": str(tmp_path / "fonts.conf"), "QT_QPA_PLATFORM": "offscreen"}
    code, lines, _ = doctor(tmp_path, **nothing)
    assert code == 2
    assert lines["fonts"] == f"mend no font is installed: {apt('fontconfig', 'fonts-dejavu-core')}"


@linux
def test_folders_that_cannot_be_written(tmp_path: Path) -> None:
    in_the_way = tmp_path / "state"
    in_the_way.write_text("not a folder")
    code, lines, _ = doctor(tmp_path, QT_QPA_PLATFORM="offscreen", XDG_STATE_HOME=str(in_the_way))
    assert code == 2
    assert lines["log"].startswith("mend ") and f': move the file "{in_the_way}" away, or ' in lines["log"]


@linux
def test_the_mend_of_a_folder_is_one_that_its_user_can_type(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is told to change the rights of what belongs to someone else."""
    home = tmp_path / "home"
    monkeypatch.setenv("HOME", str(home))
    kept = home / "Documents/ganviz"
    assert grant(kept) == f'chmod u+rwx "{tmp_path}"'
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    assert grant(kept) == "set HOME to a folder of yours"
    assert grant(tmp_path / "runs") == ""
    home.mkdir()
    assert grant(kept) == f'sudo chown "$(id -un)" "{home}"'
    (home / "Documents").touch()
    assert grant(kept) == f'move the file "{home / "Documents"}" away'


def test_a_library_that_is_too_old_or_missing(tmp_path: Path) -> None:
    """Metadata that says another version, found before the real one, as pip would leave it."""
    for name, version in (("torch", "2.0.0"), ("pyqtgraph", "99.0")):
        folder = tmp_path / "first" / f"{name}-{version}.dist-info"
        folder.mkdir(parents=True)
        (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    code, lines, _ = doctor(tmp_path, first=str(tmp_path / "first"), QT_QPA_PLATFORM="offscreen")
    assert code == 2
    assert lines["versions"].startswith("mend torch 2.0.0 cannot be used: ")
    assert lines["versions"].endswith(f'-m pip install "torch=={pins()["torch"]}"')


@linux
def test_the_loader_says_which_library_is_missing(tmp_path: Path) -> None:
    """Qt's own plugin with the name of one library changed in its bytes: the loader looks for that name."""
    folder = binding()
    assert folder is not None
    used = folder / "Qt/lib/libQt6XcbQpa.so.6"
    changed = used.read_bytes().replace(b"libxcb-cursor.so.0", b"libxcb-cursor.so.9")
    (tmp_path / used.name).write_bytes(changed)
    assert "libxcb-cursor.so.9" in missing([tmp_path / used.name])
    assert missing([used]) == []


@linux
@pytest.mark.skipif(shutil.which("apt-get") is None, reason="the line is apt's")
def test_the_line_to_type() -> None:
    line = install_line(["libxcb-cursor.so.0", "libxcb-image.so.0", "libEGL.so.1"])
    assert line == apt("libegl1", "libxcb-cursor0")
    assert install_line(["libodd.so.3"]) == "install the packages of your system that hold libodd.so.3"
    assert install_line(["libEGL.so.1", "libodd.so.3"]).endswith(
        "libegl1  # and the packages that hold libodd.so.3"
    )


ALWAYS_THERE = {"libc.so.6", "libdl.so.2", "libgcc_s.so.1", "libm.so.6", "libpthread.so.0", "libstdc++.so.6"}
ALWAYS_THERE |= {"libz.so.1", "libzstd.so.1"}
"""What every Debian holds, or its apt could not run."""


@linux
def test_every_library_that_qt_names_has_its_package() -> None:
    """The names in the binding's own files, followed through the Qt libraries among them: on a bare system
    each of these is missing."""
    folder = binding()
    assert folder is not None
    own = {file.name: file for file in folder.parent.glob("*/**/*.so*") if "PySide6" in str(file)}
    own |= {file.name: file for file in (folder.parent / "shiboken6").glob("*.so*")}
    left, looked_at, named = [file for pattern in USED for file in folder.glob(pattern)], set(), set()
    while left:
        file = left.pop()
        looked_at.add(file.name)
        for name in re.findall(rb"\0(lib[\w.+-]+\.so[.\d]*)(?=\0)", file.read_bytes()):
            if name.decode() not in own:
                named.add(name.decode())
            elif name.decode() not in looked_at:
                left.append(own[name.decode()])
    assert "libxcb-cursor.so.0" in named
    assert named - ALWAYS_THERE <= PACKAGES.keys()


INSTALL = "apt-get install -y --no-install-recommends libegl1 libgl1"


@linux
@pytest.mark.parametrize(
    ("user", "sudo", "line"),
    [
        (0, "", f"apt-get update && {INSTALL}"),
        (1000, "/usr/bin/sudo", f"sudo apt-get update && sudo {INSTALL}"),
        (1000, "", f'su -c "apt-get update && {INSTALL}"'),
    ],
)
def test_the_line_fits_who_types_it(
    user: int, sudo: str, line: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The doctor's line, and the script's, whose ``id`` and ``sudo`` are ones of this test."""
    monkeypatch.setattr(os, "geteuid", lambda: user)
    monkeypatch.setattr(shutil, "which", lambda name: sudo)
    assert apt("libegl1", "libgl1") == line
    for name, text in {"id": f"echo {user}", **({"sudo": "exit 1"} if sudo else {})}.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{text}\n")
        (tmp_path / name).chmod(0o755)
    (tmp_path / "sh").symlink_to("/bin/sh")
    script = [str(tmp_path / "sh"), str(PROJECT / "scripts/apt_line.sh"), "libegl1", "libgl1"]
    done = subprocess.run(script, env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=True)
    assert done.stdout == f"{line}\n"


@linux
def test_a_systems_own_python_is_not_told_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Debian's Python has no pip, and refuses libraries where it has: the environment is named instead."""
    monkeypatch.setattr(mends, "PACKAGE", tmp_path / "ganviz")
    monkeypatch.setattr(sys, "prefix", sys.base_prefix)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert "-m ensurepip && " in pip("numpy==2.0") or pip("numpy==2.0").startswith("uv pip install")
    (tmp_path / "pyproject.toml").touch()
    assert pip("numpy==2.0") == f'make -C "{tmp_path}" run'
    (tmp_path / ".venv/bin").mkdir(parents=True)
    (tmp_path / ".venv/bin/python").touch()
    assert pip("numpy==2.0").startswith(f'"{tmp_path}/.venv/bin/python" -m ganviz doctor')


def test_the_doctor_runs_where_nothing_is_installed(tmp_path: Path) -> None:
    """Without site-packages, as the system's own Python begins: each fault names the checkout's set-up."""
    code = "import sys; from ganviz.cli import main; sys.exit(main(['doctor']))"
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    done = subprocess.run(
        [sys.executable, "-S", "-c", code],
        cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=250, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (2, "")
    mended = {line[6:16].strip(): line for line in done.stdout.splitlines() if line.startswith("mend")}
    assert {"versions", "resources", "log"} <= mended.keys()
    assert all(str(PROJECT) in mended[name] for name in ("versions", "resources", "log"))


def test_the_set_up_installs_the_same_packages() -> None:
    """The table of the shell script, which runs before there is a Python, agrees with the doctor's."""
    script = (PROJECT / "scripts/system_libraries.sh").read_text()
    table = dict(re.findall(r"^(lib\S+\.so\.\d+) (\S+)$", script, flags=re.MULTILINE))
    assert len(table) > 10
    assert table.items() <= PACKAGES.items()


def test_every_requirement_has_a_tested_version() -> None:
    assert {"torch", "numpy", "pyside6-essentials", "packaging"} <= pins().keys()
