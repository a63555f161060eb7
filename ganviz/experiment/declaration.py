"""How one setting is declared: everything that a form, a file, a command line and a manual need."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast, get_origin

from pydantic import Field
from pydantic.fields import FieldInfo

from ganviz.data import SOURCES

GAMES = {
    "gan": "GAN",
    "cyclegan": "CycleGAN",
    "dirac": "Dirac-GAN",
    "bilinear": "Bilinear",
    "gaussians": "Two Gaussians",
}
"""The games that can be played, by their ids."""
GAN = ("gan",)
CYCLEGAN = ("cyclegan",)
NETWORK_GAMES = (*GAN, *CYCLEGAN)
"""The games whose players are networks that train on data."""
PORTRAIT_GAMES = ("dirac", "bilinear", "gaussians")
"""The games of two numbers: a point in a plane, no networks, no chance."""
EVERY_GAME = tuple(GAMES)

GROUPS = {
    "experiment": "Experiment",
    "game": "Game",
    "data": "Data",
    "generator": "Generator",
    "discriminator": "Discriminator",
    "schedule": "Schedule",
    "regularisation": "Regularisation",
    "measurement": "Measurement",
    "device": "Device and seed",
}
GAMES_OF = dict.fromkeys(("data", "generator", "discriminator", "measurement", "device"), NETWORK_GAMES)
"""The games that have the settings of a group, where a setting does not say otherwise; of others the GAN."""


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
    off: Any
    smallest: float | None
    games: tuple[str, ...]
    items: str

    @property
    def accepted(self) -> str:
        """What would be accepted, in words: the choices, or the range."""
        if self.choices:
            return ", ".join(self.choices)
        if self.kind is tuple:
            return self.items
        if self.kind is str:
            return {
                "device": "auto, cpu, cuda, cuda:N, mps",
                "name": "up to 80 letters, digits, spaces and .,+()-",
            }.get(self.key, self.items or "a text")
        if self.kind is int:
            return f"a whole number from {self.minimum:,.0f} to {self.maximum:,.0f}"
        return f"a number from {self.minimum:g} to {self.maximum:g}"

    def parsed(self, text: str) -> Any:
        """A text as this setting's type: a number, a text, or words parted by commas or spaces. ValueError
        for what is no number."""
        return tuple(text.replace(",", " ").split()) if self.kind is tuple else self.kind(text)

    def text(self, value: Any) -> str:
        """A value as :meth:`parsed` reads it back exactly, without a comma where it holds several."""
        return " ".join(value) if self.kind is tuple else str(value)


def declared(key: str, field: FieldInfo) -> Setting:
    """The declaration of a field that :func:`setting` made, read back from pydantic."""
    bounds: dict[str, float] = {}
    for item in field.metadata:
        for name in ("ge", "le"):
            if hasattr(item, name):
                bounds[name] = getattr(item, name)
    extra = field.json_schema_extra
    assert isinstance(extra, dict)
    return Setting(
        key=key,
        kind=cast(type, get_origin(field.annotation) or field.annotation),
        default=field.default,
        title=field.title or key,
        help=field.description or "",
        minimum=bounds.get("ge"),
        maximum=bounds.get("le"),
        **extra,  # type: ignore[arg-type]
    )


def setting(
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
    off: Any = None,
    smallest: float | None = None,
    ge: float | None = None,
    le: float | None = None,
    games: Iterable[str] | None = None,
    items: str = "",
) -> Any:
    """Declare a setting: its default, its words, its range, and when it acts.

    ``live``: acts at the next step, else at the next reset. ``log``: steps by decades. ``choices``: ids and
    their titles. ``only_if``: (other setting, its values) where this one has any effect. ``off``: the value
    that switches it off. ``smallest``: the first value above 0 where the range begins at 0 and steps by
    decades. ``games``: those that have this setting, by default those of its group. ``items``: what a text,
    or each of several, may be, in words.
    """
    extra: dict[str, Any] = {
        "group": group,
        "symbol": symbol,
        "unit": unit,
        "live": live,
        "log": log,
        "choices": dict(choices) if choices else None,
        "only_if": (only_if[0], tuple(only_if[1])) if only_if else None,
        "off": off,
        "smallest": smallest,
        "games": tuple(games if games is not None else GAMES_OF.get(group, GAN)),
        "items": items,
    }
    return Field(default, title=title, description=help, ge=ge, le=le, json_schema_extra=extra)


def sources_with(parameter: str, source: str = "data") -> tuple[str, list[str]]:
    """The condition that the data source of the setting ``source`` has this parameter."""
    return source, [key for key, info in SOURCES.items() if parameter in info.parameters]
