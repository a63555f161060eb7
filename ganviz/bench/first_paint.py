"""``python -m ganviz.bench.first_paint START``: open the window, print the seconds since START (Unix time) at
its first paint."""

from __future__ import annotations

import sys
import time

from PySide6.QtWidgets import QApplication

from ganviz.experiment import Experiment
from ganviz.ui.window import MainWindow


def main(started: float) -> None:
    """Open the window as the command does, note when it is painted, close it before torch is loaded."""
    app = QApplication(sys.argv[:1])
    app.setStyle("Fusion")
    window = MainWindow(Experiment.preset("saturation"), safe_mode=True, ask_on_close=False)

    def note() -> None:
        print(time.time() - started)
        window.pilot.close()
        app.quit()

    window.first_painted.connect(note)
    window.show()
    app.exec()


if __name__ == "__main__":
    main(float(sys.argv[1]))
