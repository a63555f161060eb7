"""The Fréchet distance between two samples, each taken as a normal distribution (Dowson and Landau 1982;
of features of images: Heusel et al. 2017, Eq. 6)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]


def frechet(first: npt.ArrayLike, second: npt.ArrayLike) -> float:
    """‖μ₁ − μ₂‖² + Tr(Σ₁ + Σ₂ − 2(Σ₁Σ₂)^½) of two samples (n, dim) and (m, dim), in squared units of theirs.

    That is the square of a distance, as it is quoted for images. Tr (Σ₁Σ₂)^½ is taken as the sum of the
    singular values of Σ₁^½ Σ₂^½, which are the square roots of the eigenvalues of Σ₁Σ₂: so no rounding makes
    it complex. With few samples it is too high: compare it only with one of as many. ValueError where the
    dimensions differ or a sample has fewer than 2 rows; NaN where a value is not finite.
    """
    a, b = (np.atleast_2d(np.asarray(sample, dtype=np.float64)) for sample in (first, second))
    if a.shape[1] != b.shape[1] or min(len(a), len(b)) < 2:
        raise ValueError(
            f"Fréchet distance: {a.shape}, {b.shape}; accepted: (n, dim), (m, dim), n and m from 2"
        )
    if not (np.isfinite(a).all() and np.isfinite(b).all()):
        return float("nan")
    between = float(((a.mean(axis=0) - b.mean(axis=0)) ** 2).sum())
    (root_a, trace_a), (root_b, trace_b) = _root(a), _root(b)
    overlap = float(np.linalg.svd(root_a @ root_b, compute_uv=False).sum())
    return max(0.0, between + trace_a + trace_b - 2.0 * overlap)


def _root(sample: FloatArray) -> tuple[FloatArray, float]:
    """The symmetric square root of a sample's covariance (dim, dim), and the covariance's trace."""
    values, vectors = np.linalg.eigh(np.atleast_2d(np.cov(sample, rowvar=False)))
    values = np.maximum(values, 0.0)  # rounding leaves -1e-17 where the sample is flat
    return (vectors * np.sqrt(values)) @ vectors.T, float(values.sum())
