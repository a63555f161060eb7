"""The monkey: random deeds on the real window, which must stay whole, quick and of the same size."""

from __future__ import annotations

import gc
import threading
import time
from collections import Counter
from functools import partial
from typing import Any

from PySide6.QtWidgets import QApplication

from ganviz.bench.abuse.hands import Hands
from ganviz.bench.abuse.report import Report, memory
from ganviz.bench.abuse.watch import Watch, application, dispose, live, running, wait
from ganviz.data import SOURCES
from ganviz.experiment import Experiment
from ganviz.experiment.declaration import GAMES, PORTRAIT_GAMES
from ganviz.heap import give_back
from ganviz.live.worker import wait_for_leaving
from ganviz.ui.controls import CONTROLS
from ganviz.ui.window import FIRST_SIZE, MainWindow

SMALL: dict[str, Any] = {
    "g_width": 16,
    "d_width": 16,
    "g_layers": 1,
    "d_layers": 1,
    "batch_size": 32,
    "head_start": 0,
}
REST_SECONDS = 0.01
LONGEST_CLOSE, LONGEST_STEP = 3.0, 60.0
"""Seconds until the window is closed, and until a step ends that its thread was within."""
SETTLE_SECONDS = 120.0
"""Until the thread has left the step that it is within; of a game with huge batches one takes a minute."""
SETTLED_IN = ("moons", "grid25", "gauss1d", "ring8")
"""Runs begun before memory is read, of as many small data sources as are kept at hand."""
MOST_GROWTH = 60.0
"""MB by which the program may grow from the middle of a monkey's work to its end."""


def run(seeds: int, deeds: int, first: int = 0) -> int:
    """Let ``seeds`` monkeys do ``deeds`` things each; returns the exit code."""
    report = Report("monkey")
    print(f"monkey: seeds {first} to {first + seeds - 1}, {deeds:,} deeds each")
    application()
    never = {control.name for control in CONTROLS}
    for seed in range(first, first + seeds):
        with Watch() as watch:
            never &= set(_one(seed, deeds, watch, report))
    report.facts.append(_idle(f"{seeds} seeds together", sorted(never)))
    return report.close()


def _one(seed: int, deeds: int, watch: Watch, report: Report) -> list[str]:
    """Let one monkey work; returns the controls that it never used."""
    window = MainWindow(Experiment.preset("saturation").replace(**SMALL), safe_mode=True, ask_on_close=False)
    window.failed.connect(watch.failed)
    window.show()
    if not wait(lambda: window.pilot.run is not None):
        report.fault(f"seed {seed}: the window never became ready")
    _build_every_panel(window)
    hands = Hands(window, seed)
    watch.pulse.start()
    half = 0.0
    played: Counter[str] = Counter()
    began = time.monotonic()

    def tell(deed: str) -> None:
        watch.pulse.doing = f"deed {done}: {deed}"[:150]

    for done in range(deeds):
        if done == deeds // 2:
            watch.pulse.stop()  # to look for garbage is no deed of the window's
            half = _settled_memory(seed, window, report)
            watch.pulse.start()
        hands.act(tell)
        live(REST_SECONDS)
        report.count("deeds")
        played[_game_of(window)] += 1
        if not window.isVisible():
            report.fault(f"seed {seed}: the window is gone ({watch.pulse.doing})")
            break
    watch.pulse.stop()
    grown = _settled_memory(seed, window, report) - half
    hands.valet.stop()
    report.facts.append(_idle(f"seed {seed}", hands.idle()))
    _close(seed, window, watch, report)
    late, computed, doing = max(watch.pulse.worst)
    silence = f"longest silence {late * 1e3:.0f} ms ({computed * 1e3:.0f} ms of it computing) at {doing}"
    seconds = time.monotonic() - began
    report.facts.append(
        f"seed {seed}: {seconds:.0f} s, {watch.pulse.beats:,} beats, {silence}; "
        f"{half:.0f} MB at half time, {grown:+.1f} MB in the second half"
    )
    deeds_in = ", ".join(f"{number:,} in {game}" for game, number in played.most_common())
    report.facts.append(f"seed {seed}: deeds: {deeds_in}")
    for late, computed, doing in watch.pulse.deaf():
        report.fault(f"seed {seed}: deaf for {late * 1e3:.0f} ms ({computed * 1e3:.0f} computing) at {doing}")
    if grown > MOST_GROWTH:
        report.fault(f"seed {seed}: {grown:.0f} MB more after the second half")
    for line in dict.fromkeys(watch.lines):
        report.fault(f"seed {seed}: {line}")
    return hands.idle()


