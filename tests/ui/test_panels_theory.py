"""The panels of the theory on real frames: their numbers against scipy, and their greyed state."""

import math
from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
import torch
from pytestqt.qtbot import QtBot
from scipy import stats
from scipy.special import expit

from ganviz.experiment import Experiment
from ganviz.frame import Measurement
from ganviz.record.run import Run
from ganviz.theory.objective import LOG_4
from ganviz.training.trainer import Trainer
from ganviz.ui import formatting
from ganviz.ui.panels.base import Panel
from ganviz.ui.panels.catalogue import load

SMALL = {"g_width": 16, "d_width": 16, "g_layers": 1, "d_layers": 1, "batch_size": 32, "measure_every": 10}
CASES: dict[str, dict[str, object]] = {
    "ring": {},
    "line": {"data": "mixture_1d", "modes": 3, "latent_dim": 1},
    "moons": {"data": "moons"},
    "wasserstein": {"objective": "wasserstein"},
    "line of a critic": {"data": "mixture_1d", "objective": "wasserstein"},
    "digits": {"data": "digits"},
    "least squares": {"objective": "least_squares", "sigma": 0.4},
    "relativistic": {"objective": "relativistic", "sigma": 0.4},
}


class Instead(torch.nn.Module):
    """A generator that gives ``made`` of z, whatever the weights of its network."""

    def __init__(self, network: torch.nn.Module, made: Callable[[torch.Tensor], torch.Tensor]) -> None:
        super().__init__()
        self.network, self.made = network, made

    def forward(self, latents: torch.Tensor) -> torch.Tensor:
        return self.made(latents) + 0.0 * self.network(latents)


def with_perfect_generator(experiment: Experiment) -> Trainer:
    """A trainer whose G is the source itself."""
    trainer, draws = Trainer(experiment), np.random.default_rng(5)
    place, sample = trainer.game.place, trainer.game.source.sample
    trainer.game.g.network = Instead(trainer.game.g.network, lambda z: place(sample(draws, len(z))))
    return trainer


@cache
def run_of(case: str) -> Run:
    trainer = Trainer(Experiment(**(SMALL | CASES[case])))  # type: ignore[arg-type]
    trainer.step(60)
    return trainer.run()


@pytest.fixture
def shown(qtbot: QtBot) -> Callable[[str, str], Panel]:
    """Makes a panel that shows a case: ``shown(key, case)``."""

    def show(key: str, case: str) -> Panel:
        panel = load(key)()
        qtbot.addWidget(panel)
        panel.resize(560, 420)
        panel.show_runs([run_of(case)])
        panel.show()
        return panel

    return show


@pytest.mark.parametrize(
    ("key", "case", "words"),
    [
        ("value", "digits", "density"),
        ("modes", "digits", "modes"),
        ("modes", "moons", "modes"),
        ("figure_1", "ring", "line"),
        ("optimal_d", "line", "plane"),
        ("optimal_d", "wasserstein", "no function of p(x) and q(x)"),
    ],
)
def test_a_panel_that_does_not_apply_says_why_and_comes_back(
    shown: Callable[[str, str], Panel], key: str, case: str, words: str
) -> None:
    panel = shown(key, case)
    veil = panel._veil
    assert veil.isVisible() and words in veil.sentence and veil.sentence.endswith(".")
    assert veil.geometry().bottom() >= panel.height() - 3 and veil.y() > panel._title.geometry().center().y()
    picture = panel.grab().toImage()
    below = [picture.pixelColor(x, y) for x in range(2, 558, 2) for y in range(veil.y() + 2, 418, 2)]
    assert max(one.hsvSaturation() for one in below) < 100  # grey all over
    assert any(one.lightness() < 130 for one in below)  # and yet there are words
    panel.show_runs([run_of("ring" if key != "figure_1" else "line")])
    assert veil.isHidden() and veil.sentence == ""


