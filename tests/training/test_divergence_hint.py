"""What made a run diverge: the cause named is the setting that is out of the ordinary."""

import numpy as np
import pytest

from ganviz.experiment import Experiment
from ganviz.training.divergence_hint import likely_cause
from ganviz.training.gan_rows import METRICS, broken_words
from ganviz.training.trainer import Trainer

ORDINARY = Experiment(g_width=8, d_width=8, batch_size=8)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"g_learning_rate": 100.0}, "G's is 100"),
        ({"g_learning_rate": 100.0, "d_learning_rate": 0.5}, "G's is 100, D's is 0.5"),
        ({"r1": 500.0}, "R1 is 500"),
        ({"objective": "f_pearson"}, "Nothing bounds this D"),
    ],
)
def test_the_setting_out_of_the_ordinary_is_named(changes: dict[str, object], words: str) -> None:
    assert likely_cause(ORDINARY) == ""
    assert words in likely_cause(ORDINARY.replace(**changes))


def test_a_bounded_critic_is_no_cause() -> None:
    assert likely_cause(ORDINARY.replace(objective="f_pearson", r1=1.0)) == ""
    assert likely_cause(ORDINARY.replace(objective="wasserstein")) == "", "its weights are clipped"


def test_a_divergence_is_told_in_the_words_of_the_field() -> None:
    wild = {"d_optimizer": "sgd", "g_optimizer": "sgd", "d_learning_rate": 100.0}
    trainer = Trainer(ORDINARY.replace(objective="least_squares", data="grid", **wild))
    trainer.step(200)
    assert trainer.diverged.startswith("Stopped at step")
    assert trainer.diverged.endswith("Try a smaller learning rate: D's is 100.")
    assert not any(name in trainer.diverged for name in METRICS)


def test_losses_come_before_outputs() -> None:
    row = np.zeros(len(METRICS))
    row[METRICS.index("output_fake")] = np.inf
    assert broken_words(row) == "D's outputs"
    row[METRICS.index("g_loss")] = np.nan
    assert broken_words(row) == "L_G"
    row[METRICS.index("d_loss")] = np.nan
    assert broken_words(row) == "L_D and L_G"
