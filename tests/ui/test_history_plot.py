"""What all history plots share: gaps stay gaps, single points are seen, what leaves the plot is named."""

from collections.abc import Callable
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ganviz.experiment import Experiment
from ganviz.record.run import Run
from ganviz.theory.objectives import OBJECTIVES
from ganviz.training.trainer import Trainer
from ganviz.ui.history_plot import alone, find_beyond, stretches
from ganviz.ui.panels.base import Panel
from ganviz.ui.panels.catalogue import load
from ganviz.ui.panels.divergence import gaps_between
from ganviz.ui.plot_axes import upright_ticks
from ganviz.ui.plot_labels import placed_labels
from ganviz.ui.plotting import width_of
from ganviz.ui.theme import LIGHT

SMALL = {"g_width": 16, "d_width": 16, "g_layers": 1, "d_layers": 1, "batch_size": 32, "measure_every": 5}
NAN = float("nan")


@cache
def run_of(*phases: tuple[str, int], rate: float = 0.001) -> Run:
    """A run whose objective changes: (objective, steps), ..."""
    rates = {"g_learning_rate": rate, "d_learning_rate": rate}
    experiment = Experiment(**(SMALL | rates | {"objective": phases[0][0]}))  # type: ignore[arg-type]
    trainer = Trainer(experiment)
    for objective, steps in phases:
        trainer.apply(experiment.replace(objective=objective))
        trainer.step(steps)
    return trainer.run()


@pytest.fixture
def shown(qtbot: QtBot) -> Callable[..., Panel]:
    """Makes a panel that shows a run: ``shown(key, run, size)``."""

    def show(key: str, run: Run, size: tuple[int, int] = (520, 370)) -> Panel:
        panel = load(key)()
        qtbot.addWidget(panel)
        panel.resize(*size)
        panel.show_runs([run])
        panel.grab()  # lays it out
        return panel

    return show


def near(widget: QWidget, x: Any, y: Any, colour: str, reach: int = 2) -> bool:
    """Whether the picture of a widget has this colour near a place."""
    image = widget.grab().toImage()
    wanted = QColor(colour)
    places = [
        (round(float(x)) + dx, round(float(y)) + dy)
        for dx in range(-reach, reach + 1)
        for dy in range(-reach, reach + 1)
    ]
    return any(image.pixelColor(*place) == wanted for place in places)


def test_stretches_and_lone_values() -> None:
    values = np.array([NAN, 1.0, 2.0, NAN, 3.0, NAN, NAN, 4.0])
    assert [(part.start, part.stop) for part in stretches(values)] == [(1, 3), (4, 5), (7, 8)]
    assert np.flatnonzero(alone(values)).tolist() == [4, 7]
    assert stretches(np.array([NAN])) == [] and alone(np.array([5.0])).tolist() == [True]


def test_what_lies_beyond_is_named_with_its_step() -> None:
    steps, values = np.arange(5.0), np.array([0.0, 23.0, NAN, -7.0, 1.0])
    top, bottom = find_beyond(steps, values, -1.0, 2.0, "#000000")
    assert (top.step, top.words, bottom.step, bottom.words) == (1.0, "peak 23 ↑", 3.0, "lowest −7.0 ↓")
    assert find_beyond(steps, values, -10.0, 30.0, "#000000") == []


def test_the_shade_is_not_drawn_across_a_gap() -> None:
    steps, ceiling_steps = np.arange(100.0), np.array([0.0, 30.0, 60.0, 99.0])
    value = np.where((steps >= 40) & (steps < 70), np.nan, -1.4)
    gaps = gaps_between(steps, value, ceiling_steps, np.full(4, -0.5))
    assert [(part[0][0], part[0][-1]) for part in gaps] == [(0.0, 39.0), (70.0, 99.0)]
    gaps = gaps_between(steps, np.full(100, -1.4), ceiling_steps, np.array([-0.5, -0.5, np.nan, -0.5]))
    assert [(part[0][0], part[0][-1]) for part in gaps] == [(0.0, 30.0)]


