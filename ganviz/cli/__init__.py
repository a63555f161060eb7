"""The ``ganviz`` command."""

from ganviz.cli.command import main, main_window

__all__ = ["main", "main_window"]
