"""What smoothed labels move: the best discriminator, and what both players pay at the equilibrium.

With targets alpha for reals and beta for fakes in place of 1 and 0, D minimises at each x

    p (-alpha log D - (1 - alpha) log(1 - D)) + q (-beta log D - (1 - beta) log(1 - D)),

a cross-entropy of weight p + q, least at D* = (alpha p + beta q) / (p + q) (Salimans et al. 2016, section
3.4; Goodfellow 2016, section 4.2). Where p = q that is (alpha + beta) / 2: with one-sided smoothing D cannot
tell reals from fakes where it says alpha / 2, not 1/2. The losses that are recorded stay the objective's
own, with labels 1 and 0; what they are at the equilibrium follows from that D.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import numpy.typing as npt

from ganviz.theory.objective import Array, Objective, Optimum, log_ratio, logit


def best_output(real_target: float, fake_target: float) -> Optimum:
    """The logit of D* = (alpha p + beta q) / (p + q), for 0 <= beta < alpha <= 1; NaN without mass."""

    def output(p: npt.ArrayLike, q: npt.ArrayLike) -> Array:
        data, fakes = np.asarray(p, np.float64), np.asarray(q, np.float64)
        as_real = real_target * data + fake_target * fakes
        as_fake = (1.0 - real_target) * data + (1.0 - fake_target) * fakes
        return log_ratio(as_real, as_fake)

    return output


@cache
def smoothed(objective: Objective, real_target: float, fake_target: float) -> Objective:
    """The logit ``objective`` for a D that learns from smoothed labels, 0 <= beta < alpha <= 1: its costs
    stay, its best output and the levels at the equilibrium are those of the targets. The same row whenever
    it is asked for; ``objective`` itself where the targets are 1 and 0.
    """
    if (real_target, fake_target) == (1.0, 0.0):
        return objective
    at = logit((real_target + fake_target) / 2.0)
    return replace(
        objective,
        equilibrium_output=float(at),
        d_equilibrium=float(objective.real_cost(at) + objective.fake_cost(at)),
        g_equilibrium=float(objective.generator_cost(at)),
        optimal_output=best_output(real_target, fake_target),
    )
