"""Which device ``auto`` takes, and how many threads a run computes with."""

import pytest
import torch

from ganviz.experiment import Experiment, ExperimentError
from ganviz.training import device
from ganviz.training.trainer import Trainer

CONVOLUTIONS = {"data": "digits", "network": "dcgan"}


@pytest.mark.parametrize(
    ("settings", "chosen"),
    [
        ({}, "cpu"),
        ({"g_width": 1024, "batch_size": 2048}, "cuda:0"),
        ({**CONVOLUTIONS, "filters": 2, "batch_size": 2}, "cuda:0"),
        ({**CONVOLUTIONS, "device": "cpu"}, "cpu"),
    ],
)
def test_auto_leaves_small_networks_on_the_cpu_and_gives_convolutions_the_gpu(
    monkeypatch: pytest.MonkeyPatch, settings: dict[str, object], chosen: str
) -> None:
    monkeypatch.setattr(device, "available", lambda: ["cpu", "cuda:0"])
    assert device.choose(Experiment(**settings)) == torch.device(chosen)
    monkeypatch.setattr(device, "available", lambda: ["cpu"])
    assert device.choose(Experiment(**settings)) == torch.device("cpu")


def test_a_device_that_is_absent_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device, "available", lambda: ["cpu"])
    with pytest.raises(ExperimentError, match="not on this machine; accepted here: auto, cpu"):
        device.choose(Experiment(device="cuda"))


def test_a_run_computes_with_its_own_number_of_threads() -> None:
    small = Experiment(g_width=8, d_width=8, batch_size=8)
    try:
        Trainer(small.replace(threads=2)).step()
        assert torch.get_num_threads() == 2
        Trainer(small).step()
        assert torch.get_num_threads() == 1
    finally:
        torch.set_num_threads(1)


def test_convolutions_are_played_eagerly() -> None:
    trainer = Trainer(Experiment(**CONVOLUTIONS, filters=2, batch_size=2, measure_every=1000))
    trainer.step(250)
    assert not trainer._fast.prepare() and trainer.backend == "eager"
    assert trainer.observe().backend == "eager"
