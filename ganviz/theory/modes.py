"""Mode metrics for equally weighted Gaussian mixtures, as in VEEGAN and PacGAN.

Sources: Srivastava et al. 2017 (arXiv 1705.07761); Lin et al. 2018 (arXiv 1712.04086).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

HIGH_QUALITY_RADIUS = 3.0
"""A sample is of high quality within this many standard deviations of the nearest mean."""

HIGH_QUALITY_CEILING_1D = math.erf(HIGH_QUALITY_RADIUS / math.sqrt(2.0))
"""Expected high-quality share of a perfect 1-D sampler, P(|z| < 3) = 0.9973."""

HIGH_QUALITY_CEILING_2D = 1.0 - math.exp(-(HIGH_QUALITY_RADIUS**2) / 2.0)
"""The same in 2-D, 1 - exp(-9/2) = 0.98889. A share above its ceiling means that the modes are too narrow."""


@dataclass(frozen=True)
class ModeMetrics:
    """What `mode_metrics` found.

    `modes` captured (0..K); `high_quality` share of all samples (0..1, NaN without samples); `reverse_kl`
    in nats (0..log K, NaN without high-quality samples); `counts` (K,) of the high-quality samples by
    nearest mean.
    """

    modes: int
    high_quality: float
    reverse_kl: float
    counts: npt.NDArray[np.int64]


def mode_metrics(samples: npt.ArrayLike, means: npt.ArrayLike, sigma: float) -> ModeMetrics:
    """Count captured modes, high-quality samples and the reverse KL of the mode shares to uniform.

    `samples` (n, dim); `means` (K, dim); `sigma` > 0, in the units of the samples. A sample is of high
    quality if its Euclidean distance to the nearest mean is below 3 sigma; a mode is captured if it is
    nearest to at least one such sample; reverse KL = log K - H(shares of the high-quality samples), natural
    log. A sample that is not finite is never of high quality. Raises ValueError where the shapes do not fit
    or sigma is not positive.
    """
    points = np.asarray(samples, dtype=np.float64)
    centres = np.asarray(means, dtype=np.float64)
    if points.ndim != 2 or centres.ndim != 2 or points.shape[1] != centres.shape[1] or len(centres) == 0:
        shapes = f"samples {points.shape}, means {centres.shape}"
        raise ValueError(f"mode metrics: {shapes}; accepted: (n, dim), (K, dim)")
    if not sigma > 0.0:
        raise ValueError(f"mode metrics: sigma = {sigma}; accepted: a number above 0")
    finite = points[np.isfinite(points).all(axis=1)]
    squared = np.zeros((len(finite), len(centres)))
    for along, of_centres in zip(finite.T, centres.T, strict=True):  # an (n, K, dim) array is 7 times slower
        squared += (along[:, None] - of_centres) ** 2
    near = squared.min(axis=1) < (HIGH_QUALITY_RADIUS * sigma) ** 2
    counts = np.bincount(squared.argmin(axis=1)[near], minlength=len(centres)).astype(np.int64)
    return ModeMetrics(
        modes=int(np.count_nonzero(counts)),
        high_quality=int(near.sum()) / len(points) if len(points) else math.nan,
        reverse_kl=_reverse_kl(counts),
        counts=counts,
    )


def _reverse_kl(counts: npt.NDArray[np.int64]) -> float:
    """KL(shares || uniform) = log K - H(shares); an empty mode adds nothing to H."""
    total = int(counts.sum())
    if total == 0:
        return math.nan
    shares: FloatArray = counts[counts > 0] / total
    return float(math.log(len(counts)) + np.sum(shares * np.log(shares)))
