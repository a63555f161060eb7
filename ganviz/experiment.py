"""The experiment: every setting, declared once.

One declaration (type, default, title, symbol, help, range, scale, when it applies, where it makes sense) drives the form,
its tooltips, validation, the TOML file, ``--set KEY=VALUE``, undo, ``ganviz list controls`` and the documentation.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import tomli_w
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic.fields import FieldInfo

from ganviz import resources
from ganviz.data import SOURCES
from ganviz.theory.objectives import OBJECTIVES

GROUPS = {
    "experiment": "Experiment",
    "data": "Data",
    "generator": "Generator",
    "discriminator": "Discriminator",
    "schedule": "Schedule",
    "regularisation": "Regularisation",
    "measurement": "Measurement",
    "device": "Device and seed",
}
ACTIVATIONS = {"relu": "ReLU", "leaky_relu": "LeakyReLU 0.2", "tanh": "tanh", "silu": "SiLU"}
OPTIMIZERS = {"sgd": "SGD", "adam": "Adam", "rmsprop": "RMSProp"}


class ExperimentError(ValueError):
    """A setting that cannot be used. The message is one line: what, where, what would be accepted."""


def _setting(
    default: Any,
    title: str,
    help: str,
    group: str,
    *,
    symbol: str = "",
    unit: str = "",
    live: bool = False,
    log: bool = False,
    choices: Mapping[str, str] | None = None,
    only_if: tuple[str, Iterable[str]] | None = None,
    ge: float | None = None,
    le: float | None = None,
) -> Any:
    extra: dict[str, Any] = {
        "group": group,
        "symbol": symbol,
        "unit": unit,
        "live": live,
        "log": log,
        "choices": dict(choices) if choices else None,
        "only_if": (only_if[0], tuple(only_if[1])) if only_if else None,
    }
    return Field(default, title=title, description=help, ge=ge, le=le, json_schema_extra=extra)


def _sources_with(parameter: str) -> tuple[str, list[str]]:
    return "data", [key for key, info in SOURCES.items() if parameter in info.parameters]


def _player(letter: Literal["g", "d"], group: str, layers: str, activation: str) -> dict[str, Any]:
    """The settings that both players have; each player has its own values."""
    optimizer = f"{letter}_optimizer"
    player = letter.upper()
    return {
        "layers": _setting(2, "Layers", f"Hidden layers of {player}. {layers}", group, ge=0, le=8),
        "width": _setting(128, "Width", f"Units in each hidden layer of {player}.", group, unit="units", ge=1, le=1024),
        "activation": _setting(
            activation, "Activation", f"Nonlinearity after each hidden layer of {player}.", group, choices=ACTIVATIONS
        ),
        "optimizer": _setting(
            "adam",
            "Optimiser",
            f"How {player} turns gradients into updates. A change clears {player}'s moments, never its weights.",
            group,
            live=True,
            choices=OPTIMIZERS,
        ),
        "learning_rate": _setting(
            1e-3, "Learning rate", f"Step size of {player}'s optimiser.", group, symbol="η", live=True, log=True, ge=1e-7, le=100.0
        ),
        "momentum": _setting(
            0.0, "Momentum", f"Momentum of {player}'s SGD.", group, live=True, ge=0.0, le=0.999, only_if=(optimizer, ["sgd"])
        ),
        "beta1": _setting(
            0.5, "First moment", f"Decay of {player}'s mean gradient in Adam.", group,
            symbol="β₁", live=True, ge=0.0, le=0.9999, only_if=(optimizer, ["adam"]),
        ),
        "beta2": _setting(
            0.9, "Second moment", f"Decay of {player}'s mean squared gradient in Adam and RMSProp.", group,
            symbol="β₂", live=True, ge=0.0, le=0.99999, only_if=(optimizer, ["adam", "rmsprop"]),
        ),
        "gradient_clip": _setting(
            0.0, "Gradient clip", f"Largest norm of {player}'s gradient; longer ones are scaled down to it. 0: no clipping.", group,
            live=True, ge=0.0, le=1e6,
        ),
    }  # fmt: skip


_G = _player("g", "generator", "0: a linear map of z.", "relu")
_D = _player("d", "discriminator", "0: a linear logit.", "leaky_relu")


class Experiment(BaseModel):
    """What to run: frozen, complete and valid. A change makes a new one (:meth:`replace`).

    Raises :class:`ExperimentError` (from the ``load``, ``preset``, ``from_dict`` and ``replace`` doors) with one line
    that names the key, the value and what would be accepted.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    name: str = _setting("untitled", "Name", "Shown in the title, used for the run folder.", "experiment")
    description: str = _setting("", "Description", "What to look for in this experiment.", "experiment")
    steps: int = _setting(
        2000, "Steps", "How many steps `ganviz train` runs; the window trains until it is paused.", "experiment", ge=1, le=10**9
    )

    data: str = _setting("ring", "Distribution", "Where the real samples come from.", "data", choices={k: v.title for k, v in SOURCES.items()})
    modes: int = _setting(8, "Modes", "Number of Gaussians.", "data", symbol="K", ge=1, le=64, only_if=_sources_with("modes"))
    side: int = _setting(5, "Side", "The grid has side × side Gaussians.", "data", ge=1, le=12, only_if=_sources_with("side"))
    radius: float = _setting(
        2.0, "Radius", "Distance from the centre to the outermost means; half the side of a square.", "data",
        symbol="R", unit="data units", ge=0.1, le=100.0, only_if=_sources_with("radius"),
    )  # fmt: skip
    sigma: float = _setting(
        0.1, "Spread", "Standard deviation of each Gaussian, or of the noise on a curve.", "data",
        symbol="σ", unit="data units", ge=0.001, le=10.0, log=True, only_if=_sources_with("sigma"),
    )  # fmt: skip
    latent: str = _setting(
        "normal", "Noise", "Distribution of the latent z.", "generator", symbol="z",
        choices={"normal": "Gaussian N(0, I)", "uniform": "Uniform on [−1, 1]"},
    )  # fmt: skip
    latent_dim: int = _setting(2, "Noise dimension", "Number of components of the latent z.", "generator", ge=1, le=512)

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

    objective: str = _setting(
        "minimax", "Generator loss", "The cost that both players minimise. Acts on the next step, never restarts.", "schedule",
        live=True, choices={key: row.name for key, row in OBJECTIVES.items()},
    )  # fmt: skip
    d_updates: int = _setting(1, "D updates", "Discriminator updates a step: k in Algorithm 1.", "schedule", symbol="k", live=True, ge=0, le=100)
    g_updates: int = _setting(1, "G updates", "Generator updates a step.", "schedule", live=True, ge=0, le=100)
    head_start: int = _setting(0, "D head start", "Discriminator updates before step 1, with G at rest.", "schedule", unit="updates", ge=0, le=100_000)
    batch_size: int = _setting(256, "Batch", "Samples in a batch of reals, and of fakes.", "schedule", unit="samples", ge=2, le=16_384)
    update_order: str = _setting(
        "alternating", "Order", "Alternating: G answers the new D. Simultaneous: both move from the same weights.", "schedule",
        live=True, choices={"alternating": "alternating", "simultaneous": "simultaneous"},
    )  # fmt: skip
    g_noise: str = _setting(
        "fresh", "Noise for G", "Fresh: new z for G's update, as in Algorithm 1. Same: the z of D's last update.", "schedule",
        live=True, choices={"fresh": "fresh", "same": "same as D's"},
    )  # fmt: skip

    weight_clip: float = _setting(
        0.01, "Weight clip", "After each update of a Wasserstein critic its weights are clipped to ±c.", "regularisation",
        symbol="c", live=True, log=True, ge=1e-5, le=100.0, only_if=("objective", ["wasserstein"]),
    )  # fmt: skip

    measure_every: int = _setting(
        20, "Measure every", "Steps between two records of gradients, divergences and modes.", "measurement", unit="steps", live=True, ge=1, le=100_000
    )

    device: str = _setting("auto", "Device", "auto, cpu, cuda, cuda:N or mps. auto keeps small networks on the CPU, where they are faster.", "device")
    seed: int = _setting(0, "Seed", "Fixes weights, data, noise and probes: the same seed gives the same run.", "device", ge=0, le=2**31 - 1)

    @field_validator("*")
    @classmethod
    def _is_a_choice(cls, value: Any, info: Any) -> Any:
        choices = SETTINGS[info.field_name].choices
        if choices and value not in choices:
            raise ValueError("unknown choice")
        return value

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
    def _someone_moves(self) -> Experiment:
        if self.d_updates == 0 and self.g_updates == 0:
            raise ValueError("d_updates and g_updates are both 0; accepted: at least one of them 1 or more")
        return self

    @classmethod
    def from_dict(cls, values: Mapping[str, Any], where: str = "") -> Experiment:
        """An experiment from plain values; ``where`` (a file's name, "--set") opens the error line."""
        try:
            return cls.model_validate(dict(values))
        except ValidationError as error:
            raise ExperimentError(_one_line(error, where)) from None

    @classmethod
    def load(cls, path: str | Path) -> Experiment:
        """Read an experiment from a TOML file, at most 1 MB. The file's name is the name where it gives none."""
        path = Path(path)
        try:
            if path.stat().st_size > 1_000_000:
                raise ExperimentError(f"{path}: larger than 1 MB; accepted: an experiment as TOML")
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            raise ExperimentError(f"{path}: not a text file; accepted: an experiment as TOML") from None
        except OSError as error:
            raise ExperimentError(f"{path}: {error.strerror}; accepted: a readable TOML file") from None
        return cls.from_toml(text, str(path), path.stem)

    @classmethod
    def from_toml(cls, text: str, where: str, name: str = "untitled") -> Experiment:
        """Parse the text of an experiment file; ``where`` opens the error line."""
        try:
            values = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise ExperimentError(f"{where}: not valid TOML: {error}") from None
        if not values:
            raise ExperimentError(f'{where}: no settings in it; accepted: lines such as objective = "minimax"')
        if re.fullmatch(r"[\w][\w .,+()-]{0,79}", name):
            values = {"name": name} | values
        return cls.from_dict(values, where)

    @classmethod
    def preset(cls, name: str) -> Experiment:
        """A shipped experiment by its name."""
        if name not in presets():
            raise ExperimentError(f"experiment '{name}': no such preset or file; accepted: {', '.join(presets())}, or a TOML file")
        return cls.from_toml(resources.read_text(f"experiments/{name}.toml"), f"preset {name}", name)

    def replace(self, where: str = "", **changes: Any) -> Experiment:
        """A copy with ``changes``, checked like a file."""
        return self.from_dict(self.model_dump() | changes, where)

    def assign(self, assignments: Iterable[str]) -> Experiment:
        """A copy with ``KEY=VALUE`` texts applied, as ``--set`` gives them."""
        changes: dict[str, Any] = {}
        for text in assignments:
            key, equals, value = text.partition("=")
            key = key.strip()
            if not equals:
                raise ExperimentError(f"--set {text}: no '=' in it; accepted: KEY=VALUE")
            if key not in SETTINGS:
                raise ExperimentError(f"--set {text}: no setting '{key}'; accepted: {_near(key)}")
            changes[key] = _parse(key, value.strip())
        return self.replace("--set", **changes) if changes else self

    def to_toml(self) -> str:
        """The experiment as TOML, every setting, in groups that a person can read."""
        values = self.model_dump()
        parts = []
        for group, title in GROUPS.items():
            keys = [key for key, setting in SETTINGS.items() if setting.group == group]
            parts.append(f"# {title}\n" + tomli_w.dumps({key: values[key] for key in keys}))
        return "\n".join(parts)

    def applies(self, key: str) -> bool:
        """Whether the setting ``key`` has any effect with the other settings as they are."""
        condition = SETTINGS[key].only_if
        return condition is None or getattr(self, condition[0]) in condition[1]


