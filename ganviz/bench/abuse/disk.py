"""Disks that take no more, full or locked, for ``ganviz train`` and for the window: one clear line, the run
goes on in memory, and is saved as soon as there is place again.

With the right to mount, on Linux, they are real: a file system of two megabytes in memory. Otherwise files
may not grow beyond a limit.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from ganviz.bench.abuse.report import Report

SETTINGS = ("g_width=16", "d_width=16", "batch_size=32", "head_start=0", "measure_every=50")
SIZE = 2_000_000
COMMAND = (
    "import sys; from ganviz.training import headless; "
    "headless.SAVE_SECONDS = 0.5; from ganviz.cli import main; sys.exit(main(sys.argv[1:]))"
)
LIMITED = (
    "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
    "resource.setrlimit(resource.RLIMIT_FSIZE, (4000, 4000)); "
)
PATIENCE = 120.0


def words(path: Path) -> list[str]:
    """A small run that ends only when it is ended."""
    chosen = [word for setting in SETTINGS for word in ("--set", setting)]
    return ["train", "ring8", "--steps", "1000000", "--out", str(path), "--quiet", *chosen]


def run(path: Path, report: Report) -> None:
    """Try them all in a folder."""
    locked = path / "file"
    locked.write_text("not a folder", encoding="utf-8")
    _refused("a folder that cannot be made", COMMAND, locked / "run", report)
    if os.name == "posix":
        _refused("files that may not grow", LIMITED + COMMAND, path / "limited", report)
    with _small_disk(path / "disk") as disk:
        if disk is None:
            report.facts.append(
                "a disk that fills up or is locked meanwhile: not tried, needs Linux and root"
            )
            return
        for what, shut, opened in (("full disk", _fill, _clear), ("locked disk", _lock, _unlock)):
            _shut_meanwhile(what, disk, shut, opened, report)
            _keep_in_the_window(what, disk, shut, opened, report)


def _refused(what: str, code: str, path: Path, report: Report) -> None:
    """One line and exit code 2 at once."""
    command = [sys.executable, "-c", code, *words(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    lines = done.stderr.splitlines()
    if done.returncode == 2 and len(lines) == 1 and "accepted:" in lines[0]:
        report.count(f"{what}: said in one line")
    else:
        report.fault(f"{what}: exit code {done.returncode}: {done.stderr[-300:]!r}")


# ------------------------------------------------------------ a disk of one's own


@contextmanager
def _small_disk(path: Path) -> Iterator[Path | None]:
    """A file system of its own, of SIZE bytes; None where that is not allowed."""
    path.mkdir()
    options = f"size={SIZE}"
    if not sys.platform.startswith("linux") or not _mount("-t", "tmpfs", "-o", options, "tmpfs", str(path)):
        yield None
        return
    try:
        yield path
    finally:
        subprocess.run(["umount", "-l", str(path)], check=False)


def _mount(*options: str) -> bool:
    with suppress(OSError):
        return subprocess.run(["mount", *options], capture_output=True, check=False).returncode == 0
    return False


def _fill(disk: Path) -> None:
    """Fill it up to the last byte."""
    with suppress(OSError), (disk / "filler").open("ab", buffering=0) as stream:
        while True:
            stream.write(b"x" * 4096)


def _clear(disk: Path) -> None:
    (disk / "filler").unlink()


def _lock(disk: Path) -> None:
    end = time.monotonic() + PATIENCE
    while not _mount("-o", "remount,ro", str(disk)) and time.monotonic() < end:  # busy while it is saved to
        time.sleep(0.01)


def _unlock(disk: Path) -> None:
    _mount("-o", "remount,rw", str(disk))


# ------------------------------------------------------------ what has to go on


def _shut_meanwhile(
    what: str, disk: Path, shut: Callable[[Path], None], opened: Callable[[Path], None], report: Report
) -> None:
    """``ganviz train`` says it once, goes on in memory, saves again, and ends well when interrupted."""
    path = disk / "run"
    with (disk.parent / "said").open("w+", encoding="utf-8") as said:
        process = subprocess.Popen(
            [sys.executable, "-c", COMMAND, *words(path)], stdout=subprocess.DEVNULL, stderr=said
        )
        checkpoint = path / "checkpoint.safetensors"
        if not _until(checkpoint.exists):
            report.fault(f"{what}: no run began")
        shut(disk)
        if not _until(lambda: "goes on in memory" in _text(said)):
            report.fault(f"{what}: not said: {_text(said)[-300:]!r}")
        time.sleep(2.0)
        alive, reopened = process.poll() is None, time.time()
        opened(disk)
        saved = _until(lambda: checkpoint.stat().st_mtime > reopened or process.poll() is not None)
        process.send_signal(signal.SIGINT)
        code = process.wait(PATIENCE)
        lines = _text(said).splitlines()
    if alive and saved and code == 130 and len(lines) == 1 and _loads(path):
        report.count(f"{what}: said once, went on in memory, saved when it could")
    else:
        report.fault(f"{what}: alive {alive}, saved again {saved}, exit code {code}: {lines}")
    subprocess.run(["rm", "-rf", str(path)], check=False)


def _keep_in_the_window(
    what: str, disk: Path, shut: Callable[[Path], None], opened: Callable[[Path], None], report: Report
) -> None:
    """The window says it, trains on, and keeps the run when there is place again."""
    from ganviz.bench.abuse.watch import Watch, application, dispose, wait
    from ganviz.experiment import Experiment
    from ganviz.ui.window import MainWindow

    application()
    small = Experiment.preset("ring8").assign(SETTINGS)
    with Watch() as watch:
        window = MainWindow(small, start=True, safe_mode=True, ask_on_close=False)
        window.failed.connect(watch.failed)
        kept: list[str] = []
        window.pilot.kept.connect(kept.append)
        window.show()

        def step() -> int:
            return window.pilot.run.frame.step if window.pilot.run else 0

        wait(lambda: step() > 100)
        shut(disk)
        window.pilot.keep(disk / "kept")
        said = wait(lambda: "accepted: a folder that can be written" in window.verdict.text, PATIENCE)
        then = step()
        goes_on = wait(lambda: step() > then + 20, PATIENCE)
        opened(disk)
        window.pilot.keep(disk / "kept")
        saved = wait(lambda: bool(kept), PATIENCE) and _loads(disk / "kept")
        dispose(window)
    if said and goes_on and saved and not watch.lines:
        report.count(f"{what}: said by the window, which trained on and kept the run when it could")
    else:
        report.fault(f"{what}, window: said {said}, went on {goes_on}, kept {saved}: {watch.lines}")
    subprocess.run(["rm", "-rf", str(disk / "kept")], check=False)


def _until(condition: Callable[[], bool]) -> bool:
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def _text(stream: IO[str]) -> str:
    stream.seek(0)
    return stream.read()


def _loads(path: Path) -> bool:
    from ganviz.training.checkpoint import resume

    return resume(path)[0].step_count > 0
