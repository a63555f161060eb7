"""What the window has stored, damaged: layouts, sizes, look, recent files. It opens all the same."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSettings

from ganviz.bench.abuse import mutate
from ganviz.bench.abuse.watch import Watch, application, dispose, live, wait
from ganviz.experiment import Experiment
from ganviz.ui.layouts import LAYOUTS
from ganviz.ui.window import MainWindow

KEYS = ("layout", "layout", "layout", "layout", "scale", "theme", "geometry", "recent", "folder", "version")
"""What is damaged of the stored settings, the layout most often."""
ODD: tuple[Any, ...] = (
    None, True, 0, -1, 7, 2**31, 2**63, -(10**30), 1e308, 0.5, float("nan"), float("inf"), "", "x", "losses",
    "overview", "theory", "samples|outputs", "|", "gone", "x" * 5000, [], {}, [[]], [0], ["samples"] * 40,
    {"": {}}, {"samples": 7},
)  # fmt: skip
"""Values that may stand where another kind belongs."""


class Store:
    """Damages the stored settings, opens the real window with them, uses it and closes it."""

    def __init__(self) -> None:
        application()
        self._good = self._stored_by_a_window()

    def _stored_by_a_window(self) -> dict[str, str]:
        """What a window stores of which layouts, panels and sizes were changed."""
        window = _open()
        live(0.05)
        window.look.choose_theme(True)
        window.look.text_larger()
        window.files.recent_changed.emit(window.memory.remember_file("experiment.toml"))
        window.memory.write("folder", str(Path.cwd()))
        for name in LAYOUTS:
            window.actions_by_name[f"layout.{name}"].trigger()
            window.actions_by_name["show.losses"].trigger()
            window.grid.rows.remember_sizes()
        dispose(window)
        stored = _settings()
        return {key: str(stored.value(key)) for key in stored.allKeys()}

    def try_one(self, rng: random.Random) -> str:
        """Open a window on damaged settings. AssertionError where it does not live as it should."""
        stored = _settings()
        stored.clear()
        for key, value in self._good.items():
            stored.setValue(key, value)
        stored.sync()
        if rng.random() < 0.2:
            file = Path(stored.fileName())
            file.write_bytes(mutate.damaged(rng, file.read_bytes()))
        else:
            for key in rng.choices(KEYS, k=rng.choice((1, 1, 2, 4))):
                stored.setValue(key, _spoiled(rng, self._good[key]))
        del stored
        with Watch() as watch:
            watch.pulse.doing = "stored settings"
            window = _open()
            window.failed.connect(watch.failed)
            shown = wait(lambda: bool(window.grid.on_screen()), 10.0)
            window.actions_by_name[f"layout.{rng.choice(tuple(LAYOUTS))}"].trigger()
            window.actions_by_name["action.reset_layout"].trigger()
            live(0.02)
            alive = bool(window.grid.on_screen()) and 0 < window.look.scale < 10
            dispose(window)
        if watch.lines or not shown or not alive:
            raise AssertionError("; ".join(watch.lines) or "the window shows no panel")
        return "windows opened on damaged stored settings"


def _settings() -> QSettings:
    return QSettings("ganviz", "ganviz")


def _open() -> MainWindow:
    window = MainWindow(Experiment.preset("saturation"), ask_on_close=False)
    window.pilot.close()  # nothing is trained here
    window.show()
    return window


def _spoiled(rng: random.Random, text: str) -> str:
    """A stored value damaged as text, or as what it stands for."""
    if rng.random() < 0.2:
        return mutate.damaged(rng, text.encode()).decode("utf-8", "replace")
    try:
        value = json.loads(text)
    except ValueError:
        return mutate.word(rng)
    for _ in range(rng.choice((1, 1, 2, 5))):
        value = _changed(rng, value)
    return json.dumps(value)


def _changed(rng: random.Random, value: Any) -> Any:
    """The same tree with one of its parts another: nearer to the root the more rarely."""
    if isinstance(value, dict) and value and rng.random() < 0.9:
        key = rng.choice(tuple(value))
        kind = rng.random()
        if kind < 0.1:
            return {other: value[other] for other in value if other != key}
        if kind < 0.2:
            return value | {str(rng.choice(ODD)): value[key]}
        return value | {key: _changed(rng, value[key])}
    if isinstance(value, list) and value and rng.random() < 0.9:
        place = rng.randrange(len(value))
        return [*value[:place], _changed(rng, value[place]), *value[place + rng.randrange(2) :]]
    return rng.choice(ODD)
