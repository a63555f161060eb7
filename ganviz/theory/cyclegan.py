"""What is known in closed form of two maps between distributions on a line. NumPy only."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]


def gaussian_map(
    x: npt.ArrayLike, *, source: tuple[float, float], target: tuple[float, float], rising: bool
) -> FloatArray:
    """nu ± (s / sigma) (x - mu): of all straight lines the two that take N(mu, sigma^2) to N(nu, s^2).

    ``source`` is (mu, sigma), ``target`` (nu, s), sigma > 0. Both lines make the adversarial losses least,
    and so the cycle loss asks only that G and F take the same one: F after G is x where both rise or both
    fall, and 2 mu - x where they differ. ValueError where sigma is not above 0.
    """
    (mu, sigma), (nu, s) = source, target
    if not sigma > 0.0:
        raise ValueError(f"gaussian_map: sigma = {sigma:g}; accepted: above 0")
    slope = s / sigma if rising else -s / sigma
    return nu + slope * (np.asarray(x, dtype=np.float64) - mu)


def mirrored_cycle_error(sigma: float) -> float:
    """E |(2 mu - x) - x| = 2 sigma sqrt(2 / pi) of x ~ N(mu, sigma^2): the cycle error where one map rises
    and the other falls."""
    return 2.0 * sigma * float(np.sqrt(2.0 / np.pi))


def identity_error(y_mean: float, y_sigma: float, slope: float, offset: float) -> float:
    """E |slope y + offset - y| of y ~ N(y_mean, y_sigma^2): what the identity loss sees of a straight map.

    The mean of a folded normal distribution (Leone et al. 1961).
    """
    from math import erf, exp, pi, sqrt

    mean, sigma = (slope - 1.0) * y_mean + offset, abs(slope - 1.0) * y_sigma
    if sigma == 0.0:
        return abs(mean)
    ratio = mean / (sigma * sqrt(2.0))
    return sigma * sqrt(2.0 / pi) * exp(-ratio * ratio) + mean * erf(ratio)
