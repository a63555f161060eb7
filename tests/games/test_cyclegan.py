"""CycleGAN against its paper's equations written out by hand, with torch's own losses and optimisers."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import l1_loss, mse_loss

from ganviz.data import SOURCES
from ganviz.data.derived import DERIVED
from ganviz.experiment import SETTINGS, Experiment, ExperimentError
from ganviz.experiment.pair import pair_of
from ganviz.games.cyclegan import CycleGAN
from ganviz.games.streams import generator

CPU = torch.device("cpu")
SHIPPED = [id for id in SOURCES if id != "file"]
SMALL = Experiment(
    game="cyclegan", data="moons", g_width=16, d_width=16, g_layers=1, d_layers=1, batch_size=32, pool_size=0
)
RATE = {"lr": SMALL.g_learning_rate, "betas": (SMALL.g_beta1, SMALL.g_beta2)}


def copy_of(network: nn.Module, slope: float | None = None) -> nn.Sequential:
    """The same weights in torch's own layers: ReLU between them, or LeakyReLU of a slope."""
    weights = list(network.weights)  # type: ignore[arg-type]
    biases = list(network.biases)  # type: ignore[arg-type]
    layers: list[nn.Module] = []
    for weight, bias in zip(weights, biases, strict=True):
        layer = nn.Linear(weight.shape[1], weight.shape[0])
        layer.load_state_dict({"weight": weight.detach().clone(), "bias": bias.detach().clone()})
        layers += [layer, nn.ReLU() if slope is None else nn.LeakyReLU(slope)]
    return nn.Sequential(*layers[:-1])


