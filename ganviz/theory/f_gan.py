"""The f-GAN family as objectives: each divergence D_f(p || q) of ``theory/f_divergences.py`` as a game.

D ascends E_p T - E_q f*(T), a lower bound of D_f, where T = g(v) is its output v through the activation that
keeps T in the domain of f* (Nowozin et al. 2016, Eq. 4 to 6). So D pays real_cost = -g(v) and fake_cost =
f*(g(v)); G, in the saddle point game of Eq. 6, pays -f*(g(v)). With the optimal D, L_D = -D_f(p || q). On
screen v is the score f, except in the two rows where it is the logit of a probability.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from ganviz.theory.f_divergences import F_DIVERGENCES
from ganviz.theory.objective import Array, Cost, Objective, log_ratio, sigmoid


def _game(
    id: str,
    short: str,
    *,
    d_equation: str,
    g_equation: str,
    sentence: str,
    real_slope: Cost,
    fake_slope: Cost,
    output: Literal["logit", "score"] = "score",
) -> Objective:
    """The game of one divergence: its costs from the table of divergences, slopes and words given here."""
    row = F_DIVERGENCES[id]
    at = row.optimal_output(np.zeros(1))

    def real_cost(v: Array) -> Array:
        return -row.activation(v)

    return Objective(
        id=f"f_{id}",
        name=f"f-GAN: {row.name}",
        short=short,
        output=output,
        d_equation=d_equation,
        g_equation=g_equation,
        sentence=sentence,
        source="Nowozin et al. 2016, Tables 1, 2 and 6",
        real_cost=real_cost,
        real_slope=real_slope,
        fake_cost=row.fake_cost,
        fake_slope=fake_slope,
        generator_cost=lambda v: -row.fake_cost(v),
        generator_slope=lambda v: -fake_slope(v),
        equilibrium_output=float(at[0]),
        d_equilibrium=float((real_cost(at) + row.fake_cost(at))[0]),
        g_equilibrium=float(-row.fake_cost(at)[0]),
        optimal_output=lambda p, q: row.optimal_output(log_ratio(p, q)),
        more=True,
    )


F_GAN = (
    _game(
        "kl",
        "f-KL",
        d_equation=r"-\mathbb{E}f(x) + \mathbb{E}e^{f(G(z))-1}",
        g_equation=r"-e^{f-1}",
        sentence="D estimates KL(p_data‖p_g): a missed mode costs much, a bad sample little.",
        real_slope=lambda v: -np.ones_like(v),
        fake_slope=lambda v: np.exp(v - 1.0),
    ),
    _game(
        "reverse_kl",
        "f-RKL",
        d_equation=r"\mathbb{E}e^{-f(x)} + \mathbb{E}f(G(z)) - 1",
        g_equation=r"1-f",
        sentence="D estimates KL(p_g‖p_data): a bad sample costs much, a missed mode little.",
        real_slope=lambda v: -np.exp(-v),
        fake_slope=np.ones_like,
    ),
    _game(
        "pearson",
        "f-χ²",
        d_equation=r"-\mathbb{E}f(x) + \mathbb{E}(\frac{1}{4}f^2 + f)(G(z))",
        g_equation=r"-\frac{1}{4}f^2 - f",
        sentence="D estimates Pearson's χ²: it grows without bound where p_data is large and p_g small.",
        real_slope=lambda v: -np.ones_like(v),
        fake_slope=lambda v: 0.5 * v + 1.0,
    ),
    _game(
        "squared_hellinger",
        "f-H²",
        d_equation=r"\mathbb{E}(e^{-f(x)}-1) + \mathbb{E}(e^{f(G(z))}-1)",
        g_equation=r"1-e^{f}",
        sentence="D estimates the squared Hellinger distance: between 0 and 2, and the same both ways.",
        real_slope=lambda v: -np.exp(-v),
        fake_slope=np.exp,
    ),
    _game(
        "jensen_shannon",
        "f-JS",
        output="logit",
        d_equation=r"-\mathbb{E}\log D(x) - \mathbb{E}\log(1-D(G(z))) - \log 4",
        g_equation=r"\log(1-D) + \log 2",
        sentence="The minimax game moved by log 4: D estimates 2 JSD; the slopes are those of minimax.",
        real_slope=lambda v: -sigmoid(-v),
        fake_slope=sigmoid,
    ),
    _game(
        "gan",
        "f-GAN",
        output="logit",
        d_equation=r"-\mathbb{E}\log D(x) - \mathbb{E}\log(1-D(G(z)))",
        g_equation=r"\log(1-D)",
        sentence="The original game, minimax, as one of the family; its divergence is 2 JSD − log 4.",
        real_slope=lambda v: -sigmoid(-v),
        fake_slope=sigmoid,
    ),
)
