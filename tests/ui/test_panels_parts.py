"""What the panels are made of: axis ends, level lines, arrows, numbers, files."""

import csv
import math
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from ganviz.ui import formatting
from ganviz.ui.history_plot import smooth
from ganviz.ui.panels import export
from ganviz.ui.panels.arrows import arrow_segments
from ganviz.ui.panels.contour import level_line
from ganviz.ui.panels.losses import LossesPanel
from ganviz.ui.plotting import Limits, Span, decade_ticks, decades_of, end_of_steps, step_up, ticks_between


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_an_axis_grows_at_once_and_shrinks_after_three_seconds() -> None:
    clock = Clock()
    limits = Limits(-1.0, 1.0, clock)
    assert limits.around(-0.5, 0.5) == (-1.0, 1.0)
    assert limits.around(-0.5, 3.0) == (-1.0, 5.0)
    assert limits.around(-17.0, 0.5) == (-20.0, 5.0)
    clock.now = 2.9
    assert limits.around(-0.5, 1.5) == (-20.0, 5.0)
    clock.now = 3.1
    assert limits.around(-0.5, 0.5) == (-20.0, 2.0)  # what was needed within these three seconds stays
    clock.now = 3.2
    assert limits.around(-0.5, 0.5) == (-20.0, 2.0)
    clock.now = 6.3
    assert limits.around(-0.5, 0.5) == (-1.0, 1.0)
    assert limits.around(math.nan, math.inf) == (-1.0, 1.0)


@given(st.floats(-1e6, 1e6, allow_subnormal=False), st.floats(1e-4, 1e6))
def test_a_span_encloses_its_data_closely(low: float, width: float) -> None:
    ends = Span().around(low, low + width)
    slack = 1e-6 * max(abs(low), width)
    assert ends[0] <= low + slack and ends[1] >= low + width - slack
    assert ends[1] - ends[0] <= 2.5 * width + 4 * slack


@given(st.floats(1e-9, 1e12))
def test_steps_of_1_2_5(value: float) -> None:
    up = step_up(value)
    mantissa = up / 10.0 ** math.floor(math.log10(up) + 1e-9)
    assert up >= value * (1 - 1e-8) and up <= 2.5 * value * (1 + 1e-8)
    assert min(abs(mantissa - m) for m in (1, 2, 5)) < 1e-6


@given(st.integers(0, 10**9))
def test_the_step_axis_is_well_filled(step: int) -> None:
    end = end_of_steps(step)
    assert end >= step * (1 - 1e-9) and (step <= 20 or end <= 1.5 * step)


@given(st.floats(-1e3, 1e3, allow_subnormal=False), st.floats(1e-3, 1e4))
def test_three_to_five_ticks(low: float, width: float) -> None:
    ticks = ticks_between(low, low + width)
    assert 1 <= len(ticks) <= 6
    assert all(low - 1e-6 * width <= at <= low + width * (1 + 1e-6) for at, _ in ticks)
    assert len({text for _, text in ticks}) == len(ticks)


@given(st.integers(-30, 30), st.integers(0, 40), st.integers(1, 8))
def test_whole_powers_of_ten_from_the_top_down(low: int, decades: int, most: int) -> None:
    high = low + decades
    ticks = decade_ticks(low, high, most)
    at = [place for place, _ in ticks]
    assert at[-1] == high and at[0] >= low and 1 <= len(at) <= most + 1
    assert len(set(np.diff(at))) <= 1
    plain = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
    assert [text.translate(plain) for _, text in ticks] == [f"10{place:.0f}" for place in at]


@given(st.lists(st.floats(-20, 20, allow_subnormal=False), min_size=1), st.integers(2, 14))
def test_decades_hold_all_values_but_those_far_below_the_top(logs: list[float], most: int) -> None:
    low, high = decades_of(np.array(logs), most)
    assert max(logs) <= high <= max(logs) + 1 + 1e-8
    assert low >= high - most and (low <= min(logs) or low == high - most)
    assert decades_of(np.zeros(0), most) == (-1, 1)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.047, "0.047"),
        (6.0, "6.0"),
        (17.4, "17"),
        (4482.0, "4,482"),
        (2e-9, "2×10⁻⁹"),
        (3.1e7, "3.1×10⁷"),
        (-1e8, "−10⁸"),
        (1e5, "10⁵"),
        (99_000, "99,000"),
        (0.0004, "4×10⁻⁴"),
        (0.001, "0.0010"),
        (-0.39, "−0.39"),
        (0, "0"),
    ],
)
def test_numbers_as_printed(value: float, text: str) -> None:
    assert formatting.significant(value) == text


