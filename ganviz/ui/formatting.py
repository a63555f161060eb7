"""Numbers as the window prints them: "−" for minus, decimals and thousands by locale, tiny values never
shown as 0, powers of ten for what is huge or tiny."""

from __future__ import annotations

import math
from functools import lru_cache

from PySide6.QtCore import QLocale

TINY, HUGE = 1e-3, 1e5
"""Numbers of a size from the first up to the second are written out, all others as powers of ten."""
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def _locale() -> QLocale:
    """The user's locale; the plain C locale writes no thousands, so English stands in for it."""
    locale = QLocale()
    return QLocale(QLocale.Language.English) if locale.language() == QLocale.Language.C else locale


@lru_cache(maxsize=4096)  # asking the locale is slow, and axes ask for the same numbers at every frame
def fixed(value: float, decimals: int = 3) -> str:
    """``value`` with this many decimals; "–" where there is no number, "∞" where it has no bound."""
    if math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    text = _locale().toString(float(value), "f", decimals)
    return text.replace("-", "−") if float(f"{value:.{decimals}f}") != 0.0 else text.lstrip("-−")


def power(value: float, decimals: int = 0) -> str:
    """``value`` in power-of-ten form with at most this many decimals of its factor: 3×10⁷, −2.5×10⁻⁴, 10⁸."""
    if not math.isfinite(value) or value == 0.0:
        return fixed(value, 0)
    factor, exponent = f"{value:.{decimals}e}".split("e")
    shown = factor.rstrip("0").rstrip(".") if "." in factor else factor
    sign = "−" if shown.startswith("-") else ""
    digits = len(shown.partition(".")[2])
    factor = "" if shown.lstrip("-") == "1" else f"{fixed(abs(float(shown)), digits)}×"
    return f"{sign}{factor}{decade(int(exponent))}"


def is_plain(size: float) -> bool:
    """Whether a number of this size is written out: from 0.001 up to 100,000."""
    return size == 0.0 or TINY <= abs(size) < HUGE


def significant(value: float, digits: int = 2) -> str:
    """``value`` with about this many digits that mean something: 0.047, 6.0, 17, 4,482, 2×10⁻⁹."""
    if not math.isfinite(value) or value == 0.0:
        return fixed(value, 0)
    if not is_plain(value):
        return power(value, digits - 1)
    return fixed(value, max(digits - 1 - math.floor(math.log10(abs(value))), 0))


def reading(value: float) -> str:
    """A measured number: three decimals, or the power of ten where it is tiny or huge."""
    return fixed(value, 3) if math.isnan(value) or is_plain(value) else significant(value, 2)


def decade(exponent: int) -> str:
    """10 to the power ``exponent``, as an axis prints it."""
    return "10" + str(exponent).translate(_SUPERSCRIPTS)


def tick(value: float, spacing: float, largest: float) -> str:
    """A tick of an axis whose ticks are ``spacing`` apart and at most ``largest`` away from 0."""
    if abs(value) < spacing * 1e-9:
        return "0"
    if not is_plain(largest):
        return power(
            value, max(0, math.floor(math.log10(abs(value))) - math.floor(math.log10(spacing) + 1e-9))
        )
    decimals = max(0, -math.floor(math.log10(spacing) + 1e-9)) if spacing < 1 else 0
    return fixed(value, decimals)
