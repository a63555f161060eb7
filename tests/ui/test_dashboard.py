"""The dashboard: a PNG of the real panels, also where there is no screen and no application yet."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from ganviz.experiment import Experiment
from ganviz.training.trainer import Trainer
from ganviz.ui import dashboard
from ganviz.ui.theme import DARK

SMALL = {"g_width": 16, "d_width": 16, "g_layers": 1, "d_layers": 1, "batch_size": 32}


def test_the_picture(qtbot: QtBot, tmp_path: Path) -> None:
    trainer = Trainer(Experiment(**SMALL))  # type: ignore[arg-type]
    trainer.step(40)
    dashboard.draw([trainer.run()], tmp_path / "dashboard.png", DARK, (1200, 700))
    image = QImage(str(tmp_path / "dashboard.png")).convertToFormat(QImage.Format.Format_RGB888)
    assert (image.width(), image.height()) == (1200, 700)
    rows = (
        np.frombuffer(image.constBits(), np.uint8)
        .reshape(700, -1)[:, :3600]
        .reshape(700, 1200, 3)
        .astype(int)
    )
    for name in ("panel", "real", "fake", "d", "g", "minimax", "non_saturating"):
        wanted = QColor(getattr(DARK, name))
        away = np.abs(rows - [wanted.red(), wanted.green(), wanted.blue()]).max(axis=2)
        assert (away < 10).sum() > 30, name
    assert [path.name for path in tmp_path.iterdir()] == ["dashboard.png"]


def test_without_a_run() -> None:
    with pytest.raises(ValueError, match="no run to draw"):
        dashboard.draw([], Path("nowhere.png"))


def test_without_a_screen_or_an_application(tmp_path: Path) -> None:
    code = f"""
from pathlib import Path
from ganviz.experiment import Experiment
from ganviz.training.trainer import Trainer
trainer = Trainer(Experiment(**{SMALL!r}))
trainer.step(5)
from ganviz.ui.dashboard import draw
draw([trainer.run()], Path({str(tmp_path / "d.png")!r}))
draw([trainer.run()], Path({str(tmp_path / "e.png")!r}))
"""
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    if sys.platform != "linux":
        environment["QT_QPA_PLATFORM"] = "offscreen"
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert QImage(str(tmp_path / "e.png")).width() == 1600
