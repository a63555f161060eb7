"""The verdict's probes are looked at together, where possible at a step that the record has just measured."""

import pytest

from ganviz.experiment import Experiment
from ganviz.games.gan import GAN
from ganviz.training.device import choose
from ganviz.training.observer import JUDGED, JUDGED_HERTZ, JUDGED_PATIENCE, SHARE_OF_LONG, Observer
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


def test_long_looks_share_a_part_of_the_time_and_each_has_its_turn() -> None:
    """Thirty frames a second ask for five probes of 50 ms each, eight times a second."""
    worked, looks = 0.0, dict.fromkeys((*JUDGED, "batch", "filters"), 0)

    def slow(key: str) -> Probe:
        def measure(game: object, step: int) -> dict[str, int]:
            nonlocal worked
            worked, looks[key] = worked + 0.05, looks[key] + 1
            return {"step": step}

        return Probe(key, 8.0, measure)

    observer = Observer(clock=lambda: worked)
    observer.watch({key: slow(key) for key in looks}, (), JUDGED, SHARE_OF_LONG)
    seconds, judged_at = 200, set()
    for frame in range(30 * seconds):
        observer.look(None, frame, looks, BEGUN + frame / 30.0)
        judged_at |= steps(observer)
        assert len(steps(observer)) == 1
    assert 0.9 * SHARE_OF_LONG * seconds <= worked <= SHARE_OF_LONG * seconds + 0.5
    assert min(looks.values()) >= 0.1 * sum(looks.values()) and len(judged_at) >= 10
