"""Loading without looking for garbage: it is looked for again afterwards, whatever happened."""

import gc
import sys
import types

import pytest

from ganviz.loading import MANY_MODULES, all_kept


def test_garbage_is_kept_while_loading_and_looked_for_afterwards() -> None:
    assert gc.isenabled()
    with pytest.raises(ImportError), all_kept():
        assert not gc.isenabled()
        with all_kept():
            pass
        assert not gc.isenabled()
        raise ImportError
    assert gc.isenabled()


def test_where_it_is_switched_off_it_stays_so() -> None:
    gc.disable()
    try:
        with all_kept():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


@pytest.mark.parametrize("count", [3, MANY_MODULES])
def test_what_a_library_has_brought_is_not_looked_through_again(
    count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    frozen = gc.get_freeze_count()
    try:
        with all_kept():
            brought = [[number] for number in range(1000)]
            for number in range(count):
                monkeypatch.setitem(sys.modules, f"brought_{number}", types.ModuleType("brought"))
        looked_at = {id(thing) for thing in gc.get_objects()}
        is_spared = not any(id(thing) in looked_at for thing in brought)
        assert (is_spared, gc.get_freeze_count() > frozen) == ((True, True) if count > 3 else (False, False))
    finally:
        if not frozen:
            gc.unfreeze()
