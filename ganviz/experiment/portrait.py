"""The games, and the settings of those with two parameters, whose whole portrait can be drawn.

A line of a portrait is one method under one order of updates: ``METHOD`` moves both players at once,
``METHOD/alternating`` one after the other, ``METHOD/extragradient`` both from one step ahead; METHOD is a key
of ``theory.dirac_methods.METHODS``.
"""

from __future__ import annotations

from typing import Any

from ganviz.experiment.declaration import PORTRAIT_GAMES, setting
from ganviz.theory.dirac import ORDERS
from ganviz.theory.dirac_methods import METHODS

AT_ONCE = "simultaneous"
"""The order of a line that names none."""
DEFAULT_LINES = ("minimax", "minimax/alternating", "r1", "non_saturating")
_ORDERS = " or ".join(f"METHOD/{order}" for order in ORDERS if order != AT_ONCE)
ACCEPTED_LINES = f"METHOD, {_ORDERS}, with METHOD one of {', '.join(METHODS)}"
"""What a line may be, in words."""


def method_and_order(line: str) -> tuple[str, str]:
    """The method of a line and its order of updates: a key of METHODS, one of ORDERS. ValueError where the
    line names what does not exist."""
    method, slash, order = line.partition("/")
    order = order if slash else AT_ONCE
    if method not in METHODS or order not in ORDERS:
        raise ValueError(f"no line {line!r}; accepted: {ACCEPTED_LINES}")
    return method, order


def canonical(line: str) -> str:
    """The line as it is written everywhere: without the order that goes without saying. ValueError as of
    :func:`method_and_order`."""
    method, order = method_and_order(line)
    return method if order == AT_ONCE else f"{method}/{order}"


def line_title(line: str) -> str:
    """The line in words: "GAN with R1, alternating"."""
    method, order = method_and_order(line)
    return METHODS[method].title if order == AT_ONCE else f"{METHODS[method].title}, {order}"


def _of_methods(parameter: str, *, but: tuple[str, ...] = ()) -> tuple[str, list[str]]:
    """The condition that a line has a method with this parameter."""
    return "methods", [key for key, row in METHODS.items() if parameter in row.parameters and key not in but]


def _number(
    default: float,
    title: str,
    help: str,
    symbol: str,
    *,
    only_if: tuple[str, list[str]] | None = None,
    ge: float = 0.0,
    le: float = 10.0,
    **rest: Any,
) -> Any:
    rest = {"live": True} | rest
    return setting(
        default, title, help, "game", symbol=symbol, games=PORTRAIT_GAMES, only_if=only_if, ge=ge, le=le,
        **rest,
    )  # fmt: skip


PORTRAIT: dict[str, Any] = {
    "methods": setting(
        DEFAULT_LINES,
        "Lines",
        "The methods that are played side by side from one start, each with its order of updates. One "
        "that is added is played from the start through every change of the run.",
        "game",
        live=True,
        games=PORTRAIT_GAMES,
        items=ACCEPTED_LINES,
    ),
    "step_size": _number(
        0.2, "Step size", "How far a step follows the field; both players have it.", "h", ge=0.001, le=2.0,
        log=True,
    ),
    "gamma": _number(
        0.3,
        "Penalty",
        "Strength of R1 and of R2: takes γψ from the movement of D's slope ψ.",
        "γ",
        only_if=_of_methods("gamma", but=("consensus",)),
    ),
    "noise_sigma": _number(
        0.7, "Instance noise", "Standard deviation of the noise on data and fakes.", "σ",
        only_if=_of_methods("sigma"),
    ),
    "clip": _number(
        1.0, "Clip", "D's slope ψ is kept within ±c, at the start and after each update.", "c",
        only_if=_of_methods("clip"), ge=0.001,
    ),
    "penalty_weight": _number(
        0.7, "WGAN-GP", "Weight of the penalty that asks D's slope for its target.", "λ",
        only_if=_of_methods("weight"),
    ),
    "penalty_target": _number(
        1.0, "WGAN-GP target", "The slope that the penalty of WGAN-GP asks for.", "g₀",
        only_if=_of_methods("target"),
    ),
    "consensus_weight": _number(
        1.0, "Consensus weight",
        "How much both players also descend half the squared length of the field.", "γ",
        only_if=("methods", ["consensus"]),
    ),
    "spread": setting(
        1.0,
        "Spread of both",
        "Standard deviation s of the data N(0, s²) and of the fakes N(θ, s²). 0: the Dirac-GAN.",
        "game",
        symbol="s",
        live=True,
        games=("gaussians",),
        ge=0.0,
        le=10.0,
    ),
    "start_theta": _number(
        1.0, "Start of G", "Where G's parameter θ begins.", "θ₀", live=False, ge=-10.0
    ),
    "start_psi": _number(
        1.0, "Start of D", "Where D's slope ψ begins.", "ψ₀", live=False, ge=-10.0
    ),
}  # fmt: skip
"""Key to declaration, in the order of the form."""
