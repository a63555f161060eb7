"""Sources that several readers have together: what is read or drawn once serves training and panels."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from ganviz.data import SOURCES, Source, make_source


def shared_source(id: str, settings: Mapping[str, Any]) -> Source:
    """The source `id` with those of the settings that it uses: the same object for the same values."""
    return _made(id, tuple((name, settings[name]) for name in sorted(SOURCES[id].parameters)))


@lru_cache(maxsize=8)
def _made(id: str, settings: tuple[tuple[str, Any], ...]) -> Source:
    return make_source(id, **dict(settings))
