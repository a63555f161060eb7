"""ganviz data, and runs on data of one's own: found again wherever the command is typed."""

import tomllib
from pathlib import Path

import numpy as np
import pytest

from ganviz.cli import main

TINY = ["--set", "g_width=8", "--set", "d_width=8", "--set", "batch_size=16", "--quiet"]


@pytest.fixture
def points(tmp_path: Path) -> Path:
    path = tmp_path / "mine" / "points.csv"
    path.parent.mkdir()
    np.savetxt(path, np.random.default_rng(0).normal(size=(300, 2)), delimiter=",", header="x,y", comments="")
    return path


def test_a_path_is_described(points: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["data", str(points)]) == 0
    lines = capsys.readouterr().out.splitlines()
    values = np.loadtxt(points, delimiter=",", skiprows=1)
    assert lines[:4] == [
        "kind     points (CSV)",
        "count    300",
        "shape    2 columns",
        f"range    {values.min():g} to {values.max():g}",
    ]
    assert lines[-1].startswith("use      ganviz train --set data=file --set ")


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["data"], "accepted: "),
        (["data", "gone.csv"], "gone.csv: there is no such file or folder; accepted: a folder of images"),
        (["data", "x", "--size", "17"], "accepted: --size 8, 16, 28, 64"),
        (["train", "--set", "data=file", "--quiet"], "data_path: no file or folder is named; accepted: "),
        (["--set", "data=file", "--set", "data_path=gone"], "gone: there is no such file or folder"),
    ],
)
def test_what_cannot_be_used_is_said_in_one_line(
    words: list[str],
    line: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    try:
        code = main(words)
    except SystemExit as end:
        code = end.code
    said = capsys.readouterr().err
    assert code == 2
    assert line in said and len(said.splitlines()) == 1


def test_a_run_finds_its_data_again_from_anywhere(
    points: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(points.parent)
    given = ["--set", "data=file", "--set", "data_path=points.csv", *TINY]
    assert main(["train", *given, "--steps", "4", "--out", str(tmp_path / "run")]) == 0
    kept = tomllib.loads((tmp_path / "run" / "experiment.toml").read_text(encoding="utf-8"))
    assert kept["data_path"] == str(points)
    monkeypatch.chdir(tmp_path)
    assert main(["train", "--resume", str(tmp_path / "run"), "--steps", "8", "--quiet"]) == 0
    points.unlink()
    capsys.readouterr()
    assert main(["train", "--resume", str(tmp_path / "run"), "--steps", "9", "--quiet"]) == 2
    assert f"{points}: there is no such file or folder; accepted: " in capsys.readouterr().err


def test_the_bar_is_for_a_terminal_only(
    points: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("ganviz.cli.reading.PATIENCE", 0.0)
    assert main(["data", str(points)]) == 0
    assert capsys.readouterr().err == ""
