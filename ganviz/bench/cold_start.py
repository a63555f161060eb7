"""``python -m ganviz.bench.cold_start WHAT START``: open the window in a fresh process and print seconds:
from START (Unix time) to its first ``paint``, or from a click on Train at that moment to the first ``step``.
"""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING

from ganviz.loading import all_kept, without_plugins
from ganviz.ui.normalised import normalised

if TYPE_CHECKING:
    from ganviz.bench.table import Row

QUESTIONS = {
    "paint": ("start of Python to first paint", 0.5, 0.3),
    "step": ("click on Train to the first step, cold", 2.5, 1.5),
}
"""What is asked, goal and aim in seconds."""


def cold_starts(what: str, rounds: int) -> Row:
    """The median over fresh processes; the first one only fills the disk cache, with the bytecode too that an
    installed program has.
    """
    import statistics  # here, because what only measures must not count in what is measured
    import subprocess

    from ganviz.bench.table import Row

    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    seconds = []
    for _ in range(rounds + 1):
        command = [sys.executable, "-m", "ganviz.bench.cold_start", what, repr(time.time())]
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=120, check=True
        )
        seconds.append(float(done.stdout.split()[-1]))
    warm = seconds[1:]
    question, goal, aim = QUESTIONS[what]
    spread = f"{min(warm):.2f} to {max(warm):.2f} in {len(warm)} starts"
    return Row(question, statistics.median(warm), "s", "at most", goal, aim, spread)


@normalised
def main(what: str, started: float) -> None:
    """Open the window as the command does, note, close it."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    without_plugins()
    with all_kept():
        from ganviz.experiment import Experiment
        from ganviz.ui.window import MainWindow

        app = QApplication(sys.argv[:1])
        app.setStyle("Fusion")
        experiment = Experiment.preset("saturation").replace(head_start=0)
        window = MainWindow(experiment, safe_mode=True, ask_on_close=False)
    clicked = 0.0

    def close() -> None:
        window.pilot.close()
        app.quit()

    def painted() -> None:
        nonlocal clicked
        clicked = time.time()
        if what == "paint":
            print(clicked - started)
            close()
        else:
            window.actions_by_name["action.train"].trigger()

    def shown() -> None:
        if window.pilot.run is not None and window.pilot.run.frame.step:
            print(time.time() - clicked)
            close()

    window.first_painted.connect(painted)
    window.pilot.arrived.connect(shown)
    watchdog = QTimer(singleShot=True)
    watchdog.timeout.connect(close)
    watchdog.start(60_000)
    window.show()
    app.exec()


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
