"""The cases of the theory bench that are closed forms: computed at once, to many digits.

Every function is called through its module, so that a test can put a wrong one in its place.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from ganviz.bench import theory_portraits
from ganviz.bench.theory_check import Check, between, equal, equal_relative
from ganviz.data import make_source
from ganviz.games import objectives as trained
from ganviz.theory import divergences, f_divergences, modes, objective, objectives

FloatArray = npt.NDArray[np.float64]

PROBABILITIES = np.array([0.01, 0.1, 0.5, 0.9, 0.99])
TUTORIAL = "Goodfellow 2016, tutorial"
TWO_LOSSES = ("minimax", "non_saturating")
ORIGINAL = "Goodfellow 2014"


def t01() -> Iterator[Check]:
    """The comparison of generator costs, all with the tutorial's factor 1/2, and slopes in the logit."""
    at = objective.logit(PROBABILITIES)
    costs = {
        "minimax": [-0.005025, -0.052680, -0.346574, -1.151293, -2.302585],
        "non_saturating": [2.302585, 1.151293, 0.346574, 0.052680, 0.005025],
        "maximum_likelihood": [-0.005051, -0.055556, -0.5, -4.5, -49.5],
    }
    slopes = {
        "minimax": [-0.005, -0.05, -0.25, -0.45, -0.495],
        "non_saturating": [-0.495, -0.45, -0.25, -0.05, -0.005],
        "maximum_likelihood": [-0.005051, -0.055556, -0.5, -4.5, -49.5],
    }
    where = "at D = .01, .1, .5, .9, .99"
    for key, cost in costs.items():
        row, name = objectives.OBJECTIVES[key], key.replace("_", "-")
        got = 0.5 * row.generator_cost(at)
        yield equal("T01", f"½ {name} cost {where}", TUTORIAL, expected=cost, got=got, within=1e-6)
        got = 0.5 * row.generator_slope(at)
        yield equal(
            "T01", f"½ {name} slope in the logit", TUTORIAL, expected=slopes[key], got=got, within=1e-6
        )


def t02() -> Iterator[Check]:
    """Extreme logits: the closed forms, and the float32 functions that train."""
    import torch

    logits = np.array([-200.0, -120.0, -40.0, 40.0, 120.0, 200.0])
    linear = np.array([0.0, 0.0, 0.0, 40.0, 120.0, 200.0])
    flat = (linear > 0).astype(np.float64)
    right = {"minimax": (-linear, -flat), "non_saturating": (linear[::-1], flat - 1.0)}
    source = "arithmetic"
    for key in TWO_LOSSES:
        row, name = objectives.OBJECTIVES[key], key.replace("_", "-")
        leaf = torch.tensor(logits, dtype=torch.float32, requires_grad=True)
        cost = trained.COSTS[key].generator(leaf)
        (slope,) = torch.autograd.grad(cost.sum(), leaf)
        results = {
            "closed form": (row.generator_cost(logits), row.generator_slope(logits)),
            "as trained": (cost.detach().double().numpy(), slope.double().numpy()),
        }
        for kind, (costs, slopes) in results.items():
            what = f"{name} cost at ±40, ±120, ±200, {kind}"
            yield equal("T02", what, source, expected=right[key][0], got=costs, within=1e-4)
            what = f"{name} slope there, {kind}"
            yield equal("T02", what, source, expected=right[key][1], got=slopes, within=1e-4)


def t03() -> Iterator[Check]:
    """D* of N(0, 1) against N(2, 1)."""
    x, expected = np.array([0.0, 1.0, 2.0]), [0.880797, 0.5, 0.119203]
    p, q = (np.exp(-0.5 * (x - mean) ** 2) for mean in (0.0, 2.0))
    where, source = "at x = 0, 1, 2", f"{ORIGINAL}, Prop. 1"
    got = divergences.optimal_discriminator_gaussians(x, 2.0)
    yield equal("T03", f"D*, N(0,1) and N(2,1), {where}", source, expected=expected, got=got, within=1e-6)
    got = divergences.optimal_discriminator(p, q)
    yield equal("T03", f"p / (p + q) {where}", source, expected=expected, got=got, within=1e-6)


def t04() -> Iterator[Check]:
    """V(D*) by quadrature, the JSD, and the theorem that ties them; N(0, 1) against N(mu, 1)."""
    shifts, source = (0.0, 1.0, 2.0, 4.0), f"{ORIGINAL}, Thm. 1"
    values = [-1.386294, -1.163451, -0.712633, -0.120854]
    got = [f_divergences.dual_gaussians("gan", mu) for mu in shifts]
    yield equal("T04", "V(D*) by quadrature, mu = 0, 1, 2, 4", source, expected=values, got=got, within=1e-5)
    jsd = [divergences.jsd_gaussians(mu) for mu in shifts]
    expected = [0.0, 0.111421, 0.336831, 0.632720]
    yield equal("T04", "JSD by quadrature", source, expected=expected, got=jsd, within=1e-5)
    got = [divergences.value_at_optimal_discriminator(value) for value in jsd]
    yield equal("T04", "−log 4 + 2 JSD", source, expected=values, got=got, within=1e-5)
    got = [divergences.total_variation_gaussians(mu) for mu in shifts]
    expected = [0.0, 0.382925, 0.682689, 0.954500]
    yield equal("T04", "total variation", "2Φ(mu/2) − 1", expected=expected, got=got, within=1e-6)


