"""Training without a window, to the last step, saved as it goes: a kill loses at most one interval."""

from __future__ import annotations

import contextlib
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ganviz.record.run_folder import RunFolder, RunFolderError
from ganviz.training.checkpoint import save_kept, save_progress
from ganviz.training.trainer import Trainer

SAVE_SECONDS = 10.0
SAVE_ROWS = 100_000
"""Steps after which the run is saved, however fast they came: the record in memory thins out old ones."""
CALL_STEPS = 25
HEAD_START_CHUNK = 25


def train(
    trainer: Trainer,
    folder: RunFolder,
    steps: int,
    progress: Callable[[int], None],
    warn: Callable[[str], None],
) -> None:
    """Train until step ``steps`` or until the run diverges; ``progress`` hears of the step reached after each
    call.

    Whatever ends it, everything so far is in the folder. An interrupt waits for the end of a step and for the
    files, so that the run goes on from there as if nothing had happened; then it is a KeyboardInterrupt.

    Where the folder cannot be written, ``warn`` hears of it once, the run goes on in memory, and saving is
    tried again after each interval; RunFolderError where that fails at the end too. After a fault of the
    program, which is raised, the half-played step is left out.
    """
    saved, rows, warned = time.monotonic(), trainer.history.steps.rows, False
    with _held_interrupts() as interrupted:
        try:
            while trainer.step_count < steps and not trainer.diverged and not interrupted.is_set():
                if not trainer.measure() and not trainer.head_start(HEAD_START_CHUNK):
                    trainer.play(most=min(max(CALL_STEPS, trainer.longest_call), steps - trainer.step_count))
                    progress(trainer.step_count)
                fresh = trainer.history.steps.rows - rows
                if time.monotonic() - saved > SAVE_SECONDS or fresh > SAVE_ROWS:
                    trouble = _trouble(trainer, folder)
                    if trouble and not warned:
                        warn(trouble)
                    saved, warned = time.monotonic(), bool(trouble)
                    rows = trainer.history.steps.rows
            save_progress(trainer, folder, finished=trainer.step_count >= steps)
        except RunFolderError:
            raise
        except Exception:
            with contextlib.suppress(RunFolderError):  # the fault is what has to be told
                save_kept(trainer, folder)
            raise
    if interrupted.is_set():
        raise KeyboardInterrupt


def _trouble(trainer: Trainer, folder: RunFolder) -> str:
    """Save the run; returns what speaks against that, or an empty text."""
    try:
        save_progress(trainer, folder)
    except RunFolderError as error:
        return str(error)
    return ""


@contextmanager
def _held_interrupts() -> Iterator[threading.Event]:
    """The event that an interrupt sets meanwhile instead of raising; only the main thread hears of one."""
    interrupted = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield interrupted
        return
    before = signal.signal(signal.SIGINT, lambda number, frame: interrupted.set())
    try:
        yield interrupted
    finally:
        signal.signal(signal.SIGINT, before)
