"""Contradictory settings are refused with the reason, what has no effect rests, no loss is out of reach."""

import re

import pytest

from ganviz.experiment import SETTINGS, Experiment, ExperimentError
from ganviz.experiment.refusals import REFUSALS, refused, with_changes, with_objective
from ganviz.theory.objectives import OBJECTIVES

CONTRADICTIONS = [
    ({"d_updates": 0, "g_updates": 0}, "nobody moves"),
    ({"update_order": "extragradient", "d_updates": 5}, "one move of both players at once"),
    ({"update_order": "consensus", "g_updates": 0}, "one move of both players at once"),
    ({"objective": "wasserstein", "gradient_penalty": 10.0}, "asks for slope 1, which clipped weights"),
    ({"objective": "wasserstein", "dragan": 10.0}, "asks for slope 1, which clipped weights"),
    ({"objective": "wasserstein", "spectral_norm": "on"}, "the same size however they are clipped"),
    ({"network": "dcgan", "data": "ring"}, "these data are points"),
    *(
        ({"network": "dcgan", "data": "digits", penalty: 1.0}, "asks for D's slope in each sample")
        for penalty in ("gradient_penalty", "r1", "r2", "dragan")
    ),
    ({"gradient_penalty": 10.0, "r1": 1.0}, "one asks for slope 1, the other for slope 0"),
    ({"gradient_penalty": 10.0, "r2": 1.0}, "one asks for slope 1, the other for slope 0"),
    ({"dragan": 10.0, "r1": 1.0}, "one asks for slope 1, the other for slope 0"),
    ({"dragan": 10.0, "r2": 1.0}, "one asks for slope 1, the other for slope 0"),
    ({"smooth_real": 0.5, "smooth_fake": 0.5}, "fakes are at least as real as reals"),
    ({"game": "bilinear", "methods": ("minimax", "hinge")}, "the game does not have all of these methods"),
]


def test_every_row_of_the_table_is_shown_here() -> None:
    def first(settings: dict[str, object]) -> object:
        return refused(Experiment().model_copy(update=settings))

    assert [
        first(settings) for settings, _ in CONTRADICTIONS if "consensus" not in settings.values()
    ] == list(REFUSALS)


@pytest.mark.parametrize(("settings", "reason"), CONTRADICTIONS, ids=str)
def test_a_contradiction_is_refused_and_what_is_accepted_mends_it(
    settings: dict[str, object], reason: str
) -> None:
    with pytest.raises(ExperimentError) as refusal:
        Experiment().replace(**settings)
    line = str(refusal.value)
    assert reason in line and "\n" not in line
    assert all(key in line for key in settings if key not in ("objective", "data"))
    offers = re.findall(r"(\w+) = (\w+)", line.split("accepted: ")[1])
    if " or " in line.split("accepted: ")[1] and offers:  # one of them is enough
        for key, value in offers:
            Experiment().replace(**settings | {key: SETTINGS[key].kind(value)})
    elif offers:
        Experiment().replace(**settings | {key: SETTINGS[key].kind(value) for key, value in offers})


@pytest.mark.parametrize(
    "settings",
    [
        {"objective": "wasserstein", "gradient_penalty": 10.0, "weight_clip": 0.0},
        {"objective": "wasserstein", "weight_clip": 0.0},
        {"objective": "wasserstein", "r1": 1.0},
        {"gradient_penalty": 10.0},
        {"gradient_penalty": 10.0, "dragan": 1.0, "spectral_norm": "on"},
        {"r1": 1.0, "r2": 1.0, "instance_noise": 0.1, "smooth_real": 0.9, "smooth_fake": 0.1},
        {"update_order": "consensus", "objective": "hinge"},
        {"objective": "hinge", "smooth_real": 0.9},
    ],
    ids=str,
)
def test_what_makes_sense_is_accepted(settings: dict[str, object]) -> None:
    Experiment().replace(**settings)


@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize(
    "settings",
    [{"gradient_penalty": 10.0}, {"dragan": 1.0, "spectral_norm": "on"}, {"smooth_real": 0.9}, {"r1": 1.0}],
    ids=str,
)
def test_every_objective_can_be_chosen_with_any_penalty_on(
    settings: dict[str, object], objective: str
) -> None:
    before = Experiment().replace(**settings)
    after, said = with_objective(before, objective)
    changed = {key for key in SETTINGS if getattr(before, key) != getattr(after, key)} - {"objective"}
    gives_way = objective == "wasserstein" and not {"r1", "smooth_real"} & set(settings)
    assert after.objective == objective
    assert changed == ({"weight_clip"} if gives_way else set())
    assert bool(said) == gives_way and ("weight_clip is now 0" in said) == gives_way


def test_labels_rest_where_d_has_none() -> None:
    smoothed = Experiment(smooth_real=0.9)
    assert smoothed.acts("smooth_real") and not smoothed.rests("smooth_real")
    hinge, _ = with_objective(smoothed, "hinge")
    assert hinge.rests("smooth_real") and not hinge.acts("smooth_real") and hinge.smooth_real == 0.9
    back, _ = with_objective(hinge, "minimax")
    assert back.acts("smooth_real")
    assert not any(Experiment().rests(key) or Experiment().acts(key) for key in SETTINGS if SETTINGS[key].off)


def test_of_wanted_values_that_contradict_each_other_one_gives_way() -> None:
    changed, said = with_changes(Experiment.preset("digits"), data="ring", network="dcgan")
    assert (changed.data, changed.network) == ("ring", "mlp")
    assert said.startswith("network is now ")
