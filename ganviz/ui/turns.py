"""Who is drawn when: panels take turns, so that the window is never long without an answer."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING

from ganviz.record.history import History
from ganviz.record.run import Run
from ganviz.ui.layouts import stage_of
from ganviz.ui.panels.catalogue import not_for

if TYPE_CHECKING:
    from ganviz.ui.panels.base import Panel

AT_WORK = {
    "D has moved": ("outputs",),
    "G has moved": ("samples",),
    "D and G have moved": ("outputs", "samples"),
}
"""The panels with a frame in slow motion: where the player whose turn it was can be seen at work."""


def one_round(panels: Sequence[Panel]) -> list[Panel]:
    """Every panel as many times as it has turns in a round, each panel's spread over it."""
    turns = [
        ((turn + index / len(panels)) / panel.turns, panel)
        for index, panel in enumerate(panels)
        for turn in range(panel.turns)
    ]
    return [panel for _, panel in sorted(turns, key=lambda each: each[0])]


class Turns:
    """Draws runs in panels.

    While a run trains each frame draws one panel. A frame that stands still is drawn in all of them: in the
    first one at once, in the others by :meth:`take`, to be called while ``is_busy``. Hidden panels let go
    of a run that has ended, whose record is large, in turns of their own.
    """

    def __init__(self) -> None:
        self.waiting: list[Panel] = []
        self._leaving: list[Panel] = []
        self._run: Run | None = None
        self._round: list[Panel] = []
        self._failed: dict[str, History] = {}
        self._out_of_place: dict[str, str] = {}

    def show_run(self, run: Run, panels: list[Panel]) -> None:
        """Draw a run in the panels on screen."""
        self._run = run
        # Those that still wait come first: frames that follow fast must not keep the last ones waiting.
        self.waiting = [panel for panel in self.waiting if panel in panels]
        if not run.frame.flowing:
            self.waiting += [panel for panel in panels if panel not in self.waiting]
        if self.waiting:
            self.take()
        else:
            for panel in self._next(panels):
                self._draw(panel, run)

    @property
    def is_busy(self) -> bool:
        """Whether there is something for :meth:`take` to do."""
        return bool(self.waiting or self._leaving)

    def take(self) -> None:
        """Draw the run in the next panel that waits for it; then let the next one go of its run."""
        if self.waiting and self._run is not None:
            panel = self.waiting.pop(0)
            if panel.isVisible():
                self._draw(panel, self._run)
        elif self._leaving:
            panel = self._leaving.pop(0)
            if not panel.isVisible() and not self._holds(panel):
                panel.show_runs([])

    def let_go(self, panels: Iterable[Panel]) -> None:
        """Of these panels the hidden ones that hold a run before this one are to let it go."""
        self._leaving = [panel for panel in panels if not (panel.isVisible() or self._holds(panel))]

    def _holds(self, panel: Panel) -> bool:
        """Whether a panel holds the run that is shown, or none."""
        return self._run is None or panel.drawn_history in (None, self._run.history)

    def mark_at_work(self, run: Run, panels: Collection[Panel]) -> None:
        """Frame the panels in which the player whose turn it is can be seen at work."""
        at_work = AT_WORK.get(run.frame.phase, ()) if run.frame.status == "training" else ()
        for panel in panels:
            panel.mark_at_work(panel.key in at_work)

    def _next(self, panels: list[Panel]) -> list[Panel]:
        """The one whose turn it is; none where none is on screen."""
        self._round = [panel for panel in self._round if panel in panels] or one_round(panels)
        return [self._round.pop(0)] if self._round else []

    def _draw(self, panel: Panel, run: Run) -> None:
        """Draw a run in a panel that belongs to its game. One that raises rests until the next run, and the
        others go on."""
        if self._is_out_of_place(panel, run):
            return
        if self._failed.get(panel.key) is run.history:
            return
        if self._failed.pop(panel.key, None) is not None:
            panel.not_applicable("")
        try:
            panel.show_runs([run])
        except Exception as error:
            self._failed[panel.key] = run.history
            panel.not_applicable("A fault in this panel: it rests until the next reset. The others go on.")
            error.add_note(f"While the panel {panel.title} was drawn.")
            sys.excepthook(type(error), error, error.__traceback__)

    def _is_out_of_place(self, panel: Panel, run: Run) -> bool:
        """Whether a panel is of another game, or of other data; then it says so."""
        reason = not_for(panel.key, run.experiment.game, stage_of(run.experiment).has_images)
        if reason and self._out_of_place.get(panel.key) != reason:
            panel.show_runs([])
            panel.not_applicable(reason)
        elif not reason and panel.key in self._out_of_place:
            panel.not_applicable("")
        self._out_of_place.pop(panel.key, None)
        if reason:
            self._out_of_place[panel.key] = reason
        return bool(reason)
