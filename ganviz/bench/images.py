"""The speed of convolutions: against the ordinary loop of DCGAN, and in the window, painting or not."""

from __future__ import annotations

from ganviz.bench.ordinary_images import IMAGES, OrdinaryImages
from ganviz.bench.quiet import Quiet
from ganviz.bench.stage import Stage
from ganviz.bench.table import Row
from ganviz.bench.training import Question, rate, ratio_row
from ganviz.training.trainer import Trainer

STEPS, SECONDS = 4, 1.5
"""Steps of one call, and seconds of each side of a round: a step takes some 50 ms."""
WARM_UP, PHASE_SECONDS = 10, 5.0
FASTER: Question = (
    "convolutions, 28 x 28, nf 32, batch 64 / the ordinary loop", "images", "ordinary", 1.15, 1.3,
)  # fmt: skip
PAINTED: Question = ("window painting convolutions / not painting", "on", "off", 0.95, 0.98)


def steps(rounds: int) -> list[Row]:
    """Steps a second of the trainer over those of the ordinary loop, one after the other on one core.

    RuntimeError where the two do not train networks of one size.
    """
    trainer, ordinary = Trainer(IMAGES), OrdinaryImages()
    sizes = {name: sum(p.numel() for p in getattr(ordinary, name).parameters()) for name in ("g", "d")}
    if trainer.parameters != sizes:
        raise RuntimeError(f"networks of different sizes: {trainer.parameters}, {sizes}")
    players = {"images": trainer.step, "ordinary": ordinary.play}
    for play in players.values():
        play(WARM_UP)
    quiet: Quiet[dict[str, float]] = Quiet()

    def once() -> dict[str, float]:
        return {name: rate(play, STEPS, SECONDS) for name, play in players.items()}

    return [ratio_row(FASTER, [quiet(once) for _ in range(rounds)], quiet.words)]


def painting(rounds: int) -> list[Row]:
    """Steps a second in the window, painting what its panels show, over those without painting."""
    quiet: Quiet[dict[str, float]] = Quiet()
    with Stage(experiment=IMAGES.replace(measure_every=20), warm_up=WARM_UP) as stage:

        def once() -> dict[str, float]:
            sides = {"on": True, "off": False}
            return {name: stage.play(side, PHASE_SECONDS).steps_per_second for name, side in sides.items()}

        stage.play(painting=True)
        speeds = [quiet(once) for _ in range(rounds)]
    return [ratio_row(PAINTED, speeds, quiet.words)]