class Reference:
    """The game with torch's modules, losses and Adam."""

    def __init__(self, game: CycleGAN) -> None:
        self.game = game
        self.g, self.f = copy_of(game.g.network), copy_of(game.f.network)
        self.dx, self.dy = copy_of(game.dx.network, 0.2), copy_of(game.dy.network, 0.2)
        self.generators = torch.optim.Adam([*self.g.parameters(), *self.f.parameters()], **RATE)
        self.discriminators = [torch.optim.Adam(d.parameters(), **RATE) for d in (self.dx, self.dy)]

    def batch(self, name: str, number: int) -> Tensor:
        source = self.game.x_source if name.endswith("x") else self.game.y_source
        rows = self.game.experiment.batch_size
        drawn = source.sample(generator(self.game.experiment.seed, name), 16_384 // rows * rows)
        return torch.from_numpy(drawn[number * rows : (number + 1) * rows])

    def step(self, number: int, cycle: float, identity: float) -> dict[str, float]:
        x, y = self.batch("d_x", number), self.batch("d_y", number)
        losses = {}
        for name, d, optimizer, real, fake in (
            ("dx_loss", self.dx, self.discriminators[0], x, self.f(y).detach()),
            ("dy_loss", self.dy, self.discriminators[1], y, self.g(x).detach()),
        ):
            on_real, on_fake = d(real), d(fake)
            loss = (mse_loss(on_real, torch.ones_like(on_real)) + mse_loss(on_fake, 0 * on_fake)) * 0.5
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses[name] = loss.item()
        x, y = self.batch("g_x", number), self.batch("g_y", number)
        fake_y, fake_x = self.g(x), self.f(y)
        on_y, on_x = self.dy(fake_y), self.dx(fake_x)
        terms = {
            "g_loss": mse_loss(on_y, torch.ones_like(on_y)),
            "f_loss": mse_loss(on_x, torch.ones_like(on_x)),
            "cycle_x": l1_loss(self.f(fake_y), x),
            "cycle_y": l1_loss(self.g(fake_x), y),
            "identity_x": l1_loss(self.f(x), x),
            "identity_y": l1_loss(self.g(y), y),
        }
        loss = terms["g_loss"] + terms["f_loss"] + cycle * (terms["cycle_x"] + terms["cycle_y"])
        loss = loss + identity * (terms["identity_x"] + terms["identity_y"])
        self.generators.zero_grad()
        loss.backward()
        self.generators.step()
        return losses | {name: term.item() for name, term in terms.items()}


@pytest.mark.parametrize(
    ("ablation", "cycle", "identity"), [("gan", 0.0, 0.0), ("cycle", 7.0, 0.0), ("identity", 7.0, 3.0)]
)
def test_steps_are_those_of_the_paper(ablation: str, cycle: float, identity: float) -> None:
    game = CycleGAN(SMALL.replace(ablation=ablation, cycle_weight=7.0, identity_weight=3.0), CPU)
    reference = Reference(game)
    for number in range(5):
        seen = game.step()
        wanted = reference.step(number, cycle, identity)
        found = {name: value.item() for part in seen for name, value in part._asdict().items()}
        assert found == pytest.approx(wanted, rel=2e-4, abs=1e-6)
    x = game.fixed_x
    assert torch.allclose(game.g.network(x), reference.g(x), atol=1e-5)
    assert torch.allclose(game.dy.network(x), reference.dy(x)[:, 0], atol=1e-5)


def test_every_term_is_seen_whatever_acts() -> None:
    """What is in the loss changes what moves, not what is measured of the same weights."""
    first = {
        ablation: CycleGAN(SMALL.replace(ablation=ablation), CPU).step() for ablation in ("gan", "identity")
    }
    for name in ("cycle_x", "cycle_y", "identity_x", "identity_y"):
        assert getattr(first["gan"].g, name) == getattr(first["identity"].g, name) > 0.0


def test_a_state_holds_all_players_and_both_pools() -> None:
    chosen = SMALL.replace(pool_size=20, batch_size=8)
    whole, again = CycleGAN(chosen, CPU), CycleGAN(chosen, CPU)
    for _ in range(7):
        whole.step()
    again.load(whole.state())
    for _ in range(9):
        whole.step()
        again.step()
    after, other = whole.state(), again.state()
    assert {key.split(".")[0] for key in after} == {"g", "f", "dx", "dy", "x_pool", "y_pool"}
    assert after.keys() == other.keys()
    assert all(torch.equal(after[key], other[key]) for key in after)
    assert whole.y_pool.filled == 20 and whole.y_pool.samples.abs().sum() > 0


def test_one_side_alone() -> None:
    game = CycleGAN(SMALL, CPU)
    before = {player.name: player.vector.clone() for player in game.players}
    game.update("d")
    assert game.counts["d"] == game.counts["dy"] == 1 and game.counts["g"] == 0
    assert torch.equal(game.g.vector, before["g"]) and not torch.equal(game.dy.vector, before["dy"])
    game.update("g")
    assert game.counts["g"] == game.counts["f"] == 1
    assert not torch.equal(game.f.vector, before["f"])


def test_a_side_that_rests_is_measured_and_leaves_the_pools_alone() -> None:
    game = CycleGAN(SMALL.replace(d_updates=0, pool_size=20), CPU)
    seen = game.step()
    assert game.counts["d"] == 0 and game.y_pool.filled == 0 and float(seen.d.dy_loss) > 0.0
    still = CycleGAN(SMALL.replace(g_updates=0), CPU)
    seen = still.step()
    assert still.counts == {"d": 1, "g": 0, "f": 0, "dx": 1, "dy": 1} and float(seen.g.cycle_x) > 0.0


def test_ablation_and_weights_act_live() -> None:
    game = CycleGAN(SMALL, CPU)
    assert (game.cycle_weight, game.identity_weight) == (10.0, 0.0)
    game.apply(SMALL.replace(ablation="gan"))
    assert (game.cycle_weight, game.identity_weight) == (0.0, 0.0)
    game.apply(SMALL.replace(ablation="identity", cycle_weight=4.0))
    assert (game.cycle_weight, game.identity_weight) == (4.0, 5.0)


def test_pairs_are_unpaired_and_any_two_of_one_shape() -> None:
    x, y = pair_of(SMALL)
    assert x.dim == y.dim == 2
    game = CycleGAN(SMALL, CPU)
    turned = game.fixed_x.numpy() @ np.array([[0.0, 1.0], [-1.0, 0.0]])
    assert np.abs(turned - game.fixed_y.numpy()).mean() > 0.5  # no row of Y is a row of X, turned
    of_y = [key for key in SETTINGS["data_y"].choices or {} if key != "file"]
    assert set(of_y) >= {*DERIVED, *SHIPPED, "drawing"}
    for data in SHIPPED:
        for data_y in of_y:
            chosen = SMALL.replace(data=data, data_y=data_y)
            try:
                x, y = pair_of(chosen)
            except ExperimentError as error:
                assert str(error).startswith("data_y: ") and "accepted: " in str(error)
            else:
                assert (x.dim, x.image_shape) == (y.dim, y.image_shape)


@pytest.mark.parametrize(
    ("data", "data_y", "words"),
    [
        (
            "mixture_1d",
            "turned",
            r"^data_y: X, turned, but X has points of 1 coordinate \(1-D Gaussians\); "
            "accepted: points of 1 coordinate, or X, inverted$",
        ),
        (
            "digits",
            "shapes",
            r"^data_y: images of 28 × 28 in grey \(Shapes\), but X has images of 8 × 8 in grey "
            r"\(Digits, 8 × 8\); accepted: images of 8 × 8 in grey, or X, inverted$",
        ),
    ],
)
def test_what_does_not_fit_together_is_refused_in_one_line(data: str, data_y: str, words: str) -> None:
    with pytest.raises(ExperimentError, match=words):
        CycleGAN(SMALL.replace(data=data, data_y=data_y), CPU)


def test_a_step_reads_no_value_of_its_device() -> None:
    """Replay pools included, on torch's device without values; so nothing waits for a GPU."""
    experiment = SMALL.replace(pool_size=20, g_optimizer="sgd", d_optimizer="rmsprop")
    game = CycleGAN(experiment, torch.device("meta"))
    for _ in range(2):
        assert all(value.is_meta for part in game.step() for value in part)
    assert game.x_pool.filled == 20 and game.x_pool.samples.is_meta


@pytest.mark.cuda
def test_cuda_follows_the_cpu_and_never_synchronises() -> None:
    experiment = SMALL.replace(pool_size=20)
    here, there = CycleGAN(experiment, CPU), CycleGAN(experiment, torch.device("cuda:0"))
    for _ in range(3):
        for mine, others in zip(here.step(), there.step(), strict=True):
            for one, other in zip(mine, others, strict=True):
                torch.testing.assert_close(one, other.cpu(), rtol=1e-3, atol=1e-4)
    torch.cuda.set_sync_debug_mode("error")
    try:
        for _ in range(20):
            there.step()
    finally:
        torch.cuda.set_sync_debug_mode("default")


def test_own_files_for_both_sides(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    for name, low in (("x", 0), ("y", 128)):
        np.save(tmp_path / f"{name}.npy", random.integers(low, low + 100, (30, 8, 8), dtype=np.uint8))
    (tmp_path / "own.toml").write_text(
        'game = "cyclegan"\ndata = "file"\ndata_path = "x.npy"\ndata_y = "file"\ndata_path_y = "y.npy"\n'
        "image_size = 8\nbatch_size = 8\n"
    )
    chosen = Experiment.load(tmp_path / "own.toml")
    assert chosen.data_path_y == str(tmp_path / "y.npy")
    assert 'data_path_y = "y.npy"' in chosen.to_toml(tmp_path)
    x, y = pair_of(chosen)
    draws = (source.sample(np.random.default_rng(1), 50) for source in (x, y))
    assert [float(drawn.mean()) > 0.0 for drawn in draws] == [False, True]
    with pytest.raises(ExperimentError, match=r"none\.npy"):
        pair_of(chosen.replace(data_path_y=str(tmp_path / "none.npy")))


def test_two_drawings_survive_a_file() -> None:
    drawn = SMALL.replace(
        data="drawing", drawing="0,0 1,1", data_y="drawing", drawing_y="2,-2 2,-1", sigma_y=0.2
    )
    read = Experiment.from_toml(drawn.to_toml(), "file")
    assert read == drawn
    x, y = pair_of(read)
    np.testing.assert_array_equal(x.points, [[0, 0], [1, 1]])  # type: ignore[attr-defined]
    np.testing.assert_array_equal(y.points, [[2, -2], [2, -1]])  # type: ignore[attr-defined]
    assert (x.softness, y.softness) == (drawn.sigma, 0.2)  # type: ignore[attr-defined]
    with pytest.raises(ExperimentError, match=r"^f: drawing_y.*point 2.*accepted: "):
        Experiment.from_toml('drawing_y = "0,0 1"', "f")


def test_a_setting_that_x_and_y_share_acts_for_either() -> None:
    both = SMALL.replace(data="digits", data_y="glyphs")
    assert both.applies("image_size") and both.applies("image_count")
    assert not both.replace(data_y="digits_inverted").applies("image_size")
    assert not both.replace(game="gan").applies("image_size")
    assert not both.replace(data="ring", data_y="square").applies("modes_y"), "Y has its own"


def test_settings_that_y_has_too_say_whose_they_are() -> None:
    titles = {key: SMALL.title(key) for key in SETTINGS}
    assert (titles["data"], titles["data_y"]) == ("Data of X", "Data of Y")
    assert titles["sigma"] == "Spread of X" and titles["image_size"] == "Image size"
    of_data = [title for key, title in titles.items() if SETTINGS[key].group == "data"]
    assert len(of_data) == len(set(of_data))
    assert SMALL.replace(game="gan").title("data") == "Data"
