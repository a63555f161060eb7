"""Data of one's own, good, and then damaged: IDX, NPY, NPZ, CSV, pictures, folders of them."""

from __future__ import annotations

import gzip
import io
import random
import shutil
import struct
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np

from ganviz.bench.abuse import mutate

IMAGES = np.random.default_rng(0).integers(0, 256, (12, 9, 11), dtype=np.uint8)
POINTS = np.random.default_rng(1).normal(size=(40, 2))
PICTURES = {"png": "PNG", "jpg": "JPEG", "bmp": "BMP", "gif": "GIF", "webp": "WEBP"}
HEADER = 120
"""Bytes in which most of a file's claims about itself stand."""

Damage = Callable[[random.Random, bytes], bytes]


def spoiled(rng: random.Random, folder: Path) -> Path:
    """A damaged file, or a folder with one, in a new place below ``folder``."""
    place = folder / f"{rng.getrandbits(48):012x}"
    place.mkdir(parents=True)
    for old in sorted(folder.iterdir())[:-20]:
        if old != place:
            shutil.rmtree(old, ignore_errors=True)
    if rng.random() < 0.2:
        return _folder(rng, place / "pictures")
    name = rng.choice(tuple(GOOD))
    content, damage = GOOD[name]
    path = place / (name if rng.random() < 0.8 else f"{name}.{rng.choice(('csv', 'png', 'npy', 'txt'))}")
    path.write_bytes(damage(rng, content()))
    return path


def _folder(rng: random.Random, path: Path) -> Path:
    parent = path / "a" if rng.random() < 0.5 else path
    parent.mkdir(parents=True)
    for end in PICTURES:
        content = _picture(end)
        (parent / f"{end}.{end}").write_bytes(_in_header(rng, content) if rng.random() < 0.5 else content)
    if rng.random() < 0.3:
        (parent / "z.png").mkdir()
    return path


def _idx() -> bytes:
    return struct.pack(">BBBBIII", 0, 0, 8, 3, *IMAGES.shape) + IMAGES.tobytes()


def _npy() -> bytes:
    made = io.BytesIO()
    np.save(made, IMAGES / 255.0)
    return made.getvalue()


def _archived(images: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("images.npy", images)
    return made.getvalue()


def _table() -> bytes:
    return "\n".join(f"{x:.6g},{y:.6g}" for x, y in POINTS).encode()


@cache
def _picture(end: str) -> bytes:
    from PIL import Image

    made = io.BytesIO()
    Image.fromarray(np.tile(IMAGES[0], (4, 4))).save(made, PICTURES[end])
    return made.getvalue()


def _in_header(rng: random.Random, data: bytes) -> bytes:
    """Damage at the beginning, anywhere, or numbers of a header made extreme."""
    kind = rng.random()
    if kind < 0.4:
        return mutate.damaged(rng, data)
    if kind < 0.7:
        return mutate.damaged(rng, data[:HEADER]) + data[HEADER:]
    changed = bytearray(data)
    for _ in range(rng.choice((1, 1, 2))):
        place = rng.randrange(min(HEADER, len(changed) - 4))
        changed[place : place + 4] = rng.choice(
            (b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f\xff\xff\xff", b"\0\1\0\0")
        )
    return bytes(changed)


GOOD: dict[str, tuple[Callable[[], bytes], Damage]] = {
    "images-idx3-ubyte": (_idx, _in_header),
    "images-idx3-ubyte.gz": (_idx, lambda rng, data: gzip.compress(_in_header(rng, data))),
    "damaged-idx3-ubyte.gz": (lambda: gzip.compress(_idx()), _in_header),
    "array.npy": (_npy, _in_header),
    "array.npz": (_npy, lambda rng, data: _archived(_in_header(rng, data))),
    "damaged.npz": (lambda: _archived(_npy()), _in_header),
    "points.csv": (_table, lambda rng, data: mutate.table(rng, data.decode())),
    **{f"picture.{end}": (lambda end=end: _picture(end), _in_header) for end in PICTURES},  # type: ignore[misc]
}
"""Name to what is good and how it is damaged: before or after it is packed."""
