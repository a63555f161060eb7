"""The trainer plays whatever has a row in the table of games: here four torch players with losses of their
own, as a cycle of two generators and two discriminators has them."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from ganviz.experiment import GAMES, Experiment
from ganviz.record import history as history_module
from ganviz.record.history import COLUMNS, Columns, History
from ganviz.record.reading import read_record
from ganviz.training import kinds
from ganviz.training.checkpoint import begin, keep, resume, summary
from ganviz.training.device import choose
from ganviz.training.game import Kind, Recorded
from ganviz.training.headless import train
from ganviz.training.probe import Probe, Values
from ganviz.training.trainer import Trainer

PLAYERS = ("g", "f", "dx", "dy")
LOSSES = tuple(f"{player}_loss" for player in PLAYERS)


class FourPlayers:
    """Each player is one number that descends half its squared distance from the next one's."""

    def __init__(self, experiment: Experiment, device: torch.device) -> None:
        self.experiment = experiment
        self.weights = torch.arange(1.0, 5.0, dtype=torch.float64, device=device)
        self.updates = dict.fromkeys(PLAYERS, 0)
        self.head_start_left = 0

    @property
    def counts(self) -> dict[str, int]:
        return self.updates | {"d": self.updates["dx"]}

    def apply(self, experiment: Experiment) -> None:
        self.experiment = experiment

    def step(self, between: Callable[[], None] | None = None) -> torch.Tensor:
        seen = torch.stack([self.update(player) for player in PLAYERS])
        return torch.cat([seen, self.weights[:1]])

    def update(self, player: str) -> torch.Tensor:
        index = PLAYERS.index(player)
        gap = self.weights[index] - self.weights[(index + 1) % 4]
        self.weights[index] -= self.experiment.g_learning_rate * gap
        self.updates[player] += 1
        return gap.square() / 2

    def finite(self) -> dict[str, torch.Tensor]:
        return dict(zip(PLAYERS, self.weights.isfinite(), strict=True))

    def state(self) -> dict[str, torch.Tensor]:
        return {"weights": self.weights.clone(), "counts": torch.tensor(list(self.updates.values()))}

    def load(self, state: dict[str, torch.Tensor]) -> None:
        self.weights = state["weights"].clone()
        self.updates = dict(zip(PLAYERS, state["counts"].tolist(), strict=True))


class Plain:
    """No faster way."""

    name, ready, chunk = "plain", False, 1

    def __init__(self, game: FourPlayers) -> None: ...

    def held(self, steps: int) -> None: ...

    def prepare(self) -> bool:
        return False

    def play(self, count: int) -> list[torch.Tensor]:
        raise AssertionError


def record(game: FourPlayers, seen: Sequence[torch.Tensor], history: History, steps: np.ndarray) -> Recorded:
    rows = torch.stack(list(seen)).numpy()
    return Recorded(len(rows), dict(zip((*LOSSES, "cycle_x"), rows.T, strict=True)))


def spread(game: FourPlayers, step: int) -> Values:
    return {"width": float(game.weights.max() - game.weights.min())}


FOUR = Kind(
    make=FourPlayers,
    device=choose,
    backend=Plain,
    record=record,
    hint=lambda experiment, broken: "",
    probes={"spread": Probe("spread", 10.0, spread)},
    base=("spread",),
    row=lambda measured: {"width": (measured["spread"] or {})["width"]},
)


@pytest.fixture
def chosen(monkeypatch: pytest.MonkeyPatch) -> Experiment:
    steps = {name: COLUMNS["gan"].steps[name] for name in ("step", "seconds", "d_updates", "g_updates")}
    columns = Columns(steps | dict.fromkeys((*LOSSES, "cycle_x"), np.float32), ("width",))
    monkeypatch.setitem(kinds.KINDS, "gan", FOUR)
    monkeypatch.setitem(history_module.COLUMNS, "gan", columns)
    return Experiment(g_learning_rate=0.1, measure_every=5)


def test_every_game_has_a_row_and_columns() -> None:
    assert set(kinds.KINDS) == set(COLUMNS) == set(GAMES)


def test_four_players_are_played_recorded_and_measured(chosen: Experiment) -> None:
    trainer = Trainer(chosen)
    trainer.step(12)
    trainer.flush()
    assert trainer.history.steps.columns[4:] == (*LOSSES, "cycle_x")
    weights = np.arange(1.0, 5.0)
    losses = []
    for _ in range(12):
        row = []
        for player in range(4):
            gap = weights[player] - weights[(player + 1) % 4]
            row.append(gap**2 / 2)
            weights[player] -= 0.1 * gap
        losses.append(row)
    found = np.column_stack([trainer.history.steps.column(name) for name in LOSSES])
    np.testing.assert_allclose(found, losses, rtol=1e-6)
    assert list(trainer.history.measured.column("step")) == [0, 5, 10]
    trainer.update("g")
    assert trainer.counts["g"] == 13 and trainer.history.events[-1].key == "step_g"
    assert trainer.run().frame.get("spread") is not None


def test_four_players_are_kept_and_resumed(chosen: Experiment, tmp_path: Path) -> None:
    whole, part = Trainer(chosen), Trainer(chosen)
    for trainer, name, steps in ((whole, "whole", 40), (part, "part", 17)):
        train(trainer, begin(trainer, tmp_path / name), steps, lambda step: None, lambda line: None)
    again, folder = resume(tmp_path / "part")
    train(again, folder, 40, lambda step: None, lambda line: None)
    back = read_record(tmp_path / "part")[0]
    for name in (*LOSSES, "cycle_x", "g_updates"):
        np.testing.assert_array_equal(back.steps.column(name), whole.history.steps.column(name))
    np.testing.assert_array_equal(back.measured.column("width"), whole.history.measured.column("width")[1:])
    assert summary(again, finished=True)["cycle_x"] == whole.history.steps.last("cycle_x")
    assert (keep(whole, tmp_path / "kept") / "metrics.csv").is_file()


def test_four_players_that_break_are_named(chosen: Experiment) -> None:
    trainer = Trainer(chosen.replace(g_learning_rate=100.0))
    trainer.step(2000)
    assert "weights are not finite" in trainer.diverged and "dx" in trainer.diverged
    trainer.restore()
    assert not trainer.diverged and bool(trainer.game.weights.isfinite().all())


def test_a_rows_defaults_do_for_a_game_without_measurements(
    chosen: Experiment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(kinds.KINDS, "gan", replace(FOUR, probes={}, base=()))
    trainer = Trainer(chosen)
    trainer.step(130)
    trainer.flush()
    assert trainer.history.last_step == 130 and trainer.history.measured.rows == 0
    assert not trainer.finished
