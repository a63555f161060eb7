"""Data that cannot be used."""

from __future__ import annotations

from ganviz.line import one_line


class DataError(ValueError):
    """Data that cannot be used. The message is one line: what, why, what would be accepted."""

    def __init__(self, what: object, why: str, accepted: str) -> None:
        super().__init__(one_line(f"{what}: {why}; accepted: {accepted}"))
