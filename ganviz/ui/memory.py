"""What the program remembers between two starts: layout, look, recent files."""

from __future__ import annotations

import json
from typing import Any

from PySide6.QtCore import QByteArray, QSettings

VERSION = 1
"""Raised when a stored layout of an older program can no longer be read; then it is passed over."""
RECENT_FILES = 8


def _refuse(constant: str) -> None:
    """NaN and the infinities are no sizes and no scales."""
    raise ValueError(constant)


class Memory:
    """The stored settings. With ``safe`` nothing stored is read or written, so a bad layout cannot keep the
    window shut.
    """

    def __init__(self, safe: bool = False) -> None:
        self._safe = safe
        self._settings = QSettings("ganviz", "ganviz")

    def read(self, key: str, default: Any) -> Any:
        """A stored value, or the default where there is none, it is of another kind, or the version is
        another one.
        """
        if self._safe or str(self._settings.value("version")) != str(VERSION):
            return default
        try:
            value = json.loads(str(self._settings.value(key, "null")), parse_constant=_refuse)
        except (ValueError, RecursionError):
            return default
        return value if isinstance(value, type(default)) else default

    def write(self, key: str, value: Any) -> None:
        """Store a value made of numbers, texts, lists and dicts."""
        if not self._safe:
            self._settings.setValue("version", VERSION)
            self._settings.setValue(key, json.dumps(value))

    def read_geometry(self) -> QByteArray:
        """The window's stored place and size, or an empty array."""
        return QByteArray.fromBase64(self.read("geometry", "").encode())

    def write_geometry(self, geometry: QByteArray) -> None:
        """Store the window's place and size."""
        self.write("geometry", geometry.toBase64().toStdString())

    def recent(self) -> list[str]:
        """The files opened or saved lately, the newest first."""
        return [str(file) for file in self.read("recent", [])]

    def remember_file(self, file: str) -> list[str]:
        """Put a file first among the recent ones; returns the list."""
        files = [file, *(other for other in self.recent() if other != file)][:RECENT_FILES]
        self.write("recent", files)
        return files
