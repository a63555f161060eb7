"""The trainer: plays a game, records every step, changes it between two, stops on what is not finite."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import torch

from ganviz.experiment import SETTINGS, Change, Experiment, changes
from ganviz.frame import Frame, Measurement
from ganviz.games.player import State, whole_number
from ganviz.record.history import Event, History
from ganviz.record.run import Run
from ganviz.training.device import all_to_host
from ganviz.training.kinds import kind_of
from ganviz.training.observer import SHARE_OF_LONG, Observer
from ganviz.training.probe import Beside, Values


@dataclass(frozen=True)
class Good:
    """A state known to be finite, on the CPU: whole though a device fails; and the step it belongs to."""

    step: int
    state: State


class Trainer:
    """One run of an experiment. Usable in a notebook: ``Trainer(Experiment.preset("ring8")).step(500)``.

    ``experiment`` is what runs now, ``chosen`` what was last proposed: restart settings wait there for
    :meth:`reset`. Raises ExperimentError when the device is absent, or data do not fit together. Not for two
    threads at once.
    """

    def __init__(self, experiment: Experiment) -> None:
        self._observer = Observer()
        self.chosen = experiment
        self.reset(experiment)

    def reset(self, experiment: Experiment | None = None) -> None:
        """Begin anew with what was chosen: weights and all noise from the seed, an empty history."""
        wanted = experiment or self.chosen
        kind = kind_of(wanted)
        device = kind.device(wanted)
        torch.set_num_threads(wanted.threads)
        game: Any = kind.make(wanted, device)  # raises before anything of the run is touched
        torch.set_flush_denormal(kind.flush_denormal)
        self.experiment = self.chosen = wanted
        self.kind, self.device, self.game = kind, device, game
        self._fast = kind.backend(self.game)
        self.history = History.of(self.experiment.game)
        self.step_count = 0
        self.diverged = ""
        self._seen: list[Any] = []
        self._counts: list[tuple[int, float, int, int]] = []
        self._seconds = 0.0
        self._observer.forget()
        share = SHARE_OF_LONG if wanted.network == "dcgan" else math.inf
        self._observer.watch(kind.probes, kind.base, kind.judged, share, always=kind.always)
        kind.complete(self.game, self.history, 0)
        self._good = Good(0, all_to_host(self.game.state()))
        self._measured: dict[str, Values | None] = {}
        self._due = list(kind.base)
        self.settle()

    def apply(self, experiment: Experiment) -> list[Change]:
        """Take over a new experiment: live settings act from the next step on, as events; others wait."""
        self.settle()  # what is due belongs to the settings before
        self.chosen = experiment
        live = [change for change in changes(self.experiment, experiment) if self._acts(change)]
        if live:
            self.flush()
            self.experiment = self.experiment.replace(**{change.key: change.new for change in live})
            self.game.apply(self.experiment)
            self.history.events += [
                Event(self.step_count, change.key, change.old, change.new) for change in live
            ]
            self.kind.complete(self.game, self.history, self.step_count)
        return live

    def _acts(self, change: Change) -> bool:
        """Whether a change acts on the running game. Another game may wait for the reset: what only it has
        waits with it, and so do its lines."""
        running = self.experiment.game
        is_of_this = running == self.chosen.game or change.key != "methods"
        return change.live and running in SETTINGS[change.key].games and is_of_this

    def step(self, count: int = 1, between: Callable[[], None] | None = None) -> None:
        """Play ``count`` steps of Algorithm 1, D's head start before the first, measuring where it is due.

        Ends early when the run has diverged. ``between`` is called between the players' turns.
        """
        self.settle()
        self.head_start()
        goal = self.step_count + count
        while self.step_count < goal and not self.diverged:
            self.play(between, goal - self.step_count)
            self.settle()

    def play(self, between: Callable[[], None] | None = None, most: int = 1) -> int:
        """At most ``most`` steps in one call, never past one after which something is due: :meth:`measure`
        makes the measurements, one a call. Returns how many; 0 where the call went into preparing faster
        ones. ``between`` is called between the players' turns of a single step.
        """
        if self.diverged:
            return 0
        started = time.perf_counter()
        if between is None and self._fast.ready:
            self._seen += self._fast.play(min(most, self._steps_left()))
        elif self._fast.prepare():
            return 0
        else:
            self._seen.append(self.game.step(between))
        steps = len(self._seen) - len(self._counts)
        self._count(steps, time.perf_counter() - started)
        self._fast.held(steps)
        return steps

    def _steps_left(self) -> int:
        """Steps until something is due."""
        every = [self.kind.good_every]
        if self.kind.base:
            every.append(self.experiment.measure_every)
        return min(self.kind.flush_rows - len(self._counts), *(n - self.step_count % n for n in every))

    def _count(self, steps: int, seconds: float) -> None:
        """Enter steps that were played in one call, and see what is due after the last."""
        d, g = self.game.counts["d"], self.game.counts["g"]
        for left in reversed(range(steps)):
            self._seconds += seconds / steps
            self.step_count += 1
            done = (d - left * self.experiment.d_updates, g - left * self.experiment.g_updates)
            self._counts.append((self.step_count, self._seconds, *done))
        measure = bool(self.kind.base) and self.step_count % self.experiment.measure_every == 0
        keep = self.step_count % self.kind.good_every == 0
        if measure or keep or len(self._counts) >= self.kind.flush_rows:
            self.flush()
        if keep and not self.diverged:
            self._good = Good(self.step_count, all_to_host(self.game.state()))
        if measure and not self.diverged:
            self._due = list(self.kind.base)

    @property
    def backend(self) -> str:
        """How steps are computed now: ``eager``, or the name of the device's fast way."""
        return self._fast.name if self._fast.ready else "eager"

    @property
    def longest_call(self) -> int:
        """Steps that are worth one call: those of a graph, or any number of eager ones."""
        return self._fast.chunk if self._fast.ready else self.kind.flush_rows

    def measure(self) -> bool:
        """Make one of the measurements that are due for the record. Returns whether there was one."""
        if not self._due:
            return False
        key = self._due.pop(0)
        self._measured[key] = self.kind.probes[key].measure(self.game, self.step_count)
        self._observer.take(key, self._measured[key], self.step_count, time.perf_counter())
        if not self._due:
            self.history.measured.append({"step": self.step_count, **self.kind.row(self._measured)})
        return True

    def settle(self) -> None:
        """Make every measurement that is due."""
        while self.measure():
            pass

    @property
    def finished(self) -> bool:
        """Whether this is the step at which a run in the window pauses by itself; it can go on from there."""
        return self.kind.pace is not None and self.step_count == self.experiment.steps

    @property
    def counts(self) -> Mapping[str, int]:
        """Each player's updates so far; ``d`` and ``g`` are among them."""
        return self.game.counts

    @property
    def parameters(self) -> dict[str, int]:
        """How many numbers each player learns, by its name; a game of two numbers has no such players."""
        return {player.name: player.vector.numel() for player in getattr(self.game, "players", ())}

    @property
    def head_start_left(self) -> int:
        """D's updates still to come before step 1."""
        return self.game.head_start_left if self.step_count == 0 else 0

    @property
    def measure_due(self) -> bool:
        """Whether something must be measured before the next step."""
        return bool(self._due)

    def head_start(self, most: int | None = None) -> int:
        """D's updates before step 1, at most ``most`` of them now. Returns how many are left."""
        left = 0 if self.diverged else self.head_start_left
        if not left:
            return 0
        for _ in range(left if most is None else min(left, most)):
            self.game.update("d")
        self._check_weights()
        return 0 if self.diverged else self.game.head_start_left

    def update(self, player: Literal["d", "g"]) -> None:
        """One update of one player: an event, which advances that player's count and not the step."""
        if self.diverged:
            return
        self.settle()
        self.flush()
        before = self.game.counts[player]
        self.game.update(player)
        after = self.game.counts[player]
        self.history.events.append(Event(self.step_count, f"step_{player}", before, after))
        self._check_weights()

    def observe(self, needs: Collection[str] = (), everything: bool = False) -> Frame:
        """One look at the game for ``needs`` (keys of probes). It changes no bit of the run."""
        self.flush()
        if self.diverged:  # the last finite look stays: NaN teaches nothing
            seen = self._observer.latest(needs)
        else:
            seen = self._observer.look(self.game, self.step_count, needs, time.perf_counter(), everything)
        return self._frame(seen, everything)

    def look_on(self, needs: Collection[str]) -> Frame:
        """Another look of a game that stands still, for what is unfinished among ``needs``."""
        if self.diverged:
            return self._frame(self._observer.latest(needs), whole=True)
        seen = self._observer.go_on(self.game, self.step_count, needs, time.perf_counter())
        return self._frame(seen, whole=True)

    def ask(self, probe: str, question: Any) -> None:
        """What a probe's next looks shall answer, where it leaves a choice; the run depends on none."""
        self._observer.ask(self.game, probe, question)

    def _frame(self, seen: Mapping[str, Measurement], whole: bool) -> Frame:
        return Frame(
            step=self.step_count,
            d_count=self.game.counts["d"],
            g_count=self.game.counts["g"],
            status="diverged" if self.diverged else "paused",
            message=self.diverged,
            restore_step=self._good.step if self.diverged else None,
            seconds=self._seconds,
            device=str(self.device),
            backend=self.backend,
            parameters=self.parameters,
            whole=whole,
            measurements=seen,
            together=self._observer.together,
        )

    def has_news(self, needs: Collection[str]) -> bool:
        """Whether a look would bring more though nobody has played: what is worked out beside the run."""
        return not self.diverged and any(beside.news(self.game) for beside in self._beside(needs))

    def _beside(self, needs: Collection[str]) -> list[Beside]:
        asked = [probe for key, probe in self.kind.probes.items() if key in needs]
        return [probe.beside for probe in asked if probe.beside]

    def run(self, needs: Collection[str] | None = None) -> Run:
        """The run as panels and dashboards see it, measured for ``needs``, by default all that can be at
        once; what takes longer, such as the spectrum or a path-angle, is waited for where it is named."""
        if needs is None:
            needs = [key for key, probe in self.kind.probes.items() if not probe.beside]
            return Run(self.experiment, self.observe(needs, everything=True), self.history)
        frame = self.observe(needs, everything=True)
        if slow := self._beside(needs):
            for beside in slow:
                beside.wait(self.game, self.step_count)
            frame = self.observe(needs, everything=True)
        while frame.unfinished and not self.diverged:
            frame = self.look_on(needs)
        return Run(self.experiment, frame, self.history)

    def flush(self) -> None:
        """Move the latest steps' metrics from the device into the history; one not finite ends the run."""
        if not self._counts:
            return
        steps, seconds, d_counts, g_counts = (np.array(column) for column in zip(*self._counts, strict=True))
        found = self.kind.record(self.game, self._seen, self.history, steps)
        self._seen.clear()
        self._counts.clear()
        if found.good:
            played = {"step": steps, "seconds": seconds, "d_updates": d_counts, "g_updates": g_counts}
            first = {name: column[: found.good] for name, column in played.items()}
            self.history.steps.append(first | dict(found.columns))
        if found.broken:
            self._stop(int(steps[found.good]), found.broken)
        else:
            self._check_weights()

    def _check_weights(self) -> None:
        broken = [name for name, fine in self.game.finite().items() if not bool(fine)]
        if broken:
            self._stop(self.step_count, f"{' and '.join(broken)} weights are not finite")

    def _stop(self, step: int, what: str) -> None:
        """End the run at ``step``: what is not finite, and what most likely made it so."""
        self.step_count = step
        hint = self.kind.hint(self.experiment, what)
        self.diverged = f"Stopped at step {step:,}: {what}. {hint}".rstrip()

    def restore(self) -> None:
        """Go back to the last good state: the record after it is dropped, the weights go on from there."""
        self.flush()
        self._due = []
        self.game.load(self._good.state)
        self.step_count = self._good.step
        self.history = self.history.until(self.step_count)
        self.kind.complete(self.game, self.history, self.step_count)
        self.diverged = ""
        self._observer.forget()

    def state(self) -> State:
        """Everything that a resumed run needs, tensors only."""
        self.settle()
        self.flush()
        return self.game.state() | {
            "step": torch.tensor(self.step_count),
            "seconds": torch.tensor(self._seconds, dtype=torch.float64),
        }

    def good_state(self) -> State:
        """The same, of the last good step where the run has diverged."""
        return self.kept_state() if self.diverged else self.state()

    def kept_state(self) -> State:
        """The same, of the last good step that was kept: it needs nothing of a trainer that has failed."""
        return self._good.state | {
            "step": torch.tensor(self._good.step),
            "seconds": torch.tensor(self._seconds, dtype=torch.float64),
        }

    def beside(self) -> State:
        """What is recorded beside the game and saved with its state: its way so far."""
        return self.kind.beside(self.game)

    def take_history(self, history: History) -> None:
        """Go on with a record that was read back, up to this step."""
        self.history = history
        self.kind.complete(self.game, history, self.step_count)

    def load(self, state: State) -> None:
        """Go to a state of the same experiment; the history stays with the caller (it is on disk). Raises
        KeyError, RuntimeError or ValueError where the state is another game's."""
        self.game.load(state)
        self.step_count = whole_number(state, "step")
        self.kind.recall(self.game, state, self.step_count)
        self._seconds = float(state["seconds"])
        if not 0.0 <= self._seconds < np.inf:
            raise ValueError("seconds is no time")
        self._good = Good(self.step_count, all_to_host(self.game.state()))
        self._observer.forget()
