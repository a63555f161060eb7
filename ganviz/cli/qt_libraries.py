"""Which of the system's libraries Qt needs on Linux are missing, and the line that installs them."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from ganviz.cli.mends import apt

PACKAGES = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfontconfig1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-cursor0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-cursor0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-cursor0",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxkbcommon-x11-0",
    "libxcb.so.1": "libxcb1",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libX11.so.6": "libx11-6",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
}
"""The package of Debian and Ubuntu that brings each library."""

USED = (
    "QtCore*.so",
    "QtGui*.so",
    "QtWidgets*.so",
    "QtSvg*.so",
    "Qt/plugins/platforms/libqxcb.so",
    "Qt/plugins/platforms/libqwayland*.so",
)
"""What the window loads of the binding; Qt itself misreports what these lack."""


def binding() -> Path | None:
    """The folder of PySide6, found without loading it; None where it is not installed."""
    found = importlib.util.find_spec("PySide6")
    places = list(found.submodule_search_locations or ()) if found else []
    return Path(places[0]) if places else None


def missing(files: Iterable[Path]) -> list[str]:
    """The libraries that these files need and the system has not, sorted; as the loader itself finds them."""
    names: set[str] = set()
    for file in files:
        done = subprocess.run(["ldd", str(file)], capture_output=True, text=True, check=False, timeout=30)
        names.update(re.findall(r"^\s*(\S+) => not found", done.stdout, flags=re.MULTILINE))
    return sorted(names)


def missing_for_the_window() -> list[str]:
    """The libraries that the window lacks here; empty where the binding or ``ldd`` is absent."""
    folder = binding()
    if folder is None or shutil.which("ldd") is None:
        return []
    return missing(file for pattern in USED for file in sorted(folder.glob(pattern)))


def install_line(libraries: Iterable[str]) -> str:
    """What to type to get these libraries: exact on Debian and Ubuntu, their names elsewhere.

    Names that no package is known for follow as a comment, so that the line can still be typed as it is.
    """
    names = list(libraries)
    unknown = [name for name in names if name not in PACKAGES]
    packages = sorted({PACKAGES[name] for name in names if name in PACKAGES})
    if shutil.which("apt-get") is None or not packages:
        return f"install the packages of your system that hold {', '.join(names)}"
    line = apt(*packages)
    return f"{line}  # and the packages that hold {', '.join(unknown)}" if unknown else line
