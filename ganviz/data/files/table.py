"""CSV of points: one or two numbers a line, parted by commas, semicolons, tabs or spaces."""

from __future__ import annotations

import math
import re
from array import array
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import numpy as np

from ganviz.data.base import FloatArray
from ganviz.data.files.contents import LARGEST_TABLE, LARGEST_VALUE, MOST_POINTS, Tell, megabytes
from ganviz.data.refusal import DataError

ACCEPTED = "one or two numbers a line, parted by commas, semicolons, tabs or spaces; a first line of names"
LONGEST_LINE = 10_000
SHOWN = 40


def read_table(path: Path, tell: Tell) -> FloatArray:
    """The points (n, 1 or 2) of a table; DataError with line and column where something is no number."""
    size = path.stat().st_size
    if size > LARGEST_TABLE:
        raise DataError(path, megabytes(size), f"a table of up to {megabytes(LARGEST_TABLE)}")
    numbers = array("d")
    read, sign, columns = 0, "", 0
    for number, line in _lines(path):
        read += len(line)
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        sign = sign or _sign(text)
        cells = _cells(text, sign)
        if not columns and not any(map(_is_number, cells)):
            columns = _counted(path, number, cells)  # a line of names
            continue
        columns = columns or _counted(path, number, cells)
        if len(cells) != columns:
            raise DataError(f"{path}, line {number}", f"{_in_columns(cells)}, {columns} before it", ACCEPTED)
        numbers.extend(_numbers(path, number, cells))
        if len(numbers) > columns * MOST_POINTS:
            raise DataError(path, f"more than {MOST_POINTS:,} points", f"up to {MOST_POINTS:,}")
        if number % 10_000 == 0:
            tell(min(read / size, 1.0))
    if not numbers:
        raise DataError(path, "no points in it", ACCEPTED)
    tell(1.0)
    return np.frombuffer(numbers).reshape(-1, columns)


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines and their numbers from 1; a line is never longer than LONGEST_LINE."""
    with path.open("rb") as file:
        is_wide = file.read(2) in (b"\xff\xfe", b"\xfe\xff")
    encoding = "utf-16" if is_wide else "utf-8-sig"
    # Names may be in any encoding: numbers are the same in all, and what is none is refused as such.
    with path.open("r", encoding=encoding, errors="replace", newline=None) as file:
        for number in count(1):
            line = file.readline(LONGEST_LINE + 1)
            if not line:
                return
            if len(line) > LONGEST_LINE:
                raise DataError(f"{path}, line {number}", f"longer than {LONGEST_LINE:,} letters", ACCEPTED)
            yield number, line


def _sign(text: str) -> str:
    """What parts the cells of a line; a space where none of the signs is there."""
    return next((sign for sign in (";", "\t", ",") if sign in text), " ")


def _cells(text: str, sign: str) -> list[str]:
    """The cells of a line; between them a comma may stand for the point, unless it parts them."""
    cells = [cell.strip().strip('"') for cell in text.split(None if sign == " " else sign)]
    return cells if sign == "," else [re.sub(r"^(-?\d*),(\d+)$", r"\1.\2", cell) for cell in cells]


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _in_columns(cells: list[str]) -> str:
    return "1 column" if len(cells) == 1 else f"{len(cells)} columns"


def _counted(path: Path, number: int, cells: list[str]) -> int:
    if len(cells) > 2:
        raise DataError(f"{path}, line {number}", _in_columns(cells), ACCEPTED)
    return len(cells)


def _numbers(path: Path, number: int, cells: list[str]) -> tuple[float, ...]:
    values = []
    for column, cell in enumerate(cells, 1):
        where = f"{path}, line {number}, column {column}"
        try:
            value = float(cell)
        except ValueError:
            raise DataError(where, f"{cell[:SHOWN]!r} is no number", ACCEPTED) from None
        if not math.isfinite(value) or abs(value) > LARGEST_VALUE:
            raise DataError(where, cell[:SHOWN], f"a finite number up to {LARGEST_VALUE:g}")
        values.append(value)
    return tuple(values)
