"""The settings of a run as a whole: its name, game and length, what is recorded of it, where it runs."""

from __future__ import annotations

from typing import Any

from ganviz.experiment.declaration import EVERY_GAME, GAMES, setting

GENERAL: dict[str, Any] = {
    "name": setting(
        "untitled", "Name", "Shown in the title, used for the run folder.", "experiment", games=EVERY_GAME
    ),
    "description": setting(
        "", "Description", "What to look for in this experiment.", "experiment", games=EVERY_GAME
    ),
    "steps": setting(
        2000,
        "Steps",
        "How many steps `ganviz train` runs; the window trains until it is paused, a game of two numbers up "
        "to here.",
        "experiment",
        ge=1,
        le=10**9,
        games=EVERY_GAME,
    ),
    "game": setting(
        "gan",
        "Game",
        "GAN: two networks that train on data. CycleGAN: two pairs of them, that translate between two kinds "
        "of data. The others are games of two numbers, a point and the slope of its judge, whose every step "
        "can be drawn.",
        "game",
        choices=GAMES,
        games=EVERY_GAME,
    ),
    "measure_every": setting(
        20,
        "Measure every",
        "Steps between two records of gradients, divergences and modes.",
        "measurement",
        unit="steps",
        live=True,
        ge=1,
        le=100_000,
    ),
    "device": setting(
        "auto",
        "Device",
        "auto, cpu, cuda, cuda:N or mps. auto keeps small networks on the CPU, where they are faster.",
        "device",
    ),
    "threads": setting(
        1,
        "Threads",
        "Processor cores that one step shares. Convolutions of large images gain on idle cores; on busy ones "
        "they lose many times over. Sums differ in their last bits, so it belongs to the run.",
        "device",
        ge=1,
        le=64,
    ),
    "seed": setting(
        0,
        "Seed",
        "Fixes weights, data, noise and probes: the same seed gives the same run. In a game of two "
        "numbers nothing is left to chance, and it changes nothing.",
        "device",
        ge=0,
        le=2**31 - 1,
        games=EVERY_GAME,
    ),
}
"""Key to declaration, in the order of the form."""
