"""Sources that several readers have together: what is read or drawn once serves training and panels."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary, WeakValueDictionary

from ganviz.data import SOURCES, Source, make_source
from ganviz.data.own import MOST_SETS, stamp

Key = tuple[str, tuple[tuple[str, Any], ...]]

_read: WeakValueDictionary[Key, Source] = WeakValueDictionary()
"""Sources that were read from files, as long as somebody has them: a run keeps its own."""
_stamps: WeakKeyDictionary[Source, tuple[object, ...]] = WeakKeyDictionary()
"""What their files were like when they were read."""
_latest: OrderedDict[Key, Source] = OrderedDict()
"""The latest of them, kept for whoever asks next."""


def shared_source(id: str, settings: Mapping[str, Any], *, anew: bool = False) -> Source:
    """The source `id` with those of the settings that it uses: the same object for the same values. One that
    was read from a file stays what it was, whatever becomes of the file; ``anew`` looks whether it has
    changed. Raises as :func:`ganviz.data.make_source`."""
    key = _key(id, settings)
    if "data_path" not in SOURCES[id].parameters:
        return _made(*key)
    found = _read.get(key)
    if found is None or (anew and _stamps.get(found) != stamp(settings["data_path"])):
        before = stamp(settings["data_path"])
        found = make_source(id, **dict(key[1]))
        _read[key], _stamps[found] = found, before
    _latest[key] = found
    _latest.move_to_end(key)
    while len(_latest) > MOST_SETS:
        _latest.popitem(last=False)
    return found


def is_at_hand(id: str, settings: Mapping[str, Any]) -> bool:
    """Whether :func:`shared_source` answers at once, without reading a file."""
    return "data_path" not in SOURCES[id].parameters or _key(id, settings) in _read


def _key(id: str, settings: Mapping[str, Any]) -> Key:
    return id, tuple((name, settings[name]) for name in sorted(SOURCES[id].parameters))


@lru_cache(maxsize=4)  # X and Y of a run, and of the one that is being chosen
def _made(id: str, settings: tuple[tuple[str, Any], ...]) -> Source:
    return make_source(id, **dict(settings))
