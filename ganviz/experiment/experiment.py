"""The experiment: every setting, declared once.

One declaration (type, default, title, symbol, help, range, scale, when it applies, where it makes sense)
drives the form, its tooltips, validation, the TOML file, ``--set KEY=VALUE``, undo, ``ganviz list controls``
and the documentation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import tomli_w
from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError, field_validator, model_validator

from ganviz import resources
from ganviz.data import SOURCES, Source
from ganviz.data.drawing import canonical as canonical_drawing
from ganviz.data.refusal import DataError
from ganviz.data.shared import is_at_hand, shared_source
from ganviz.experiment.cyclegan import CYCLEGAN, SECOND_SOURCE, first, second
from ganviz.experiment.data import DATA, PATHS, beside, settled
from ganviz.experiment.declaration import GROUPS, Setting, declared
from ganviz.experiment.error_lines import ExperimentError, nearest, refusal_line
from ganviz.experiment.files import text_of, values_of
from ganviz.experiment.general import GENERAL
from ganviz.experiment.networks import DISCRIMINATOR, GENERATOR, NETWORK
from ganviz.experiment.portrait import PORTRAIT, canonical, method_and_order
from ganviz.experiment.refusals import refused
from ganviz.experiment.regularisation import REGULARISATION
from ganviz.experiment.schedule import SCHEDULE
from ganviz.theory.objective import Objective
from ganviz.theory.objectives import OBJECTIVES
from ganviz.theory.smoothing import smoothed

NAME = r"[\w][\w .,+()-]{0,79}"
"""What an experiment may be called: the name of its run's folder begins with it."""