@dataclass(frozen=True)
class Setting:
    """How one setting is declared: everything that a form, a file, a command line and a manual need."""

    key: str
    kind: type
    default: Any
    title: str
    help: str
    group: str
    symbol: str
    unit: str
    live: bool
    log: bool
    choices: Mapping[str, str] | None
    only_if: tuple[str, tuple[str, ...]] | None
    minimum: float | None
    maximum: float | None

    @property
    def accepted(self) -> str:
        """What would be accepted, in words: the choices, or the range."""
        if self.choices:
            return ", ".join(self.choices)
        if self.kind is str:
            return {
                "device": "auto, cpu, cuda, cuda:N, mps",
                "name": "up to 80 letters, digits, spaces and .,+()-",
            }.get(self.key, "a text")
        word = "a whole number" if self.kind is int else "a number"
        return f"{word} from {self.minimum:,g} to {self.maximum:,g}".replace(",", "")


def _declared(key: str, field: FieldInfo) -> Setting:
    bounds: dict[str, float] = {}
    for item in field.metadata:
        for name in ("ge", "le"):
            if hasattr(item, name):
                bounds[name] = getattr(item, name)
    extra = field.json_schema_extra
    assert isinstance(extra, dict) and field.annotation is not None
    return Setting(
        key=key,
        kind=field.annotation,
        default=field.default,
        title=field.title or key,
        help=field.description or "",
        minimum=bounds.get("ge"),
        maximum=bounds.get("le"),
        **extra,  # type: ignore[arg-type]
    )


