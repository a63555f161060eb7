"""A trainer's state in a run folder, as safetensors: tensors and nothing that could be executed."""

from __future__ import annotations

import contextlib
import logging
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save

import ganviz
from ganviz.experiment import Experiment
from ganviz.games.player import whole_number
from ganviz.record.history import History
from ganviz.record.names import CHECKPOINT, OF_A_RUN
from ganviz.record.run_folder import RunFolder, RunFolderError
from ganviz.training.trainer import Trainer


def save_progress(trainer: Trainer, folder: RunFolder, finished: bool = False) -> None:
    """Bring the folder up to the trainer's step. The checkpoint comes last: metrics beyond it are cut off on
    resuming. Of a run that has diverged it holds the last good step."""
    trainer.settle()
    trainer.flush()
    folder.write(OF_A_RUN, trainer.experiment.to_toml().encode())
    folder.append(trainer.history)
    samples = trainer.observe(["samples"], everything=True).get("samples")
    if samples:
        folder.write_samples(
            {name: np.asarray(values, np.float32) for name, values in samples.values.items()}
        )
    folder.write_summary(summary(trainer, finished))
    folder.write(
        CHECKPOINT, save(trainer.good_state() | trainer.beside(), metadata={"ganviz": ganviz.__version__})
    )


def summary(trainer: Trainer, finished: bool) -> dict[str, Any]:
    """The run in a few numbers: where it stands, and the newest of every recorded column."""
    history = trainer.history
    newest = {
        name: table.last(name)
        for table in (history.steps, history.measured)
        for name in table.columns
        if name not in ("step", "objective")
    }
    return {
        "ganviz": ganviz.__version__,
        "torch": torch.__version__,
        "name": trainer.experiment.name,
        "game": trainer.experiment.game,
        "seed": trainer.experiment.seed,
        **{
            key: getattr(trainer.experiment, key) for key in ("objective",) if trainer.experiment.applies(key)
        },
        "device": str(trainer.device),
        **({"parameters": trainer.parameters} if trainer.parameters else {}),
        "step": trainer.step_count,
        "finished": finished and not trainer.diverged,
        "diverged": trainer.diverged,
        "written": datetime.fromtimestamp(time.time()).isoformat(timespec="seconds"),
        **newest,
        **({"lines": _lines(history)} if history.paths else {}),
    }


def _lines(history: History) -> dict[str, dict[str, float]]:
    """Where each line of a portrait has come to."""
    return {line: {name: path.last(name) for name in path.columns} for line, path in history.paths.items()}


def begin(trainer: Trainer, path: Path) -> RunFolder:
    """The new folder ``path`` with the run so far in it: from its first moment on it can be resumed.
    RunFolderError where that cannot be."""
    with RunFolder.create(path, trainer.experiment) as folder:
        save_progress(trainer, folder)
    return folder


def keep(trainer: Trainer, path: Path) -> Path:
    """Write the run so far into the new folder ``path``. RunFolderError where that cannot be."""
    return begin(trainer, path).path


def salvage(trainer: Trainer, path: Path, broken: bool) -> None:
    """Write what can be written of a run into the new folder ``path`` after a fault of the program.

    ``broken``: the trainer itself has raised. Then its half-played step is left out and the checkpoint is the
    last state that was kept, at most a hundred steps back. RunFolderError where the folder cannot be written.
    """
    if not broken:
        try:
            begin(trainer, path)
            return
        except RunFolderError:
            raise
        except Exception:  # a measurement that raises takes nothing but itself
            logging.getLogger(__name__).exception("The run cannot be saved whole.")
    with RunFolder.create(path, trainer.experiment) as folder:
        save_kept(trainer, folder)


def save_kept(trainer: Trainer, folder: RunFolder) -> None:
    """Bring the folder up to the last state that was kept, after the trainer has raised; a checkpoint of a
    later step, saved before that, stays."""
    with contextlib.suppress(Exception):  # the metrics of the last steps, if their tensors are whole
        trainer.flush()
    folder.append(trainer.history)
    folder.write_summary(summary(trainer, finished=False))
    state = trainer.kept_state()
    if int(state["step"]) >= (saved_step(folder.path) or 0):
        folder.write(CHECKPOINT, save(state | trainer.beside(), metadata={"ganviz": ganviz.__version__}))


def saved_step(path: Path) -> int | None:
    """The step of a run folder's checkpoint; None where there is none that can be read."""
    try:
        return whole_number(load_file(path / CHECKPOINT), "step")
    except (SafetensorError, OSError, KeyError, ValueError):
        return None


def resume(path: Path, experiment: Experiment | None = None) -> tuple[Trainer, RunFolder]:
    """The trainer of a run folder at its checkpoint, with the record up to there, and the folder to go on
    writing to.

    RunFolderError where the folder holds no checkpoint that fits its experiment.
    """
    folder, kept = RunFolder.open(path)
    trainer = _at_checkpoint(path, experiment or kept)
    trainer.take_history(folder.resume(trainer.step_count))
    return trainer, folder


def reopen(path: Path) -> Trainer:
    """The trainer of a run folder at its checkpoint, with the record up to there; the folder stays as it is.

    RunFolderError where the folder holds no checkpoint that fits its experiment.
    """
    folder, experiment = RunFolder.open(path)
    trainer = _at_checkpoint(path, experiment)
    trainer.take_history(folder.record(trainer.step_count)[0])
    return trainer


def _at_checkpoint(path: Path, experiment: Experiment) -> Trainer:
    where = path / CHECKPOINT
    try:
        state = load_file(where)  # before a trainer is made, which takes longer
    except FileNotFoundError:
        raise RunFolderError(f"{where}: not there; accepted: a run folder with a checkpoint") from None
    except (SafetensorError, OSError, KeyError, ValueError) as error:
        raise RunFolderError(f"{where}: cannot be read ({error}); accepted: as ganviz wrote it") from None
    trainer = Trainer(experiment)
    try:
        trainer.load(state)
    except (KeyError, RuntimeError, ValueError):
        raise RunFolderError(
            f"{where}: belongs to another game or networks than experiment.toml; accepted: as ganviz wrote it"
        ) from None
    return trainer
