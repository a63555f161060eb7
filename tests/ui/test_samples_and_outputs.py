"""The words of D's outputs stand clear of everything, and the axis of the line follows the data."""

from collections.abc import Callable
from itertools import combinations

import numpy as np
import pytest
from PySide6.QtGui import QFontMetricsF, QImage
from pytestqt.qtbot import QtBot

from ganviz.data import make_source
from ganviz.experiment import Experiment
from ganviz.frame import Frame, Measurement
from ganviz.record.history import History
from ganviz.record.run import Run
from ganviz.theory.objectives import OBJECTIVES
from ganviz.ui.panels import figures
from ganviz.ui.panels.figures import Figure, Figures
from ganviz.ui.panels.outputs import OutputsPanel
from ganviz.ui.panels.readout import Line, Piece, Readout
from ganviz.ui.panels.samples_line import LinePlot
from ganviz.ui.panels.samples_plane import PlanePlot
from ganviz.ui.panels.saturation import slope_word
from ganviz.ui.plotting import width_of
from ganviz.ui.theme import LIGHT

SIZES = [(350, 268), (520, 370), (700, 420)]


@pytest.fixture
def outputs(qtbot: QtBot) -> Callable[..., OutputsPanel]:
    """A panel that shows these outputs: ``outputs(real, fake, size, objective)``."""

    def show(
        real: np.ndarray, fake: np.ndarray, size: tuple[int, int], objective: str = "minimax"
    ) -> OutputsPanel:
        panel = OutputsPanel()
        qtbot.addWidget(panel)
        panel.resize(*size)
        values = {"output_real": real, "output_fake": fake}
        frame = Frame(measurements={"samples": Measurement(step=1, serial=1, values=values)})
        panel.show_runs([Run(Experiment(objective=objective), frame, History())])
        panel.grab()
        return panel

    return show


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("real", "fake"), [(0.0, 0.0), (0.01, -0.01), (-8.0, 8.0), (9.0, 9.1), (-9.0, -9.0), (0.4, -0.4)]
)
def test_words_of_means_cover_neither_bars_nor_each_other(
    outputs: Callable[..., OutputsPanel], real: float, fake: float, size: tuple[int, int]
) -> None:
    noise = np.random.default_rng(0).normal(0, 0.3, 500)
    panel = outputs(real + noise, fake - noise, size)
    plot = panel.plot
    captions = plot.captions()
    assert len(captions) == 2 and all(second for _, second, _ in captions)
    for (_, _, first), (_, _, second) in combinations(captions, 2):
        assert not first.intersects(second)
    for mean, _, box in captions:
        assert box.bottom() < plot.area().top() and box.left() >= 0 and box.right() <= plot.width()
        # at the rim both must give way, yet by no more than the words take
        assert abs(box.center().x() - plot.x_at(mean.at)) <= sum(each.width() for *_, each in captions)


def test_a_lone_mean_stands_above_its_pin(outputs: Callable[..., OutputsPanel]) -> None:
    panel = outputs(np.zeros(500), np.full(500, np.nan), (520, 370))
    ((mean, second, box),) = panel.plot.captions()
    assert box.center().x() == pytest.approx(panel.plot.x_at(mean.at)) and second.startswith("reals, 500,")
    assert panel.plot.hint == "no fake output is finite"


def test_equal_outputs_have_no_spread(outputs: Callable[..., OutputsPanel]) -> None:
    panel = outputs(np.full(500, -0.95), np.full(500, 0.3), (700, 420))
    assert all(second.endswith("spread 0") for _, second, _ in panel.plot.captions())


def test_lost_outputs_are_counted(outputs: Callable[..., OutputsPanel]) -> None:
    fake = np.zeros(500)
    fake[:20] = np.inf
    panel = outputs(np.zeros(500), fake, (700, 420), "wasserstein")
    assert any("480 of 500 finite" in second for _, second, _ in panel.plot.captions())


@pytest.mark.parametrize("width", [0.01, 0.5])
def test_the_density_axis_follows_the_data_and_not_a_heap_of_fakes(qtbot: QtBot, width: float) -> None:
    source = make_source("mixture_1d", modes=2, side=1, radius=2.0, sigma=0.5)
    plot = LinePlot()
    qtbot.addWidget(plot)
    plot.resize(400, 300)
    plot.show_source(source)
    generator = np.random.default_rng(0)
    real = source.sample(generator, 500)
    plot.show_points(real, generator.normal(0, width, (500, 1)), {"real": True, "fake": True})
    highest = float(source.density(np.linspace(-4, 4, 4001)[:, None]).max())
    assert 1.1 * highest <= plot.ranges[1][1] <= 1.6 * highest
    assert (plot.beyond != "") == (plot.density["fake"].getData()[1].max() > plot.ranges[1][1])
    plot.show_map(np.linspace(-4, 4, 50), np.zeros(50), OBJECTIVES["minimax"], True)
    at = dict((text, value) for value, text in plot.right_axis.ticks)
    np.testing.assert_allclose(plot.output.getData()[1], at["½"])  # D = sigma(0)
    assert plot.y_at(at["1"]) == pytest.approx(plot.area().top(), abs=plot.area().height() * 0.03)