@pytest.mark.parametrize("case", ["ring", "line", "moons"])
def test_value_is_the_record_and_the_frame(shown: Callable[[str, str], Panel], case: str) -> None:
    run, panel = run_of(case), shown("value", case)
    data, seen = panel.export_data(), run.frame.measurements["divergence"]
    for key in ("jsd", "kl", "w1"):
        recorded = run.history.measured.column(key)
        np.testing.assert_allclose(data[key][: len(recorded)], recorded, rtol=1e-6)
        assert f"{float(seen[key]):.3f}" in panel.figures.text
    np.testing.assert_allclose(data["ceiling"], 2 * data["jsd"] - LOG_4)
    np.testing.assert_allclose(data["value"], run.history.steps.column("value"))
    assert data["kl_generated"][-1] == seen["kl_generated"]
    assert ("sliced W1" in panel.figures.text) == (case != "line")
    floor = run.frame.measurements["perfect"]["kl_floor"]
    assert f"floor {floor:.2f}" in panel.figures.text and "perfect generator" in panel.figures.text


def test_kl_of_the_fakes_is_kept_while_the_panel_is_shown(qtbot: QtBot) -> None:
    trainer = Trainer(Experiment(**SMALL))  # type: ignore[arg-type]
    panel = load("value")()
    qtbot.addWidget(panel)
    seen = []
    for _ in range(3):
        trainer.step(20)
        panel.show_runs([trainer.run(panel.needs)])
        seen.append(float(trainer.observe(["divergence"]).measurements["divergence"]["kl_generated"]))
    np.testing.assert_array_equal(panel.export_data()["kl_generated"], seen)
    np.testing.assert_array_equal(panel.export_data()["kl_generated_step"], [20.0, 40.0, 60.0])
    panel.show_runs([run_of("line")])
    assert len(panel.export_data()["kl_generated"]) == 1


def test_a_reading_that_is_only_a_bound_says_so() -> None:
    from ganviz.ui.panels.value import least_of

    def said(name: str, value: float, beyond: float = 0.0, missed: float = 0.0) -> str:
        shares = {"beyond_data": beyond, "missed_data": missed}
        return least_of(name, Measurement(0, 1, {name: value, **shares}))

    assert (
        said("kl_generated", 3.25, beyond=0.2) == "≥ 3.250" and said("kl_generated", 26.3, missed=0.5) == "26"
    )
    assert said("kl", 0.5, beyond=0.3, missed=0.01) == "0.500" and said("kl", 5.1, missed=0.9) == "≥ 5.100"
    assert said("kl", math.nan) == "–"


@pytest.mark.parametrize(
    ("data", "count", "ceiling"), [("ring", 8, 1 - math.exp(-4.5)), ("mixture_1d", 8, math.erf(3 / 2**0.5))]
)
def test_modes_of_a_perfect_generator(qtbot: QtBot, data: str, count: int, ceiling: float) -> None:
    run = with_perfect_generator(Experiment(**(SMALL | {"data": data}))).run(["divergence"])  # type: ignore[arg-type]
    panel = load("modes")()
    qtbot.addWidget(panel)
    panel.show_runs([run])
    data_shown, words = panel.export_data(), panel.figures.text
    counts = data_shown["mode_counts"]
    assert f"{count} of {count}" in words and f"at best {100 * ceiling:.2f} %" in words
    assert counts.sum() / 4096 == pytest.approx(ceiling, abs=0.006)
    np.testing.assert_allclose(data_shown["mode_shares"], counts / counts.sum())
    reverse_kl = stats.entropy(counts / counts.sum(), np.full(count, 1 / count))
    assert run.frame.measurements["divergence"]["reverse_kl"] == pytest.approx(reverse_kl)
    # 2 n KL is chi-squared with K - 1 degrees of freedom: the floor is its mean
    assert stats.chi2(count - 1).ppf(1e-4) < 2 * counts.sum() * reverse_kl < stats.chi2(count - 1).ppf(0.9999)
    assert "floor 9×10⁻⁴" in words  # 7 / 2n


