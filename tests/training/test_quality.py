"""The judge of images, held against samples whose quality is known without it."""

import numpy as np
import pytest

from ganviz.data import make_source
from ganviz.experiment import Experiment
from ganviz.training import probes_quality
from ganviz.training.quality import can_judge, fakes_needed, judge_of
from ganviz.training.trainer import Trainer

NOTHING = {"modes": 8, "side": 5, "radius": 2.0, "sigma": 0.1}


@pytest.fixture(scope="module")
def digits():
    return make_source("digits", **NOTHING)


@pytest.fixture(scope="module")
def judge(digits):
    return judge_of(digits)


def test_the_judge_knows_digits_that_it_has_not_seen(judge) -> None:
    assert judge.accuracy > 0.95
    assert judge.recognised > 0.9
    assert judge.class_names == tuple("0123456789")


def test_reals_are_recognised_even_near_and_their_own_copies(judge, digits) -> None:
    found = judge.quality(digits.rows(np.arange(fakes_needed(digits))))
    counted = np.bincount(digits.labels[: fakes_needed(digits)], minlength=10) / fakes_needed(digits)
    assert found.recognised > 0.95
    assert found.shares == pytest.approx(counted, abs=0.01)
    assert found.frechet < 2.0 * judge.frechet
    assert found.near_copies == 1.0


def test_pixels_that_do_not_belong_together_are_far_away_and_no_copies(judge, digits) -> None:
    random = np.random.default_rng(0)
    shuffled = np.stack([random.permutation(column) for column in digits.rows(np.arange(898)).T], axis=1)
    found = judge.quality(shuffled)
    assert found.recognised < 0.7
    assert found.frechet > 10.0 * judge.frechet
    assert found.near_copies == 0.0


def test_one_digit_over_and_over_is_one_class(judge, digits) -> None:
    of_seven = np.flatnonzero(digits.labels == 7)[:50]
    found = judge.quality(digits.rows(np.tile(of_seven, 18)))
    assert found.shares[7] > 0.95
    assert found.shares.min() == 0.0
    assert found.frechet > 10.0 * judge.frechet


def test_the_same_reals_make_the_same_judge(judge) -> None:
    again = judge_of(make_source("digits", **NOTHING))
    assert again is not judge
    assert (again.accuracy, again.frechet, again.near) == (judge.accuracy, judge.frechet, judge.near)


def test_without_labels_there_is_no_judge() -> None:
    ring = make_source("ring", **NOTHING)
    assert not can_judge(ring)
    with pytest.raises(ValueError, match="accepted"):
        judge_of(ring)
    trainer = Trainer(Experiment())
    assert trainer.run(["quality"]).frame.get("quality") is None


def test_a_look_at_a_running_game_is_the_judges_verdict_and_changes_no_bit(judge) -> None:
    experiment = Experiment(data="digits", latent_dim=8, g_width=16, d_width=16, batch_size=32)
    seen, alone = Trainer(experiment), Trainer(experiment)
    for trainer in (seen, alone):
        trainer.step(5)
    values = seen.run(["quality"]).frame.get("quality").values
    found = judge.quality(probes_quality.fakes_for(seen.game, 5))
    assert values["ready"]
    assert values["at_step"] == 5
    assert (values["recognised"], values["frechet"]) == (found.recognised, found.frechet)
    assert values["frechet_real"] == judge.frechet
    for trainer in (seen, alone):
        trainer.step(5)
    assert all((seen.state()[key] == alone.state()[key]).all() for key in alone.state() if key != "seconds")
