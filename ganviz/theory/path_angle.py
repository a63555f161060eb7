"""The path-angle (Berard et al. 2020, arXiv 1906.04848): the field of a game along the line through two of
its states.

Between the states w and w' lies w_alpha = alpha w' + (1 - alpha) w. Shown are the norm of the field
v(w_alpha), in whose direction both players move, and its cosine with w' - w: positive where the players move
on towards w', negative where they move back. (Berard et al. write the field with the opposite sign and
multiply it with w - w', which is the same number.)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

LEAST = 0.05
"""A cosine within this of 0, or a rise of it by less than twice that, counts as none."""
BEFORE, AFTER = (0.7, 0.98), (1.02, 1.1)
"""Where the field just before and just behind w' is looked at, in alpha."""


@dataclass(frozen=True)
class Reading:
    """What a path-angle tells of w': ``kind`` is "attraction", "rotation", "both", "repulsion", "passed",
    "onward", "backward", "across" or "" where too little is known. ``before``, ``after``: the mean cosines on
    both sides of w'; ``peak``: the largest cosine in size, with its sign, and ``at``, its alpha; ``turn``: of
    "passed" the alpha from which the field leads back."""

    kind: str
    before: float = np.nan
    after: float = np.nan
    peak: float = np.nan
    at: float = np.nan
    turn: float = np.nan


def read(alpha: Array, cosine: Array) -> Reading:
    """Attraction told from rotation, by rule.

    Attraction: the cosine is positive just before w' and negative just behind it. Rotation: a bump, which
    is a cosine that rises in size by more than 0.1 above both ends of the line, without that change of
    sign. Both: the change of sign, and a rise by more than 0.1 on the way to it. Repulsion: the opposite
    change of sign. Passed: the cosine was positive and is negative at w', so it changes sign on the way, as a
    linear rotation alone never does: attraction to a place that lies behind. Else the field points onward,
    backward, or across, and neither is told: w' is not near enough to where the path leads.
    """
    known = np.isfinite(cosine)
    alpha, cosine = alpha[known], cosine[known]
    near, behind = (cosine[(alpha >= low) & (alpha <= high)] for low, high in (BEFORE, AFTER))
    if not len(near) or not len(behind):
        return Reading("")
    before, after = float(near.mean()), float(behind.mean())
    top = int(np.argmax(np.abs(cosine)))
    peak, at = float(cosine[top]), float(alpha[top])
    ends = max(np.sign(peak) * float(cosine[0]), np.sign(peak) * float(cosine[-1]))
    rises_at_first = peak - float(cosine[0]) > 2 * LEAST and peak > 0.0
    if before > LEAST and after < -LEAST:
        kind = "both" if rises_at_first else "attraction"
    elif before < -LEAST and after > LEAST:
        kind = "repulsion"
    elif after < -LEAST and len(ahead := np.flatnonzero((cosine > LEAST) & (alpha <= BEFORE[1]))):
        last = int(ahead[-1])
        turn = float(alpha[last + np.argmax(cosine[last:] <= 0.0)])
        return Reading("passed", before, after, peak, at, turn)
    elif abs(peak) - ends > 2 * LEAST:
        kind = "rotation"
    elif max(abs(before), abs(after)) <= LEAST:
        kind = "across"
    else:
        kind = "onward" if before + after > 0.0 else "backward"
    return Reading(kind, before, after, peak, at)
