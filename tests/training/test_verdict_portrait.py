"""What is said of each line of a game of two numbers, against what is known of these games."""

import numpy as np
import pytest

from ganviz.experiment import Experiment
from ganviz.theory.dirac_methods import METHODS
from ganviz.training.trainer import Trainer
from ganviz.training.verdict import judge
from ganviz.training.verdict_portrait import LineVerdict, judge_lines

DIRAC = Experiment.preset("dirac")
ORDERS = ("", "/alternating", "/extragradient")


def played(steps: int = 500, **settings: object) -> dict[str, LineVerdict]:
    trainer = Trainer(DIRAC.replace(**settings))
    trainer.step(steps)
    return {found.line: found for found in judge_lines(trainer.run())}


KNOWN = {
    "minimax": "outward", "wasserstein": "outward", "minimax/alternating": "circles",
    "wasserstein/alternating": "circles", "wasserstein_clip": "cycle", "wgan_gp": "cycle",
    "wgan_gp/alternating": "cycle", "r1": "inward", "r2/alternating": "inward", "instance_noise": "inward",
    "consensus": "rest", "wasserstein/extragradient": "inward", "non_saturating_r1": "inward",
}  # fmt: skip
"""Mescheder et al. 2018, section 3, for h = 0.2 and 500 steps from (1, 1)."""


def test_every_method_is_called_by_what_it_does() -> None:
    found = played(methods=tuple(KNOWN))
    assert {line: verdict.state for line, verdict in found.items()} == KNOWN


def test_the_sentence_has_the_measured_radius_and_the_exact_modulus() -> None:
    found = played(methods=("minimax", "r1", "wgan_gp"))
    assert found["minimax"].sentence == "spirals outward, radius 1.41 → 3.10"
    assert found["minimax"].modulus_words == "|λ| = 1.00499 a step"
    assert found["r1"].sentence == "spirals inward, radius 1.41 → 2.6×10⁻⁶"
    assert found["r1"].moduli == pytest.approx((0.974679, 0.974679), abs=1e-6)
    assert found["wgan_gp"].modulus_words == "no |λ|: no derivative at 0"


@pytest.mark.parametrize("h", [0.02, 0.05])
def test_a_small_step_is_no_limit_cycle(h: float) -> None:
    """Its radius hardly changes in a turn, and that is what the eigenvalues foretell."""
    found = played(3000, methods=("minimax", "minimax/extragradient", "minimax/alternating"), step_size=h)
    assert [verdict.state for verdict in found.values()] == ["outward", "inward", "circles"]


@pytest.mark.parametrize(("start", "steps"), [(1.0, 5), (1.0, 60), (2.0, 60), (1.0, 40_000), (3.0, 5_000)])
def test_less_than_two_turns_are_a_spiral_too(start: float, steps: int) -> None:
    """Every simultaneous step is at right angles to the way from (0, 0): the radius grows by the factor
    sqrt(1 + h^2 f'^2) while the line turns. Far out f' is small, and a turn takes tens of thousands of
    steps."""
    lines = ("minimax", "minimax/alternating", "minimax/extragradient")
    outward, around, inward = played(steps, methods=lines, start_theta=start, start_psi=start).values()
    assert (outward.state, outward.sentence.split(",")[0]) == ("outward", "spirals outward")
    assert around.state in ("turns", "circles")
    assert inward.state in ("inward", "rest")


def test_an_orbit_of_less_than_two_turns_is_compared_after_a_whole_one() -> None:
    """From (2, 2) alternating steps go round on an orbit whose radius lies between 2.82 and 3.02."""
    found = {steps: played(steps, methods=("minimax/alternating",), start_theta=2.0, start_psi=2.0)
             for steps in (250, 500)}  # fmt: skip
    assert [verdicts["minimax/alternating"].state for verdicts in found.values()] == ["turns", "circles"]


@pytest.mark.parametrize("start", [4.0, 6.0, 9.0])
def test_where_the_field_is_as_good_as_nothing_a_line_hardly_moves(start: float) -> None:
    """f'(36) = 2e-16: the discriminator is so sure that nobody learns, which is no spiral."""
    trainer = Trainer(DIRAC.replace(methods=("minimax", "r1"), start_theta=start, start_psi=start))
    trainer.step(500)
    still, inward = judge_lines(trainer.run())
    assert still.state == "still" and inward.state in ("inward", "towards")
    assert str(judge(trainer.run())).startswith("GAN hardly moves: at radius ")


def test_to_and_fro_is_a_cycle() -> None:
    """LSGAN from (3, 3) of two Gaussians jumps between two opposite points."""
    found = played(60, game="gaussians", methods=("least_squares",), start_theta=3.0, start_psi=3.0)
    assert found["least_squares"].state == "cycle"


def test_no_rotation_is_no_spiral() -> None:
    found = played(40, methods=("r1",), gamma=2.0)["r1"]
    assert found.state == "towards" and found.sentence.startswith("moves inward, radius 1.41 → ")


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("steps", [1, 3, 60])
def test_something_is_said_of_every_line_at_any_step(method: str, steps: int) -> None:
    for found in played(steps, methods=tuple(method + order for order in ORDERS)).values():
        assert found.sentence and found.radius >= 0.0 and found.since == 0


def test_a_line_is_judged_since_the_last_change() -> None:
    trainer = Trainer(DIRAC.replace(methods=("r1",), gamma=0.0))
    trainer.step(500)
    assert judge_lines(trainer.run())[0].state == "outward"
    trainer.apply(trainer.experiment.replace(gamma=0.3))
    trainer.step(200)
    (found,) = judge_lines(trainer.run())
    assert (found.state, found.since) == ("inward", 500) and found.radius_before == pytest.approx(
        3.09695, abs=1e-5
    )


def test_what_does_not_act_on_a_line_does_not_begin_its_judgement_anew() -> None:
    trainer = Trainer(DIRAC)
    trainer.step(100)
    trainer.apply(trainer.experiment.replace(gamma=1.0, g_updates=2))
    trainer.step(100)
    since = {found.line: found.since for found in judge_lines(trainer.run())}
    assert since == {"minimax": 0, "minimax/alternating": 100, "r1": 100, "non_saturating": 0}


def test_the_runs_verdict_is_the_first_line_and_a_count_of_the_others() -> None:
    trainer = Trainer(DIRAC)
    assert str(judge(trainer.run())) == "Ready: every line at its start. Press Train or Space."
    trainer.step(500)
    assert str(judge(trainer.run())) == (
        "GAN spirals outward: radius 1.41 → 3.10, |λ| = 1.00499 a step. "
        "Others: 1 circling, 1 inward, 1 on a cycle."
    )
    trainer.apply(trainer.experiment.replace(methods=("r1/alternating",)))
    assert judge(trainer.run()).headline == "GAN with R1, alternating spirals inward"
    assert np.isfinite(judge_lines(trainer.run())[0].radius)
