"""Captured steps against the eager ones: on the CPU all but the capture itself, the rest where CUDA is."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from ganviz.experiment import Experiment
from ganviz.games.gan import GAN
from ganviz.games.streams import POOL_ROWS, Stream, gaussian
from ganviz.live.tempo import CALL_SECONDS
from ganviz.theory.objectives import OBJECTIVES
from ganviz.training import backends, captured, traced
from ganviz.training.backends import BACKENDS, fast_steps
from ganviz.training.captured import RING_STEPS, Captured, Ring
from ganviz.training.game import Kind
from ganviz.training.traced import Traced, put_back
from ganviz.training.trainer import Trainer

CPU = torch.device("cpu")
SMALL = Experiment.preset("ring8").replace(batch_size=32, g_width=16, d_width=16)
OPTIMIZERS = ("sgd", "adam", "rmsprop")
CHOICES: list[dict[str, Any]] = [
    *({"objective": key} for key in OBJECTIVES),
    *({"g_optimizer": key, "d_optimizer": key} for key in OPTIMIZERS),
    {"g_gradient_clip": 0.05, "d_gradient_clip": 0.1},
    {"d_updates": 3, "g_noise": "same"},
    {"g_updates": 4},
    {"objective": "wasserstein", "gradient_penalty": 1.0, "weight_clip": 0.0},
    {"objective": "relativistic", "r1": 0.1, "r2": 0.1},
    {"dragan": 0.3, "smooth_real": 0.9},
    {"instance_noise": 0.2},
]
NO_CAPTURE: list[dict[str, Any]] = [
    {"spectral_norm": "on"},
    {"instance_noise": 0.2, "instance_noise_decay": 50},
    {"update_order": "simultaneous"},
    {"g_updates": 0},
]


class Straight:
    """Runs what would be captured, as often and with the same care for what it moves."""

    def __init__(self, device: torch.device) -> None:
        self.calls = 0

    def capture(self, run: Callable[[], None], moved: Sequence[Tensor]) -> Callable[[], None]:
        with put_back(moved):
            for _ in range(captured.WARM_UPS):
                run()
        return run

    def launched(self) -> None:
        self.calls += 1

    def finish(self) -> None:
        pass


class Failing(Straight):
    """A device on which the second capture does not succeed."""

    def capture(self, run: Callable[[], None], moved: Sequence[Tensor]) -> Callable[[], None]:
        self.calls += 1
        if self.calls > 1:
            raise RuntimeError("operation not permitted when stream is capturing")
        return super().capture(run, moved)


class OnCpu(Captured):
    """All of it but CUDA."""

    device_type = "cpu"
    recorder = Straight


class OnFailing(OnCpu):
    recorder = Failing


class Empty(Straight):
    """A device whose capture comes out empty, without a word."""

    def capture(self, run: Callable[[], None], moved: Sequence[Tensor]) -> Callable[[], None]:
        super().capture(run, moved)
        return lambda: None


class Forgetful(Straight):
    """A device that launches everything but the moves of D's weights."""

    def capture(self, run: Callable[[], None], moved: Sequence[Tensor]) -> Callable[[], None]:
        launch = super().capture(run, moved)

        def faulty() -> None:
            with put_back(moved[:1]):
                launch()

        return faulty


