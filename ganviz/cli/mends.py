"""What to type so that something is installed: exact for the Python that runs and for the system it runs on.

Nothing but the standard library is loaded, as ``ganviz doctor`` needs it.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import sys
import sysconfig
from importlib import metadata
from pathlib import Path

import ganviz

PACKAGE = Path(ganviz.__file__).resolve().parent
AGAIN = "--force-reinstall"


def in_checkout() -> bool:
    """Whether this package lies in a checkout, where ``make run`` makes the environment."""
    return (PACKAGE.parent / "pyproject.toml").is_file()


def pins() -> dict[str, str]:
    """The versions that ganviz was tested with, by normalised name: one level above this package in a
    checkout, else from what was installed. For this Python only."""
    place = PACKAGE.parent / "constraints.txt"
    text = place.read_text(encoding="utf-8") if place.is_file() else _installed("constraints.txt")
    rows = re.findall(r"^([\w.-]+)==([^\s;]+)", text, flags=re.MULTILINE)
    return {normal(name): version for name, version in rows}


def _installed(name: str) -> str:
    """A text that came with the wheel; empty where there is none."""
    try:
        return metadata.distribution("ganviz").read_text(f"extra_metadata/{name}") or ""
    except metadata.PackageNotFoundError:
        return ""


def pinned(name: str) -> str:
    """A library with the version that ganviz was tested with, as pip takes it."""
    version = pins().get(normal(name))
    return f"{name}=={version}" if version else name


def normal(name: str) -> str:
    """A library's name as the package index compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pip(*wanted: str) -> str:
    """The line that installs with the Python that runs now, ``wanted`` being libraries and options of pip.

    A system's own Python takes no libraries (PEP 668) or has no pip: then the line that makes, or starts, the
    environment that does. An environment made by uv has no pip either.
    """
    words = " ".join(one if one.startswith("-") else f'"{one}"' for one in wanted)
    if _is_the_systems() and in_checkout():
        return _other_python()
    if importlib.util.find_spec("pip") is not None:
        return f'"{sys.executable}" -m pip install {words}'
    if shutil.which("uv"):
        return f'uv pip install --python "{sys.executable}" {words}'
    return f'"{sys.executable}" -m ensurepip && "{sys.executable}" -m pip install {words}'


def _is_the_systems() -> bool:
    """Whether this is no environment but a Python that leaves its libraries to the system."""
    if sys.prefix != sys.base_prefix:
        return False
    managed = Path(sysconfig.get_path("stdlib"), "EXTERNALLY-MANAGED").is_file()
    return managed or importlib.util.find_spec("pip") is None


def _other_python() -> str:
    """The program's own environment where it is there, else the line that makes it."""
    place = PACKAGE.parent / ".venv" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if place.is_file():
        return f'"{place}" -m ganviz doctor  # this Python is the system\'s own'
    if sys.platform == "win32":
        return f'the commands for Windows in "{PACKAGE.parent / "README.md"}"'
    return f'make -C "{PACKAGE.parent}" run'


def apt(*packages: str) -> str:
    """The line that installs packages of Debian and Ubuntu, for who is logged in here: ``su`` where there is
    no ``sudo``. scripts/apt_line.sh prints the same before there is a Python."""
    line = f"apt-get install -y --no-install-recommends {' '.join(packages)}"
    if os.geteuid() == 0:
        return f"apt-get update && {line}"
    if shutil.which("sudo"):
        return f"sudo apt-get update && sudo {line}"
    return f'su -c "apt-get update && {line}"'
