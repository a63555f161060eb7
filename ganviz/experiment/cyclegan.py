"""The settings of a CycleGAN: its objective, and where the samples of Y come from.

Those of X are the settings of the group "data" that every game with samples has; Y has the same ones again,
with ``_y`` behind their keys, but for what both share: size, colour and number of images, and units.
"""

from __future__ import annotations

from typing import Any

from ganviz.data import SOURCES
from ganviz.data.derived import DERIVED
from ganviz.data.drawing import ACCEPTED as DRAWING_ACCEPTED
from ganviz.data.files.contents import ACCEPTED as FILE_ACCEPTED
from ganviz.experiment.declaration import CYCLEGAN as GAME
from ganviz.experiment.declaration import setting, sources_with

ABLATIONS = {
    "gan": "GAN only",
    "cycle": "+ cycle",
    "identity": "+ identity",
}
"""Which terms of the objective act, each with those before it."""
SYMBOL = "λ"

CYCLEGAN: dict[str, Any] = {
    "ablation": setting(
        "cycle",
        "Terms",
        "What G and F minimise: the adversarial losses alone, with the cycle loss, with the identity loss "
        "too.",
        "game",
        live=True,
        choices=ABLATIONS,
        games=GAME,
    ),
    "cycle_weight": setting(
        10.0,
        "Cycle weight",
        "Weight of the cycle loss E|F(G(x))−x| + E|G(F(y))−y|. Paper: 10.",
        "game",
        symbol=SYMBOL,
        live=True,
        ge=0.0,
        le=100.0,
        games=GAME,
        only_if=("ablation", ["cycle", "identity"]),
    ),
    "identity_weight": setting(
        5.0,
        "Identity weight",
        "Weight of the identity loss E|G(y)−y| + E|F(x)−x|. Paper: half the cycle weight.",
        "game",
        symbol="λᵢ",
        live=True,
        ge=0.0,
        le=100.0,
        games=GAME,
        only_if=("ablation", ["identity"]),
    ),
    "pool_size": setting(
        50,
        "Replay pool",
        "Fakes of earlier steps that each discriminator keeps and sees again. 0: none. Paper: 50.",
        "schedule",
        unit="samples",
        ge=0,
        le=10_000,
        games=GAME,
    ),
}
"""Key to declaration: the objective and the pool."""


def second(key: str) -> str:
    """The setting of Y that a setting of X has, where it has one."""
    return f"{key}_y"


def first(key: str) -> str:
    """The setting of X that a setting of Y stands for; of any other setting itself."""
    return key.removesuffix("_y")


def _of_y(default: Any, title: str, help: str, symbol: str, parameter: str, **rest: Any) -> Any:
    return setting(
        default, title, help, "data", symbol=symbol, games=GAME, only_if=sources_with(parameter, "data_y"),
        **rest,
    )  # fmt: skip


SECOND_SOURCE: dict[str, Any] = {
    "data_y": setting(
        "turned",
        "Data of Y",
        "Where the samples of Y come from. They are drawn on their own: no x belongs to a y.",
        "data",
        choices={key: row.title for key, row in (DERIVED | SOURCES).items()},
        games=GAME,
    ),
    "data_path_y": setting(
        "",
        "File of Y",
        "The file or folder of Y; size and colour of its images are those of X.",
        "data",
        games=GAME,
        only_if=sources_with("data_path", "data_y"),
        items=FILE_ACCEPTED,
    ),
    "drawing_y": setting(
        "",
        "Drawing of Y",
        "The points that were drawn as Y. Nothing: an example.",
        "data",
        games=GAME,
        only_if=sources_with("drawing", "data_y"),
        items=DRAWING_ACCEPTED,
    ),
    "turn": setting(
        90.0,
        "Turn",
        "By how much Y is X turned about 0, against the clock.",
        "data",
        unit="degrees",
        ge=-180.0,
        le=180.0,
        games=GAME,
        only_if=("data_y", ["turned"]),
    ),
    "modes_y": _of_y(8, "Modes of Y", "Number of Gaussians in Y.", "K", "modes", ge=1, le=64),
    "side_y": _of_y(5, "Side of Y", "The grid of Y has side × side Gaussians.", "", "side", ge=1, le=12),
    "radius_y": _of_y(
        2.0, "Radius of Y", "Distance from Y's centre to its outermost means; half the side of a square.",
        "R", "radius", unit="data units", ge=0.1, le=100.0,
    ),
    "sigma_y": _of_y(
        0.1, "Spread of Y", "Standard deviation of each Gaussian of Y, or of the noise on its curve.", "s",
        "sigma", unit="data units", ge=0.001, le=10.0, log=True,
    ),
    "centre_y": _of_y(
        0.0, "Centre of Y", "Where the middle of Y's Gaussians lies.", "ν", "centre", unit="data units",
        ge=-100.0, le=100.0,
    ),
}  # fmt: skip
"""Key to declaration, in the order of the form."""
