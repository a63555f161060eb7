"""The verdict on real runs, and on numbers that losses alone would get wrong."""

from dataclasses import replace

import numpy as np
import pytest

from ganviz.experiment import Experiment
from ganviz.record.run import Run
from ganviz.training.observer import JUDGED
from ganviz.training.trainer import Trainer
from ganviz.training.verdict import Verdict, assess, judge
from ganviz.training.verdict_numbers import Numbers, measure


def verdict(objective: str = "minimax", **numbers: float) -> Verdict:
    return assess(Numbers(**{"g_count": 100, **numbers}), objective)  # type: ignore[arg-type]


def test_saturation_is_called_by_its_name() -> None:
    trainer = Trainer(Experiment.preset("saturation"))
    assert judge(trainer.run()).state == "waiting"
    trainer.step(150)
    found = judge(trainer.run())
    assert found.state == "d_wins" and "½ at equilibrium" in found.text and "minimax generator" in found.text


def test_twenty_generator_updates_collapse() -> None:
    states = []
    for seed in (0, 1):  # each run goes its own way: a last bit of one product makes another
        trainer = Trainer(Experiment.preset("collapse").replace(seed=seed))
        for _ in range(10):
            trainer.step(25)
            states.append(judge(trainer.run()).state)
    assert states.count("collapsed") >= 10 and "close" not in states, states


def test_a_generator_that_stands_still_has_not_collapsed() -> None:
    """SGD at a tiny rate: the fakes still lie in the small cloud in which they began."""
    still = {"g_optimizer": "sgd", "g_learning_rate": 1e-6, "d_learning_rate": 1e-6}
    trainer = Trainer(Experiment.preset("ring8").replace(**still))
    trainer.step(60)
    run = trainer.run()
    seen = run.frame.together["samples"]
    assert np.median(np.linalg.norm(seen["fake"] - seen["first_fake"], axis=1)) < 0.01
    assert measure(run).fake_width < 0.1
    assert judge(run).state == "g_still" and "60 updates" in judge(run).text and "2.5" in judge(run).text
    on_a_mode = verdict(moved=0.01, real_reach=6.0, modes=1, all_modes=25, high_quality=0.94, d_real=0.5)
    assert on_a_mode.state == "g_still"


def test_one_place_is_no_collapse_while_the_fakes_spread() -> None:
    means = {"d_real": 0.5, "d_fake": 0.5, "moved": 2.0, "real_reach": 2.4, "fake_width": 0.05}
    assert verdict(**means, first_width=0.02).state == "one_place"
    assert verdict(**means, first_width=0.05).state == "collapsed"
    assert verdict(**means, first_width=0.02, high_quality=0.9).state == "collapsed", "on a mode"
    assert verdict(**means | {"d_real": 1.0, "d_fake": 0.0}, first_width=0.5).state == "d_wins"
    assert verdict(**means, g_count=5, first_width=0.5).state == "balanced", "an untrained G is small too"


def test_flat_discriminator_with_losses_at_equilibrium_is_not_called_balanced() -> None:
    """L_D = log 4 to three digits, and yet the generator is plainly wrong."""
    flat = {"d_real": 0.501, "d_fake": 0.499, "spread": 0.002}
    assert "½ on reals and fakes alike (0.500 ± 0.002)" in verdict(**flat, jsd=0.5).text
    assert verdict(**flat, jsd=0.5).state == verdict(**flat).state == "d_flat"
    elsewhere = verdict(d_real=0.301, d_fake=0.299, spread=0.002, jsd=0.5)
    assert elsewhere.state == "d_flat" and "½" not in elsewhere.text
    found = verdict(d_real=0.55, d_fake=0.45, spread=0.2, jsd=0.3)
    assert found.state == "balanced" and "JSD is still 0.30" in found.text
    narrow = verdict(d_real=0.521, d_fake=0.475, spread=0.047, jsd=0.54)
    assert narrow.state == "balanced", "narrow, but it tells one from the other"


def test_equilibrium_needs_divergence_spread_and_gradient() -> None:
    there = {"d_real": 0.5, "d_fake": 0.5, "spread": 0.01, "jsd": 0.01, "g_push": 0.02}
    assert verdict(**there).state == "equilibrium"
    assert verdict(**there | {"g_push": 0.5}).state == "matched"
    assert verdict(**there | {"spread": 0.2}).state == "matched"
    assert verdict(**there | {"jsd": 0.05}).state == "close"
    assert verdict(**there | {"jsd": 0.3}).state == "d_flat"
    missing = verdict(**there, modes=24, all_modes=25, high_quality=0.9)
    assert missing.state == "close" and "24 of 25" in missing.text


