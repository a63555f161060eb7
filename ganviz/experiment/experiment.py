"""The experiment: every setting, declared once.

One declaration (type, default, title, symbol, help, range, scale, when it applies, where it makes sense)
drives the form, its tooltips, validation, the TOML file, ``--set KEY=VALUE``, undo, ``ganviz list controls``
and the documentation.
"""

from __future__ import annotations

import re
import tomllib
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
from ganviz.experiment.cyclegan import CYCLEGAN, SECOND_SOURCE
from ganviz.experiment.data import DATA, PATHS, beside, settled
from ganviz.experiment.declaration import (
    DCGAN,
    EVERY_GAME,
    GAMES,
    GAN,
    GROUPS,
    NETWORK_GAMES,
    NETWORKS,
    Setting,
    declared,
    player_settings,
    setting,
    sources_with,
)
from ganviz.experiment.error_lines import nearest, refusal_line
from ganviz.experiment.portrait import PORTRAIT, canonical, method_and_order
from ganviz.experiment.refusals import refused
from ganviz.experiment.regularisation import REGULARISATION
from ganviz.line import one_line
from ganviz.theory.objectives import OBJECTIVES


class ExperimentError(ValueError):
    """A setting that cannot be used. The message is one line: what, where, what would be accepted."""

    def __init__(self, message: str) -> None:
        super().__init__(one_line(message))


LARGEST_FILE = 1_000_000
"""Bytes of an experiment file."""
_LINES = 'lines such as modes = 8 or objective = "minimax"'
_G = player_settings("g", "generator", "0: a linear map of z.", "relu")
_D = player_settings("d", "discriminator", "0: a linear logit.", "leaky_relu")


