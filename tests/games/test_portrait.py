"""The games of two numbers: exact steps, one update of one player, and lines that leave the numbers."""

import math

import numpy as np
import pytest

from ganviz.experiment import PORTRAIT_GAMES, Experiment
from ganviz.games.portrait import FAR, Portrait, advance, first_point, moved_alone
from ganviz.theory.dirac import field, simulate
from ganviz.theory.dirac_methods import METHODS, methods_of

DIRAC = Experiment(game="dirac")


def sigmoid(value: float) -> float:
    return 1.0 / (1.0 + math.exp(-value))


def test_the_gan_moves_as_the_paper_says() -> None:
    """Against the formulas of Mescheder et al. 2018, written out: G descends f(ψθ), D ascends it."""
    theta, psi, h = 1.0, 1.0, 0.2
    push = sigmoid(-theta * psi)
    np.testing.assert_allclose(
        advance("minimax", DIRAC.model_dump(), (theta, psi), 1),
        [[theta - h * psi * push, psi + h * theta * push]],
    )
    moved = theta - h * psi * push
    np.testing.assert_allclose(
        advance("minimax/alternating", DIRAC.model_dump(), (theta, psi), 1),
        [[moved, psi + h * moved * sigmoid(-moved * psi)]],
    )


@pytest.mark.parametrize("game", PORTRAIT_GAMES)
def test_every_line_is_the_simulated_one_to_the_last_bit_in_calls_of_any_length(game: str) -> None:
    orders = ("", "/alternating", "/extragradient")
    lines = tuple(method + order for method in methods_of(game) for order in orders)
    chosen = Experiment(game=game, methods=lines, g_updates=2, spread=0.5, step_size=0.1)
    whole, parts = Portrait(chosen), Portrait(chosen)
    at_once = whole.play(60)
    in_parts = np.concatenate([parts.play(steps) for steps in (1, 7, 52)])
    np.testing.assert_array_equal(at_once, in_parts)
    for index, line in enumerate(lines):
        method, _, order = line.partition("/")
        given = {"gamma": 0.3, "sigma": 0.7, "clip": 1.0, "weight": 0.7, "target": 1.0}
        own = {name: given[name] for name in METHODS[method].parameters} | (
            {"gamma": 1.0} if method == "consensus" else {}
        )
        own |= {"spread": 0.5} if game == "gaussians" else {}
        path = simulate(
            method, step_size=0.1, steps=60, order=order or "simultaneous", g_updates=2, game=game, **own
        )
        np.testing.assert_array_equal(at_once[:, index], path[1:])


@pytest.mark.parametrize("line", ["minimax", "r1/alternating", "consensus/extragradient"])
def test_one_players_update_moves_its_own_number_by_the_lines_field(line: str) -> None:
    settings, at = DIRAC.model_dump(), (0.7, -0.4)
    first, second = field(line.partition("/")[0], *at)
    np.testing.assert_allclose(moved_alone(line, "g", settings, at), [at[0] + 0.2 * first, at[1]], rtol=1e-15)
    np.testing.assert_allclose(
        moved_alone(line, "d", settings, at), [at[0], at[1] + 0.2 * second], rtol=1e-15
    )


def test_an_update_of_g_and_one_of_d_are_an_alternating_step() -> None:
    game = Portrait(DIRAC.replace(methods=("minimax/alternating",)))
    other = Portrait(game.experiment)
    game.update("g")
    game.update("d")
    other.step()
    np.testing.assert_array_equal(game.points["minimax/alternating"], other.points["minimax/alternating"])
    assert game.counts == other.counts == {"d": 1, "g": 1}


def test_a_line_that_leaves_the_numbers_ends_and_the_others_go_on() -> None:
    game = Portrait(DIRAC.replace(step_size=2.0, methods=("wasserstein", "minimax")))
    seen = game.play(1000)
    lost = int(np.argmax(np.isnan(seen[:, 0, 0])))
    # |λ| = sqrt(1 + h²) each step: the last radius below FAR, by the closed form of the bilinear game
    assert lost == pytest.approx(math.log(FAR / math.sqrt(2.0)) / math.log(math.sqrt(5.0)), abs=2)
    assert np.isnan(seen[lost:, 0]).all() and np.isfinite(seen[:, 1]).all()
    assert (np.abs(seen[:lost, 0]) <= FAR).all()
    assert np.isnan(game.points["wasserstein"]).all()
    game.update("d")
    assert np.isnan(game.play(3)[:, 0]).all()


def test_a_clipped_line_begins_within_its_clip() -> None:
    settings = DIRAC.replace(start_psi=3.0).model_dump()
    assert list(first_point("wasserstein_clip", settings)) == [1.0, 1.0]
    assert list(first_point("wasserstein", settings)) == [1.0, 3.0]


def test_a_state_goes_out_and_in_without_losing_a_bit() -> None:
    game, back = Portrait(DIRAC), Portrait(DIRAC)
    game.play(33)
    back.load(game.state())
    np.testing.assert_array_equal(game.play(10), back.play(10))
    assert back.counts == {"d": 43, "g": 43}
    with pytest.raises(KeyError):
        back.load({})
