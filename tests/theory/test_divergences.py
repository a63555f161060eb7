"""Closed forms against scipy and published values; estimators against exact values they must reproduce."""

import math

import numpy as np
import pytest
from scipy import integrate, spatial, special, stats

from ganviz.data import SOURCES, make_source
from ganviz.theory import divergences as dv

LOG_2 = math.log(2.0)
SETTINGS = {"modes": 8, "side": 5, "radius": 2.0, "sigma": 0.1}
GRID_IDS = [id for id in SOURCES if id != "file" and make_source(id).dim <= 2]
N = 4096

# ------------------------------------------------------------ closed forms


def test_optimal_discriminator_of_two_gaussians():
    x = np.array([0.0, 1.0, 2.0])
    expected = [0.880797, 0.5, 0.119203]
    by_density = dv.optimal_discriminator(stats.norm.pdf(x), stats.norm.pdf(x, 2.0))
    assert by_density == pytest.approx(expected, abs=1e-6)
    assert dv.optimal_discriminator_gaussians(x, 2.0) == pytest.approx(by_density, abs=1e-12)
    extreme = dv.optimal_discriminator_gaussians([-1e6, 1e6], 2.0)
    assert extreme.tolist() == [1.0, 0.0]


def test_optimal_discriminator_is_undefined_without_mass():
    answer = dv.optimal_discriminator([0.0, 0.5, 0.0], [0.0, 0.0, 0.5])
    assert np.isnan(answer[0])
    assert answer[1:].tolist() == [1.0, 0.0]


@pytest.mark.parametrize(
    ("mu", "value"),
    [(0.0, -1.386294), (1.0, -1.163451), (2.0, -0.712633), (4.0, -0.120854), (-2.0, -0.712633)],
)
def test_value_at_the_optimal_discriminator(mu, value):
    """max_D V by integrating p log D* + q log(1 - D*) with scipy, which knows nothing of JSD."""

    def integrand(x):
        logit = mu**2 / 2 - mu * x
        real = stats.norm.pdf(x) * special.log_expit(logit)
        return real + stats.norm.pdf(x, mu) * special.log_expit(-logit)

    oracle, _ = integrate.quad(integrand, -12 + min(0, mu), 12 + max(0, mu), epsabs=1e-12, limit=200)
    assert dv.value_at_optimal_discriminator(dv.jsd_gaussians(mu)) == pytest.approx(oracle, abs=1e-9)
    assert oracle == pytest.approx(value, abs=1e-6)


@pytest.mark.parametrize(
    ("mu", "jsd", "total_variation"),
    [
        (0.5, 0.03031130, 0.19741265),
        (3, 0.52677731, 0.86638560),
        (5, 0.67594258, 0.98758067),
        (8, 0.69305365, 0.99993666),
    ],
)
def test_gaussian_pair_table(mu, jsd, total_variation):
    assert dv.jsd_gaussians(mu) == pytest.approx(jsd, abs=1e-8)
    assert dv.total_variation_gaussians(mu) == pytest.approx(total_variation, abs=1e-8)


def test_far_gaussians_reach_log_two():
    assert dv.jsd_gaussians(60.0) == pytest.approx(LOG_2, abs=1e-12)


@pytest.mark.parametrize("s", [-1.5, -0.5, 0.0, 0.25, 0.5, 1.0, 2.0])
def test_uniform_shift_equals_discrete_sum(s):
    cells = 4000
    first, second = np.zeros(5 * cells), np.zeros(5 * cells)
    first[2 * cells : 3 * cells] = 1 / cells
    start = 2 * cells + round(s * cells)
    second[start : start + cells] = 1 / cells
    assert dv.jsd_uniform_shift(s) == pytest.approx(dv.jensen_shannon(first, second), abs=1e-9)