class Operations(TorchDispatchMode):
    """Writes down the operations that are run and the tensors that they were run on. As in a capture, no
    value may be read, and what was computed meanwhile counts for nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[tuple[Any, Any, Any, Any]] = []

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if func is torch.ops.aten._local_scalar_dense.default or torch.Tag.dynamic_output_shape in func.tags:
            raise RuntimeError(f"{func} waits for the device")
        result = func(*args, **(kwargs or {}))
        self.calls.append((func, args, kwargs or {}, result))
        return result

    def repeat(self) -> None:
        for func, args, kwargs, result in self.calls:
            again = func(*args, **kwargs)
            for old, new in zip(tree_leaves(result), tree_leaves(again), strict=True):
                if isinstance(old, Tensor) and old.data_ptr() != new.data_ptr():
                    old.copy_(new)

    def forget_values(self) -> None:
        """What was computed is lost: a tensor of these that is read before it is written shows."""
        given, made = set[int](), set[int]()
        results: list[Tensor] = []
        for _, args, kwargs, result in self.calls:
            given |= _storages((args, kwargs)) - made
            made |= _storages(result) - given
            results += [value for value in tree_leaves(result) if isinstance(value, Tensor)]
        for value in results:
            if _storages(value) <= made:
                value.fill_(torch.nan)


def _storages(values: Any) -> set[int]:
    """Where the tensors among nested values lie."""
    tensors = [value for value in tree_leaves(values) if isinstance(value, Tensor)]
    return {value.untyped_storage().data_ptr() for value in tensors}


class Repeating(Straight):
    """A graph in place of Python: the same operations on the same tensors, and nothing else."""

    def capture(self, run: Callable[[], None], moved: Sequence[Tensor]) -> Callable[[], None]:
        super().capture(run, moved)
        operations = Operations()
        with put_back(moved), operations:
            run()
        operations.forget_values()
        return operations.repeat


@pytest.fixture
def on_cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    """Trainers capture their steps after five, without a device."""
    monkeypatch.setattr(traced, "EAGER_FIRST", 5)
    monkeypatch.setitem(backends.BACKENDS, "cpu", OnCpu)


# On the CPU


@pytest.mark.parametrize("settings", [*CHOICES, {"batch_size": POOL_ROWS // 4}], ids=str)
def test_steps_on_fixed_blocks_have_the_bits_of_eager_ones(settings: dict[str, Any]) -> None:
    """The last has a pool of four batches, so that blocks reach from one pool into the next."""
    experiment = SMALL.replace(**settings)
    steps = 25 if experiment.batch_size == SMALL.batch_size else 17
    game, eager = GAN(experiment, CPU), GAN(experiment, CPU)
    for _ in range(3):
        game.step(), eager.step()
    player = ready(OnCpu(game))
    assert_same(game, eager)  # warming up has moved nothing
    seen = []
    while len(seen) < steps:
        seen += player.play(min(steps - len(seen), 7))  # calls of several steps and of one
    expected = [eager.step() for _ in range(steps)]
    assert_same(game, eager)
    assert all(
        torch.equal(a, b) for x, y in zip(seen, expected, strict=True) for a, b in zip(x, y, strict=True)
    )


@pytest.mark.parametrize("settings", CHOICES, ids=str)
def test_the_operations_of_a_call_suffice_where_their_tensors_lie(
    settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(OnCpu, "recorder", Repeating)
    game, eager = GAN(SMALL.replace(**settings), CPU), GAN(SMALL.replace(**settings), CPU)
    game.step(), eager.step()
    player = ready(OnCpu(game))
    seen: list[Any] = []
    for rate in (1e-3, 2e-3):  # a rate acts in the same graph
        for one in (game, eager):
            one.apply(one.experiment.replace(g_learning_rate=rate))
        goal = len(seen) + 12
        while len(seen) < goal:
            seen += player.play(goal - len(seen))
    for rate in (1e-3, 2e-3):
        eager.apply(eager.experiment.replace(g_learning_rate=rate))
        for _ in range(12):
            for mine, other in zip(seen.pop(0), eager.step(), strict=True):
                assert torch.equal(mine, other)
    assert_same(game, eager)


def test_python_collects_nothing_while_a_graph_is_captured() -> None:
    assert gc.isenabled()
    with pytest.raises(RuntimeError, match="broken off"), captured.uncollected():
        assert not gc.isenabled()
        raise RuntimeError("broken off")
    assert gc.isenabled()
    gc.disable()
    try:
        with captured.uncollected():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_a_block_holds_the_batches_of_its_numbers() -> None:
    def stream() -> Stream:
        return Stream(3, "data", POOL_ROWS // 4, gaussian(2), CPU)

    filled, asked = stream(), stream()
    block = torch.empty(6, POOL_ROWS // 4, 2)
    for first in (0, 1, 3, 7, 2):  # over one end of a pool or two, and back
        filled.fill(block, first)
        for index, batch in enumerate(block):
            assert torch.equal(batch, asked.batch(first + index))


def test_the_ring_keeps_the_order_and_what_is_not_yet_read() -> None:
    ring = Ring(2, CPU)
    kept: list[tuple[int, Tensor]] = []
    written = 0
    for call in range(400):
        steps = (5, 1, 3, 20)[call % 4]
        numbers = torch.arange(written, written + steps, dtype=torch.float32)
        rows = ring.keep(torch.stack([numbers, -numbers], 1))
        kept += [(written + index, row) for index, row in enumerate(rows)]
        written += steps
        for number, row in kept[-Kind.flush_rows :]:
            assert row.tolist() == [number, -number]
    assert traced.MOST_UPDATES * 2 + Kind.flush_rows <= RING_STEPS


def test_a_trainer_records_the_same_with_captured_steps(
    on_cpu: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    fast = Trainer(SMALL)
    for steps in (7, 160, 33):
        fast.step(steps)
    monkeypatch.setattr(traced, "EAGER_FIRST", 10**9)
    eager = Trainer(SMALL)
    eager.step(200)
    assert (fast.backend, eager.backend) == ("captured", "eager")
    assert_same(fast.game, eager.game)
    for name in ("step", "d_updates", "g_updates", "d_loss", "g_loss", "value", "d_real", "d_fake"):
        mine, others = fast.history.steps.column(name), eager.history.steps.column(name)
        assert mine.tobytes() == others.tobytes()


def test_a_rate_acts_in_the_same_graph_and_other_changes_make_a_new_one(on_cpu: None) -> None:
    trainer, reference = Trainer(SMALL), GAN(SMALL, CPU)
    for change, backend in (
        ({}, "eager"),
        ({"g_learning_rate": 0.02}, "captured"),
        ({"objective": "hinge"}, "eager"),
        ({"d_optimizer": "sgd"}, "eager"),
        ({"d_optimizer": "adam", "objective": "minimax"}, "eager"),
    ):
        experiment = trainer.experiment.replace(**change)
        trainer.apply(experiment)
        reference.apply(experiment)
        assert trainer.backend == backend
        trainer.step(12)
        for _ in range(12):
            reference.step()
        assert trainer.backend == "captured"
        assert_same(trainer.game, reference)
        assert len(trainer._fast._programs) == 2  # type: ignore[attr-defined]  # of one step and of several


def test_an_optimizer_changed_to_and_fro_is_not_moved_where_it_lay(on_cpu: None) -> None:
    """Between two calls: the settings are those of the graph, the moments are not."""
    trainer, reference = Trainer(SMALL), GAN(SMALL, CPU)
    for _ in range(2):
        assert trainer.backend == "eager"
        trainer.step(12)
        for _ in range(12):
            reference.step()
        assert trainer.backend == "captured"
        assert_same(trainer.game, reference)
        for one in (trainer, reference):
            one.apply(SMALL.replace(g_optimizer="rmsprop"))
            one.apply(SMALL)


def test_a_state_is_loaded_where_the_graph_moves_it(on_cpu: None) -> None:
    trainer = Trainer(SMALL)
    start = trainer.state()
    trainer.step(20)
    then = trainer.game.state()
    trainer.load(start)
    assert trainer.backend == "captured"
    trainer.step(20)
    assert all(torch.equal(value, then[key]) for key, value in trainer.game.state().items())


def test_a_divergence_is_seen_and_gone_back_from(on_cpu: None) -> None:
    trainer = Trainer(SMALL.replace(g_optimizer="sgd", d_optimizer="sgd", objective="least_squares"))
    trainer.step(120)
    assert trainer.backend == "captured"
    trainer.apply(trainer.experiment.replace(d_learning_rate=100.0))
    trainer.step(200)
    assert "not finite" in trainer.diverged and 120 < trainer.step_count < 320
    trainer.restore()
    assert trainer.step_count == 100 and not trainer.diverged
    assert all(value.isfinite().all() for value in trainer.game.state().values())


@pytest.mark.parametrize("settings", NO_CAPTURE, ids=str)
def test_where_a_graph_would_be_wrong_steps_stay_eager(settings: dict[str, Any], on_cpu: None) -> None:
    trainer = Trainer(SMALL.replace(**settings))
    trainer.step(10)
    assert (trainer.backend, trainer.step_count) == ("eager", 10)


def test_where_a_capture_fails_steps_stay_eager_and_it_is_logged(
    on_cpu: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(backends.BACKENDS, "cpu", OnFailing)
    caplog.set_level("INFO", traced.__name__)
    trainer, reference = Trainer(SMALL), GAN(SMALL, CPU)
    trainer.step(30)
    for _ in range(30):
        reference.step()
    assert trainer.backend == trainer.observe().backend == "eager"
    assert [record.getMessage() for record in caplog.records] == [
        "no captured steps: operation not permitted when stream is capturing"
    ]
    assert_same(trainer.game, reference)


@pytest.mark.parametrize("recorder", [Empty, Forgetful])
def test_a_graph_that_does_something_else_is_not_used(
    recorder: type[Straight], on_cpu: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(OnCpu, "recorder", recorder)
    trainer, reference = Trainer(SMALL), GAN(SMALL, CPU)
    trainer.step(20)
    for _ in range(20):
        reference.step()
    assert trainer.backend == "eager"
    assert_same(trainer.game, reference)


def test_graphs_go_with_their_game_and_not_some_time_later(on_cpu: None) -> None:
    """Graphs of the next game may be captured on the same stream: those of the last must be gone by then."""
    trainer = Trainer(SMALL)
    trainer.step(12)
    gone = [weakref.ref(program) for program in trainer._fast._programs.values()]  # type: ignore[attr-defined]
    gc.disable()
    try:
        trainer.reset()
        assert len(gone) == 2 and not any(program() for program in gone)
    finally:
        gc.enable()


def test_each_device_has_its_backend_and_each_backend_its_time_for_a_call() -> None:
    assert type(fast_steps(GAN(SMALL, CPU))) is Traced
    assert {kind: backend.name for kind, backend in BACKENDS.items()} == {"cpu": "traced", "cuda": "captured"}
    assert set(CALL_SECONDS) == {"eager", "traced", "captured", "exact"}


def test_nothing_is_captured_off_cuda() -> None:
    player = Captured(GAN(SMALL, CPU))
    player.held(traced.EAGER_FIRST)
    assert not player.prepare() and not player.ready


# With CUDA

LIKE_EAGER = {"rtol": 1e-4, "atol": 1e-5}
"""The same kernels in the same order; but a library may choose another product under a graph."""


@pytest.mark.cuda
@pytest.mark.parametrize("settings", CHOICES, ids=str)
def test_cuda_captured_steps_move_every_weight_as_eager_ones_do(settings: dict[str, Any]) -> None:
    experiment = SMALL.replace(**settings)
    game, eager = on_cuda(experiment), on_cuda(experiment)
    for _ in range(3):
        game.step(), eager.step()
    before = game.state()
    player = ready(Captured(game))
    assert_same(game, eager)  # warming up and capturing have moved nothing
    seen = []
    while len(seen) < 100:
        seen += player.play(min(100 - len(seen), 7))
    expected = [eager.step() for _ in range(100)]
    for one, other in zip(seen, expected, strict=True):
        torch.testing.assert_close(tuple(one), tuple(other), **LIKE_EAGER)
    after, eager_after = game.state(), eager.state()
    for key, value in eager_after.items():
        torch.testing.assert_close(after[key], value, **LIKE_EAGER)
    still = {key for key in after if ".weights." in key and torch.equal(after[key], before[key])}
    outer = max(key for key in after if key.startswith("d.weights.biases"))
    assert still <= ({outer} if experiment.objective in ("wasserstein", "relativistic") else set())


@pytest.mark.cuda
def test_cuda_calls_never_synchronise_but_on_their_own_event() -> None:
    player = ready(Captured(on_cuda(SMALL)))
    torch.cuda.set_sync_debug_mode("error")
    try:
        for _ in range(20):
            player.play(player.chunk)
    finally:
        torch.cuda.set_sync_debug_mode("default")


@pytest.mark.cuda
def test_cuda_python_collects_nothing_in_a_capture() -> None:
    """A graph that is destroyed meanwhile would break it off: "operation not permitted"."""
    value, collects = torch.zeros(3, device="cuda:0"), []

    def run() -> None:
        value.add_(1.0)
        collects.append((torch.cuda.is_current_stream_capturing(), gc.isenabled()))

    launch = captured.CudaGraphs(value.device).capture(run, [value])
    assert collects[-1] == (True, False) and gc.isenabled()
    launch(), launch()
    assert value.tolist() == [2.0, 2.0, 2.0]


@pytest.mark.cuda
def test_cuda_a_capture_that_breaks_off_does_no_harm_to_the_next() -> None:
    value = torch.zeros(3, device="cuda:0")
    recorder = captured.CudaGraphs(value.device)

    def waits() -> None:
        value.add_(1.0)
        if torch.cuda.is_current_stream_capturing():
            value.sum().item()

    with pytest.raises(RuntimeError):
        recorder.capture(waits, [value])
    gc.collect()
    assert value.tolist() == [0.0, 0.0, 0.0]
    assert torch.cuda.current_stream() == torch.cuda.default_stream()

    def adds() -> None:
        value.add_(1.0)

    recorder.capture(adds, [value])()
    assert value.tolist() == [1.0, 1.0, 1.0]


@pytest.mark.cuda
def test_cuda_steps_are_captured_in_a_thread_beside_one_that_uses_the_device() -> None:
    game, eager = on_cuda(SMALL), on_cuda(SMALL)
    game.step(), eager.step()
    players: list[Captured] = []
    thread = threading.Thread(target=lambda: players.append(ready(Captured(game))))
    thread.start()
    while thread.is_alive():
        torch.ones(1 << 16, device="cuda:0").sum().item()
    thread.join()
    seen = players[0].play(players[0].chunk)
    for one in seen:
        torch.testing.assert_close(tuple(one), tuple(eager.step()), **LIKE_EAGER)


@pytest.mark.cuda
def test_cuda_changes_act_at_the_next_call(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(traced, "EAGER_FIRST", 5)
    trainer, reference = Trainer(SMALL.replace(device="cuda")), on_cuda(SMALL)
    for change, backend in (
        ({}, "eager"),
        ({"g_learning_rate": 0.02}, "captured"),
        ({"objective": "hinge"}, "eager"),
        ({"d_optimizer": "sgd"}, "eager"),
    ):
        trainer.apply(trainer.experiment.replace(**change))
        reference.apply(reference.experiment.replace(**change))
        assert trainer.backend == backend
        trainer.step(25)
        for _ in range(25):
            reference.step()
        assert trainer.backend == "captured"
        for key, value in reference.state().items():
            torch.testing.assert_close(trainer.game.state()[key], value, **LIKE_EAGER)


@pytest.mark.cuda
def test_cuda_looking_on_changes_no_bit_and_the_record_is_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(traced, "EAGER_FIRST", 5)
    watched, unwatched = Trainer(SMALL.replace(device="cuda")), Trainer(SMALL.replace(device="cuda"))
    for _ in range(40):
        watched.step(10)
        watched.run()
    unwatched.step(400)
    assert watched.backend == unwatched.backend == "captured"
    assert_same(watched.game, unwatched.game)
    for name in ("step", "d_loss", "g_loss", "d_real", "d_fake"):
        mine, others = watched.history.steps.column(name), unwatched.history.steps.column(name)
        np.testing.assert_array_equal(mine, others)


@pytest.mark.cuda
def test_cuda_snapshots_are_of_their_step_and_can_be_gone_back_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(traced, "EAGER_FIRST", 5)
    trainer = Trainer(SMALL.replace(device="cuda"))
    trainer.step(50)
    snapshot = trainer.state()
    trainer.step(50)
    then = trainer.game.state()
    trainer.load(snapshot)
    trainer.step(50)
    assert trainer.backend == "captured"
    assert all(torch.equal(value, then[key]) for key, value in trainer.game.state().items())


@pytest.mark.cuda
def test_cuda_the_last_good_state_does_not_need_the_device() -> None:
    trainer = Trainer(SMALL.replace(device="cuda"))
    trainer.step(100)
    kept, now = trainer.kept_state(), trainer.game.state()
    assert {value.device.type for value in kept.values()} == {"cpu"}
    assert int(kept["step"]) == 100
    assert all(torch.equal(kept[key], value.cpu()) for key, value in now.items())
    trainer.step(7)
    trainer.restore()
    assert all(torch.equal(trainer.game.state()[key], value) for key, value in now.items())


@pytest.mark.cuda
def test_cuda_divergence_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(traced, "EAGER_FIRST", 5)
    settings = {"g_optimizer": "sgd", "d_optimizer": "sgd", "objective": "least_squares", "device": "cuda"}
    trainer = Trainer(SMALL.replace(**settings))
    trainer.step(120)
    trainer.apply(trainer.experiment.replace(d_learning_rate=100.0))
    assert trainer.backend == "captured"
    trainer.step(200)
    assert "not finite" in trainer.diverged and 120 < trainer.step_count < 320
    trainer.restore()
    assert trainer.step_count == 100 and not trainer.diverged


@pytest.mark.cuda
def test_cuda_games_side_by_side_do_not_disturb_each_other() -> None:
    """Nor when one's graphs go: each has its own stream, and the next takes that of the one that went."""
    games = [on_cuda(SMALL) for _ in range(3)]
    for game in games:
        game.step()
    first, second = ready(Captured(games[0])), ready(Captured(games[1]))
    eager = games[2]
    for _ in range(2):
        first.play(first.chunk), second.play(second.chunk)
    del second
    torch.cuda.synchronize()
    torch.cuda.empty_cache()
    first.play(first.chunk)
    for _ in range(3 * first.chunk):
        eager.step()
    for key, value in eager.state().items():
        torch.testing.assert_close(games[0].state()[key], value, **LIKE_EAGER)
    streams = captured._FREE_STREAMS[torch.device("cuda:0")]
    assert streams and len(streams) == len({stream.cuda_stream for stream in streams})


