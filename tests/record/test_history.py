"""The history against plain lists: every extreme kept, the newest value last, bounded memory."""

from collections.abc import Iterator

import numpy as np
import pytest

from ganviz.record.history import BLOCK, MEASURED_COLUMNS, STEP_COLUMNS, THIN, Event, History, Table


def fill(table: Table, values: np.ndarray, chunk: int) -> None:
    steps = np.arange(1, len(values) + 1)
    for start in range(0, len(values), chunk):
        part = slice(start, start + chunk)
        table.append({name: steps[part] if name == "step" else values[part] for name in table.columns})


def small(**kwargs: int) -> Table:
    return Table({"step": np.int64, "a": np.float32}, **kwargs)


@pytest.mark.parametrize("length", [1, 7, 8, 700, 1601, 6500, 51_337, 200_003])
@pytest.mark.parametrize("chunk", [5, 4096])
def test_curve_keeps_extremes_and_newest_value(length: int, chunk: int) -> None:
    if length > 60_000 and chunk == 5:
        chunk = 977
    values = np.random.default_rng(length).standard_normal(length).astype(np.float32)
    table = small()
    fill(table, values, chunk)
    steps, seen = table.curve("a", width=800)
    assert len(steps) == len(seen) <= 2 * 800 + 24 or length <= 1600
    assert seen.min() == values.min() and seen.max() == values.max()
    assert steps[-1] == length and seen[-1] == values[-1]
    assert np.all(np.diff(steps) >= 0)
    if length <= 1600:
        assert np.array_equal(seen, values)


def test_each_group_holds_the_extremes_of_its_own_steps() -> None:
    values = np.sin(np.arange(100_000) / 900).astype(np.float32)
    table = small()
    fill(table, values, 31)
    steps, seen = table.curve("a", width=500)
    starts = steps[:-8:2].astype(int) - 1
    for index in range(0, len(starts) - 1, 37):
        group = values[starts[index] : starts[index + 1]]
        assert seen[2 * index] == group.min() and seen[2 * index + 1] == group.max()


def test_columns_that_do_not_apply_stay_nan() -> None:
    table = small()
    fill(table, np.full(30_000, np.nan, np.float32), 1000)
    assert np.isnan(table.curve("a")[1]).all()


def test_raw_rows_are_thinned_beyond_the_bound_and_the_curve_is_not() -> None:
    table = small(raw_rows=2 * BLOCK)
    values = np.zeros(3 * BLOCK, np.float32)
    values[1234] = 9.0
    fill(table, values, BLOCK // 2)
    assert len(table.column("a")) == BLOCK // THIN + 2 * BLOCK
    assert table.curve("a")[1].max() == 9.0
    assert np.all(np.diff(table.column("step")) > 0)


def test_a_million_steps_of_everything_stay_below_60_megabytes() -> None:
    history, count = History(), 1_000_000
    for start in range(0, count, 50_000):
        steps = np.arange(start + 1, start + 50_001)
        history.steps.append(
            {name: steps for name in STEP_COLUMNS if name != "objective"} | {"objective": steps * 0}
        )
    history.measured.append({name: np.arange(count // 20) for name in MEASURED_COLUMNS})
    assert history.memory() < 60e6


def test_periods_of_a_setting() -> None:
    history = History()
    fill_steps = np.arange(1, 101)
    history.steps.append(
        {name: fill_steps * 0 if name == "objective" else fill_steps for name in STEP_COLUMNS}
    )
    history.events += [
        Event(40, "objective", "minimax", "hinge"),
        Event(50, "d_updates", 1, 2),
        Event(60, "objective", "hinge", "minimax"),
    ]
    assert history.periods("objective", "minimax") == [
        (0, 40, "minimax"),
        (40, 60, "hinge"),
        (60, 100, "minimax"),
    ]
    assert History().periods("objective", "hinge") == [(0, 0, "hinge")]


class Played(Table):
    """Training adds a row whenever the rows have been read."""

    def add(self) -> None:
        step = self.rows + 1
        self.append({name: 10.0 * step if name == "d_loss" else step for name in self.columns})

    def _parts(self, since: int) -> Iterator[np.ndarray]:
        yield from tuple(super()._parts(since))
        self.add()


@pytest.mark.parametrize("length", [30, 500, 5000])
def test_steps_and_values_of_a_curve_are_of_the_same_rows(length: int) -> None:
    table = Played(STEP_COLUMNS)
    for _ in range(length):
        table.add()
    for _ in range(20):
        steps, values = table.curve("d_loss", 100)
        assert len(steps) == len(values)
        assert (values >= 10.0 * steps).all() and values.max() <= 10.0 * table.rows
        assert (np.diff(steps) >= 0).all()


def test_a_short_record_is_small_and_grows_under_a_reader_without_a_change() -> None:
    table, expected = Table(STEP_COLUMNS), np.arange(1, 3 * BLOCK + 1)
    assert History().memory() < 100e3
    done, seen = 0, table._parts(0)
    for count in (1, 998, 1, 1, 3_000, BLOCK - 4_001, 1, BLOCK, 7):
        steps = expected[done : done + count]
        table.append({name: steps % 100 if name == "objective" else steps for name in STEP_COLUMNS})
        done += count
        if done == 1:
            first = next(seen)  # a reader holds this part while the block grows
        assert np.array_equal(table.column("step"), expected[:done])
        assert (table.last("d_loss"), table.value("step", done - 1)) == (done, done)
        assert table.memory() < 2.2 * 68 * max(done, 1_000) + 80 * done
    assert first["step"].tolist() == [1]
