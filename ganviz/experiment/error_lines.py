"""What an error says in its one line: the setting that a mistyped key meant, what would be accepted."""

from __future__ import annotations

import difflib
from collections.abc import Mapping

from pydantic import ValidationError

from ganviz.data.refusal import DataError
from ganviz.experiment.declaration import Setting
from ganviz.line import one_line


class ExperimentError(ValueError):
    """A setting that cannot be used. The message is one line: what, where, what would be accepted."""

    def __init__(self, message: str) -> None:
        super().__init__(one_line(message))


ALSO_CALLED = {
    "epochs": "steps",
    "iterations": "steps",
    "loss": "objective",
    "dataset": "data",
    "noise": "latent",
    "z_dim": "latent_dim",
    "nz": "latent_dim",
}
"""Words that other programs have for a setting; an error line leads from them to ours."""


def nearest(key: str, settings: Mapping[str, Setting]) -> str:
    """The settings that a mistyped key most likely meant, or all of them.

    Looked for in turn: other words for a setting, titles and symbols, keys that hold every part of it
    ("g_clip"), keys with its initials ("lr"), keys spelt nearly like it.
    """
    key = key.lower()
    parts = [part for part in key.replace("-", "_").split("_") if part]
    rows = settings.values()
    initials = {row.key: "".join(part[0] for part in row.key.split("_")) for row in rows}
    ways: list[list[str]] = [
        [ALSO_CALLED[key]] if key in ALSO_CALLED else [],
        [row.key for row in rows if key in (row.title.lower(), row.symbol.lower())],
        [row.key for row in rows if all(part in row.key for part in parts)],
        [known for known, letters in initials.items() if parts and "".join(parts) in (letters, letters[1:])],
        difflib.get_close_matches(key, settings, n=3, cutoff=0.6),
    ]
    found = next((way for way in ways if parts and 0 < len(way) <= 6), list(settings))
    return ", ".join(found)


def refusal_line(error: ValidationError, where: str, settings: Mapping[str, Setting]) -> str:
    """The first thing that is wrong, in one line that ``where`` opens."""
    first = error.errors()[0]
    prefix = f"{where}: " if where else ""
    if not first["loc"]:
        return prefix + first["msg"].removeprefix("Value error, ")
    key = str(first["loc"][0])
    if key not in settings:
        return f"{prefix}no setting '{key}'; accepted: {nearest(key, settings)}"
    reason = first.get("ctx", {}).get("error")
    if isinstance(reason, DataError):
        return prefix + str(reason).replace("drawing", key, 1)  # which of the two it is
    given = first["input"]
    value = ", ".join(map(str, given)) if isinstance(given, list | tuple) else str(given)
    value = value if len(value) <= 60 else value[:57] + "..."
    value = value if value.strip() else "(nothing)"
    return f"{prefix}{key} = {value}: not usable; accepted: {settings[key].accepted}"
