"""Looking at a running game without disturbing it: each probe at its own pace, its latest look kept."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType
from typing import Any

from ganviz.frame import Measurement, freeze
from ganviz.training.probe import Probe, Values
from ganviz.training.probes import BASE, EVERY_PROBE, PROBES

LOOK_SECONDS = 0.01
"""When a look has taken this long, what else is due waits for the next one: no frame waits for all probes."""

SHARE_OF_LONG = 0.03
"""The share of a run's time that all looks together may take where every pass through a network is long."""

ASKED = -1.0
"""When a probe is due that has been asked something: at once."""

JUDGED = ("samples", "gradients", "divergence")
"""The probes that the verdict rests on; twice a second, those that are looked at are taken at one step."""
JUDGED_HERTZ = 2.0
JUDGED_PATIENCE = 0.25
"""Seconds for which the verdict waits for a look at a step that has just been measured for the record."""


class Observer:
    """Measures what is asked for when it is due. A hidden panel's probe costs nothing, unless the verdict
    cannot do without it."""

    def __init__(self, clock: Callable[[], float] = time.thread_time) -> None:
        """``clock`` tells what a look costs, in seconds of this thread's own work."""
        self._clock = clock
        self.watch(PROBES, BASE, JUDGED)
        self._latest: dict[str, Measurement] = {}
        self._due: dict[str, float] = {}
        self._costs: dict[str, float] = {}
        self._free_at = 0.0
        self._serial = 0
        self._judged_due = 0.0
        self.together: Mapping[str, Measurement] = MappingProxyType({})

    def watch(
        self,
        probes: Mapping[str, Probe],
        base: Collection[str],
        judged: Collection[str],
        share: float = math.inf,
        *,
        always: Collection[str] = (),
    ) -> None:
        """From now on look at a game with these probes, those behind the record and those of the verdict, of
        which ``always`` are taken with every look, whoever asks; at most for this ``share`` of the time, one
        after the other in turn."""
        self._probes, self._base, self._judged, self._share = probes, base, judged, share
        self._always = always

    def look(
        self, game: Any, step: int, needs: Collection[str], now: float, everything: bool = False
    ) -> MappingProxyType[str, Measurement]:
        """The latest measurement of each probe in ``needs``, taken anew where ``now`` (seconds) says that it
        is due and this look has not yet taken too long.

        ``everything`` takes all anew, as a paused game wants after each single update. What only another game
        has is passed over; KeyError on a probe of none.
        """
        begun = time.perf_counter()
        wanted = {*needs, *(self._judged if everything else self._always)}
        wanted = {key for key in wanted if key in self._probes or key not in EVERY_PROBE}
        judged = [key for key in self._judged if key in wanted]
        recorded = all(self._is_of(step, key) for key in judged if key in self._base)
        judge = everything or now >= self._judged_due + (0.0 if recorded else JUDGED_PATIENCE)
        in_turn = [*judged, *sorted(wanted.difference(judged))]
        if self._share < math.inf and not everything:
            in_turn.sort(key=lambda key: self._due.get(key, 0.0))
            longest = min((self._due.get(key, 0.0) for key in wanted.difference(judged)), default=math.inf)
            judge = judge and now >= self._free_at and self._judged_due <= longest
        for key in in_turn:
            rested = now >= max(self._due.get(key, 0.0), self._free_at)
            rested = rested and time.perf_counter() - begun < LOOK_SECONDS
            of_the_verdict = judge and key in judged and not self._is_of(step, key)
            if everything or rested or of_the_verdict:
                self._measure(key, game, step, now)
        if judge:
            self._judged_due = _next_beat(now, JUDGED_HERTZ)
            self.together = self.latest(judged)
        return self.latest(needs)

    def go_on(self, game: Any, step: int, needs: Collection[str], now: float) -> Mapping[str, Measurement]:
        """Look again only at what is unfinished among ``needs``, or was asked for, and is due: the game
        stands still."""
        for key, measurement in self.latest(needs).items():
            due = self._due.get(key, 0.0)
            if due == ASKED or ("unfinished" in measurement and now >= due):
                self._measure(key, game, step, now)
        return self.latest(needs)

    def _measure(self, key: str, game: Any, step: int, now: float) -> None:
        """Look anew. Of the last two looks the shorter one is the cost: the first has things to set up."""
        begun = self._clock()
        values = self._probes[key].measure(game, step)
        cost = self._clock() - begun
        rest = min(cost, self._costs.get(key, 0.0)) / self._share
        self._costs[key], self._free_at = cost, max(now, self._free_at) + rest
        self.take(key, values, step, now)

    def ask(self, game: Any, key: str, question: Any) -> None:
        """Hand a question to a probe, whose next look answers it."""
        probe = self._probes.get(key)
        if probe is not None and probe.ask is not None:
            probe.ask(game, question)
            self._due[key] = ASKED

    def _is_of(self, step: int, key: str) -> bool:
        return key in self._latest and self._latest[key].step == step

    def latest(self, needs: Collection[str]) -> MappingProxyType[str, Measurement]:
        """What was last seen of ``needs``, without another look."""
        return MappingProxyType({key: self._latest[key] for key in needs if key in self._latest})

    def take(self, key: str, values: Values | None, step: int, now: float) -> None:
        """Keep what a probe gave, whoever asked for it: what was measured for the record need not be measured
        again for the picture. It is due again on a common beat, so that one frame brings all that a panel
        shows.
        """
        self._due[key] = _next_beat(now, self._probes[key].hertz)
        self._serial += 1
        if values is None:
            self._latest.pop(key, None)
        else:
            self._latest[key] = Measurement(step, self._serial, freeze(values))

    def forget(self) -> None:
        """After a reset nothing that was seen holds any more."""
        self._latest.clear()
        self._due.clear()
        self._costs.clear()
        self._free_at = 0.0
        self._judged_due = 0.0
        self.together = MappingProxyType({})


def _next_beat(now: float, hertz: float) -> float:
    return (math.floor(now * hertz) + 1) / hertz
