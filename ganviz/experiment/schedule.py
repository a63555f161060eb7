"""The settings of the game's course: what the players minimise, how often and in which order they move."""

from __future__ import annotations

from typing import Any

from ganviz.experiment.declaration import EVERY_GAME, NETWORK_GAMES, setting
from ganviz.theory.objectives import OBJECTIVES

SCHEDULE: dict[str, Any] = {
    "objective": setting(
        "minimax",
        "Generator loss",
        "The cost that both players minimise. Acts on the next step, never restarts.",
        "schedule",
        live=True,
        choices={key: row.name for key, row in OBJECTIVES.items()},
    ),
    "d_updates": setting(
        1,
        "D updates",
        "Discriminator updates a step: k in Algorithm 1.",
        "schedule",
        symbol="k",
        live=True,
        ge=0,
        le=100,
        games=EVERY_GAME,
    ),
    "g_updates": setting(
        1, "G updates", "Generator updates a step.", "schedule", live=True, ge=0, le=100, games=EVERY_GAME
    ),
    "head_start": setting(
        0,
        "D head start",
        "Discriminator updates before step 1, with G at rest.",
        "schedule",
        unit="updates",
        ge=0,
        le=100_000,
    ),
    "batch_size": setting(
        256,
        "Batch",
        "Samples in a batch of reals, and of fakes.",
        "schedule",
        unit="samples",
        ge=2,
        le=16_384,
        games=NETWORK_GAMES,
    ),
    "update_order": setting(
        "alternating",
        "Order",
        "Alternating: G answers the new D. The others move both at once: from the same weights, from a look "
        "one move ahead (extragradient), or shortening the gradients too (consensus).",
        "schedule",
        live=True,
        choices={key: key for key in ("alternating", "simultaneous", "extragradient", "consensus")},
    ),
    "consensus": setting(
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
    ),
    "g_noise": setting(
        "fresh",
        "Noise for G",
        "Fresh: new z for G's update, as in Algorithm 1. Same: the z of D's last update.",
        "schedule",
        live=True,
        choices={"fresh": "fresh", "same": "same as D's"},
    ),
}
"""Key to declaration, in the order of the form."""
