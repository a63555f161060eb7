"""One line for a person: whatever was in a file or on the command line, an error stays one readable line."""

from __future__ import annotations

LONGEST = 1200
"""Letters; what is longer loses its middle, because what would be accepted stands at the end."""


def one_line(text: str) -> str:
    """``text`` with line breaks, control and unprintable characters written as escapes, and no longer than
    LONGEST."""
    if not text.isprintable():
        text = "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in text)
    if len(text) > LONGEST:
        text = f"{text[: LONGEST // 4]} … {text[-(LONGEST * 3 // 4 - 3) :]}"
    return text