@pytest.mark.parametrize("theta", [0.0, 0.1, -0.1, 1.0, -1.0])
def test_parallel_lines(theta):
    """On the first coordinate the two are point masses at 0 and theta; the second is common to both."""
    cells = np.unique([0.0, theta])
    p, q = (cells == 0.0).astype(float), (cells == theta).astype(float)
    assert dv.jsd_parallel_lines(theta) == pytest.approx(spatial.distance.jensenshannon(p, q) ** 2)
    assert dv.total_variation_parallel_lines(theta) == 0.5 * np.abs(p - q).sum()
    assert dv.wasserstein_parallel_lines(theta) == stats.wasserstein_distance([0.0], [theta])


def test_jensen_shannon_equals_scipy_squared():
    """scipy returns the square root: disjoint sets give 0.8326 there and 0.6931 here."""
    rng = np.random.default_rng(0)
    for _ in range(20):
        p, q = rng.dirichlet(np.full(50, 0.1), 2)
        assert dv.jensen_shannon(p, q) == pytest.approx(spatial.distance.jensenshannon(p, q) ** 2, abs=1e-12)
    assert dv.jensen_shannon([1.0, 0.0], [0.0, 1.0]) == pytest.approx(LOG_2, abs=1e-15)


# ------------------------------------------------------------ the grid


def test_grid_counts_equal_numpy_histogramdd():
    grid = dv.Grid(((-1.0, 2.0), (0.0, 1.0)), (30, 7))
    samples = np.random.default_rng(0).normal(0.5, 1.0, (5000, 2))
    oracle, _ = np.histogramdd(samples, bins=grid.edges)
    counts = grid.histogram(samples)
    assert counts[:-1].reshape(30, 7).tolist() == oracle.tolist()
    assert counts.sum() == 5000


def test_grid_keeps_what_is_outside_or_not_finite():
    grid = dv.Grid.over(((-1.0, 1.0),))
    counts = grid.histogram([[0.0], [-1.0], [1.0], [-1.0001], [np.nan], [np.inf], [-np.inf], [1e300]])
    assert counts.shape == (grid.size,) == (201,)
    assert counts[100] == 1
    assert counts[0] == 1
    assert counts[-1] == 6


def test_grid_refuses_what_does_not_fit():
    with pytest.raises(ValueError, match="64 dimensions; accepted: 1 or 2"):
        dv.Grid.over(((-1.0, 1.0),) * 64)
    grid = dv.Grid.over(((-1.0, 1.0),) * 2)
    assert grid.bins == (56, 56)
    with pytest.raises(ValueError, match=r"samples of shape \(3, 1\); accepted: \(n, 2\)"):
        grid.histogram(np.zeros((3, 1)))
    with pytest.raises(ValueError, match=r"shape \(200,\); accepted: \(56, 56\)"):
        grid.masses(np.zeros(200))


# ------------------------------------------------------------ JSD from samples


def on_grid(source):
    grid = dv.Grid.over(source.extent)
    return grid, grid.masses(source.cell_masses(grid.edges))


def raw_jsd(p, counts):
    """The uncorrected plug-in value, by scipy."""
    return spatial.distance.jensenshannon(p, counts / counts.sum()) ** 2


@pytest.mark.parametrize("id", GRID_IDS)
@pytest.mark.parametrize("sigma", [0.02, 0.1, 0.5])
def test_perfect_generator_reads_zero(id, sigma):
    source = make_source(id, **{**SETTINGS, "sigma": sigma})
    grid, p = on_grid(source)
    counts = [grid.histogram(source.sample(np.random.default_rng(seed), N)) for seed in range(20)]
    readings = [dv.jsd(p, count) for count in counts]
    assert min(readings) >= 0.0
    assert max(readings) <= 0.02
    assert np.mean(readings) <= 0.005


def test_subtracted_bias_is_the_measured_one():
    """Not only clipped away: beside a part far off nothing is clipped, and the exact JSD comes out."""
    source = make_source("square", **SETTINGS)
    grid, p = on_grid(source)
    q = 0.7 * p
    q[-1] += 0.3  # three in ten fakes outside the drawing
    readings, raw = [], []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        samples = source.sample(rng, N)
        samples[rng.random(N) < 0.3] = 99.0
        counts = grid.histogram(samples)
        readings.append(dv.jsd(p, counts))
        raw.append(raw_jsd(p, counts))
    exact = dv.jensen_shannon(p, q)
    assert np.mean(readings) == pytest.approx(exact, abs=0.005)
    assert np.mean(raw) - exact > 0.03  # what there was to correct


