"""Names that every file system takes."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganviz.record.names import file_stem, replace_file, run_name


@pytest.mark.parametrize(
    ("text", "stem"),
    [
        ("ring8", "ring8"),
        ("my ring", "my-ring"),
        ("../../etc/passwd", "etc-passwd"),
        ("a:b|c?", "a-b-c"),
        ("C:\\x", "C-x"),
        ("trail. ", "trail"),
        ("…", "run"),
        ("", "run"),
        ("Übung", "Übung"),
    ],
)
def test_names_from_free_text(text: str, stem: str) -> None:
    assert file_stem(text) == stem


@given(st.text(max_size=200))
def test_any_text_gives_a_name_of_one_file(text: str) -> None:
    stem = file_stem(text)
    assert 0 < len(stem) <= 60
    assert not set(stem) & set('<>:"/\\|?*') and stem.isprintable()
    assert Path(stem).name == stem and not stem.startswith((".", "-"))


def test_the_name_of_a_run() -> None:
    assert re.fullmatch(r"a-b-7-\d{8}-\d{6}", run_name("a/b", 7))


def test_a_file_is_replaced_or_the_reason_is_raised(tmp_path: Path) -> None:
    part, target = tmp_path / "part", tmp_path / "target"
    part.write_text("new")
    target.write_text("old")
    replace_file(part, target)
    assert target.read_text() == "new" and not part.exists()
    with pytest.raises(FileNotFoundError):
        replace_file(part, target)