class Experiment(BaseModel):
    """What to run: frozen, complete and valid. A change makes a new one (:meth:`replace`).

    Raises :class:`ExperimentError` (from the ``load``, ``preset``, ``from_dict`` and ``replace`` doors) with
    one line that names the key, the value and what would be accepted.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    name: str = GENERAL["name"]
    description: str = GENERAL["description"]
    steps: int = GENERAL["steps"]

    game: str = GENERAL["game"]
    ablation: str = CYCLEGAN["ablation"]
    cycle_weight: float = CYCLEGAN["cycle_weight"]
    identity_weight: float = CYCLEGAN["identity_weight"]
    pool_size: int = CYCLEGAN["pool_size"]
    methods: tuple[Annotated[str, AfterValidator(canonical)], ...] = PORTRAIT["methods"]
    step_size: float = PORTRAIT["step_size"]
    gamma: float = PORTRAIT["gamma"]
    noise_sigma: float = PORTRAIT["noise_sigma"]
    clip: float = PORTRAIT["clip"]
    penalty_weight: float = PORTRAIT["penalty_weight"]
    penalty_target: float = PORTRAIT["penalty_target"]
    consensus_weight: float = PORTRAIT["consensus_weight"]
    spread: float = PORTRAIT["spread"]
    start_theta: float = PORTRAIT["start_theta"]
    start_psi: float = PORTRAIT["start_psi"]

    network: str = NETWORK["network"]
    filters: int = NETWORK["filters"]
    batch_norm: str = NETWORK["batch_norm"]

    data: str = DATA["data"]
    modes: int = DATA["modes"]
    side: int = DATA["side"]
    radius: float = DATA["radius"]
    sigma: float = DATA["sigma"]
    centre: float = DATA["centre"]
    image_size: int = DATA["image_size"]
    image_colour: str = DATA["image_colour"]
    image_count: int = DATA["image_count"]
    data_path: str = DATA["data_path"]
    data_scale: str = DATA["data_scale"]
    drawing: Annotated[str, AfterValidator(canonical_drawing)] = DATA["drawing"]
    data_y: str = SECOND_SOURCE["data_y"]
    data_path_y: str = SECOND_SOURCE["data_path_y"]
    drawing_y: Annotated[str, AfterValidator(canonical_drawing)] = SECOND_SOURCE["drawing_y"]
    turn: float = SECOND_SOURCE["turn"]
    modes_y: int = SECOND_SOURCE["modes_y"]
    side_y: int = SECOND_SOURCE["side_y"]
    radius_y: float = SECOND_SOURCE["radius_y"]
    sigma_y: float = SECOND_SOURCE["sigma_y"]
    centre_y: float = SECOND_SOURCE["centre_y"]
    latent: str = NETWORK["latent"]
    latent_dim: int = NETWORK["latent_dim"]

    g_layers: int = GENERATOR["layers"]
    g_width: int = GENERATOR["width"]
    g_activation: str = GENERATOR["activation"]
    g_optimizer: str = GENERATOR["optimizer"]
    g_learning_rate: float = GENERATOR["learning_rate"]
    g_momentum: float = GENERATOR["momentum"]
    g_beta1: float = GENERATOR["beta1"]
    g_beta2: float = GENERATOR["beta2"]
    g_gradient_clip: float = GENERATOR["gradient_clip"]

    d_layers: int = DISCRIMINATOR["layers"]
    d_width: int = DISCRIMINATOR["width"]
    d_activation: str = DISCRIMINATOR["activation"]
    d_optimizer: str = DISCRIMINATOR["optimizer"]
    d_learning_rate: float = DISCRIMINATOR["learning_rate"]
    d_momentum: float = DISCRIMINATOR["momentum"]
    d_beta1: float = DISCRIMINATOR["beta1"]
    d_beta2: float = DISCRIMINATOR["beta2"]
    d_gradient_clip: float = DISCRIMINATOR["gradient_clip"]

    objective: str = SCHEDULE["objective"]
    d_updates: int = SCHEDULE["d_updates"]
    g_updates: int = SCHEDULE["g_updates"]
    head_start: int = SCHEDULE["head_start"]
    batch_size: int = SCHEDULE["batch_size"]
    update_order: str = SCHEDULE["update_order"]
    consensus: float = SCHEDULE["consensus"]
    g_noise: str = SCHEDULE["g_noise"]

    weight_clip: float = REGULARISATION["weight_clip"]
    gradient_penalty: float = REGULARISATION["gradient_penalty"]
    r1: float = REGULARISATION["r1"]
    r2: float = REGULARISATION["r2"]
    dragan: float = REGULARISATION["dragan"]
    instance_noise: float = REGULARISATION["instance_noise"]
    instance_noise_decay: int = REGULARISATION["instance_noise_decay"]
    smooth_real: float = REGULARISATION["smooth_real"]
    smooth_fake: float = REGULARISATION["smooth_fake"]
    spectral_norm: str = REGULARISATION["spectral_norm"]

    measure_every: int = GENERAL["measure_every"]

    device: str = GENERAL["device"]
    threads: int = GENERAL["threads"]
    seed: int = GENERAL["seed"]

    @field_validator("*")
    @classmethod
    def _is_a_choice(cls, value: Any, info: Any) -> Any:
        if isinstance(value, str):
            value.encode()  # bytes of a command line that are no text: UnicodeEncodeError is a ValueError
        choices = SETTINGS[info.field_name].choices
        if choices and str(value) not in choices:
            raise ValueError("unknown choice")
        return value

    @field_validator("methods", mode="before")
    @classmethod
    def _is_a_tuple(cls, value: Any) -> Any:
        if isinstance(value, str):
            return SETTINGS["methods"].parsed(value)
        return tuple(value) if isinstance(value, list) else value

    @field_validator("methods")
    @classmethod
    def _are_some_lines(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not value:
            raise ValueError("no line")
        return tuple(dict.fromkeys(value))

    @field_validator("device")
    @classmethod
    def _names_a_device(cls, value: str) -> str:
        if not re.fullmatch(r"auto|cpu|mps|cuda(:\d{1,2})?", value):
            raise ValueError("unknown device")
        return value

    @field_validator("name")
    @classmethod
    def _fits_in_a_file_name(cls, value: str) -> str:
        if not re.fullmatch(NAME, value):
            raise ValueError("unusable name")
        return value

    @model_validator(mode="after")
    def _has_no_contradiction(self) -> Experiment:
        refusal = refused(self)
        if refusal:
            raise ValueError(refusal.line(self))
        return self

    @classmethod
    def from_dict(cls, values: Mapping[str, Any], where: str = "") -> Experiment:
        """An experiment from plain values; ``where`` (a file's name, "--set") opens the error line."""
        try:
            return cls.model_validate(dict(values))
        except ValidationError as error:
            raise ExperimentError(refusal_line(error, where, SETTINGS)) from None

    @classmethod
    def load(cls, path: str | Path) -> Experiment:
        """Read an experiment from a TOML file of at most 1 MB; without a name it gets the file's."""
        path = Path(path)
        experiment = cls.from_toml(text_of(path), str(path), path.stem)
        settle = {key: settled(getattr(experiment, key), path.parent) for key in PATHS}
        return experiment.model_copy(update=settle)

    @classmethod
    def from_toml(cls, text: str, where: str, name: str = "untitled") -> Experiment:
        """Parse the text of an experiment file; ``where`` opens the error line."""
        values = values_of(text, where)
        if re.fullmatch(NAME, name):
            values = {"name": name} | values
        return cls.from_dict(values, where)

    @classmethod
    def preset(cls, name: str) -> Experiment:
        """A shipped experiment by its name."""
        return _preset(name)

    def replace(self, where: str = "", **changes: Any) -> Experiment:
        """A copy with ``changes``, checked like a file."""
        return self.from_dict(self.model_dump() | changes, where)

    def assign(self, assignments: Iterable[str], where: str = "--set") -> Experiment:
        """A copy with ``KEY=VALUE`` texts applied, as of ``--set``; ``where`` opens the error line."""
        given: dict[str, Any] = {}
        for text in assignments:
            key, equals, value = text.partition("=")
            key = key.strip()
            if not equals:
                raise ExperimentError(f"{where} {text}: no '=' in it; accepted: KEY=VALUE")
            if key not in SETTINGS:
                raise ExperimentError(
                    f"{where} {text}: no setting '{key}'; accepted: {nearest(key, SETTINGS)}"
                )
            given[key] = _parse(key, value.strip())
            if key in PATHS:
                given[key] = settled(given[key])
        return self.replace(where, **given) if given else self

    def to_toml(self, folder: Path | None = None) -> str:
        """The experiment as TOML, every setting, in groups that a person can read. The path of data within
        ``folder``, where the file goes, is relative to it; else it is absolute."""
        values = self.model_dump() | {key: beside(getattr(self, key), folder) for key in PATHS}
        parts = []
        for group, title in GROUPS.items():
            keys = [key for key, setting in SETTINGS.items() if setting.group == group]
            parts.append(f"# {title}\n" + tomli_w.dumps({key: values[key] for key in keys}))
        return "\n".join(parts)

    def of_y(self) -> Experiment:
        """The experiment with the data of Y, and all their settings, in the place of those of X."""
        held = self.model_dump().items()
        return self.model_copy(update={first(key): value for key, value in held if first(key) != key})

    def source(self, data: str = "", *, anew: bool = False) -> Source:
        """The source of the reals, or the source `data` with the experiment's settings; shared by all who
        ask. Raises ExperimentError where a file of the user's cannot be used; reading it may take a while.
        ``anew``: a run begins, and a file that has changed is read again."""
        id = data or self.data
        try:
            return shared_source(id, self._of_source(id), anew=anew)
        except DataError as error:
            raise ExperimentError(str(error)) from None

    def source_at_hand(self) -> Source | None:
        """The source of the reals where it can be had at once, without reading a file."""
        return self.source() if is_at_hand(self.data, self._of_source(self.data)) else None

    def _of_source(self, id: str) -> dict[str, Any]:
        return {name: getattr(self, name) for name in SOURCES[id].parameters}

    def applies(self, key: str) -> bool:
        """Whether the setting ``key`` has any effect with the other settings as they are."""
        declared = SETTINGS[key]
        if self.game not in declared.games:
            return False
        if declared.only_if is None:
            return True
        other, accepted = declared.only_if
        value = getattr(self, other)
        held = [method_and_order(line)[0] for line in value] if isinstance(value, tuple) else [value]
        if other == "data" and self.has_pair and second(key) not in SETTINGS:
            held.append(self.data_y)  # X and Y share this setting
        return any(one in accepted for one in held)

    @property
    def has_pair(self) -> bool:
        """Whether there are two sets of data, X and Y."""
        return self.game in SETTINGS["data_y"].games

    def title(self, key: str) -> str:
        """What the setting ``key`` is called here: where Y has the same one, that of X says so."""
        title = SETTINGS[key].title
        return f"{title} of X" if self.has_pair and second(key) in SETTINGS else title

    def rules(self) -> Objective:
        """The objective as D learns it, with smoothed labels where they act."""
        row = OBJECTIVES[self.objective]
        if not (self.acts("smooth_real") or self.acts("smooth_fake")):
            return row
        return smoothed(row, self.smooth_real, self.smooth_fake)

    def acts(self, key: str) -> bool:
        """Whether the setting ``key``, one that can be switched off, is on and has an effect."""
        return self.applies(key) and getattr(self, key) != SETTINGS[key].off

    def rests(self, key: str) -> bool:
        """Whether the setting ``key``, off by itself, was switched on but has no effect with the others."""
        declared = SETTINGS[key]
        is_on = declared.off is not None and declared.off == declared.default != getattr(self, key)
        return is_on and self.game in declared.games and not self.applies(key)


SETTINGS: dict[str, Setting] = {key: declared(key, field) for key, field in Experiment.model_fields.items()}


def presets() -> list[str]:
    """The names of the shipped experiments, the default one first."""
    return list(_preset_names())


@cache
def _preset_names() -> tuple[str, ...]:
    names = [name.removesuffix(".toml") for name in resources.listing("experiments", ".toml")]
    return tuple(sorted(names, key=lambda name: (name != "saturation", name)))


@cache
def _preset(name: str) -> Experiment:
    """A shipped experiment, read once: neither it nor its file changes."""
    if name not in _preset_names():
        raise ExperimentError(
            f"experiment '{name}': not known; accepted: {', '.join(_preset_names())}, or a TOML file"
        )
    return Experiment.from_toml(resources.read_text(f"experiments/{name}.toml"), f"preset {name}", name)


def _parse(key: str, text: str) -> Any:
    """A command line's text as the setting's type; text that is no number is left for the check."""
    try:
        return SETTINGS[key].parsed(text)
    except ValueError:
        return text
