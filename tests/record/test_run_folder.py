"""The table of a portrait's lines as a file."""

import csv
from pathlib import Path

import numpy as np

from ganviz.experiment import Experiment
from ganviz.record.history import PATH_COLUMNS, History, Table
from ganviz.record.run_folder import RunFolder

NUMBERS = [name for name in PATH_COLUMNS if name != "step"]


def _path(rows: int, seed: int) -> Table:
    """Points of every size, from the smallest float64 to beyond the largest."""
    generator = np.random.default_rng(seed)
    size = 10.0 ** generator.uniform(-320.0, 308.0, rows)
    points = {name: generator.standard_normal(rows) * size for name in NUMBERS}
    points["radius"][:4] = 0.0, 5e-324, 1e22, np.inf
    table = Table(PATH_COLUMNS)
    table.append({"step": np.arange(rows), **points})
    return table


def _rows_one_by_one(paths: dict[str, Table], since: dict[str, int]) -> list[list[str]]:
    """As the table is to be: step by step, in each the lines in their order."""
    columns = {line: {name: path.column(name) for name in PATH_COLUMNS} for line, path in paths.items()}
    return [
        [line, str(step), *(repr(float(columns[line][name][step])) for name in NUMBERS)]
        for step in range(max(path.rows for path in paths.values()))
        for line, path in paths.items()
        if since[line] <= step < path.rows
    ]


def test_lines_that_end_apart_are_written_step_by_step_and_exactly(tmp_path: Path) -> None:
    history = History.of("dirac")
    paths = history.paths = {
        "minimax": _path(9_000, 1),
        "r1/alternating": _path(9_100, 2),
        "hinge": _path(5, 3),
    }
    with RunFolder.create(tmp_path / "run", Experiment.preset("dirac")) as folder:
        folder.append(history)
    first = _rows_one_by_one(paths, dict.fromkeys(paths, 0))
    since = {line: path.rows for line, path in paths.items()}
    for line in ("minimax", "r1/alternating"):
        more = _path(200, 4)
        new = {name: more.column(name) for name in NUMBERS}
        paths[line].append({"step": np.arange(since[line], since[line] + 200), **new})
    folder.append(history)
    with (tmp_path / "run" / "trajectory.csv").open(newline="") as stream:
        heading, *rows = csv.reader(stream)
    assert heading == ["method", *PATH_COLUMNS]
    assert rows[: len(first)] == first
    assert rows[len(first) :] == _rows_one_by_one(paths, since)
