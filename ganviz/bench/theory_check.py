"""One row of the theory bench: what was computed, what the theory expects, and whether they agree."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class Check:
    """A row. ``formula``: a number that a closed form fixes, so that an error of 1 % in the formula fails it;
    the others are bounds, on what training or a trajectory does. ``expected`` and ``got`` are words.
    """

    case: str
    what: str
    expected: str
    got: str
    source: str
    passed: bool
    formula: bool

    @property
    def name(self) -> str:
        """Case and computation: unique within the bench."""
        return f"{self.case} {self.what}"


def equal(
    case: str, what: str, source: str, *, expected: npt.ArrayLike, got: npt.ArrayLike, within: float
) -> Check:
    """A row that passes where every entry of ``got`` is within an absolute distance of its twin."""
    right, found = np.atleast_1d(expected), np.atleast_1d(got)
    passed = right.shape == found.shape and bool(np.all(np.abs(found - right) <= within))
    tolerance = f" ± {within:g}" if within else ""
    return Check(case, what, words(right) + tolerance, words(found), source, passed, formula=True)


def equal_relative(
    case: str, what: str, source: str, *, expected: npt.ArrayLike, got: npt.ArrayLike, within: float
) -> Check:
    """The same with a relative distance."""
    right, found = np.atleast_1d(expected), np.atleast_1d(got)
    close = np.abs(found - right) <= within * np.abs(right)
    tolerance = f" ± {100.0 * within:g} %"
    return Check(case, what, words(right) + tolerance, words(found), source, bool(close.all()), formula=True)


def between(
    case: str,
    what: str,
    source: str,
    *,
    got: npt.ArrayLike,
    low: float = -np.inf,
    high: float = np.inf,
) -> Check:
    """A row that passes where all of ``got`` lies in low..high; the table shows its range."""
    found = np.atleast_1d(got)
    passed = bool(np.all((found >= low) & (found <= high)))  # NaN is in no range
    if np.isinf(high):
        expected = f"at least {low:g}"
    else:
        expected = f"at most {high:g}" if np.isinf(low) else _range(low, high)
    return Check(case, what, expected, _range(found.min(), found.max()), source, passed, formula=False)


def _range(low: float, high: float) -> str:
    least, most = words(low), words(high)
    return least if least == most else f"{least} to {most}"


def words(values: npt.ArrayLike) -> str:
    """Numbers as text, six digits each; complex ones with i."""
    return ", ".join(_number(value) for value in np.atleast_1d(values).ravel())


def _number(value: complex) -> str:
    real, imaginary = float(value.real), float(value.imag)
    if abs(value) < 1e-3:
        return f"{real + 0.0:.4g}"  # + 0.0: no minus before 0
    if not imaginary:
        return f"{real:.6g}"
    return (f"{real:.6g}" if real else "") + f"{imaginary:+.6g}i"
