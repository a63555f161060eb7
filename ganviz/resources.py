"""The one reader of ``resources/``: presets, bundled data with their licences, icons.

The same folder is found from a checkout, an editable install, an installed wheel and a frozen program.
Names are relative to it, with forward slashes on every system: ``"experiments/saturation.toml"``.
"""

from functools import cache
from pathlib import Path, PurePosixPath
from typing import BinaryIO

__all__ = ["listing", "open_binary", "path", "read_text"]


@cache
def _root() -> Path:
    """Return the folder: beside this file in a wheel or a frozen program, one level up in a checkout."""
    package = Path(__file__).resolve().parent
    installed = package / "resources"
    return installed if installed.is_dir() else package.parent / "resources"


def path(name: str) -> Path:
    """Return the path of a bundled file or folder.

    Raises ValueError for a name that would leave the folder, FileNotFoundError for one that is not there;
    both say what would be accepted.
    """
    relative = PurePosixPath(name)
    if relative.is_absolute() or ".." in relative.parts or "\\" in name:
        raise ValueError(
            f"resource {name!r}: expected a name inside resources/, such as 'experiments/ring8.toml'"
        )
    found = _root().joinpath(*relative.parts)
    if not found.exists():
        beside = sorted(entry.name for entry in found.parent.glob("*"))
        raise FileNotFoundError(
            f"resource {name!r} is not there; beside it: {', '.join(beside) or 'nothing'}"
        )
    return found


def open_binary(name: str) -> BinaryIO:
    """Open a bundled file for reading bytes; the caller closes it. Raises like `path`."""
    return path(name).open("rb")


def read_text(name: str) -> str:
    """Return a bundled UTF-8 text. Raises like `path`."""
    return path(name).read_text(encoding="utf-8")


def listing(folder: str, suffix: str = "") -> list[str]:
    """Return the sorted names, without the folder, of the files in a folder that end in `suffix`.

    ``listing("experiments", ".toml")`` gives ``["collapse.toml", ...]``. Raises like `path`.
    """
    return sorted(
        entry.name for entry in path(folder).iterdir() if entry.is_file() and entry.name.endswith(suffix)
    )
