"""Settings in the words of the window: a line that names keys, said with the titles that stand on screen."""

from __future__ import annotations

import re
from collections import Counter

from ganviz.experiment import SETTINGS, Setting

_TITLES = Counter(setting.title for setting in SETTINGS.values())
_KEY = re.compile(r"\b[a-z][a-z0-9_]*\b")


def full_title(setting: Setting) -> str:
    """Title and symbol, and the player where both have a setting of this title: "Learning rate η of G"."""
    is_of_a_player = setting.key.startswith(("g_", "d_")) and _TITLES[setting.title] > 1
    player = f" of {setting.key[0].upper()}" if is_of_a_player else ""
    return f"{setting.title} {setting.symbol}".strip() + player


def in_words(line: str) -> str:
    """A line about settings with their titles for their keys.

    A key without an underscore is an ordinary word too ("seed"): it is a key only before an equals sign.
    """

    def word(found: re.Match[str]) -> str:
        key = found[0]
        is_key = key in SETTINGS and ("_" in key or line[found.end() :].lstrip().startswith("="))
        return full_title(SETTINGS[key]) if is_key else key

    return _KEY.sub(word, line)