def test_no_history_panel_draws_where_an_objective_has_no_numbers(shown: Callable[..., Panel]) -> None:
    run = run_of(("minimax", 40), ("least_squares", 40), ("non_saturating", 40))
    divergence, gradient = shown("divergence", run), shown("gradient", run)
    shaded = divergence.plot.gaps
    assert [(part[0][0], part[0][-1]) for part in shaded] == [(1.0, 40.0), (81.0, 120.0)]
    assert all(part[0][-1] <= 40 or part[0][0] > 80 for part in gradient.plot.between)
    x, y = divergence.plot.to_pixels(60.0, -0.9)
    assert near(divergence.plot, x, y, LIGHT.panel) and not near(divergence.plot, x, y, LIGHT.hair)


def test_one_step_is_seen_as_a_point(shown: Callable[..., Panel]) -> None:
    run = run_of(("minimax", 1))
    panel = shown("losses", run)
    for column, colour in (("d_loss", LIGHT.d), ("g_loss", LIGHT.g)):
        x, y = panel.plot.to_pixels(1.0, run.history.steps.last(column))
        assert near(panel.plot, x + 2, y, colour, reach=0), column
    panel = shown("divergence", run)
    x, y = panel.plot.to_pixels(1.0, run.history.steps.last("value"))
    assert near(panel.plot, x + 2, y, LIGHT.d, reach=0)


@pytest.mark.parametrize("size", [(350, 268), (520, 370)])
@pytest.mark.parametrize("rate", [0.001, 100.0])
@pytest.mark.parametrize("key", ["losses", "divergence", "gradient"])
def test_names_and_numbers_never_cover_each_other(
    shown: Callable[..., Panel], key: str, rate: float, size: tuple[int, int]
) -> None:
    panel = shown(key, run_of(("minimax", 60), rate=rate), size)
    plot = panel.plot
    labels = sorted((middle, 30 if label.below else 15) for _, middle, label in placed_labels(plot))
    assert all(b[0] - a[0] >= (a[1] + b[1]) / 2 - 1e-6 for a, b in pairwise(labels))
    assert len(labels) >= len(plot.ends) or key == "gradient"
    assert all(abs(middle - y) <= 26 for y, middle, _ in placed_labels(plot))
    heights = sorted(plot.y_at(value) for value, _ in upright_ticks(plot, plot.y_axis))
    assert all(b - a >= 15 for a, b in pairwise(heights))
    widest = max(width_of(text, 12) for _, text in plot.y_axis.ticks)
    assert plot.area().left() >= 20 + widest + 7  # the title, the numbers, the ticks


def test_the_words_for_peaks_lie_outside_the_data(shown: Callable[..., Panel]) -> None:
    run = run_of(("minimax", 60), rate=100.0)
    panel = shown("losses", run)
    plot = panel.plot
    assert plot.beyond and any(each.is_top for each in plot.beyond)
    bare = plot.grab().toImage()
    plot.beyond = ()
    plot.refresh()
    without = plot.grab().toImage()
    area, changed = plot.area(), 0
    for x in range(plot.width()):
        for y in range(plot.height()):
            if bare.pixelColor(x, y) != without.pixelColor(x, y):
                changed += 1
                inside = area.left() <= x <= area.right() and area.top() + 8 < y < area.bottom() - 8
                assert not inside, (x, y)  # but for the small triangles at the edges
    assert changed > 40


def test_names_of_short_periods_do_not_run_into_each_other(
    shown: Callable[..., Panel], monkeypatch: pytest.MonkeyPatch
) -> None:
    phases = (("minimax", 300), ("non_saturating", 12), ("wasserstein", 12), ("non_saturating", 12))
    panel = shown("losses", run_of(*phases))
    plot = panel.plot
    names = {name for row in OBJECTIVES.values() for name in (row.short, row.name)}
    drawn: list[tuple[float, float]] = []
    write = plot.at

    def noted(painter: Any, x: float, y: float, text: str, px: float, **look: Any) -> float:
        if text in names and look.get("middle"):
            half = width_of(text, plot.px(px)) / 2
            drawn.append((x - half, x + half))
        return write(painter, x, y, text, px, **look)

    monkeypatch.setattr(plot, "at", noted)
    plot.refresh()
    plot.grab()
    assert len(drawn) >= 2
    assert all(first[1] <= second[0] for first, second in pairwise(sorted(drawn)))