class Experiment(BaseModel):
    """What to run: frozen, complete and valid. A change makes a new one (:meth:`replace`).

    Raises :class:`ExperimentError` (from the ``load``, ``preset``, ``from_dict`` and ``replace`` doors) with
    one line that names the key, the value and what would be accepted.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    name: str = setting(
        "untitled", "Name", "Shown in the title, used for the run folder.", "experiment", games=EVERY_GAME
    )
    description: str = setting(
        "", "Description", "What to look for in this experiment.", "experiment", games=EVERY_GAME
    )
    steps: int = setting(
        2000,
        "Steps",
        "How many steps `ganviz train` runs; the window trains until it is paused, a game of two numbers up "
        "to here.",
        "experiment",
        ge=1,
        le=10**9,
        games=EVERY_GAME,
    )

    game: str = setting(
        "gan",
        "Game",
        "GAN: two networks that train on data. CycleGAN: two pairs of them, that translate between two kinds "
        "of data. The others are games of two numbers, a point and the slope of its judge, whose every step "
        "can be drawn.",
        "game",
        choices=GAMES,
        games=EVERY_GAME,
    )
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

    network: str = setting(
        "mlp",
        "Networks",
        "MLP: fully connected layers, for any data. DCGAN: convolutions, for images of 8, 16, 28 or 64 "
        "pixels a side; those of a CycleGAN's generators have residual blocks.",
        "game",
        choices=NETWORKS,
        games=NETWORK_GAMES,
    )
    filters: int = setting(
        32,
        "Filters",
        "Channels of D's first layer and of G's last but one; each layer further in has twice as many.",
        "game",
        symbol="nf",
        ge=2,
        le=128,
        only_if=DCGAN,
        games=NETWORK_GAMES,
    )
    batch_norm: str = setting(
        "both",
        "Batch norm",
        "Batch normalisation after each convolution but G's last and D's first, as in DCGAN; in G alone, "
        "where a penalty needs D's slope in each sample; or nowhere.",
        "game",
        choices={"both": "G and D", "g": "G alone", "none": "none"},
        only_if=DCGAN,
    )

    data: str = setting(
        "ring",
        "Distribution",
        "Where the real samples come from; in a CycleGAN those of X.",
        "data",
        choices={k: v.title for k, v in SOURCES.items()},
    )
    modes: int = setting(
        8, "Modes", "Number of Gaussians.", "data", symbol="K", ge=1, le=64, only_if=sources_with("modes")
    )
    side: int = setting(
        5, "Side", "The grid has side × side Gaussians.", "data", ge=1, le=12, only_if=sources_with("side")
    )
    radius: float = setting(
        2.0,
        "Radius",
        "Distance from the centre to the outermost means; half the side of a square.",
        "data",
        symbol="R",
        unit="data units",
        ge=0.1,
        le=100.0,
        only_if=sources_with("radius"),
    )
    sigma: float = setting(
        0.1,
        "Spread",
        "Standard deviation of each Gaussian, or of the noise on a curve.",
        "data",
        symbol="σ",
        unit="data units",
        ge=0.001,
        le=10.0,
        log=True,
        only_if=sources_with("sigma"),
    )
    centre: float = setting(
        0.0,
        "Centre",
        "Where the middle of the Gaussians lies; away from 0, where most generators begin.",
        "data",
        symbol="μ",
        unit="data units",
        ge=-100.0,
        le=100.0,
        only_if=sources_with("centre"),
    )
    image_size: int = DATA["image_size"]
    image_colour: str = DATA["image_colour"]
    image_count: int = DATA["image_count"]
    data_path: str = DATA["data_path"]
    data_scale: str = DATA["data_scale"]
    drawing: Annotated[str, AfterValidator(canonical_drawing)] = DATA["drawing"]
    data_y: str = SECOND_SOURCE["data_y"]
    data_path_y: str = SECOND_SOURCE["data_path_y"]
    turn: float = SECOND_SOURCE["turn"]
    modes_y: int = SECOND_SOURCE["modes_y"]
    side_y: int = SECOND_SOURCE["side_y"]
    radius_y: float = SECOND_SOURCE["radius_y"]
    sigma_y: float = SECOND_SOURCE["sigma_y"]
    centre_y: float = SECOND_SOURCE["centre_y"]
    latent: str = setting(
        "normal",
        "Noise",
        "Distribution of the latent z.",
        "generator",
        symbol="z",
        choices={"normal": "Normal N(0, I)", "uniform": "Uniform [−1, 1]"},
        games=GAN,
    )
    latent_dim: int = setting(
        2, "Noise dimension", "Number of components of the latent z.", "generator", ge=1, le=512, games=GAN
    )

    g_layers: int = _G["layers"]
    g_width: int = _G["width"]
    g_activation: str = _G["activation"]
    g_optimizer: str = _G["optimizer"]
    g_learning_rate: float = _G["learning_rate"]
    g_momentum: float = _G["momentum"]
    g_beta1: float = _G["beta1"]
    g_beta2: float = _G["beta2"]
    g_gradient_clip: float = _G["gradient_clip"]

    d_layers: int = _D["layers"]
    d_width: int = _D["width"]
    d_activation: str = _D["activation"]
    d_optimizer: str = _D["optimizer"]
    d_learning_rate: float = _D["learning_rate"]
    d_momentum: float = _D["momentum"]
    d_beta1: float = _D["beta1"]
    d_beta2: float = _D["beta2"]
    d_gradient_clip: float = _D["gradient_clip"]

    objective: str = setting(
        "minimax",
        "Generator loss",
        "The cost that both players minimise. Acts on the next step, never restarts.",
        "schedule",
        live=True,
        choices={key: row.name for key, row in OBJECTIVES.items()},
    )
    d_updates: int = setting(
        1,
        "D updates",
        "Discriminator updates a step: k in Algorithm 1.",
        "schedule",
        symbol="k",
        live=True,
        ge=0,
        le=100,
        games=EVERY_GAME,
    )
    g_updates: int = setting(
        1, "G updates", "Generator updates a step.", "schedule", live=True, ge=0, le=100, games=EVERY_GAME
    )
    head_start: int = setting(
        0,
        "D head start",
        "Discriminator updates before step 1, with G at rest.",
        "schedule",
        unit="updates",
        ge=0,
        le=100_000,
    )
    batch_size: int = setting(
        256,
        "Batch",
        "Samples in a batch of reals, and of fakes.",
        "schedule",
        unit="samples",
        ge=2,
        le=16_384,
        games=NETWORK_GAMES,
    )
    update_order: str = setting(
        "alternating",
        "Order",
        "Alternating: G answers the new D. The others move both at once: from the same weights, from a look "
        "one move ahead (extragradient), or shortening the gradients too (consensus).",
        "schedule",
        live=True,
        choices={key: key for key in ("alternating", "simultaneous", "extragradient", "consensus")},
    )
    consensus: float = setting(
        1.0,
        "Consensus",
        "Both players also descend γ/2 times the squared length of all gradients together.",
        "schedule",
        symbol="γ",
        live=True,
        log=True,
        smallest=0.01,
        ge=0.0,
        le=1000.0,
        only_if=("update_order", ["consensus"]),
    )
    g_noise: str = setting(
        "fresh",
        "Noise for G",
        "Fresh: new z for G's update, as in Algorithm 1. Same: the z of D's last update.",
        "schedule",
        live=True,
        choices={"fresh": "fresh", "same": "same as D's"},
    )

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

    measure_every: int = setting(
        20,
        "Measure every",
        "Steps between two records of gradients, divergences and modes.",
        "measurement",
        unit="steps",
        live=True,
        ge=1,
        le=100_000,
    )

    device: str = setting(
        "auto",
        "Device",
        "auto, cpu, cuda, cuda:N or mps. auto keeps small networks on the CPU, where they are faster.",
        "device",
    )
    threads: int = setting(
        1,
        "Threads",
        "Processor cores that one step shares. Convolutions of large images gain on idle cores; on busy ones "
        "they lose many times over. Sums differ in their last bits, so it belongs to the run.",
        "device",
        ge=1,
        le=64,
    )
    seed: int = setting(
        0,
        "Seed",
        "Fixes weights, data, noise and probes: the same seed gives the same run. In a game of two "
        "numbers nothing is left to chance, and it changes nothing.",
        "device",
        ge=0,
        le=2**31 - 1,
        games=EVERY_GAME,
    )

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
        if not re.fullmatch(r"[\w][\w .,+()-]{0,79}", value):
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
        try:
            with path.open("rb") as stream:  # a device has no size: no more is read than may be used
                content = stream.read(LARGEST_FILE + 1)
            if len(content) > LARGEST_FILE:
                raise ExperimentError(f"{path}: larger than 1 MB; accepted: an experiment as TOML")
            text = content.decode("utf-8-sig")  # some editors put a mark before the text
        except UnicodeDecodeError:
            raise ExperimentError(f"{path}: not a text file; accepted: an experiment as TOML") from None
        except OSError as error:
            raise ExperimentError(f"{path}: {error.strerror}; accepted: a readable TOML file") from None
        experiment = cls.from_toml(text, str(path), path.stem)
        settle = {key: settled(getattr(experiment, key), path.parent) for key in PATHS}
        return experiment.model_copy(update=settle)

    @classmethod
    def from_toml(cls, text: str, where: str, name: str = "untitled") -> Experiment:
        """Parse the text of an experiment file; ``where`` opens the error line."""
        try:
            values = tomllib.loads(text)
        except ValueError as error:  # TOMLDecodeError, and what int() says of thousands of digits
            raise ExperimentError(f"{where}: not valid TOML: {error}; accepted: {_LINES}") from None
        except RecursionError:
            raise ExperimentError(
                f"{where}: not valid TOML: brackets within brackets; accepted: {_LINES}"
            ) from None
        if not values:
            raise ExperimentError(f"{where}: no settings in it; accepted: {_LINES}")
        if re.fullmatch(r"[\w][\w .,+()-]{0,79}", name):
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
        return any(one in accepted for one in held)

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
