"""The cases of the theory bench that train: networks, players, objectives and data are the program's own.

In all but the last G stands still (``g_updates = 0``), a linear map of z whose weights put its samples where
the theory wants them, so that only the discriminator learns.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from ganviz.bench.theory_check import Check, between
from ganviz.bench.theory_cyclegan import t19
from ganviz.data.base import Float32Array, Source
from ganviz.experiment import Experiment
from ganviz.games.gan import GAN
from ganviz.games.network import Network
from ganviz.games.objectives import COSTS
from ganviz.games.player import State
from ganviz.games.streams import generator, torch_generator
from ganviz.theory import divergences
from ganviz.theory.modes import mode_metrics
from ganviz.training.trainer import Trainer

FloatArray = npt.NDArray[np.float64]
SAMPLES = 4_096

FROZEN = Experiment(
    data="mixture_1d",
    modes=1,
    sigma=1.0,
    latent_dim=1,
    g_layers=0,
    g_updates=0,
    d_width=64,
    d_beta2=0.999,
    batch_size=64,
    measure_every=100_000,
    device="cpu",
)
"""Real N(0, 1); G is linear and at rest; D has two layers of 64 and Adam 1e-3 (0.5, 0.999)."""


def placed(state: State, weight: Sequence[Sequence[float]], bias: Sequence[float]) -> State:
    """The state with G, a linear map, set to weight (dim, latent_dim) and bias (dim,)."""
    return state | {"g.weights.weights.0": torch.tensor(weight), "g.weights.biases.0": torch.tensor(bias)}


# ---------------------------------------------------------------- T07: a discriminator that can be optimal


def t07() -> Iterator[Check]:
    """D with a linear logit, N(0, 1) against N(2, 1): it finds w = -2, b = 2 and L_D = log 4 - 2 JSD."""
    experiment = FROZEN.replace(d_layers=0, batch_size=10_000, d_learning_rate=0.05)
    trainer = Trainer(experiment)
    trainer.load(placed(trainer.state(), [[1.0]], [2.0]))
    trainer.step(400)
    trainer.apply(experiment.replace(d_learning_rate=0.005))
    trainer.step(200)
    trainer.flush()
    weight, bias = (float(parameter.detach()) for parameter in trainer.game.d.parameters)
    loss = float(trainer.history.steps.column("d_loss")[-50:].mean())
    source = "Goodfellow 2014, Prop. 1"
    yield between("T07", "linear logit trained on mu = 2: weight", source, got=weight, low=-2.1, high=-1.9)
    yield between("T07", "its bias", source, got=bias, low=1.9, high=2.1)
    at_best = -divergences.value_at_optimal_discriminator(divergences.jsd_gaussians(2.0))
    low, high = at_best - 0.01, at_best + 0.01
    yield between("T07", "its L_D, log 4 − 2 JSD ± .01", source, got=loss, low=low, high=high)


# ---------------------------------------------------------------- T13, T14: two parallel lines


class Line(Source):
    """(0, Z), Z ~ U[0, 1]: the data of the WGAN paper's Example 1."""

    id = "line"
    dim = 2
    extent = ((-1.0, 2.0), (-1.0, 2.0))

    def sample(self, generator: np.random.Generator, n: int) -> Float32Array:
        return np.column_stack((np.zeros(n), generator.random(n))).astype(np.float32)


class Blurred(Network):
    """A discriminator that sees everything through N(0, 1) noise: instance noise on reals and fakes."""

    def __init__(self, network: nn.Module, seed: int) -> None:
        super().__init__()
        self._network, self._noise = network, torch_generator(seed, "measure")

    def forward(self, values: Tensor) -> Tensor:
        outputs: Tensor = self._network(values + torch.randn(values.shape, generator=self._noise))
        return outputs