@pytest.mark.parametrize("id", GRID_IDS)
def test_disjoint_sets_read_log_two(id):
    source = make_source(id, **SETTINGS)
    grid, p = on_grid(source)
    far = source.sample(np.random.default_rng(0), N) + np.float32(50.0)
    assert dv.jsd(p, grid.histogram(far)) == pytest.approx(LOG_2, abs=1e-3)


def test_interlocked_disjoint_sets_read_log_two():
    """The other eight squares of the checkerboard touch the first eight everywhere."""
    board = make_source("checkerboard", **SETTINGS)
    grid = dv.Grid(((-3.0, 3.0), (-3.0, 3.0)), (60, 60))  # its lines lie on the lines of the board
    p = grid.masses(board.cell_masses(grid.edges))
    others = board.sample(np.random.default_rng(0), N).astype(np.float64) * [-1.0, 1.0]
    assert dv.jsd(p, grid.histogram(others)) == pytest.approx(LOG_2, abs=1e-3)


@pytest.mark.parametrize("sigma", [0.02, 0.1])
@pytest.mark.parametrize("modes", [1, 4, 6])
def test_ring_with_some_of_eight_modes(modes, sigma):
    """For k of 8 well separated modes q = (8/k) p on them; the JSD follows by arithmetic."""
    source = make_source("ring", **{**SETTINGS, "sigma": sigma})
    grid, p = on_grid(source)
    share = modes / 8
    middle = (1 + share) / 2
    exact = 0.5 * (share * math.log(share / middle) + (1 - share) * LOG_2) + 0.5 * math.log(1 / middle)
    for seed in range(10):
        rng = np.random.default_rng(seed)
        samples = source.means[rng.integers(modes, size=N)] + rng.normal(0.0, sigma, (N, 2))
        assert dv.jsd(p, grid.histogram(samples)) == pytest.approx(exact, abs=0.01)


@pytest.mark.parametrize(("radius", "sigma"), [(2.05, 0.1), (2.2, 0.1), (2.0, 0.2), (2.0, 0.05), (1.0, 0.5)])
def test_imperfect_rings_read_the_exact_value(radius, sigma):
    source = make_source("ring", **SETTINGS)
    grid, p = on_grid(source)
    other = make_source("ring", **{**SETTINGS, "radius": radius, "sigma": sigma})
    exact = dv.jensen_shannon(p, grid.masses(other.cell_masses(grid.edges)))
    for seed in range(10):
        counts = grid.histogram(other.sample(np.random.default_rng(seed), N))
        assert dv.jsd(p, counts) == pytest.approx(exact, abs=0.02)


@pytest.mark.parametrize("id", GRID_IDS)
def test_unknown_density_both_biases_are_subtracted(id):
    source = make_source(id, **SETTINGS)
    grid = dv.Grid.over(source.extent)
    total = 16 * N
    p = grid.histogram(source.sample(np.random.default_rng(999), total)) / total
    for seed in range(20):
        counts = grid.histogram(source.sample(np.random.default_rng(seed), N))
        assert dv.jsd(p, counts, total) <= 0.02
    far = grid.histogram(np.full((N, source.dim), 99.0))
    assert dv.jsd(p, far, total) == pytest.approx(LOG_2, abs=1e-3)


def test_estimates_without_samples_are_nan_and_shapes_are_checked():
    assert math.isnan(dv.jsd([0.5, 0.5], [0, 0]))
    assert math.isnan(dv.kl([0.5, 0.5], [0, 0]))
    with pytest.raises(ValueError, match=r"masses \(2,\) and counts \(3,\)"):
        dv.jsd([0.5, 0.5], [1, 2, 3])


# ------------------------------------------------------------ KL and W1 from samples


