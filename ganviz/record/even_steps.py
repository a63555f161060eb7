"""Which steps of a run stay recorded where there is room for so many states only.

When they are full every second one goes and from then on every second one is taken, so that they lie evenly
over the run, from its first state to its newest.
"""

from __future__ import annotations


class EvenSteps:
    """The steps of recorded states, rising; at most ``most``, which is 3 or more. ``spacing``: how far apart
    those to come have to be."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.steps: list[int] = []
        self.spacing = 0

    def enter(self, step: int) -> list[int]:
        """Record ``step``; what was recorded of it or of a later one is forgotten. Returns the rows, among
        those recorded before, of the states that stay: the new one comes after them.

        The newest state is always there; it stays when the next one comes if it is far enough from the one
        before it.
        """
        rows, steps = self.until(step - 1), self.steps
        if not steps:
            self.spacing = 0
        if len(steps) > 1 and steps[-1] - steps[-2] < self.spacing:
            rows, steps = rows[:-1], steps[:-1]
        if len(steps) == self.most:
            rows, steps = rows[::2], steps[::2]
            self.spacing = steps[1] - steps[0]
        self.steps = [*steps, step]
        return rows

    def until(self, step: int) -> list[int]:
        """Forget what was recorded after ``step``: the run has gone back. Returns the rows that stay."""
        self.steps = [at for at in self.steps if at <= step]
        return list(range(len(self.steps)))

    def nearest(self, step: int) -> int:
        """The recorded step nearest to this one."""
        return min(self.steps, key=lambda at: abs(at - step))
