"""Steps without Python between them: the game's own updates, traced into graphs and played many in one call.

An eager step spends much of its time on bookkeeping. Here each player's update is run once while its tensor
operations, forward and backward, are written down; five steps of them and of the optimisers become one
TorchScript function, which runs without Python and so without its lock. The operations are the same ones in
the same order, so every bit is that of :meth:`GAN.step`: what plays a step is a matter of speed alone, and
may change at any call.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor
from torch.fx import GraphModule
from torch.fx.experimental.proxy_tensor import make_fx

from ganviz.experiment import Experiment
from ganviz.games.gan import GAN, Seen
from ganviz.games.streams import Stream
from ganviz.loading import all_kept
from ganviz.training.graphs import Replay, tidied

UPDATES = 10
"""Updates of one call, as far as whole steps allow. A change of settings waits for the end of a call."""
MOST_UPDATES = 20
"""Updates of one step above which it is not traced: the graph would be too long."""
EAGER_FIRST = 200
"""Eager steps under the same settings before these are worth a trace."""
KEPT_SETTINGS = 4
"""Settings whose graphs are kept, the latest ones: those of one take 10 to 16 MB."""
NOT_IN_GRAPH = {
    "name", "description", "seed", "device", "head_start", "measure_every",
    "d_learning_rate", "g_learning_rate",
}  # fmt: skip
"""Settings that the graphs do not depend on; rates are inputs of theirs."""

Letter = Literal["d", "g"]
Program = Callable[..., tuple[Tensor, Tensor, Tensor, Tensor]]


@dataclass(frozen=True)
class Read:
    """A batch that an update reads: its stream, and its number less the count of its clock's player."""

    stream: Stream
    clock: Letter
    offset: int


@dataclass(frozen=True)
class Update:
    """One player's update up to its gradient: a graph from (D's parameters, G's parameters, batches) to the
    gradient as one vector and what the update saw."""

    graph: GraphModule
    reads: tuple[Read, ...]


