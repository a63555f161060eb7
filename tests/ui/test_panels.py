"""Every panel on real frames of a real trainer, drawn into an image and read back."""

import math
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from scipy.special import expit, logsumexp

from ganviz.experiment import Experiment
from ganviz.record.run import Run
from ganviz.theory.objective import LOG_4
from ganviz.theory.objectives import OBJECTIVES
from ganviz.training.trainer import Trainer
from ganviz.ui.clipping import only_inside
from ganviz.ui.panels import export
from ganviz.ui.panels.base import Panel
from ganviz.ui.panels.catalogue import PANELS, load
from ganviz.ui.theme import DARK, LIGHT, Theme

SMALL = {"g_width": 16, "d_width": 16, "g_layers": 1, "d_layers": 1, "batch_size": 32, "measure_every": 10}
CASES: dict[str, tuple[dict[str, object], int]] = {
    "ring at rest": ({}, 0),
    "ring": ({}, 60),
    "non-saturating": ({"objective": "non_saturating"}, 60),
    "wasserstein": ({"objective": "wasserstein"}, 60),
    "least squares": ({"objective": "least_squares"}, 60),
    "relativistic": ({"objective": "relativistic"}, 60),
    "maximum likelihood": ({"objective": "maximum_likelihood"}, 60),
    "line": ({"data": "mixture_1d", "modes": 3}, 60),
    "digits": ({"data": "digits", "objective": "non_saturating"}, 30),
    "cyclegan at rest": ({"game": "cyclegan", "data": "moons"}, 0),
    "cyclegan": ({"game": "cyclegan", "data": "moons"}, 60),
    "cyclegan on a line": ({"game": "cyclegan", "data": "mixture_1d", "data_y": "inverted"}, 60),
    "cyclegan of images": ({"game": "cyclegan", "data": "digits", "data_y": "inverted"}, 20),
    "dirac at rest": ({"game": "dirac"}, 0),
    "dirac": ({"game": "dirac"}, 60),
    "gaussians": ({"game": "gaussians"}, 60),
}
PAIRS = [
    (key, case)
    for key, info in PANELS.items()
    for case, (changes, _) in CASES.items()
    if changes.get("game", "gan") in info.games and (not info.images or changes.get("data") == "digits")
    if not (key == "maps" and case == "cyclegan of images")
]
NETWORK_PANELS = [key for key, info in PANELS.items() if "gan" in info.games]
HOME = {"gan": "ring", "cyclegan": "cyclegan", "dirac": "dirac"}
OF_IMAGES = {"gan": "digits", "cyclegan": "cyclegan of images"}
HOMES = [(key, (OF_IMAGES if info.images else HOME)[info.games[0]]) for key, info in PANELS.items()]
"""Every panel with a case of its own game and data."""


@cache
def run_of(case: str) -> Run:
    changes, steps = CASES[case]
    trainer = Trainer(Experiment(**(SMALL | changes)))  # type: ignore[arg-type]
    trainer.step(steps)
    return trainer.run(tuple(trainer.kind.probes))


@pytest.fixture
def shown(qtbot: QtBot) -> Callable[..., Panel]:
    """Makes a panel that shows a case: ``shown(key, case, theme)``."""

    def show(
        key: str, case: str | Run | None, theme: Theme = LIGHT, size: tuple[int, int] = (520, 370)
    ) -> Panel:
        panel = load(key)()
        qtbot.addWidget(panel)
        panel.resize(*size)
        panel.apply_theme(theme, 1.0)
        if case is not None:
            panel.show_runs([run_of(case) if isinstance(case, str) else case])
        return panel

    return show


def pixels(widget: QWidget) -> np.ndarray:
    """The widget's picture as (rows, columns, 3)."""
    image = export.picture(widget, 1.0).convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return (
        rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).copy()
    )  # the image owns the bytes


def colours_in(picture: np.ndarray) -> int:
    return len(np.unique(picture.astype(np.int64) @ [65536, 256, 1]))


def has_colour(picture: np.ndarray, colour: str, tolerance: int = 10, least: int = 12) -> bool:
    wanted = QColor(colour)
    away = np.abs(picture.astype(int) - [wanted.red(), wanted.green(), wanted.blue()]).max(axis=2)
    return int((away <= tolerance).sum()) >= least


@pytest.mark.parametrize(("key", "case"), PAIRS)
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_every_panel_is_painted(shown: Callable[..., Panel], key: str, case: str, theme: Theme) -> None:
    panel = shown(key, case, theme)
    picture = pixels(panel)
    assert has_colour(picture, theme.panel) or key == "samples"
    assert colours_in(picture) > 20
    no_step_yet = case in ("ring at rest", "cyclegan at rest")
    if key not in ("losses", "path_angle", "cycle", "players") or not no_step_yet:  # no loss and no path
        assert (picture != pixels(shown(key, None, theme))).any()


