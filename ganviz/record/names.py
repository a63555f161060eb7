"""Files and folders that can be made on every system: names from free text, and replacing a file that another
program holds for a moment.
"""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

OF_A_RUN = "experiment.toml"
"""In the folder of a run: its experiment."""
CHECKPOINT = "checkpoint.safetensors"
"""In the folder of a run: the state that it goes on from."""
LONGEST = 60
PATIENCE_SECONDS = 1.0 if os.name == "nt" else 0.0
"""On Windows a virus scanner or a spreadsheet may hold a file that has just been written."""


def file_stem(text: str) -> str:
    """A name that every file system takes: letters, digits, ``_ . -``; "run" where nothing of it is left."""
    return re.sub(r"[^\w.-]+", "-", text).strip("-.")[:LONGEST] or "run"


def run_name(name: str, seed: int) -> str:
    """NAME-SEED-TIME, the name of a run folder unless another is given."""
    return f"{file_stem(name)}-{seed}-{time.strftime('%Y%m%d-%H%M%S')}"


def run_of(file: Path) -> Path | None:
    """The folder of the run whose experiment ``file`` is; None where no run can go on from there."""
    is_there = file.name == OF_A_RUN and os.path.isfile(file.parent / CHECKPOINT)
    return file.parent if is_there else None


def replace_file(part: Path, target: Path) -> None:
    """Put ``part`` in the place of ``target``, all at once; OSError where that cannot be."""
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            os.replace(part, target)
            return
        except PermissionError:
            if time.monotonic() >= end:
                raise
            time.sleep(0.05)
