"""Tables read in blocks: where the rows end that were taken, and which line is at fault, in files of many
blocks."""

from pathlib import Path

import pytest

from ganviz.record import lines
from ganviz.record.lines import Cells, RunFolderError, read_table

ROWS = [f"{number},{number * number}" for number in range(1, 5_001)]


class Numbers:
    """Takes numbers up to a largest one."""

    def __init__(self, until: int = 10**9) -> None:
        self.until, self.taken = until, list[int]()

    def __call__(self, cells: Cells) -> int:
        found = [int(text) for text in cells["a"]]
        kept = [number for number in found if number <= self.until]
        self.taken += kept
        return len(kept)


def table(path: Path, rows: list[str], end: str = "\n") -> Path:
    (path / "t.csv").write_bytes(("a,b" + end + "".join(row + end for row in rows)).encode())
    return path / "t.csv"


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "BLOCK", 4_096)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("last", [1, 2_499, 5_000])
def test_every_row_up_to_a_number_is_taken_and_its_end_is_known(tmp_path: Path, end: str, last: int) -> None:
    path, numbers = table(tmp_path, ROWS, end), Numbers(last)
    taken = read_table(path, ("a", "b"), numbers)
    assert numbers.taken == list(range(1, last + 1))
    assert path.read_bytes()[: taken.length].decode() == "a,b" + end + "".join(
        row + end for row in ROWS[:last]
    )


@pytest.mark.parametrize("at", [0, 1, 2_345, 4_999])
@pytest.mark.parametrize("wrong", ["x,1", "1", "1,2,3", "é,1", "1," + "2" * 3_000, ""])
def test_the_line_at_fault_is_named_and_those_before_it_are_taken(
    tmp_path: Path, at: int, wrong: str
) -> None:
    numbers = Numbers()
    with pytest.raises(RunFolderError, match=rf"t\.csv: line {at + 2} is not a row of t "):
        read_table(table(tmp_path, [*ROWS[:at], wrong, *ROWS[at:]]), ("a", "b"), numbers)
    assert numbers.taken == list(range(1, at + 1))


def test_half_a_last_line_is_left_out(tmp_path: Path) -> None:
    path, numbers = table(tmp_path, ROWS), Numbers()
    with path.open("a") as stream:
        stream.write("5001,250")
    taken = read_table(path, ("a", "b"), numbers)
    assert numbers.taken[-1] == 5_000 and taken.length == path.stat().st_size - len("5001,250")


def test_what_was_taken_is_written_under_other_columns(tmp_path: Path) -> None:
    path = table(tmp_path, ROWS)
    taken = read_table(path, ("a", "c"), Numbers(4_000), optional=("c",))
    (tmp_path / "new.csv").write_bytes(b"".join(taken.in_columns(path, ("b", "c", "a"))))
    found = (tmp_path / "new.csv").read_text().splitlines()
    assert found == ["b,c,a", *(f"{number * number},,{number}" for number in range(1, 4_001))]


def test_a_file_without_a_heading_is_refused(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("")
    with pytest.raises(RunFolderError, match=r"line 1 is not a row of t \(no column a\)"):
        read_table(tmp_path / "t.csv", ("a",), Numbers())