def test_arrow_heads_are_as_tall_as_they_are_long_whatever_the_axis(qtbot: QtBot) -> None:
    source = make_source("mixture_1d", modes=2, side=1, radius=2.0, sigma=0.5)
    plot = LinePlot()
    qtbot.addWidget(plot)
    plot.show_source(source)
    at = np.linspace(-1, 1, 5)[:, None]
    plot.show_points(at, at, {"real": True, "fake": True})
    plot.show_arrows(at, {"active": (np.ones((5, 1)), LIGHT.minimax)}, {"active": True, "other": True})
    for size in ((400, 300), (700, 200)):
        plot.resize(*size)
        plot.grab()
        x, y = plot.to_pixels(*plot.arrows["active"].getData())
        tip, barb = np.array([x[2], y[2]]), np.array([x[3], y[3]])
        dx, dy = np.abs(tip - barb)
        assert dy == pytest.approx(0.6 * dx, rel=1e-6)


def test_a_readout_takes_the_longest_wording_that_finds_room(qtbot: QtBot) -> None:
    pictures: list[QImage] = []
    for lines in ((("a long line of words", "short"),), ("short",), ("a long line of words",)):
        readout = Readout()
        qtbot.addWidget(readout)
        readout.resize(60, 46)
        readout.say((Piece("1", LIGHT.ink),), *lines)
        pictures.append(readout.grab().toImage())
        assert ("a long line" in readout.text) == (lines != ("short",))
    assert pictures[0] == pictures[1] != pictures[2]


def test_no_words_stand_where_outputs_are_waited_for(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    panel = OutputsPanel()
    qtbot.addWidget(panel)
    panel.resize(520, 370)
    panel.show_runs([])
    said: list[str] = []
    monkeypatch.setattr(panel.plot, "at", lambda *place, **look: said.append(place[3]) or 0.0)
    panel.grab()
    assert panel.plot.hint and "D cannot tell" not in said


@pytest.mark.parametrize("size", [(380, 300), (660, 720), (1500, 800)])
@pytest.mark.parametrize("unit", [1.0, 2.0, 5.0, 10.0, 2e-4])
def test_the_arrow_scale_keeps_its_worth_and_fits(qtbot: QtBot, size: tuple[int, int], unit: float) -> None:
    plot = PlanePlot()
    qtbot.addWidget(plot)
    plot.resize(*size)
    plot.show_source(make_source("ring", modes=8, side=5, radius=2.0, sigma=0.1, centre=0.0))
    plot.refresh()
    plot.grab()
    plot.arrow_unit, whole = unit, 0.18 * plot.area().width()
    left = plot.area().right() + plot.px(16)
    length, number = plot.arrow_scale(whole, plot.width() - left)
    assert left + length + plot.px(5) + width_of(number, plot.px(12)) <= plot.width()
    worth = {"2×10⁻⁴": 2e-4, "10⁻⁴": 1e-4, "5×10⁻⁵": 5e-5}.get(number) or float(number)
    assert length / whole == pytest.approx(worth / unit)


def test_slopes_of_a_half_bear_the_same_word() -> None:
    assert slope_word(-0.5001).startswith("slope") and slope_word(-0.4999).startswith("slope")
    assert (slope_word(-0.998), slope_word(-0.002)) == ("steep", "flat: no push")


@pytest.mark.parametrize("width", range(404, 700, 37))
def test_numbers_in_a_row_are_never_cut(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    row = Figures()
    qtbot.addWidget(row)
    row.resize(width, 60)
    numbers = ("−1.345", "0.677", "5.134", "≥ 9.345", "5.012")
    row.say(tuple(Figure("KL", number, "", LIGHT.ink) for number in numbers), "")
    cut: list[str] = []
    shown = figures.fitting

    def noted(text: Line, metrics: QFontMetricsF, room: float) -> str:
        found = shown(text, metrics, room)
        cut.extend([found] if "…" in found else [])
        return found

    monkeypatch.setattr(figures, "fitting", noted)
    row.grab()
    assert cut == []


@pytest.mark.parametrize("width", range(360, 620, 33))
def test_large_pieces_with_powers_end_inside(qtbot: QtBot, width: int) -> None:
    readout = Readout()
    qtbot.addWidget(readout)
    readout.resize(width, 46)
    pieces = ("1.4×10⁻⁵ +", "−0.011", "= −2.1×10⁻⁴")
    readout.say(
        tuple(Piece(text, LIGHT.ink, "L_D" if index < 2 else "") for index, text in enumerate(pieces))
    )
    image = readout.grab().toImage()
    ground = image.pixelColor(image.width() - 1, 0)
    rim = {image.pixelColor(image.width() - 1, y).name() for y in range(image.height())}
    assert rim == {ground.name()}