@pytest.mark.parametrize(
    ("key", "case", "colours"),
    [
        ("samples", "ring", ["real", "fake", "d", "minimax", "non_saturating"]),
        ("samples", "line", ["real", "fake", "d", "minimax", "non_saturating"]),
        ("samples", "digits", ["real", "fake"]),
        ("samples", "wasserstein", ["real", "fake", "other"]),
        ("outputs", "ring", ["real", "fake"]),
        ("saturation", "ring", ["minimax", "non_saturating", "fake"]),
        ("saturation", "wasserstein", ["other", "fake"]),
        ("losses", "ring", ["d", "g", "minimax"]),
        ("divergence", "ring", ["d", "ref", "minimax"]),
        ("gradient", "ring", ["minimax", "non_saturating"]),
        ("gradient", "least squares", ["other"]),
    ],
)
def test_the_colours_of_what_is_shown(
    shown: Callable[..., Panel], key: str, case: str, colours: list[str]
) -> None:
    picture = pixels(shown(key, case))
    for name in colours:
        assert has_colour(picture, getattr(LIGHT, name)), name


@pytest.mark.parametrize("size", [(380, 300), (1200, 800)])
@pytest.mark.parametrize(("key", "case"), HOMES)
def test_sizes_and_scales(shown: Callable[..., Panel], key: str, case: str, size: tuple[int, int]) -> None:
    panel = shown(key, case, size=size)
    assert panel.minimumSizeHint().width() <= 380
    panel.apply_theme(LIGHT, 1.6)
    assert colours_in(pixels(panel)) > 20


@pytest.mark.parametrize("key", NETWORK_PANELS)
def test_a_new_run_leaves_nothing_of_the_old_one(shown: Callable[..., Panel], key: str) -> None:
    panel = shown(key, "ring")
    pixels(panel)
    panel.show_runs([run_of("digits")])
    pixels(panel)
    panel.show_runs([run_of("line")])
    np.testing.assert_array_equal(pixels(panel), pixels(shown(key, "line")))
    expected = shown(key, "line").export_data()
    found = panel.export_data()
    assert found.keys() == expected.keys()
    for name, values in expected.items():
        np.testing.assert_array_equal(found[name], values)
    panel.show_runs([])
    assert not any(
        name.startswith(("real", "output_real", "d_loss", "g_grad")) for name in panel.export_data()
    )


def test_samples_are_those_of_the_frame(shown: Callable[..., Panel]) -> None:
    run = run_of("ring")
    panel = shown("samples", "ring")
    data, frame = panel.export_data(), run.frame
    for name in ("real", "fake"):
        np.testing.assert_array_equal(data[name], frame.measurements["samples"][name])
    np.testing.assert_array_equal(data["surface_output"], frame.measurements["surface"]["output"])
    np.testing.assert_array_equal(data["arrows_active"], frame.measurements["arrows"]["active"])
    x, y = panel.plane.points["fake"].getData()
    np.testing.assert_allclose(np.column_stack((x, y)), frame.measurements["samples"]["fake"], rtol=1e-6)
    length = np.linalg.norm(frame.measurements["arrows"]["active"], axis=1).mean()
    word = panel.legend.buttons["active"].accessibleName()
    assert float(word.removeprefix("push ")) == pytest.approx(length, rel=0.06)


def test_the_grey_map_keeps_the_levels_of_d(shown: Callable[..., Panel]) -> None:
    panel = shown("samples", "ring")
    assert tuple(panel.plane.map.levels) == (0.0, 1.0)
    output = run_of("ring").frame.measurements["surface"]["output"]
    np.testing.assert_allclose(panel.plane.map.image, expit(output), atol=1e-6)


def test_the_border_is_where_d_is_a_half(shown: Callable[..., Panel]) -> None:
    from scipy.interpolate import RegularGridInterpolator

    panel = shown("samples", "ring")
    surface = run_of("ring").frame.measurements["surface"]
    output = RegularGridInterpolator((surface["y"], surface["x"]), np.asarray(surface["output"], float))
    x, y = panel.plane.contour.getData()
    assert len(x) > 20
    np.testing.assert_allclose(expit(output(np.column_stack((y, x)))), 0.5, atol=1e-6)