SETTINGS: dict[str, Setting] = {key: _declared(key, field) for key, field in Experiment.model_fields.items()}


@dataclass(frozen=True)
class Change:
    """One setting that differs between two experiments."""

    key: str
    old: Any
    new: Any

    @property
    def live(self) -> bool:
        """Whether a running game takes it at its next step; otherwise it waits for the next reset."""
        return SETTINGS[self.key].live


def changes(old: Experiment, new: Experiment) -> list[Change]:
    """The settings in which ``new`` differs from ``old``, in the order of their declaration."""
    return [Change(key, getattr(old, key), getattr(new, key)) for key in SETTINGS if getattr(old, key) != getattr(new, key)]


def waiting(running: Experiment, chosen: Experiment) -> list[Change]:
    """What was chosen but takes effect only at the next reset. Name and description wait for nothing."""
    return [change for change in changes(running, chosen) if not change.live and SETTINGS[change.key].group != "experiment"]


def presets() -> list[str]:
    """The names of the shipped experiments, the default one first."""
    names = [name.removesuffix(".toml") for name in resources.listing("experiments", ".toml")]
    return sorted(names, key=lambda name: (name != "saturation", name))


def _parse(key: str, text: str) -> Any:
    """The text of a command line as the type that the setting has; text that is no number is left for the check."""
    try:
        return SETTINGS[key].kind(text)
    except ValueError:
        return text


def _near(key: str) -> str:
    """The settings that a mistyped key most likely meant, or all of them."""
    import difflib

    close = difflib.get_close_matches(key, SETTINGS, n=3, cutoff=0.6)
    return ", ".join(close or SETTINGS)


def _one_line(error: ValidationError, where: str) -> str:
    first = error.errors()[0]
    prefix = f"{where}: " if where else ""
    if not first["loc"]:
        return prefix + first["msg"].removeprefix("Value error, ")
    key = str(first["loc"][0])
    if key not in SETTINGS:
        return f"{prefix}no setting '{key}'; accepted: {_near(key)}"
    value = str(first["input"])
    value = value if len(value) <= 60 else value[:57] + "..."
    return f"{prefix}{key} = {value}: not usable; accepted: {SETTINGS[key].accepted}".replace("\n", " ")
