"""``python -m ganviz.bench.growth REAL ALL``: print by how many MB a process grows while its run's record
grows to ALL steps, the last REAL of them trained."""

from __future__ import annotations

import sys
from pathlib import Path

STATM = Path("/proc/self/statm")
WARM_UP = 2_000


def can_tell() -> bool:
    """Whether this system says how much memory a process holds at the moment."""
    return STATM.exists()


def resident() -> float:
    """MB of memory that this process holds now."""
    import resource

    return int(STATM.read_text(encoding="ascii").split()[1]) * resource.getpagesize() / 1e6


def main(real: int, count: int) -> None:
    """Train, note, fill, train, note again."""
    from ganviz.bench.made_up import fill
    from ganviz.bench.ordinary import WORKLOAD
    from ganviz.heap import give_back
    from ganviz.training.trainer import Trainer

    trainer = Trainer(WORKLOAD.replace(measure_every=20))
    trainer.step(WARM_UP)
    give_back()
    before = resident()
    trainer.flush()
    fill(trainer.history, count - real)
    give_back()  # what the filling needed: training appends some rows at a time
    trainer.step_count = trainer.history.last_step
    trainer.step(real)
    print(resident() - before)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
