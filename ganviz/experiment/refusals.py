"""Combinations of settings that contradict each other, each with the reason in one line.

What merely has no effect with the rest (a label to smooth where D has no labels) is not refused: it rests,
the form says so, and it acts again when the objective changes back. What is only unwise (a Wasserstein critic
that nothing bounds) trains, and the program says what is wrong with it: that run is itself a result of the
papers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ganviz.data import SOURCES
from ganviz.experiment.declaration import PORTRAIT_GAMES
from ganviz.experiment.portrait import method_and_order
from ganviz.theory.dirac_methods import METHODS, methods_of

if TYPE_CHECKING:
    from ganviz.experiment.experiment import Experiment


@dataclass(frozen=True)
class Refusal:
    """``applies`` tells whether the experiment has this contradiction; ``keys`` are the settings that make
    it, ``reason`` says why, ``accepted`` what would do.

    ``gives_way``: what is changed, and said, where the contradiction comes from another choice of objective
    or data, so that no loss on the bar, and nothing that was drawn, is ever out of reach.
    """

    keys: tuple[str, ...]
    applies: Callable[[Experiment], bool]
    reason: str
    accepted: str
    gives_way: Mapping[str, Any] = field(default_factory=dict)

    def line(self, experiment: Experiment) -> str:
        """The refusal in one line: what, why, what would be accepted."""
        values = {key: getattr(experiment, key) for key in self.keys}
        found = ", ".join(f"{key} = {_words(value)}" for key, value in values.items())
        return f"{found}: {self.reason}; accepted: {self.accepted}"


def _words(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    return " ".join(value) if isinstance(value, tuple) else str(value)


def is_clipped(experiment: Experiment) -> bool:
    """Whether the critic's weights are clipped."""
    return experiment.acts("weight_clip")


def is_bounded(experiment: Experiment) -> bool:
    """Whether anything bounds the slope of D, as a Wasserstein critic needs."""
    return any(experiment.acts(key) for key in ("weight_clip", "gradient_penalty", "dragan", "spectral_norm"))


def has_coupled_discriminator(experiment: Experiment) -> bool:
    """Whether D's output on a sample depends on the rest of its batch."""
    return experiment.applies("batch_norm") and experiment.batch_norm == "both"


def _has_foreign_line(experiment: Experiment, game: str) -> bool:
    """Whether the game is this one and has a line of a method that it does not know."""
    known = methods_of(game)
    return experiment.game == game and not {method_and_order(line)[0] for line in experiment.methods} <= {
        *known
    }


def _moves_together(experiment: Experiment) -> bool:
    return experiment.update_order in ("extragradient", "consensus")


_NO_CLIP = {"weight_clip": 0.0}

REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        ("d_updates", "g_updates"),
        lambda e: e.d_updates == 0 and e.g_updates == 0,
        "nobody moves",
        "at least one of them 1 or more",
    ),
    Refusal(
        ("update_order", "d_updates", "g_updates"),
        lambda e: _moves_together(e) and not (e.d_updates == e.g_updates == 1),
        "this order is one move of both players at once",
        "d_updates = 1 and g_updates = 1",
    ),
    Refusal(
        ("gradient_penalty", "weight_clip"),
        lambda e: is_clipped(e) and e.acts("gradient_penalty"),
        "the penalty asks for slope 1, which clipped weights do not allow",
        "weight_clip = 0 or gradient_penalty = 0",
        _NO_CLIP,
    ),
    Refusal(
        ("dragan", "weight_clip"),
        lambda e: is_clipped(e) and e.acts("dragan"),
        "the penalty asks for slope 1, which clipped weights do not allow",
        "weight_clip = 0 or dragan = 0",
        _NO_CLIP,
    ),
    Refusal(
        ("spectral_norm", "weight_clip"),
        lambda e: is_clipped(e) and e.acts("spectral_norm"),
        "normalised weights have the same size however they are clipped",
        "weight_clip = 0 or spectral_norm = off",
        _NO_CLIP,
    ),
    Refusal(
        ("network", "data"),
        lambda e: e.network == "dcgan" and not SOURCES[e.data].has_images,
        "convolutions make images, and these data are points",
        f"network = mlp, or images: {', '.join(key for key, info in SOURCES.items() if info.has_images)}",
        {"network": "mlp"},
    ),
    *(
        Refusal(
            ("network", penalty, "batch_norm"),
            lambda e, penalty=penalty: e.acts(penalty) and has_coupled_discriminator(e),  # type: ignore[misc]
            "the penalty asks for D's slope in each sample, which D's normalised batches do not have",
            f"batch_norm = g or none, or {penalty} = 0",
        )
        for penalty in ("gradient_penalty", "r1", "r2", "dragan")
    ),
    *(
        Refusal(
            (one, zero),
            lambda e, one=one, zero=zero: e.acts(one) and e.acts(zero),  # type: ignore[misc]
            "one asks for slope 1, the other for slope 0",
            f"{one} = 0 or {zero} = 0",
        )
        for one in ("gradient_penalty", "dragan")
        for zero in ("r1", "r2")
    ),
    Refusal(
        ("smooth_real", "smooth_fake"),
        lambda e: e.smooth_real <= e.smooth_fake,
        "D would be told that fakes are at least as real as reals",
        "smooth_real above smooth_fake",
    ),
    *(
        Refusal(
            ("game", "methods"),
            lambda e, game=game: _has_foreign_line(e, game),  # type: ignore[misc]
            "the game does not have all of these methods",
            f"lines with {', '.join(methods_of(game))}",
        )
        for game in PORTRAIT_GAMES
        if len(methods_of(game)) < len(METHODS)
    ),
)


def refused(experiment: Experiment) -> Refusal | None:
    """The first contradiction in the experiment, if there is one; settings that its game does not have
    contradict nothing."""
    return next((refusal for refusal in REFUSALS if _is_met(refusal, experiment)), None)


def _is_met(refusal: Refusal, experiment: Experiment) -> bool:
    from ganviz.experiment.experiment import SETTINGS

    return refusal.applies(experiment) and all(experiment.game in SETTINGS[key].games for key in refusal.keys)


def with_objective(experiment: Experiment, objective: str) -> tuple[Experiment, str]:
    """The experiment with another objective, and in one line what gave way to it (empty: nothing did).

    Raises ExperimentError where the objective does not exist.
    """
    return with_changes(experiment, objective=objective)


def with_changes(experiment: Experiment, **wanted: Any) -> tuple[Experiment, str]:
    """The experiment with other values, and in one line what gave way to them (empty: nothing did); where
    they contradict each other, one of them.

    Raises ExperimentError where they cannot be used.
    """
    changed = experiment.model_copy(update=wanted)
    broken = [refusal for refusal in REFUSALS if refusal.gives_way and refusal.applies(changed)]
    ways = {key: (value, refusal) for refusal in broken for key, value in refusal.gives_way.items()}
    said = "; ".join(
        f"{key} is now {_words(value)}: {refusal.reason}" for key, (value, refusal) in ways.items()
    )
    return experiment.replace(**wanted | {key: value for key, (value, _) in ways.items()}), said
