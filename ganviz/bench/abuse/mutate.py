"""Seeded damage to texts, tables and tensors: what editors, disks, other programs and pranksters do."""

from __future__ import annotations

import json
import math
import random
import struct
from collections.abc import Callable, Sequence
from typing import Any

WORDS = (
    "", " ", "0", "-0", "-1", "1", "7", "1e9", "1e-30", "1e400", "-1e400", "nan", "inf", "-inf", "NaN",
    "0x1f", "1_000", "1,5", "٣", "²", "½", "true", "off", "on", "none", "[]", "{}", "[[1]]", '""', "'", '"',
    "\\", "\t", "\n", "\r", "\r\n", "\x00", "\x1b[31m", "\x7f", "\u2028", "\u202e", "é", "日本語", "😀",
    "../../etc/passwd", "/dev/zero", "con", "auto", "cuda", "cuda:99", "mps", "minimax", "wasserstein",
    "hinge", "ring", "digits", "sgd", "adam", "9" * 25, "9" * 5000, "[" * 3000, "{a=" * 500, "x" * 300,
    "x" * 70_000, "__import__('os')", "$(id)", "%s%n", "1979-05-27", "2**31", str(2**31), str(2**63),
    str(-(2**63)),
)  # fmt: skip
"""Values that somebody's parser has stumbled over."""

EXTREMES = (
    *(struct.pack("<f", value) for value in (math.nan, math.inf, -1.0, 1e38, 0.0, -1e-40)),
    *(struct.pack("<d", value) for value in (math.nan, -math.inf, -1.0, 1e300)),
    *(struct.pack("<q", value) for value in (-1, 2**62, -(2**63))),
)
"""Numbers as tensors hold them."""

Damage = Callable[[random.Random, bytes], bytes]


def word(rng: random.Random) -> str:
    """A value to be put where another belongs."""
    if rng.random() < 0.15:
        return "".join(chr(rng.randrange(1, 0x2FFF)) for _ in range(rng.randrange(1, 12)))
    return rng.choice(WORDS)


def number(rng: random.Random) -> str:
    """A number of any size, which a range may accept."""
    return f"{rng.choice((-1, 1, 1, 1)) * 10 ** rng.uniform(-9, 10):.{rng.randrange(1, 9)}g}"


def _flip(rng: random.Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 8, 64))):
        if changed:
            changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def _cut(rng: random.Random, data: bytes) -> bytes:
    return data[: rng.randrange(len(data) + 1)]


def _remove(rng: random.Random, data: bytes) -> bytes:
    start = rng.randrange(len(data) + 1)
    return data[:start] + data[start + rng.randrange(1, 200) :]


def _insert(rng: random.Random, data: bytes) -> bytes:
    start = rng.randrange(len(data) + 1)
    what = rng.choice(
        (word(rng).encode("utf-8", "replace"), rng.randbytes(rng.randrange(1, 40)), b"\xff\xfe")
    )
    return data[:start] + what + data[start:]


def _repeat(rng: random.Random, data: bytes) -> bytes:
    start = rng.randrange(len(data) + 1)
    part = data[start : start + rng.randrange(1, 300)]
    return data[:start] + part * rng.randrange(2, 20) + data[start:]


def _recode(rng: random.Random, data: bytes) -> bytes:
    text = data.decode("utf-8", "replace")
    return text.encode(rng.choice(("utf-16", "utf-32", "utf-8-sig", "utf-7")))


BYTES: Sequence[Damage] = (_flip, _cut, _remove, _insert, _repeat, _recode)


def damaged(rng: random.Random, data: bytes) -> bytes:
    """Bytes with one to three kinds of damage."""
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        data = rng.choice(BYTES)(rng, data)
    return data


def toml(rng: random.Random, text: str) -> bytes:
    """An experiment file with a few of its lines changed, doubled, dropped or moved, or damaged as bytes."""
    if rng.random() < 0.25:
        return damaged(rng, text.encode())
    lines = text.splitlines() or [""]
    for _ in range(rng.choice((1, 1, 2, 4))):
        place = rng.randrange(len(lines))
        key, _, old = lines[place].partition(" = ")
        lines[place : place + 1] = rng.choice(
            (
                [f"{key} = {number(rng)}"],
                [f"{key} = {word(rng)}"],
                [f'{key} = "{word(rng)}"'],
                [f"{word(rng)} = {old}"],
                [f'"{word(rng)}" = {old}'],
                [lines[place], lines[place]],
                [f"[{word(rng)}]"],
                [],
            )
        )
        lines = lines or [""]
    return "\n".join(lines).encode("utf-8", "replace")


def table(rng: random.Random, text: str) -> bytes:
    """A CSV file with cells, rows and columns changed, doubled, dropped or moved, or damaged as bytes."""
    if rng.random() < 0.3:
        return damaged(rng, text.encode())
    rows = [line.split(",") for line in text.splitlines()] or [[""]]
    for _ in range(rng.choice((1, 1, 2, 5))):
        place = rng.randrange(len(rows))
        column = rng.randrange(len(rows[place]))
        kind = rng.randrange(7)
        if kind <= 2:
            rows[place][column] = (word, number, number)[kind](rng)
        elif kind == 3:
            rows.insert(rng.randrange(len(rows) + 1), list(rows[place]))
        elif kind == 4:
            rows[place:] = rows[place + rng.randrange(1, 9) :]
        elif kind == 5:
            other = rng.randrange(len(rows))
            rows[place], rows[other] = rows[other], rows[place]
        else:
            rows[place] = rows[place][:column] + [word(rng)] * rng.randrange(3) + rows[place][column:]
        rows = rows or [[""]]
    return "\n".join(",".join(row) for row in rows).encode("utf-8", "replace") + rng.choice((b"\n", b""))


def safetensors(rng: random.Random, data: bytes) -> bytes:
    """A safetensors file with its header or its numbers changed in a way that its own reader may accept."""
    if rng.random() < 0.3:
        return damaged(rng, data)
    try:
        length = struct.unpack("<Q", data[:8])[0]
        header, body = json.loads(data[8 : 8 + length]), bytearray(data[8 + length :])
    except (ValueError, struct.error):  # damaged before
        return damaged(rng, data)
    names = [name for name in header if name != "__metadata__"]
    for _ in range(rng.choice((1, 1, 2, 4))):
        name = rng.choice(names)
        _change_tensor(rng, header, body, name)
        names = [name for name in header if name != "__metadata__"] or ["step"]
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + bytes(body)


def _change_tensor(rng: random.Random, header: dict[str, Any], body: bytearray, name: str) -> None:
    entry = header.get(name)
    if entry is None:
        return
    start, stop = entry["data_offsets"]
    kind = rng.randrange(6)
    if kind == 0:
        del header[name]
    elif kind == 1:
        header[rng.choice((word(rng), f"{name}.x", "step", "d.count"))] = header.pop(name)
    elif kind == 2:
        other = {"F32": "I32", "F64": "I64", "I64": "F64", "I32": "F32"}
        entry["dtype"] = other.get(entry["dtype"], "U8")
    elif kind == 3:
        shapes: tuple[list[int], ...] = ([], [0], [-1], [2**62], [1, *entry["shape"]], [(stop - start) // 8])
        entry["shape"] = rng.choice(shapes)
    elif kind == 4:
        packed = rng.choice(EXTREMES)
        body[start:stop] = (packed * ((stop - start) // len(packed) + 1))[: stop - start]
    else:
        body[start:stop] = rng.randbytes(stop - start)
