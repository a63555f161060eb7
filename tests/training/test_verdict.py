"""The verdict on real runs, and on numbers that losses alone would get wrong."""

import numpy as np
import pytest

from ganviz.experiment import Experiment
from ganviz.training.trainer import Trainer
from ganviz.training.verdict import Numbers, Verdict, _collapsed, _of_probabilities, _of_scores, judge


def verdict(**numbers: float) -> Verdict:
    made = Numbers(g_count=100, **numbers)  # type: ignore[arg-type]
    return _collapsed(made) or _of_probabilities(made, "minimax")


def test_saturation_is_called_by_its_name() -> None:
    trainer = Trainer(Experiment.preset("saturation"))
    assert judge(trainer.run()).state == "waiting"
    trainer.step(150)
    found = judge(trainer.run())
    assert found.state == "d_wins" and "½ at equilibrium" in found.text and "minimax generator" in found.text


def test_twenty_generator_updates_collapse() -> None:
    trainer = Trainer(Experiment.preset("collapse"))
    states = []
    for _ in range(10):
        trainer.step(25)
        states.append(judge(trainer.run()).state)
    assert states.count("collapsed") >= 5 and set(states) <= {"collapsed", "d_flat"}, states


def test_an_untrained_generator_has_not_collapsed() -> None:
    assert _collapsed(Numbers(g_count=5, fake_width=0.05, d_real=0.5, d_fake=0.5)) is None
    assert _collapsed(Numbers(g_count=500, fake_width=0.05, d_real=0.5, d_fake=0.5)) is not None
    assert _collapsed(Numbers(g_count=500, fake_width=0.05, d_real=1.0, d_fake=0.0)) is None, (
        "that is D winning"
    )


def test_flat_discriminator_with_losses_at_equilibrium_is_not_called_balanced() -> None:
    """L_D = log 4 to three digits, and yet the generator is plainly wrong."""
    found = verdict(d_real=0.501, d_fake=0.499, spread=0.002, jsd=0.5, fake_width=1.0)
    assert found.state == "d_flat"
    assert verdict(d_real=0.501, d_fake=0.499, spread=0.002, jsd=0.01, fake_width=1.0).state == "matched"
    assert verdict(d_real=0.55, d_fake=0.45, spread=0.2, jsd=0.3, fake_width=1.0).state == "balanced"
    assert "JSD is still 0.30" in verdict(d_real=0.55, d_fake=0.45, spread=0.2, jsd=0.3, fake_width=1.0).text


def test_two_of_eight_modes_are_a_collapse_however_good_the_samples() -> None:
    found = verdict(
        d_real=0.5, d_fake=0.5, spread=0.2, jsd=0.4, fake_width=0.9, modes=2, all_modes=8, high_quality=0.95
    )
    assert found.state == "collapsed" and "2 of 8" in found.text


def test_a_critic_is_never_spoken_of_as_a_probability() -> None:
    trainer = Trainer(Experiment.preset("saturation").replace(objective="wasserstein", head_start=0))
    trainer.step(5)
    found = judge(trainer.run())
    assert found.state == "critic" and "score" in found.text and "D(G(z))" not in found.text
    assert _of_scores(Numbers(g_count=1, score_gap=0.1, jsd=0.01), "hinge").state == "matched"


@pytest.mark.parametrize("name", ["ring8", "digits", "gauss1d", "moons"])
def test_the_sentence_is_short_and_has_no_gaps(name: str) -> None:
    trainer = Trainer(Experiment.preset(name))
    for _ in range(3):
        found = judge(trainer.run())
        assert len(str(found)) <= 120 and "nan" not in str(found).lower()
        trainer.step(10)


def test_divergence_comes_first() -> None:
    trainer = Trainer(Experiment(g_width=8, d_width=8, batch_size=8))
    with np.errstate(all="ignore"):
        trainer.diverged = "Stopped at step 5: generator weights are not finite."
    assert judge(trainer.run()).state == "diverged"