def test_outputs_are_shares_of_500(shown: Callable[..., Panel]) -> None:
    panel = shown("outputs", "ring")
    samples = run_of("ring").frame.measurements["samples"]
    data = panel.export_data()
    for name in ("real", "fake"):
        probability = expit(samples[f"output_{name}"])
        counts, _ = np.histogram(probability, data["bin_edges"])
        np.testing.assert_allclose(data[f"share_{name}"], counts / 5.0)
        assert data[f"share_{name}"].sum() == pytest.approx(100.0)
        mean = next(mean for mean in panel.plot.means if mean.is_real == (name == "real"))
        assert mean.at == pytest.approx(probability.mean())


def test_a_critic_is_never_drawn_as_a_probability(shown: Callable[..., Panel]) -> None:
    outputs = shown("outputs", "wasserstein")
    samples = run_of("wasserstein").frame.measurements["samples"]
    assert outputs.plot.means[0].at == pytest.approx(float(np.mean(samples["output_real"])))
    low, high = outputs.plot.ranges[0]
    both = np.concatenate([samples["output_real"], samples["output_fake"]])
    assert low <= both.min() and both.max() <= high and "score" in outputs.plot.x_axis.title
    saturation = shown("saturation", "wasserstein")
    assert saturation.legend.buttons["probability"].isHidden() and saturation.curves["active"].isVisible()
    assert not saturation.curves["minimax"].isVisible()
    assert "score" in saturation.plot.x_axis.title


@pytest.mark.parametrize("choice", ["logit", "probability"])
def test_saturation_shows_the_theory(shown: Callable[..., Panel], choice: str) -> None:
    panel = shown("saturation", "ring")
    panel.legend.buttons[choice].setChecked(True)
    data = panel.export_data()
    for key in ("minimax", "non_saturating"):
        x, cost = data[f"{key}_x"], data[f"{key}_cost"]
        assert len(x) > 100 and (np.diff(x) > 0).all()
        if choice == "probability":
            inside = (x > 1e-9) & (x < 1 - 1e-9)
            exact = {"minimax": np.log1p(-x[inside]), "non_saturating": -np.log(x[inside])}
            np.testing.assert_allclose(cost[inside], exact[key], rtol=1e-6, atol=1e-9)
        else:
            np.testing.assert_allclose(cost, OBJECTIVES[key].generator_cost(x))


@pytest.mark.parametrize("case", ["ring", "wasserstein", "relativistic"])
def test_saturation_shows_slopes(shown: Callable[..., Panel], case: str) -> None:
    panel = shown("saturation", case)
    panel.legend.buttons["slope"].setChecked(True)
    data = panel.export_data()
    exact = {
        "ring": {"minimax": expit, "non_saturating": lambda a: expit(-a)},
        "wasserstein": {"active": np.ones_like},
        "relativistic": {"active": lambda apart: expit(-apart)},
    }[case]
    for key, slope in exact.items():
        np.testing.assert_allclose(data[f"{key}_slope"], slope(data[f"{key}_x"]), rtol=1e-9)
    assert panel.plot.y_axis.title.startswith("slope") and panel.plot.ranges[1][1] == 1.2
    (height, tangent, _, words), *_ = panel.plot.points
    assert math.isnan(tangent) and words
    assert height == pytest.approx(exact[next(iter(exact))](np.array([panel.plot.marker]))[0])


def test_a_relativistic_cost_is_drawn_against_differences(shown: Callable[..., Panel]) -> None:
    panel = shown("saturation", "relativistic")
    seen = run_of("relativistic").frame.measurements["samples"]
    apart = seen["output_fake"] - seen["output_real"]
    data = panel.export_data()
    assert data["marker"][0] == pytest.approx(apart.mean())
    np.testing.assert_allclose(data["active_cost"], np.logaddexp(0.0, -data["active_x"]))
    assert panel.bars.rows[0][1] == pytest.approx(expit(-apart).mean())
    assert "partner" in panel.plot.x_axis.title


def test_the_marker_stands_at_the_logit_of_mean_d(shown: Callable[..., Panel]) -> None:
    panel = shown("saturation", "ring")
    outputs = run_of("ring").frame.measurements["samples"]["output_fake"]
    mean = expit(outputs).mean()
    assert panel.plot.marker == pytest.approx(math.log(mean / (1 - mean)))
    (_, minimax, _, _), (_, non_saturating, _, _) = panel.bars.rows
    assert minimax == pytest.approx(mean) and non_saturating == pytest.approx(1 - mean)
    value, slope, _, _ = panel.plot.points[0]
    assert value == pytest.approx(math.log1p(-mean)) and slope == pytest.approx(-mean)
    low, high = panel.plot.ranges[0]
    assert low <= panel.plot.marker <= high


