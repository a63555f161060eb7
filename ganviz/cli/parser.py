"""The parser of every command: errors in one line that say what would be accepted. Nothing heavy is loaded,
because ``ganviz doctor`` must run where a library is broken."""

from __future__ import annotations

import argparse
import difflib
import re
from typing import NoReturn

from ganviz.line import one_line


class Parser(argparse.ArgumentParser):
    """Errors in one line, as everywhere in the program: what, where, what would be accepted."""

    def error(self, message: str) -> NoReturn:
        """Print the line and leave with 2."""
        message = re.sub(r" \(choose from .*\)$", "", message)
        line = message if "accepted:" in message else f"{message}; accepted: {self._accepted(message)}"
        self.exit(2, f"ganviz: {one_line(line)}\n")

    def _accepted(self, message: str) -> str:
        """What belongs at the place that a message of argparse names."""
        named = re.match(r"argument ([^:]+): ", message)
        for action in self._actions if named else ():
            if named and named[1] in ("/".join(action.option_strings), str(action.metavar or action.dest)):
                return self._words(action)
        wrong = re.match(r"unrecognized arguments: (-\S+)", message)
        options = {name: action for action in self._actions for name in action.option_strings}
        bare = {name.strip("-"): name for name in options}  # dashes would make all alike
        near = difflib.get_close_matches(wrong[1].strip("-"), bare, n=3) if wrong else []
        return ", ".join(self._words(options[bare[name]]) for name in near) or ", ".join(
            dict.fromkeys(self._words(action) for action in self._actions)
        )

    @staticmethod
    def _words(action: argparse.Action) -> str:
        """An argument as the usage line writes it: ``--steps N``, or its choices."""
        value = ", ".join(action.choices) if action.choices else str(action.metavar or action.dest)
        if not action.option_strings:
            return value
        return f"{action.option_strings[-1]} {value}" if action.nargs != 0 else action.option_strings[-1]
