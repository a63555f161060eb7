"""Steps captured into CUDA graphs: the device is sent several whole steps in one launch.

What is captured are the updates of :mod:`ganviz.training.traced`: plain tensor operations, forward and
backward, of which a graph keeps the kernels and the addresses. So a call must leave everything where it lay:
weights, moments and rates are moved and set in place, and the batches of a call are copied into blocks of
fixed place, from the same streams as ever. Nothing in a step draws a random number or waits for the device.
See "CUDA Graphs" in the notes on CUDA semantics of PyTorch's documentation for what a capture allows.

Written from the documentation: it has not been run on a device by its authors. So each graph is held to a
plain run of its steps before it is used, and on a machine that has a device the tests marked ``cuda`` hold
the whole to the eager steps.
"""

from __future__ import annotations

import gc
import threading
import weakref
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import torch
from torch import Tensor

from ganviz.games.gan import GAN
from ganviz.games.streams import Stream
from ganviz.training.traced import Program, Traced, put_back

WARM_UPS = 3
"""Runs before a capture: libraries and kernels are set up at their first use, which cannot be captured."""
RING_STEPS = 256
"""Steps of which the device keeps what was seen. Who plays must have read it before that many more."""

_same = partial(torch.allclose, rtol=1e-3, atol=1e-6, equal_nan=True)
"""How near a graph must come to a plain run of its steps: a library may choose another product in a graph."""


class Recorder(Protocol):
    """What makes one launch of a function that reads and writes tensors of fixed place alone."""

    def capture(self, run: Callable[[], None], moved: Sequence[Tensor]) -> Callable[[], None]:
        """What does from now on, without Python, what ``run`` does. ``moved``: the tensors that keep what it
        does from run to run; they are afterwards as they were. Raises RuntimeError where it cannot be done.
        """

    def launched(self) -> None:
        """A call was sent off. Returns once the one before it is done."""

    def finish(self) -> None:
        """Return once all calls are done."""


_FREE_STREAMS: defaultdict[torch.device, list[torch.cuda.Stream]] = defaultdict(list)
_CAPTURING = threading.Lock()
"""Held during a capture: torch allows one at a time in a process."""
_BROKEN_OFF: list[torch.cuda.CUDAGraph] = []
"""Graphs whose capture failed, for good: torch's allocators may go on asking one whether it is capturing."""


@contextmanager
def uncollected() -> Iterator[None]:
    """Without Python's collection of cycles meanwhile: a graph that is destroyed in the thread that captures
    another breaks this off."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


class CudaGraphs:
    """All that is CUDA's own. Captures and launches are the training thread's; others may go on meanwhile.

    Each has a stream of its own to capture on, and all graphs of a stream are given up together: with one of
    them some releases of torch free the workspace of cuBLAS that the others of that stream point to. The next
    one takes a stream that is free again, as some keep its workspace for good.
    """

    def __init__(self, device: torch.device) -> None:
        self._device = device
        free = _FREE_STREAMS[device]
        self._side = free.pop() if free else torch.cuda.Stream(device)
        weakref.finalize(self, free.append, self._side)
        self._sent = [torch.cuda.Event(blocking=True), torch.cuda.Event(blocking=True)]

    def capture(self, run: Callable[[], None], moved: Sequence[Tensor]) -> Callable[[], None]:
        graph = torch.cuda.CUDAGraph()
        with _CAPTURING, uncollected(), torch.cuda.device(self._device):
            usual, side = torch.cuda.current_stream(), self._side
            side.wait_stream(usual)
            try:
                # Warmed up on the stream that captures, whose workspace the libraries keep for themselves.
                # The outer `stream` leads back even where a failed capture leaves the inner one unclosed.
                with torch.cuda.stream(side):
                    with put_back(moved):
                        for _ in range(WARM_UPS):
                            run()
                    with torch.cuda.graph(graph, stream=side, capture_error_mode="thread_local"):
                        run()
            except BaseException:
                _BROKEN_OFF.append(graph)
                raise
            finally:
                usual.wait_stream(side)
        return graph.replay

    def launched(self) -> None:
        """One call ahead keeps the device busy. More would only make what is changed or shown wait longer,
        and the time a call takes would no longer be told by how long it takes to return."""
        with torch.cuda.device(self._device):
            self._sent[0].record()
        self._sent.reverse()
        self._sent[0].synchronize()  # by sleeping: neither Python's lock nor a core is held meanwhile

    def finish(self) -> None:
        for event in self._sent:
            event.synchronize()


@dataclass(frozen=True)
class Block:
    """The batches that one call reads of a stream, (batches, rows, dim): consecutive ones, the first of them
    ``offset`` after the count of its clock's player."""

    stream: Stream
    offset: int
    batches: Tensor


