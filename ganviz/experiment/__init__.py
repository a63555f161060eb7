"""What to run: the settings, declared once, and how two experiments differ."""

from ganviz.experiment.change import Change, changes, waiting
from ganviz.experiment.declaration import GAMES, GROUPS, PORTRAIT_GAMES, Setting
from ganviz.experiment.error_lines import ExperimentError
from ganviz.experiment.experiment import SETTINGS, Experiment, presets

__all__ = [
    "GAMES",
    "GROUPS",
    "PORTRAIT_GAMES",
    "SETTINGS",
    "Change",
    "Experiment",
    "ExperimentError",
    "Setting",
    "changes",
    "presets",
    "waiting",
]
