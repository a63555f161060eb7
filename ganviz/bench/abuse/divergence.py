"""Learning rates 1 and 100 under every objective: a run that stops being finite says so within a second,
keeps its last good state, and is back there after one click."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from ganviz.bench.abuse.report import Report
from ganviz.bench.abuse.watch import Watch, application, dispose, live, wait
from ganviz.experiment import Experiment
from ganviz.theory.objectives import OBJECTIVES
from ganviz.ui.window import MainWindow

RATES = (1.0, 100.0)
OPTIMIZERS = ("sgd", "adam")
PATIENCE_SECONDS = 4.0
"""How long a run that stays finite is watched; with a bounded optimiser many do."""
ANNOUNCED_SECONDS = 1.0
SMALL: dict[str, Any] = {"g_width": 32, "d_width": 32, "batch_size": 64, "head_start": 0}


def run(optimizers: tuple[str, ...] = OPTIMIZERS) -> int:
    """Every objective at every rate with these optimisers; returns the exit code."""
    report = Report("divergence")
    application()
    delays: list[float] = []
    with Watch() as watch:
        window = MainWindow(_wild("minimax", 1.0, "sgd"), safe_mode=True, ask_on_close=False)
        window.failed.connect(watch.failed)
        window.show()
        wait(lambda: window.pilot.run is not None)
        for objective in OBJECTIVES:
            for rate in RATES:
                for optimizer in optimizers:
                    _one(window, _wild(objective, rate, optimizer), report, delays)
        dispose(window)
    if delays:
        report.facts.append(f"announced at most {max(delays):.2f} s after the last finite frame")
    for line in dict.fromkeys(watch.lines):
        report.fault(line)
    return report.close()


def _wild(objective: str, rate: float, optimizer: str) -> Experiment:
    both = {"learning_rate": rate, "optimizer": optimizer}
    players: dict[str, Any] = {f"{player}_{key}": both[key] for player in "gd" for key in both}
    return Experiment.preset("ring8").replace(**SMALL, **players, objective=objective)


def _one(window: MainWindow, experiment: Experiment, report: Report, delays: list[float]) -> None:
    what = f"{experiment.objective}, rate {experiment.g_learning_rate:g}, {experiment.g_optimizer}"
    window.choices.begin(experiment)
    window.pilot.play(False)
    window.pilot.reset(experiment)
    wait(lambda: _frame(window).step == 0 and window.pilot.run.experiment == experiment)  # type: ignore[union-attr]
    window.pilot.play(True)
    finite = time.monotonic()
    end = finite + PATIENCE_SECONDS
    while time.monotonic() < end and not window.band.isVisible():
        run = window.pilot.latest()
        if run is not None and run.frame.status == "training":
            finite = time.monotonic()
        live(0.002)
    if not window.band.isVisible():
        broken = window.pilot.latest()
        if broken is not None and not np.isfinite(broken.history.steps.last("d_loss")):
            report.fault(f"{what}: not finite, and not announced")
        report.count("stayed finite")
        return
    delays.append(time.monotonic() - finite)
    if delays[-1] > ANNOUNCED_SECONDS:
        report.fault(f"{what}: announced {delays[-1]:.2f} s after the last finite frame")
    _go_back(window, what, report)


def _go_back(window: MainWindow, what: str, report: Report) -> None:
    """One click; then the run stands at the last good step, with finite numbers, and can be trained."""
    good = _frame(window).restore_step
    action = window.actions_by_name["action.restore"]
    if not action.isEnabled() or good is None:
        report.fault(f"{what}: no way back is offered")
        return
    action.trigger()
    if not wait(lambda: _frame(window).status == "paused" and _frame(window).step == good, 10.0):
        report.fault(f"{what}: not back at step {good} but at {_frame(window).step}")
        return
    seen = _frame(window).get("samples")
    if window.band.isVisible() or seen is None or not np.isfinite(seen["fake"]).all():
        report.fault(f"{what}: back at step {good}, but not well")
    report.count("diverged, announced, back in one click")


def _frame(window: MainWindow) -> Any:
    run = window.pilot.run
    assert run is not None
    return run.frame