def test_where_no_divergence_is_known_nothing_is_said_to_match() -> None:
    trainer = Trainer(Experiment.preset("digits").replace(g_width=16, d_width=16, batch_size=32))
    for _ in range(4):
        trainer.step(5)
        found = judge(trainer.run())
        assert found.state not in {"matched", "close", "equilibrium"} and "JSD" not in found.text
    for spread in (0.001, 0.03, 0.3):
        found = verdict(d_real=0.5, d_fake=0.5, spread=spread, g_push=0.0)
        assert found.state not in {"matched", "close", "equilibrium"}


def test_a_discriminator_that_prefers_fakes_is_fooled() -> None:
    found = verdict(d_real=0.42, d_fake=0.56, spread=0.2, jsd=0.69)
    assert found.state == "d_fooled" and "0.560 is above D(x) 0.420" in found.text
    assert verdict(d_real=0.1, d_fake=0.9, spread=0.4, jsd=0.69).state == "d_fooled", "it is not ahead"
    assert verdict("wasserstein", score_gap=-3.0, score_spread=2.0, jsd=0.69).state == "critic_fooled"


def test_fakes_far_outside_the_data_are_mentioned() -> None:
    trainer = Trainer(Experiment.preset("ring8").replace(objective="minimax", g_learning_rate=0.1))
    trainer.step(20)
    run = trainer.run()
    seen = run.frame.together["samples"]
    radius = np.median(np.hypot(*(seen["fake"] - seen["real"].mean(axis=0)).T))
    assert radius > 10 and judge(run).state == "flew_off"
    assert f"median radius {radius:,.0f}, data within 2.5" in judge(run).text
    found = verdict("wasserstein", fake_radius=4e7, real_reach=2.4, score_gap=1.0, score_spread=1.0)
    assert "median radius 4×10⁷, data within 2.4" in found.text


def test_every_number_is_of_one_look_or_says_its_step() -> None:
    trainer = Trainer(Experiment.preset("gauss1d").replace(g_width=16, d_width=16, batch_size=32))
    trainer.step(47)
    frame = trainer.observe(("samples",), everything=True)
    assert {key: found.step for key, found in frame.together.items()} == dict.fromkeys(JUDGED, 47)
    assert set(frame.measurements) == {"samples"}, "what is not looked at is not shown"
    trainer = Trainer(trainer.experiment)
    trainer.step(47)
    run = Run(trainer.experiment, trainer.observe(("samples",)), trainer.history)
    assert measure(run).divergence_step == 40 and "(step 40)" in str(judge(run))
    needs = (*JUDGED, "surface")
    for _ in range(5):
        trainer.step(3)
        looked = trainer.observe(needs).together
        assert len({found.step for found in looked.values()}) == 1


def test_two_of_eight_modes_are_a_collapse_however_good_the_samples() -> None:
    found = verdict(
        d_real=0.5, d_fake=0.5, spread=0.2, jsd=0.4, fake_width=0.9, modes=2, all_modes=8, high_quality=0.95
    )
    assert found.state == "collapsed" and "2 of 8" in found.text
    young = verdict(g_count=5, d_real=0.5, d_fake=0.5, spread=0.2, modes=2, all_modes=8, high_quality=0.95)
    assert young.state != "collapsed"


def test_a_critic_is_never_spoken_of_as_a_probability() -> None:
    trainer = Trainer(Experiment.preset("saturation").replace(objective="wasserstein", head_start=0))
    trainer.step(5)
    found = judge(trainer.run())
    assert found.state == "critic" and "score" in found.text and "D(G(z))" not in found.text


def test_it_is_ready_only_before_the_first_update() -> None:
    trainer = Trainer(Experiment.preset("ring8").replace(g_width=16, d_width=16, batch_size=32))
    assert judge(trainer.run()).state == "waiting"
    trainer.update("d")
    assert judge(trainer.run()).state != "waiting"


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


def test_a_critic_whose_scores_were_not_looked_at_is_judged_from_the_record() -> None:
    trainer = Trainer(Experiment.preset("saturation").replace(objective="wasserstein", head_start=0))

    def unseen() -> Run:
        run = trainer.run()
        return replace(run, frame=replace(run.frame, together={}))

    trainer.update("d")
    assert judge(unseen()).text.startswith("a score is no probability")
    trainer.step(5)
    run = unseen()
    last = run.history.steps.last
    gap = float(last("output_real")) - float(last("output_fake"))
    said = judge(run).text
    assert said.startswith("mean score of reals − fakes = ") and (said.split("= ")[1][0] == "−") == (gap < 0)


@pytest.mark.parametrize(("reach", "words"), [(np.inf, "∞"), (3e38, "3×10³⁸")])
def test_numbers_of_a_run_that_breaks_are_words(reach: float, words: str) -> None:
    assert verdict(fake_radius=reach, real_reach=2.0).text.startswith(f"median radius {words}, data within")