def t05() -> Iterator[Check]:
    """U[0, 1] against U[s, 1 + s]: the JSD is s log 2, and log 2 (not its root) where the two are apart."""
    shifts, cells = (0.25, 0.5, 1.0), 400
    expected = [s * math.log(2.0) for s in shifts]
    got = [divergences.jsd_uniform_shift(s) for s in shifts]
    yield equal(
        "T05", "JSD of U[0,1], U[s,1+s], s = ¼, ½, 1", "derived", expected=expected, got=got, within=1e-3
    )
    masses = np.zeros(2 * cells)
    masses[:cells] = 1.0 / cells
    got = [divergences.jensen_shannon(masses, np.roll(masses, round(s * cells))) for s in shifts]
    yield equal("T05", "the same from cell masses", "derived", expected=expected, got=got, within=1e-3)


def t06() -> Iterator[Check]:
    """Parallel lines (0, Z) and (theta, Z)."""
    shifts, source = (0.0, 0.1, -0.1, 1.0, -1.0), "WGAN 2017, Example 1"
    apart, log_2 = [0.0, 1.0, 1.0, 1.0, 1.0], math.log(2.0)
    rows = {
        "JSD of parallel lines, theta = 0, ±.1, ±1": (
            divergences.jsd_parallel_lines,
            [log_2 * one for one in apart],
        ),
        "W1": (divergences.wasserstein_parallel_lines, [0.0, 0.1, 0.1, 1.0, 1.0]),
        "total variation": (divergences.total_variation_parallel_lines, apart),
    }
    for what, (function, expected) in rows.items():
        got = [function(theta) for theta in shifts]
        yield equal("T06", what, source, expected=expected, got=got, within=1e-6)


def t16() -> Iterator[Check]:
    """The mode metrics, fed with samplers whose answer is known."""
    source = make_source("ring", modes=8, side=1, radius=2.0, sigma=0.1)
    means, random = np.asarray(source.means), np.random.default_rng(0)
    papers = "VEEGAN 2017, PacGAN 2018"
    for count, tolerance in ((20_000, 0.003), (2_500, 0.006)):
        found = modes.mode_metrics(source.sample(random, count), means, 0.1)
        what = f"high quality of {count:,} perfect samples"
        yield equal("T16", what, papers, expected=0.98889, got=found.high_quality, within=tolerance)
        yield equal("T16", f"modes in them ({count:,})", papers, expected=8, got=found.modes, within=0.0)
        yield between("T16", f"reverse KL of them ({count:,})", papers, got=found.reverse_kl, high=0.005)
    used = (1, 2, 4, 6)
    reverse = [
        modes.mode_metrics(
            means[np.arange(12_000) % k] + random.normal(0.0, 0.1, (12_000, 2)), means, 0.1
        ).reverse_kl
        for k in used
    ]
    expected = [math.log(8 / k) for k in used]
    what = "reverse KL with 1, 2, 4, 6 of 8 modes"
    yield equal("T16", what, papers, expected=expected, got=reverse, within=0.01)
    tight = modes.mode_metrics(means[[0] * 500] + random.normal(0.0, 1e-3, (500, 2)), means, 0.1)
    got = [tight.modes, tight.high_quality, tight.reverse_kl]
    what = "one tight mode: modes, high quality, reverse KL"
    yield equal("T16", what, papers, expected=[1.0, 1.0, 2.0794], got=got, within=1e-4)


def t18() -> Iterator[Check]:
    """The duals of all f-divergences for N(0, 1) against N(2, 1)."""
    right = {
        "kl": 2.0,
        "reverse_kl": 2.0,
        "pearson": 53.598150,
        "squared_hellinger": 0.786939,
        "jensen_shannon": 0.673662,
        "gan": -0.712633,
    }
    source = "f-GAN 2016, Table 2"
    for key, expected in right.items():
        name = f_divergences.F_DIVERGENCES[key].name
        got = f_divergences.dual_gaussians(key, 2.0)
        yield equal_relative(
            "T18", f"dual of {name}, mu = 2", source, expected=expected, got=got, within=1e-3
        )


FORMS = {
    "T01": t01,
    "T02": t02,
    "T03": t03,
    "T04": t04,
    "T05": t05,
    "T06": t06,
    "T08": theory_portraits.t08,
    "T09": theory_portraits.t09,
    "T10": theory_portraits.t10,
    "T11": theory_portraits.t11,
    "T12": theory_portraits.t12,
    "T16": t16,
    "T18": t18,
}