class Ring:
    """What the latest RING_STEPS steps saw, on the device, a row each of ``width`` numbers."""

    def __init__(self, width: int, device: torch.device) -> None:
        self._rows = torch.empty(RING_STEPS, width, device=device)
        self._next = 0

    def keep(self, record: Tensor) -> Tensor:
        """Copy the rows of a call, (steps, width); returns them where they stay."""
        if self._next + len(record) > RING_STEPS:
            self._next = 0
        kept = self._rows[self._next : self._next + len(record)]
        self._next += len(record)
        return kept.copy_(record)


class Captured(Traced):
    """Plays steps of one game on a CUDA device as captured graphs, where its settings allow that.

    Only the graphs of the settings as they are stay: each holds memory of the device.
    """

    name = "captured"
    device_type = "cuda"
    recorder: Callable[[torch.device], Recorder] = CudaGraphs

    def __init__(self, game: GAN) -> None:
        super().__init__(game)
        self._recorder: Recorder | None = None
        self._ring: Ring | None = None
        self._moved: list[Tensor] = []

    @property
    def ready(self) -> bool:
        """Whether the next steps can be played from a graph, and it moves the tensors that are moved now."""
        return super().ready and self._moves_these()

    def held(self, steps: int) -> None:
        """Steps were played under the settings as they are; graphs of others are given up."""
        if self._key() != self._settings:
            self._give_up()
        super().held(steps)

    def prepare(self) -> bool:
        """As :meth:`Traced.prepare`; graphs that move what is no longer moved are given up first."""
        if not self._moves_these():
            self._give_up()
        made = super().prepare()
        if self._key() in self._failed:
            self._give_up()
        return made

    def _moves_these(self) -> bool:
        now = _carried(self._game)
        return len(now) == len(self._moved) and all(a is b for a, b in zip(now, self._moved, strict=True))

    def _give_up(self) -> None:
        if self._recorder:
            self._recorder.finish()
        self._programs.clear()
        self._moved = _carried(self._game)

    def _call(self, key: Hashable, steps: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        return self._programs[key, steps]()

    def _make_program(self, key: Hashable, steps: int) -> Program:
        """A function without arguments: it plays the steps by a launch, and returns what was seen, in the
        ring. It knows nothing of this object, so that a graph goes when its game does."""
        game, rows = self._game, self._game.experiment.batch_size
        recorder = self._recorder = self._recorder or self.recorder(game.device)
        ring = self._ring = self._ring or Ring(2 + 2 * rows, game.device)
        blocks, batches = self._blocks(key, steps)
        played, inputs = self._program(key, steps), [*self._moved, *batches]
        record = torch.empty(steps, 2 + 2 * rows, device=game.device)

        def run() -> None:
            with torch.no_grad():
                d_losses, g_losses, reals, fakes = played(*inputs)
                record.copy_(torch.cat([d_losses.unsqueeze(1), g_losses.unsqueeze(1), reals, fakes], 1))

        launch = recorder.capture(run, self._moved)
        _compare(run, launch, self._moved, record)

        def program(held: object) -> tuple[Tensor, Tensor, Tensor, Tensor]:
            _fill(game, blocks)
            launch()
            d_losses, g_losses, reals, fakes = ring.keep(record).split([1, 1, rows, rows], 1)
            recorder.launched()
            return d_losses.squeeze(1), g_losses.squeeze(1), reals, fakes

        return partial(program, run)  # which holds the inputs and constants that the graph points to

    def _blocks(self, key: Hashable, steps: int) -> tuple[list[Block], list[Tensor]]:
        """A block for each stream that the steps read, filled for the next ones, and in them the batches in
        the order in which they are read."""
        reads = list(self._reads(key, steps))
        counts = {"d": self._game.d.count, "g": self._game.g.count}
        numbers: dict[Stream, list[int]] = {}
        for stream, number in reads:
            numbers.setdefault(stream, []).append(number)
        blocks = {}
        for stream, its in numbers.items():
            first = stream.batch(min(its))
            batches = first.new_empty(max(its) + 1 - min(its), *first.shape)
            blocks[stream] = Block(stream, min(its) - counts[stream.clock], batches)
        _fill(self._game, blocks.values())
        return list(blocks.values()), [blocks[s].batches[number - min(numbers[s])] for s, number in reads]


def _compare(
    run: Callable[[], None], launch: Callable[[], None], moved: Sequence[Tensor], record: Tensor
) -> None:
    """RuntimeError unless a launch does what ``run`` does, from where the game is, which stays there. Without
    this a capture that came out empty would look very fast."""
    ends = []
    for play in (run, launch):
        record.zero_()
        with put_back(moved):
            play()
            ends.append([value.clone() for value in (record, *moved)])
    if not all(_same(*pair) for pair in zip(*ends, strict=True)):
        raise RuntimeError("a captured graph does something else than its steps")


def _fill(game: GAN, blocks: Iterable[Block]) -> None:
    """Copy the batches of the next steps to where the graph reads them."""
    counts = {"d": game.d.count, "g": game.g.count}
    for block in blocks:
        block.stream.fill(block.batches, counts[block.stream.clock] + block.offset)


def _carried(game: GAN) -> list[Tensor]:
    return [*game.d.carried, *game.g.carried]
