"""Sources that several readers have together: what is read or drawn once serves training and panels."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from ganviz.data import SOURCES, Source, make_source
from ganviz.data.own import MOST_SETS, stamp


def shared_source(id: str, settings: Mapping[str, Any]) -> Source:
    """The source `id` with those of the settings that it uses: the same object for the same values, as long
    as a file that it was read from is the same. Raises as :func:`ganviz.data.make_source`."""
    used = tuple((name, settings[name]) for name in sorted(SOURCES[id].parameters))
    if "data_path" in SOURCES[id].parameters:
        return _read(id, used, stamp(settings["data_path"]))
    return _made(id, used)


@lru_cache(maxsize=8)
def _made(id: str, settings: tuple[tuple[str, Any], ...]) -> Source:
    return make_source(id, **dict(settings))


@lru_cache(maxsize=MOST_SETS)
def _read(id: str, settings: tuple[tuple[str, Any], ...], _: tuple[object, ...]) -> Source:
    return make_source(id, **dict(settings))
