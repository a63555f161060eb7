"""What ``ganviz doctor`` looks at without starting anything: Python, versions, resources, folders."""

from __future__ import annotations

import errno
import os
import platform
import shutil
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import ganviz
from ganviz.cli.mends import AGAIN, PACKAGE, in_checkout, normal, pinned, pins, pip

LEAST_PYTHON = (3, 11)
LEAST_SPACE = 200_000_000
"""Bytes: a long run with its samples and pictures."""


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: its name, what was seen, and the mend where it is wrong."""

    name: str
    seen: str
    mend: str = ""

    @property
    def line(self) -> str:
        """What was seen, and what to type."""
        return f"{self.seen}: {self.mend}" if self.mend else self.seen


def check_python() -> list[Finding]:
    """The interpreter and the system."""
    system = f"{platform.system()} {platform.machine()}"
    seen = f"{platform.python_version()} on {system}, ganviz {ganviz.__version__}"
    too_old = sys.version_info < LEAST_PYTHON
    return [Finding("Python", seen, "install Python 3.11 or newer" if too_old else "")]


def _requirements() -> list[str]:
    """The lines of the requirements: of what is installed, or of the checkout's project file."""
    project = PACKAGE.parent / "pyproject.toml"
    if project.is_file():
        return list(tomllib.loads(project.read_text(encoding="utf-8"))["project"]["dependencies"])
    return metadata.requires("ganviz") or []


def check_versions() -> list[Finding]:
    """What is installed, against what the program requires and against what it was tested with."""
    try:
        from packaging.requirements import Requirement
    except ImportError:
        return [Finding("versions", "packaging is missing", pip(pinned("packaging")))]
    tested, faults, others, count = pins(), [], [], 0
    for row in map(Requirement, _requirements()):
        if row.marker is not None and not row.marker.evaluate({"extra": ""}):
            continue
        pin = tested.get(normal(row.name), "")
        mend = pip(f"{row.name}=={pin}" if pin and row.specifier.contains(pin) else str(row).split(";")[0])
        try:
            found = metadata.version(row.name)
        except metadata.PackageNotFoundError:
            faults.append(Finding("versions", f"{row.name} is missing", mend))
            continue
        count += 1
        if not row.specifier.contains(found, prereleases=True):
            faults.append(Finding("versions", f"{row.name} {found} cannot be used", mend))
        elif pin and found.partition("+")[0] != pin:
            others.append(f"{row.name} {found} (tested: {pin})")
    rest = f"; others than tested: {', '.join(others)}" if others else ", all as tested"
    return faults or [Finding("versions", f"{count} libraries{rest}")]


def check_resources() -> list[Finding]:
    """That every shipped experiment loads and the bundled data can be read."""
    try:
        from ganviz.data.digits import Digits
        from ganviz.experiment import Experiment, presets

        names = presets()
        for name in names:
            Experiment.preset(name)
        Digits()
    except ImportError as error:
        lacks = [error.name.partition(".")[0]] if error.name else ["numpy", "pydantic"]
        mend = pip(*map(pinned, lacks), AGAIN)
        return [Finding("resources", f"cannot be read ({_first_line(error)})", mend)]
    except Exception as error:
        again = f'git -C "{PACKAGE.parent}" checkout -- resources'
        mend = again if in_checkout() else pip("ganviz", AGAIN, "--no-deps")
        return [Finding("resources", f"{type(error).__name__}: {_first_line(error)}", mend)]
    return [Finding("resources", f"{len(names)} experiments, the digits")]


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or ["no more is known"])[0]


def _nearest(folder: Path) -> Path:
    """The folder, or the nearest above it that exists."""
    return next(place for place in (folder, *folder.parents) if place.exists())


def grant(path: Path) -> str:
    """The line that lets files be written at ``path``, or at the nearest place above it that exists; empty
    where that place is another user's."""
    place = _nearest(path)
    if not place.is_dir() and place != path:
        return f'move the file "{place}" away'
    if sys.platform == "win32":
        return f'icacls "{place}" /grant "%USERNAME%":M'
    if place.stat().st_uid == os.geteuid():
        return f'chmod u+rwx "{place}"'
    home = Path.home()
    if home in path.parents:
        return f'sudo chown "$(id -un)" "{place}"' if home.is_dir() else "set HOME to a folder of yours"
    return ""


def try_folder(name: str, folder: Path, otherwise: str) -> Finding:
    """Whether a file can be written in a folder, or the folder be made where it is not there yet.

    ``otherwise``: what to do where the folder's rights cannot be changed.
    """
    place = _nearest(folder)
    try:
        with tempfile.TemporaryFile(dir=place) as file:
            file.write(b"ganviz")
    except OSError as error:
        line = grant(folder) if error.errno != errno.EROFS else ""  # rights are not what is missing there
        mend = f"{line}, or {otherwise}" if line else otherwise
        return Finding(name, f"{folder} cannot be written ({error.strerror})", mend)
    free = shutil.disk_usage(place).free
    if free < LEAST_SPACE:
        return Finding(name, f"{folder}: {free / 1e6:.0f} MB free", f"free some space, or {otherwise}")
    return Finding(name, str(folder))


def check_folders() -> list[Finding]:
    """Where files are written: runs of the command line, runs that the window keeps, the log."""
    found = [try_folder("runs", Path.cwd() / "runs", "start ganviz in another folder, or say --out DIR")]
    try:
        import platformdirs

        from ganviz.ui.log_file import log_file
    except ImportError as error:
        return [
            *found,
            Finding("log", f"no folder is known ({_first_line(error)})", pip(pinned("platformdirs"))),
        ]
    kept = Path(platformdirs.user_documents_dir()) / "ganviz"
    log = try_folder("log", log_file().parent, "go without: the window opens all the same")
    return [
        *found,
        try_folder("kept runs", kept, "choose another folder when keeping a run"),
        log if log.mend else Finding("log", str(log_file())),
    ]
