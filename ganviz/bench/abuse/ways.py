"""Ways to the controls that wait for something to happen, which chance alone would rarely bring about."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ganviz.bench.abuse.watch import live, wait
from ganviz.experiment import SETTINGS, Experiment, ExperimentError, presets
from ganviz.live.commands import LONG_RUN
from ganviz.ui.controls import TERM_CONTROLS
from ganviz.ui.own_data.sides import SIDES
from ganviz.ui.window import MainWindow

PATIENCE_SECONDS = 30.0
QUICK: dict[str, Any] = {
    "g_width": 16,
    "d_width": 16,
    "g_layers": 1,
    "d_layers": 1,
    "batch_size": 16,
    "head_start": 0,
}


def _undo(window: MainWindow) -> None:
    window.actions_by_name["action.undo"].trigger()


def _one_panel(window: MainWindow) -> None:
    window.grid.show_full(window.grid.keys[0])
    live(0.05)


def _begin(window: MainWindow, experiment: Experiment) -> None:
    window.choices.begin(experiment)
    window.pilot.reset(experiment)
    window.toolbar.speed.setValue(window.toolbar.speed.maximum())
    window.pilot.play(True)


def _run_long(window: MainWindow) -> None:
    """Train for so long that a reset puts the run aside, and reset."""
    _begin(window, Experiment.preset("ring8").replace(**QUICK))
    wait(lambda: window.keeping.unkept_steps > LONG_RUN, PATIENCE_SECONDS)
    window.actions_by_name["action.reset"].trigger()
    wait(window.actions_by_name["action.keep_before"].isEnabled, 1.0)


def _diverge(window: MainWindow) -> None:
    """Train at a learning rate at which losses without bounds cannot stay finite."""
    wild: dict[str, Any] = {f"{player}_{key}": value for player in "gd" for key, value in WILD.items()}
    _begin(window, Experiment.preset("ring8").replace(**QUICK, **wild, objective="least_squares"))
    wait(window.actions_by_name["action.restore"].isEnabled, PATIENCE_SECONDS)


def _translate(window: MainWindow) -> None:
    """A CycleGAN, whose terms can be chosen."""
    _begin(window, Experiment.preset("cyclegan-moons").replace(**QUICK))
    live(0.05)


WILD: dict[str, Any] = {"learning_rate": 100.0, "optimizer": "sgd"}
WAYS: dict[str, Callable[[MainWindow], None]] = {
    "action.redo": _undo,
    "action.all_panels": _one_panel,
    "action.keep_before": _run_long,
    "action.restore": _diverge,
    **dict.fromkeys((row.name for row in TERM_CONTROLS), _translate),
}
"""By the control's name: what makes it ready to be used."""


def _draw(window: MainWindow) -> None:
    window.actions_by_name["action.draw"].trigger()


def _open(window: MainWindow) -> None:
    window.actions_by_name["action.open_data"].trigger()


def _of_two(way: Callable[[MainWindow], None]) -> Callable[[MainWindow], None]:
    """That way, in a game of two sets of data."""

    def both(window: MainWindow) -> None:
        _translate(window)
        way(window)

    return both


_BY_PREFIX = {
    **{f"draw.{side}": _of_two(_draw) for side in SIDES},
    **{f"own.{side}": _of_two(_open) for side in SIDES},
    "draw.": _draw,
    "own.": _open,
}
"""Likewise for all the controls of a dialog, the first that fits."""


def way_to(name: str) -> Callable[[MainWindow], None] | None:
    """What opens the dialog that has the control of this name; None for one that stands in the window."""
    return next((way for prefix, way in _BY_PREFIX.items() if name.startswith(prefix)), None)


def applying(key: str, chosen: Experiment) -> Experiment:
    """The chosen experiment, or one like it, in which the setting ``key`` has an effect: of a game that has
    it, and with the choice that it belongs to. Raises ExperimentError where the rest forbids that choice."""
    declared = SETTINGS[key]
    if chosen.game not in declared.games:
        others = map(Experiment.preset, presets())
        chosen = next(other for other in others if other.game in declared.games)
    if declared.only_if is None or chosen.applies(key):
        return chosen
    other, accepted = declared.only_if
    chosen = applying(other, chosen)
    value = next(iter(accepted))
    choice: dict[str, Any] = {other: (value,) if isinstance(getattr(chosen, other), tuple) else value}
    return chosen.replace(**choice)


def bring_into_form(window: MainWindow, key: str) -> None:
    """Bring the setting ``key`` onto the screen: by an experiment that has it, in a rail and a group that are
    open."""
    window.form.groups[SETTINGS[key].group].set_open(True)
    if window.form.isHidden():
        window.actions_by_name["action.rail"].trigger()
    try:
        experiment = applying(key, window.choices.experiment)
    except ExperimentError:
        shipped = map(Experiment.preset, presets())
        experiment = next((one for one in shipped if one.applies(key)), window.choices.experiment)
    if experiment is not window.choices.experiment:
        window.choices.begin(experiment)
        window.desk.reset()
    live(0.05)


def bring_panel(window: MainWindow, key: str) -> None:
    """Bring a panel onto the screen."""
    window.grid.show_full(None)
    action = window.actions_by_name[f"show.{key}"]
    if not action.isChecked():
        action.trigger()
    live(0.05)