def test_kl_equals_smoothed_sum():
    p, counts = np.array([0.25, 0.25, 0.5]), np.array([10, 0, 90])
    smoothed = np.array([10.5, 0.5, 90.5]) / 101.5
    assert dv.kl(p, counts) == pytest.approx(stats.entropy(p, smoothed))


def test_kl_takes_rare_cells_as_one():
    p = np.array([0.6, 0.396, 0.002, 0.002])
    counts = np.array([60, 38, 0, 2])
    assert dv.kl(p, counts) == pytest.approx(
        stats.entropy([0.6, 0.396, 0.004], np.array([60.5, 38.5, 2.5]) / 101.5)
    )


def test_kl_is_finite_and_ordered():
    """Perfect below half collapsed below disjoint; the true value of the last two is infinite."""
    source = make_source("ring", **SETTINGS)
    grid, p = on_grid(source)
    rng = np.random.default_rng(0)
    half = source.means[rng.integers(4, size=N)] + rng.normal(0.0, 0.1, (N, 2))
    perfect, collapsed, disjoint = (
        dv.kl(p, grid.histogram(samples)) for samples in (source.sample(rng, N), half, np.full((N, 2), 50.0))
    )
    assert 0.0 <= perfect < 0.05
    assert 1.0 < collapsed < disjoint < 20.0


@pytest.mark.parametrize(("n", "m"), [(100, 100), (100, 73), (1, 5), (7, 1), (64, 1000)])
def test_wasserstein_equals_scipy(n, m):
    rng = np.random.default_rng(n + m)
    x, y = rng.normal(0.0, 1.0, n), rng.normal(1.5, 2.0, m)
    assert dv.wasserstein_1d(x, y) == pytest.approx(stats.wasserstein_distance(x, y), rel=1e-12)


def test_wasserstein_of_shifted_gaussians_is_the_shift():
    rng = np.random.default_rng(0)
    distance = dv.wasserstein_1d(rng.normal(0.0, 1.0, (40_000, 1)), rng.normal(3.0, 1.0, (40_000, 1)))
    assert distance == pytest.approx(3.0, abs=5 * math.sqrt(2 / 40_000))


def test_wasserstein_needs_values():
    with pytest.raises(ValueError, match="0 and 2 values; accepted: at least one in each"):
        dv.wasserstein_1d([], [1.0, 2.0])


@pytest.mark.parametrize("mu", [0.0, 0.5, 1.0, 2.0])
def test_kl_of_the_generated_density_of_two_gaussians(mu):
    """KL(N(mu, 1) || N(0, 1)) = mu^2 / 2, from 16,384 samples on 200 bins."""
    grid = dv.Grid.over(((-6.0, 8.0),))
    p = grid.masses(np.diff(stats.norm(0).cdf(grid.edges[0])))
    samples = np.random.default_rng(3).normal(mu, 1.0, (16_384, 1))
    assert dv.kl_generated(p, grid.histogram(samples)) == pytest.approx(mu**2 / 2, abs=0.03)


def test_kl_of_the_generated_density_without_the_data_is_a_bound():
    p, counts = [1.0, 0.0], [10, 90]
    assert dv.beyond_data(p, counts) == 0.9
    assert dv.kl_generated(p, counts) == pytest.approx(stats.entropy([0.1, 0.9], [1.0, 1e-12]) - 1 / 200)
    assert math.isnan(dv.kl_generated(p, [0, 0])) and math.isnan(dv.beyond_data(p, [0, 0]))
    assert math.isnan(dv.missed_data(p, [0, 0]))


def test_missed_data_is_nothing_for_a_perfect_sampler_and_the_missed_mode_for_another() -> None:
    p = np.full(400, 1 / 400)
    source = np.random.default_rng(0)
    missed = [
        dv.missed_data(p, np.bincount(source.integers(400, size=1000), minlength=400)) for _ in range(50)
    ]
    assert max(missed) < 0.03  # 8.2 % of the mass lies in empty cells, all of it by chance
    half = np.bincount(source.integers(200, size=100_000), minlength=400)
    assert dv.missed_data(p, half) == pytest.approx(0.5)
