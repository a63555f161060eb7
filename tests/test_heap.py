"""What the C library keeps, as the system counts it."""

import ctypes
import sys
import threading
from pathlib import Path

import pytest

from ganviz import heap


def resident() -> float:
    """MB of this process in memory."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="counts as Linux does")
def test_freed_memory_goes_back_to_the_system() -> None:
    if heap._c_library() is None:
        pytest.skip("not the GNU C library")
    library = ctypes.CDLL(None)
    library.malloc.restype, library.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
    library.free.argtypes = [ctypes.c_void_p]

    def leave_holes() -> None:
        blocks = [library.malloc(60_000) for _ in range(3_000)]  # 180 MB, and one at the end that stays
        for block in blocks:
            ctypes.memset(block, 1, 60_000)
        for block in blocks[:-1]:
            library.free(block)

    thread = threading.Thread(target=leave_holes)
    thread.start()
    thread.join()
    held = resident()
    heap.give_back()
    assert held - resident() > 100.0


def test_on_any_system_it_may_be_called() -> None:
    heap.share_heaps()
    heap.give_back()
