"""The verdict on a game of two numbers: what each line does, from its measured radius and the exact
eigenvalues of one step. No torch, no Qt: pure functions of a run."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ganviz.experiment import Experiment
from ganviz.experiment.portrait import line_title, method_and_order
from ganviz.record.history import History, Table
from ganviz.record.run import Run
from ganviz.theory.dirac import SETTINGS as PARAMETER_SETTINGS
from ganviz.theory.dirac import eigenvalues, parameters_of
from ganviz.theory.dirac_methods import METHODS
from ganviz.training.number_words import power

FloatArray = npt.NDArray[np.float64]
LEAST_ROWS, MOST_ROWS = 500, 20_000
"""The newest points that a verdict looks at: TURNS turns of the GAN at the rest point, between these."""
TURNS = 24
STEADY = 0.03
"""A radius is steady when its largest value of a turn changes by less than this from turn to turn."""
WOULD_SHOW = 0.1
"""Growth that the eigenvalues foretell for the same steps, from which a steady radius is a limit cycle."""
EXACT = 1e-9
"""How near |lambda| is to 1 where it is 1."""
AT_REST = 1e-9
"""Below this radius a line has come to rest."""
STILL, SLOW = 0.01, 1e-3
"""A line hardly moves that has come less far than `STILL` of its radius, at a field below `SLOW` of it."""

STATES = {
    "start": "at its start",
    "rest": "has come to rest",
    "outward": "spirals outward",
    "inward": "spirals inward",
    "away": "moves outward",
    "towards": "moves inward",
    "circles": "circles",
    "turns": "turns",
    "still": "hardly moves",
    "cycle": "settles on a limit cycle",
    "left": "has left the numbers",
}
"""What a line can be said to do, in words."""


@dataclass(frozen=True)
class LineVerdict:
    """What one line does. ``since``: the step of the last change that acts on it, from which it is judged,
    with the radius there and now. ``moduli``: |lambda| of both eigenvalues of one step at (0, 0) under the
    present settings, NaN where there is no derivative. ``left``: the last step of a line that has left the
    numbers.
    """

    line: str
    state: str
    since: int
    radius_before: float
    radius: float
    moduli: tuple[float, float]
    left: int | None = None

    @property
    def sentence(self) -> str:
        """Without the line's name: "spirals outward, radius 1.41 → 3.10"."""
        if self.left is not None:
            return f"{STATES['left']} after step {self.left:,}"
        return f"{STATES[self.state]}, radius {_size(self.radius_before)} → {_size(self.radius)}"

    @property
    def short(self) -> str:
        """What it does in a word or two: "outward"."""
        return _SHORT[self.state if self.left is None else "left"]

    @property
    def modulus_words(self) -> str:
        """ "|λ| = 1.005 a step", or why there is none."""
        if np.isnan(self.moduli[0]):
            return "no |λ|: no derivative at 0"
        return f"|λ| = {max(self.moduli):.6g} a step"


def judge_line(line: str, experiment: Experiment, history: History) -> LineVerdict:
    """The verdict on one line of a run; KeyError where the run has no such line."""
    path = history.paths[line]
    acting = _acting_on(line)
    since = max((event.step for event in tuple(history.events) if event.key in acting), default=0)
    moduli = _moduli(line, experiment)
    first = min(since, path.rows - 1)  # a path begins with step 0: its rows are its steps
    rows = TURNS * 4.0 * np.pi / experiment.step_size
    points = _newest(path, first, int(np.clip(rows, LEAST_ROWS, MOST_ROWS)))
    if _turns_to_go(points)[0] < 2.0:  # far out the GAN turns slowly
        points = _newest(path, first, MOST_ROWS)
    radius = np.hypot(*points)
    left = int(path.last("step")) if path.last("step") < history.last_step else None
    state = _state(points, radius, moduli, experiment.step_size)
    return LineVerdict(line, state, first, path.value("radius", first), float(radius[-1]), moduli, left)


def judge_ahead(line: str, experiment: Experiment, path: FloatArray, since: int = 0) -> LineVerdict:
    """The verdict on points (n, 2) that have not been played: what a line would do from step ``since`` on
    under an experiment's settings."""
    points, moduli = path.T, _moduli(line, experiment)
    radius = np.hypot(*points)
    state = _state(points, radius, moduli, experiment.step_size)
    return LineVerdict(line, state, since, float(radius[0]), float(radius[-1]), moduli)


def judge_lines(run: Run) -> list[LineVerdict]:
    """The verdict on every line, in the order of the experiment."""
    paths = run.history.paths
    return [judge_line(line, run.experiment, run.history) for line in run.experiment.methods if line in paths]


def judge_run(run: Run) -> tuple[str, str, str]:
    """State, headline and text about the whole run: the first line in full, the others counted by what they
    do."""
    first, *others = judge_lines(run)
    state = first.state if first.left is None else "left"
    text = f"radius {_size(first.radius_before)} → {_size(first.radius)}, {first.modulus_words}"
    if state == "still":
        text = f"at radius {_size(first.radius)} its field is as good as 0"
    if first.left is not None:
        text = f"its last step was {first.left:,}"
    counts = Counter(other.short for other in others)
    rest = ", ".join(f"{count} {words}" for words, count in counts.items())
    text = f"{text}. Others: {rest}." if rest else f"{text}."
    return state, f"{line_title(first.line)} {STATES[state]}", text


