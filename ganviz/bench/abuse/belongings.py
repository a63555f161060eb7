"""Files and folders to drop on the window: some that can be used as data, some that cannot."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
from PIL import Image

from ganviz.bench.abuse import mutate


def make_belongings(folder: Path) -> list[Path]:
    """Write them into a new folder; returns the paths."""
    numbers = np.random.default_rng(0)
    rng = random.Random(0)
    pictures = folder / "pictures"
    for name in ("one", "other"):
        (pictures / name).mkdir(parents=True)
        for number in range(6):
            pixels = numbers.integers(0, 256, (20, 30, 3), dtype=np.uint8)
            Image.fromarray(pixels).save(pictures / name / f"{number}.png")
    np.save(folder / "images.npy", numbers.integers(0, 256, (300, 28, 28), dtype=np.uint8))
    np.savetxt(folder / "points.csv", numbers.normal(size=(500, 2)), delimiter=",")
    np.savetxt(folder / "line.csv", numbers.normal(size=(500, 1)))
    Image.linear_gradient("L").save(folder / "density.png")
    # letters that no font has are the business of the fuzzer, which has no window
    rubbish = "\n".join(mutate.word(rng) for _ in range(50)).encode("ascii", "replace")
    (folder / "rubbish.csv").write_bytes(rubbish)
    (folder / "cut.png").write_bytes((folder / "density.png").read_bytes()[:200])
    (folder / "empty").mkdir()
    return sorted(folder.iterdir())
