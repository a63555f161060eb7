"""The named layouts: which panels stand together on the screen, and what the user has made of each.

More panels must not mean a fuller screen: a layout shows at most `MOST` of them. Nothing here loads Qt.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from ganviz.experiment import PORTRAIT_GAMES, Experiment
from ganviz.ui.panels.catalogue import PANELS

MOST = 6
"""The most panels that a layout shows."""
OR = "|"
"""Stands in a place between panels of which the first that fits the data is shown."""


@dataclass(frozen=True)
class Layout:
    """One row of `LAYOUTS`: title, key, what it is for, and its places in order.

    A place is a key of `PANELS`, or several with `OR` between them. ``portrait``: the places in the games of
    two numbers, ``cyclegan`` in a CycleGAN, ``images`` in a GAN of images, where they are others.
    """

    title: str
    key: str
    help: str
    places: tuple[str, ...]
    portrait: tuple[str, ...]
    cyclegan: tuple[str, ...]
    images: tuple[str, ...] = ()

    def of(self, family: str) -> tuple[str, ...]:
        """The places for a family, one of `FAMILIES`."""
        of_others = {"portrait": self.portrait, "cyclegan": self.cyclegan, "images": self.images}
        return of_others.get(family) or self.places


LAYOUTS: dict[str, Layout] = {
    "overview": Layout(
        "Overview",
        "F6",
        "Samples, outputs, saturation, losses, divergence and gradient: the whole game at one look. "
        "In a game of two numbers: a portrait of each line, eigenvalues, radius. In a CycleGAN: maps or "
        "translations, cycle, marginals, its four players.",
        ("samples", "outputs", "saturation", "losses", "divergence", "gradient"),
        ("portraits", "eigenvalues", "radius"),
        ("maps|translations", "cycle", "marginals", "players"),
        ("samples", "outputs", "saturation", "losses", "image_history", "gradient"),
    ),
    "theory": Layout(
        "Theory",
        "F7",
        "The formulas with this run's numbers in them: costs, optimal D, value, modes, critic. "
        "In a game of two numbers: one portrait for all lines, and the eigenvalues.",
        ("bce", "total_loss", "figure_1|optimal_d", "value|losses", "modes|outputs", "critic"),
        ("portrait", "eigenvalues"),
        ("maps|translations", "cycle"),
    ),
    "dynamics": Layout(
        "Dynamics",
        "F8",
        "How both players move: samples, the way of their weights and its angle; spectrum, speed, gradients.",
        ("samples", "weight_path", "path_angle", "spectrum", "speed", "gradient"),
        ("portraits", "portrait", "eigenvalues", "radius"),
        ("cycle", "players", "marginals"),
    ),
    "images": Layout(
        "Images",
        "F9",
        "Room for generated images: samples with D's outputs, the way from one latent to another, both "
        "losses. In a game of two numbers: its portraits alone.",
        ("samples", "outputs", "losses"),
        ("portraits",),
        ("maps|translations", "marginals"),
        ("samples", "interpolation", "losses", "outputs"),
    ),
    "latents": Layout(
        "Latents",
        "F12",
        "What G makes of its noise. Images: over time, between two latents, added and subtracted, beside the "
        "nearest reals; and D's first layer. Points: samples and the map from z to x, or D beside the best.",
        ("samples", "figure_1|optimal_d", "outputs"),
        ("portraits",),
        ("maps|translations", "marginals"),
        ("samples", "image_history", "interpolation", "arithmetic", "nearest", "filters"),
    ),
}
ONLY_FOR = {"maps": (1, 2), "figure_1": (1,), "optimal_d": (2,), "value": (1, 2), "modes": (1, 2)}
"""Panels that need data of so many coordinates."""
FIRST = "overview"
"""The layout of the first start and of the dashboard."""


OF_GAME = {"gan": "gan", "cyclegan": "cyclegan", **dict.fromkeys(PORTRAIT_GAMES, "portrait")}
"""Game to the family whose panels stand together alike."""
FAMILIES = (*dict.fromkeys(OF_GAME.values()), "images")
"""All families; ``images`` is that of a GAN whose samples are images."""


class Stage(NamedTuple):
    """What a layout is filled for: a family of games, and the coordinates of the data, 0 where there are
    none."""

    family: str
    dim: int

    @property
    def has_images(self) -> bool:
        """Whether the samples are images: points have one coordinate or two."""
        return self.dim > 2


def stage_of(experiment: Experiment) -> Stage:
    """The stage of an experiment."""
    family = OF_GAME[experiment.game]
    if family == "portrait":
        return Stage(family, 0)
    source = experiment.source_at_hand()
    if source is None:  # a run that shows a file has read it
        return Stage(family, 2)
    found = Stage(family, source.dim)
    return Stage("images", found.dim) if family == "gan" and found.has_images else found


def suits(key: str, stage: Stage) -> bool:
    """Whether a panel is made for such a game and such data."""
    info = PANELS[key]
    family = "gan" if stage.family == "images" else stage.family
    return family in {OF_GAME[game] for game in info.games} and info.images in (None, stage.has_images)


def fitting(place: str, dim: int) -> str | None:
    """The panel of a place for data of ``dim`` coordinates, or None where the place stays out.

    Of several the first that exists and can show such data; one that was named alone is shown whatever the
    data are, and says itself when it does not apply.
    """
    if place in PANELS:
        return place
    keys = [key for key in place.split(OR) if key in PANELS]
    return next((key for key in keys if dim in ONLY_FOR.get(key, (dim,))), None)


class Layouts:
    """The layout that is on and the places of every layout as the user has edited them.

    ``stage`` is everywhere what the layout is filled for. :meth:`show` and :meth:`hide` return "" or,
    where they refuse, one sentence that says why. A panel that is not shown is not hidden, replaced or moved:
    the menu that asks for it was opened before another game came.
    """

    def __init__(self) -> None:
        self.name = FIRST
        self._places = {
            (name, family): list(layout.of(family)) for name, layout in LAYOUTS.items() for family in FAMILIES
        }

    @property
    def title(self) -> str:
        """The name of the layout that is on, as it is shown."""
        return LAYOUTS[self.name].title

    def panels(self, stage: Stage) -> tuple[str, ...]:
        """Keys of the panels of the layout that is on, in order; 1 to `MOST`."""
        return tuple(self._shown(stage))

    def _shown(self, stage: Stage) -> dict[str, int]:
        """Each panel that is shown, in order, and the number of its place."""
        found: dict[str, int] = {}
        for number, place in enumerate(self._places[self.name, stage.family]):
            key = fitting(place, stage.dim)
            if key is not None:
                found.setdefault(key, number)
        if not found:  # nothing fits these data: one panel says why
            places = enumerate(self._places[self.name, stage.family])
            known = ((key, number) for number, place in places for key in place.split(OR) if key in PANELS)
            found = dict([next(known)])
        return dict(list(found.items())[:MOST])

    # ------------------------------------------------------------ edits

    def show(self, key: str, stage: Stage) -> str:
        """Put a panel at the end of the layout."""
        shown = self._shown(stage)
        if len(shown) >= MOST:
            return (
                f"{self.title} shows {MOST} panels already: hide one first, or choose Show instead "
                "in a panel's ⋮ menu."
            )
        if key not in shown:
            self._places[self.name, stage.family].append(key)
        return ""

    def hide(self, key: str, stage: Stage) -> str:
        """Take a panel out of the layout."""
        shown = self._shown(stage)
        if key not in shown:
            return ""
        if len(shown) == 1:
            return f"{PANELS[key].title} is the only panel of {self.title}: show another one first."
        del self._places[self.name, stage.family][shown[key]]
        return ""

    def replace(self, key: str, other: str, stage: Stage) -> None:
        """Show another panel in the place of ``key``."""
        shown = self._shown(stage)
        if key in shown:
            self._places[self.name, stage.family][shown[key]] = other

    def move(self, key: str, by: int, stage: Stage) -> None:
        """Let a panel change places with the one before it (-1) or after it (1), if there is one."""
        shown = self._shown(stage)
        order, places = list(shown), self._places[self.name, stage.family]
        to = order.index(key) + by if key in shown else -1
        if 0 <= to < len(order):
            here, there = shown[key], shown[order[to]]
            places[here], places[there] = places[there], places[here]

    def reset(self, stage: Stage) -> None:
        """The layout that is on, as shipped."""
        self._places[self.name, stage.family] = list(LAYOUTS[self.name].of(stage.family))

    # ------------------------------------------------------------ memory

    def save_state(self) -> dict[str, Any]:
        """Which layout is on, and the places of those that were edited."""
        edited = {
            _kept_name(name, family): places
            for (name, family), places in self._places.items()
            if tuple(places) != LAYOUTS[name].of(family)
        }
        return {"name": self.name, "places": edited}

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Take a state that :meth:`save_state` gave; what does not fit is passed over."""
        name, edited = state.get("name"), state.get("places")
        if isinstance(name, str) and name in LAYOUTS:
            self.name = name
        kept = {_kept_name(*place): place for place in self._places}
        for layout, places in edited.items() if isinstance(edited, dict) else ():
            known = [place for place in places if _is_place(place)] if isinstance(places, list) else []
            if layout in kept and known:
                self._places[kept[layout]] = known


def _kept_name(layout: str, family: str) -> str:
    """Under which name a layout's places are remembered."""
    return layout if family == "gan" else f"{layout} {family}"


def _is_place(place: object) -> bool:
    return isinstance(place, str) and any(key in PANELS for key in place.split(OR))