_SHORT = {
    "start": "at the start", "rest": "at rest", "outward": "outward", "inward": "inward", "away": "outward",
    "towards": "inward", "circles": "circling", "turns": "turning", "still": "hardly moving",
    "cycle": "on a cycle", "left": "left",
}  # fmt: skip


def _acting_on(line: str) -> set[str]:
    """The settings, and single players' updates, that change the way of a line."""
    method, order = method_and_order(line)
    keys = {"step_size", "spread", "step_d", "step_g"}
    if order == "alternating":
        keys |= {"g_updates", "d_updates"}
    if method == "consensus":
        return keys | {"consensus_weight"}
    return keys | {PARAMETER_SETTINGS[name] for name in METHODS[method].parameters}


def _moduli(line: str, experiment: Experiment) -> tuple[float, float]:
    method, order = method_and_order(line)
    values = experiment.model_dump()
    found = eigenvalues(
        method,
        step_size=experiment.step_size,
        order=order,
        g_updates=experiment.g_updates,
        d_updates=experiment.d_updates,
        game=experiment.game,
        **parameters_of(method, values, game=experiment.game),
    )
    first, second = np.abs(found)
    return float(first), float(second)


def _newest(path: Table, first: int, rows: int) -> FloatArray:
    """The newest ``rows`` points (2, n) from row ``first`` on, at least the last."""
    begin = max(first, path.rows - rows)
    columns = [path.column(name, begin) for name in ("theta", "psi")]
    count = min(map(len, columns))  # the trainer may have written on between the two
    return np.array([column[:count] for column in columns])


def _state(points: FloatArray, radius: FloatArray, moduli: tuple[float, float], step_size: float) -> str:
    if len(radius) < 2:
        return "start"
    if radius[-1] < AT_REST:
        return "rest"
    peaks, span = _peaks(points, radius)
    if len(peaks) < 2:
        return _state_of_an_arc(points, radius, max(moduli), step_size)
    half = len(peaks) // 2
    change = float(np.mean(peaks[-half:]) / np.mean(peaks[:half]) - 1.0)
    largest = max(moduli)
    if abs(change) < STEADY:
        if abs(largest - 1.0) < EXACT:
            return "circles"
        if not abs(span * math.log(largest)) < WOULD_SHOW:  # NaN foretells nothing, and so does not show it
            return "cycle"
    return "outward" if change > 0.0 else "inward"


def _state_of_an_arc(points: FloatArray, radius: FloatArray, largest: float, step_size: float) -> str:
    """Of less than two turns: whether a line turns more than it comes nearer or goes away (its angle changes
    by more than its log radius), and which way its radius goes, after a whole turn if there is one."""
    to_go = _turns_to_go(points)
    swept = 2.0 * np.pi * to_go[0]
    grown = float(np.log(radius[-1]) - np.log(max(radius[0], AT_REST)))
    reach = float(np.hypot(*(points - points[:, -1:])).max() / radius[-1])
    if reach < min(STILL, SLOW * step_size * len(radius)):
        return "still"
    if swept + abs(grown) < STILL < reach:  # to and fro
        return "cycle"
    if swept < abs(grown):
        return "away" if grown > 0.0 else "towards"
    if abs(largest - 1.0) >= EXACT:  # or there is no derivative
        return "outward" if grown > 0.0 else "inward"
    if to_go[0] < 1.0:  # a part of an orbit may go out or in
        return "turns"
    change = float(radius[-1] / radius[np.flatnonzero(to_go >= 1.0)[-1]]) - 1.0
    return "circles" if abs(change) < STEADY else "outward" if change > 0.0 else "inward"


def _turns_to_go(points: FloatArray) -> FloatArray:
    """The turns about (0, 0) between each point and the last."""
    angle = np.unwrap(np.arctan2(points[1], points[0]))
    return np.abs(angle - angle[-1]) / (2.0 * np.pi)


def _peaks(points: FloatArray, radius: FloatArray) -> tuple[FloatArray, float]:
    """The largest radius of each whole turn about (0, 0), in the newest half of the turns but at least two of
    them, and the steps between the middles of their older and their newer half."""
    turns = _turns_to_go(points)
    whole = int(turns[0])
    number = np.floor(turns).astype(np.int64)
    begins = np.flatnonzero(np.diff(number, prepend=number[0] + 1))
    largest, of_turn = np.maximum.reduceat(radius, begins), number[begins]
    peaks = largest[of_turn < min(whole, max(2, whole // 2))]
    return peaks, len(radius) / max(whole, 1) * (len(peaks) // 2)


def _size(value: float) -> str:
    """Two decimals or none, or a power of ten outside 0.01 to 10,000."""
    if value == 0.0 or 0.01 <= value < 10_000:
        return f"{value:.2f}" if value < 10 else f"{value:,.0f}"
    return power(value, 1)
