"""Reading a run folder back: values with their types, and one line about what is no record."""

from pathlib import Path

import pytest

from ganviz.record.history import Event
from ganviz.record.reading import EVENT_COLUMNS, METRICS_COLUMNS, RunFolderError, read_record

ROW = {name: "1" for name in METRICS_COLUMNS} | {"objective": "minimax"}


def write(path: Path, rows: list[dict[str, str]], events: str = "") -> Path:
    lines = [",".join(METRICS_COLUMNS), *(",".join(row.values()) for row in rows)]
    (path / "metrics.csv").write_text("\n".join(lines) + "\n")
    (path / "events.csv").write_text(",".join(EVENT_COLUMNS) + "\n" + events)
    return path


def test_events_come_back_with_their_types(tmp_path: Path) -> None:
    text = "3,g_learning_rate,0.001,0.1\n3,d_updates,1,5\n7,objective,minimax,hinge\n7,step_d,12,13\n"
    assert read_record(write(tmp_path, [ROW], text))[0].events == [
        Event(3, "g_learning_rate", 0.001, 0.1),
        Event(3, "d_updates", 1, 5),
        Event(7, "objective", "minimax", "hinge"),
        Event(7, "step_d", 12, 13),
    ]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"step": "1"}, "line 3 .*step 1 after step 1"),
        ({"step": "inf"}, "line 3 "),
        ({"step": str(2**70)}, "line 3 "),
        ({"d_updates": str(2**40)}, "line 3 "),
        ({"seconds": "nan"}, "line 3 .*no time"),
        ({"objective": "bce"}, "line 3 "),
        ({"d_loss": "a,b"}, "line 3 "),
        ({"d_loss": "é"}, "line 3 "),
        ({"d_loss": "\0"}, "line 3 "),
        ({"d_loss": "x" * 200_000}, "line 3 .*too long"),
    ],
)
def test_a_row_that_is_none_is_named(tmp_path: Path, changed: dict[str, str], words: str) -> None:
    path = write(tmp_path, [ROW, {**ROW, "step": "2", **changed}, {**ROW, "step": "3"}])
    with pytest.raises(RunFolderError, match=words) as refusal:
        read_record(path)
    assert str(refusal.value).isprintable() and len(str(refusal.value)) < 1300


@pytest.mark.parametrize(
    "event",
    ["1,colour,a,b\n", "1,objective,minimax,bce\n", "1,r1,x,y\n", "x,r1,0,1\n", "2,r1,0,1\n1,r1,1,2\n"],
)
def test_an_event_that_is_none_is_named(tmp_path: Path, event: str) -> None:
    with pytest.raises(RunFolderError, match=r"events\.csv: line [23] is not a row of events"):
        read_record(write(tmp_path, [ROW], event))


def test_a_table_without_its_columns_is_refused(tmp_path: Path) -> None:
    write(tmp_path, [ROW])
    (tmp_path / "metrics.csv").write_text("step,seconds\n1,2\n")
    with pytest.raises(RunFolderError, match=r"line 1 .*no column objective"):
        read_record(tmp_path)