class Traced:
    """Plays steps of one game as graphs, where its settings allow that."""

    name = "traced"
    device_type = "cpu"

    def __init__(self, game: GAN) -> None:
        self._game = game
        self._settings: Hashable = None
        self._steps = 0
        self._key_of: tuple[Experiment, Hashable] | None = None
        self._updates: dict[tuple[Hashable, Letter], Update] = {}
        self._programs: dict[tuple[Hashable, int], Program] = {}
        self._failed: set[Hashable] = set()
        self._used: list[Hashable] = []

    @property
    def chunk(self) -> int:
        """Steps of one call."""
        return max(1, UPDATES // len(_turns(self._game)))

    @property
    def ready(self) -> bool:
        """Whether the next steps can be played from a graph."""
        return self._key() is not None and (self._key(), self.chunk) in self._programs

    def held(self, steps: int) -> None:
        """Steps were played under the settings as they are."""
        if self._key() != self._settings:
            self._settings, self._steps = self._key(), 0
            if self._settings in self._used:
                self._keep(self._settings)
        self._steps += steps

    def prepare(self) -> bool:
        """Make one part of the graphs if these settings have held for EAGER_FIRST steps. Returns whether
        there was one to make; each takes some tenths of a second at most."""
        key = self._key()
        if key is None or key != self._settings or self._steps < EAGER_FIRST:
            return False
        if key in self._failed:
            return False
        self._keep(key)
        try:
            with all_kept():  # the first graph makes torch load as much again
                return self._make_next(key)
        except (
            RuntimeError,
            TypeError,
            AttributeError,
            NotImplementedError,
        ) as error:  # another torch, another device
            logging.getLogger(__name__).info("no %s steps: %s", self.name, error)
            self._failed.add(key)
            return False

    def _keep(self, key: Hashable) -> None:
        """These settings are the latest; the graphs of those that were used longest ago are given up."""
        if not self._used or self._used[-1] != key:
            self._used = [*(used for used in self._used if used != key), key][-KEPT_SETTINGS:]
            self._updates = {made: one for made, one in self._updates.items() if made[0] in self._used}
            self._programs = {made: one for made, one in self._programs.items() if made[0] in self._used}

    def _make_next(self, key: Hashable) -> bool:
        for letter in ("d", "g"):
            if (key, letter) not in self._updates:
                self._updates[key, letter] = _trace_update(self._game, letter)
                return True
        for steps in sorted({1, self.chunk}):
            if (key, steps) not in self._programs:
                self._programs[key, steps] = self._make_program(key, steps)
                return True
        return False

    def play(self, count: int) -> list[Seen]:
        """Play several steps in one call where ``count`` allows it, else one. Only where :attr:`ready`."""
        game, key = self._game, self._key()
        steps = self.chunk if count >= self.chunk else 1
        seen = self._call(key, steps)
        game.d.count += steps * game.experiment.d_updates
        game.g.count += steps * game.experiment.g_updates
        return [Seen(*row) for row in zip(*(part.unbind() for part in seen), strict=True)]

    def _call(self, key: Hashable, steps: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        with torch.no_grad(), _as_it_stands():
            return self._programs[key, steps](*self._inputs(key, steps))

    # ------------------------------------------------------------ what a graph depends on

    def _key(self) -> Hashable:
        """All that is written into the graphs, or None where there can be none."""
        game, settings = self._game, self._game.experiment
        if self._key_of and self._key_of[0] is settings:
            return self._key_of[1]
        if game.device.type != self.device_type or not _can_trace(game):
            return None
        key = tuple(value for name, value in settings if name not in NOT_IN_GRAPH)
        self._key_of = settings, key
        return key

    def _inputs(self, key: Hashable, steps: int) -> list[Tensor]:
        batches = [stream.batch(number) for stream, number in self._reads(key, steps)]
        return [*self._game.d.carried, *self._game.g.carried, *batches]

    def _reads(self, key: Hashable, steps: int) -> Iterator[tuple[Stream, int]]:
        """The stream and the number of each batch that the next steps read, in order."""
        counts = {"d": self._game.d.count, "g": self._game.g.count}
        for letter in _turns(self._game) * steps:
            for read in self._updates[key, letter].reads:
                yield read.stream, counts[read.clock] + read.offset
            counts[letter] += 1

    # ------------------------------------------------------------ making it

    def _make_program(self, key: Hashable, steps: int) -> Program:
        inputs = self._inputs(key, steps)
        with torch.no_grad(), put_back(inputs):  # tracing plays the steps
            tracing = (
                self._program(key, steps),
                tuple(inputs),
                _no_name,
                True,
                False,
            )  # strict, moving in place
            graph, _ = torch._C._create_graph_by_tracing(*tracing)
        # What torch.jit.trace makes of the graph is kept until the process ends: 3 MB for 300 operations.
        program: Program = torch._C._create_function_from_graph("steps", graph)
        return program

    def _program(self, key: Hashable, steps: int) -> Program:
        """The function of :meth:`_inputs` that plays ``steps`` steps, moves weights and moments in place, and
        returns what was seen, stacked."""
        game = self._game
        updates = {letter: self._updates[key, letter] for letter in ("d", "g")}
        players = {"d": game.d, "g": game.g}
        clip = game.experiment.weight_clip if game.experiment.acts("weight_clip") else 0.0
        turns = _turns(game)
        shapes = {letter: [p.shape for p in player.parameters] for letter, player in players.items()}
        carried = {letter: len(player.carried) for letter, player in players.items()}

        def program(*inputs: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
            rest = iter(inputs)
            state = {letter: [next(rest) for _ in range(carried[letter])] for letter in ("d", "g")}
            weights = [_views(state[name][0], shapes[name]) for name in ("d", "g")]
            transposed: dict[Tensor, Tensor] = {}
            seen: list[Sequence[Tensor]] = []
            for _ in range(steps):
                latest: dict[str, Sequence[Tensor]] = {}
                for letter in turns:
                    update = updates[letter]
                    batches = [next(rest) for _ in update.reads]
                    gradient, *latest[letter] = Replay(update.graph, transposed).run(*weights, batches)
                    players[letter].follow(gradient, *state[letter])
                    if letter == "d" and clip:
                        state["d"][0].clamp_(-clip, clip)
                (d_loss, real, fake), (g_loss,) = latest["d"], latest["g"]
                seen.append((d_loss, g_loss, real, fake))
            d_losses, g_losses, reals, fakes = (torch.stack(part) for part in zip(*seen, strict=True))
            return d_losses, g_losses, reals, fakes

        return program


def _no_name(value: object) -> str:
    """The tracer asks what Python calls a tensor: graphs here need no names."""
    return ""


def _turns(game: GAN) -> list[Letter]:
    """Whose update comes when in one step."""
    one_each: tuple[list[Letter], list[Letter]] = ["d"], ["g"]
    return one_each[0] * game.experiment.d_updates + one_each[1] * game.experiment.g_updates


def _as_it_stands() -> AbstractContextManager[None]:
    """Run a graph without optimising it first: that costs seconds at the first calls and gains nothing."""
    without: AbstractContextManager[None] = vars(torch.jit)["optimized_execution"](False)
    return without


def _can_trace(game: GAN) -> bool:
    """Whether every number of a step is a batch, a weight, a moment, a rate or a constant of the settings."""
    e = game.experiment
    fades = e.acts("instance_noise") and e.instance_noise_decay > 0
    alternates = e.update_order == "alternating" and e.d_updates > 0 and e.g_updates > 0
    short = e.d_updates + e.g_updates <= MOST_UPDATES
    plain = e.network == "mlp" and not e.acts("spectral_norm")
    return alternates and short and plain and not fades


def _trace_update(game: GAN, letter: Letter) -> Update:
    """Write down the operations of one update, up to the gradient. RuntimeError where it reads a tensor that
    is neither a weight nor a batch, which a graph would take for a constant."""
    player = game.d if letter == "d" else game.g

    def update(d_parameters: list[Tensor], g_parameters: list[Tensor], batches: list[Tensor]) -> list[Tensor]:
        if letter == "d":
            judged = game.discriminator_loss()
            loss, seen = judged.trained, [judged.loss, judged.real, judged.fake]
        else:
            loss = game.generator_loss()
            seen = [loss]
        gradients = torch.autograd.grad(loss, player.parameters, allow_unused=True, materialize_grads=True)
        return [torch.cat([gradient.flatten() for gradient in gradients]), *(one.detach() for one in seen)]

    with _notes(game) as notes:
        update([], [], [])
    counts = {"d": game.d.count, "g": game.g.count}
    reads = tuple(Read(stream, stream.clock, number - counts[stream.clock]) for stream, number, _ in notes)
    inputs = game.d.parameters, game.g.parameters, [batch for _, _, batch in notes]
    with torch.autograd.set_multithreading_enabled(False):  # a GPU's backward pass has a thread of its own
        graph = make_fx(update)(*inputs)
    return Update(tidied(graph, *inputs), reads)


@contextmanager
def _notes(game: GAN) -> Iterator[list[tuple[Stream, int, Tensor]]]:
    """Every batch that is read meanwhile, in order: (stream, number, batch)."""
    notes: list[tuple[Stream, int, Tensor]] = []
    try:
        for stream in game.streams:
            stream.note = lambda number, batch, stream=stream: notes.append((stream, number, batch))
        yield notes
    finally:
        for stream in game.streams:
            stream.note = None


@contextmanager
def put_back(tensors: Sequence[Tensor]) -> Iterator[None]:
    """Whatever happens meanwhile, the tensors are afterwards as they were."""
    behind = [tensor.clone() for tensor in tensors]
    try:
        yield
    finally:
        for tensor, before in zip(tensors, behind, strict=True):
            tensor.copy_(before)


def _views(vector: Tensor, shapes: Sequence[torch.Size]) -> list[Tensor]:
    """A player's parameters as views of its vector."""
    parts = vector.split([math.prod(shape) for shape in shapes])
    return [part.view(shape) for part, shape in zip(parts, shapes, strict=True)]
