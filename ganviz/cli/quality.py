"""``ganviz quality``: how good the images of a run are, in numbers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ganviz.cli.parser import Parser
from ganviz.record.run_folder import RunFolderError

BARS = {"recognised": 0.8, "rarest": 0.04, "frechet": 2.5, "near_copies": 0.02}
"""Good enough for a lecture: shares at least, distance (in multiples of the reals' own) and copies at
most."""


def quality(words: list[str]) -> int:
    """Print the verdict on the run in a folder; 0 where it meets every bar, else 1."""
    parser = Parser(
        prog="ganviz quality",
        description="Judge the images of a run by a classifier trained on the run's own labelled data.",
        epilog="Exit code 0 where every bar is met, 1 where one is not; 2 for what you can mend.",
    )
    parser.add_argument("folder", type=Path, metavar="DIR", help="a run folder, as ganviz train writes it")
    parser.add_argument("--json", action="store_true", help="as JSON")
    options = parser.parse_args(words)

    from ganviz.training.checkpoint import resume
    from ganviz.training.probes_quality import fakes_for, said_of
    from ganviz.training.quality import can_judge, judge_of

    trainer, _ = resume(options.folder)
    game = trainer.game
    if trainer.experiment.game != "gan" or not can_judge(game.source):
        raise RunFolderError(
            f"{options.folder}: its data have no labels to judge by; accepted: a run on labelled images, "
            "such as those of ganviz train digits"
        )
    judge = judge_of(game.source)
    found = said_of(judge, judge.quality(fakes_for(game, trainer.step_count)))
    shares = found["shares"]
    rarest = int(shares.argmin())
    ratio = found["frechet"] / found["frechet_real"]
    met = {
        "recognised": found["recognised"] >= BARS["recognised"],
        "rarest": shares[rarest] >= BARS["rarest"],
        "frechet": ratio <= BARS["frechet"],
        "near_copies": found["near_copies"] <= BARS["near_copies"],
    }
    if options.json:
        plain = found | {
            "shares": shares.tolist(),
            "step": trainer.step_count,
            "met": {key: bool(value) for key, value in met.items()},
        }
        print(json.dumps(plain, indent=2, ensure_ascii=False))
        return 0 if all(met.values()) else 1
    print(f"step {trainer.step_count:,}; classifier {_percent(found['accuracy'])} right on unseen reals")
    for key, line in _lines(found, rarest, ratio).items():
        print(f"{'pass ' if met[key] else 'short'} {line}")
    return 0 if all(met.values()) else 1


def _lines(found: Mapping[str, Any], rarest: int, ratio: float) -> dict[str, str]:
    names, shares = found["class_names"], found["shares"]
    each = ", ".join(f"{name} {_percent(share)}" for name, share in zip(names, shares, strict=True))
    seen, near = f"{found['samples']:,} fakes", f"{found['near']:.2f}"
    return {
        "recognised": f"recognised (one class with 90 % or more): {_percent(found['recognised'])} of {seen}, "
        f"at least 80 %; of unseen reals {_percent(found['recognised_real'])}",
        "rarest": f"rarest class: {names[rarest]}, {_percent(shares[rarest])}, at least 4 % (all: {each})",
        "frechet": f"Fréchet distance: {found['frechet']:.2f}, {ratio:.2f} times that of real half to real "
        f"half ({found['frechet_real']:.2f}), at most 2.5 times",
        "near_copies": f"near-copies (within {near} of a real; 99 % of reals are further from each other): "
        f"{_percent(found['near_copies'])}, at most 2 %",
    }


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