def test_modes_show_both_parts_where_there_is_room(shown: Callable[[str, str], Panel]) -> None:
    panel = shown("modes", "ring")
    assert panel.bars.isVisible() and panel.plot.isVisible() and panel.legend.isHidden()
    panel.resize(360, 270)
    assert panel.bars.isVisible() and not panel.plot.isVisible() and panel.legend.isVisible()
    panel.legend.buttons["history"].click()
    assert panel.plot.isVisible() and not panel.bars.isVisible()
    modes = run_of("ring").history.measured.column("modes")
    np.testing.assert_array_equal(panel.export_data()["modes_captured"], modes)


def test_figure_1_holds_d_against_the_best_one(shown: Callable[[str, str], Panel]) -> None:
    run, panel = run_of("line"), shown("figure_1", "line")
    seen, data = run.frame.measurements["figure_1"], panel.export_data()
    p = np.mean([stats.norm(mean, 0.1).pdf(data["x"]) for mean in (-2.0, 0.0, 2.0)], axis=0)
    np.testing.assert_allclose(data["p_data"], p, atol=0.03 * p.max())
    np.testing.assert_allclose(data["learned"], expit(seen["output"]))
    held = np.isfinite(data["optimal"])
    total = seen["p"] + seen["q"]
    assert held.sum() > 30 and (16_384 * total[~held] < 0.5).all()
    np.testing.assert_allclose(
        data["optimal"][held], (seen["p"] / np.where(held, total, 1.0))[held], atol=1e-9
    )
    away = np.abs(data["learned"] - data["optimal"])[held]
    assert f"{np.average(away, weights=total[held]):.3f}" in panel.figures.text
    dense = (data["p_data"] + data["p_g"])[held] > 0.02
    assert f"{away[dense].max():.3f}" in panel.figures.text
    np.testing.assert_allclose(data["z"], stats.norm.ppf((np.arange(25) + 0.5) / 25), atol=1e-9)
    y = panel.plot.curves["learned"].getData()[1]
    top = dict((text, at) for at, text in panel.plot.right_axis.ticks)["1"]
    np.testing.assert_allclose(y / top, data["learned"])


def test_figure_1_of_a_critic_has_its_score_and_no_best_one(shown: Callable[[str, str], Panel]) -> None:
    panel = shown("figure_1", "line of a critic")
    data = panel.export_data()
    assert "optimal" not in data and "no function of p(x) and q(x) alone" in panel.figures.text
    output = run_of("line of a critic").frame.measurements["figure_1"]["output"]
    np.testing.assert_array_equal(data["learned"], output)
    assert panel.plot.right_axis.title == "f(x)" and "slice" in panel.plot.z_name


def test_figure_1_of_a_perfect_pair(qtbot: QtBot) -> None:
    """G = z and D = 1/2 on N(0, 1) data: no gap."""
    settings = {"data": "mixture_1d", "modes": 1, "sigma": 1.0, "latent_dim": 1}
    trainer = Trainer(Experiment(**(SMALL | settings)))  # type: ignore[arg-type]
    trainer.game.g.network = Instead(trainer.game.g.network, lambda z: z)
    for parameter in trainer.game.d.parameters:
        torch.nn.init.zeros_(parameter)
    panel = load("figure_1")()
    qtbot.addWidget(panel)
    panel.show_runs([trainer.run(["figure_1"])])
    data = panel.export_data()
    total = data["p_data"] + data["p_g"]
    away = np.nan_to_num(np.abs(data["learned"] - data["optimal"]))
    assert np.average(away, weights=total) < 0.002