@dataclass
class Felt:
    """What was measured while D learnt: the step, |d/dtheta L_G| under both objectives, and D's accuracy."""

    steps: list[int] = field(default_factory=list)
    minimax: list[float] = field(default_factory=list)
    non_saturating: list[float] = field(default_factory=list)
    accuracy: list[float] = field(default_factory=list)

    def of(self, name: str) -> FloatArray:
        """One column."""
        return np.array(getattr(self, name))

    def means(self, name: str) -> FloatArray:
        """One column's means over each 500 steps from 500 on: one measurement is as noisy as one batch."""
        steps = np.array(self.steps)
        return np.array([self.of(name)[steps // 500 == part].mean() for part in range(1, steps[-1] // 500)])


def parallel_lines(blurred: bool, steps: int = 4_000, every: int = 50) -> Felt:
    """D trained against fakes on (1, Z), G at rest; what G would feel along theta is measured on the way."""
    game = GAN(FROZEN.replace(latent="uniform"), torch.device("cpu"), source=Line())
    game.load(placed(game.state(), [[0.0], [0.5]], [1.0, 0.5]))  # z in U[-1, 1] to (1, U[0, 1])
    if blurred:
        game.d.network = Blurred(game.d.network, game.experiment.seed)
    source = generator(game.experiment.seed, "measure")
    reals = game.place(game.source.sample(source, SAMPLES))
    noise = game.place(game.draw_latents(source, SAMPLES))
    seen = Felt()
    for step in range(steps + 1):
        if step % every == 0:
            outputs = game.d.network(game.g.network(noise))
            seen.steps.append(step)
            seen.minimax.append(_along_theta(game, outputs, "minimax"))
            seen.non_saturating.append(_along_theta(game, outputs, "non_saturating"))
            with torch.no_grad():
                right = (game.d.network(reals) > 0).double().mean() + (outputs < 0).double().mean()
            seen.accuracy.append(float(right) / 2.0)
        game.update_discriminator()
    return seen


def _along_theta(game: GAN, outputs: Tensor, objective: str) -> float:
    """|d/dtheta L_G|: the slope of G's cost in the first component of its bias, where its line stands."""
    bias = game.g.parameters[-1]
    loss = COSTS[objective].generator(outputs).mean()
    return abs(float(torch.autograd.grad(loss, bias, retain_graph=True)[0][0]))


def t13() -> Iterator[Check]:
    """D becomes perfect; the minimax gradient dies and the non-saturating one explodes."""
    seen, source = parallel_lines(blurred=False), "Arjovsky, Bottou 2017"
    lost = np.log10(seen.of("minimax").max() / seen.of("minimax")[-1])
    grown = seen.of("non_saturating")[-1] / seen.of("non_saturating")[0]
    yield between("T13", "lines: decades lost by the minimax gradient", source, got=lost, low=3.0)
    yield between("T13", "growth of the non-saturating gradient", source, got=grown, low=50.0)
    got = seen.of("accuracy")[seen.steps.index(200)]
    yield between("T13", "accuracy of D at step 200", source, got=got, low=0.995)


def t14() -> Iterator[Check]:
    """With N(0, 1) noise on both lines D cannot be perfect, and both gradients stay alive."""
    seen, source = parallel_lines(blurred=True), "Arjovsky, Bottou 2017"
    got = seen.means("minimax")
    what = "blurred lines, means of 500 steps: minimax gradient"
    yield between("T14", what, source, got=got, low=0.33, high=0.47)
    got = seen.means("non_saturating")
    yield between("T14", "non-saturating gradient", source, got=got, low=0.50, high=0.72)
    best = (1.0 + divergences.total_variation_gaussians(1.0)) / 2.0
    low, high = best - 0.02, best + 0.02
    got = seen.means("accuracy")
    yield between("T14", "accuracy of D, Φ(½) ± .02", source, got=got, low=low, high=high)


# ---------------------------------------------------------------- T15: critic and discriminator


def between_gaussians(experiment: Experiment) -> tuple[FloatArray, FloatArray]:
    """D trained for 2,000 steps on N(0, 1) against N(5, 1): |slope| of its output, or of sigma(output) where
    that is a probability, at 501 points of [0, 5]; and all its weights."""
    trainer = Trainer(experiment)
    trainer.load(placed(trainer.state(), [[1.0]], [5.0]))
    trainer.step(2_000)
    x = torch.linspace(0.0, 5.0, 501)[:, None].requires_grad_()
    outputs = trainer.game.d.network(x)
    shown = outputs if experiment.objective == "wasserstein" else outputs.sigmoid()
    (slope,) = torch.autograd.grad(shown.sum(), x)
    weights = np.concatenate(
        [parameter.detach().double().numpy().ravel() for parameter in trainer.game.d.parameters]
    )
    return np.abs(slope[:, 0].double().numpy()), weights


def t15() -> Iterator[Check]:
    """The critic of a clipped WGAN is nearly straight where the GAN's discriminator has saturated."""
    experiment, source = FROZEN.replace(d_activation="relu"), "WGAN 2017, figure 2"
    critic = experiment.replace(objective="wasserstein", d_optimizer="rmsprop", d_learning_rate=5e-5)
    slope, weights = between_gaussians(critic)
    ratio = slope.max() / slope.min()
    yield between("T15", "clipped critic on [0, 5]: max/min slope", source, got=ratio, high=10.0)
    share = np.mean(np.abs(weights) >= 0.999 * critic.weight_clip)
    yield between("T15", "share of its weights at ±c", source, got=share, low=0.8)
    slope, _ = between_gaussians(experiment)
    ratio = slope.max() / slope.min()
    yield between("T15", "GAN's D on [0, 5]: max/min slope", source, got=ratio, low=500.0)


# ---------------------------------------------------------------- T17: collapse


def _fakes(trainer: Trainer) -> FloatArray:
    """2,500 samples of G, from noise that belongs to the step."""
    game = trainer.game
    noise = game.draw_latents(generator(game.experiment.seed, "measure", trainer.step_count), 2_500)
    with torch.no_grad():
        return game.g.network(game.place(noise)).double().numpy()


def balanced(seed: int) -> tuple[int, float]:
    """Modes and high-quality share after 2,400 steps of one update each."""
    trainer = Trainer(Experiment.preset("collapse").replace(g_updates=1, seed=seed, measure_every=100_000))
    trainer.step(2_400)
    source = trainer.game.source
    found = mode_metrics(_fakes(trainer), np.asarray(source.means), float(source.sigma or 0.0))
    return found.modes, found.high_quality


def collapsing(seed: int) -> tuple[int, int]:
    """20 updates of G for each of D, 8 looks within 240 steps: the number of looks at which one cluster has
    at least 0.85 of all samples, and the number of different such clusters."""
    trainer = Trainer(Experiment.preset("collapse").replace(seed=seed, measure_every=100_000))
    top = []
    for _ in range(8):
        trainer.step(30)
        # so wide a sigma counts every sample to its nearest mean
        counts = mode_metrics(_fakes(trainer), np.asarray(trainer.game.source.means), 1e3).counts
        if counts.max() >= 0.85 * counts.sum():
            top.append(int(counts.argmax()))
    return len(top), len(set(top))


def t17() -> Iterator[Check]:
    """The same networks keep eight modes at 1:1, and collapse when G is trained twenty times as often."""
    source = "Metz 2017; measured"
    found = [balanced(seed) for seed in (0, 1)]
    captured, quality = zip(*found, strict=True)
    yield between("T17", "ring, 1 G per D, two seeds: modes", source, got=captured, low=8, high=8)
    yield between("T17", "their high-quality share", source, got=quality, low=0.7)
    looks = [collapsing(seed) for seed in (0, 1)]
    if sum(holds(*look) for look in looks) == 1:  # one retry is allowed
        looks = [look for look in [*looks, collapsing(2)] if holds(*look)]
    collapsed, clusters = zip(*looks, strict=True)
    yield between("T17", "20 G per D, two seeds: of 8 looks, collapsed", source, got=collapsed, low=6)
    yield between("T17", "different clusters in them", source, got=clusters, low=3)


def holds(collapsed: int, clusters: int) -> bool:
    """Whether one run shows the collapse that T17 asks for."""
    return collapsed >= 6 and clusters >= 3


RUNS = {"T07": t07, "T13": t13, "T14": t14, "T15": t15, "T17": t17, "T19": t19}
