"""What the bars say of a run: verdict and notes, a warning, device and speeds; no faster than one reads."""

from __future__ import annotations

import time

from ganviz.experiment import PORTRAIT_GAMES
from ganviz.record.run import Run
from ganviz.training.notes import Notebook
from ganviz.training.verdict import judge
from ganviz.ui.band import WarningBand
from ganviz.ui.line_looks import look_of
from ganviz.ui.periods import TERM_COLOURS
from ganviz.ui.style import clock
from ganviz.ui.timeline import Timeline
from ganviz.ui.verdictbar import VerdictBar

TEXT_SECONDS, VERDICT_SECONDS = 0.25, 0.5


class Commentary:
    """Brings the bars below and above the panels up to date."""

    def __init__(self, timeline: Timeline, band: WarningBand, verdict: VerdictBar) -> None:
        self._timeline, self._band, self._verdict = timeline, band, verdict
        self._notebook = Notebook()
        self._text_due = self._verdict_due = 0.0
        self._rate_mark, self._frame_rate = (time.monotonic(), 0), 0.0

    def show_run(self, run: Run, frames: int) -> bool:
        """Say of a run what is due, ``frames`` pictures having reached the screen; returns whether numbers
        were due."""
        now = time.monotonic()
        moving = run.frame.flowing
        words_due = now >= self._text_due
        if not moving or words_due:
            self._text_due = now + TEXT_SECONDS
            self._timeline.show_run(run)
            self._band.show_frame(run.frame)
            self._show_status(run, frames, now)
        if not moving or (now >= self._verdict_due and not words_due):  # each in a frame of its own
            self._verdict_due = now + VERDICT_SECONDS
            self._show_verdict(run)
            self._say_note(run)
        return not moving or words_due

    def _show_verdict(self, run: Run) -> None:
        """At once where a frame stands still: then the sentence is of that moment."""
        found = judge(run)
        said_in_full_by_the_band = found.state == "diverged"
        text = "the panels keep the last finite look." if said_in_full_by_the_band else found.text
        at_once = not run.frame.flowing
        self._verdict.show_verdict(found.state, f"{found.headline}:", text, _colour_of(run), at_once)

    def _say_note(self, run: Run) -> None:
        note = "" if self._verdict.is_saying else self._notebook.next(run)
        if note:
            self._verdict.show_news(note)

    def _show_status(self, run: Run, frames: int, now: float) -> None:
        since, frames_then = self._rate_mark
        if now - since >= 1.0:
            self._frame_rate = (frames - frames_then) / (now - since)
            self._rate_mark = (now, frames)
        frame = run.frame
        device = frame.device.upper() if frame.device == "cpu" else frame.device
        is_portrait = run.experiment.game in PORTRAIT_GAMES
        parts = ["exact map, float64" if is_portrait else f"{device}, {frame.backend}"]
        if frame.status == "training":
            rate = frame.steps_per_second
            parts += [f"{rate:,.0f} steps/s" if rate >= 10 else f"{rate:.1f} steps/s"] if rate else []
            parts.append(f"{self._frame_rate:.0f} fps")
        else:
            weights = sum(frame.parameters.values())
            parts += [f"{weights:,} weights"] if weights else []
            parts.append(frame.status)
        self._verdict.show_status(*parts, clock(frame.seconds))


def _colour_of(run: Run) -> str:
    """The objective in whose colour the verdict stands: the running one, that of the terms of a CycleGAN, or
    that of the first line."""
    if run.experiment.game == "cyclegan":
        return TERM_COLOURS[run.experiment.ablation]
    is_portrait = run.experiment.game in PORTRAIT_GAMES
    return look_of(run.experiment.methods[0]).family if is_portrait else run.experiment.objective