@pytest.mark.parametrize("case", ["ring", "moons"])
def test_optimal_d_holds_the_maps_against_each_other(shown: Callable[[str, str], Panel], case: str) -> None:
    seen = run_of(case).frame.measurements["optimal_d"]
    panel = shown("optimal_d", case)
    data, maps = panel.export_data(), panel.maps.plots
    area = (data["x"][1] - data["x"][0]) * (data["y"][1] - data["y"][0])
    assert data["p_data"].sum() * area == pytest.approx(1.0, abs=1e-3)
    np.testing.assert_allclose(maps["learned"].image.image, expit(seen["output"]), atol=1e-6)
    total = seen["p"] + seen["q"]
    held = np.isfinite(data["optimal"])
    assert held.any() and (16_384 * total[~held] < 0.5).all()
    np.testing.assert_allclose(maps["best"].image.image[held], (seen["p"][held] / total[held]), atol=1e-6)
    away = data["learned"] - data["optimal"]
    np.testing.assert_allclose(maps["gap"].image.image, away, atol=1e-6)
    assert tuple(maps["gap"].levels) == (-1.0, 1.0)
    assert f"{np.average(np.abs(away[held]), weights=total[held]):.3f}" in panel.figures.text
    assert f"{np.abs(away[16_384 * total >= 50]).max():.3f}" in panel.figures.text
    loss = (seen["p"] * np.logaddexp(0, -seen["output"]) + seen["q"] * np.logaddexp(0, seen["output"])).sum()
    assert f"L_D now {loss:.3f}" in panel.figures.text
    assert f"best {formatting.reading(LOG_4 - 2 * seen['jsd'])}" in panel.figures.text


def test_the_difference_is_the_colour_of_the_panel_where_there_is_none(qtbot: QtBot) -> None:
    """A perfect generator against D = 1/2: no loss above the least, and an almost empty third map."""
    trainer = with_perfect_generator(Experiment(**(SMALL | {"data": "square"})))  # type: ignore[arg-type]
    for parameter in trainer.game.d.parameters:
        torch.nn.init.zeros_(parameter)
    panel = load("optimal_d")()
    qtbot.addWidget(panel)
    panel.resize(700, 420)
    panel.show_runs([trainer.run(panel.needs)])
    assert "L_D now 1.386" in panel.figures.text
    said = float(panel.figures.text.split("best ")[1].split()[0])
    assert said == pytest.approx(LOG_4, abs=0.01)
    data = panel.export_data()
    away = np.abs(data["learned"] - data["optimal"])
    mean = np.nansum(away * (data["p_data"] + data["p_g"])) / np.nansum(data["p_data"] + data["p_g"])
    noise = float(panel.figures.text.split("noise ")[1].split()[0])
    assert mean == pytest.approx(noise, rel=0.25)
    plot = panel.maps.plots["gap"]
    picture, centre = plot.grab().toImage(), plot.area().center().toPoint()
    assert picture.pixelColor(centre).lightness() > 215


def test_the_best_score_of_other_objectives(shown: Callable[[str, str], Panel]) -> None:
    """Least squares (labels 0 and 1): f* = p / (p + q). Relativistic: f* = log(p / q) up to a constant."""
    for case in ("least squares", "relativistic"):
        seen = run_of(case).frame.measurements["optimal_d"]
        panel = shown("optimal_d", case)
        data = panel.export_data()
        p, q = seen["p"], seen["q"]
        both = (p > 1e-6) & (q > 0)
        np.testing.assert_array_equal(data["learned"], seen["output"])
        if case == "least squares":
            np.testing.assert_allclose(data["optimal"][both], (p / np.where(both, p + q, 1))[both])
        else:
            constant = data["optimal"][both] - np.log(p[both] / q[both])
            assert np.ptp(constant) < 1e-9 and "a constant of f not counted" in panel.figures.text
            weight = np.where(np.isfinite(data["optimal"]), p + q, 0.0)
            away = np.where(weight > 0, data["learned"] - data["optimal"], 0.0)
            assert np.average(away, weights=weight) == pytest.approx(0.0, abs=1e-9)
        assert "|f − f*|" in panel.figures.text and panel.maps.plots["best"].name == "best: f*"


def test_a_panel_opened_after_a_divergence_invites_to_nothing(qtbot: QtBot) -> None:
    from ganviz.ui.panels.catalogue import load

    trainer = Trainer(Experiment.preset("ring8").replace(g_learning_rate=100.0, g_optimizer="sgd"))
    trainer.step(2_000)
    run = trainer.run([])
    assert run.frame.status == "diverged"
    panel = load("bce")()
    qtbot.addWidget(panel)
    assert panel.plot.hint == "press Train or Space"
    panel.show_runs([run])
    assert panel.plot.hint == "the run stopped before this was measured"
    panel.show_runs([Trainer(run.experiment).run([])])
    assert panel.plot.hint == "press Train or Space"
