"""The verdict on a CycleGAN: every state from numbers, and the numbers from samples made by hand."""

import math
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest

from ganviz.experiment import Experiment, presets
from ganviz.experiment.pair import pair_of
from ganviz.frame import Frame, Measurement
from ganviz.record.history import History
from ganviz.record.run import Run
from ganviz.training.probes_cyclegan import MARGINAL_IMAGES, MARGINAL_SAMPLES, side
from ganviz.training.trainer import Trainer
from ganviz.training.verdict import judge
from ganviz.training.verdict_cyclegan import Numbers, assess, measure, spread, stranger

GOOD = Numbers(2000, (0.02, 0.03), (0.02, 0.03), (0.05, 0.06), (0.01, 0.02), (1.0, 0.9), (1.5, 1.5))


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, "pairs"),
        ({"g_count": 10}, "begins"),
        ({"width": (0.02, 1.0)}, "collapsed"),
        ({"off": (0.4, 0.0)}, "pairs_off"),
        ({"off": (0.06, 0.06), "apart": (0.1, 0.1)}, "pairs_off"),
        ({"off": (0.02, 0.02), "apart": (0.0, 0.0)}, "pairs"),
        ({"back": (0.02, 1.1)}, "arbitrary"),
        ({"back": (0.3, 0.1)}, "partly"),
        ({"back": (0.3, 0.1), "off": (0.8, 0.0)}, "partly_off"),
        ({"back": (0.8, 0.1), "off": (0.8, 0.0)}, "learning"),
    ],
)
def test_states(changes: dict[str, object], state: str) -> None:
    found, headline, text = assess(replace(GOOD, **changes))  # type: ignore[arg-type]
    assert found == state
    assert len(f"{headline}: {text}") <= 110 and text.endswith(".")


def test_numbers_of_maps_made_by_hand() -> None:
    """G turns by a quarter, F back but for a shift by 0.1: the error is 0.1 in the first coordinate."""
    x = np.random.default_rng(0).normal(size=(400, 2))
    y = x @ np.array([[0.0, 1.0], [-1.0, 0.0]])
    seen = {
        "x": x, "g_of_x": y, "f_of_g_of_x": x + np.array([0.1, 0.0]), "y": y, "f_of_y": x, "g_of_f_of_y": y,
    }  # fmt: skip
    far = {"w1_x": 0.3, "w1_y": 0.05, "w1_x_floor": 0.02, "w1_y_floor": 0.02}
    far |= {"w1_x_spread": 0.7, "w1_y_spread": 0.8, "w1_apart": 0.36}
    looks = {"samples": Measurement(9, 1, seen), "marginals": Measurement(9, 2, far)}
    frame = Frame(step=9, g_count=99, together=MappingProxyType(looks))
    numbers = measure(Run(Experiment(game="cyclegan"), frame, History.of("cyclegan")))
    assert numbers is not None
    assert numbers.cycle == pytest.approx((0.05, 0.0), abs=1e-9)
    assert numbers.back[0] == pytest.approx(0.05 / stranger(x))
    assert numbers.w1 == (0.3, 0.05) and numbers.off[0] == pytest.approx(0.28 / 0.7)
    assert numbers.apart == pytest.approx((0.34 / 0.7, 0.34 / 0.8))
    assert numbers.width == pytest.approx((1.0, 1.0), rel=1e-6)


def test_the_spread_is_what_the_best_constant_is_off_by() -> None:
    samples = np.random.default_rng(1).normal(2.0, 3.0, (100_000, 2))
    assert spread(samples) == pytest.approx(3.0 * math.sqrt(2 / math.pi), rel=0.01)


def test_an_arbitrary_pair_is_off_by_a_strangers_error() -> None:
    """x - x' of two Gaussians of spread 3 is one of spread 3 sqrt(2)."""
    samples = np.random.default_rng(1).normal(2.0, 3.0, (100_000, 2))
    assert stranger(samples) == pytest.approx(3.0 * 2.0 / math.sqrt(math.pi), rel=0.01)


PRESETS = [name for name in presets() if Experiment.preset(name).game == "cyclegan"]


@pytest.mark.parametrize("name", PRESETS)
def test_what_is_real_matches_and_what_was_left_as_it_is_does_not(name: str) -> None:
    """On the scale of the verdict: a map that makes real y has arrived, one that gives x back has not."""
    experiment = Experiment.preset(name)
    (x, y), seed = pair_of(experiment), experiment.seed
    apart, off = [], {"real": [], "unmoved": []}
    for target, other in ((x, y), (y, x)):
        known, count = side(target, seed), MARGINAL_IMAGES if target.image_shape else MARGINAL_SAMPLES
        for words, source in (("real", target), ("unmoved", other)):
            read = known.slices.distance(source.sample(np.random.default_rng(7), count))
            off[words].append((read - known.floor) / known.slices.spread)
        read = known.slices.distance(other.sample(np.random.default_rng(8), count))
        apart.append((read - known.floor) / known.slices.spread)
    both = replace(GOOD, apart=tuple(apart))
    assert replace(both, off=tuple(off["real"])).matches
    assert not replace(both, off=(off["unmoved"][0], 0.0)).matches
    assert not replace(both, off=(0.0, off["unmoved"][1])).matches


def test_a_real_run_is_judged() -> None:
    small = {"g_width": 16, "d_width": 16, "batch_size": 32, "measure_every": 10}
    trainer = Trainer(Experiment(game="cyclegan", data="moons", **small))  # type: ignore[arg-type]
    assert str(judge(trainer.run())).startswith("Ready: samples of X and Y")
    trainer.step(20)
    assert judge(trainer.run()).state == "begins"


def test_the_verdict_needs_no_panel_and_says_which_step_it_is_of() -> None:
    small = {"g_width": 16, "d_width": 16, "batch_size": 32, "measure_every": 10}
    trainer = Trainer(Experiment(game="cyclegan", data="moons", **small))  # type: ignore[arg-type]
    trainer.step(60)
    run = Run(trainer.experiment, trainer.observe(("marginals",)), trainer.history)
    assert judge(run).state not in {"waiting", "begins"}
    late = replace(run.frame, step=600)
    assert str(judge(replace(run, frame=late))).endswith(" (step 60).")
    assert "(step" not in str(judge(run))
