"""Loading without looking for garbage: it is looked for again afterwards, whatever happened."""

import gc

import pytest

from ganviz.loading import all_kept


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
