"""The mailbox: the latest run, nothing else. Frames that nobody fetched are replaced, never queued."""

from __future__ import annotations

from ganviz.record.run import Run


class Mailbox:
    """One writer, any number of readers, no lock: replacing one tuple is a single step for Python."""

    def __init__(self) -> None:
        self._content: tuple[int, Run | None] = (0, None)

    def put(self, run: Run) -> None:
        """Replace the content."""
        self._content = (self._content[0] + 1, run)

    def latest(self) -> tuple[int, Run | None]:
        """(number of this content, the run); the number is unchanged when there is nothing new."""
        return self._content