def test_the_marker_where_d_underflows() -> None:
    from ganviz.ui.panels.cost_axis import mean_logit

    outputs = np.array([-1000.0, -900.0, -905.0])
    assert mean_logit(outputs) == pytest.approx(logsumexp(outputs) - math.log(3))
    assert mean_logit(-outputs) == pytest.approx(-mean_logit(outputs))


@pytest.mark.parametrize("case", ["ring", "wasserstein", "digits"])
def test_losses_are_the_history(shown: Callable[..., Panel], case: str) -> None:
    data, steps = shown("losses", case).export_data(), run_of(case).history.steps
    for column in ("d_loss", "g_loss", "total_loss"):
        np.testing.assert_array_equal(data[column], steps.column(column))
        np.testing.assert_array_equal(data[f"{column}_step"], steps.column("step"))


def test_the_losses_readout_is_the_last_row(shown: Callable[..., Panel]) -> None:
    panel = shown("losses", "ring")
    last = run_of("ring").history.steps.last("d_loss")
    assert f"{last:.3f}" in panel.readout.text


def test_the_ceiling_is_theorem_1(shown: Callable[..., Panel]) -> None:
    run = run_of("ring")
    data = shown("divergence", "ring").export_data()
    recorded = run.history.measured.column("jsd").astype(float)
    np.testing.assert_allclose(data["ceiling"][: len(recorded)], 2 * recorded - LOG_4, rtol=1e-6)
    np.testing.assert_allclose(data["value"], run.history.steps.column("value"))


def test_images_have_no_divergence(shown: Callable[..., Panel]) -> None:
    panel = shown("divergence", "digits")
    assert "density" in panel.plot.veil
    panel.show_runs([run_of("ring")])
    assert panel.plot.veil == ""