@pytest.mark.cuda
def test_cuda_memory_does_not_grow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither with steps nor with captures: what the graphs of earlier settings held is free again."""
    monkeypatch.setattr(traced, "EAGER_FIRST", 5)
    trainer = Trainer(SMALL.replace(device="cuda"))

    def pools() -> set[tuple[int, int]]:
        """Of whom memory is reserved; each graph has a pool of its own."""
        return {tuple(segment["segment_pool_id"]) for segment in torch.cuda.memory_snapshot()}

    before = pools() | {(0, 0)}

    def allocated() -> int:
        for objective in ("hinge", "minimax", "least_squares", "wasserstein"):
            trainer.apply(trainer.experiment.replace(objective=objective))
            trainer.step(300)
            assert trainer.backend == "captured"
        fast: Any = trainer._fast
        fast._give_up()
        gc.collect()
        torch.cuda.synchronize()
        torch.cuda.empty_cache()
        assert pools() <= before
        return torch.cuda.memory_allocated()

    allocated()
    settled = allocated()
    assert [allocated() for _ in range(5)] == [settled] * 5


def on_cuda(experiment: Experiment) -> GAN:
    return GAN(experiment, torch.device("cuda:0"))


def assert_same(one: GAN, other: GAN) -> None:
    """All that training changes is equal, bit for bit."""
    theirs = other.state()
    assert all(torch.equal(value, theirs[key]) for key, value in one.state().items())


def ready(player: Captured) -> Captured:
    """Captured steps of a game that has made its first ones."""
    player.held(traced.EAGER_FIRST)
    while player.prepare():
        pass
    assert player.ready
    return player
