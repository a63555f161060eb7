"""Training without a window: play to the last step, saving as it goes, so that a kill loses at most one
interval."""

from __future__ import annotations

import time
from collections.abc import Callable

from ganviz.record.run_folder import RunFolder
from ganviz.training.checkpoint import save_progress
from ganviz.training.trainer import Trainer

SAVE_SECONDS = 10.0
CALL_STEPS = 25


def train(trainer: Trainer, folder: RunFolder, steps: int, progress: Callable[[int], None]) -> None:
    """Train until step ``steps`` or until the run diverges; ``progress`` hears of the step reached after each
    call.

    Whatever ends it (KeyboardInterrupt too), everything so far is in the folder. RunFolderError where that
    cannot be written.
    """
    saved = time.monotonic()
    try:
        while trainer.step_count < steps and not trainer.diverged:
            trainer.step(min(CALL_STEPS, steps - trainer.step_count))
            progress(trainer.step_count)
            if time.monotonic() - saved > SAVE_SECONDS:
                save_progress(trainer, folder)
                saved = time.monotonic()
    finally:
        save_progress(trainer, folder, finished=trainer.step_count >= steps)
