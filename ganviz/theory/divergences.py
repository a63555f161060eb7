"""Divergences of two distributions: closed forms of the papers, and estimates from samples on a fixed grid.

Natural logarithm throughout; the Jensen-Shannon divergence (JSD) is in nats, at most log 2. p is the data
distribution, q (p_g in the paper) the generated one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from ganviz.theory.objective import LOG_2, LOG_4

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

# ---------------------------------------------------------------- closed forms


def optimal_discriminator(p: npt.ArrayLike, q: npt.ArrayLike) -> FloatArray:
    """D*(x) = p / (p + q) of two densities; NaN where neither has mass (Goodfellow 2014, Proposition 1)."""
    data = np.asarray(p, dtype=np.float64)
    total = data + np.asarray(q, dtype=np.float64)
    return np.divide(data, total, out=np.full(total.shape, np.nan), where=total > 0.0)


def optimal_discriminator_gaussians(x: npt.ArrayLike, mu: float) -> FloatArray:
    """D*(x) = sigmoid(mu^2 / 2 - mu x) for p = N(0, 1), q = N(mu, 1): a linear logit is enough."""
    logit = mu**2 / 2.0 - mu * np.asarray(x, dtype=np.float64)
    return 0.5 * (1.0 + np.tanh(logit / 2.0))  # this form of the sigmoid cannot overflow


def value_at_optimal_discriminator(jsd: float) -> float:
    """max_D V(D, G) = -log 4 + 2 JSD(p || q), -log 4 (p = q) to 0 (disjoint); Goodfellow 2014, Thm. 1."""
    return -LOG_4 + 2.0 * jsd


def jensen_shannon(p: npt.ArrayLike, q: npt.ArrayLike) -> float:
    """JSD in nats of two discrete distributions of equal shape, each summing to 1; nothing is corrected."""
    return float(_jsd_terms(np.asarray(p, dtype=np.float64), np.asarray(q, dtype=np.float64)).sum())


def jsd_gaussians(mu: float) -> float:
    """JSD of N(0, 1) and N(mu, 1) by the trapezoidal rule over all but the tails beyond 12 sigma.

    There is no closed form; on an integrand this smooth the rule converges faster than any power of the step.
    """
    _, p, q, step = shifted_gaussians(mu, min(0.0, mu) - 12.0, max(0.0, mu) + 12.0)
    return float(_jsd_terms(p, q).sum() * step)


def shifted_gaussians(mu: float, low: float, high: float) -> tuple[FloatArray, FloatArray, FloatArray, float]:
    """An even grid (n,) from ``low`` to ``high`` with 16 steps a standard deviation, the densities of N(0, 1)
    and of N(mu, 1) on it, and its step."""
    x, step = np.linspace(low, high, math.ceil((high - low) * 16) + 1, retstep=True)
    p = np.exp(-(x**2) / 2.0) / math.sqrt(2.0 * math.pi)
    q = np.exp(-((x - mu) ** 2) / 2.0) / math.sqrt(2.0 * math.pi)
    return x, p, q, float(step)


def total_variation_gaussians(mu: float) -> float:
    """Total variation of N(0, 1) and N(mu, 1): 2 Phi(|mu| / 2) - 1, in 0..1."""
    return math.erf(abs(mu) / (2.0 * math.sqrt(2.0)))


def jsd_uniform_shift(s: float) -> float:
    """JSD of U[0, 1] and U[s, 1 + s]: min(|s|, 1) log 2, linear in s until the two are apart."""
    return min(abs(s), 1.0) * LOG_2


def jsd_parallel_lines(theta: float) -> float:
    """JSD of (0, Z) and (theta, Z), Z ~ U[0, 1]: log 2 for every theta but 0 (WGAN 2017, Example 1)."""
    return 0.0 if theta == 0.0 else LOG_2


def total_variation_parallel_lines(theta: float) -> float:
    """Total variation of (0, Z) and (theta, Z): 1 for every theta but 0 (WGAN, Example 1)."""
    return 0.0 if theta == 0.0 else 1.0


def wasserstein_parallel_lines(theta: float) -> float:
    """W1 of (0, Z) and (theta, Z): |theta|, the only one of the three with a slope (WGAN, Example 1)."""
    return abs(theta)


def _jsd_terms(p: FloatArray, q: FloatArray) -> FloatArray:
    """g(p, q) = 1/2 [p log(2p / (p + q)) + q log(2q / (p + q))], 0 log 0 = 0; g(cp, cq) = c g(p, q)."""
    middle = (p + q) / 2.0
    return 0.5 * (_a_log_ratio(p, middle) + _a_log_ratio(q, middle))


def _a_log_ratio(a: FloatArray, b: FloatArray) -> FloatArray:
    """a log(a / b) entry by entry, 0 where a is 0 (or so small that the quotient could underflow)."""
    some = a > 1e-250
    return a * np.log(np.where(some, a, 1.0) / np.where(some, b, 1.0))


# ---------------------------------------------------------------- estimates on a grid


@dataclass(frozen=True)
class Grid:
    """Equal bins over `extent`, plus one last cell for everything OUTSIDE, so that masses always sum to 1.

    `extent` is (low, high) for each axis, `bins` the number of bins of each. Cells are in C order; a value
    that is not finite counts as outside.
    """

    extent: tuple[tuple[float, float], ...]
    bins: tuple[int, ...]

    BINS_BY_DIM: ClassVar[dict[int, int]] = {1: 200, 2: 56}

    @classmethod
    def over(cls, extent: tuple[tuple[float, float], ...]) -> Grid:
        """The usual grid: 200 bins in one dimension, 56 x 56 in two; ValueError for more dimensions."""
        if len(extent) not in cls.BINS_BY_DIM:
            raise ValueError(f"grid: {len(extent)} dimensions; accepted: 1 or 2")
        return cls(extent, (cls.BINS_BY_DIM[len(extent)],) * len(extent))

    @property
    def size(self) -> int:
        """Number of cells, the outside one included."""
        return math.prod(self.bins) + 1

    @cached_property
    def edges(self) -> tuple[FloatArray, ...]:
        """One increasing array of bins + 1 edges an axis."""
        axes = zip(self.extent, self.bins, strict=True)
        return tuple(np.linspace(low, high, bins + 1) for (low, high), bins in axes)

    def masses(self, cell_masses: npt.ArrayLike) -> FloatArray:
        """Probabilities (size,) from those of the inner cells, shape `bins`; the rest of 1 is outside."""
        inner = np.asarray(cell_masses, dtype=np.float64)
        if inner.shape != self.bins:
            raise ValueError(f"grid: cell masses of shape {inner.shape}; accepted: {self.bins}")
        return np.append(inner.ravel(), max(0.0, 1.0 - float(inner.sum())))

    def histogram(self, samples: npt.ArrayLike) -> IntArray:
        """Counts (size,) of `samples` (n, dim); a bin holds its lower edge, not its upper one."""
        points = np.asarray(samples, dtype=np.float64)
        if points.ndim != 2 or points.shape[1] != len(self.bins):
            raise ValueError(f"grid: samples of shape {points.shape}; accepted: (n, {len(self.bins)})")
        inside = np.ones(len(points), dtype=np.bool_)
        cell = np.zeros(len(points), dtype=np.int64)
        for axis, ((low, high), bins) in enumerate(zip(self.extent, self.bins, strict=True)):
            position = (points[:, axis] - low) * (bins / (high - low))
            within = (position >= 0.0) & (position < bins)  # False for NaN
            inside &= within
            cell = cell * bins + np.where(within, position, 0.0).astype(np.int64)
        return np.bincount(np.where(inside, cell, self.size - 1), minlength=self.size).astype(np.int64)


def jsd(p_masses: npt.ArrayLike, q_counts: npt.ArrayLike, p_counts_total: int | None = None) -> float:
    """JSD(p || q) in nats from cell probabilities `p_masses` (cells,) and counts (cells,) of n samples.

    The plug-in value sum g(p_i, N_i / n) is too high, since g is convex in the noisy N_i / n. Its bias is
    the sum of E g(p_i, N / n) - g(p_i, q_i) with N ~ Poisson(n q_i), evaluated at a smoothed q_i and
    subtracted (the idea of Miller 1955 for entropy, taken beyond second order because most cells hold few
    samples). The smoothed q_i is r p_i, with r fitted to neighbouring cells in which some 16 samples are
    expected: r is 1 for a perfect generator and 0 in a missing mode.

    If `p_masses` come from samples too, `p_counts_total` is their number; the mirror bias is then
    subtracted as well, taking p_masses as the truth, so that number should be several times n. The result
    is clipped to 0..log 2: of a perfect generator about half the readings are 0. NaN without samples.
    """
    p, counts, n = _checked(p_masses, q_counts)
    if n == 0.0:
        return math.nan
    expected = n * p
    smooth = expected * _local_ratio(expected, counts)
    excess = _poisson_excess(expected, smooth).sum() / n
    if p_counts_total is not None:
        scale = p_counts_total / n
        excess += _poisson_excess(scale * smooth, scale * expected).sum() / p_counts_total
    return float(np.clip(_jsd_terms(p, counts / n).sum() - excess, 0.0, LOG_2))


def kl(p_masses: npt.ArrayLike, q_counts: npt.ArrayLike) -> float:
    """KL(p_data || p_g) in nats from `p_masses` (cells,) and the counts (cells,) of n samples; always finite.

    q is smoothed as (count + 1/2) / (n + K/2) (Krichevsky and Trofimov 1981), K the number of cells; before
    that, all cells in which fewer than half a sample of the data is expected are taken as one, since each
    would otherwise get more mass from the smoothing than from the data. No bias is subtracted: a missing
    mode costs some nats and not infinity, and a perfect generator reads above 0 (with 4096 samples on 56 x
    56 cells by 0.02 for a narrow ring, 0.16 for a filled square). Where samples miss more of the data than
    chance would (see :func:`missed_data`) the smoothing makes it a lower bound. NaN without samples.
    """
    p, counts, n = _checked(p_masses, q_counts)
    if n == 0.0:
        return math.nan
    rare = n * p < 0.5
    if rare.any():
        p = np.append(p[~rare], p[rare].sum())
        counts = np.append(counts[~rare], counts[rare].sum())
    return float(_a_log_ratio(p, (counts + 0.5) / (n + len(p) / 2.0)).sum())


def kl_generated(p_masses: npt.ArrayLike, q_counts: npt.ArrayLike) -> float:
    """KL(p_g || p_data) in nats from `p_masses` (cells,), taken as exact, and counts (cells,) of n samples.

    Only its part -H(q) is biased: the plug-in entropy is too low by about (occupied cells - 1) / (2n) (Miller
    1955), which is subtracted; the result is never below 0. No mass of p_data is taken as less than 1e-12,
    because differences of distribution functions resolve no less: with samples in such cells (see
    :func:`beyond_data`) the result is a lower bound. NaN without samples.
    """
    p, counts, n = _checked(p_masses, q_counts)
    if n == 0.0:
        return math.nan
    held = counts > 0.0
    q = counts[held] / n
    excess = (np.count_nonzero(held) - 1) / (2.0 * n)
    return max(0.0, float((q * np.log(q / np.maximum(p[held], LEAST_MASS))).sum()) - excess)


def beyond_data(p_masses: npt.ArrayLike, q_counts: npt.ArrayLike) -> float:
    """Share (0..1) of the samples in cells where p_data has less than 1e-12 of its mass; NaN without any."""
    p, counts, n = _checked(p_masses, q_counts)
    return float(counts[p < LEAST_MASS].sum()) / n if n else math.nan


def missed_data(p_masses: npt.ArrayLike, q_counts: npt.ArrayLike) -> float:
    """Share (0..1) of p_data's mass in cells without a sample, less the share sum p (1 - p)^n that n samples
    of p_data itself would miss on average, and at least 0; NaN without any."""
    p, counts, n = _checked(p_masses, q_counts)
    if n == 0.0:
        return math.nan
    return max(0.0, float(p[counts == 0.0].sum() - (p * (1.0 - p) ** n).sum()))


def wasserstein_1d(x: npt.ArrayLike, y: npt.ArrayLike) -> float:
    """W1 of two samples on a line: mean |sort(x) - sort(y)|; in general, the area between quantile functions.

    `x` and `y` have n and m values (any shape, flattened); the unit is theirs. ValueError if either is empty.
    """
    first = np.sort(np.asarray(x, dtype=np.float64), axis=None)
    second = np.sort(np.asarray(y, dtype=np.float64), axis=None)
    n, m = len(first), len(second)
    if n == 0 or m == 0:
        raise ValueError(f"Wasserstein distance: {n} and {m} values; accepted: at least one in each")
    # In whole numbers of 1 / (n m), so that equal levels of the two samples fall together exactly.
    levels = np.union1d(np.arange(n + 1) * m, np.arange(m + 1) * n)
    gaps = np.abs(first[levels[:-1] // m] - second[levels[:-1] // n])
    return float(gaps @ np.diff(levels) / (n * m))


LEAST_MASS = 1e-12
POOL = 16.0  # expected samples that share one fitted ratio: few enough to be local, enough for a steady ratio
POISSON_SUMS = ((0.0, 0.5, 12), (0.5, 8.0, 36), (8.0, 32.0, 80))
"""Poisson mean from, up to, and the count at which its sum stops, leaving out a probability below 1e-12."""


def _checked(p_masses: npt.ArrayLike, q_counts: npt.ArrayLike) -> tuple[FloatArray, FloatArray, float]:
    p, counts = np.asarray(p_masses, dtype=np.float64), np.asarray(q_counts, dtype=np.float64)
    if p.ndim != 1 or p.shape != counts.shape:
        raise ValueError(
            f"divergence: masses {p.shape} and counts {counts.shape}; accepted: (cells,) for both"
        )
    return p, counts, float(counts.sum())


def _local_ratio(expected: FloatArray, counts: FloatArray) -> FloatArray:
    """q / p near each cell: least squares of counts on expected counts over runs of neighbouring cells.

    Not the ratio of the sums: samples in cells where the data has no mass must not count.
    """
    pool = ((np.cumsum(expected) - expected / 2.0) / POOL).astype(np.int64)
    product = np.bincount(pool, expected * counts)
    square = np.bincount(pool, expected * expected)
    return np.divide(product, square, out=np.zeros_like(square), where=square > 0.0)[pool]


def _poisson_excess(fixed: FloatArray, mean: FloatArray) -> FloatArray:
    """E g(fixed, N) - g(fixed, mean) for N ~ Poisson(mean), entry by entry; g is the summand of the JSD.

    Large means: the second-order term (1/2) g'' Var N = fixed / (4 (fixed + mean)); small ones: the sum.
    """
    total = fixed + mean
    excess = np.divide(fixed, 4.0 * total, out=np.zeros_like(total), where=mean > 0.0)
    for low, high, largest in POISSON_SUMS:
        cells = (mean > low) & (mean <= high) & (fixed > 0.0)
        a, lam = fixed[cells][:, None], mean[cells][:, None]
        n = np.arange(largest + 1, dtype=np.float64)
        log_factorial = np.concatenate(([0.0], np.cumsum(np.log(n[1:]))))
        probability = np.exp(n * np.log(lam) - lam - log_factorial)
        # g without its first term, a log 2a, which does not depend on N; n log 2n is 0 at n = 0
        varying = n * np.log(2.0 * np.maximum(n, 1.0)) - (a + n) * np.log(a + n)
        at_mean = lam * np.log(2.0 * lam) - (a + lam) * np.log(a + lam)
        excess[cells] = 0.5 * ((varying - at_mean) * probability).sum(axis=1)
    return excess