def _game_of(window: MainWindow) -> str:
    """The game that is on screen, in words."""
    assert window.pilot.run is not None
    experiment = window.pilot.run.experiment
    if experiment.game in PORTRAIT_GAMES:
        return GAMES[experiment.game]
    data = SOURCES[experiment.data]
    if "data_path" in data.parameters:
        return f"{GAMES[experiment.game]} of files"
    return f"{GAMES[experiment.game]} of {'images' if data.has_images else 'points'}"


def _idle(who: str, names: list[str]) -> str:
    """Which controls of the table were never used, or were disabled all the time, in words."""
    if not names:
        return f"{who}: every control was used"
    return f"{who}: {len(names)} of {len(CONTROLS)} controls never used: {', '.join(names)}"


def _build_every_panel(window: MainWindow) -> None:
    """Panels are made when first shown; what they take is no growth."""
    for name, action in window.actions_by_name.items():
        if name.startswith("show."):
            action.trigger()
            live(0.1)
    window.actions_by_name["action.reset_layout"].trigger()
    live(0.3)


def _close(seed: int, window: MainWindow, watch: Watch, report: Report) -> None:
    for dialog in QApplication.topLevelWidgets():
        if dialog is not window and dialog.isVisible():
            dialog.close()
    watch.pulse.doing = "close"
    began = time.monotonic()
    window.close()
    seconds = time.monotonic() - began
    if window.isVisible() or seconds > LONGEST_CLOSE:
        report.fault(f"seed {seed}: closing took {seconds:.1f} s")
    dispose(window)
    if not wait_for_leaving(LONGEST_STEP):
        report.fault(f"seed {seed}: the thread did not end within {LONGEST_STEP:.0f} s")
    for left in running():
        report.fault(f"seed {seed}: left running: {left}")


def _is_settled_in(window: MainWindow, preset: str) -> bool:
    """Whether the thread has begun this experiment and the window shows it, at rest."""
    run = window.pilot.latest()
    has_begun = run is not None and run.experiment.name == preset and run.frame.step == 0
    return has_begun and window.grid.is_at_rest


def _working_beside() -> list[str]:
    """Names of the threads that still work out something of a run, the one before perhaps."""
    return [thread.name for thread in threading.enumerate() if type(thread) is threading.Thread]


def _settled_memory(seed: int, window: MainWindow, report: Report) -> float:
    """Memory without what is held on purpose, each bounded but not small: the run's record, the long run that
    was put aside for "keep", the latest data sets, and each panel's picture of its own size."""
    window.pilot.play(False)
    window.resize(*FIRST_SIZE)
    window.look.apply("light", 1.0)
    window.actions_by_name["layout.overview"].trigger()
    window.actions_by_name["action.reset_layout"].trigger()
    for preset in SETTLED_IN:
        window.desk.begin_preset(preset)
        # a thread within a long step begins it later, and has the run before until then
        if not wait(partial(_is_settled_in, window, preset), SETTLE_SECONDS):
            report.fault(f"seed {seed}: {preset} was not begun within {SETTLE_SECONDS:.0f} s")
        live(0.5)
    # The run put aside leaves its place only to another one of thousands of steps, or when it is kept.
    window.pilot._thread._conductor._runs.before = None
    gc.collect()
    if not wait(lambda: not _working_beside(), SETTLE_SECONDS):
        report.fault(f"seed {seed}: {', '.join(_working_beside())} did not end within {SETTLE_SECONDS:.0f} s")
    gc.collect()
    give_back()
    return memory()
