"""What the sum L_D + L_G of an objective can be, and why it is not the value V of the game.

V(D, G) of Goodfellow et al. 2014, Eq. 1, is one number that D raises and G lowers. L_D + L_G adds what two
players pay; which values it can take follows from the costs alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ganviz.theory.objective import Array, Objective

FAR = 700.0
"""Outputs are scanned from -FAR to FAR: beyond it e^output leaves float64."""
UNBOUNDED = 50.0
"""A cost that passes this size within the scan has no bound on that side."""
Bounds = tuple[float, float]


@dataclass(frozen=True)
class Ranges:
    """Least and greatest value of L_D, of L_G and of their sum; infinite where there is none."""

    d_loss: Bounds
    g_loss: Bounds
    total: Bounds


def ranges(objective: Objective) -> Ranges:
    """The ranges for outputs of any size, from a scan of the costs; each real and each fake may have any.

    Bounds of a relativistic average are those of its parts, which need not be reached together.
    """
    near = np.linspace(-40.0, 40.0, 8_001)
    outputs = np.concatenate([[-FAR], near, [FAR]])
    with np.errstate(over="ignore", invalid="ignore"):
        real, fake = objective.real_cost(outputs), objective.fake_cost(outputs)
        pays = objective.generator_cost(outputs)
        g_loss = _bounds(pays)
        if objective.relative_to == "partner":  # the real's difference is minus that of its fake
            d_sum = real + objective.fake_cost(-outputs)
            return Ranges(_bounds(d_sum), g_loss, _bounds(d_sum + objective.generator_cost(-outputs)))
        d_loss = _add(_bounds(real), _bounds(fake))
        if objective.relative_to:
            return Ranges(d_loss, g_loss, _add(d_loss, g_loss))
        return Ranges(d_loss, g_loss, _add(_bounds(real), _bounds(fake + pays)))


def cancels(objective: Objective) -> bool:
    """Whether G pays exactly minus what D pays for the same fake, so that the sum keeps D's reals alone."""
    outputs = np.linspace(-20.0, 20.0, 401)
    both = objective.fake_cost(outputs) + objective.generator_cost(outputs)
    return not objective.relative_to and bool(np.all(np.abs(both - both[0]) < 1e-9))


def _bounds(costs: Array) -> Bounds:
    low, high = float(np.nanmin(costs)), float(np.nanmax(costs))
    return (
        -np.inf if low < -UNBOUNDED else round(low, 6) + 0.0,
        np.inf if high > UNBOUNDED else round(high, 6) + 0.0,
    )


def _add(first: Bounds, second: Bounds) -> Bounds:
    return first[0] + second[0], first[1] + second[1]
