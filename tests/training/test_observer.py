"""The verdict's probes are looked at together, where possible at a step that the record has just measured."""

import pytest

from ganviz.experiment import Experiment
from ganviz.games.gan import GAN
from ganviz.training.device import choose
from ganviz.training.observer import JUDGED, JUDGED_HERTZ, JUDGED_PATIENCE, LONG_SHARE, Observer
from ganviz.training.probe import Probe
from ganviz.training.probes import BASE, PROBES

BEGUN = 100.0
DUE = BEGUN + 1.0 / JUDGED_HERTZ


@pytest.fixture
def game() -> GAN:
    experiment = Experiment.preset("ring8").replace(g_width=8, d_width=8, batch_size=16)
    return GAN(experiment, choose(experiment))


@pytest.fixture
def observer(game: GAN) -> Observer:
    made = Observer()
    made.look(game, 3, JUDGED, BEGUN)
    assert steps(made) == {3}
    return made


def steps(observer: Observer) -> set[int]:
    return {found.step for found in observer.together.values()}


def record(observer: Observer, game: GAN, step: int, now: float) -> None:
    for key in BASE:
        observer.take(key, PROBES[key].measure(game, step), step, now)


def test_the_verdict_waits_a_little_for_the_record(game: GAN, observer: Observer) -> None:
    observer.look(game, 5, JUDGED, DUE + 0.1)
    assert steps(observer) == {3}
    record(observer, game, 6, DUE + 0.15)
    both = set(BASE) & set(JUDGED)
    recorded = {key: observer.latest(BASE)[key].serial for key in both}
    observer.look(game, 6, JUDGED, DUE + 0.15)
    assert steps(observer) == {6} and set(observer.together) == set(JUDGED)
    assert {key: observer.together[key].serial for key in both} == recorded, "measured once for both"


def test_without_a_record_it_looks_for_itself(game: GAN, observer: Observer) -> None:
    observer.look(game, 5, JUDGED, DUE + JUDGED_PATIENCE + 0.01)
    assert steps(observer) == {5} and set(observer.together) == set(JUDGED)


def test_a_whole_look_waits_for_nothing(game: GAN, observer: Observer) -> None:
    observer.look(game, 4, JUDGED, BEGUN + 0.01, everything=True)
    assert steps(observer) == {4}


@pytest.mark.parametrize(("cost", "most"), [(0.004, 8.0), (0.05, LONG_SHARE / 0.05)])
def test_a_probe_that_costs_much_is_looked_at_more_rarely(cost: float, most: float) -> None:
    """Eight looks a second, or as many as fit into its share; thirty frames a second ask for it."""
    worked, looks = 0.0, 0

    def slow(game: object, step: int) -> dict[str, int]:
        nonlocal worked, looks
        worked, looks = worked + cost, looks + 1
        return {"step": step}

    observer = Observer(clock=lambda: worked)
    observer.watch({"slow": Probe("slow", 8.0, slow)}, (), ())
    seconds = 50
    for frame in range(30 * seconds):
        observer.look(None, frame, ["slow"], BEGUN + frame / 30.0)
    assert 0.8 * most * seconds <= looks <= most * seconds + 2


def test_what_the_verdict_rests_on_rests_together() -> None:
    worked, looks = 0.0, 0

    def slow(game: object, step: int) -> dict[str, int]:
        nonlocal worked, looks
        worked, looks = worked + 0.05, looks + 1
        return {"step": step}

    observer = Observer(clock=lambda: worked)
    observer.watch({key: Probe(key, 8.0, slow) for key in JUDGED}, (), JUDGED)
    for frame in range(30 * 100):
        observer.look(None, frame, JUDGED, BEGUN + frame / 30.0)
        if frame > 60:
            assert len(steps(observer)) == 1
    assert worked <= 100 * LONG_SHARE * (1 + len(JUDGED)) + 1.0
