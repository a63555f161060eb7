"""Reading a table's file: blocks of whole lines as columns of text, and the line at fault where one is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from ganviz.line import one_line

BLOCK = 2**20
"""Bytes that are read at a time."""
LONGEST_ROW = 2_000
"""Bytes; a row that ganviz wrote has at most about 400."""

Cells = Mapping[str, Sequence[str]]
"""Text by column, of some rows."""


class RunFolderError(ValueError):
    """A run folder that cannot be made, read or written. One line: what, where, what would be accepted."""

    def __init__(self, message: str) -> None:
        super().__init__(one_line(message))


@dataclass(frozen=True)
class Taken:
    """Of a table that was read: the columns that its file has, in their order, and the bytes up to the end of
    the last row that was taken."""

    columns: tuple[str, ...]
    length: int

    def in_columns(self, path: Path, columns: Sequence[str]) -> Iterator[bytes]:
        """The rows that were taken, under a heading of these columns, in parts: a cell is empty where the
        file has none."""
        yield ",".join(columns).encode() + b"\n"
        places = [self.columns.index(name) if name in self.columns else -1 for name in columns]
        with path.open("rb") as stream:
            left = self.length - len(stream.readline())
            for rows in _blocks(stream):
                part = []
                for row in rows:
                    left -= len(row) + 1
                    if left < 0:
                        break
                    cells = [*row.rstrip(b"\r").split(b","), b""]
                    part.append(b",".join([cells[place] for place in places]) + b"\n")
                yield b"".join(part)
                if left <= 0:
                    return


def read_table(
    path: Path, columns: Sequence[str], take: Callable[[Cells], int], optional: Sequence[str] = ()
) -> Taken:
    """Hand the rows of a table to ``take``, some at a time, and see how far it went. A last line that is not
    whole is left out.

    ``take`` returns how many rows it has taken, from the first on: the reading ends where that is not all.
    Where it raises ValueError, KeyError or OverflowError it must have taken none, and is then handed fewer,
    until the one row at fault is known. Columns that are ``optional`` are empty text where the file, which an
    older ganviz wrote, has none. RunFolderError where the file cannot be read or a line is not a row of it.
    """
    lines = _Lines(path, columns, optional, take)
    try:
        with path.open("rb") as stream:
            lines.read(stream)
    except OSError as error:
        raise RunFolderError(f"{path}: {error.strerror}; accepted: one that ganviz train wrote") from None
    except (KeyError, ValueError, OverflowError) as error:
        line = f"{path}: line {lines.number} is not a row of {path.stem}"
        raise RunFolderError(f"{line} ({error}); accepted: as written") from None
    return Taken(lines.header, lines.length)


class _Lines:
    """Goes through a table. ``number`` is the line at hand, ``length`` the byte where the rows end that were
    taken."""

    def __init__(
        self, path: Path, columns: Sequence[str], optional: Sequence[str], take: Callable[[Cells], int]
    ) -> None:
        self.path, self._take = path, take
        self._columns, self._optional = columns, optional
        self.header: tuple[str, ...] = ()
        self.number, self.length = 1, 0

    def read(self, stream: BinaryIO) -> None:
        self._read_header(stream.readline(LONGEST_ROW))
        self.number = 2
        for rows in _blocks(stream):
            if not self._take_rows(rows):
                return

    def _read_header(self, line: bytes) -> None:
        self.header = tuple(line.decode("ascii").rstrip("\r\n").split(",")) if line.endswith(b"\n") else ()
        missing = [name for name in self._columns if name not in self.header and name not in self._optional]
        if missing:
            raise ValueError(f"no column {missing[0]}")
        self.length = len(line)

    def _take_rows(self, rows: Sequence[bytes]) -> bool:
        """Take these lines; returns whether to go on. Where some row is at fault, the ones before it are
        found by halves."""
        try:
            taken = self._take(self._cells(rows))
        except (KeyError, ValueError, OverflowError):
            if len(rows) == 1:
                raise
            half = len(rows) // 2
            return self._take_rows(rows[:half]) and self._take_rows(rows[half:])
        self.number += taken
        self.length += sum(map(len, rows[:taken])) + taken
        return taken == len(rows)

    def _cells(self, rows: Sequence[bytes]) -> Cells:
        """The rows as columns of text."""
        if max(map(len, rows)) >= LONGEST_ROW:
            raise ValueError("too long")
        width = len(self.header)
        counts = {row.count(b",") + 1 for row in rows}
        if counts != {width}:
            raise ValueError(f"{min(counts - {width})} cells of {width}")
        cells = b",".join(rows).replace(b"\r", b"").decode("ascii").split(",")
        found = {name: cells[index::width] for index, name in enumerate(self.header)}
        absent = [name for name in self._columns if name not in found]
        return found | {name: [""] * len(rows) for name in absent}


def _blocks(stream: BinaryIO) -> Iterator[list[bytes]]:
    """The whole lines of a file, without their ends, many at a time."""
    rest = b""
    while block := stream.read(BLOCK):
        *rows, rest = (rest + block).split(b"\n")
        if rows:
            yield rows
        if len(rest) >= LONGEST_ROW:
            yield [rest]  # no row is as long: it is refused
