"""``ganviz list``: what there is to choose from, as text or JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from ganviz.cli.parser import Parser
from ganviz.experiment import PORTRAIT_GAMES, Experiment, presets
from ganviz.theory.objectives import OBJECTIVES

Row = dict[str, Any]


def _experiments() -> list[Row]:
    return [{"id": key, "title": key, "help": Experiment.preset(key).description} for key in presets()]


def _objectives() -> list[Row]:
    return [
        {"id": row.id, "title": row.name, "help": row.sentence, "output": row.output, "source": row.source}
        for row in OBJECTIVES.values()
    ]


def _methods() -> list[Row]:
    """The methods of the games of two numbers, with the games that have them."""
    from ganviz.theory.dirac_methods import METHODS, methods_of

    having = {key: [game for game in PORTRAIT_GAMES if key in methods_of(game)] for key in METHODS}
    return [
        {
            "id": row.id,
            "title": row.title,
            "help": row.sentence,
            "games": having[row.id],
            "source": row.source,
        }
        for row in METHODS.values()
    ]


def _data() -> list[Row]:
    from ganviz.data import SOURCES

    return [{"id": key, "title": info.title, "help": info.help} for key, info in SOURCES.items()]


def _panels() -> list[Row]:
    from ganviz.ui.panels.catalogue import PANELS

    return [{"id": f"panel.{key}", "title": panel.title, "help": panel.help} for key, panel in PANELS.items()]


def _controls() -> list[Row]:
    from ganviz.ui.controls import CONTROLS

    return [
        {"id": control.name, "title": control.title, "help": control.help, "shortcut": control.shortcut}
        for control in CONTROLS
    ]


LISTS: Mapping[str, Callable[[], list[Row]]] = {
    "experiments": _experiments,
    "objectives": _objectives,
    "methods": _methods,
    "data": _data,
    "panels": _panels,
    "controls": _controls,
}


def list_(words: list[str]) -> int:
    """Run ``ganviz list``; returns the exit code."""
    parser = Parser(prog="ganviz list", description="What there is to choose from.")
    parser.add_argument("what", nargs="?", choices=tuple(LISTS), help="one list (default: all)")
    parser.add_argument("--json", action="store_true", help="as JSON")
    options = parser.parse_args(words)
    tables = {name: LISTS[name]() for name in ([options.what] if options.what else LISTS)}
    if options.json:
        print(json.dumps(tables[options.what] if options.what else tables, indent=2, ensure_ascii=False))
        return 0
    for name, rows in tables.items():
        if not options.what:
            print(f"\n{name}")
        width = max(len(row["id"]) for row in rows)
        for row in rows:
            print(f"{row['id']:<{width}}  {_words(row)}")
    return 0


def _words(row: Row) -> str:
    """Title and help, each once."""
    parts = [row["title"] if row["title"] != row["id"] else "", row["help"]]
    return ". ".join(filter(None, parts))
