"""Data of one's own, read with a progress bar where that takes longer than a moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ganviz.data.files.contents import Tell
from ganviz.experiment import Experiment

PATIENCE = 1.0
"""Seconds after which a bar is shown."""


@contextmanager
def reading_bar(quiet: bool = False) -> Iterator[Tell]:
    """A bar on stderr, moved by what it is told; none where stderr is no terminal, as it leaves no trace."""
    from tqdm import tqdm

    with tqdm(
        total=100, desc="reading", disable=quiet or None, delay=PATIENCE, leave=False,
        bar_format="{l_bar}{bar}| {elapsed}<{remaining}",
    ) as bar:  # fmt: skip
        yield lambda part: bar.update(round(100 * part) - bar.n) and None


def read_data(experiment: Experiment, quiet: bool = False) -> None:
    """Have the user's own data at hand, if the experiment is about them. DataError with one line where they
    cannot be used."""
    if not experiment.applies("data"):
        return
    for side in (experiment, experiment.of_y()) if experiment.has_pair else (experiment,):
        if side.data == "file":
            from ganviz.data.own import kept

            with reading_bar(quiet) as tell:
                kept(Path(side.data_path), side.image_size, side.image_colour, tell)