def test_a_record_that_begins_while_it_is_read_is_drawn(
    shown: Callable[..., Panel], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker may write the first row after the one curve was read and before the other."""
    panel = shown("gradient", "ring")
    whole = panel._norms

    def norms(run: Run, key: str, newest: object) -> tuple[np.ndarray, np.ndarray]:
        return (np.zeros(0), np.zeros(0)) if key == "minimax" else whole(run, key, newest)

    assert panel.plot.between
    monkeypatch.setattr(panel, "_norms", norms)
    panel.show_again()
    assert not panel.plot.between and len(panel.curves["non_saturating"].getData()[0])


def test_gradients_are_the_history_and_the_frame(shown: Callable[..., Panel]) -> None:
    run = run_of("ring")
    panel = shown("gradient", "ring")
    data, measured = panel.export_data(), run.history.measured
    for column in ("g_grad_minimax", "g_grad_non_saturating"):
        recorded = measured.column(column)
        np.testing.assert_allclose(data[column][: len(recorded)], recorded, rtol=1e-6)
    now = run.frame.measurements["gradients"]
    ratio = now["non_saturating"] / now["minimax"]
    text = panel.readout.text.split("×")[0].replace("−", "-").replace(",", "")
    assert float(text) == pytest.approx(max(ratio, 1 / ratio), rel=0.06)


@pytest.mark.parametrize(
    ("pair", "text", "stronger", "part"),
    [
        ((1.0, 18.0), "18×", "non_saturating", "non-saturating pushes harder"),
        ((3.0, 1.0), "3.0×", "minimax", "minimax pushes harder"),
        ((0.0, 5.0), "> 10⁸×", "non_saturating", "harder"),
        ((1.0, 4482.0), "4,482×", "non_saturating", "harder"),
        ((1.0, 1.01), "1×", "non_saturating", "equally"),
        ((math.nan, 1.0), "–", "", "not measured"),
    ],
)
def test_the_ratio_in_words(pair: tuple[float, float], text: str, stronger: str, part: str) -> None:
    from ganviz.ui.panels.gradient import ratio_words

    words = ratio_words(*pair)
    assert words[:2] == (text, stronger) and part in words[2]


def test_legend_words_switch_curves_and_are_remembered(shown: Callable[..., Panel]) -> None:
    panel = shown("losses", "ring")
    panel.legend.buttons["d"].click()
    assert not panel.curves["d"].isVisible()
    panel.legend.buttons["smooth"].click()
    other = shown("losses", "ring")
    other.restore_state(panel.save_state())
    assert (
        not other.curves["d"].isVisible() and other.legend.is_on("smooth") and not other.legend.is_on("raw")
    )
    assert np.std(np.diff(other.curves["g"].getData()[1])) < np.std(
        np.diff(shown("losses", "ring").curves["g"].getData()[1])
    )
    other.restore_state({"legend": {"no such word": True, "raw": 7}})


def test_a_change_while_running_is_marked(shown: Callable[..., Panel]) -> None:
    experiment = Experiment(**SMALL)  # type: ignore[arg-type]
    trainer = Trainer(experiment)
    trainer.step(20)
    trainer.apply(experiment.replace(objective="non_saturating", d_learning_rate=0.002))
    trainer.step(20)
    panel = shown("losses", trainer.run())
    picture = pixels(panel)
    assert has_colour(picture, LIGHT.minimax) and has_colour(picture, LIGHT.non_saturating)
    assert "0.001 → 0.002" in panel.plot.change_at(panel.plot.x_at(20))
    assert panel.plot.change_at(panel.plot.x_at(35)) == ""


def test_panels_say_what_they_need_and_are() -> None:
    from ganviz.training.probes import EVERY_PROBE

    for key, info in PANELS.items():
        panel = load(key)
        assert panel.key == key and panel.needs <= EVERY_PROBE and len(info.help) > 60


def test_a_double_click_on_the_title_asks_for_the_full_panel(
    qtbot: QtBot, shown: Callable[..., Panel]
) -> None:
    from PySide6.QtCore import QPoint, Qt

    panel = shown("losses", "ring")
    panel.show()
    with qtbot.waitSignal(panel.maximise_requested) as caught:
        qtbot.mouseDClick(panel, Qt.MouseButton.LeftButton, pos=QPoint(12, 10))
    assert caught.args == ["losses"]


def test_an_svg_holds_nothing_outside_its_plot(shown: Callable[..., Panel], tmp_path: Path) -> None:
    """Its format cannot clip, so fakes that lie outside must not be in it; the panel itself keeps them."""
    panel = shown("samples", "ring")
    x, y = panel.plane.points["fake"].getData()
    (x0, _), (y0, y1) = panel.plane.ranges
    panel.plane.set_range((x0, float(np.median(x))), (y0, y1))
    with only_inside(panel.plane.view, panel.plane.ranges):
        kept, _ = panel.plane.points["fake"].getData()
        ends, _ = panel.plane.arrows["active"].getData()
        assert len(kept) == np.sum((x <= np.median(x)) & (x >= x0) & (y >= y0) & (y <= y1))
        assert len(ends) % 2 == 0 and ends.max() <= np.median(x) + 1e-9
    export.save_picture(panel, tmp_path / "samples.svg")
    np.testing.assert_array_equal(panel.plane.points["fake"].getData()[0], x)


@pytest.mark.parametrize(("key", "case"), HOMES)
def test_another_theme_leaves_nothing_of_the_old_one(
    shown: Callable[..., Panel], key: str, case: str
) -> None:
    panel = shown(key, case)
    pixels(panel)
    panel.apply_theme(DARK, 1.0)
    np.testing.assert_array_equal(pixels(panel), pixels(shown(key, case, theme=DARK)))


@pytest.mark.parametrize("key", NETWORK_PANELS)
def test_a_frame_in_which_nothing_was_seen_is_drawn_without_a_warning(
    shown: Callable[..., Panel], key: str
) -> None:
    """As the first one after going back to a good step; RaGAN takes means of what was seen."""
    trainer = Trainer(Experiment(**SMALL, objective="relativistic_average"))  # type: ignore[arg-type]
    empty = Run(trainer.experiment, replace(trainer.run().frame, measurements={}), trainer.history)
    panel = shown(key, empty)
    panel.clear()
    panel.show_runs([empty])
    assert not panel.grab().isNull()


@pytest.mark.parametrize("key", ["saturation", "bce", "outputs"])
@pytest.mark.parametrize("objective", ["maximum_likelihood", "f_kl", "f_jensen_shannon", "hinge"])
def test_outputs_of_a_run_that_breaks_are_drawn_without_a_fault(
    shown: Callable[..., Panel], key: str, objective: str
) -> None:
    """Just before it stops being finite: outputs of any size, then all of them in one place."""
    whole = run_of("ring")
    run = Run(whole.experiment.replace(objective=objective), whole.frame, whole.history)
    panel = shown(key, run)
    samples = whole.frame.get("samples")
    assert samples is not None
    wide = np.linspace(-1.0, 1.0, 500)
    for serial, outputs in enumerate((1e6 * wide, 1e30 * wide, 900.0 + wide, 0.0 * wide), 1):
        broken = replace(
            samples,
            serial=samples.serial + serial,
            values=samples.values | {"output_fake": outputs, "output_real": -outputs},
        )
        frame = replace(whole.frame, measurements=whole.frame.measurements | {"samples": broken})
        panel.show_runs([replace(run, frame=frame)])
        assert pixels(panel).any()