def test_nothing_small_is_printed_as_zero() -> None:
    assert formatting.reading(2.3e-9) == "2.3×10⁻⁹" and formatting.reading(0.0164) == "0.016"
    assert formatting.fixed(-0.0001, 3) == "0.000" and formatting.fixed(math.nan) == "–"


def test_the_level_line_of_a_cone_is_a_circle() -> None:
    x, y = np.linspace(-2, 2, 64), np.linspace(-3, 3, 80)
    at_x, at_y = level_line(x, y, np.hypot(*np.meshgrid(x, y)), 1.5)
    np.testing.assert_allclose(np.hypot(at_x, at_y), 1.5, atol=0.01)
    length = np.hypot(np.diff(at_x)[::2], np.diff(at_y)[::2]).sum()
    assert length == pytest.approx(2 * math.pi * 1.5, rel=0.005)


def test_the_level_line_of_a_saddle_joins_nothing_twice() -> None:
    x = np.array([0.0, 1.0])
    at_x, at_y = level_line(x, x, np.array([[1.0, -1.0], [-1.0, 1.0]]), 0.0)
    assert sorted(zip(at_x, at_y, strict=True)) == [(0.0, 0.5), (0.5, 0.0), (0.5, 1.0), (1.0, 0.5)]
    assert len(level_line(x, x, np.array([[1.0, math.nan], [-1.0, 1.0]]), 0.0)[0]) == 0


def test_arrows_begin_and_end_where_they_should() -> None:
    at, by = np.array([[0.0, 1.0], [2.0, 2.0]]), np.array([[3.0, 4.0], [0.0, 0.0]])
    x, y = arrow_segments(at, by, 10.0)
    assert (x[0], y[0], x[1], y[1]) == (0.0, 1.0, 3.0, 5.0)
    barbs = np.hypot(x[[3, 5]] - x[1], y[[3, 5]] - y[1])
    assert barbs[0] == pytest.approx(barbs[1]) and 0.1 < barbs[0] < 0.3
    assert np.isfinite(x).all() and (x[6:] == 2.0).all()


def test_smoothing_is_a_centred_mean() -> None:
    values = np.random.default_rng(0).normal(size=101)
    np.testing.assert_allclose(smooth(values, 5)[50], values[48:53].mean())
    holed = values.copy()
    holed[50] = math.nan
    assert math.isnan(smooth(holed, 5)[50]) and smooth(holed, 5)[49] == pytest.approx(
        np.nanmean(holed[47:52])
    )


def test_data_files_read_back(tmp_path: Path) -> None:
    data = {
        "step": np.array([1, 2, 3]),
        "loss": np.array([0.5, math.nan]),
        "fake": np.array([[1.0, 2.0], [3.0, 4.0]]),
    }
    export.save_data(data, tmp_path / "a.csv")
    rows = list(csv.reader((tmp_path / "a.csv").read_text(encoding="utf-8").splitlines()))
    assert rows == [
        ["step", "loss", "fake_0", "fake_1"],
        ["1", "0.5", "1.0", "2.0"],
        ["2", "", "3.0", "4.0"],
        ["3", "", "", ""],
    ]
    export.save_data(data, tmp_path / "a.npz")
    with np.load(tmp_path / "a.npz") as read:
        np.testing.assert_array_equal(read["fake"], data["fake"])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "a.npz"]


def test_pictures_read_back(qtbot: QtBot, tmp_path: Path) -> None:
    panel = LossesPanel()
    qtbot.addWidget(panel)
    panel.resize(520, 370)
    for suffix in (".png", ".svg", ".pdf"):
        export.save_picture(panel, tmp_path / f"losses{suffix}")
    assert QImage(str(tmp_path / "losses.png")).width() == 1040
    texts = "".join(ET.parse(tmp_path / "losses.svg").getroot().itertext())
    assert "log 4" in texts and "steps" in texts
    assert (tmp_path / "losses.pdf").read_bytes().startswith(b"%PDF")


def test_an_unknown_kind_of_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"a\.xls: unknown kind of file '\.xls'; accepted: \.csv, \.npz"):
        export.save_data({}, tmp_path / "a.xls")
